// Each relational operator over hand-made rows, answered by DuckDB.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "store/duckdb_engine.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::Op;
using expr::Type;

constexpr std::int64_t kHour = 3600 * kMicrosPerSecond;

/// An instant of a small calendar: day d at hour h UTC, the reporting zone one hour east.
expr::InstantLiteral at(int day, int hour, bool bare = false) {
  return {.at = {day * kMicrosPerDay + hour * kHour},
          .day = {day + (hour == 23 ? 1 : 0)},
          .offset_minutes = 60,
          .bare = bare};
}

Decimal euros(const char* text) { return Decimal::parse(text).value().rescaled(6).value(); }

class Tree : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(Database::open({.memory_limit_mb = 256, .threads = 1}).value());
    engine_.emplace(*database_);
    orders_ = values({{"key", Type::integer, 0},
                      {"customer_key", Type::integer, 0},
                      {"ordered_at", Type::instant, 0},
                      {"channel", Type::text, 0},
                      {"amount", Type::money, 6}},
                     {{std::int64_t{1}, std::int64_t{10}, at(100, 9), std::string("web"), euros("100")},
                      {std::int64_t{2}, std::int64_t{10}, at(103, 23), std::string("shop"), euros("20.50")},
                      {std::int64_t{3}, std::int64_t{20}, at(101, 0, true), std::monostate{}, euros("0.105")},
                      {std::int64_t{4}, std::monostate{}, at(101, 12), std::string("web"), std::monostate{}}});
    customers_ = values(
        {{"key", Type::integer, 0}, {"segment", Type::text, 0}, {"since", Type::instant, 0}},
        {{std::int64_t{10}, std::string("pro"), at(99, 8)}, {std::int64_t{30}, std::string("home"), at(90, 0, true)}});
  }

  ResultSet ask(const RelPtr& plan) {
    auto rows = engine_->query(plan, {});
    if (!rows) ADD_FAILURE() << rows.error().text() << "\n" << engine_->sql(plan);
    return rows ? std::move(*rows) : ResultSet(plan->columns);
  }

  /// Rows as text, one a line, for comparison with what a person writes.
  std::string table(const RelPtr& plan) {
    const ResultSet rows = ask(plan);
    std::string out;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      for (std::size_t i = 0; i < rows.columns().size(); ++i) out += (i > 0 ? "|" : "") + shown(rows.at(row, i));
      out += "\n";
    }
    return out;
  }

  static std::string shown(const Cell& cell) {
    if (const auto* value = std::get_if<std::int64_t>(&cell)) return std::to_string(*value);
    if (const auto* value = std::get_if<Decimal>(&cell)) return value->to_plain();
    if (const auto* value = std::get_if<std::string>(&cell)) return *value;
    if (const auto* value = std::get_if<bool>(&cell)) return *value ? "yes" : "no";
    if (const auto* value = std::get_if<double>(&cell)) return fmt::format("{}", *value);
    return "-";
  }

  static RelPtr sorted(RelPtr rel, std::vector<std::string> by) {
    std::vector<SortKey> order;
    for (std::string& name : by) order.push_back({std::move(name), false});
    return limit(std::move(rel), std::move(order), 1000);
  }

  std::unique_ptr<Database> database_;
  std::optional<DuckDbEngine> engine_;
  RelPtr orders_, customers_;
};

TEST_F(Tree, ValuesComeBackWithTheTreesTypes) {
  const ResultSet rows = ask(orders_);
  ASSERT_EQ(rows.rows(), 4U);
  EXPECT_EQ(rows.columns()[2].type, Type::instant);
  EXPECT_EQ(rows.columns()[4].type, Type::money);
  EXPECT_EQ(rows.int64(1, 2), 103 * kMicrosPerDay + 23 * kHour);
  EXPECT_EQ(rows.decimal(2, 4).to_string(), "0.105000");
  EXPECT_TRUE(rows.is_null(3, 1));
  EXPECT_EQ(ask(values({{"a", Type::text, 0}, {"t", Type::instant, 0}}, {})).rows(), 0U);
}

TEST_F(Tree, FilterKeepsOnlyTrue) {
  const RelPtr cheap = filter(orders_, expr::lt(col(orders_, "amount"), expr::literal(euros("50"))));
  EXPECT_EQ(table(project(cheap, {{"key", col(cheap, "key")}})), "2\n3\n");  // the unknown amount is not below 50
  const RelPtr not_web = filter(orders_, expr::not_(expr::eq(col(orders_, "channel"), expr::text("web"))));
  EXPECT_EQ(table(project(not_web, {{"key", col(not_web, "key")}})), "2\n3\n");  // no channel is not "web"
  EXPECT_EQ(filter(orders_, nullptr), orders_);
}

