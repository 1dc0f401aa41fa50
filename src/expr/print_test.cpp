#include <gtest/gtest.h>

#include "expr/test_dialect.h"

namespace vigie::expr {
namespace {

const TestDialect kDialect;

std::string sql(const Expr& e, Facet facet = Facet::value) { return print(e, kDialect, facet); }
std::string where(const Expr& e) { return print_condition(e, kDialect); }

Decimal exact(std::string_view digits) { return *Decimal::parse(digits); }
Expr channel() { return column("channel", Type::text); }
Expr amount() { return column("amount", Type::money, 6); }
Expr euros(std::string_view digits) { return literal(MoneyLiteral{exact(digits), "EUR"}); }
Expr created() { return column("created_at", Type::instant); }
Expr closed() { return column("closed_at", Type::instant); }
Expr days(std::int64_t count) { return literal(Micros{count * kMicrosPerDay}); }

TEST(Print, QuotesEveryLiteral) {
  EXPECT_EQ(sql(text("it's; drop table orders; --")), "'it''s; drop table orders; --'");
  EXPECT_EQ(sql(column("odd\"name", Type::text)), "\"odd\"\"name\"");
  EXPECT_EQ(sql(literal(true)), "TRUE");
  EXPECT_EQ(sql(literal(Date{20'089})), "20089");
  EXPECT_EQ(sql(null_of(Type::date)), "CAST(NULL AS INTEGER)");
}

TEST(Print, WritesNumbersExactly) {
  EXPECT_EQ(sql(literal(exact("12345678901234567890.0000000001"))), "12345678901234567890.0000000001");
  EXPECT_EQ(sql(euros("-100.5")), "-100.500000");
  EXPECT_EQ(sql(literal(0.1)), "0.1e0");
  EXPECT_EQ(sql(literal(1e300)), "1e+300");
}

TEST(Print, MakesSmallIntegersWide) {
  // 2,000,000,000 + 2,000,000,000 = 4,000,000,000 does not fit the 32 bits an engine gives such a literal.
  const Expr two_billion = integer(2'000'000'000);
  EXPECT_EQ(sql(call(Op::add, Type::integer, {two_billion, two_billion})),
            "(CAST(2000000000 AS BIGINT) + CAST(2000000000 AS BIGINT))");
  EXPECT_EQ(sql(integer(3'000'000'000)), "3000000000");
  EXPECT_EQ(sql(integer(INT64_MIN)), "CAST(-9223372036854775808 AS BIGINT)");
  EXPECT_EQ(sql(gt(column("n", Type::integer), integer(5))), "(\"n\" > 5)") << "a comparison needs no cast";
}

TEST(Print, NeverMakesAComment) {
  EXPECT_EQ(sql(call(Op::neg, Type::number, {literal(exact("-5.0"))}, 1)), "(- -5.0)");
  EXPECT_EQ(sql(call(Op::sub, Type::number, {literal(exact("-5.0")), literal(exact("-5.0"))}, 1)), "(-5.0 - -5.0)");
}

TEST(Print, TreatsNullAsAValueInEquality) {
  EXPECT_EQ(sql(eq(channel(), text("paid"))), "(\"channel\" IS NOT DISTINCT FROM 'paid')");
  EXPECT_EQ(sql(call(Op::ne, Type::boolean, {channel(), text("paid")})),
            "(NOT (\"channel\" IS NOT DISTINCT FROM 'paid'))");
  EXPECT_EQ(sql(eq(channel(), null_of(Type::text))), "(\"channel\" IS NULL)");
  EXPECT_EQ(sql(eq(null_of(Type::text), channel())), "(\"channel\" IS NULL)");
}

TEST(Print, TreatsNullAsAValueInLists) {
  const auto in = [](std::vector<Expr> args) { return call(Op::in, Type::boolean, std::move(args)); };
  EXPECT_EQ(sql(in({channel(), text("a"), text("b")})), "COALESCE((\"channel\" IN ('a', 'b')), FALSE)");
  EXPECT_EQ(sql(in({channel(), text("a"), null_of(Type::text)})), "COALESCE((\"channel\" IN ('a')), TRUE)");
  EXPECT_EQ(sql(in({channel(), null_of(Type::text)})), "(\"channel\" IS NULL)");
  EXPECT_EQ(sql(in({channel(), text("a"), column("medium", Type::text)})),
            "((\"channel\" IS NOT DISTINCT FROM 'a') OR (\"channel\" IS NOT DISTINCT FROM \"medium\"))");
}

TEST(Print, LetsAConditionCompareDirectly) {
  // Where only "true" counts, null may stand for false, and engines skip blocks by a column's bounds.
  const Expr paid = eq(channel(), text("paid"));
  EXPECT_EQ(where(paid), "(\"channel\" = 'paid')");
  EXPECT_EQ(where(all_of({paid, call(Op::in, Type::boolean, {channel(), text("a")})})),
            "((\"channel\" = 'paid') AND (\"channel\" IN ('a')))");
  EXPECT_EQ(where(not_(paid)), "(NOT (\"channel\" IS NOT DISTINCT FROM 'paid'))")
      << "under not, null = 'paid' must be false, so that rows without a channel are kept";
  EXPECT_EQ(where(eq(channel(), column("medium", Type::text))), "(\"channel\" IS NOT DISTINCT FROM \"medium\")");
  EXPECT_EQ(where(call(Op::in, Type::boolean, {channel(), text("a"), null_of(Type::text)})),
            "COALESCE((\"channel\" IN ('a')), TRUE)");
}

TEST(Print, HidesComparisonsOfAnOrFromAnEngineThatDropsNulls) {
  const Expr not_paid = call(Op::ne, Type::boolean, {channel(), text("paid")}), shop = eq(channel(), text("shop"));
  const auto either = [](std::vector<Expr> args) { return call(Op::or_, Type::boolean, std::move(args)); };
  EXPECT_EQ(where(either({not_paid, shop})),
            "((NOT COALESCE((\"channel\" = 'paid'), FALSE)) OR (\"channel\" = 'shop'))");
  EXPECT_EQ(sql(either({not_(shop), shop})),
            "((NOT COALESCE((\"channel\" = 'shop'), FALSE)) OR COALESCE((\"channel\" = 'shop'), FALSE))");
  EXPECT_EQ(
      where(either({all_of({not_paid, shop}), shop})),
      "(((NOT COALESCE((\"channel\" = 'paid'), FALSE)) AND COALESCE((\"channel\" = 'shop'), FALSE)) OR (\"channel\" = "
      "'shop'))");
  EXPECT_EQ(where(not_paid), "(NOT (\"channel\" IS NOT DISTINCT FROM 'paid'))") << "alone it is read rightly";
}

TEST(Print, WritesWhatOnlyTreesSay) {
  EXPECT_EQ(sql(call(Op::utc_offset, Type::integer, {created()})), "CAST(\"created_at_off\" AS BIGINT)");
  const Expr deleted = call(Op::on_clock, Type::instant, {column("deleted_at", Type::integer), integer(60)});
  EXPECT_EQ(sql(deleted), "\"deleted_at\"");
  EXPECT_EQ(sql(deleted, Facet::day),
            "CAST((((\"deleted_at\" + CAST(60 AS BIGINT) * CAST(60000000 AS BIGINT) + 4320000000000000000) // "
            "86400000000) - 50000000) AS INTEGER)");
  EXPECT_EQ(sql(deleted, Facet::bare), "FALSE");
  EXPECT_EQ(sql(call(Op::duration, Type::duration, {created(), deleted})),
            "(CASE WHEN \"created_at_bare\" THEN ((CAST((((\"deleted_at\" + CAST(60 AS BIGINT) * CAST(60000000 AS "
            "BIGINT) + 4320000000000000000) "
            "// 86400000000) - 50000000) AS INTEGER) - \"created_at_day\") * 86400000000) ELSE (\"deleted_at\" - "
            "\"created_at\") END)");
  const Expr dollars = column("amount_document", Type::number, 4), a = column("per_document", Type::number, 8);
  EXPECT_EQ(sql(call(Op::converted, Type::money, {dollars, a, literal(Decimal(100'000'000, 8))}, 6)),
            "vigie_price(\"amount_document\", \"per_document\", 1.00000000)");
  EXPECT_EQ(sql(call(Op::portion, Type::money, {amount(), integer(1), integer(3)}, 6)),
            "vigie_portion(CAST(\"amount\" AS DECIMAL(38,6)), CAST(CAST(1 AS BIGINT) AS BIGINT), "
            "CAST(CAST(3 AS BIGINT) AS BIGINT))");
}

TEST(Print, EscapesPatternsOnlyWhereTheyDo) {
  EXPECT_EQ(sql(call(Op::like, Type::boolean, {channel(), text("paid%")})), "(\"channel\" LIKE 'paid%')");
  EXPECT_EQ(sql(call(Op::like, Type::boolean, {channel(), text("100\\%")})), "(\"channel\" LIKE '100\\%' ESCAPE '\\')");
}

TEST(Print, CastsProductsSoThatTheyCannotOverflow) {
  const Expr rate = column("rate", Type::number, 4);
  EXPECT_EQ(sql(call(Op::mul, Type::money, {amount(), rate}, 10)),
            "(CAST(\"amount\" AS DECIMAL(38,6)) * CAST(\"rate\" AS DECIMAL(38,4)))");
  EXPECT_EQ(sql(call(Op::mul, Type::money, {amount(), column("quantity", Type::integer)}, 6)),
            "(CAST(\"amount\" AS DECIMAL(38,6)) * CAST(\"quantity\" AS DECIMAL(38,0)))");
  EXPECT_EQ(sql(call(Op::add, Type::money, {amount(), euros("1")}, 6)), "(\"amount\" + 1.000000)");
}

TEST(Print, DividesAsDoublesAndNeverByZero) {
  EXPECT_EQ(sql(call(Op::div, Type::real, {amount(), column("n", Type::integer)})),
            "(CAST(\"amount\" AS DOUBLE) / NULLIF(CAST(\"n\" AS DOUBLE), 0))");
}

TEST(Print, BringsBranchesToOneType) {
  const Expr n = column("n", Type::integer), rate = column("rate", Type::number, 2);
  EXPECT_EQ(sql(call(Op::coalesce, Type::number, {n, rate}, 2)), "COALESCE(CAST(\"n\" AS DECIMAL(38,2)), \"rate\")");
  EXPECT_EQ(sql(call(Op::case_, Type::money, {eq(channel(), text("paid")), amount(), null_of(Type::null)}, 6)),
            "(CASE WHEN (\"channel\" = 'paid') THEN \"amount\" ELSE CAST(NULL AS DECIMAL(38,6)) END)");
  EXPECT_EQ(sql(lt(rate, literal(0.5))), "(CAST(\"rate\" AS DOUBLE) < 0.5e0)");
}

TEST(Print, AnInstantHasFourFacets) {
  EXPECT_EQ(sql(created()), "\"created_at\"");
  EXPECT_EQ(sql(created(), Facet::day), "\"created_at_day\"");
  EXPECT_EQ(sql(created(), Facet::offset), "\"created_at_off\"");
  EXPECT_EQ(sql(created(), Facet::bare), "\"created_at_bare\"");

  const Expr first = call(Op::coalesce, Type::instant, {column("first_contact_at", Type::instant), created()});
  EXPECT_EQ(sql(first), "COALESCE(\"first_contact_at\", \"created_at\")");
  EXPECT_EQ(sql(first, Facet::day),
            "(CASE WHEN (\"first_contact_at\" IS NOT NULL) THEN \"first_contact_at_day\" ELSE \"created_at_day\" END)");

  const Expr earliest = call(Op::least, Type::instant, {created(), closed()});
  EXPECT_EQ(sql(earliest, Facet::bare),
            "(CASE WHEN (\"created_at\" = LEAST(\"created_at\", \"closed_at\")) THEN \"created_at_bare\" "
            "ELSE \"closed_at_bare\" END)");

  const Expr chosen = call(Op::case_, Type::instant, {is_null(closed()), created(), closed()});
  EXPECT_EQ(sql(chosen, Facet::day),
            "(CASE WHEN (\"closed_at\" IS NULL) THEN \"created_at_day\" ELSE \"closed_at_day\" END)");
}

TEST(Print, ADurationIsWholeDaysWhenAnEndIsABareDate) {
  EXPECT_EQ(sql(call(Op::duration, Type::duration, {created(), closed()})),
            "(CASE WHEN \"created_at_bare\" OR \"closed_at_bare\" THEN ((\"closed_at_day\" - \"created_at_day\") * "
            "86400000000) ELSE (\"closed_at\" - \"created_at\") END)");
  EXPECT_EQ(sql(call(Op::duration, Type::duration, {literal(Date{20'000}), closed()})),
            "((\"closed_at_day\" - 20000) * 86400000000)");
}

TEST(Print, AnAgeAtTheEndOfADayCountsThatDay) {
  // "--as-of 2025-01-31" is the first instant of February in Paris, 2025-01-31T23:00Z, and its day is 31 January
  // (20119).
  // It is an instant: only what began on a bare date is whole days old. 1,738,364,400 s since 1970.
  const InstantLiteral end_of_january{*parse_instant("2025-01-31T23:00:00Z"), *parse_date("2025-01-31"), 60, false};
  EXPECT_EQ(sql(call(Op::duration, Type::duration, {created(), literal(end_of_january)})),
            "(CASE WHEN \"created_at_bare\" THEN ((20119 - \"created_at_day\") * 86400000000) ELSE "
            "(1738364400000000 - \"created_at\") END)");
  // Its wall clock is midnight of 1 February: 20,120 days of 86,400,000,000 µs = 1,738,368,000,000,000.
  EXPECT_EQ(sql(call(Op::matured, Type::boolean, {created(), literal(end_of_january), days(30)})),
            "(((\"created_at\" + \"created_at_off\" * CAST(60000000 AS BIGINT)) + 2592000000000) <= 1738368000000000)");
}

TEST(Print, AWindowIsCountedOnTheWallClockAndInWholeDaysWhereAnEndIsABareDate) {
  EXPECT_EQ(sql(call(Op::within, Type::boolean, {created(), closed(), days(30)})),
            "(CASE WHEN \"created_at_bare\" OR \"closed_at_bare\" THEN "
            "(((\"closed_at_day\" - \"created_at_day\") * 86400000000) < 2592000000000) ELSE "
            "((\"closed_at\" + \"closed_at_off\" * CAST(60000000 AS BIGINT)) < "
            "((\"created_at\" + \"created_at_off\" * CAST(60000000 AS BIGINT)) + 2592000000000)) END)");
  EXPECT_EQ(sql(call(Op::within, Type::boolean, {column("signed_on", Type::date), closed(), days(1)})),
            "(((\"closed_at_day\" - \"signed_on\") * 86400000000) < 86400000000)");
}

TEST(Print, ReadsPartsFromTheLocalDay) {
  EXPECT_EQ(sql(call(Op::date_of, Type::date, {created()})), "\"created_at_day\"");
  EXPECT_EQ(sql(call(Op::year, Type::integer, {created()})), "year(\"created_at_day\")");
  EXPECT_EQ(sql(call(Op::weekday, Type::integer, {column("signed_on", Type::date)})), "isodow(\"signed_on\")");
  EXPECT_EQ(sql(call(Op::hour, Type::integer, {created()})),
            "(((((\"created_at\" + \"created_at_off\" * CAST(60000000 AS BIGINT)) % 86400000000) + 86400000000) % "
            "86400000000) // 3600000000)");
  // 1969-12-31T22:30Z is half past eleven in the evening at +01:00.
  const InstantLiteral evening{*parse_instant("1969-12-31T22:30:00Z"), Date{-1}, 60, false};
  EXPECT_EQ(sql(call(Op::hour, Type::integer, {literal(evening)})), "CAST(23 AS BIGINT)");
}

TEST(Print, MovesDaysByDurations) {
  const Expr signed_on = column("signed_on", Type::date);
  EXPECT_EQ(sql(call(Op::add, Type::date, {signed_on, days(14)})), "(\"signed_on\" + 14)");
  EXPECT_EQ(sql(call(Op::sub, Type::date, {signed_on, days(-2)})), "(\"signed_on\" - -2)");
  EXPECT_EQ(sql(call(Op::add, Type::date, {signed_on, column("term", Type::duration)})),
            "CAST((((\"signed_on\" * 86400000000 + \"term\" + 4320000000000000000) // 86400000000) - 50000000) AS "
            "INTEGER)");
}

TEST(Print, ComparesBits) {
  EXPECT_EQ(sql(call(Op::any_bit, Type::boolean, {column("active", Type::integer), integer(8'589'934'592)})),
            "((\"active\" & 8589934592) <> 0)");
}

TEST(Print, PutsTextsOneBehindTheOther) {
  EXPECT_EQ(sql(call(Op::concat, Type::text, {column("name", Type::text), text(" (x)")})), "(\"name\" || ' (x)')");
}

TEST(Print, RefusesAParameterWithoutAValue) {
  EXPECT_THROW(sql(parameter("window", Type::duration)), std::logic_error) << "our own mistake: bind() comes first";
}

}  // namespace
}  // namespace vigie::expr
