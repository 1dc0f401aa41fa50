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

using Effects = std::map<std::string, std::string>;

/// What each driver of the average sale did to its change from the month before; those that did nothing are left out.
Effects moved_by(Fixture& fixture, const std::string& from, const std::string& to) {
  const plan::Fields fields{{"kpi", "average_sale"}, {"from", from}, {"to", to}, {"grain", "total"}};
  const auto why =
      fixture.workspace().why(plan::question_from_fields(fields, fixture.workspace().calendar()).value(), {});
  if (!why || !why->drivers) {
    ADD_FAILURE() << (why ? "no drivers" : why.error().text());
    return {};
  }
  EXPECT_EQ(why->drivers->refusal, "");
  Effects out;
  Decimal sum;
  for (const auto& one : why->drivers->effects) {
    if (!one.effect.is_zero()) out[one.id] = one.effect.to_plain();
    sum = sum.plus(one.effect).value();
  }
  EXPECT_EQ(sum, why->change);
  return out;
}

constexpr const char* kChurn = "golden/churn_rate/churn_fixture.kpi";

// 100 at the opening, 20 join, 5 of the opening and 3 of the joiners leave.
TEST(Reconcile, WalksFromTheOpeningsChurnToStripes) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto bridge = fixture->workspace().reconcile(
      question(*fixture, "churn_rate"), question(*fixture, "churn_rate:leavers_over_opening_plus_new"), {});
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
  const auto bridge = fixture->workspace().reconcile(question(*fixture, "churn_rate:leavers_over_opening_plus_new"),
                                                     question(*fixture, "churn_rate"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  ASSERT_EQ(bridge->steps.size(), 2U);
  EXPECT_EQ(bridge->steps[0].amount.to_plain(), "-3");  // 5 / 120
  EXPECT_EQ(bridge->steps[1].amount.to_plain(), "-20");
  EXPECT_EQ(bridge->last.value.to_plain(), "0.05");
}

TEST(Reconcile, ChurnAndRetentionShareTheirOpening) {
  const auto fixture = workspace_of(kChurn);
  ASSERT_TRUE(fixture);
  const auto bridge =
      fixture->workspace().reconcile(question(*fixture, "churn_rate"), question(*fixture, "retention_rate"), {});
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

// March: sales 31 + 9, of which 34.444444 + 9 are earned in it; 10 are given back.
TEST(Reconcile, SoldAndEarnedShareTheirRefunds) {
  const auto fixture = workspace_of("golden/revenue/recognised_by_the_day.kpi");
  ASSERT_TRUE(fixture);
  const auto bridge =
      fixture->workspace().reconcile(question(*fixture, "revenue"), question(*fixture, "revenue:recognised"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  EXPECT_TRUE(bridge->itemised);
  EXPECT_EQ(bridge->first.value.to_plain(), "30");
  ASSERT_EQ(bridge->steps.size(), 2U);
  EXPECT_EQ(bridge->steps[0].name, "sales_amount");
  EXPECT_EQ(bridge->steps[0].amount.to_plain(), "-40");
  EXPECT_EQ(bridge->steps[1].name, "recognised_amount");
  EXPECT_EQ(bridge->steps[1].amount.to_plain(), "43.444444");
  EXPECT_EQ(bridge->last.value.to_plain(), "33.444444");
}

// March: nothing is sold, and 10 are paid for what was sold in January.
TEST(Reconcile, SoldAndCollectedHaveNothingInCommon) {
  const auto fixture = workspace_of("golden/revenue/collected_when_it_comes.kpi");
  ASSERT_TRUE(fixture);
  const auto bridge =
      fixture->workspace().reconcile(question(*fixture, "revenue"), question(*fixture, "revenue:collected"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  ASSERT_EQ(bridge->steps.size(), 1U);
  EXPECT_EQ(bridge->steps[0].name, "payments_amount");
  EXPECT_EQ(bridge->steps[0].amount.to_plain(), "10");
  EXPECT_EQ(bridge->last.value.to_plain(), "10");
}

// January: 20 + 5 of what it sold is given back in February and April.
TEST(Reconcile, RestatingMovesRefundsBetweenMonths) {
  const auto fixture = workspace_of("golden/revenue/restated_on_the_date_of_the_order.kpi");
  ASSERT_TRUE(fixture);
  plan::Fields fields{{"kpi", "revenue"}, {"from", "2025-01-01"}, {"to", "2025-02-01"}, {"grain", "total"}};
  const auto ask = [&](const std::string& kpi) {
    fields[0].second = kpi;
    return plan::question_from_fields(fields, fixture->workspace().calendar()).value();
  };
  const auto bridge = fixture->workspace().reconcile(ask("revenue"), ask("revenue:restated"), {});
  ASSERT_TRUE(bridge) << bridge.error().text();
  EXPECT_EQ(bridge->first.value.to_plain(), "100");
  ASSERT_EQ(bridge->steps.size(), 1U);  // nothing was given back in January, so there is nothing to take off the list
  EXPECT_EQ(bridge->steps[0].name, "restated_refunds");
  EXPECT_EQ(bridge->steps[0].amount.to_plain(), "-25");
  EXPECT_EQ(bridge->last.value.to_plain(), "75");
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
  EXPECT_EQ(rows, (std::map<std::string, std::int64_t>{{"early_losses", 3},
                                                       {"joiners", 20},
                                                       {"leavers", 5},
                                                       {"opening_customers", 100},
                                                       {"sales_without_customer", 0}}));
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
  EXPECT_EQ(why.error().hint, "ask for the mean: sales_cycle:mean");
}

/// What each value did to the change from the month before: rate, mix.
std::map<std::string, std::pair<std::string, std::string>> rates_and_mixes(const insight::Why& why) {
  std::map<std::string, std::pair<std::string, std::string>> out;
  EXPECT_EQ(why.dimensions.size(), 1U);
  Decimal sum;
  for (const auto& one : why.dimensions.front().effects) {
    out[one.value.value_or("")] = {one.rate.to_plain(), one.mix.to_plain()};
    sum = sum.plus(one.total).value();
  }
  EXPECT_EQ(why.dimensions.front().refusal, "");
  EXPECT_EQ(sum, why.change);
  return out;
}

Result<insight::Why> why_of(Fixture& fixture, const std::string& kpi, const std::string& from, const std::string& to,
                            const std::string& by) {
  const plan::Fields fields{{"kpi", kpi}, {"from", from}, {"to", to}, {"grain", "total"}, {"by", by}};
  VIGIE_TRY(const plan::Question asked, plan::question_from_fields(fields, fixture.workspace().calendar()));
  return fixture.workspace().why(asked, {});
}

TEST(Why, AttainmentOfQuotasIsARatioOfSums) {
  const auto fixture = workspace_of("insight/quotas.kpi");
  ASSERT_TRUE(fixture);
  const auto why = why_of(*fixture, "quota_attainment", "2025-02-01", "2025-03-01", "owner");
  ASSERT_TRUE(why) << why.error().text();
  EXPECT_EQ(why->before.to_plain(), "0.9375");
  EXPECT_EQ(why->change.to_plain(), "-0.3875");
  // The mean of the two attainments is 0.74375; the weights are 100/160 and 60/160, then a half each.
  // Ana: 0.5625 · (0.3 − 0.6) and (0.5 − 0.625) · (0.45 − 0.74375); Bob: 0.4375 · (0.8 − 1.5) and 0.125 · (1.15 −
  // 0.74375)
  const auto effects = rates_and_mixes(*why);
  EXPECT_EQ(effects.at("Ana"), std::pair(std::string("-0.16875"), std::string("0.03671875")));
  EXPECT_EQ(effects.at("Bob"), std::pair(std::string("-0.30625"), std::string("0.05078125")));
}

// January is reckoned by quotas of people, December by the target of the revenue.
TEST(Why, WhatIsReckonedOtherwiseBeforeIsRefused) {
  const auto fixture = workspace_of("insight/quotas.kpi");
  ASSERT_TRUE(fixture);
  const auto why = why_of(*fixture, "quota_attainment", "2025-01-01", "2025-02-01", "owner");
  ASSERT_FALSE(why);
  EXPECT_EQ(why.error().code, "why.not_decomposable");
}

TEST(Why, MeansOfMonthEndsAreSplitAsTheirSums) {
  const auto fixture = workspace_of("insight/staff.kpi");
  ASSERT_TRUE(fixture);
  const auto why = why_of(*fixture, "revenue_per_employee", "2025-01-01", "2025-02-01", "owner");
  ASSERT_TRUE(why) << why.error().text();
  EXPECT_EQ(why->before.to_plain(), "180");
  EXPECT_EQ(why->after.to_plain(), "230.4");
  // The mean of both is 205.2; weights: a half each, then 12/25, 12/25 and 1/25.
  // Ana: 0.49 · (240 − 120) and −0.02 · (180 − 205.2); Bob: 0 and −0.02 · (240 − 205.2); Cleo appears: 0.04 · (0 −
  // 205.2)
  const auto effects = rates_and_mixes(*why);
  EXPECT_EQ(effects.at("Ana"), std::pair(std::string("58.8"), std::string("0.504")));
  EXPECT_EQ(effects.at("Bob"), std::pair(std::string("0"), std::string("-0.696")));
  EXPECT_EQ(effects.at("Cleo"), std::pair(std::string("0"), std::string("-8.208")));
}

// A mean of days is a sum over a number of deals, as an average sale is.
TEST(Why, AMeanOfDaysHasParts) {
  const auto fixture = workspace_of("insight/two_speeds.kpi");
  ASSERT_TRUE(fixture);
  const auto quicker = why_of(*fixture, "sales_cycle:mean", "2025-03-01", "2025-04-01", "channel");
  ASSERT_TRUE(quicker) << quicker.error().text();
  EXPECT_EQ(quicker->before.to_plain(), "20");
  EXPECT_EQ(quicker->after.to_plain(), "15");
  // The mean of both is 17.5; weights: a half each, then 3/4 and 1/4. web: 1/4 · (10 − 17.5); fair: −1/4 · (30 − 17.5)
  const auto mixes = rates_and_mixes(*quicker);
  EXPECT_EQ(mixes.at("web"), std::pair(std::string("0"), std::string("-1.875")));
  EXPECT_EQ(mixes.at("fair"), std::pair(std::string("0"), std::string("-3.125")));
  EXPECT_EQ(quicker->dimensions.front().effects.front().before, 30);

  const auto slower = why_of(*fixture, "sales_cycle:mean", "2025-04-01", "2025-05-01", "channel");
  ASSERT_TRUE(slower) << slower.error().text();
  EXPECT_EQ(slower->change.to_plain(), "4.5");
  const auto rates = rates_and_mixes(*slower);
  EXPECT_EQ(rates.at("web"), std::pair(std::string("4.5"), std::string("0")));  // 3/4 · (16 − 10)
  EXPECT_EQ(rates.at("fair"), std::pair(std::string("0"), std::string("0")));
}

// 1 at 100, then 1 at 150 and 9 at 20: the dearer one brought 50 more, whatever came with it.
TEST(Drivers, UpsellIsOfTheDearerLineAlone) {
  const auto fixture = workspace_of("insight/upsell.kpi");
  ASSERT_TRUE(fixture);
  const plan::Fields fields{{"kpi", "average_sale"}, {"from", "2025-02-01"}, {"to", "2025-03-01"}, {"grain", "total"}};
  const auto why =
      fixture->workspace().why(plan::question_from_fields(fields, fixture->workspace().calendar()).value(), {});
  ASSERT_TRUE(why) << why.error().text();
  ASSERT_TRUE(why->drivers);
  std::map<std::string, std::pair<double, double>> shown;
  Decimal sum;
  for (const auto& one : why->drivers->effects) {
    shown[one.id] = {one.before.value_or(-1), one.after.value_or(-1)};
    sum = sum.plus(one.effect).value();
  }
  EXPECT_EQ(sum.to_plain(), "230");
  EXPECT_EQ(shown.at("upsell_value"), std::pair(0.0, 50.0));
  EXPECT_EQ(shown.at("price_per_item"), std::pair(100.0, 28.0));
  EXPECT_EQ(shown.at("items_per_order"), std::pair(1.0, 10.0));
}

TEST(Drivers, ItemsAndTheirPrice) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  // (3 − 2) · (10 + 12)/2 = 11 and (12 − 10) · (2 + 3)/2 = 5, together 36 − 20
  EXPECT_EQ(moved_by(*fixture, "2024-02-01", "2024-03-01"),
            (Effects{{"items_per_order", "11"}, {"price_per_item", "5"}}));
}

TEST(Drivers, CrossSellAndDiscounts) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  // c · 100 + (1 − c) · 40 · (1 − d) with c 1/4 → 1/2 and d 0 → 1/10:
  //   cross-sell first 55 → 70, last 52 → 68: (15 + 16)/2; the discount first 55 → 52, last 70 → 68: −(3 + 2)/2
  EXPECT_EQ(moved_by(*fixture, "2024-04-01", "2024-05-01"),
            (Effects{{"average_discount", "-2.5"}, {"cross_sell_rate", "15.5"}}));
}

TEST(Drivers, ADearerProductThanTheLastOneIsUpsellAndNoPrice) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  // 30 dearer over 2 sales
  EXPECT_EQ(moved_by(*fixture, "2024-06-01", "2024-07-01"), (Effects{{"upsell_value", "15"}}));
}

TEST(Drivers, SalesWithoutLinesAreADriverOfTheirOwn) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  EXPECT_EQ(moved_by(*fixture, "2024-08-01", "2024-09-01"), (Effects{{"without_lines", "7.5"}}));
}

TEST(Drivers, WhatWasNotSoldBeforeHadNoPriceThatRose) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  // Half the sales are now of both categories, and bring 50 where the others bring 20.
  EXPECT_EQ(moved_by(*fixture, "2024-10-01", "2024-11-01"), (Effects{{"cross_sell_rate", "15"}}));
}

TEST(Drivers, AddUpToTheLastDigitWhenAllOfThemMove) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  EXPECT_EQ(moved_by(*fixture, "2024-12-01", "2025-01-01").size(), 6U);
}

