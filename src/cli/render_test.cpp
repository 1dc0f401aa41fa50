#include "cli/render.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/json_view.h"

namespace vigie::cli {
namespace {

kpi::Answer over_nobody(const std::string& unit) {
  kpi::Answer out;
  out.kpi = "cac";
  out.variant = "default";
  out.unit = unit;
  out.currency = "EUR";
  out.label = {"CAC", "CAC"};
  out.reasons["no_denominator"] = {"nothing to divide by", "rien à quoi rapporter"};
  out.total.reason = "no_denominator";
  out.total.numerator = 100;
  out.total.numerator_exact = "100";
  out.total.denominator = 0;
  return out;
}

TEST(Render, ACellSendsNothingToTheTerminalButWhatIsRead) {
  EXPECT_EQ(table_text({{"a\x1b[31mb", "1"}, {"c\r\nd\x7f", "20"}, {"e\u009bf\u00a0é", "3"}}, {false, true}),
            "a [31mb   1\nc  d     20\ne f\u00a0é     3\n");
  EXPECT_EQ(table_text({{"\xC2"
                         "A"},
                        {"b\xC2"}},
                       {false}),
            "\xC2"
            "A\nb\xC2\n")
      << "a stray byte takes no letter with it";
}

TEST(Render, ACostWithoutCustomersIsShown) {
  ::setenv("LC_ALL", "C", 1);
  EXPECT_TRUE(answer_table(over_nobody("money")).contains("nothing to divide by (€100 / 0)\n"));
  kpi::Answer nothing_spent = over_nobody("money");
  nothing_spent.total.numerator = 0;
  EXPECT_TRUE(answer_table(nothing_spent).contains("nothing to divide by\n"));
  EXPECT_TRUE(answer_table(over_nobody("rate")).contains("nothing to divide by\n"));
  ::setenv("LC_ALL", "fr_FR.UTF-8", 1);
  EXPECT_TRUE(answer_table(over_nobody("money")).contains("rien à quoi rapporter (100\u00a0€ / 0)\n"));
  ::unsetenv("LC_ALL");
}

TEST(Render, AnAsOfIsReadToTheSecond) {
  kpi::Answer now = over_nobody("money");
  now.as_of = *parse_instant("2026-11-30T19:45:19.85296Z");
  ::setenv("LC_ALL", "C", 1);
  EXPECT_TRUE(board_heading({now}).ends_with(", as of 2026-11-30T19:45:19Z\n")) << board_heading({now});
  Notes notes;
  const BoardView other{.from = {}, .to = {}, .as_of = *parse_instant("2026-11-29T23:00:00Z")};
  EXPECT_TRUE(board_line(now, other, notes).ends_with("as of 2026-11-30T19:45:19Z\n")) << board_line(now, other, notes);
  ::setenv("LC_ALL", "fr_FR.UTF-8", 1);
  EXPECT_TRUE(board_heading({now}).ends_with(", vu au 2026-11-30T19:45:19Z\n")) << board_heading({now});
  ::unsetenv("LC_ALL");
  EXPECT_EQ(to_the_second("2026-11-29T23:00:00Z"), "2026-11-29T23:00:00Z");
}

TEST(Render, WhyThereIsNothingToCompareWithStandsBelow) {
  ::setenv("LC_ALL", "C", 1);
  kpi::Answer answer = over_nobody("money");
  answer.reasons["no_data"] = {"no data for this period", "pas de données sur cette période"};
  answer.reasons["no_target"] = {"no target is set for this period", "aucun objectif n'est fixé pour cette période"};
  answer.total.comparisons["previous_period"].reason = "no_data";
  answer.total.comparisons["previous_year"].reason = "no_data";
  answer.total.comparisons["target"].reason = "no_target";
  const std::string table = answer_table(answer);
  EXPECT_TRUE(table.contains("\n¹ no data for this period\n² no target is set for this period\n")) << table;
  EXPECT_EQ(std::ranges::count(table, '\n'), 5) << "what, the head, the total and two notes: " << table;
  // What has a value here and there, and no difference, is no matter of a reason.
  answer.total.comparisons.clear();
  answer.total.comparisons["target"].value = 5;
  EXPECT_FALSE(answer_table(answer).contains("¹"));
  ::unsetenv("LC_ALL");
}

TEST(Render, WhatTopFoldsIsAGroupOfTheTest) {
  kpi::Answer answer = over_nobody("days");
  answer.log_rank.push_back({{}, {{"PME", 3, 2.5}, {"others", 1, 1.5, true}}, 0.31, 0.58, 1});
  ::setenv("LC_ALL", "C", 1);
  EXPECT_TRUE(answer_table(answer).contains("log-rank, PME, others: χ² = 0.31, df 1, p = 0.580\n"));
  ::setenv("LC_ALL", "fr_FR.UTF-8", 1);
  EXPECT_TRUE(answer_table(answer).contains("log-rank, PME, autres\u00a0: χ² = 0,31, ddl 1, p = 0,580\n"));
  ::unsetenv("LC_ALL");
}

}  // namespace
}  // namespace vigie::cli
