#include "kpi/dimension_values.h"

#include "base/text.h"
#include "kpi/horizon.h"
#include "kpi/question_scope.h"
#include "plan/measure_columns.h"

namespace vigie::kpi {
namespace {

using Counts = std::map<std::optional<std::string>, std::int64_t>;

/// Adds the relation's values of the dimension, and its dimensions to `names`; whether it knows that one.
Result<bool> add_counts(const Session& session, const model::Relation& relation, const std::string& dimension,
                        const store::QueryLimits& limits, Counts& counts, std::vector<std::string>& names) {
  std::vector<std::string> here;
  VIGIE_TRY(const auto named, rows_with(session, relation, dimension, &here));
  std::ranges::copy(here, std::back_inserter(names));
  if (std::ranges::find(here, dimension) == here.end()) return false;
  const auto& [rows, column] = *named;
  VIGIE_TRY(const store::ResultSet found,
            session.engine.query(store::aggregate(rows, {{"value", store::col(rows, column)}},
                                                  {{"rows", store::AggregateFn::count, nullptr, nullptr}}),
                                 limits));
  for (std::size_t row = 0; row < found.rows(); ++row)
    counts[plan::key_of(found, row, 0, 1).front()] += found.int64(row, 1);
  return true;
}

}  // namespace

Result<std::optional<NamedRows>> rows_with(const Session& session, const model::Relation& relation,
                                           const std::string& name, std::vector<std::string>* names) {
  const std::map<std::string, expr::Literal> params{{"of", std::string("leads")}};
  const auto event = plan::sale_event(session.settings, session.facts);
  const plan::RelationContext context{session.model,
                                      session.settings,
                                      session.calendar,
                                      session.facts,
                                      event,
                                      horizon(session, plan::tables_behind(relation.name, event, session.facts)),
                                      params,
                                      {}};
  VIGIE_TRY(store::RelPtr rows, plan::relation(relation.name, context));
  const std::vector<catalog::Parameter> no_parameters;
  const catalog::RelationScope of_model(session.model, relation, no_parameters);
  const QuestionScope scope(of_model, relation, rows, session.facts);
  if (names) *names = scope.dimension_names();
  const std::string column = scope.resolved(name);
  if (column.empty()) return std::nullopt;
  VIGIE_TRY(rows, plan::with_paths(rows, relation.name, {column}, context, ""));
  return NamedRows{std::move(rows), column};
}

Result<std::vector<DimensionValue>> dimension_values(const Session& session, const std::string& dimension,
                                                     const std::string& typed, int limit,
                                                     const store::QueryLimits& limits) {
  Counts counts;
  bool known = false;
  std::vector<std::string> names;
  for (const char* name : kCounted) {
    VIGIE_TRY(const bool here, add_counts(session, *session.model.relation(name), dimension, limits, counts, names));
    known = known || here;
  }
  if (!known)
    return fail(ErrorKind::usage, "split.unknown", fmt::format("no dimension \"{}\"", dimension), {},
                suggestion(dimension, names));
  std::vector<DimensionValue> out;
  for (const auto& [value, count] : counts)
    if (fold_name(value.value_or("")).find(fold_name(typed)) != std::string::npos) out.push_back({value, count});
  std::ranges::sort(out, [](const DimensionValue& a, const DimensionValue& b) {
    return std::pair(-a.rows, a.value) < std::pair(-b.rows, b.value);
  });
  if (static_cast<int>(out.size()) > limit) out.resize(static_cast<std::size_t>(limit));
  return out;
}

}  // namespace vigie::kpi
