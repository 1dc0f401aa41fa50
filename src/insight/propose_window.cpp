// W: the cycles from a lead's arrival to its first payment that ended in one. A company whose lead came twice before it
// paid has one cycle, from the first of them.
#include <cmath>

#include "insight/propose.h"
#include "kpi/horizon.h"
#include "plan/relation_builder.h"
#include "stats/quantiles.h"

namespace vigie::insight {
namespace {

using expr::Expr;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::RelPtr;

constexpr Decimal kProposed{9, 1};
constexpr Decimal kShown[] = {stats::kMedian, {75, 2}, kProposed, {95, 2}};

Expr days(std::int64_t count) { return expr::literal(expr::Micros{count * kMicrosPerDay}); }

/// The length of each of `conversions` as `cycle`.
RelPtr cycles(const RelPtr& rows) {
  return store::extend(rows, {{"cycle", plan::duration(col(rows, "created_at"), col(rows, "converted_at"))}});
}

/// How many convert within each of the windows, as the definition takes the word.
Result<std::vector<std::int64_t>> within(const kpi::Session& session, const RelPtr& rows,
                                         const std::vector<int>& windows, const store::QueryLimits& limits) {
  std::vector<store::AggregateColumn> columns;
  for (const int window : windows)
    columns.push_back({fmt::format("within_{}", columns.size()), AggregateFn::count, nullptr,
                       expr::call(expr::Op::within, Type::boolean,
                                  {col(rows, "created_at"), col(rows, "converted_at"), days(window)})});
  VIGIE_TRY(const store::ResultSet found, session.engine.query(store::aggregate(rows, {}, std::move(columns)), limits));
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < windows.size(); ++i) out.push_back(found.int64(0, i));
  return out;
}

Result<stats::WeightedSample<std::int64_t>> lengths(const kpi::Session& session, const RelPtr& rows,
                                                    const store::QueryLimits& limits) {
  VIGIE_TRY(const store::ResultSet found,
            session.engine.query(store::aggregate(rows, {{"cycle", col(rows, "cycle")}},
                                                  {{"times", AggregateFn::count, nullptr, nullptr}}),
                                 limits));
  std::vector<stats::Weighted<std::int64_t>> items;
  for (std::size_t row = 0; row < found.rows(); ++row) items.push_back({found.int64(row, 0), found.int64(row, 1)});
  return stats::WeightedSample<std::int64_t>(std::move(items));
}

/// The definition in force, and what a new version of it would be.
Result<const catalog::Parameter*> take_definition(const kpi::Session& session, WindowProposal& out) {
  out.adopted_on = session.calendar.zone().day_of(session.now);
  VIGIE_TRY(const catalog::Definition* definition,
            session.catalog.find("conversion_rate", std::nullopt, out.adopted_on));
  const catalog::Parameter* window = definition->parameter("window");
  if (!window)
    return fail(ErrorKind::usage, "parameter.unknown",
                fmt::format("{} has no parameter \"{}\"", definition->id, "window"));
  VIGIE_TRY(const Decimal today, Decimal::parse(window->fallback));
  out.kpi = definition->id;
  out.file = definition->file;
  out.version = definition->version;
  out.today = static_cast<int>(today.to_double());
  out.enough = definition->min_sample;
  out.next_version = out.version + 1;
  while (session.catalog.find(out.kpi, out.next_version, out.adopted_on)) ++out.next_version;
  return window;
}

NoProposal too_few(std::int64_t n, std::int64_t enough) {
  return {"too_few",
          {fmt::format("too little history: {} have converted so far; {} are needed", n, enough),
           fmt::format("trop peu d'historique : {} se sont convertis jusqu'ici ; il en faut {}", n, enough)}};
}

NoProposal out_of_bounds(int proposed, const catalog::Parameter& window) {
  return {"out_of_bounds",
          {fmt::format("{} days is more than the {} that the window may have", proposed, *window.max),
           fmt::format("{} jours dépassent les {} que la fenêtre peut avoir", proposed, *window.max)}};
}

}  // namespace

Result<WindowProposal> propose_window(const kpi::Session& session, const store::QueryLimits& limits) {
  WindowProposal out;
  VIGIE_TRY(const catalog::Parameter* window, take_definition(session, out));
  const auto event = plan::sale_event(session.settings, session.facts);
  const std::map<std::string, expr::Literal> params{{"of", std::string("leads")}};
  const plan::RelationContext context{session.model,
                                      session.settings,
                                      session.calendar,
                                      session.facts,
                                      event,
                                      kpi::horizon(session, plan::tables_behind("conversions", event, session.facts)),
                                      params,
                                      {}};
  out.as_of = context.as_of.at;
  out.unit = plan::name_of(plan::conversion_unit(session.facts, params));
  VIGIE_TRY(const RelPtr conversions, plan::relation("conversions", context));
  const RelPtr rows = cycles(conversions);
  VIGIE_TRY(const auto sample, lengths(session, rows, limits));
  out.n = sample.n();
  if (out.n < out.enough) {
    out.refused = too_few(out.n, out.enough);
    return out;
  }
  int proposed = 0;
  for (const Decimal& q : kShown) {
    const double found = *stats::quantile(sample, q) / static_cast<double>(kMicrosPerDay);
    out.quantiles.push_back({q, found});
    // Within W is before W days have passed: a cycle of W days to the second is not.
    if (q == kProposed) proposed = static_cast<int>(std::floor(found)) + 1;
  }
  VIGIE_TRY(const auto shares, within(session, rows, {out.today, proposed}, limits));
  out.within_today = shares[0];
  out.within_proposed = shares[1];
  if (window->max && proposed > *window->max) out.refused = out_of_bounds(proposed, *window);
  else out.days = proposed;
  return out;
}

Result<Proposals> propose(const kpi::Session& session, const store::QueryLimits& limits) {
  Proposals out;
  VIGIE_TRY(out.inactivity, propose_inactivity(session, limits));
  VIGIE_TRY(out.window, propose_window(session, limits));
  return out;
}

}  // namespace vigie::insight