TEST(Drivers, TellTheirOwnFigures) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  const plan::Fields fields{{"kpi", "average_sale"}, {"from", "2024-04-01"}, {"to", "2024-05-01"}, {"grain", "total"}};
  const auto why =
      fixture->workspace().why(plan::question_from_fields(fields, fixture->workspace().calendar()).value(), {});
  ASSERT_TRUE(why && why->drivers);
  EXPECT_EQ(why->before.to_plain(), "55");
  EXPECT_EQ(why->after.to_plain(), "68");
  for (const auto& one : why->drivers->effects) {
    if (one.id == "cross_sell_rate") {
      EXPECT_EQ(one.before, 0.25);
      EXPECT_EQ(one.after, 0.5);
      EXPECT_EQ(one.label.fr, "Vente croisée : ventes de plusieurs catégories");
    }
    if (one.id == "average_discount") EXPECT_DOUBLE_EQ(one.after.value(), 8.0 / 280);  // 2 · 4 of 272 + 8
    if (one.id == "items_per_order") EXPECT_DOUBLE_EQ(one.after.value(), 6.0 / 4);     // 2 + 2 + 1 + 1
  }
}

TEST(Drivers, OfADefinitionThatDoesNotAddUpAreRefused) {
  const auto fixture = workspace_of("insight/drivers.kpi");
  ASSERT_TRUE(fixture);
  const auto refusal = [&](const std::string& where) {
    plan::Fields fields{{"kpi", "half"}, {"from", "2024-02-01"}, {"to", "2024-03-01"}, {"grain", "total"}};
    if (!where.empty()) fields.emplace_back("where", where);
    const auto why =
        fixture->workspace().why(plan::question_from_fields(fields, fixture->workspace().calendar()).value(), {});
    if (!why) return why.error().text();
    return why->drivers ? why->drivers->refusal : "none";
  };
  EXPECT_EQ(refusal(""), "inexact");                      // 0.5 · 36 is not 36
  EXPECT_EQ(refusal("channel is null"), "out_of_reach");  // staff has no channel
}

