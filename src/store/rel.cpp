#include "store/rel.h"

#include <set>
#include <stdexcept>

namespace vigie::store {
namespace {

/// A tree that does not hold together is our own mistake, not a user's: it stops the request, with what is wrong.
[[noreturn]] void broken(const std::string& what) { throw std::logic_error("relational tree: " + what); }

std::string names_of(const Rel& rel) {
  std::string names;
  for (const Column& column : rel.columns) names += (names.empty() ? "" : ", ") + column.name;
  return names;
}

const Column& require(const RelPtr& rel, std::string_view name) {
  const Column* column = find_column(rel, name);
  if (column == nullptr) broken(fmt::format("no column \"{}\" among {}", name, names_of(*rel)));
  return *column;
}

void require_all(const RelPtr& rel, const expr::Expr& e) {
  if (!e) return;
  std::vector<std::string> names;
  expr::columns_of(e, names);
  for (const std::string& name : names) require(rel, name);
}

void require_unique(const std::vector<Column>& columns) {
  std::set<std::string_view> seen;
  for (const Column& column : columns) {
    if (!seen.insert(column.name).second) broken(fmt::format("two columns are called \"{}\"", column.name));
  }
}

RelPtr made(Rel rel) {
  require_unique(rel.columns);
  return std::make_shared<const Rel>(std::move(rel));
}

Column typed(const std::string& name, const expr::Expr& value) { return {name, value->type, value->scale}; }

Column measured(const AggregateColumn& measure) {
  switch (measure.fn) {
    case AggregateFn::count:
    case AggregateFn::count_distinct: return {measure.name, expr::Type::integer, 0};
    case AggregateFn::sum_squares: return {measure.name, expr::Type::number, 4};
    default: break;
  }
  if (!measure.value) broken(fmt::format("the aggregate \"{}\" has no value", measure.name));
  return typed(measure.name, measure.value);
}

}  // namespace

RelPtr scan(std::string table, std::vector<Column> columns, std::string unique) {
  RelPtr rel = made({Scan{std::move(table), unique}, std::move(columns)});
  if (!unique.empty()) require(rel, unique);
  return rel;
}

RelPtr scan(std::string table, std::vector<Column> columns, Spells spells) {
  RelPtr rel = made({Scan{.table = std::move(table), .unique = {}, .spells = spells}, std::move(columns)});
  for (const std::string& name : {spells.key, spells.from, spells.to}) require(rel, name);
  return rel;
}

RelPtr filter(RelPtr input, expr::Expr predicate) {
  if (!predicate) return input;
  require_all(input, predicate);
  std::vector<Column> columns = input->columns;
  return made({Filter{std::move(input), std::move(predicate)}, std::move(columns)});
}

RelPtr project(RelPtr input, std::vector<NamedExpr> columns) {
  std::vector<Column> output;
  for (const NamedExpr& column : columns) {
    require_all(input, column.value);
    output.push_back(typed(column.name, column.value));
  }
  return made({Project{std::move(input), std::move(columns)}, std::move(output)});
}

RelPtr extend(RelPtr input, std::vector<NamedExpr> more) {
  std::vector<NamedExpr> columns;
  for (const Column& column : input->columns) {
    columns.push_back({column.name, expr::column(column.name, column.type, column.scale)});
  }
  std::ranges::move(more, std::back_inserter(columns));
  return project(std::move(input), std::move(columns));
}

RelPtr aggregate(RelPtr input, std::vector<NamedExpr> group, std::vector<AggregateColumn> measures) {
  std::vector<Column> output;
  for (const NamedExpr& key : group) {
    require_all(input, key.value);
    output.push_back(typed(key.name, key.value));
  }
  for (const AggregateColumn& measure : measures) {
    require_all(input, measure.value);
    require_all(input, measure.where);
    output.push_back(measured(measure));
  }
  return made({Aggregate{std::move(input), std::move(group), std::move(measures)}, std::move(output)});
}

RelPtr join(JoinKind kind, RelPtr left, RelPtr right, std::vector<std::pair<std::string, std::string>> on,
            std::string prefix, expr::Expr condition) {
  if (on.empty() && (kind != JoinKind::inner || !condition)) broken("a join needs a pair of equal columns");
  for (const auto& [a, b] : on) {
    require(left, a);
    require(right, b);
  }
  std::vector<Column> output = left->columns;
  for (Column column : right->columns) {
    column.name = prefix + column.name;
    output.push_back(std::move(column));
  }
  RelPtr result = made(
      {Join{std::move(left), std::move(right), std::move(on), kind, std::move(prefix), condition}, std::move(output)});
  require_all(result, condition);
  return result;
}

RelPtr first_per_key(RelPtr input, std::vector<std::string> keys, std::vector<SortKey> order) {
  if (keys.empty() || order.empty()) broken("first_per_key needs keys and an order");
  for (const std::string& key : keys) require(input, key);
  for (const SortKey& key : order) require(input, key.column);
  std::vector<Column> columns = input->columns;
  return made({FirstPerKey{std::move(input), std::move(keys), std::move(order)}, std::move(columns)});
}

RelPtr neighbours(RelPtr input, std::vector<std::string> partition, std::vector<SortKey> order,
                  std::vector<NeighbourColumn> columns) {
  if (order.empty()) broken("neighbours need an order");
  for (const std::string& key : partition) require(input, key);
  for (const SortKey& key : order) require(input, key.column);
  std::vector<Column> output = input->columns;
  for (const NeighbourColumn& column : columns) {
    Column added{column.name, expr::Type::integer, 0};
    if (column.fn != NeighbourFn::row_number) {
      added = require(input, column.column);
      added.name = column.name;
    }
    output.push_back(std::move(added));
  }
  return made(
      {Neighbours{std::move(input), std::move(partition), std::move(order), std::move(columns)}, std::move(output)});
}

RelPtr values(std::vector<Column> columns, std::vector<std::vector<expr::Literal>> rows) {
  for (const auto& row : rows) {
    if (row.size() != columns.size()) broken("a literal row has another number of values than there are columns");
  }
  return made({Values{std::move(rows)}, std::move(columns)});
}

RelPtr union_all(std::vector<RelPtr> inputs) {
  if (inputs.empty()) broken("a union of nothing");
  const std::vector<Column> columns = inputs.front()->columns;
  for (const RelPtr& input : inputs) {
    const bool same = std::ranges::equal(
        columns, input->columns, [](const Column& a, const Column& b) { return a.name == b.name && a.type == b.type; });
    if (!same) broken(fmt::format("a union of ({}) and ({})", names_of(*inputs.front()), names_of(*input)));
  }
  if (inputs.size() == 1) return inputs.front();
  return made({UnionAll{std::move(inputs)}, columns});
}

RelPtr limit(RelPtr input, std::vector<SortKey> order, std::int64_t count, std::int64_t offset) {
  for (const SortKey& key : order) require(input, key.column);
  if (count < 0 || offset < 0) broken("a negative limit");
  std::vector<Column> columns = input->columns;
  return made({Limit{std::move(input), std::move(order), count, offset}, std::move(columns)});
}

RelPtr shared(RelPtr input) {
  std::vector<Column> columns = input->columns;
  return made({Shared{std::move(input)}, std::move(columns)});
}

expr::Expr col(const RelPtr& rel, std::string_view name) {
  const Column& column = require(rel, name);
  return expr::column(column.name, column.type, column.scale);
}

const Column* find_column(const RelPtr& rel, std::string_view name) {
  for (const Column& column : rel->columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace vigie::store
