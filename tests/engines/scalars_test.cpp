// Every operation of the expression language, answered by DuckDB: the value that a person computes by hand is the value
// that the printed SQL gives, nulls, edges and overflows included.
#include <gtest/gtest.h>

#include "expr/check.h"
#include "store/duckdb_engine.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::InstantLiteral;
using expr::Literal;
using expr::Type;

const Literal kNull = std::monostate{};

InstantLiteral at(std::string_view utc, std::string_view local_day, int offset_minutes, bool bare = false) {
  return {*parse_instant(utc), *parse_date(local_day), offset_minutes, bare};
}

Literal money(std::string_view digits) { return Decimal::parse(digits)->rescaled(6).value(); }
Literal number(std::string_view digits) { return *Decimal::parse(digits); }

struct Given {
  Column column;
  Literal value;
};

/// One order of a shop in Paris, with something of every type.
const std::vector<Given>& order() {
  static const std::vector<Given> kOrder{
      {{"amount", Type::money, 6}, money("1500")},
      {{"large", Type::money, 6}, money("900000000000")},
      {{"no_amount", Type::money, 6}, kNull},
      {{"channel", Type::text, 0}, std::string("Été 100%")},
      {{"no_channel", Type::text, 0}, kNull},
      {{"quantity", Type::integer, 0}, std::int64_t{7}},
      {{"huge", Type::integer, 0}, std::int64_t{9'000'000'000'000'000'000}},
      {{"no_quantity", Type::integer, 0}, kNull},
      {{"rate", Type::number, 4}, number("0.3333")},
      {{"score", Type::real, 0}, 0.5},
      {{"is_first", Type::boolean, 0}, true},
      {{"is_unknown", Type::boolean, 0}, kNull},
      {{"signed_on", Type::date, 0}, *parse_date("2025-01-31")},
      {{"no_day", Type::date, 0}, kNull},
      {{"term", Type::duration, 0}, expr::Micros{36 * 3'600 * kMicrosPerSecond}},
      // Half past midnight of Saturday 29 March in Paris; the clocks go forward on the 30th.
      {{"created_at", Type::instant, 0}, at("2025-03-28T23:30:00Z", "2025-03-29", 60)},
      {{"closed_at", Type::instant, 0}, at("2025-03-30T22:00:00Z", "2025-03-31", 120)},
      {{"paid_at", Type::instant, 0}, at("2025-03-31T22:00:00Z", "2025-04-01", 120, true)},
      {{"born_at", Type::instant, 0}, at("1969-12-31T21:15:00Z", "1969-12-31", 60)},
      {{"never_at", Type::instant, 0}, kNull},
  };
  return kOrder;
}

class OrderScope final : public expr::Scope {
 public:
  std::string subject() const override { return "the order"; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    for (const Given& given : order())
      if (given.column.name == name) return expr::ColumnInfo{given.column.type, given.column.scale};
    return std::nullopt;
  }
  std::vector<std::string> column_names() const override { return {}; }
  std::optional<Type> parameter(std::string_view name) const override {
    return name == "as_of" ? std::optional(Type::instant) : std::nullopt;
  }
  std::vector<std::string> parameter_names() const override { return {}; }
};

class Scalars : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(Database::open({.memory_limit_mb = 256, .threads = 1}).value());
    engine_.emplace(*database_);
    std::vector<Column> columns;
    std::vector<Literal> row;
    for (const Given& given : order()) {
      columns.push_back(given.column);
      row.push_back(given.value);
    }
    order_ = values(std::move(columns), {std::move(row)});
  }

  expr::Expr read(std::string_view text) {
    const auto e = expr::parse_and_check(text, OrderScope(), {"", 1, 1});
    if (!e) ADD_FAILURE() << text << ": " << e.error().text();
    // "as of 2025-04-30": the first instant of 1 May in Paris, while ages count to 30 April.
    return e ? expr::bind(*e, {{"as_of", at("2025-04-30T22:00:00Z", "2025-04-30", 120, true)}}).value()
             : expr::null_of(Type::integer);
  }

  /// The value as a person writes it; "null"; or the error's code.
  std::string value(std::string_view text) {
    const auto rows = engine_->query(project(order_, {{"value", read(text)}}), {});
    return rows ? shown(rows->at(0, 0)) : rows.error().code;
  }

  /// Whether a filter by this condition keeps the order.
  bool keeps(std::string_view text) {
    const auto rows = engine_->query(filter(order_, read(text)), {});
    if (!rows) ADD_FAILURE() << text << ": " << rows.error().text();
    return rows && rows->rows() == 1;
  }

  static std::string shown(const Cell& cell) {
    if (const auto* v = std::get_if<std::int64_t>(&cell)) return fmt::format("{}", *v);
    if (const auto* v = std::get_if<Decimal>(&cell)) return v->to_plain();
    if (const auto* v = std::get_if<std::string>(&cell)) return *v;
    if (const auto* v = std::get_if<bool>(&cell)) return *v ? "true" : "false";
    if (const auto* v = std::get_if<double>(&cell)) return fmt::format("{}", *v);
    return "null";
  }

  std::unique_ptr<Database> database_;
  std::optional<DuckDbEngine> engine_;
  RelPtr order_;
};

