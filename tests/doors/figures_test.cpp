// What a figure looks like in the terminal, by the cases that the page's tests read too.
#include "cli/figures.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "doors/program.h"

namespace vigie::doors {
namespace {

namespace json = boost::json;

/// Every kind of space as one, as the cases are compared.
std::string folded(std::string text) {
  for (const std::string_view space : {"\u00a0", "\u202f"})
    for (std::size_t at = 0; (at = text.find(space)) != std::string::npos;) text.replace(at, space.size(), " ");
  return text;
}

std::string text_at(const json::object& one, const char* key) {
  return one.contains(key) ? std::string(one.at(key).as_string()) : "";
}

std::optional<double> number_at(const json::object& one, const char* key) {
  if (!one.contains(key) || one.at(key).is_null()) return std::nullopt;
  return one.at(key).to_number<double>();
}

std::string printed(const json::object& one) {
  const cli::Figures figures(text_at(one, "locale") == "fr-FR" ? cli::Language::fr : cli::Language::en);
  const std::string style = text_at(one, "style"), unit = text_at(one, "unit"), currency = text_at(one, "currency");
  const json::value& value = one.at("value");
  if (style == "interval")
    return figures.interval(value.at(0).to_number<double>(), value.at(1).to_number<double>(), unit, currency);
  if (value.is_string()) return figures.full(std::string_view(value.as_string()), unit, currency);
  const double number = value.to_number<double>();
  if (style == "card") return figures.card(number, unit, currency);
  if (style == "share") return figures.share(number);
  if (style == "change")
    return figures.change(number, number_at(one, "relative"), number_at(one, "base"), unit, currency);
  EXPECT_EQ(style, "") << "no such style";
  return figures.full(number, unit, currency);
}

TEST(Figures, AreThoseOfThePage) {
  const json::value book =
      json::parse(text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "web/src/lib/format/cases.json"));
  const json::array& cases = book.at("cases").as_array();
  ASSERT_GE(cases.size(), 100U);
  for (const json::value& one : cases)
    EXPECT_EQ(folded(printed(one.as_object())), std::string(one.at("text").as_string())) << one;
}

TEST(Figures, KeepSpacesThatMustNotBreak) {
  EXPECT_EQ(cli::Figures(cli::Language::fr).full(1184, "money", "EUR"), "1\u202f184\u00a0€");
}

// A step of 1.333 points is often less than the last digit of the rate it leads to.
TEST(Figures, OfAStepAreOneDigitFiner) {
  const cli::Figures english(cli::Language::en), french(cli::Language::fr);
  EXPECT_EQ(english.step(-0.01333, "rate", ""), "−1.33 pts");
  EXPECT_EQ(english.step(0.03, "rate", ""), "+3.0 pts");
  EXPECT_EQ(folded(french.step(0.0107, "rate", "")), "+1,07 pt");
  EXPECT_EQ(folded(french.step(0.03, "rate", "")), "+3,0 pts");
  EXPECT_EQ(english.step(0, "rate", ""), "0.0 pts");
  EXPECT_EQ(english.step(-7.5, "money", "EUR"), "−€7.50");
  EXPECT_EQ(english.step(0.25, "days", ""), "+0.25 days");
  EXPECT_EQ(english.step(0.001, "ratio", ""), "0.00×");
  EXPECT_EQ(english.fine(1.0 / 15, "rate", ""), "6.67%");
  EXPECT_EQ(english.fine(0.333, "rate", ""), "33.3%");
  EXPECT_EQ(english.fine(41.66, "days", ""), "41.7 days");
}

}  // namespace
}  // namespace vigie::doors
