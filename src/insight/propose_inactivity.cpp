// H: each customer counts once, with its first silence of a length. The first silence longer than d days begins with
// the first sale that no other follows within them, so one pass gives it for many lengths; it was watched for as long
// again where 2 · d days have passed since, and the customer came back where that sale is not its last.
#include <set>

#include "insight/propose.h"
#include "kpi/horizon.h"
#include "plan/relation_builder.h"

namespace vigie::insight {
namespace {

using expr::Expr;
using expr::Type;
using store::AggregateFn;
using store::col;
using store::RelPtr;

constexpr int kDaysOfWeek = 7;
constexpr int kWeeksAtOnce = 26;
constexpr int kMostWeeks = 260;  ///< five years of silence, and as long again
constexpr int kNeighbours = 2;   ///< shown on either side of what is proposed

using Lengths = std::set<int>;  ///< in days
using Ladder = std::map<int, Silence>;
/// By segment; what all customers make together stands apart, those without a segment with them.
struct Ladders {
  int longest = 0;  ///< days of the longest silence that was counted, week by week
  Ladder all;
  std::map<std::string, Ladder> of;
};

std::string first_of(int days) { return fmt::format("first_{}", days); }
std::string count_of(int days) { return fmt::format("silent_{}", days); }
std::string back_of(int days) { return fmt::format("back_{}", days); }

/// One row per customer: its last sale, and the one that its first silence of each length begins with.
RelPtr first_silences(const RelPtr& sold, const expr::InstantLiteral& as_of, const Lengths& lengths) {
  const RelPtr known = store::filter(sold, expr::all_of({expr::is_not_null(col(sold, "customer_key")),
                                                         expr::lt(col(sold, "sold_at"), expr::literal(as_of))}));
  const Expr followed = expr::lt(col(known, "next_at"), expr::literal(as_of));
  const RelPtr days = store::project(
      known, {{"customer_key", col(known, "customer_key")},
              {"sold_on", plan::day_of(col(known, "sold_at"))},
              {"next_on", plan::when(followed, plan::day_of(col(known, "next_at")), expr::null_of(Type::date))}});
  std::vector<store::AggregateColumn> columns{{"last_on", AggregateFn::max, col(days, "sold_on"), nullptr}};
  for (const int length : lengths)
    columns.push_back({first_of(length), AggregateFn::min, col(days, "sold_on"),
                       plan::any_of({expr::is_null(col(days, "next_on")),
                                     expr::gt(col(days, "next_on"), plan::days_later(col(days, "sold_on"), length))})});
  return store::aggregate(days, {{"customer_key", col(days, "customer_key")}}, std::move(columns));
}

/// Silent customers and those who came back, by segment. `today` has not been watched whole.
RelPtr counted(const plan::RelationBuilder& build, const RelPtr& firsts, Date today, const Lengths& lengths) {
  const RelPtr related = plan::with_relation(build, firsts);
  const RelPtr buyers = store::filter(related, plan::is(related, "relation", plan::kPurchase));
  const RelPtr customers = build.table("customers");
  const RelPtr told =
      store::project(customers, {{"of", col(customers, "key")}, {"segment", col(customers, "segment")}});
  const RelPtr rows = store::join(store::JoinKind::left, buyers, told, {{"customer_key", "of"}});
  std::vector<store::AggregateColumn> columns;
  for (const int length : lengths) {
    const Expr first = col(rows, first_of(length));
    const Expr watched = expr::lt(plan::days_later(first, 2 * length), expr::literal(today));
    columns.push_back({count_of(length), AggregateFn::count, nullptr, watched});
    columns.push_back(
        {back_of(length), AggregateFn::count, nullptr, expr::all_of({watched, expr::lt(first, col(rows, "last_on"))})});
  }
  return store::aggregate(rows, {{"segment", col(rows, "segment")}}, std::move(columns));
}

void add(Ladder& ladder, int days, std::int64_t customers, std::int64_t came_back) {
  Silence& step = ladder[days];
  step.days = days;
  step.customers += customers;
  step.came_back += came_back;
}

void take(const store::ResultSet& found, const Lengths& lengths, Ladders& out) {
  for (std::size_t row = 0; row < found.rows(); ++row)
    for (const int days : lengths) {
      const std::int64_t customers = found.int64(row, found.index_of(count_of(days)));
      const std::int64_t came_back = found.int64(row, found.index_of(back_of(days)));
      add(out.all, days, customers, came_back);
      if (!found.is_null(row, 0)) add(out.of[found.text(row, 0)], days, customers, came_back);
    }
}

/// The steps of whole weeks that enough customers stand on, by length: the longer the silence, the fewer they are.
std::vector<Silence> standing(const Ladder& ladder, std::int64_t enough, int longest) {
  std::vector<Silence> out;
  for (const auto& [days, step] : ladder)
    if (days % kDaysOfWeek == 0 && days <= longest && step.customers >= enough) out.push_back(step);
  return out;
}

bool few_come_back(const Silence& step) { return step.came_back * kOneIn <= step.customers; }

/// Would longer silences change what is said of these customers?
bool is_settled(const Ladder& ladder, std::int64_t enough, int longest) {
  const auto steps = standing(ladder, enough, longest);
  if (steps.empty() || steps.back().days < longest) return true;
  const auto first = std::ranges::find_if(steps, few_come_back);
  return first != steps.end() && steps.end() - first > kNeighbours;
}

NoProposal too_few(const Ladder& ladder, std::int64_t enough) {
  const auto first = ladder.find(kDaysOfWeek);
  const std::int64_t customers = first == ladder.end() ? 0 : first->second.customers;
  return {
      "too_few",
      {fmt::format("too little history: {} of {} customers needed who were silent for a week and watched for another",
                   customers, enough),
       fmt::format("trop peu d'historique : {} des {} clients requis, silencieux une semaine puis suivis une autre",
                   customers, enough)}};
}

NoProposal still_coming_back(const Silence& last, std::int64_t enough) {
  return {"still_coming_back",
          {fmt::format("too little history: {} of the {} customers silent for {} days came back, more than one in {}, "
                       "and no longer silence was watched as long again for {} customers",
                       last.came_back, last.customers, last.days, kOneIn, enough),
           fmt::format("trop peu d'historique : {} des {} clients silencieux pendant {} jours sont revenus, plus d'un "
                       "sur {}, et aucun silence plus long n'a été suivi aussi longtemps pour {} clients",
                       last.came_back, last.customers, last.days, kOneIn, enough)}};
}

HorizonFound found_in(const Ladder& ladder, std::int64_t enough, int longest) {
  HorizonFound out;
  const auto steps = standing(ladder, enough, longest);
  const auto first = std::ranges::find_if(steps, few_come_back);
  const auto from = std::min(first - steps.begin(), static_cast<std::ptrdiff_t>(steps.size()));
  for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(from - kNeighbours, 0);
       i < std::min<std::ptrdiff_t>(from + kNeighbours + 1, std::ssize(steps)); ++i)
    out.around.push_back(steps[static_cast<std::size_t>(i)]);
  if (first != steps.end()) out.days = first->days;
  else if (steps.empty()) out.refused = too_few(ladder, enough);
  else out.refused = still_coming_back(steps.back(), enough);
  return out;
}

/// Counts silences of more and more weeks until nobody's horizon depends on longer ones.
Result<Ladders> climbed(const kpi::Session& session, const plan::RelationContext& context, std::int64_t enough,
                        const store::QueryLimits& limits) {
  Ladders out;
  VIGIE_TRY(const RelPtr sold, plan::relation("sales", context));
  const plan::RelationBuilder build(context);
  const Date today = session.calendar.zone().day_of(context.as_of.at);
  const auto settled = [&] {
    return is_settled(out.all, enough, out.longest) &&
           std::ranges::all_of(out.of, [&](const auto& one) { return is_settled(one.second, enough, out.longest); });
  };
  for (int weeks = 0; weeks < kMostWeeks; weeks += kWeeksAtOnce) {
    Lengths lengths;
    for (int week = weeks + 1; week <= weeks + kWeeksAtOnce; ++week) lengths.insert(week * kDaysOfWeek);
    out.longest = *lengths.rbegin();
    // What is set today is told of in any case, and counted once.
    if (weeks == 0) lengths.insert(session.settings.inactivity_days);
    else lengths.erase(session.settings.inactivity_days);
    VIGIE_TRY(
        const store::ResultSet found,
        session.engine.query(counted(build, first_silences(sold, context.as_of, lengths), today, lengths), limits));
    take(found, lengths, out);
    if (settled()) break;
  }
  return out;
}

}  // namespace