TEST_F(Scalars, KleeneLogic) {
  EXPECT_EQ(value("is_unknown and false"), "false");
  EXPECT_EQ(value("is_unknown and true"), "null");
  EXPECT_EQ(value("is_unknown or true"), "true");
  EXPECT_EQ(value("is_unknown or false"), "null");
  EXPECT_EQ(value("not is_unknown"), "null");
  EXPECT_FALSE(keeps("is_unknown"));
  EXPECT_FALSE(keeps("not is_unknown"));
}

TEST_F(Scalars, NullIsAValueForEqualityAndLists) {
  EXPECT_EQ(value("no_channel = 'paid'"), "false");
  EXPECT_EQ(value("no_channel != 'paid'"), "true");
  EXPECT_EQ(value("no_channel = null"), "true");
  EXPECT_EQ(value("channel = null"), "false");
  EXPECT_EQ(value("no_channel = channel"), "false");
  EXPECT_EQ(value("no_channel in ('a', 'b')"), "false");
  EXPECT_EQ(value("no_channel not in ('a', 'b')"), "true");
  EXPECT_EQ(value("no_channel in ('a', null)"), "true");
  EXPECT_EQ(value("channel in ('a', null)"), "false");
  EXPECT_EQ(value("channel not in ('a', null)"), "true");
  EXPECT_EQ(value("no_channel in (channel, 'a')"), "false");
  EXPECT_EQ(value("no_quantity < 5"), "null");
  // As a filter, where "true" alone counts, each says the same.
  EXPECT_FALSE(keeps("no_channel = 'paid'"));
  EXPECT_TRUE(keeps("no_channel != 'paid'"));
  EXPECT_TRUE(keeps("not no_channel = 'paid'"));
  EXPECT_TRUE(keeps("no_channel not in ('a', 'b')"));
  EXPECT_TRUE(keeps("no_channel in ('a', null)"));
  EXPECT_FALSE(keeps("no_channel in ('a', 'b') or quantity = 8"));
  EXPECT_TRUE(keeps("no_channel in ('a', 'b') or quantity = 7"));
}

TEST_F(Scalars, TextsAreHarmlessAndComparedByBytes) {
  EXPECT_EQ(value("'it''s; drop table orders; --'"), "it's; drop table orders; --");
  EXPECT_EQ(value("channel like 'Été%'"), "true");
  EXPECT_EQ(value("channel like 'été%'"), "false");
  EXPECT_EQ(value("channel like '%100\\%'"), "true");
  EXPECT_EQ(value("channel like '%10\\%'"), "false");
  EXPECT_EQ(value("no_channel not like 'a%'"), "null");
  EXPECT_EQ(value("lower(channel)"), "été 100%");
  EXPECT_EQ(value("'Z' < 'a' and 'z' < 'É'"), "true");
}