TEST(Drivers, AreNotToldWhereNoSaleHasLines) {
  const auto fixture = workspace_of("insight/two_channels.kpi");
  ASSERT_TRUE(fixture);
  const auto why = fixture->workspace().why(question(*fixture, "average_sale"), {});
  ASSERT_TRUE(why && why->drivers);
  EXPECT_EQ(why->drivers->refusal, "no_parts");
  EXPECT_TRUE(why->drivers->effects.empty());
  const auto sum = fixture->workspace().why(question(*fixture, "revenue"), {});
  ASSERT_TRUE(sum);
  EXPECT_FALSE(sum->drivers);
}

/// "56: 14 / 60", one for each silence that is told of.
std::vector<std::string> told(const std::vector<insight::Silence>& steps) {
  std::vector<std::string> out;
  for (const insight::Silence& one : steps)
    out.push_back(fmt::format("{}: {} / {}", one.days, one.came_back, one.customers));
  return out;
}

insight::Proposals proposed(const char* file) {
  const auto fixture = workspace_of(file);
  if (!fixture) return {};
  const auto found = fixture->workspace().propose({});
  if (!found) ADD_FAILURE() << found.error().text();
  return found.value_or(insight::Proposals{});
}

// The arithmetic stands at the head of the case: at 1 May a, b, f and g are overdue.
TEST(Explain, OverdueCustomersAreListedByName) {
  const auto fixture = workspace_of("golden/customers/overdue_customers.kpi");
  ASSERT_TRUE(fixture);
  const plan::Fields fields{
      {"kpi", "overdue_customers"}, {"from", "2025-04-01"}, {"to", "2025-05-01"}, {"grain", "total"}};
  const auto found =
      fixture->workspace().explain(plan::question_from_fields(fields, fixture->workspace().calendar()).value(), 10, {});
  ASSERT_TRUE(found) << found.error().text();
  const auto overdue = std::ranges::find(found->measures, "overdue", &kpi::MeasureShown::name);
  ASSERT_NE(overdue, found->measures.end());
  EXPECT_EQ(overdue->rows, 4);
  const std::vector<std::string> wanted{"customer_key", "name",        "last_at",     "gaps",
                                        "longest_gap",  "silent_days", "overdue_days"};
  std::set<std::vector<std::string>> listed;
  for (const auto& row : overdue->sample) {
    std::vector<std::string> line;
    for (const std::string& name : wanted) {
      const auto at = std::ranges::find(overdue->columns, name) - overdue->columns.begin();
      line.push_back(row.at(static_cast<std::size_t>(at)).value_or("-"));
    }
    listed.insert(line);
  }
  EXPECT_EQ(listed, (std::set<std::vector<std::string>>{{"a", "Alma", "2025-02-10", "2", "30", "80", "50"},
                                                        {"b", "Bruno", "2025-03-15", "3", "33", "47", "14"},
                                                        {"f", "-", "2025-02-09", "2", "20", "81", "61"},
                                                        {"g", "Gaspard", "2025-02-08", "2", "19", "82", "63"}}));
}

