#include "kpi/horizon.h"

namespace vigie::kpi {
namespace {

/// What is told once a month is no more behind than this.
constexpr int kMostDaysBehind = 31;

/// Up to when a source tells of a table.
struct Told {
  Instant until;
  bool assumed = false;  ///< its map does not say
  std::string source;
};

/// The end of the last day with an event in a source, of whatever table: a table in which little happens is not behind
/// the others. A source without events (a payroll, say) is known up to the last day that its rows are dated by.
std::optional<Instant> heard_until(const Session& session, const std::string& source) {
  std::optional<Date> happened, dated;
  for (const auto& one : session.facts.coverage) {
    if (one.source != source || !one.last) continue;
    std::optional<Date>& last = one.eventful ? happened : dated;
    last = std::max(last.value_or(*one.last), *one.last);
  }
  const std::optional<Date> last = happened ? happened : dated;
  return last ? std::optional(session.calendar.zone().start_of(*last + 1)) : std::nullopt;
}

/// Of each source of some tables; none is known to after now. The one that ends first stands first, before those of
/// which the same is but assumed.
std::vector<Told> told_of(const Session& session, const std::vector<std::string>& tables) {
  std::vector<Told> out;
  for (const auto& one : session.facts.coverage) {
    if (one.rows == 0 || std::ranges::find(tables, one.table) == tables.end()) continue;
    const std::optional<Instant> until = one.complete_until ? one.complete_until : heard_until(session, one.source);
    if (until) out.push_back({std::min(*until, session.now), !one.complete_until, one.source});
  }
  std::ranges::stable_sort(out, {}, [](const Told& one) { return std::pair(one.until, one.assumed); });
  return out;
}

/// The latest that any source tells of what figures are made of. Rates and holidays are fetched up to today, whatever
/// the company tells of itself.
Instant told_of_anything(const Session& session) {
  const auto event = plan::sale_event(session.settings, session.facts);
  std::vector<std::string> tables;
  for (const model::Relation& relation : session.model.relations())
    if (session.model.table(relation.name) == nullptr)  // what is made of tables, not one as it stands
      std::ranges::move(plan::tables_behind(relation.name, event, session.facts), std::back_inserter(tables));
  const std::vector<Told> told = told_of(session, tables);
  return told.empty() ? session.now : told.back().until;
}

}  // namespace

expr::InstantLiteral horizon(const Session& session, const std::vector<std::string>& tables) {
  const std::vector<Told> told = told_of(session, tables);
  return plan::seen_until(session.calendar, told.empty() ? told_of_anything(session) : told.front().until);
}

std::optional<SourceBehind> source_behind(const Session& session, const std::vector<std::string>& tables) {
  const std::vector<Told> told = told_of(session, tables);
  if (told.empty() || !told.front().assumed) return std::nullopt;
  const auto last_day = [&](const Told& one) { return session.calendar.zone().day_of(Instant{one.until.micros - 1}); };
  const SourceBehind out{told.front().source, last_day(told.front()), last_day(told.back())};
  return out.others - out.last > kMostDaysBehind ? std::optional(out) : std::nullopt;
}

std::vector<LateSource> late_sources(const Session& session, const std::vector<std::string>& tables) {
  std::vector<LateSource> out;
  for (const LateSource& one : session.late)
    if (std::ranges::any_of(tables, [&](const std::string& table) { return one.tables.contains(table); }))
      out.push_back(one);
  return out;
}

std::vector<FailingCheck> failing_checks(const Session& session, const std::vector<std::string>& tables, Instant at) {
  std::vector<FailingCheck> out;
  for (const FailingCheck& one : session.checks)
    if (std::ranges::find(tables, one.table) != tables.end() && (!one.from || *one.from < at)) out.push_back(one);
  return out;
}

}  // namespace vigie::kpi
