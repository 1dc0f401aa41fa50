#include <gtest/gtest.h>

#include "golden/fixture.h"

namespace vigie::golden {
namespace {

/// The workspace of a case file, without its questions.
std::unique_ptr<Fixture> workspace_of(const char* file) {
  const auto read = read_case(std::filesystem::path(VIGIE_TESTS_FOLDER) / file);
  if (!read) {
    ADD_FAILURE() << read.error().text();
    return nullptr;
  }
  auto made = Fixture::make({read->settings, read->files, read->now, read->complete_until, read->history_complete});
  if (!made) {
    ADD_FAILURE() << made.error().text();
    return nullptr;
  }
  for (const Step& step : read->steps)
    if (const auto* table = std::get_if<TableStep>(&step))
      if (const auto receipt = (*made)->import(*table); !receipt) ADD_FAILURE() << receipt.error().text();
  return std::move(*made);
}

plan::Question question(Fixture& fixture, const std::string& kpi, const std::string& by = "") {
  plan::Fields fields{{"kpi", kpi}, {"from", "2025-03-01"}, {"to", "2025-04-01"}, {"grain", "total"}};
  if (!by.empty()) fields.emplace_back("by", by);
  return plan::question_from_fields(fields, fixture.workspace().calendar()).value();
}

constexpr const char* kChurn = "golden/churn_rate/churn_fixture.kpi";

// 100 at the opening, 20 join, 5 of the opening and 3 of the joiners leave.
TEST(Reconcile, WalksFromTheOpeningsChurnToStripes) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto bridge = fixture->workspace().reconcile(question(*fixture, "churn_rate"), question(*fixture, "churn_rate:leavers_over_opening_plus_new"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  EXPECT_EQ(bridge->first.value.to_plain(), "0.05");  // 5 / 100
  ASSERT_EQ(bridge->steps.size(), 2U);
  EXPECT_EQ(bridge->steps[0].name, "early_losses");
  EXPECT_EQ(bridge->steps[0].amount.to_plain(), "3");
  EXPECT_EQ(bridge->steps[0].value.to_plain(), "0.08");  // (5 + 3) / 100
  EXPECT_EQ(bridge->steps[1].name, "joiners");
  EXPECT_EQ(bridge->steps[1].side, insight::Side::denominator);
  EXPECT_EQ(bridge->steps[1].amount.to_plain(), "20");
  EXPECT_EQ(bridge->steps[1].value.to_string(), "0.066666666666666667");  // 8 / 120
  EXPECT_EQ(bridge->last.value, bridge->steps[1].value);
  Decimal sum = bridge->first.value;
  for (const auto& step : bridge->steps) sum = sum.plus(step.effect).value();
  EXPECT_EQ(sum, bridge->last.value);
}

TEST(Reconcile, GoesBackTheSameWay) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto bridge = fixture->workspace().reconcile(question(*fixture, "churn_rate:leavers_over_opening_plus_new"), question(*fixture, "churn_rate"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  ASSERT_EQ(bridge->steps.size(), 2U);
  EXPECT_EQ(bridge->steps[0].amount.to_plain(), "-3");  // 5 / 120
  EXPECT_EQ(bridge->steps[1].amount.to_plain(), "-20");
  EXPECT_EQ(bridge->last.value.to_plain(), "0.05");
}

TEST(Reconcile, ChurnAndRetentionShareTheirOpening) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto bridge = fixture->workspace().reconcile(question(*fixture, "churn_rate"), question(*fixture, "retention_rate"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  for (const auto& step : bridge->steps) EXPECT_EQ(step.side, insight::Side::numerator) << step.name;
  EXPECT_EQ(bridge->last.value.to_plain(), "0.95");
}

TEST(Reconcile, ARateAndAnAmountDoNotMeet) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto bridge = fixture->workspace().reconcile(question(*fixture, "churn_rate"), question(*fixture, "mrr"), {});
  ASSERT_FALSE(bridge);
  EXPECT_EQ(bridge.error().code, "reconcile.units");
}

TEST(Explain, TheRowsBehindAMeasureAreAsManyAsItCounts) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto found = fixture->workspace().explain(question(*fixture, "churn_rate"), 10, {});
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->formula, "leavers / opening_customers");
  std::map<std::string, std::int64_t> rows;
  for (const kpi::MeasureShown& one : found->measures) {
    rows[one.name] = one.rows;
    EXPECT_EQ(one.value, static_cast<double>(one.rows)) << one.name;
    EXPECT_EQ(one.sample.size(), static_cast<std::size_t>(std::min<std::int64_t>(one.rows, 10))) << one.name;
  }
  EXPECT_EQ(rows, (std::map<std::string, std::int64_t>{{"early_losses", 3}, {"joiners", 20}, {"leavers", 5}, {"opening_customers", 100}}));
  ASSERT_EQ(found->answer.total.value, 0.05);
  ASSERT_FALSE(found->sources.empty());
  EXPECT_TRUE(found->horizon_declared);
  EXPECT_GT(found->queries.size(), 4U);
}

TEST(Explain, ASumIsTheSumOfItsRows) {
  const auto fixture = workspace_of("insight/two_channels.kpi");
  ASSERT_TRUE(fixture);
  const auto found = fixture->workspace().explain(question(*fixture, "revenue"), 0, {});
  ASSERT_TRUE(found) << found.error().text();
  for (const kpi::MeasureShown& one : found->measures)
    if (one.name == "sales_amount") {
      EXPECT_EQ(one.value_exact, "270");
      EXPECT_EQ(one.rows, 4);
      EXPECT_TRUE(one.sample.empty());
    }
}

TEST(Why, AnAverageFallsThroughItsMixAlone) {
  const auto fixture = workspace_of("insight/two_channels.kpi");
  ASSERT_TRUE(fixture);
  const auto why = fixture->workspace().why(question(*fixture, "average_sale", "channel"), {});
  ASSERT_TRUE(why) << why.error().text();
  EXPECT_EQ(why->before.to_plain(), "75");
  EXPECT_EQ(why->after.to_plain(), "67.5");
  ASSERT_EQ(why->dimensions.size(), 1U);
  const auto& channel = why->dimensions.front();
  ASSERT_EQ(channel.refusal, "");
  std::map<std::string, std::pair<std::string, std::string>> effects;
  Decimal sum;
  for (const auto& one : channel.effects) {
    effects[one.value.value_or("")] = {one.rate.to_plain(), one.mix.to_plain()};
    sum = sum.plus(one.total).value();
  }
  // web:  rate (1/2 + 1/4)/2 · (120 − 100) = 7.5;  mix (1/4 − 1/2) · (110 − 71.25) = −9.6875
  // shop: rate (1/2 + 3/4)/2 · (50 − 50) = 0;      mix (3/4 − 1/2) · (50 − 71.25)  = −5.3125
  EXPECT_EQ(effects["web"], std::pair(std::string("7.5"), std::string("-9.6875")));
  EXPECT_EQ(effects["shop"], std::pair(std::string("0"), std::string("-5.3125")));
  EXPECT_EQ(sum.to_plain(), "-7.5");
}

TEST(Why, ASumIsSplitIntoItsParts) {
  const auto fixture = workspace_of("insight/two_channels.kpi");
  ASSERT_TRUE(fixture);
  const auto why = fixture->workspace().why(question(*fixture, "revenue"), {});
  ASSERT_TRUE(why) << why.error().text();
  EXPECT_EQ(why->change.to_plain(), "-30");  // web −80, shop +50
  for (const auto& one : why->dimensions)
    if (one.id == "channel") {
      ASSERT_EQ(one.effects.size(), 2U);
      EXPECT_EQ(one.effects[0].total.to_plain(), "-80");
      EXPECT_EQ(one.effects[1].total.to_plain(), "50");
    }
}

TEST(Why, AMedianHasNoParts) {
  const auto fixture = workspace_of("insight/two_channels.kpi");
  ASSERT_TRUE(fixture);
  const auto why = fixture->workspace().why(question(*fixture, "sales_cycle"), {});
  ASSERT_FALSE(why);
  EXPECT_EQ(why.error().code, "why.not_decomposable");
}

}  // namespace
}  // namespace vigie::golden