TEST_F(Scalars, ArithmeticIsExact) {
  // Eighteen digits by eighteen digits typed as eighteen digits would overflow.
  EXPECT_EQ(value("amount * 1500.000000"), "2250000");
  EXPECT_EQ(value("large * 1000000"), "900000000000000000");
  EXPECT_EQ(value("amount * rate"), "499.95");    // 1500 · 0.3333
  EXPECT_EQ(value("rate * rate"), "0.11108889");  // 0.3333², eight decimals
  EXPECT_EQ(value("amount + 0.000001 EUR"), "1500.000001");
  EXPECT_EQ(value("-amount"), "-1500");
  EXPECT_EQ(value("abs(-5 EUR - amount)"), "1505");
  EXPECT_EQ(value("2000000000 + 2000000000"), "4000000000");
  EXPECT_EQ(value("quantity * 2000000000"), "14000000000");
  EXPECT_EQ(value("0.1 + 0.2 = 0.3"), "true");
  EXPECT_EQ(value("- -5"), "5");
  EXPECT_EQ(value("huge + huge"), "engine.overflow") << "an error, never a wrapped figure";
}

TEST_F(Scalars, DivisionIsRealAndNeverByZero) {
  EXPECT_EQ(value("quantity / 2"), "3.5");
  EXPECT_EQ(value("amount / 1000 EUR"), "1.5");
  EXPECT_EQ(value("amount / (quantity - 7)"), "null");
  EXPECT_EQ(value("score * 3"), "1.5");
  EXPECT_EQ(value("rate < score"), "true");
  EXPECT_EQ(value("quantity in (7.0, 8.5)"), "true");
  EXPECT_EQ(value("score in (0.5, 2)"), "true");
  EXPECT_EQ(value("term / 1 day"), "1.5");
}

TEST_F(Scalars, BranchesAndExtremes) {
  EXPECT_EQ(value("coalesce(no_amount, 0 EUR)"), "0");
  EXPECT_EQ(value("coalesce(no_quantity, 1.50)"), "1.5");
  EXPECT_EQ(value("case when is_unknown then 'a' when quantity > 5 then 'b' else 'c' end"), "b");
  EXPECT_EQ(value("case when false then 1 end"), "null");
  EXPECT_EQ(value("least(no_quantity, 3, quantity)"), "3") << "nulls are left out";
  EXPECT_EQ(value("greatest(no_quantity, null, no_quantity)"), "null");
  EXPECT_EQ(value("date(coalesce(never_at, closed_at)) = '2025-03-31'"), "true");
  EXPECT_EQ(value("date(least(never_at, closed_at, created_at)) = '2025-03-29'"), "true");
  EXPECT_EQ(value("duration(created_at, least(never_at, paid_at)) / 1 day"), "3") << "the bare one was taken";
}

TEST_F(Scalars, DaysAreLocalDays) {
  // 23:30 UTC on the 28th is the 29th in Paris.
  EXPECT_EQ(value("created_at = '2025-03-29'"), "true");
  EXPECT_EQ(value("created_at < '2025-03-29'"), "false");
  EXPECT_EQ(value("created_at between '2025-03-29' and '2025-03-29'"), "true");
  EXPECT_EQ(value("created_at = '2025-03-28T23:30:00Z'"), "true");
  EXPECT_EQ(value("year(created_at)"), "2025");
  EXPECT_EQ(value("quarter(paid_at)"), "2");
  EXPECT_EQ(value("month(closed_at)"), "3");
  EXPECT_EQ(value("weekday(created_at)"), "6");  // a Saturday
  EXPECT_EQ(value("hour(created_at)"), "0");     // 00:30
  EXPECT_EQ(value("hour(born_at)"), "22");       // 22:15, before 1970
  EXPECT_EQ(value("hour(never_at)"), "null");
  EXPECT_EQ(value("year(as_of) * 100 + month(as_of)"), "202504");
}

TEST_F(Scalars, DatesMoveByDays) {
  EXPECT_EQ(value("signed_on + 28 days = '2025-02-28'"), "true");
  EXPECT_EQ(value("signed_on - 31 days = '2024-12-31'"), "true");
  EXPECT_EQ(value("signed_on + term = '2025-02-01'"), "true");  // midnight and 36 hours: noon of the next day
  EXPECT_EQ(value("signed_on - term = '2025-01-29'"), "true");  // noon of the 29th
  EXPECT_EQ(value("date '1960-01-01' - term = '1959-12-30'"), "true");
  EXPECT_EQ(value("no_day + 1 day"), "null");
}

