// What printing leaves out or does once, and that the rows are the same for it.
#include <gtest/gtest.h>

#include <thread>

#include "store/duckdb_engine.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::Type;

class Saving : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(Database::open({.memory_limit_mb = 256, .threads = 1}).value());
    engine_.emplace(*database_);
    auto connection = database_->connect();
    ASSERT_TRUE(
        connection->execute("CREATE TABLE orders AS SELECT i AS key, i % 3 AS customer_key FROM range(7) t(i);"
                            "CREATE TABLE customers AS SELECT i AS key, 's' || i AS segment FROM range(2) t(i);"
                            "CREATE TABLE visits AS SELECT i AS key, i % 2 AS of FROM range(4) t(i)"));
    orders_ = scan("orders", {{"key", Type::integer}, {"customer_key", Type::integer}}, "key");
    customers_ = scan("customers", {{"key", Type::integer}, {"segment", Type::text}}, "key");
    visits_ = scan("visits", {{"key", Type::integer}, {"of", Type::integer}}, "key");
  }

  std::int64_t count(const RelPtr& rel) {
    const RelPtr counted = aggregate(rel, {}, {{"n", AggregateFn::count, nullptr, nullptr}});
    auto rows = engine_->query(counted, {});
    if (!rows) ADD_FAILURE() << rows.error().text() << "\n" << engine_->sql(counted);
    return rows ? rows->int64(0, 0) : -1;
  }
  static RelPtr only(const RelPtr& rel, const char* name) { return project(rel, {{name, col(rel, name)}}); }
  bool reads(const RelPtr& rel, std::string_view table) const {
    return engine_->sql(rel).find(table) != std::string::npos;
  }

  std::unique_ptr<Database> database_;
  std::optional<DuckDbEngine> engine_;
  RelPtr orders_, customers_, visits_;
};

TEST_F(Saving, AJoinThatNobodyLooksAtIsNotMade) {
  const RelPtr joined = join(JoinKind::left, orders_, customers_, {{"customer_key", "key"}}, "customer.");
  EXPECT_FALSE(reads(only(joined, "key"), "customers"));
  EXPECT_TRUE(reads(only(joined, "customer.segment"), "customers"));
  EXPECT_EQ(count(joined), 7);
  // Also through renamings, and where the right side is grouped by what is joined on.
  const RelPtr of = project(customers_, {{"of", col(customers_, "key")}, {"segment", col(customers_, "segment")}});
  EXPECT_FALSE(reads(only(join(JoinKind::left, orders_, of, {{"customer_key", "of"}}), "key"), "customers"));
  const RelPtr per_visitor =
      aggregate(visits_, {{"visitor", col(visits_, "of")}}, {{"n", AggregateFn::count, nullptr, nullptr}});
  EXPECT_FALSE(reads(only(join(JoinKind::left, orders_, per_visitor, {{"customer_key", "visitor"}}), "key"), "visits"));
}

TEST_F(Saving, AJoinThatAddsOrTakesRowsIsMade) {
  const RelPtr many = join(JoinKind::left, orders_, visits_, {{"customer_key", "of"}}, "visit.");
  EXPECT_TRUE(reads(only(many, "key"), "visits"));
  EXPECT_EQ(count(many), 12);  // customers 0 and 1 visited twice: 5 orders · 2, and 2 orders of a customer who did not
  const RelPtr some = join(JoinKind::inner, orders_, customers_, {{"customer_key", "key"}}, "customer.");
  EXPECT_TRUE(reads(only(some, "key"), "customers"));
  EXPECT_EQ(count(some), 5);
}

TEST_F(Saving, WhatIsSharedIsComputedOnce) {
  const RelPtr once = shared(filter(orders_, expr::gt(col(orders_, "key"), expr::integer(1))));
  const auto by = [&](const char* name) {
    const RelPtr groups = aggregate(once, {{"value", col(once, name)}}, {{"n", AggregateFn::count, nullptr, nullptr}});
    return project(groups, {{"value", col(groups, "value")}, {"n", col(groups, "n")}});
  };
  const RelPtr both = union_all({by("key"), by("customer_key")});
  EXPECT_EQ(count(both), 8);  // five orders, three customers
  const std::string sql = engine_->sql(both);
  EXPECT_EQ(sql.find("\"orders\""), sql.rfind("\"orders\"")) << sql;
  EXPECT_NE(sql.find("MATERIALIZED"), std::string::npos) << sql;
}

