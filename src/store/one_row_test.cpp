// What need not be computed is not printed, and the rows are the same.
#include <gtest/gtest.h>

#include "store/duckdb_engine.h"
#include "store/print_level.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::Expr;
using expr::Op;
using expr::Type;

constexpr std::int64_t kForGood = std::numeric_limits<std::int64_t>::max();

class OneRow : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(Database::open({.memory_limit_mb = 128, .threads = 1}).value());
    engine_.emplace(*database_);
    customers_ = values({{"customer", Type::integer}, {"channel", Type::text}},
                        {{std::int64_t{1}, std::string("web")}, {std::int64_t{2}, std::string("shop")}});
    touches_ = values({{"of", Type::integer}, {"at", Type::integer}},
                      {{std::int64_t{1}, std::int64_t{5}}, {std::int64_t{1}, std::int64_t{7}}});
  }

  std::string sql(const RelPtr& plan) const { return engine_->sql(plan); }
  bool reads_touches(const RelPtr& plan) const { return sql(plan).find("LEFT JOIN") != std::string::npos; }
  std::size_t rows(const RelPtr& plan) {
    const auto found = engine_->query(plan, {});
    if (!found) ADD_FAILURE() << found.error().text() << "\n" << sql(plan);
    return found ? found->rows() : 0;
  }
  static RelPtr only(const RelPtr& rel, std::initializer_list<const char*> names) {
    std::vector<NamedExpr> columns;
    for (const char* name : names) columns.push_back({name, col(rel, name)});
    return project(rel, std::move(columns));
  }
  /// One row a customer, by its last touch.
  RelPtr last_touch(const RelPtr& customers) const {
    const RelPtr joined = join(JoinKind::left, customers, touches_, {{"customer", "of"}});
    const RelPtr shown = extend(joined, {{"late", expr::gt(col(joined, "at"), expr::integer(6))}});
    return first_per_key(shown, {"customer"}, {{"at", true}});
  }
  /// Customers with what holds of them just before noon (12): from each touch to the next.
  RelPtr held(const char* partition, bool descending) const {
    const RelPtr spans = neighbours(touches_, {partition}, {{"at", descending}}, {{"next", NeighbourFn::lead, "at"}});
    const RelPtr noon = extend(customers_, {{"noon", expr::integer(12)}});
    const auto column = [](const char* name) { return expr::column(name, Type::integer); };
    const auto until = expr::call(Op::coalesce, Type::integer, {column("then.next"), expr::integer(kForGood)});
    return join(JoinKind::left, noon, spans, {{"customer", "of"}}, "then.",
                expr::all_of({expr::lt(column("then.at"), column("noon")), expr::ge(until, column("noon"))}));
  }

  std::unique_ptr<Database> database_;
  std::optional<DuckDbEngine> engine_;
  RelPtr customers_, touches_;
};

TEST_F(OneRow, WhichRowIsFirstDoesNotMatterForWhatAllShare) {
  const RelPtr shared = only(last_touch(customers_), {"customer", "channel"});
  EXPECT_FALSE(reads_touches(shared)) << sql(shared);
  EXPECT_EQ(rows(shared), 2U);
}

