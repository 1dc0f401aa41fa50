#include "kpi/shown_keys.h"

#include "kpi/question_scope.h"
#include "plan/called.h"

namespace vigie::kpi {
namespace {

/// The table whose names are the values of a dimension; empty: they are no names.
std::string named_table(const Session& session, const std::string& dimension) {
  constexpr std::string_view kName = ".name";
  const std::string name(current_of(dimension).value_or(dimension));
  for (const model::Relation& relation : session.model.relations()) {
    const auto found = relation.dimensions.find(name);
    const std::string path = found == relation.dimensions.end() ? name : found->second;
    if (!path.ends_with(kName)) continue;
    const auto reach =
        std::ranges::find(relation.columns, path.substr(0, path.size() - kName.size()), &model::RelationColumn::path);
    if (reach != relation.columns.end()) return reach->references;
  }
  return {};
}

/// How many of these values stand for what has no name: a key, with its source where something else is called like it.
Result<std::int64_t> count_keys(const Session& session, const std::string& table, const std::set<std::string>& values,
                                const store::QueryLimits& limits) {
  const store::RelPtr called = plan::called_names(session.model, table);
  const expr::Expr label = store::col(called, plan::kCalled);
  std::vector<expr::Expr> shown{label};
  for (const std::string& value : values) shown.push_back(expr::text(value));
  const store::RelPtr found =
      store::filter(called, expr::all_of({expr::is_null(store::col(called, "name")),
                                          expr::call(expr::Op::in, expr::Type::boolean, std::move(shown))}));
  VIGIE_TRY(const store::ResultSet counted,
            session.engine.query(
                store::aggregate(found, {{"value", label}}, {{"rows", store::AggregateFn::count, nullptr, nullptr}}),
                limits));
  return static_cast<std::int64_t>(counted.rows());
}

/// What rows show of a dimension whose values have their names in `table`.
struct Shown {
  std::string table;
  std::set<std::string> values;
};

/// Of the dimensions some of whose values have no name.
std::vector<Shown> shown_of_nameless(const Session& session, const Answer& answer) {
  std::map<std::string, std::set<std::string>> shown;
  for (const Row& row : answer.rows)
    for (const auto& [name, value] : row.by)
      if (value && !row.others) shown[name].insert(*value);
  std::vector<Shown> out;
  for (auto& [name, values] : shown)
    if (std::string table = named_table(session, name); session.facts.nameless.contains(table))
      out.push_back({std::move(table), std::move(values)});
  return out;
}

Result<std::int64_t> count_all(const Session& session, const std::vector<Shown>& shown,
                               const store::QueryLimits& limits) {
  std::int64_t count = 0;
  for (const Shown& one : shown) {
    VIGIE_TRY(const std::int64_t keys, count_keys(session, one.table, one.values, limits));
    count += keys;
  }
  return count;
}

void add_warning(const Session& session, const char* code, std::int64_t count, Answer& answer) {
  const Text words = session.catalog.warning(code, count);
  answer.warnings.push_back({code, words, count});
}

}  // namespace

Result<> warn_of_shown_keys(const Session& session, const store::QueryLimits& limits, Beside& beside, Answer& answer) {
  if (session.facts.nameless.empty()) return {};
  const std::vector<Shown> shown = shown_of_nameless(session, answer);
  if (shown.empty()) return {};
  std::int64_t count = 0;
  const auto look = [&]() -> Result<> {
    VIGIE_TRY(count, count_all(session, shown, limits));
    return {};
  };
  VIGIE_TRY(const bool looked, beside.attempt(look));
  if (!looked) add_warning(session, "names_not_looked_for", 1, answer);
  else if (count > 0) add_warning(session, "shown_by_key", count, answer);
  return {};
}

}  // namespace vigie::kpi
