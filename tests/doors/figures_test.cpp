// What a figure looks like in the terminal, by the cases that the page's tests read too: of scores and marks, for which
// the two follow one rule.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cli/render.h"
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

TEST(Figures, OfScoresAndMarksAreThoseOfThePage) {
  const json::value book =
      json::parse(text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "web/src/lib/format/cases.json"));
  const char* own = std::getenv("LC_ALL");
  const std::string before = own ? own : "";
  int checked = 0;
  for (const json::value& one : book.at("cases").as_array()) {
    const std::string unit(one.at("unit").as_string());
    if ((unit != "score" && unit != "mark") || one.as_object().contains("style")) continue;
    ::setenv("LC_ALL", one.at("locale") == json::value("fr-FR") ? "fr_FR.UTF-8" : "en_GB.UTF-8", 1);
    EXPECT_EQ(folded(cli::figure_text(one.at("value").to_number<double>(), unit, "")),
              folded(std::string(one.at("text").as_string())))
        << one;
    ++checked;
  }
  ::setenv("LC_ALL", before.c_str(), 1);
  EXPECT_GE(checked, 8);
}

}  // namespace
}  // namespace vigie::doors