TEST(Propose, TheShortestSilenceAfterWhichFewComeBack) {
  const auto found = proposed("insight/silences.kpi").inactivity;
  EXPECT_FALSE(found.all.refused);
  EXPECT_EQ(found.all.days, 63);
  EXPECT_EQ(told(found.all.around),
            (std::vector<std::string>{"49: 14 / 60", "56: 14 / 60", "63: 4 / 60", "70: 4 / 60", "77: 4 / 60"}));
  EXPECT_EQ(found.today, 365);
  EXPECT_FALSE(found.written);
  EXPECT_EQ(told({found.at_today}), std::vector<std::string>{"365: 0 / 0"});
  EXPECT_EQ(to_string(found.as_of), "2025-12-31T23:00:00Z");
}

TEST(Propose, EachSegmentItsOwn) {
  const auto found = proposed("insight/silences.kpi").inactivity;
  ASSERT_EQ(found.segments.size(), 2U);
  EXPECT_EQ(found.segments[0].first, "retail");
  EXPECT_EQ(found.segments[0].second.days, 63);
  EXPECT_EQ(told(found.segments[0].second.around),
            (std::vector<std::string>{"49: 10 / 40", "56: 10 / 40", "63: 0 / 40", "70: 0 / 40", "77: 0 / 40"}));
  EXPECT_EQ(found.segments[1].first, "wholesale");
  EXPECT_EQ(found.segments[1].second.days, 112);
  EXPECT_EQ(told(found.segments[1].second.around),
            (std::vector<std::string>{"98: 4 / 20", "105: 4 / 20", "112: 0 / 20", "119: 0 / 20"}));
}

