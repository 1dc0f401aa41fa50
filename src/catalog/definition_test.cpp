// What a definition may say: its fields, its parameters and their defaults, its measures, what its formulas name.
#include <gtest/gtest.h>

#include "catalog/catalog_fixture.h"
#include "catalog/parameter_value.h"

namespace vigie::catalog {
namespace {

TEST(Definition, NamesAreWhatQuestionsCanSpell) {
  const DefinitionFolder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}", longest(64, 'v');
  const auto said = [&](const std::string& id, const std::string& variant, const std::string& parameter) {
    folder.write(
        "x.yaml",
        definition("'" + id + "'", sum,
                   "m\n  " + variant + ":\n    label: {en: X, fr: X}\n    words: {en: X, fr: X}\n    value: m", "money",
                   "parameters:\n  " + parameter + ": {type: days, default: 30, label: {en: X, fr: X}}\n"));
    const std::string text = folder.refusal();
    return text.substr(0, text.find(';'));
  };
  EXPECT_EQ(said("a", longest, "lag"), "");
  EXPECT_EQ(said(longest, "v", "lag"), "");
  for (const std::string& id :
       {std::string("Large Sales"), std::string("a:b"), std::string("9lives"), std::string("große"), longest + "v"})
    EXPECT_EQ(said(id, "v", "lag"), "kpis/x.yaml:1:5: \"" + id + "\" is no id of a KPI");
  EXPECT_EQ(said("a", longest + "v", "lag"), "kpis/x.yaml:16:3: \"" + longest + "v\" is no name of a variant");
  EXPECT_EQ(said("a", "by month", "lag"), "kpis/x.yaml:16:3: \"by month\" is no name of a variant");
  EXPECT_EQ(said("a", "v", "Lag"), "kpis/x.yaml:6:3: \"Lag\" is no name of a parameter");
  for (const std::string parameter : {"unknown_amount", "period_months"})
    EXPECT_EQ(said("a", "v", parameter), "kpis/x.yaml:6:3: \"" + parameter + "\" is what formulas are given already");
}

TEST(Definition, ADefinitionHoldsWhatItsFieldsCanBe) {
  const std::string text = definition("x", "{from: sales, at: sold_at, sum: amount_net}", "m");
  const auto refused = [&](const std::string& line) {
    const DefinitionFolder folder;
    folder.write("x.yaml", line + "\n" + text);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(refused("version: 2"), "");
  EXPECT_EQ(refused("version: 4294967297"),
            "kpis/x.yaml:1:10: version is a whole number between 1 and 1000000, not 4294967297");
  EXPECT_EQ(refused("version: 0"), "kpis/x.yaml:1:10: version is a whole number between 1 and 1000000, not 0");
  EXPECT_EQ(refused("min_sample: 0"), "");
  EXPECT_EQ(refused("min_sample: -5"), "kpis/x.yaml:1:13: min_sample is a whole number between 0 and 1000000, not -5");
  EXPECT_EQ(refused("additivity: stock"), "");
  EXPECT_EQ(refused("additivity: nonsense"),
            "kpis/x.yaml:1:13: \"nonsense\" is not one of the choices; known: ratio, additive, stock");
  EXPECT_EQ(refused("parameters: [window]"), "kpis/x.yaml:1:13: a mapping (key: value) was expected here");
}

TEST(Definition, WhatIsReadEntryByEntryIsAMapping) {
  const auto refused = [](const std::string& text) {
    const DefinitionFolder folder;
    folder.write("x.yaml", text);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  const std::string measure = "{from: sales, at: sold_at, sum: amount_net}";
  std::string measures = definition("x", measure, "m");
  measures.replace(measures.find("measures:\n  m: " + measure), 15 + measure.size(), "measures: 7");
  EXPECT_EQ(refused(measures), "kpis/x.yaml:7:11: a mapping (key: value) was expected here");
  for (const char* key : {"axes", "params", "beside"})
    EXPECT_EQ(refused(definition("x", measure, "m") + fmt::format("    {}: [m]\n", key)),
              fmt::format("kpis/x.yaml:14:{}: a mapping (key: value) was expected here", std::string(key).size() + 7));
  EXPECT_EQ(refused(definition("x", measure, "m") + "    warns: m\n"),
            "kpis/x.yaml:14:12: a list was expected here; write each behind a dash, or all in [ ]");
  EXPECT_EQ(refused("reasons: [no_data]\n"), "kpis/x.yaml:1:10: a mapping (key: value) was expected here");
}

TEST(Definition, TheDefaultOfAParameterHoldsToItsBounds) {
  const auto refused = [](const std::string& parameter, const std::string& of_variant) {
    const DefinitionFolder folder;
    folder.write("x.yaml", "parameters: {w: {" + parameter + ", label: {en: X, fr: X}}}\n" +
                               definition("x", "{from: sales, at: sold_at, count: rows}", "m", "count") + of_variant);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(refused("type: days, default: 30, min: 1, max: 90", ""), "");
  EXPECT_EQ(refused("type: days, default: 7, min: 10, max: 5", ""),
            "kpis/x.yaml:1:47: the least value 10 is above the greatest, 5; exchange min and max");
  EXPECT_EQ(refused("type: days, default: never", ""),
            "kpis/x.yaml:1:39: \"never\" is no value for the parameter \"w\"; write a number");
  EXPECT_EQ(refused("type: integer, default: 1.5", ""),
            "kpis/x.yaml:1:42: \"1.5\" is no value for the parameter \"w\"; write a whole number");
  EXPECT_EQ(refused("type: days, default: 0, min: 1", ""),
            "kpis/x.yaml:1:39: w = 0 is out of bounds; it is 1 at least");
  EXPECT_EQ(refused("type: number, default: 2, max: 1.5", ""),
            "kpis/x.yaml:1:41: w = 2 is out of bounds; it is 1.5 at most");
  EXPECT_EQ(refused("type: number, default: 2, max: nan", ""), "kpis/x.yaml:1:49: nan is no bound; write a number");
  EXPECT_EQ(refused("type: choice, default: on, values: [of, off]", ""),
            "kpis/x.yaml:1:41: \"on\" is no value for the parameter \"w\"; did you mean \"of\"?");
  EXPECT_EQ(refused("type: days, default: 30, max: 90", "    params: {w: 91}\n"),
            "kpis/x.yaml:15:17: w = 91 is out of bounds; it is 90 at most");
}

TEST(Definition, DaysWithoutABoundEndBeforeTheyOverflow) {
  Parameter days;
  days.kind = Parameter::Kind::days;
  days.name = "lag";
  EXPECT_EQ(std::get<expr::Micros>(*value_of(days, "1000000")).value, 1'000'000 * kMicrosPerDay);
  EXPECT_EQ(value_of(days, "106751992").error().text(),
            "lag = 106751992 is out of bounds; it lies between -1000000 and 1000000")
      << "in microseconds it would be more than 64 bits hold";
  EXPECT_EQ(value_of(days, "99999999999999999999999").error().code, "parameter.range");
  Parameter least;
  least.min = 1;
  EXPECT_EQ(value_of(least, "0").error().hint, "it is 1 at least") << "no bound is told that none declared";
}

TEST(Definition, ADefaultIsMeasuredByASingleFigureInDays) {
  const std::string count = "{from: sales, at: sold_at, count: rows}";
  const auto refused = [&](const std::string& type, const std::string& measured, const std::string& unit) {
    const DefinitionFolder folder;
    folder.write("x.yaml", "parameters:\n  lag: {type: " + type + ", default: 30, label: {en: X, fr: X}}\n" +
                               definition("x", count, "m", "count") + "    params: {lag: {measured: " + measured +
                               "}}\n");
    const std::string cycles = "{from: deals, at: closed_at, histogram: cycle}";
    folder.write("y.yaml", definition("y", unit == "days" ? cycles : count, "m", unit));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code + ": " + loaded.error().message;
  };
  EXPECT_EQ(refused("days", "[y]", "days"), "");
  EXPECT_EQ(refused("days", "[y]", "count"),
            "definition.measured: y:default is no single figure in days: it cannot measure lag");
  EXPECT_EQ(refused("number", "[y]", "days"), "definition.measured: lag is no number of days: nothing measures it");
  EXPECT_EQ(refused("days", "[z]", "days"), "definition.unknown_kpi: unknown KPI \"z\"");
  EXPECT_EQ(refused("days", "[\"y:mean\"]", "days"), "variant.unknown: y has no variant \"mean\"");
  EXPECT_EQ(refused("days", "[x]", "days").substr(0, 16), "definition.cycle");
}

TEST(Definition, AMeasureSaysWhenAndHowFar) {
  const DefinitionFolder folder;
  folder.write("x.yaml", definition("x", "{from: sales, sum: amount_net}", "m"));
  EXPECT_EQ(
      folder.load().error().text(),
      "kpis/x.yaml:8:6: when? sales has no row per period, so the measure needs at; say at: COLUMN, one of its dates "
      "or instants");
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amount_net, over: trailing_days}", "m"));
  EXPECT_EQ(
      folder.load().error().text(),
      "kpis/x.yaml:8:6: over needs a parameter \"trailing\", in days; declare it under parameters, with type: days "
      "and a default");
}

TEST(Definition, AMisspeltColumnIsNamedWithItsPlaceAndTheNearestOne) {
  const DefinitionFolder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: amout_net}", "m"));
  EXPECT_EQ(folder.load().error().text(),
            "kpis/x.yaml:8:38: unknown column \"amout_net\" in sales; did you mean \"amount_net\"?");
}

TEST(Definition, AColumnOfAFewValuesIsComparedWithThem) {
  const DefinitionFolder folder;
  const auto told = [&](const std::string& where) {
    folder.write("x.yaml",
                 definition("x", "{from: sales, at: sold_at, count: rows, where: \"" + where + "\"}", "m", "count"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().text();
  };
  EXPECT_EQ(told("customer.kind = 'compny'"),
            "kpis/x.yaml:8:70: customer.kind is never 'compny'; did you mean \"company\"?");
  EXPECT_EQ(told("not (customer.kind in ('company', 'persons'))"),
            "kpis/x.yaml:8:88: customer.kind is never 'persons'; did you mean \"person\"?");
  EXPECT_EQ(told("customer.kind != 'person' and customer.segment = 'anything'"), "");
  // Deals are built from the rows of opportunities: their columns of the same name hold the same values.
  folder.write("x.yaml",
               definition("x", "{from: deals, at: closed_at, count: rows, where: \"outcome = 'wonn'\"}", "m", "count"));
  EXPECT_EQ(folder.load().error().text(), "kpis/x.yaml:8:66: outcome is never 'wonn'; did you mean \"won\"?");
  // So do those of relations that are built of several tables, or count something else than the rows of one.
  const auto in = [&](const std::string& measure) {
    folder.write("x.yaml", definition("x", "{from: " + measure + "}", "m", "count"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().message;
  };
  EXPECT_EQ(in("stays, at: entered_at, count: rows, where: \"outcome = 'wonn'\""), "outcome is never 'wonn'");
  EXPECT_EQ(in("stays, at: entered_at, count: rows, where: \"outcome = 'won' and exit = 'anything'\""), "");
  EXPECT_EQ(in("sale_lines, at: sold_at, count: rows, where: \"kind = 'good'\""), "kind is never 'good'");
  EXPECT_EQ(in("acquisitions, at: acquired_at, count: rows, where: \"relation = 'contracts'\""),
            "relation is never 'contracts'");
  EXPECT_EQ(in("customer_periods, count: rows, where: \"relation in ('contract', 'buyer')\""),
            "relation is never 'buyer'");
}

TEST(Definition, ADivisionCannotBeSummed) {
  const DefinitionFolder folder;
  folder.write("x.yaml", definition("x", "{from: sales, at: sold_at, sum: discount / amount_net}", "m"));
  EXPECT_EQ(folder.load().error().code, "definition.inexact_sum");
}

TEST(Definition, RowsAreOrderedByWholeNumbers) {
  const DefinitionFolder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("x.yaml", definition("x", sum, "m") + "    axes: {channel: {column: channel, order: channel}}\n");
  EXPECT_EQ(folder.load().error().code, "definition.axis");
}

TEST(Definition, ANamedVariantMustBeThere) {
  const DefinitionFolder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("x.yaml", definition("x", sum, "m"));
  folder.write("y.yaml", definition("y", sum, "kpi.x.other / 1"));
  EXPECT_EQ(folder.load().error().text(), "kpis/y.yaml:11:5: x has no variant \"other\"; known: default");
  folder.write("y.yaml", definition("y", sum, "kpi.x.default.more / 1"));
  EXPECT_EQ(folder.load().error().text(), "kpis/y.yaml:11:5: x has no variant \"default.more\"; known: default");
}

TEST(Definition, EveryVersionIsCheckedForCircles) {
  const DefinitionFolder folder;
  const std::string sum = "{from: sales, at: sold_at, sum: amount_net}";
  folder.write("x.yaml", definition("x", sum, "m"));
  folder.write("x2.yaml", "version: 2\n" + definition("x", sum, "kpi.y / 1"));
  folder.write("y.yaml", definition("y", sum, "kpi.x / 1"));
  const auto catalog = folder.load();
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().code, "definition.cycle");
  EXPECT_NE(catalog.error().message.find("x → y → x"), std::string::npos) << catalog.error().text();
}

TEST(Definition, WhatCountsUnitsIsFollowedLikeAFormula) {
  const DefinitionFolder folder;
  const auto told = [&](const std::string& more) {
    folder.write("a.yaml", definition("a", "{from: sales, at: sold_at, count: rows}", "m\n    " + more, "count"));
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code;
  };
  EXPECT_EQ(told("n: kpi.a + 0"), "definition.cycle");
  EXPECT_EQ(told("unpriced: kpi.a + m"), "definition.cycle");
  EXPECT_EQ(told("warns: [{unpriced: {count: kpi.a + 0}}]"), "definition.cycle");
  EXPECT_EQ(told("n: kpi.nope + 0"), "definition.unknown_kpi");
  EXPECT_EQ(told("n: m + 0"), "");
}

TEST(Definition, AQuantileLiesBetweenNothingAndAll) {
  const DefinitionFolder folder;
  const auto told = [&](const std::string& q, const std::string& parameter, const std::string& fixed = "") {
    std::string text = definition("x", "{from: sales, at: sold_at, histogram: amount_net}", "m", "money");
    const std::string value = "value: m";
    text.replace(text.find(value), value.size(), fmt::format("quantile: {{of: m, q: {}}}{}", q, fixed));
    const std::string measures = "measures:";
    text.insert(text.find(measures),
                fmt::format("parameters:\n  q: {{type: number, default: {}, label: {{en: q, fr: q}}}}\n", parameter));
    folder.write("x.yaml", text);
    const auto loaded = folder.load();
    return loaded ? "" : loaded.error().code;
  };
  for (const char* fine : {"0", "0.5", "1", "$q"}) EXPECT_EQ(told(fine, "0.9"), "") << fine;
  for (const char* wrong : {"2", "-0.1", "half", "$p"}) EXPECT_EQ(told(wrong, "0.9"), "definition.quantile") << wrong;
  EXPECT_EQ(told("$q", "5"), "definition.quantile");
  EXPECT_EQ(told("$q", "0.9", "\n    params: {q: \"2\"}"), "parameter.range");
  EXPECT_EQ(told("0.5", "5"), "");
}

}  // namespace
}  // namespace vigie::catalog
