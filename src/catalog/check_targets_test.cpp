// Targets are of figures that there are, and that can reach them.
#include <gtest/gtest.h>

#include "catalog/catalog_fixture.h"

namespace vigie::catalog {
namespace {

TEST(CheckTargets, TargetsNameKpisThatAreThere) {
  const DefinitionFolder folder;
  folder.write("x.yaml", "aliases: [ex]\n" + definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
  const auto catalog = folder.load();
  ASSERT_TRUE(catalog) << catalog.error().text();
  const auto checked = [&](const std::string& kpi, const std::string& more = "") -> Result<> {
    VIGIE_TRY(const YamlNode root, YamlNode::parse("targets:\n  - {kpi: \"" + kpi +
                                                       "\", from: 2025-01-01, to: 2025-02-01, value: 10" + more + "}\n",
                                                   "vigie.yaml"));
    VIGIE_TRY(const Settings settings, read_settings(root));
    return check_targets(settings, *catalog);
  };
  EXPECT_TRUE(checked("x"));
  EXPECT_EQ(checked("xx").error().text(), "vigie.yaml:2:11: no KPI \"xx\"; did you mean \"ex\"?");
  EXPECT_EQ(checked("ex").error().text(),
            "vigie.yaml:2:11: \"ex\" is a name of x: a target is set by its id; write kpi: x");
  EXPECT_EQ(checked("x:mean").error().code, "variant.unknown");
  // x is of all customers together.
  EXPECT_EQ(checked("x", ", relation: contract").error().code, "settings.target");
  EXPECT_EQ(checked("x", ", relation: contrat").error().text(),
            "vigie.yaml:2:71: \"contrat\" is not one of the choices; did you mean \"contract\"?");
}

TEST(CheckTargets, ATargetIsOneThatItsFigureCanReach) {
  const auto catalog = shipped_catalog();
  ASSERT_TRUE(catalog) << catalog.error().text();
  const auto checked = [&](const std::string& kpi, const std::string& value) {
    const auto root = YamlNode::parse(
        "targets:\n  - {kpi: \"" + kpi + "\", from: 2025-01-01, to: 2025-02-01, value: " + value + "}\n", "vigie.yaml");
    const auto settings = read_settings(*root);
    const auto found = settings ? check_targets(*settings, *catalog) : std::unexpected(settings.error());
    return found ? "" : found.error().text();
  };
  const std::string at = "vigie.yaml:2:11: ";
  EXPECT_EQ(checked("conversion_rate", "15"), at + "conversion_rate:default is never above 1: the target 15 is out of "
                                                   "reach; write a share: 0.15 for 15 %");
  EXPECT_EQ(checked("churn_rate", "-0.1"),
            at + "churn_rate:default is never below 0: the target -0.1 says nothing; mend its value");
  EXPECT_EQ(checked("nps", "120"),
            at + "nps:default is never above 100: the target 120 is out of reach; mend its value");
  EXPECT_EQ(checked("sales_cycle", "-3"),
            at + "sales_cycle:default is never below 0: the target -3 says nothing; mend its value");
  EXPECT_EQ(checked("orders", "-1"),
            at + "orders:default is never below 0: the target -1 says nothing; mend its value");
  EXPECT_EQ(checked("pipeline_value:deals", "-1"),
            at + "pipeline_value:deals is never below 0: the target -1 says nothing; mend its value");
  EXPECT_EQ(checked("headcount", "-3"),
            at + "headcount:default is never below 0: the target -3 says nothing; mend its value");
  EXPECT_EQ(checked("gross_margin:rate", "2"), at + "gross_margin:rate is above 1 by refunds alone: the target 2 says "
                                                    "nothing; write a share: 0.15 for 15 %");
  EXPECT_EQ(checked("cac", "-100"), at + "cac:default is at best 0: the target -100 says nothing; mend its value");
  for (const auto& [kpi, value] :
       {std::pair{"conversion_rate", "1"}, std::pair{"conversion_rate", "0"}, std::pair{"nps", "-100"},
        std::pair{"channel_roi", "15"}, std::pair{"revenue", "-5"}, std::pair{"churn_rate:revenue_net", "-0.1"},
        std::pair{"orders", "0"}, std::pair{"cac", "0"}, std::pair{"headcount", "0"},
        std::pair{"gross_margin:rate", "1"}, std::pair{"gross_margin:rate", "-0.1"}})
    EXPECT_EQ(checked(kpi, value), "") << kpi << " " << value;
}

}  // namespace
}  // namespace vigie::catalog
