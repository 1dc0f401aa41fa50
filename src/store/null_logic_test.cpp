// Filters over rows without values: the engine keeps what a plain loop keeps, whatever stands inside an "or".
#include <gtest/gtest.h>

#include <random>

#include "store/duckdb_engine.h"
#include "store/print_rel.h"

namespace vigie::store {
namespace {

using expr::Expr;
using expr::Op;
using expr::Type;
using Text = std::optional<std::string>;

struct Row {
  Text a, b;
};

/// Random conditions over two columns of text. A missing value is a value of its own, equal to no text.
class Conditions {
 public:
  explicit Conditions(std::mt19937& dice) : dice_(dice) {}

  Expr any(int depth) {
    if (depth == 0) return test();
    switch (below(4)) {
      case 0: return expr::not_(any(depth - 1));
      case 1: return combined(Op::and_, depth);
      case 2: return combined(Op::or_, depth);
      default: return test();
    }
  }

  Text value() { return below(3) == 0 ? Text() : Text(word()); }

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(dice_); }
  std::string word() { return std::string(1, static_cast<char>('m' + below(4))); }
  Expr column() { return expr::column(below(3) == 0 ? "b" : "a", Type::text); }

  Expr combined(Op op, int depth) {
    std::vector<Expr> args;
    for (int i = 2 + below(2); i > 0; --i) args.push_back(any(depth - 1));
    return expr::call(op, Type::boolean, std::move(args));
  }

  Expr test() {
    switch (below(6)) {
      case 0: return expr::is_null(column());
      case 1: return expr::is_not_null(column());
      case 2: {
        std::vector<Expr> args{column()};
        for (int i = 1 + below(3); i > 0; --i) args.push_back(expr::text(word()));
        return expr::call(Op::in, Type::boolean, std::move(args));
      }
      case 3: return expr::eq(column(), expr::text(word()));
      case 4: return expr::eq(column(), column());
      default: return expr::call(Op::ne, Type::boolean, {column(), expr::text(word())});
    }
  }

  std::mt19937& dice_;
};

Text value_of(const Expr& e, const Row& row) {
  if (e->op == Op::column) return e->name == "a" ? row.a : row.b;
  return std::get<std::string>(e->literal);
}

bool holds(const Expr& e, const Row& row) {
  const auto& args = e->args;
  const auto is = [&](const Expr& arg) { return holds(arg, row); };
  switch (e->op) {
    case Op::not_: return !is(args[0]);
    case Op::and_: return std::ranges::all_of(args, is);
    case Op::or_: return std::ranges::any_of(args, is);
    case Op::is_null: return !value_of(args[0], row);
    case Op::is_not_null: return value_of(args[0], row).has_value();
    case Op::eq: return value_of(args[0], row) == value_of(args[1], row);
    case Op::ne: return value_of(args[0], row) != value_of(args[1], row);
    default:
      return std::any_of(args.begin() + 1, args.end(),
                         [&](const Expr& arg) { return value_of(args[0], row) == value_of(arg, row); });
  }
}

std::string sql_of(const Text& text) { return text ? "'" + *text + "'" : "NULL"; }

TEST(NullLogic, AFilterKeepsWhatAPlainLoopKeeps) {
  auto database = std::move(Database::open({.memory_limit_mb = 256, .threads = 1}).value());
  DuckDbEngine engine(*database);
  Connection connection = std::move(database->connect().value());
  constexpr unsigned kSeed = 20250601;
  std::mt19937 dice(kSeed);
  Conditions conditions(dice);
  for (int table = 0; table < 12; ++table) {
    // Tables in which a column has no value at all are the ones that blocks can be dropped from by their bounds.
    std::vector<Row> rows;
    for (int i = 0; i < 1 + table * 2; ++i)
      rows.push_back({table % 3 == 0 ? Text() : conditions.value(), table % 4 == 0 ? Text() : conditions.value()});
    ASSERT_TRUE(connection.execute("CREATE OR REPLACE TABLE t (a VARCHAR, b VARCHAR)"));
    for (const Row& row : rows)
      ASSERT_TRUE(connection.execute(fmt::format("INSERT INTO t VALUES ({}, {})", sql_of(row.a), sql_of(row.b))));
    const RelPtr scanned = scan("t", {{"a", Type::text, 0}, {"b", Type::text, 0}});
    for (int trial = 0; trial < 150; ++trial) {
      const Expr condition = conditions.any(3);
      const RelPtr plan = aggregate(filter(scanned, condition), {}, {{"kept", AggregateFn::count, nullptr, nullptr}});
      const auto answer = engine.query(plan, {});
      ASSERT_TRUE(answer) << answer.error().text() << engine.sql(plan);
      const auto expected = std::ranges::count_if(rows, [&](const Row& row) { return holds(condition, row); });
      ASSERT_EQ(answer->int64(0, 0), expected) << "table " << table << ", seed " << kSeed << "\n"
                                               << expr::to_text(condition) << "\n"
                                               << engine.sql(plan);
    }
  }
}

}  // namespace
}  // namespace vigie::store
