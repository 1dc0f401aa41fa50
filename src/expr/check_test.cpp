#include "expr/check.h"

#include <gtest/gtest.h>

#include "expr/print.h"
#include "expr/test_scope.h"

namespace vigie::expr {
namespace {

/// "money(6)", "boolean"; or the error with its code.
std::string type_of(std::string_view text) {
  const auto e = check(text);
  if (!e) return e.error().code + " " + e.error().text();
  const bool scaled = (*e)->type == Type::number || (*e)->type == Type::money;
  return scaled ? fmt::format("{}({})", name_of((*e)->type), (*e)->scale) : std::string(name_of((*e)->type));
}

TEST(Check, SuggestsTheNearestName) {
  EXPECT_EQ(type_of("amout > 1 EUR"),
            "expr.unknown_column 1:1: unknown column \"amout\" in orders; did you mean \"amount\"?");
  EXPECT_EQ(type_of("$windw > 1 day"),
            "expr.unknown_parameter 1:1: unknown parameter $windw; did you mean \"window\"?");
  EXPECT_EQ(type_of("lowr(channel)"), "expr.unknown_function 1:1: unknown function \"lowr\"; did you mean \"lower\"?");
  EXPECT_EQ(type_of("channel = \"paid\""),
            "expr.unknown_column 1:11: unknown column \"paid\" in orders; a text stands between single quotes: 'paid'");
}

TEST(Check, CurrentNamesAColumnAsItIsNow) {
  EXPECT_EQ(type_of("current(channel) = 'paid'"), "boolean");
  EXPECT_EQ(type_of("current(amount)"), "money(6)");
  EXPECT_EQ(read("Current(customer.segment) = 'large' and channel = 'a'"),
            "current(customer.segment) = 'large' and channel = 'a'");
  EXPECT_EQ(check("current(channel)").value()->name, "current:channel");
  EXPECT_EQ(type_of("current(chanel)"),
            "expr.unknown_column 1:9: unknown column \"chanel\" in orders; did you mean \"channel\"?");
  EXPECT_EQ(type_of("current(1 + 1)"), "expr.type 1:1: current wants the name of a column; write current(segment)");
  EXPECT_EQ(type_of("current(as_of)"), "expr.type 1:9: \"as_of\" is no column");
  EXPECT_EQ(type_of("\"current:channel\" = 'a'").substr(0, 20), "expr.unknown_column ");
}

/// Orders that name their customer by a key of ours, and another order by one that no source knows.
class KeyScope final : public TestScope {
 public:
  std::optional<ColumnInfo> column(std::string_view name) const override {
    if (name == "customer_key") return ColumnInfo{Type::integer, 0, true, "customer_key.source_key"};
    if (name == "next_key") return ColumnInfo{Type::integer, 0, true, {}};
    return TestScope::column(name);
  }
};

TEST(Check, AKeyBesideATextIsThatOfItsSource) {
  const KeyScope scope;
  const auto read = [&](std::string_view text) {
    const auto e = parse_and_check(text, scope, {"", 1, 1});
    return e ? to_text(*e) : e.error().code;
  };
  EXPECT_EQ(read("customer_key = 'C1'"), "customer_key.source_key = 'C1'");
  EXPECT_EQ(read("'C1' != current(customer_key)"), "'C1' != current(customer_key.source_key)");
  EXPECT_EQ(read("customer_key in ('C1', null)"), "customer_key.source_key in ('C1', null)");
  EXPECT_EQ(read("customer_key like 'C%'"), "customer_key.source_key like 'C%'");
  EXPECT_EQ(read("customer_key = next_key"), "customer_key = next_key");
  EXPECT_EQ(read("customer_key is null"), "customer_key is null");
  for (const char* refused : {"customer_key = 1", "customer_key in (1, 2)", "customer_key between 1 and 2",
                              "2 < customer_key", "next_key = 1", "next_key = 'C1'"})
    EXPECT_EQ(read(refused), "expr.key") << refused;
}

TEST(Check, KeepsScalesExactly) {
  EXPECT_EQ(type_of("quantity + 1"), "integer");
  EXPECT_EQ(type_of("quantity + 1.5"), "number(1)");
  EXPECT_EQ(type_of("weight + 1.5"), "number(3)");
  EXPECT_EQ(type_of("weight * rate"), "number(7)");  // 3 + 4
  EXPECT_EQ(type_of("amount + shipping"), "money(6)");
  EXPECT_EQ(type_of("amount * quantity"), "money(6)");  // 6 + 0
  EXPECT_EQ(type_of("rate * amount"), "money(10)");     // 4 + 6: exact, never rounded
  EXPECT_EQ(type_of("amount * $share"), "money(12)");
  EXPECT_EQ(type_of("-weight"), "number(3)");
  EXPECT_EQ(type_of("abs(amount)"), "money(6)");
  EXPECT_EQ(type_of("amount * rate * rate * rate"), "money(18)");
  EXPECT_EQ(
      type_of("amount * rate * rate * rate * rate"),
      "expr.type 1:1: an exact product with 22 decimals; at most 18 are kept; write real(…) around one side for a "
      "product that need not be exact");
}

TEST(Check, ADivisionIsReal) {
  EXPECT_EQ(type_of("quantity / 2"), "real");
  EXPECT_EQ(type_of("amount / quantity"), "real");
  EXPECT_EQ(type_of("amount / shipping"), "real");
  EXPECT_EQ(type_of("term / 1 day"), "real");
  EXPECT_EQ(type_of("real(amount) * score"), "real");
  EXPECT_EQ(type_of("amount * score"), "real");
  EXPECT_EQ(type_of("score + weight"), "real");
}

TEST(Check, MoneyIsNoPlainNumber) {
  EXPECT_EQ(type_of("amount > 1000"), "expr.money 1:10: money compared with an integer; write 1000 EUR");
  EXPECT_EQ(type_of("12.5 < amount"), "expr.money 1:1: a number compared with money; write 12.5 EUR");
  EXPECT_EQ(type_of("amount > quantity"),
            "expr.money 1:10: money compared with an integer; write real(amount) for an amount without its currency");
  EXPECT_EQ(type_of("amount + 10"), "expr.money 1:1: money + an integer; write the number with its currency: 10 EUR");
  EXPECT_EQ(type_of("amount * shipping"), "expr.money 1:1: money * money; an amount is multiplied by a number");
  EXPECT_EQ(type_of("coalesce(amount, 0)"), "expr.money 1:18: money and, in one coalesce, an integer; write 0 EUR");
  EXPECT_EQ(
      type_of("number(amount)"),
      "expr.money 1:8: number wants an integer, found money; write real(amount) for an amount without its currency");
  EXPECT_EQ(type_of("amount in (100 EUR, 200)"), "expr.money 1:21: money in a list with an integer; write 200 EUR");
  EXPECT_EQ(type_of("amount > 1000 EUR"), "boolean");
  EXPECT_EQ(type_of("real(amount) > 1000"), "boolean");
}

TEST(Check, ComparesLikeWithLike) {
  EXPECT_EQ(type_of("channel = 5"), "expr.type 1:11: a text compared with an integer; write '5'");
  EXPECT_EQ(type_of("quantity = '5'"),
            "expr.type 1:12: an integer compared with a text; write the number without quotes");
  EXPECT_EQ(type_of("term > 30"), "expr.type 1:8: a duration compared with an integer; write 30 days for a duration");
  EXPECT_EQ(type_of("is_first = 'true'"),
            "expr.type 1:12: a boolean compared with a text; a boolean is true or false, without quotes");
  EXPECT_EQ(
      type_of("created_at > 2025"),
      "expr.type 1:14: an instant compared with an integer; write date '2025-01-31', or year(…) for a part of it");
  EXPECT_EQ(type_of("is_first < true"), "expr.type 1:1: a boolean has no order for <; write = or !=");
  EXPECT_EQ(type_of("quantity = 1.5"), "boolean");
  EXPECT_EQ(type_of("score > 1"), "boolean");
  EXPECT_EQ(type_of("channel < 'm'"), "boolean");
}

TEST(Check, NullIsAValueForEqualityAndNotForOrder) {
  EXPECT_EQ(read("channel = null"), "channel = null");
  EXPECT_EQ((*check("channel = null"))->args[1]->type, Type::text) << "null takes the type beside it";
  EXPECT_EQ(type_of("channel in ('a', null)"), "boolean");
  EXPECT_EQ(type_of("quantity < null"), "expr.type 1:12: < null is never true; write is null or is not null");
  EXPECT_EQ(type_of("quantity + null"),
            "expr.type 1:12: null has no value for +; write coalesce(column, 0) where a column may be null");
  EXPECT_EQ(type_of("coalesce(null, null)"), "expr.type 1:10: coalesce of nothing but null has no type");
}

TEST(Check, ATextBesideADateIsADate) {
  EXPECT_EQ(read("signed_on >= '2025-01-31'"), "signed_on >= date '2025-01-31'");
  EXPECT_EQ(read("'2025-01-31' <= signed_on"), "date '2025-01-31' <= signed_on");
  EXPECT_EQ(read("signed_on between '2025-01-01' and '2025-01-31'"),
            "signed_on >= date '2025-01-01' and signed_on <= date '2025-01-31'");
  EXPECT_EQ(read("signed_on in ('2025-01-01', '2025-02-01')"), "signed_on in (date '2025-01-01', date '2025-02-01')");
  EXPECT_EQ(read("signed_on = '31/01/2025'"), "1:13: \"31/01/2025\" is not a date; write it as 2025-01-31");
  EXPECT_EQ(read("signed_on = '2025-02-30'"), "1:13: \"2025-02-30\" is not a date; write it as 2025-01-31");
  EXPECT_EQ(read("coalesce(signed_on, '2025-01-01')"), "coalesce(signed_on, date '2025-01-01')");
}

TEST(Check, ADateBesideAnInstantIsItsLocalDay) {
  EXPECT_EQ(read("created_at >= '2025-01-31'"), "date(created_at) >= date '2025-01-31'");
  EXPECT_EQ(read("created_at = signed_on"), "date(created_at) = signed_on");
  EXPECT_EQ(read("signed_on < created_at"), "signed_on < date(created_at)");
  EXPECT_EQ(read("created_at in ('2025-01-31', '2025-02-01')"),
            "date(created_at) in (date '2025-01-31', date '2025-02-01')");
  EXPECT_EQ(read("created_at in ('2025-01-31', date(closed_at))"),
            "date(created_at) in (date '2025-01-31', date(closed_at))");
  EXPECT_EQ(read("created_at < '2025-01-31T10:00:00Z'"), "created_at < instant '2025-01-31T10:00:00Z'");
  EXPECT_EQ(
      read("created_at < '2025-01-31T10:00:00'"),
      "1:14: \"2025-01-31T10:00:00\" is not an instant; write it as 2025-01-31T10:00:00Z or with an offset such as "
      "+01:00");
  EXPECT_EQ(read("created_at in ('2025-01-31', closed_at)"),
            "1:30: days and instants in one list; write all of them as 2025-01-31");
  EXPECT_EQ(read("created_at in ('2025-01-31T10:00:00Z', '2025-01-31')"),
            "1:40: days and instants in one list; write all of them as 2025-01-31");
}

TEST(Check, DifferencesOfTimesAreDurations) {
  EXPECT_EQ(read("closed_at - created_at"), "duration(created_at, closed_at)");
  EXPECT_EQ(read("due_on - signed_on"), "duration(signed_on, due_on)");
  EXPECT_EQ(read("due_on - '2025-01-31'"), "duration(date '2025-01-31', due_on)");
  EXPECT_EQ(read("closed_at - created_at <= 30 days"), "duration(created_at, closed_at) <= 30 days");
  EXPECT_EQ(type_of("closed_at - signed_on"), "duration");
  EXPECT_EQ(read("due_on + 2 weeks"), "due_on + 14 days");
  EXPECT_EQ(read("2 weeks + due_on"), "due_on + 14 days");
  EXPECT_EQ(type_of("due_on - term"), "date");
  EXPECT_EQ(type_of("term + 12 hours"), "duration");
  EXPECT_EQ(type_of("2 * term"), "duration");
  EXPECT_EQ(type_of("due_on + 12 hours"), "expr.type 1:10: a date moves by whole days; write a number of days");
  EXPECT_EQ(type_of("due_on + 30"), "expr.type 1:1: a date + an integer; write 30 days for a duration");
  EXPECT_EQ(type_of("due_on + due_on"), "expr.type 1:1: a date + a date");
  EXPECT_EQ(type_of("created_at + 30 days"),
            "expr.type 1:1: an instant + a duration; windows count calendar days: write within(from, to, 30 days), or "
            "date(instant) + 30 days");
  EXPECT_EQ(type_of("term / 2"),
            "expr.type 1:1: a duration / an integer; a duration is divided by a duration: duration(from, to) / 1 day");
}

TEST(Check, Windows) {
  EXPECT_EQ(type_of("within(created_at, closed_at, $window)"), "boolean");
  EXPECT_EQ(type_of("matured(created_at, as_of, 90 days)"), "boolean");
  EXPECT_EQ(type_of("within(signed_on, closed_at, 30 days)"), "boolean");
  EXPECT_EQ(type_of("within(created_at, closed_at, 30)"),
            "expr.type 1:31: the window of within wants a duration, found an integer; write 30 days");
  EXPECT_EQ(type_of("within(created_at, amount, 30 days)"),
            "expr.type 1:20: within wants a date or an instant, found money");
  EXPECT_EQ(type_of("duration(created_at)"),
            "expr.type 1:1: duration wants 2 arguments, found 1; write duration(from, to)");
}

TEST(Check, DateParts) {
  EXPECT_EQ(type_of("year(created_at) = 2025 and quarter(signed_on) = 1"), "boolean");
  EXPECT_EQ(type_of("weekday(created_at)"), "integer");
  EXPECT_EQ(type_of("hour(created_at)"), "integer");
  EXPECT_EQ(type_of("hour(signed_on)"), "expr.type 1:6: hour wants an instant, found a date, which has no hour");
  EXPECT_EQ(read("date(created_at)"), "date(created_at)");
  EXPECT_EQ(read("date('2025-01-31')"), "date '2025-01-31'");
  EXPECT_EQ(type_of("month(channel)"), "expr.type 1:7: month wants a date or an instant, found a text");
}

TEST(Check, BranchesHaveOneType) {
  EXPECT_EQ(type_of("coalesce(quantity, 1.50)"), "number(2)");
  EXPECT_EQ(type_of("coalesce(quantity, score)"), "real");
  EXPECT_EQ(type_of("coalesce(amount, 0 EUR)"), "money(6)");
  EXPECT_EQ(type_of("coalesce(rate * amount, amount)"), "money(10)");
  EXPECT_EQ(type_of("least(created_at, closed_at)"), "instant");
  EXPECT_EQ(type_of("case when is_first then 'new' end"), "text");
  EXPECT_EQ(type_of("case when is_first then null else 5 end"), "integer");
  EXPECT_EQ(type_of("case when quantity then 1 end"),
            "expr.type 1:11: when wants a boolean, found an integer; write a condition, such as amount > 0 EUR");
  EXPECT_EQ(type_of("case when is_first then 1 else 'a' end"),
            "expr.type 1:32: an integer and a text in one case; write the number without quotes");
  EXPECT_EQ(type_of("coalesce(created_at, signed_on)"),
            "expr.type 1:22: an instant and a date in one coalesce; write date(…) around the instant");
  EXPECT_EQ(type_of("greatest(is_first, true)"),
            "expr.type 1:1: greatest of booleans, which have no order; write and, or");
  EXPECT_EQ(type_of("coalesce(quantity)"),
            "expr.type 1:1: coalesce wants at least 2 arguments, found 1; write coalesce(value, value, …)");
}

TEST(Check, Patterns) {
  EXPECT_EQ(type_of("channel like 'paid%'"), "boolean");
  EXPECT_EQ(type_of("channel not like $pattern"), "boolean");
  EXPECT_EQ(type_of("channel like '100\\%'"), "boolean");
  EXPECT_EQ(type_of("channel like 'paid\\'"),
            "expr.type 1:14: the pattern ends with a lone \\; write \\\\ for the character itself");
  EXPECT_EQ(type_of("channel like medium"), "expr.type 1:14: the pattern of like must be a text; write like 'paid%'");
  EXPECT_EQ(type_of("quantity like '5%'"), "expr.type 1:1: like wants a text, found an integer");
}

TEST(Check, ConditionsAreBooleans) {
  EXPECT_EQ(type_of("channel and is_first"),
            "expr.type 1:1: and wants a boolean, found a text; write a condition, such as amount > 0 EUR");
  EXPECT_EQ(type_of("not quantity"),
            "expr.type 1:5: not wants a boolean, found an integer; write a condition, such as amount > 0 EUR");
}

TEST(Check, AWantedTypeIsHeld) {
  const auto wanted = [](std::string_view text, Type type) {
    const auto e = parse_and_check(text, kScope, {"", 1, 1}, type);
    return e ? fmt::format("{}: {}", name_of((*e)->type), to_text(*e)) : e.error().text();
  };
  EXPECT_EQ(wanted("is_first", Type::boolean), "boolean: is_first");
  EXPECT_EQ(wanted("quantity", Type::number), "number: number(quantity)");
  EXPECT_EQ(wanted("weight", Type::real), "real: real(weight)");
  EXPECT_EQ(wanted("null", Type::money), "money: null");
  EXPECT_EQ(wanted("amount", Type::boolean),
            "1:1: this place wants a boolean, found money; write a condition, such as amount > 0 EUR");
  EXPECT_EQ(wanted("amount", Type::number), "1:1: this place wants a number, found money");
}

TEST(Check, AsOfIsAColumnWhereThereIsOne) {
  class WithColumn : public TestScope {
    std::optional<ColumnInfo> column(std::string_view name) const override {
      return name == "as_of" ? std::optional(ColumnInfo{Type::date, 0}) : TestScope::column(name);
    }
  };
  EXPECT_EQ((*parse_and_check("as_of", WithColumn(), {}))->op, Op::column);
  EXPECT_EQ((*check("as_of"))->op, Op::parameter);
  EXPECT_EQ(read("\"as_of\""), "1:1: unknown column \"as_of\" in orders; a text stands between single quotes: 'as_of'");
}

TEST(Check, NodesKnowTheirPlaces) {
  const Expr e = *parse_and_check("is_first and quantity > 5", kScope, {"x.yaml", 3, 10});
  EXPECT_EQ(e->where.column, 10);
  EXPECT_EQ(e->args[1]->where.column, 23);
  EXPECT_EQ(e->args[1]->args[1]->where.column, 34);
  EXPECT_EQ(e->args[1]->where.line, 3);
}

}  // namespace
}  // namespace vigie::expr