TEST_F(Tree, FacetsPassThroughProjectsAndFilters) {
  const RelPtr renamed = project(orders_, {{"key", col(orders_, "key")}, {"when", col(orders_, "ordered_at")}});
  const RelPtr first = filter(renamed, expr::le(col(renamed, "key"), expr::integer(3)));
  // 23:00 UTC is the next day one hour east; the duration to a bare date counts whole calendar days.
  const auto until = expr::literal(at(110, 5));
  const RelPtr days = project(first, {{"key", col(first, "key")},
                                      {"day", expr::call(Op::date_of, Type::date, {col(first, "when")})},
                                      {"age", expr::call(Op::duration, Type::duration, {col(first, "when"), until})}});
  const auto elapsed = [](int from_day, int from_hour) {
    return std::to_string((110 - from_day) * kMicrosPerDay + (5 - from_hour) * kHour);
  };
  EXPECT_EQ(table(days), "1|100|" + elapsed(100, 9) + "\n2|104|" + elapsed(103, 23) + "\n3|101|" +
                             std::to_string(9 * kMicrosPerDay) + "\n");
}

TEST_F(Tree, AggregatesAreExact) {
  const RelPtr all = aggregate(
      orders_, {},
      {{"orders", AggregateFn::count, nullptr, nullptr},
       {"priced", AggregateFn::count, col(orders_, "amount"), nullptr},
       {"web", AggregateFn::count, nullptr, expr::eq(col(orders_, "channel"), expr::text("web"))},
       {"buyers", AggregateFn::count_distinct, col(orders_, "customer_key"), nullptr},
       {"amount", AggregateFn::sum, col(orders_, "amount"), nullptr},
       {"shop", AggregateFn::sum, col(orders_, "amount"), expr::eq(col(orders_, "channel"), expr::text("shop"))},
       {"squares", AggregateFn::sum_squares, col(orders_, "amount"), nullptr},
       {"least", AggregateFn::min, col(orders_, "amount"), nullptr},
       {"most", AggregateFn::max, col(orders_, "channel"), nullptr},
       {"widest", AggregateFn::max_abs, expr::call(Op::neg, Type::money, {col(orders_, "amount")}, 6), nullptr}});
  // 100 + 20.50 + 0.105; 100² + 20.50² + 0.10² (0.105 is halfway, and 10 is the even one) = 10000 + 420.25 + 0.01
  EXPECT_EQ(table(all), "4|3|2|2|120.605|20.5|10420.26|0.105|web|100\n");
  EXPECT_EQ(all->columns[4].type, Type::money);
  EXPECT_EQ(all->columns[6].scale, 4);
}

TEST_F(Tree, AggregateOfNothingIsOneRowWithoutKeysAndNoneWithThem) {
  const RelPtr none = filter(orders_, expr::lt(col(orders_, "key"), expr::integer(0)));
  EXPECT_EQ(table(aggregate(
                none, {},
                {{"n", AggregateFn::count, nullptr, nullptr}, {"s", AggregateFn::sum, col(none, "amount"), nullptr}})),
            "0|-\n");
  EXPECT_EQ(table(aggregate(none, {{"channel", col(none, "channel")}}, {{"n", AggregateFn::count, nullptr, nullptr}})),
            "");
}

TEST_F(Tree, GroupsByColumnsExpressionsAndLiterals) {
  const RelPtr grouped =
      aggregate(orders_,
                {{"which", expr::integer(1)},
                 {"channel", expr::call(Op::coalesce, Type::text, {col(orders_, "channel"), expr::text("?")})},
                 {"big", expr::ge(col(orders_, "amount"), expr::literal(euros("50")))}},
                {{"n", AggregateFn::count, nullptr, nullptr},
                 {"given", AggregateFn::count, col(orders_, "channel"), nullptr},
                 {"key", AggregateFn::max, col(orders_, "key"), nullptr}});
  EXPECT_EQ(table(sorted(grouped, {"channel", "big"})),
            "1|?|no|1|0|3\n1|shop|no|1|1|2\n1|web|yes|1|1|1\n1|web|-|1|1|4\n");
}