TEST_F(Saving, WhatIsKeptIsReadByEveryQueryOfARun) {
  const auto part = [&] { return shared(filter(orders_, expr::gt(col(orders_, "key"), expr::integer(1)))); };
  const auto total = [](const RelPtr& rel) {
    return aggregate(rel, {},
                     {{"n", AggregateFn::count, nullptr, nullptr}, {"s", AggregateFn::sum, col(rel, "key"), nullptr}});
  };
  auto scratch = engine_->scratch();
  ASSERT_TRUE(scratch);
  ASSERT_TRUE((*scratch)->keep(part(), {}));
  ASSERT_TRUE((*scratch)->keep(part(), {}));  // once
  // A tree of its own that holds the same part, and one that holds another.
  const RelPtr same = total(part()),
               other = total(shared(filter(orders_, expr::gt(col(orders_, "key"), expr::integer(4)))));
  EXPECT_EQ((*scratch)->sql(same).find("\"orders\""), std::string::npos) << (*scratch)->sql(same);
  EXPECT_NE((*scratch)->sql(other).find("\"orders\""), std::string::npos) << (*scratch)->sql(other);
  EXPECT_EQ((*scratch)->query(same, {})->int64(0, 0), 5);
  EXPECT_EQ((*scratch)->query(same, {})->int64(0, 1), 20);
  EXPECT_EQ((*scratch)->query(other, {})->int64(0, 0), 2);
  EXPECT_EQ(engine_->query(same, {})->int64(0, 0), 5);  // without it, from the table
}

TEST_F(Saving, WhatOneReaderReadsIsComputedInItsPlace) {
  const RelPtr one = shared(orders_);
  EXPECT_EQ(engine_->sql(only(one, "key")).find("MATERIALIZED"), std::string::npos);
}

TEST_F(Saving, KeepingStopsAtItsDeadlineAndWhenCancelled) {
  const RelPtr numbers = scan("numbers", {{"n", Type::integer}});
  auto connection = database_->connect();
  ASSERT_TRUE(connection->execute("CREATE VIEW numbers AS SELECT a.range AS n FROM range(3000000) a, range(3000) b"));
  const RelPtr slow =
      shared(aggregate(numbers, {{"n", col(numbers, "n")}}, {{"c", AggregateFn::count, nullptr, nullptr}}));
  auto scratch = engine_->scratch();
  ASSERT_TRUE(scratch);
  EXPECT_EQ((*scratch)->keep(slow, {.deadline = std::chrono::milliseconds(50)}).error().code, "engine.deadline");
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ((*scratch)->keep(slow, {.cancelled = &cancelled}).error().code, "engine.cancelled");
  EXPECT_EQ((*scratch)->query(aggregate(orders_, {}, {{"n", AggregateFn::count, nullptr, nullptr}}), {})->int64(0, 0),
            7);  // and is good for more
}

TEST_F(Saving, ASnapshotReadsOneStateWhateverIsCommitted) {
  auto data = DuckDbSnapshot::begin(*database_);
  ASSERT_TRUE(data);
  const auto counted = [&](const RelPtr& rel) {
    return aggregate(rel, {}, {{"n", AggregateFn::count, nullptr, nullptr}});
  };
  EXPECT_EQ(data->query(counted(orders_), {})->int64(0, 0), 7);
  auto writer = database_->connect();
  ASSERT_TRUE(writer->execute("INSERT INTO orders VALUES (7, 1); INSERT INTO visits VALUES (4, 1)"));
  EXPECT_EQ(count(orders_), 8);
  EXPECT_EQ(data->query(counted(orders_), {})->int64(0, 0), 7);
  EXPECT_EQ(data->query(counted(visits_), {})->int64(0, 0), 4) << "also what was not read before";
  auto scratch = data->scratch();
  ASSERT_TRUE((*scratch)->keep(shared(orders_), {}));
  EXPECT_EQ((*scratch)->query(counted(shared(orders_)), {})->int64(0, 0), 7);
  EXPECT_EQ(data->connection().query("SELECT count(*) FROM orders")->int64(0, 0), 7);
}

TEST_F(Saving, AQueryThatFailsEndsItsSnapshot) {
  auto data = DuckDbSnapshot::begin(*database_);
  const RelPtr total = aggregate(orders_, {}, {{"n", AggregateFn::count, nullptr, nullptr}});
  EXPECT_EQ(data->query(orders_, {.max_rows = 2}).error().code, "engine.too_many_rows");
  EXPECT_EQ(data->query(total, {})->int64(0, 0), 7) << "the query was answered, and the answer too long";
  const std::atomic<bool> cancelled = true;
  EXPECT_EQ(data->query(total, {.cancelled = &cancelled}).error().code, "engine.cancelled");
  EXPECT_EQ(data->query(total, {}).error().code, "engine.cancelled");
  EXPECT_EQ(count(orders_), 7);
}

