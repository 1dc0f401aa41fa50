// What divides what: a formula makes what its unit says, an interval is of like things.
#include <gtest/gtest.h>

#include "catalog/catalog_fixture.h"

namespace vigie::catalog {
namespace {

TEST(Units, AUnitSaysWhatTheFormulaMakes) {
  const DefinitionFolder folder;
  const auto told = [&](const std::string& measure, const std::string& value, const std::string& unit) {
    folder.write("x.yaml", definition("x", measure, value, unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  const std::string amount = "{from: sales, at: sold_at, sum: amount_net}";
  const std::string both = amount + "\n  w: {from: sales, at: sold_at, count: rows}";
  EXPECT_EQ(told(amount, "m", "rate"),
            "kpis/x.yaml:13:12: x:default is an amount of money, and its unit is rate; write unit: money");
  EXPECT_TRUE(told(amount, "m + 1", "money").starts_with("kpis/x.yaml:13:")) << "money and counts do not add";
  EXPECT_EQ(folder.load().error().code, "expr.money");
  EXPECT_EQ(told(both, "m / w", "count"),
            "kpis/x.yaml:14:12: x:default is an amount of money, and its unit is count; write unit: money");
  EXPECT_EQ(told(both, "w", "rate"),
            "kpis/x.yaml:14:12: x:default is a count, and its unit is rate; write unit: count");
  EXPECT_EQ(told(both, "100 * w", "money"),
            "kpis/x.yaml:14:12: x:default is a count, and its unit is money; write unit: count");
  const auto share = [&](const std::string& unit) {
    folder.write("x.yaml", definition("x",
                                      "{from: deals, at: closed_at, count: rows, where: outcome = 'won'}\n  w: "
                                      "{from: deals, at: closed_at, count: rows}",
                                      "m / w\n    interval: {kind: wilson}", unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  for (const char* unit : {"count", "score", "mark", "months", "ratio"})
    EXPECT_EQ(share(unit), fmt::format("kpis/x.yaml:14:12: x:default is a share, as its interval says, and its unit is "
                                       "{}; write unit: rate",
                                       unit));
  EXPECT_EQ(share("rate"), "");
  const std::string cycles =
      "{from: deals, at: closed_at, sum: cycle}\n  w: {from: deals, at: closed_at, count: cycle}";
  EXPECT_EQ(told(cycles, "m / 1 day / w", "money"),
            "kpis/x.yaml:14:12: x:default is a number of days, and its unit is money; write unit: days");
  EXPECT_EQ(told(both, "coalesce(m, m) / w", "money"), "");
  EXPECT_EQ(told(cycles, "m / 1 day / w", "days"), "");
  EXPECT_EQ(told(both, "1 - w / w", "rate"), "");
  // What a quantity is of nobody can tell: marks, items, parts.
  const std::string items = "{from: sale_lines, at: sold_at, sum: quantity}";
  for (const char* unit : {"rate", "count", "ratio", "mark"}) EXPECT_EQ(told(items, "m", unit), "") << unit;
}

TEST(Units, AUnitHoldsAcrossKpisThatFormulasName) {
  const DefinitionFolder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m"));
  const std::string count = "{from: sales, at: sold_at, count: rows}";
  folder.write("y.yaml", definition("y", count, "kpi.x / m\n    n: m", "rate"));
  EXPECT_EQ(folder.load().error().text(),
            "kpis/y.yaml:13:12: y:default is an amount of money, and its unit is rate; write unit: money");
  folder.write("y.yaml", definition("y", count, "kpi.x / kpi.x\n    n: m", "rate"));
  EXPECT_TRUE(folder.load());
}

TEST(Units, WhatIsDividedByAnAmountSaysWhatItRestsOn) {
  const DefinitionFolder folder;
  const std::string text = definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m / m");
  folder.write("x.yaml", text);
  EXPECT_EQ(folder.load().error().code, "definition.n");
}

TEST(Units, ARatioOfUnlikePopulationsHasNoInterval) {
  const auto refused = [](const std::string& second, const std::string& value) {
    const DefinitionFolder folder;
    folder.write("x.yaml",
                 definition("x", "{from: sales, at: sold_at, count: rows, where: channel = 'web'}\n  w: " + second,
                            value + "\n    interval: {kind: wilson}", value == "m + w" ? "count" : "rate"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code + ": " + loaded.error().message;
  };
  EXPECT_EQ(refused("{from: sales, at: sold_at, count: rows}", "m / w"), "");
  EXPECT_EQ(refused("{from: sales, at: sold_at, distinct: customer_key}", "m / w"),
            "definition.populations: a ratio of unlike populations: m counts sales by sold_at, w counts distinct "
            "customer_key of sales by sold_at");
  EXPECT_EQ(
      refused("{from: deals, at: created_at, count: rows}", "m / w"),
      "definition.populations: a ratio of unlike populations: m counts sales by sold_at, w counts deals by created_at");
  EXPECT_EQ(refused("{from: sales, at: sold_at, count: rows, over: trailing_12_months}", "m / w"),
            "definition.populations: a ratio of unlike populations: m counts sales by sold_at, w counts sales by "
            "sold_at over a span of its own");
  EXPECT_EQ(refused("{from: sales, at: sold_at, count: rows}", "m + w"),
            "definition.share: the interval wilson is of a share: a count divided by a count");
  EXPECT_EQ(refused("{from: sales, at: sold_at, sum: amount_net}", "m / w"),
            "definition.share: the interval wilson is of a share, and w is no count");
}

TEST(Units, AScoreAndAMarkAreNoCount) {
  const DefinitionFolder folder;
  const auto told = [&](const std::string& value, const std::string& unit) {
    folder.write("x.yaml",
                 definition("x",
                            "{from: sales, at: sold_at, count: rows}\n  w: {from: sales, at: sold_at, distinct: "
                            "customer_key}\n  s: {from: survey_answers, at: answered_at, sum: score}",
                            value, unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(told("m", "score"), "kpis/x.yaml:15:12: x:default is a count, and its unit is score; write unit: count");
  EXPECT_EQ(told("m / w", "mark"),
            "kpis/x.yaml:15:12: x:default is a share or a ratio, and its unit is mark; write unit: rate");
  EXPECT_EQ(told("m", "mark"), "kpis/x.yaml:15:12: x:default is a count, and its unit is mark; write unit: count");
  EXPECT_EQ(told("100 * m / w", "score"), "");
  EXPECT_EQ(told("s / m", "mark"), "");
}

}  // namespace
}  // namespace vigie::catalog
