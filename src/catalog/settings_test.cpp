#include "catalog/settings.h"

#include <gtest/gtest.h>

namespace vigie::catalog {
namespace {

TEST(Settings, ThatCannotBeAreRefused) {
  const auto read = [](const std::string& text) -> Result<> {
    VIGIE_TRY(const YamlNode root, YamlNode::parse(text, "vigie.yaml"));
    VIGIE_CHECK(read_settings(root));
    return {};
  };
  EXPECT_EQ(read("inactivity_days: -5\n").error().text(),
            "vigie.yaml:1:18: inactivity_days is a number of days between 1 and 3650, not -5");
  EXPECT_EQ(read("past_due_days: 99999999999\n").error().code, "settings.days");
  EXPECT_EQ(read("annual_discount_rate: 10\n").error().code, "settings.discount_rate");
  EXPECT_EQ(read("week_start: mnday\n").error().text(),
            "vigie.yaml:1:13: \"mnday\" is not a day of the week; did you mean \"monday\"?");
  EXPECT_EQ(
      read("fiscal_start: 02-29\n").error().text(),
      "vigie.yaml:1:15: \"02-29\" is not a day on which every fiscal year can start; write month and day, such as "
      "04-01");
  EXPECT_EQ(read("week_pattern: 4-4-4\n").error().code, "calendar.pattern");
  EXPECT_EQ(read("holidays: belgium\n").error().code, "calendar.holidays");
  EXPECT_EQ(read("working_days: [monday, tusday]\n").error().text(),
            "vigie.yaml:1:24: \"tusday\" is not a day of the week; did you mean \"tuesday\"?");
  EXPECT_EQ(read("working_days: []\n").error().code, "calendar.working_days");
  EXPECT_EQ(read("working_days: monday\n").error().code, "calendar.working_days");
  EXPECT_EQ(read("holiday_regions: {a: b}\n").error().code, "yaml.type");
  EXPECT_EQ(read("targets:\n  - {kpi: revenue, from: 2025-02-01, to: 2025-02-01, value: 1}\n").error().code,
            "settings.target");
}

TEST(Settings, TheCurrencyLooksLikeOne) {
  const auto told = [](const std::string& code) {
    const auto root = YamlNode::parse("format: 1\ncurrency: " + code + "\n", "vigie.yaml");
    const auto settings = root ? read_settings(*root) : std::unexpected(root.error());
    return settings ? settings->currency : settings.error().text();
  };
  for (const std::string code : {"EUR", "XAU", "DEM", "BTC"}) EXPECT_EQ(told(code), code) << "some trade in others";
  EXPECT_EQ(told("euro"), "vigie.yaml:2:11: \"euro\" is not a currency code; did you mean \"EUR\"?");
  EXPECT_EQ(told("XTS"),
            "vigie.yaml:2:11: XTS stands for no currency in ISO 4217; write that of the company, such as EUR");
}

TEST(Settings, AreNotDroppedInSilence) {
  const auto read = [](const std::string& text) -> Result<Settings> {
    VIGIE_TRY(const YamlNode root, YamlNode::parse(text, "vigie.yaml"));
    return read_settings(root);
  };
  const std::string list =
      "targets is a list of figures to reach; write each behind a dash: - {kpi: revenue, from: 2025-01-01, to: "
      "2025-02-01, value: 50000}";
  EXPECT_EQ(read("targets: {kpi: revenue}\n").error().text(), "vigie.yaml:1:10: " + list);
  EXPECT_EQ(read("targets: 5\n").error().text(), "vigie.yaml:1:10: " + list);
  EXPECT_EQ(read("channel_groups: [paid]\n").error().text(),
            "vigie.yaml:1:17: channel_groups names groups, each with its channels; write a group before its channels: "
            "paid_ads: [Display, Affiliates]");
  EXPECT_EQ(read("channel_groups: paid\n").error().code, "settings.channel_group");
  EXPECT_TRUE(read("targets:\nchannel_groups:\n")) << "a key without anything says none";

  const std::string january = "from: 2025-01-01, to: 2025-02-01, value: ";
  EXPECT_EQ(read("targets:\n  - {kpi: \"revenue:default:zzz\", " + january + "1}\n").error().text(),
            "vigie.yaml:2:11: \"revenue:default:zzz\" names no figure; write the id of a KPI, or id:variant");
  EXPECT_EQ(read("targets:\n  - {kpi: revenue, " + january + "1}\n  - {kpi: \"revenue:default\", " + january + "2}\n")
                .error()
                .text(),
            "vigie.yaml:3:5: revenue:default has a target from 2025-01-01 to 2025-02-01 already; its first value is at "
            "line 2; remove one");
  const auto year = read("targets:\n  - {kpi: revenue, " + january +
                         "1}\n  - {kpi: revenue, from: 2025-01-01, to: 2026-01-01, value: 12}\n");
  ASSERT_TRUE(year) << year.error().text();
  EXPECT_EQ(year->targets.size(), 2U) << "a month and its year have targets of their own";
}

}  // namespace
}  // namespace vigie::catalog
