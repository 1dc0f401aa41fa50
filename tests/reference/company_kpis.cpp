// What it costs to win a customer, what people would recommend, what each of us brings in.
#include <cmath>

#include "reference/derived.h"

namespace vigie::reference {
namespace {

/// Spend, and the share of the other costs that serves sales or marketing, of the days in [from, to).
double cost_between(const Scope& scope, Instant from, Instant to) {
  double sum = 0;
  const auto inside = [&](Date day) {
    return from <= scope.moments.start_of(day) && scope.moments.start_of(day) < to &&
           scope.happened(scope.moments.start_of(day));
  };
  for (const Spend& one : scope.world.spend)
    if (one.amount.base && inside(one.day)) sum += one.amount.base->to_double();
  for (const Cost& one : scope.world.costs)
    if (one.amount.base && one.share && serves_acquisition(one) && inside(one.day))
      sum += one.amount.base->to_double() * one.share->to_double();
  return sum;
}

double new_ones(const Scope& scope) {
  double count = 0;
  for (const auto& [customer, first] : first_purchases(scope)) count += scope.inside(first.at.at) ? 1 : 0;
  return count;
}

Figure cac(const Scope& scope) {
  return Figure::ratio(cost_between(scope, scope.span.from, scope.span.to), new_ones(scope));
}

/// The company's own cycle in whole days, whatever is filtered: of the deals won in the 12 complete months up to the
/// end of the range asked, else of the leads that became customers in them.
std::optional<int> own_cycle(const Scope& scope) {
  const Span whole = scope.moments.span(scope.asked, scope.as_of.at);
  const Date end = scope.moments.month_start(scope.moments.day_of(whole.to), 0),
             begin = scope.moments.month_start(end, -12);
  Scope year = scope.over({begin, scope.moments.start_of(begin), scope.moments.start_of(end)});
  year.filter = nullptr;
  year.split.clear();
  year.params.clear();
  auto median = quantile(won_cycles(year), 0.5);
  if (!median) median = quantile(lead_cycles(year), 0.5);
  return median ? std::optional(static_cast<int>(std::llround(*median))) : std::nullopt;
}

Figure lagged(const Scope& scope) {
  const int lag = -(scope.params.contains("lag") ? scope.parameter("lag", 30) : own_cycle(scope).value_or(30));
  return Figure::ratio(cost_between(scope, scope.moments.plus_days({scope.span.from, false}, lag),
                                    scope.moments.plus_days({scope.span.to, false}, lag)),
                       new_ones(scope));
}

Figure score(const Scope& scope, const std::vector<const Answer*>& answers) {
  double promoters = 0, detractors = 0, all = 0;
  for (const Answer* one : answers) {
    if (!scope.inside(one->at.at) || !scope.selects(attributes(scope, one->customer, one->at.at, std::nullopt)))
      continue;
    promoters += one->score >= 9 ? 1 : 0;
    detractors += one->score <= 6 ? 1 : 0;
    all += 1;
  }
  Figure out = Figure::ratio(100 * (promoters - detractors), all);
  out.n = static_cast<std::int64_t>(all);
  return out;
}

/// The latest answer of each respondent in each wave, known at as-of.
std::vector<const Answer*> latest_answers(const Scope& scope) {
  std::map<std::pair<std::string, std::string>, const Answer*> latest;
  for (const Answer& one : scope.world.answers) {
    if (!scope.happened(one.at.at)) continue;
    const Answer*& held = latest[{one.respondent, one.wave}];
    if (!held || held->at.at < one.at.at) held = &one;
  }
  std::vector<const Answer*> answers;
  for (const auto& [who, one] : latest) answers.push_back(one);
  return answers;
}

Figure nps(const Scope& scope) { return score(scope, latest_answers(scope)); }

/// Each account has one voice; what it is like is read at its latest answer of the span.
Figure account_weighted(const Scope& scope) {
  struct Account {
    double balance = 0, answers = 0;
    Instant last{std::numeric_limits<std::int64_t>::min()};
  };
  std::map<std::string, Account> accounts;
  for (const Answer* one : latest_answers(scope)) {
    if (!one->customer || !scope.inside(one->at.at)) continue;
    Account& account = accounts[*one->customer];
    account.balance += one->score >= 9 ? 1 : one->score <= 6 ? -1 : 0;
    account.answers += 1;
    account.last = std::max(account.last, one->at.at);
  }
  double sum = 0, count = 0;
  for (const auto& [customer, account] : accounts)
    if (scope.selects(attributes(scope, customer, account.last, std::nullopt)))
      sum += 100 * account.balance / account.answers, count += 1;
  return Figure::ratio(sum, count);
}

Figure transactional(const Scope& scope) {
  std::vector<const Answer*> answers;
  for (const Answer& one : scope.world.answers) answers.push_back(&one);
  return score(scope, answers);
}

enum class Weight { fte, head };

/// People employed just before t.
double staff_at(const Scope& scope, Instant t, Weight weight, const std::function<bool(const Employment&)>& who) {
  double sum = 0;
  for (const Employment& one : scope.world.staff) {
    const Instant from = scope.moments.start_of(one.from);
    if (!who(one) || !(from < t) || (one.to && scope.moments.start_of(*one.to) < t)) continue;
    if (one.deleted && scope.moments.start_of(scope.moments.day_of(*one.deleted)) < t) continue;
    sum += weight == Weight::fte ? one.fte.to_double() : 1;
  }
  return sum;
}

double revenue_between(const Scope& scope, Instant from, Instant to) {
  double sum = 0;
  for (const Sale& sale : sales(scope))
    if (sale.net && from <= sale.at.at && sale.at.at < to) sum += sale.net->to_double();
  for (const Refund& one : scope.world.refunds)
    if (one.net.base && from <= one.at.at && one.at.at < to && scope.happened(one.at.at))
      sum -= one.net.base->to_double();
  return sum;
}

/// Of what the figure rests on, does something begin after the first of the twelve months?
bool partial_year(const Scope& scope, Date end) {
  const Instant in_time = scope.moments.start_of(scope.moments.month_start(end, -11));
  const World& world = scope.world;
  const auto before = [&](const auto& one) { return one.at.at < in_time; };
  // A source reaches back to the first event it tells of, of whatever kind.
  const auto told = [&](const Deal& one) {
    return one.created.at < in_time || (one.first_contact && one.first_contact->at < in_time) ||
           (one.closed && one.closed->at < in_time);
  };
  const bool sold =
      world.trade == Trade::deals ? std::ranges::any_of(world.deals, told) : std::ranges::any_of(world.orders, before);
  const bool staffed = std::ranges::any_of(
      world.staff, [&](const Employment& one) { return scope.moments.start_of(one.from) < in_time; });
  return !sold || !staffed;
}

/// Revenue of the 12 complete months up to the span's end over the mean of their month-end staff; none where the data
/// hold a part of them.
Figure per_employee(const Scope& scope, Weight weight, const std::function<bool(const Employment&)>& who) {
  const Date end = scope.moments.month_start(scope.moments.day_of(scope.span.to), 0);
  double people = 0;
  for (int month = 0; month < 12; ++month)
    people += staff_at(scope, scope.moments.start_of(scope.moments.month_start(end, -month)), weight, who) / 12;
  const double revenue =
      revenue_between(scope, scope.moments.start_of(scope.moments.month_start(end, -12)), scope.moments.start_of(end));
  Figure out = Figure::ratio(revenue, people);
  if (partial_year(scope, end)) out.value.reset();
  return out;
}

bool employed(const Employment& one) { return one.kind == "employee"; }

Figure revenue_per_employee(const Scope& scope) { return per_employee(scope, Weight::fte, employed); }
Figure headcount(const Scope& scope) { return per_employee(scope, Weight::head, employed); }
Figure with_contractors(const Scope& scope) {
  return per_employee(scope, Weight::fte, [](const Employment&) { return true; });
}
Figure sales_staff_only(const Scope& scope) {
  return per_employee(scope, Weight::fte,
                      [](const Employment& one) { return employed(one) && one.function == "sales"; });
}
Figure of_the_period(const Scope& scope) {
  return Figure::ratio(revenue_between(scope, scope.span.from, scope.span.to),
                       staff_at(scope, scope.span.to, Weight::fte, employed));
}

bool has_costs(const World& world) {
  const bool bought =
      world.trade == Trade::deals ? !world.deals.empty() : !world.orders.empty() || !world.subscriptions.empty();
  return bought && !world.spend.empty() && !world.costs.empty();
}
bool has_answers(const World& world) { return !world.answers.empty(); }
bool has_staff(const World& world) {
  return !world.staff.empty() && (world.trade == Trade::deals ? !world.deals.empty() : !world.orders.empty());
}

}  // namespace

std::vector<Kpi> company_kpis() {
  const std::vector<std::string> of_customer{"segment", "country", "nps_group"};
  return {{"cac:default", {}, false, {}, {}, has_costs, cac},
          {"cac:lagged", {}, false, {}, {{"lag", {"30", "0", "7", "90"}}}, has_costs, lagged},
          {"nps:default", of_customer, false, {}, {}, has_answers, nps},
          {"nps:account_weighted", of_customer, false, {}, {}, has_answers, account_weighted},
          {"nps:transactional", of_customer, false, {}, {}, has_answers, transactional},
          {"revenue_per_employee:default", {}, false, {}, {}, has_staff, revenue_per_employee},
          {"revenue_per_employee:headcount", {}, false, {}, {}, has_staff, headcount},
          {"revenue_per_employee:with_contractors", {}, false, {}, {}, has_staff, with_contractors},
          {"revenue_per_employee:sales_staff_only", {}, false, {}, {}, has_staff, sales_staff_only},
          {"revenue_per_employee:period", {}, false, {}, {}, has_staff, of_the_period}};
}

}  // namespace vigie::reference