TEST_F(Tree, AGroupMayTakeTheNameOfAnotherColumn) {
  const RelPtr swapped = project(orders_, {{"channel", col(orders_, "customer_key")},
                                           {"customer", col(orders_, "channel")},
                                           {"amount", col(orders_, "amount")}});
  const RelPtr grouped =
      aggregate(swapped, {{"customer", col(swapped, "channel")}, {"channel", col(swapped, "customer")}},
                {{"amount", AggregateFn::sum, col(swapped, "amount"), nullptr}});
  EXPECT_EQ(table(sorted(grouped, {"customer", "channel"})), "10|shop|20.5\n10|web|100\n20|-|0.105\n-|web|-\n");
}

TEST_F(Tree, LeastAndGreatestInstantsKeepTheirFacets) {
  // Customer 10: first at 9 h of day 100, last at 23 h UTC of day 103, which is day 104 there.
  const RelPtr per_customer = aggregate(
      orders_, {{"customer", col(orders_, "customer_key")}},
      {{"first", AggregateFn::min, col(orders_, "ordered_at"), nullptr},
       {"last", AggregateFn::max, col(orders_, "ordered_at"), nullptr},
       {"web", AggregateFn::min, col(orders_, "ordered_at"), expr::eq(col(orders_, "channel"), expr::text("web"))}});
  const auto day = [&](const char* name) { return expr::call(Op::date_of, Type::date, {col(per_customer, name)}); };
  const auto age = [&](const char* name) {
    return expr::call(Op::duration, Type::duration, {col(per_customer, name), expr::literal(at(104, 2))});
  };
  const RelPtr shown_facets = project(per_customer, {{"customer", col(per_customer, "customer")},
                                                     {"first", day("first")},
                                                     {"last", day("last")},
                                                     {"web", day("web")},
                                                     {"age", age("first")}});
  // Customer 20's only order is a bare date: day 101 to day 104 is 3 whole days whatever the hour.
  const auto ten = std::to_string(4 * kMicrosPerDay - 7 * kHour);
  const auto unknown = std::to_string(3 * kMicrosPerDay - 10 * kHour);
  EXPECT_EQ(table(sorted(shown_facets, {"customer"})), "10|100|104|100|" + ten + "\n20|101|101|-|" +
                                                           std::to_string(3 * kMicrosPerDay) + "\n-|101|101|101|" +
                                                           unknown + "\n");
}

TEST_F(Tree, OfEqualInstantsTheBareOneCounts) {
  const RelPtr two = values({{"t", Type::instant, 0}}, {{at(5, 0)}, {at(5, 0, true)}, {at(5, 0)}});
  for (const AggregateFn fn : {AggregateFn::min, AggregateFn::max}) {
    const RelPtr one = aggregate(two, {}, {{"t", fn, col(two, "t"), nullptr}});
    const RelPtr age =
        project(one, {{"age", expr::call(Op::duration, Type::duration, {col(one, "t"), expr::literal(at(6, 7))})}});
    EXPECT_EQ(table(age), std::to_string(kMicrosPerDay) + "\n");
  }
  const RelPtr groups = aggregate(two, {{"t", col(two, "t")}}, {{"n", AggregateFn::count, nullptr, nullptr}});
  const RelPtr age =
      project(groups, {{"age", expr::call(Op::duration, Type::duration, {col(groups, "t"), expr::literal(at(6, 7))})},
                       {"n", col(groups, "n")}});
  EXPECT_EQ(table(age), std::to_string(kMicrosPerDay) + "|3\n");
}

TEST_F(Tree, JoinsRenameTheRightSideAndCarryFacets) {
  const RelPtr joined = join(JoinKind::left, orders_, customers_, {{"customer_key", "key"}}, "customer.");
  const RelPtr out = project(
      joined, {{"key", col(joined, "key")},
               {"segment", col(joined, "customer.segment")},
               {"since", expr::call(Op::date_of, Type::date, {col(joined, "customer.since")})},
               {"tenure",
                expr::call(Op::duration, Type::duration, {col(joined, "customer.since"), col(joined, "ordered_at")})}});
  EXPECT_EQ(table(sorted(out, {"key"})), "1|pro|99|" + std::to_string(kMicrosPerDay + kHour) + "\n2|pro|99|" +
                                             std::to_string(4 * kMicrosPerDay + 15 * kHour) + "\n3|-|-|-\n4|-|-|-\n");
  const RelPtr inner = join(JoinKind::inner, orders_, customers_, {{"customer_key", "key"}}, "customer.");
  EXPECT_EQ(ask(inner).rows(), 2U);
}