TEST_F(Saving, TheTimeOfARequestIsThatOfAllItsQueries) {
  const QueryLimits limits{.deadline = std::chrono::milliseconds(2000)};
  auto data = DuckDbSnapshot::begin(*database_);
  EXPECT_TRUE(data->check(limits));
  EXPECT_TRUE(data->query(orders_, limits));
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
  EXPECT_EQ(data->check(limits).error().code, "engine.deadline");
  const auto late = data->query(orders_, limits);
  EXPECT_EQ(late.error().code, "engine.deadline");
  EXPECT_NE(late.error().message.find("2000 ms"), std::string::npos) << late.error().message;
}

TEST_F(Saving, ManyLiteralRowsAreTheSameRows) {
  std::vector<std::vector<expr::Literal>> rows;
  for (std::int64_t i = 0; i < 40; ++i) {
    const expr::InstantLiteral at{
        .at = {i * kMicrosPerDay}, .day = {static_cast<std::int32_t>(i)}, .offset_minutes = 60, .bare = i % 2 == 0};
    rows.push_back({i, i % 4 == 0 ? expr::Literal{} : expr::Literal{Date{static_cast<std::int32_t>(-i)}}, i % 3 == 0,
                    at, expr::Micros{-i}});
  }
  const RelPtr all = values(
      {{"n", Type::integer}, {"d", Type::date}, {"b", Type::boolean}, {"t", Type::instant}, {"s", Type::duration}},
      rows);
  const RelPtr seen = extend(all, {{"day", expr::call(expr::Op::date_of, Type::date, {col(all, "t")})}});
  const auto found = engine_->query(limit(seen, {{"n"}}, 100), {});
  ASSERT_TRUE(found) << found.error().text();
  ASSERT_EQ(found->rows(), 40U);
  for (std::size_t i = 0; i < 40; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    EXPECT_EQ(found->int64(i, 0), n);
    EXPECT_EQ(found->is_null(i, 1), n % 4 == 0);
    if (n % 4 != 0) EXPECT_EQ(found->int64(i, 1), -n);
    EXPECT_EQ(found->boolean(i, 2), n % 3 == 0);
    EXPECT_EQ(found->int64(i, 3), n * kMicrosPerDay);
    EXPECT_EQ(found->int64(i, 4), -n);
    EXPECT_EQ(found->int64(i, 5), n);
  }
}

TEST_F(Saving, SquaresAreExactOnBothSidesOfTheNarrowPath) {
  // Halves of a cent go to the even cent: 0.105 → 0.10, 0.115 → 0.12; forty million take the wide path.
  const auto money = [](const char* text) { return Decimal::parse(text).value().rescaled(10).value(); };
  const RelPtr amounts =
      values({{"a", Type::money, 10}}, {{money("0.105")}, {money("0.115")}, {money("-40000000.0050000001")}});
  const auto rows =
      engine_->query(aggregate(amounts, {}, {{"s", AggregateFn::sum_squares, col(amounts, "a"), nullptr}}), {});
  ASSERT_TRUE(rows) << rows.error().text();
  // 0.01 + 0.0144 + 40000000.01² = 1600000000800000.0001 + 0.0244
  EXPECT_EQ(rows->decimal(0, 0).to_plain(), "1600000000800000.0245");
}

TEST_F(Saving, ProductsAreExactOnBothSidesOfTheNarrowPath) {
  const auto of = [](const char* text, int scale) { return Decimal::parse(text).value().rescaled(scale).value(); };
  const RelPtr pairs =
      values({{"a", Type::money, 6}, {"q", Type::number, 4}}, {{of("9999", 6), of("9999", 4)},
                                                               {of("12000000.000001", 6), of("15000.5", 4)},
                                                               {of("-0.000001", 6), of("0.0001", 4)}});
  const RelPtr products =
      project(pairs, {{"p", expr::call(expr::Op::mul, Type::money, {col(pairs, "a"), col(pairs, "q")}, 10)}});
  const auto rows = engine_->query(products, {});
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_EQ(rows->decimal(0, 0).to_plain(), "99980001");
  EXPECT_EQ(rows->decimal(1, 0).to_plain(), "180006000000.0150005");
  EXPECT_EQ(rows->decimal(2, 0).to_plain(), "-0.0000000001");
}

}  // namespace
}  // namespace vigie::store
