#include "model/model.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "model/shipped_model.h"

namespace vigie::model {
namespace {

namespace fs = std::filesystem;

/// A folder with a model of one table, for mistakes.
class Mistakes : public ::testing::Test {
 protected:
  /// Loads a table "things" with these lines after its columns' first one, and gives the error.
  Error error_of(const std::string& head, const std::string& columns) {
    write("things.yaml",
          "table: things\nlabel: {en: Things, fr: Choses}\ngrain: {en: One thing, fr: Une chose}\n" + head +
              "\ncolumns:\n  made_at: {type: instant, label: {en: A, fr: B}, meaning: {en: A, fr: B}}\n" + columns);
    auto model = Model::load(folder_.path());
    if (model) return {};
    Error error = model.error();
    error.where.file = fs::path(error.where.file).filename();
    return error;
  }
  void write(const char* file, const std::string& text) const { folder_.write(file, text); }

  static std::string column(const std::string& name, const std::string& rest) {
    return fmt::format("  {}: {{{}, label: {{en: A, fr: B}}, meaning: {{en: A, fr: B}}}}\n", name, rest);
  }

  const TestFolder folder_;
};

TEST(Model, HasTheTablesOfTheHandbook) {
  for (const char* name : {"customers",
                           "leads",
                           "opportunities",
                           "opportunity_stage_changes",
                           "stages",
                           "activities",
                           "orders",
                           "order_lines",
                           "payments",
                           "deal_tags",
                           "refunds",
                           "subscriptions",
                           "touchpoints",
                           "channel_spend",
                           "survey_responses",
                           "headcount",
                           "products",
                           "employees",
                           "teams",
                           "fx_rates",
                           "costs",
                           "holidays",
                           "quotas"}) {
    EXPECT_NE(shipped_model().table(name), nullptr) << name;
  }
  EXPECT_EQ(shipped_model().table("order"), nullptr);
  EXPECT_EQ(shipped_model().tables().size(), 23U);
}

TEST(Model, KnowsTypesKeysAndReferences) {
  const Table& orders = *shipped_model().table("orders");
  EXPECT_EQ(orders.find("amount_net")->type, ColumnType::money);
  EXPECT_EQ(orders.find("customer_key")->references, "customers");
  EXPECT_EQ(orders.find("status")->values, (std::vector<std::string>{"confirmed", "cancelled", "draft", "test"}));
  EXPECT_EQ(orders.find("status")->fallback, "confirmed");
  EXPECT_TRUE(orders.find("ordered_at")->required);
  EXPECT_TRUE(orders.key.empty()) << "a shop without order numbers is a shop";
  EXPECT_EQ(shipped_model().table("customers")->key, std::vector<std::string>{"key"});
  EXPECT_EQ(shipped_model().table("fx_rates")->key, (std::vector<std::string>{"date", "currency"}));
  EXPECT_EQ(shipped_model().table("order_lines")->priced_at, std::vector<std::string>{"order_key.ordered_at"});
  EXPECT_EQ(shipped_model().table("opportunities")->find("probability")->range.max, Decimal::integer(1));
  EXPECT_EQ(orders.find("amout_net"), nullptr);
  ASSERT_EQ(shipped_model().common_columns().size(), 2U);
  EXPECT_EQ(shipped_model().common_columns()[1].name, "deleted_at");
}

TEST(Model, DeclaresNeighboursWhereFirstsAndNextsAreAsked) {
  const auto& orders = shipped_model().table("orders")->neighbours;
  ASSERT_TRUE(orders);
  EXPECT_EQ(orders->by, (std::vector<std::string>{"customer_key", "document"}));
  EXPECT_EQ(orders->order, "ordered_at");
  EXPECT_TRUE(expr::same(orders->where,
                         expr::all_of({expr::eq(expr::column("status", expr::Type::text), expr::text("confirmed")),
                                       expr::is_null(expr::column("cancelled_at", expr::Type::instant))})));
  EXPECT_TRUE(shipped_model().table("subscriptions")->neighbours);
  EXPECT_TRUE(shipped_model().table("opportunity_stage_changes")->neighbours);
  EXPECT_FALSE(shipped_model().table("customers")->neighbours);
}

TEST(Model, EveryTextIsInBothLanguages) {
  for (const Table& table : shipped_model().tables()) {
    EXPECT_FALSE(table.label.en.empty() || table.label.fr.empty()) << table.name;
    for (const Column& column : table.columns) {
      EXPECT_FALSE(column.label.en.empty() || column.label.fr.empty()) << table.name << "." << column.name;
      EXPECT_FALSE(column.meaning.en.empty() || column.meaning.fr.empty()) << table.name << "." << column.name;
    }
  }
}

TEST(Model, RelationsReachTablesThroughTheirKeys) {
  const Relation* sales = shipped_model().relation("sales");
  ASSERT_NE(sales, nullptr);
  EXPECT_EQ(sales->find("customer_key")->path, "customer");
  EXPECT_EQ(sales->find("amount_net")->type, expr::Type::money);
  EXPECT_EQ(sales->find("amount_net")->scale, 6);
  EXPECT_EQ(sales->dimensions.at("segment"), "customer.segment");
}

TEST(Model, ChannelsHaveNineGroupsAndEveryRelationWithAChannelHasThem) {
  std::vector<std::string> ids;
  for (const ChannelGroup& group : shipped_model().channel_groups()) {
    ids.push_back(group.id);
    EXPECT_FALSE(group.label.en.empty() || group.label.fr.empty()) << group.id;
  }
  EXPECT_EQ(ids, (std::vector<std::string>{"paid_ads", "social", "organic_search", "email", "referral", "events",
                                           "outbound", "direct", "unknown"}));
  for (const Relation& relation : shipped_model().relations())
    EXPECT_EQ(relation.dimensions.contains("channel"), relation.dimensions.contains("channel_group")) << relation.name;
  EXPECT_TRUE(shipped_model().relation("sales")->find("channel_group")->derived);
}

TEST(Model, ANameIsSpeltInManyWays) {
  EXPECT_EQ(spellings("réseaux sociaux"),
            (std::vector<std::string>{"reseaux sociaux", "reseaux-sociaux", "reseaux_sociaux", "reseauxsociaux",
                                      "réseaux sociaux", "réseaux-sociaux", "réseaux_sociaux", "réseauxsociaux"}));
  EXPECT_EQ(spellings("Événements"), (std::vector<std::string>{"evenements", "événements"}));
  EXPECT_EQ(spellings("ŒUVRE ÀÖØÞ Ÿ×Ž").back(), "œuvreàöøþÿ×ž") << "as the engine lowers the texts of rows";
  EXPECT_EQ(spellings("seo"), (std::vector<std::string>{"seo"}));
}

TEST_F(Mistakes, ASoundTableLoads) {
  EXPECT_EQ(error_of("key: optional\ntime: made_at", column("name", "type: text")).text(), Error{}.text());
}

TEST_F(Mistakes, AMisspeltWordIsNamedWithTheNearest) {
  Error error = error_of("key: optional\ntime: maid_at", "");
  EXPECT_EQ(error.text(), "things.yaml:5:7: unknown column \"maid_at\" in things; did you mean \"made_at\"?");
  error = error_of("key: optional\ntiem: made_at", "");
  EXPECT_EQ(error.code, "yaml.unknown_key");
  EXPECT_EQ(error.where.line, 5);
  error = error_of("key: optional", column("size", "type: quantiti"));
  EXPECT_EQ(error.text(), "things.yaml:7:16: no column type \"quantiti\"; did you mean \"quantity\"?");
  error = error_of("key: optional", column("owner_key", "type: key, references: thing"));
  EXPECT_EQ(error.code, "model.unknown_table");
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_NE(error.hint.find("things"), std::string::npos);
}

TEST_F(Mistakes, ConditionsAreCheckedAgainstTheTable) {
  const std::string neighbours = "key: optional\nneighbours: {by: [kind], order: made_at, where: \"knd = 'a'\"}";
  const Error error = error_of(neighbours, column("kind", "type: text"));
  EXPECT_EQ(error.code, "expr.unknown_column");
  EXPECT_EQ(error.where.line, 5);
  EXPECT_EQ(error.where.column, 50);
  EXPECT_EQ(error_of("key: optional\nneighbours: {by: [kind], order: kind}", column("kind", "type: text")).code,
            "model.time");
  EXPECT_EQ(error_of("key: optional\nchecks: {early: {holds: \"kind + 1\", message: {en: A, fr: B}}}",
                     column("kind", "type: text"))
                .code,
            "expr.type");
}

TEST_F(Mistakes, WhatDoesNotFitIsRefused) {
  const auto code = [&](const std::string& rest) { return error_of("key: optional", column("c", rest)).code; };
  EXPECT_EQ(code("type: enumeration"), "model.values");
  EXPECT_EQ(code("type: text, values: [a]"), "model.values");
  EXPECT_EQ(code("type: enumeration, values: [a, a]"), "model.values");
  EXPECT_EQ(code("type: enumeration, values: [a, b], fallback: c"), "model.fallback");
  EXPECT_EQ(code("type: boolean, fallback: maybe"), "model.fallback");
  EXPECT_EQ(code("type: money, fallback: \"0\""), "model.fallback");
  EXPECT_EQ(code("type: text, references: things"), "model.references");
  EXPECT_EQ(code("type: rate, range: {min: 2, max: 1}"), "model.range");
  EXPECT_EQ(code("type: rate, range: {min: low}"), "model.range");
  EXPECT_EQ(code("type: text, range: {min: 1}"), "model.range");
  EXPECT_EQ(code("type: money"), "model.currency");
  EXPECT_EQ(error_of("key: sometimes", "").code, "model.key");
  EXPECT_EQ(error_of("key: [made]", "").code, "model.unknown_column");
  for (const char* name :
       {"key", "source", "deleted_at", "x_mine", "nth", "prev_at", "made_at_day", "made_at_bare", "Name", "9a"}) {
    EXPECT_EQ(error_of("key: optional", column(name, "type: text")).code, "model.name") << name;
  }
}

TEST_F(Mistakes, AFileIsCalledAfterItsTable) {
  write("stuff.yaml", "table: things\nlabel: {en: A, fr: B}\ngrain: {en: A, fr: B}\nkey: optional\ncolumns:\n" +
                          column("name", "type: text"));
  EXPECT_EQ(Model::load(folder_.path()).error().code, "model.file_name");
  EXPECT_EQ(Model::load(folder_ / "absent").error().code, "model.folder");
}

TEST_F(Mistakes, RelationsAreHeldAgainstTheTables) {
  fs::create_directory(folder_ / "relations");
  const auto code = [&](const std::string& columns, const std::string& dimensions) {
    write("relations/deeds.yaml", "relation: deeds\nlabel: {en: A, fr: B}\nmeaning: {en: A, fr: B}\ncolumns:\n" +
                                      columns + "dimensions: {" + dimensions + "}\n");
    return error_of("key: optional", column("name", "type: text")).code;
  };
  const std::string reach = "  thing_key: {type: integer, references: things, path: thing}\n";
  EXPECT_EQ(code(reach, "thing: thing.name"), "");
  EXPECT_EQ(code(reach, "thing: thing.nme"), "model.unknown_column");
  EXPECT_EQ(code(reach, "thing: other.name"), "model.unknown_path");
  EXPECT_EQ(code(reach, "thing: thing_kee"), "model.unknown_column");
  EXPECT_EQ(code("  thing_key: {type: text, references: things, path: thing}\n", ""), "model.references");
  EXPECT_EQ(code("  thing_key: {type: integer, references: things}\n", ""), "model.references");
  EXPECT_EQ(code("  thing_key: {type: integer, references: thngs, path: thing}\n", ""), "model.unknown_table");
  EXPECT_EQ(code("  size: {type: money, scale: 40}\n", ""), "model.scale");
  EXPECT_EQ(code("  size: {type: mony}\n", ""), "model.type");
  EXPECT_EQ(code("  owner_key: {type: integer, at_event: maybe}\n", ""), "yaml.type");
  const auto versions = [&](const std::string& tables) {
    return code("  size: {type: text}\nversions_of: " + tables + "\n", "");
  };
  EXPECT_EQ(versions("[things]"), "");
  EXPECT_EQ(versions("thngs"), "model.unknown_table");
  const auto values = [&](const std::string& tables) {
    return code("  size: {type: text}\nvalues_of: " + tables + "\n", "");
  };
  EXPECT_EQ(values("thngs"), "model.unknown_table");
  EXPECT_EQ(values("things"), "model.values_of") << "no column of few values there";
}

}  // namespace
}  // namespace vigie::model
