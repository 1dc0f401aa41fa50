#include "cli/insight_tables.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

namespace vigie::cli {
namespace {

/// The CAC of two channels. Before: the web 100 for 10 customers, a fair 50 for nobody, 15 each. After: the web 120 for
/// 12, no fair: 10. The web's own figure and weight stay; the 50 of the fair over all 10 are the −5.
std::string cac_of_a_fair(const std::string& unmatched) {
  return R"({"label":{"en":"CAC","fr":"CAC"},"unit":"money","currency":"EUR","form":"ratio","before":15,"after":10,)"
         R"("change":-5,"from":"2025-02-01","to":"2025-03-01","before_from":"2025-01-01","before_to":"2025-02-01",)"
         R"("after_from":"2025-02-01","after_to":"2025-03-01",)"
         R"("dimensions":[{"label":{"en":"Channel","fr":"Canal"},"refused":null,"rate":0,"mix":0,"unmatched":)" +
         unmatched +
         R"(,"effects":[{"value":"fair","before":null,"after":null,"weight_before":0,"weight_after":0,"rate":0,"mix":0,)"
         R"("unmatched":)" +
         unmatched +
         R"(,"effect":-5},{"value":"web","before":10,"after":10,"weight_before":1,"weight_after":1,"rate":0,"mix":0,)"
         R"("unmatched":0,"effect":0}]}]})";
}

TEST(InsightTables, WhatHasNothingToDivideByHasItsColumn) {
  ::setenv("LC_ALL", "C", 1);
  const auto table = why_table(cac_of_a_fair("-5"));
  ASSERT_TRUE(table);
  EXPECT_TRUE(std::regex_search(*table, std::regex("own change +mix +over nothing +effect\n"))) << *table;
  EXPECT_TRUE(std::regex_search(*table, std::regex("\n  fair .*  −€5.00 +−€5.00\n"))) << *table;
  EXPECT_TRUE(std::regex_search(*table, std::regex("\n  total .*  −€5.00 +−€5.00\n"))) << *table;
  const auto without = why_table(cac_of_a_fair("0"));
  ASSERT_TRUE(without);
  EXPECT_TRUE(std::regex_search(*without, std::regex("own change +mix +effect\n"))) << *without;
  ::setenv("LC_ALL", "fr_FR.UTF-8", 1);
  EXPECT_TRUE(why_table(cac_of_a_fair("-5"))->contains("mix  sur rien"));
  ::unsetenv("LC_ALL");
}

}  // namespace
}  // namespace vigie::cli