TEST_F(Scalars, DurationsAreDaysWhenAnEndIsBare) {
  // 28 March 23:30Z to 30 March 22:00Z: 46.5 hours.
  EXPECT_EQ(value("duration(created_at, closed_at) = 46.5 hours"), "true");
  // 29 March to 1 April, whole days since the second end is a date alone.
  EXPECT_EQ(value("(paid_at - created_at) / 1 day"), "3");
  EXPECT_EQ(value("(created_at - signed_on) / 1 day"), "57");  // 31 January to 29 March: 28 + 29
  EXPECT_EQ(value("(as_of - created_at) / 1 day"), "32");      // to 30 April, not to 1 May
  EXPECT_EQ(value("closed_at - never_at"), "null");
}

TEST_F(Scalars, WindowsCountCalendarDaysOnTheWallClock) {
  // Created on the 29th at 00:30; two days later by the clock is the 31st at 00:30, though only 47 hours have passed.
  // Closed on the 31st at 00:00.
  EXPECT_EQ(value("within(created_at, closed_at, 2 days)"), "true");
  EXPECT_EQ(value("within(created_at, closed_at, 1 day)"), "false");
  // 29 March to 1 April are three whole days, since the second end is a date alone: outside a window of three.
  EXPECT_EQ(value("within(created_at, paid_at, 3 days)"), "false");
  EXPECT_EQ(value("within(created_at, paid_at, 4 days)"), "true");
  EXPECT_EQ(value("within(signed_on, created_at, 57 days)"), "false");
  EXPECT_EQ(value("within(signed_on, created_at, 58 days)"), "true");
  EXPECT_EQ(value("within(created_at, never_at, 2 days)"), "null");
  // A day ends a window exactly: 1 April and 30 days is 1 May, the first instant after 30 April.
  EXPECT_EQ(value("matured(paid_at, as_of, 30 days)"), "true");
  EXPECT_EQ(value("matured(paid_at, as_of, 31 days)"), "false");
}

TEST_F(Scalars, PortionsAreExactAndHalfGoesToEven) {
  const auto portion = [&](const expr::Expr& amount, std::int64_t part, std::int64_t whole) {
    const expr::Expr e = expr::call(expr::Op::portion, Type::money, {amount, expr::integer(part), expr::integer(whole)},
                                    expr::kMoneyScale);
    const auto rows = engine_->query(project(order_, {{"value", e}}), {});
    return rows ? shown(rows->at(0, 0)) : rows.error().code;
  };
  const auto of = [](std::string_view digits) { return expr::literal(Decimal::parse(digits)->rescaled(6).value()); };
  EXPECT_EQ(portion(col(order_, "amount"), 1, 3), "500");
  EXPECT_EQ(portion(of("1"), 1, 3), "0.333333");
  EXPECT_EQ(portion(of("1"), 2, 3), "0.666667");
  EXPECT_EQ(portion(of("-1"), 2, 3), "-0.666667");
  EXPECT_EQ(portion(of("0.000005"), 1, 2), "0.000002");
  EXPECT_EQ(portion(of("0.000007"), 1, 2), "0.000004");
  EXPECT_EQ(portion(of("-0.000005"), 1, 2), "-0.000002");
  EXPECT_EQ(portion(of("1"), 0, 7), "0");
  // 38 digits, and days in microseconds: nothing passes 128 bits.
  constexpr std::int64_t kLong = 9'000'000'000'000'000'000;
  const expr::Expr most = of("99999999999999999999999999999999.999999");
  EXPECT_EQ(portion(most, kLong, kLong), "99999999999999999999999999999999.999999");
  EXPECT_EQ(portion(most, kLong / 2, kLong), "50000000000000000000000000000000");
  EXPECT_EQ(portion(col(order_, "no_amount"), 1, 3), "null");
  EXPECT_EQ(portion(of("1"), 4, 3), "null");
  EXPECT_EQ(portion(of("1"), -1, 3), "null");
  EXPECT_EQ(portion(of("1"), 0, 0), "null");
}

}  // namespace
}  // namespace vigie::store