TEST(Propose, NoHorizonFromTooFewCustomers) {
  const auto found = proposed("insight/two_channels.kpi").inactivity;
  EXPECT_FALSE(found.all.days);
  ASSERT_TRUE(found.all.refused);
  EXPECT_EQ(found.all.refused->code, "too_few");
  EXPECT_TRUE(found.all.refused->message.en.starts_with("too little history: 4 of 20 customers"));
}

TEST(Propose, NoHorizonWhileAllComeBack) {
  const auto found = proposed("insight/still_buying.kpi").inactivity;
  ASSERT_TRUE(found.all.refused);
  EXPECT_EQ(found.all.refused->code, "still_coming_back");
  EXPECT_EQ(told(found.all.around), (std::vector<std::string>{"21: 20 / 20", "28: 20 / 20"}));
}

TEST(Propose, NoHorizonWhereAllAreUnderContract) {
  const auto found = proposed(kChurn).inactivity;
  ASSERT_TRUE(found.all.refused);
  EXPECT_EQ(found.all.refused->code, "contracts_only");
}

TEST(Propose, TheWindowThatNineInTenOfThePastCyclesKeep) {
  const auto found = proposed("insight/cycles.kpi").window;
  EXPECT_FALSE(found.refused);
  EXPECT_EQ(found.unit, "leads");
  EXPECT_EQ(found.n, 22);
  ASSERT_EQ(found.quantiles.size(), 4U);
  EXPECT_DOUBLE_EQ(found.quantiles[0].days, 11.5);
  EXPECT_DOUBLE_EQ(found.quantiles[1].days, 16.75);
  EXPECT_DOUBLE_EQ(found.quantiles[2].days, 19.9);
  EXPECT_DOUBLE_EQ(found.quantiles[3].days, 20.95);
  EXPECT_EQ(found.days, 20);
  EXPECT_EQ(found.within_proposed, 19);
  EXPECT_EQ(found.today, 90);
  EXPECT_EQ(found.within_today, 22);
  EXPECT_EQ(found.version, 1);
  EXPECT_EQ(found.next_version, 2);
}

TEST(Propose, NoWindowFromTooFewCycles) {
  const auto found = proposed("insight/silences.kpi").window;
  ASSERT_TRUE(found.refused);
  EXPECT_EQ(found.refused->code, "too_few");
  EXPECT_FALSE(found.days);
}

}  // namespace
}  // namespace vigie::golden
