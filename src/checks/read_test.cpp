#include <gtest/gtest.h>

#include "checks/condition.h"

namespace vigie::checks {
namespace {

class ReadChecks : public testing::Test {
 protected:
  ReadChecks() : model_(*model::Model::load(std::filesystem::path(VIGIE_SOURCE_DIR) / "model")) {}
  Subject orders() const {
    return {model_, *model_.table("orders"), {{"orders", "x_store", store::AttributeType::text}}};
  }
  Result<std::vector<Check>> read(const std::string& list) const {
    const auto root = YamlNode::parse("checks:\n" + list, "maps/orders.yaml");
    if (!root) return std::unexpected(root.error());
    return read_checks(*root->find("checks"), orders());
  }
  /// The names, or the error.
  std::string told(const std::string& list) const {
    const auto found = read(list);
    if (!found) return found.error().text();
    std::string out;
    for (const Check& check : *found) out += (out.empty() ? "" : " | ") + check.name;
    return out;
  }
  /// What a check asks of each row, where the workspace counts in euros.
  std::string asks(const std::string& entry) const {
    const auto found = read("  - " + entry + "\n");
    return found ? condition_of(found->front(), orders(), "EUR") : found.error().text();
  }
  model::Model model_;
};

TEST_F(ReadChecks, EachIsCalledByWhatItSays) {
  EXPECT_EQ(told("  - not_null: [customer_key, amount_net]\n"
                 "  - {unique: [customer_key, ordered_at], severity: error}\n"
                 "  - {in_set: channel, values: [web, shop]}\n"
                 "  - {name: no giants, range: amount_net, min: 0, max: 10000 EUR}\n"
                 "  - referential: customer_key\n"
                 "  - {expect: \"amount_net >= 0 EUR\", where: \"status = 'confirmed'\"}\n"
                 "  - {freshness: ordered_at, within: 2 working days}\n"
                 "  - volume: usual\n"
                 "  - {sum: amount_net, equals: 1234.5}\n"),
            "not_null customer_key, amount_net | unique customer_key, ordered_at | in_set channel | no giants | "
            "referential customer_key | expect amount_net >= 0 EUR | freshness ordered_at | volume | sum amount_net");
}

TEST_F(ReadChecks, WhatIsAskedOfARow) {
  EXPECT_EQ(asks("not_null: [customer_key, amount_net]"),
            "\"customer_key\" is not null and \"amount_net_document\" is not null")
      << "an amount without a rate is an amount";
  EXPECT_EQ(asks("{in_set: x_store, values: [Lyon, L'Isle]}"),
            "\"x_store\" is null or \"x_store\" in ('Lyon', 'L''Isle')");
  EXPECT_EQ(asks("{range: amount_net, min: 0, max: 100 EUR}"), "\"amount_net\" >= 0 EUR and \"amount_net\" <= 100 EUR");
  EXPECT_EQ(asks("{range: amount_net, max: 100 USD}"), "currency != 'USD' or (\"amount_net_document\" <= 100)")
      << "in another currency, as its documents say";
  EXPECT_EQ(asks("{range: ordered_at, min: 2020-01-01}"), "date(\"ordered_at\") >= '2020-01-01'");
}

TEST_F(ReadChecks, WhatIsWrongIsToldWithItsPlace) {
  EXPECT_EQ(told("  - not_nul: customer_key\n"),
            "maps/orders.yaml:2:5: unknown key \"not_nul\"; did you mean \"not_null\"?");
  EXPECT_EQ(told("  - not_null: custmer_key\n"),
            "maps/orders.yaml:2:15: unknown column \"custmer_key\" in orders; did you mean \"customer_key\"?");
  EXPECT_EQ(told("  - {not_null: channel, unique: channel}\n"),
            "maps/orders.yaml:2:25: one check is not_null and unique: write two");
  EXPECT_EQ(told("  - {not_null: channel, within: 2 days}\n"),
            "maps/orders.yaml:2:33: within means nothing to not_null");
  EXPECT_EQ(told("  - {in_set: status, values: [confirmd]}\n"),
            "maps/orders.yaml:2:31: status never is \"confirmd\"; did you mean \"confirmed\"?");
  EXPECT_EQ(told("  - {range: amount_net, min: 1 EUR, max: 2 USD}\n"),
            "maps/orders.yaml:2:42: one bound is in EUR, the other in USD; say both in one currency");
  EXPECT_EQ(told("  - {range: amount_net, min: 10, max: 2}\n"),
            "maps/orders.yaml:2:39: the range ends before it begins");
  EXPECT_EQ(told("  - {range: channel, min: 1}\n"),
            "maps/orders.yaml:2:13: channel is no number and no day: it has no range; say in_set, or expect");
  EXPECT_TRUE(
      told("  - referential: channel\n").starts_with("maps/orders.yaml:2:18: channel refers to no table; known: "));
  EXPECT_EQ(told("  - {freshness: ordered_at, within: 2 weeks}\n"),
            "maps/orders.yaml:2:37: \"2 weeks\" is no age; write 36 hours, 2 days or 2 working days");
  EXPECT_EQ(told("  - {expect: \"amount_net >= 0\"}\n").substr(0, 22), "maps/orders.yaml:2:28:")
      << "money with a number";
  EXPECT_EQ(told("  - {not_null: channel, severity: fatal}\n").substr(0, 56),
            "maps/orders.yaml:2:35: unknown severity \"fatal\"; known: ");
  EXPECT_EQ(told("  - not_null: channel\n  - not_null: channel\n"),
            "maps/orders.yaml:3:5: two checks are called \"not_null channel\"; give one of them a name: …");
  EXPECT_EQ(told("  - {sum: amount_net, equals: {table: ordres, sum: amount_net}}\n"),
            "maps/orders.yaml:2:39: unknown table \"ordres\"; did you mean \"orders\"?");
}

TEST_F(ReadChecks, TheirOwnTextReadsBack) {
  const auto found = read("  - {range: amount_net, min: 0, max: 100 EUR, where: \"channel = 'web'\"}\n");
  ASSERT_TRUE(found) << found.error().text();
  const auto again = read_check(*YamlNode::parse(found->front().text, "_checks"), orders());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->text, found->front().text);
  EXPECT_EQ(condition_of(*again, orders(), "EUR"), condition_of(found->front(), orders(), "EUR"));
}

}  // namespace
}  // namespace vigie::checks
