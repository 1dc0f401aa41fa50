#include "kpi/shown_keys.h"

#include "kpi/question_scope.h"
#include "store/warehouse.h"

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

/// How many of these values are keys of what has no name.
Result<std::int64_t> count_keys(const Session& session, const std::string& table, const std::set<std::string>& values,
                                const store::QueryLimits& limits) {
  const store::RelPtr keys = store::key_scan(table), rows = store::table_scan(session.model, table);
  const store::RelPtr named = store::join(
      store::JoinKind::left, keys,
      store::project(rows, {{"of", store::col(rows, "key")}, {"name", store::col(rows, "name")}}), {{"key", "of"}});
  std::vector<expr::Expr> shown{store::col(named, "source_key")};
  for (const std::string& value : values) shown.push_back(expr::text(value));
  const store::RelPtr found =
      store::filter(named, expr::all_of({expr::is_null(store::col(named, "name")),
                                         expr::call(expr::Op::in, expr::Type::boolean, std::move(shown))}));
  VIGIE_TRY(const store::ResultSet counted,
            session.engine.query(store::aggregate(found, {{"value", store::col(found, "source_key")}},
                                                  {{"rows", store::AggregateFn::count, nullptr, nullptr}}),
                                 limits));
  return static_cast<std::int64_t>(counted.rows());
}

Result<> warn(const Session& session, const store::QueryLimits& limits, Answer& answer) {
  std::map<std::string, std::set<std::string>> shown;
  for (const Row& row : answer.rows)
    for (const auto& [name, value] : row.by)
      if (value && !row.others) shown[name].insert(*value);
  std::int64_t count = 0;
  for (const auto& [name, values] : shown) {
    const std::string table = named_table(session, name);
    if (!session.facts.nameless.contains(table)) continue;
    VIGIE_TRY(const std::int64_t keys, count_keys(session, table, values, limits));
    count += keys;
  }
  if (count == 0) return {};
  const catalog::Text words = session.catalog.warning("shown_by_key", count);
  answer.warnings.push_back({"shown_by_key", {words.en, words.fr}, count});
  return {};
}

}  // namespace

Result<> warn_of_shown_keys(const Session& session, const store::QueryLimits& limits, Answer& answer) {
  if (session.facts.nameless.empty()) return {};
  const Result<> warned = warn(session, limits, answer);
  return warned || warned.error().code != "engine.cancelled" ? Result<>() : warned;
}

}  // namespace vigie::kpi