TEST_F(OneRow, ItDoesForWhatTellsThemApart) {
  EXPECT_TRUE(reads_touches(only(last_touch(customers_), {"customer", "at"})));
  const RelPtr late = only(last_touch(customers_), {"late"});
  EXPECT_TRUE(reads_touches(late));
  const auto found = engine_->query(filter(late, col(late, "late")), {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->rows(), 1U);  // the touch at 7 is the first customer's last
}

TEST_F(OneRow, NorWhereTheLeftSideHasAKeyTwice) {
  const RelPtr twice = only(last_touch(union_all({customers_, customers_})), {"customer", "channel"});
  EXPECT_TRUE(reads_touches(twice)) << sql(twice);
  EXPECT_EQ(rows(twice), 2U);
}

TEST_F(OneRow, OfWhatFollowsEachOtherOneHolds) {
  const RelPtr kept = only(held("of", false), {"customer"});
  EXPECT_FALSE(reads_touches(kept)) << sql(kept);
  EXPECT_EQ(rows(kept), 2U);
  EXPECT_EQ(rows(held("of", false)), 2U);
}

TEST_F(OneRow, OfWhatDoesNotSeveralMay) {
  // Told from the last to the first, nothing says that one ends where another begins.
  EXPECT_TRUE(reads_touches(only(held("of", true), {"customer"})));
  EXPECT_EQ(rows(only(held("of", true), {"customer"})), rows(held("of", true)));
  // Each in a partition of its own is followed by nothing.
  EXPECT_EQ(rows(only(held("at", false), {"customer"})), 3U);
}

/// Customers with the version of theirs at noon, of a table that tells (or does not) that it has one at a time.
class VersionsAtNoon : public OneRow {
 protected:
  using Edges = std::pair<Expr (*)(Expr, Expr), Expr (*)(Expr, Expr)>;
  static constexpr Edges kAt{expr::le, expr::gt}, kJustBefore{expr::lt, expr::ge};

  RelPtr joined(const RelPtr& versions, const Edges& edges, const char* key = "of") const {
    const RelPtr noon = extend(customers_, {{"noon", expr::integer(12)}});
    const auto column = [](const char* name) { return expr::column(name, Type::integer); };
    return join(JoinKind::left, noon, versions, {{"customer", key}}, "then.",
                expr::all_of({edges.first(column("then.since"), column("noon")),
                              edges.second(column("then.until"), column("noon"))}));
  }
  static std::vector<Column> columns() {
    return {{"of", Type::integer}, {"since", Type::integer}, {"until", Type::integer}};
  }
  const RelPtr one_at_a_time_ = scan("versions", columns(), Spells{.key = "of", .from = "since", .to = "until"});
};

TEST_F(VersionsAtNoon, OneAtATimeIsOneAtMost) {
  EXPECT_FALSE(reads_touches(only(joined(one_at_a_time_, kAt), {"customer"})));
  EXPECT_FALSE(reads_touches(only(joined(one_at_a_time_, kJustBefore), {"customer"})));
  const RelPtr ended = filter(one_at_a_time_, expr::is_not_null(col(one_at_a_time_, "until")));
  EXPECT_FALSE(reads_touches(only(joined(ended, kAt), {"customer"})));
  EXPECT_TRUE(reads_touches(joined(ended, kAt)));
}

TEST_F(VersionsAtNoon, NotWhereTheInstantIsOutsideOrNothingTellsSo) {
  EXPECT_TRUE(reads_touches(only(joined(scan("versions", columns()), kAt), {"customer"})));
  EXPECT_TRUE(reads_touches(only(joined(one_at_a_time_, kAt, "since"), {"customer"})));
  // At both edges one that ends and the next one hold.
  EXPECT_TRUE(reads_touches(only(joined(one_at_a_time_, {expr::le, expr::ge}), {"customer"})));
}

TEST_F(VersionsAtNoon, NorOnceTheyAreSeveral) {
  const RelPtr others = values({{"whose", Type::integer}}, {{std::int64_t{1}}, {std::int64_t{2}}});
  const RelPtr priced = join(JoinKind::left, one_at_a_time_, others, {{"of", "whose"}});
  EXPECT_FALSE(reads_touches(only(joined(priced, kAt), {"customer"}))) << "one for each of them";
  const RelPtr touched = join(JoinKind::left, one_at_a_time_, touches_, {{"of", "of"}}, "touch.");
  EXPECT_TRUE(reads_touches(only(joined(touched, kAt), {"customer"}))) << "some have two";
}

TEST_F(OneRow, LiteralRowsAreUniqueWhereTheySayTwoThings) {
  const auto names = [](std::vector<std::vector<expr::Literal>> texts) {
    return values({{"name", Type::text}, {"n", Type::integer}}, std::move(texts));
  };
  const std::int64_t one = 1, two = 2;
  EXPECT_TRUE(unique_on(names({{std::string("été"), one}, {std::string("ete"), one}}), {"name"}));
  EXPECT_FALSE(unique_on(names({{std::string("a"), one}, {std::string("a"), two}}), {"name"}));
  EXPECT_TRUE(unique_on(names({{std::string("a"), one}, {std::string("a"), two}}), {"name", "n"}));
  // Composed when it is printed, it may be the other one.
  EXPECT_FALSE(unique_on(names({{std::string("e\u0301"), one}, {std::string("\u00e9"), one}}), {"name"}));
}

}  // namespace
}  // namespace vigie::store