TEST_F(Tree, AJoinsConditionSeesBothSides) {
  const RelPtr spans = values(
      {{"customer", Type::integer, 0}, {"from", Type::instant, 0}, {"segment", Type::text, 0}},
      {{std::int64_t{10}, at(90, 0), std::string("small")}, {std::int64_t{10}, at(102, 0), std::string("large")}});
  const RelPtr spans_to = neighbours(spans, {"customer"}, {{"from", false}}, {{"to", NeighbourFn::lead, "from"}});
  const RelPtr base = join(JoinKind::left, orders_, spans_to, {{"customer_key", "customer"}}, "then.", nullptr);
  const auto during = expr::all_of(
      {expr::lt(col(base, "then.from"), col(base, "ordered_at")),
       expr::call(Op::or_, Type::boolean,
                  {expr::is_null(col(base, "then.to")), expr::ge(col(base, "then.to"), col(base, "ordered_at"))})});
  const RelPtr joined = join(JoinKind::left, orders_, spans_to, {{"customer_key", "customer"}}, "then.", during);
  const RelPtr out = project(joined, {{"key", col(joined, "key")}, {"segment", col(joined, "then.segment")}});
  EXPECT_EQ(table(sorted(out, {"key"})), "1|small\n2|large\n3|-\n4|-\n");
}

TEST_F(Tree, FirstPerKeyTakesTheFirstInOrder) {
  const RelPtr first = first_per_key(orders_, {"channel"}, {{"ordered_at", true}, {"key", false}});
  EXPECT_EQ(
      table(sorted(project(first, {{"channel", col(first, "channel")}, {"key", col(first, "key")}}), {"channel"})),
      "shop|2\nweb|4\n-|3\n");
}

TEST_F(Tree, NeighboursReadTheRowsBesideThem) {
  const RelPtr beside = neighbours(orders_, {"customer_key"}, {{"ordered_at", false}},
                                   {{"nth", NeighbourFn::row_number, ""},
                                    {"previous", NeighbourFn::lag, "ordered_at"},
                                    {"next_amount", NeighbourFn::lead, "amount"}});
  const RelPtr out = project(beside, {{"key", col(beside, "key")},
                                      {"nth", col(beside, "nth")},
                                      {"previous", expr::call(Op::date_of, Type::date, {col(beside, "previous")})},
                                      {"next_amount", col(beside, "next_amount")}});
  EXPECT_EQ(table(sorted(out, {"key"})), "1|1|-|20.5\n2|2|100|-\n3|1|-|-\n4|1|-|-\n");
}

TEST_F(Tree, NeighboursTakeTotalsAndTheLeastOfTheirWholePartition) {
  const RelPtr beside = neighbours(orders_, {"customer_key"}, {{"ordered_at", true}},
                                   {{"all", NeighbourFn::total, "amount"}, {"first", NeighbourFn::least, "key"}});
  const RelPtr out =
      project(beside, {{"key", col(beside, "key")}, {"all", col(beside, "all")}, {"first", col(beside, "first")}});
  EXPECT_EQ(table(sorted(out, {"key"})), "1|120.5|1\n2|120.5|1\n3|0.105|3\n4|-|4\n");
  EXPECT_EQ(out->columns[1].type, Type::money);
}

TEST_F(Tree, NeighboursTakeTotalsAndTheGreatestUpToTheRow) {
  const RelPtr beside = neighbours(
      orders_, {"customer_key"}, {{"ordered_at", false}},
      {{"so_far", NeighbourFn::total_so_far, "amount"}, {"greatest", NeighbourFn::greatest_so_far, "amount"}});
  const RelPtr out = project(
      beside, {{"key", col(beside, "key")}, {"so_far", col(beside, "so_far")}, {"greatest", col(beside, "greatest")}});
  EXPECT_EQ(table(sorted(out, {"key"})), "1|100|100\n2|120.5|100\n3|0.105|0.105\n4|-|-\n");
}

TEST_F(Tree, AJoinMayHaveAConditionAlone) {
  const RelPtr spans = values({{"from", Type::integer, 0}, {"to", Type::integer, 0}},
                              {{std::int64_t{1}, std::int64_t{3}}, {std::int64_t{2}, std::int64_t{4}}});
  const RelPtr shape = values({{"key", Type::integer, 0}, {"from", Type::integer, 0}, {"to", Type::integer, 0}}, {});
  const RelPtr keys = project(orders_, {{"key", col(orders_, "key")}});
  const RelPtr inside = join(
      JoinKind::inner, keys, spans, {}, "",
      expr::all_of({expr::ge(col(shape, "key"), col(shape, "from")), expr::lt(col(shape, "key"), col(shape, "to"))}));
  EXPECT_EQ(table(sorted(inside, {"key", "from"})), "1|1|3\n2|1|3\n2|2|4\n3|2|4\n");
}