Result<InactivityProposal> propose_inactivity(const kpi::Session& session, const store::QueryLimits& limits) {
  const auto event = plan::sale_event(session.settings, session.facts);
  const std::map<std::string, expr::Literal> no_params;
  const plan::RelationContext context{session.model,
                                      session.settings,
                                      session.calendar,
                                      session.facts,
                                      event,
                                      kpi::horizon(session, plan::tables_behind("sales", event)),
                                      no_params,
                                      {}};
  const Date today = session.calendar.zone().day_of(session.now);
  VIGIE_TRY(const catalog::Definition* churn, session.catalog.find("churn_rate", std::nullopt, today));
  InactivityProposal out;
  out.as_of = context.as_of.at;
  out.today = out.at_today.days = session.settings.inactivity_days;
  out.enough = churn->min_sample;
  if (context.has_payers() && !context.has_buyers()) {
    out.all.refused = NoProposal{"contracts_only",
                                 {"every customer is under contract: nobody's silence says anything",
                                  "tous les clients sont sous contrat : aucun silence ne dit rien"}};
    return out;
  }
  VIGIE_TRY(const Ladders ladders, climbed(session, context, out.enough, limits));
  if (const auto step = ladders.all.find(out.today); step != ladders.all.end()) out.at_today = step->second;
  out.all = found_in(ladders.all, out.enough, ladders.longest);
  if (ladders.of.size() > 1)
    for (const auto& [segment, ladder] : ladders.of)
      out.segments.emplace_back(segment, found_in(ladder, out.enough, ladders.longest));
  return out;
}

}  // namespace vigie::insight
