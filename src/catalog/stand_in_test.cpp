#include <gtest/gtest.h>

#include "catalog/catalog_fixture.h"
#include "model/shipped_model.h"

namespace vigie::catalog {
namespace {

/// What is said of a definition with that `stand_in`, whose headline is null for no_margin.
std::string said_of_stand_in(const std::string& stand_in, const std::string& headline = "m / k") {
  const std::string words = "\n    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    ";
  const std::string variants = headline + "\n    n: k\n    null_reason: {no_margin: k = 0}\n  other:" + words +
                               "value: m\n  each:" + words +
                               "table: {axis: part, rows: {all: {label: {en: X, fr: X}, value: m}}}";
  const TestFolder files;
  const auto x = files.write("kpis/x.yaml", "stand_in: " + stand_in + "\n" +
                                                definition("x",
                                                           "{from: sales, at: sold_at, sum: amount_net}\n"
                                                           "  k: {from: sales, at: sold_at, count: rows}",
                                                           variants));
  files.write("kpis/reasons.yaml",
              "reasons:\n  no_margin: {en: X, fr: X}\n  quota_reached: {en: X, fr: X}\n"
              "  nothing_sold: {en: X, fr: X}\n  no_data: {en: X, fr: X}\n");
  const auto loaded = Catalog::load({x.parent_path()}, model::shipped_model());
  return loaded ? "" : loaded.error().text();
}

TEST(StandIn, IsAnotherFigureForAReasonThatTheHeadlineGives) {
  EXPECT_EQ(said_of_stand_in("{reason: no_margin, variant: other}"), "");
  EXPECT_EQ(said_of_stand_in("{reason: no_data, variant: other}"), "") << "any figure may be without data";
  EXPECT_EQ(said_of_stand_in("{reason: no_margin, variant: othr}"),
            "kpis/x.yaml:1:40: x has no variant \"othr\"; did you mean \"other\"?");
  EXPECT_EQ(said_of_stand_in("{reason: no_margin, variant: default}"),
            "kpis/x.yaml:1:40: \"default\" is what the card of x shows already: it stands in for nothing; name another "
            "variant");
  EXPECT_EQ(
      said_of_stand_in("{reason: no_margin, variant: each}"),
      "kpis/x.yaml:1:40: \"each\" is no single figure, as a card shows one; name a variant that is no curve, grid "
      "or table, and along no axis");
  EXPECT_EQ(said_of_stand_in("{reason: no_margn, variant: other}"),
            "kpis/x.yaml:1:20: unknown reason \"no_margn\"; did you mean \"no_margin\"?");
  EXPECT_EQ(said_of_stand_in("{reason: quota_reached, variant: other}"),
            "kpis/x.yaml:1:20: the card of x is never null for the reason \"quota_reached\"; known: no_data, "
            "no_denominator, no_headcount, no_margin, not_applicable, partial_year");
}

TEST(StandIn, MayBeForWhatAParameterOfTheHeadlineIsNullFor) {
  const std::string for_nothing_sold = "{reason: nothing_sold, variant: other}";
  EXPECT_TRUE(said_of_stand_in(for_nothing_sold).contains("never null for the reason \"nothing_sold\""));
  EXPECT_EQ(said_of_stand_in(for_nothing_sold, "case when k > 0 then m / k else $nothing_sold end"), "");
}

}  // namespace
}  // namespace vigie::catalog