TEST_F(Tree, UnionsAndLimitsKeepOrder) {
  const RelPtr small = project(filter(orders_, expr::lt(col(orders_, "key"), expr::integer(2))),
                               {{"key", col(orders_, "key")}, {"t", col(orders_, "ordered_at")}});
  const RelPtr large =
      project(orders_, {{"key", expr::call(Op::mul, Type::integer, {col(orders_, "key"), expr::integer(10)})},
                        {"t", col(orders_, "ordered_at")}});
  const RelPtr both = union_all({small, large, small});
  EXPECT_EQ(table(project(limit(both, {{"key", true}, {"t", false}}, 3, 1), {{"key", col(both, "key")}})),
            "30\n20\n10\n");
  EXPECT_EQ(ask(both).rows(), 6U);
  const RelPtr days = aggregate(both, {{"day", expr::call(Op::date_of, Type::date, {col(both, "t")})}},
                                {{"n", AggregateFn::count, nullptr, nullptr}});
  EXPECT_EQ(table(sorted(days, {"day"})), "100|3\n101|2\n104|1\n");
}

TEST_F(Tree, NullsComeLastInEitherOrder) {
  for (const bool descending : {false, true}) {
    const ResultSet rows = ask(limit(orders_, {{"channel", descending}, {"key", false}}, 10));
    EXPECT_TRUE(rows.is_null(3, 3));
  }
}

TEST_F(Tree, NamesAndTextsAreNeverSql) {
  const std::string name = "a\" FROM t; DROP TABLE t; --";
  const std::string value = "x'; DROP TABLE t; --\\";
  const RelPtr odd = values({{name, Type::text, 0}, {"customer.segment", Type::text, 0}}, {{value, std::string("é'")}});
  const RelPtr kept = filter(odd, expr::eq(col(odd, name), expr::text(value)));
  const RelPtr grouped =
      aggregate(kept, {{name, col(kept, name)}}, {{"'", AggregateFn::max, col(kept, "customer.segment"), nullptr}});
  EXPECT_EQ(table(grouped), value + "|é'\n");
}

TEST_F(Tree, BrokenTreesAreOurOwnMistakes) {
  EXPECT_THROW(col(orders_, "amout"), std::logic_error);
  EXPECT_THROW(filter(orders_, expr::is_null(expr::column("x", Type::text))), std::logic_error);
  EXPECT_THROW(join(JoinKind::left, orders_, customers_, {{"customer_key", "key"}}), std::logic_error);  // two "key"
  EXPECT_THROW(union_all({orders_, customers_}), std::logic_error);
}

TEST_F(Tree, OneLevelPerStepWhereFiltersAndRenamingsCostNone) {
  const RelPtr table =
      scan("orders", {{"key", Type::integer, 0}, {"ordered_at", Type::instant, 0}, {"amount_base", Type::money, 6}});
  const RelPtr named =
      project(table, {{"ordered_at", col(table, "ordered_at")}, {"amount", col(table, "amount_base")}});
  const RelPtr priced = filter(named, expr::is_not_null(col(named, "amount")));
  const RelPtr total = aggregate(priced, {{"day", expr::call(Op::date_of, Type::date, {col(priced, "ordered_at")})}},
                                 {{"amount", AggregateFn::sum, col(priced, "amount"), nullptr}});
  EXPECT_EQ(engine_->sql(total),
            "SELECT \"day\", sum(\"amount\") AS \"amount\"\n"
            "FROM (\n"
            "  SELECT \"ordered_at_day\" AS \"day\", \"amount_base\" AS \"amount\"\n"
            "  FROM \"orders\"\n"
            "  WHERE (\"amount_base\" IS NOT NULL)) AS t\n"
            "GROUP BY \"day\"");
}

TEST_F(Tree, SquaresAreOfTheAmountRoundedHalfToEven) {
  rc::check("any six-digit amount", [&] {
    const auto units = *rc::gen::inRange<std::int64_t>(-2'000'000'000'000, 2'000'000'000'000);
    const auto ties = *rc::gen::inRange<std::int64_t>(-200'000, 200'000);
    for (const Decimal amount : {Decimal(units, 6), Decimal(ties * 10'000 + 5'000, 6)}) {
      const RelPtr one = values({{"a", Type::money, 6}}, {{amount}});
      const ResultSet rows = ask(aggregate(one, {}, {{"s", AggregateFn::sum_squares, col(one, "a"), nullptr}}));
      const Decimal cents = amount.rescaled(2).value();
      RC_ASSERT(rows.decimal(0, 0) == cents.times(cents).value());
    }
  });
}

}  // namespace
}  // namespace vigie::store
