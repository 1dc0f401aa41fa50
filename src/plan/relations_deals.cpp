// Prospects and deals.
#include "plan/deal_history.h"
#include "plan/prospects.h"
#include "plan/sellers.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

Expr subtract(Expr a, Expr b) { return expr::call(Op::sub, Type::duration, {std::move(a), std::move(b)}); }

Expr no_time() { return expr::literal(expr::Micros{0}); }

/// Of deals that were reopened, how long they stood closed in all, and how often they were reopened.
RelPtr by_deal(const RelPtr& gaps) {
  return store::aggregate(gaps, {{"gap_of", col(gaps, "gap_of")}},
                          {{"closed_gap", AggregateFn::sum, col(gaps, "gap"), nullptr},
                           {"reopenings", AggregateFn::count, nullptr, nullptr}});
}

std::vector<store::NamedExpr> all_but(const RelPtr& rel, const std::set<std::string>& left_out) {
  std::vector<store::NamedExpr> columns;
  for (const store::Column& column : rel->columns)
    if (!left_out.contains(column.name)) columns.push_back({column.name, col(rel, column.name)});
  return columns;
}

/// First instant at which a customer paid: a counting sale or a paid subscription.
RelPtr first_payments(const RelPtr& acquired) {
  return store::project(acquired, {{"payer", col(acquired, "customer_key")}, {"paid_at", col(acquired, "first_at")}});
}

/// The earliest won deal that names the lead: won_lead, lead_won_at.
RelPtr wins_by_lead(const RelPtr& dealt) {
  const RelPtr won =
      store::filter(dealt, expr::all_of({is(dealt, "outcome", "won"), expr::is_not_null(col(dealt, "lead_key"))}));
  const RelPtr first = store::first_per_key(won, {"lead_key"}, {{"closed_at"}, {"key"}});
  return store::project(first, {{"won_lead", col(first, "lead_key")}, {"lead_won_at", col(first, "closed_at")}});
}

/// The first deal that names the lead: linked_lead, linked_deal.
RelPtr deals_of_leads(const RelPtr& dealt) {
  const RelPtr naming = store::filter(dealt, expr::is_not_null(col(dealt, "lead_key")));
  const RelPtr first = store::first_per_key(naming, {"lead_key"}, {{"created_at"}, {"key"}});
  return store::project(first, {{"linked_lead", col(first, "lead_key")}, {"linked_deal", col(first, "key")}});
}

Expr earliest(std::vector<Expr> instants) { return expr::call(Op::least, Type::instant, std::move(instants)); }

/// Of each lead (of_lead): its customer (became), the company that it is about, whether anything is linked to it,
/// and the first win of a deal linked to it.
RelPtr links_of_leads(const RelationBuilder& build, const RelPtr& dealt) {
  const RelPtr leads = build.events("leads", "created_at");
  RelPtr rows = store::project(leads, {{"lead", col(leads, "key")}, {"lead_deal", col(leads, "opportunity_key")}});
  rows = store::join(JoinKind::left, rows, customers_of_leads(build), {{"lead", "became_lead"}});
  rows = store::join(JoinKind::left, rows, wins_by_lead(dealt), {{"lead", "won_lead"}});
  rows = store::join(JoinKind::left, rows, deals_of_leads(dealt), {{"lead", "linked_lead"}});
  const RelPtr own = store::filter(dealt, is(dealt, "outcome", "won"));
  rows = store::join(JoinKind::left, rows,
                     store::project(own, {{"own_deal", col(own, "key")}, {"own_won_at", col(own, "closed_at")}}),
                     {{"lead_deal", "own_deal"}});
  // Whom a deal without a customer is with nobody says, and yet it is one company, however many leads it came from.
  const Expr company =
      coalesce({col(rows, "became"), col(rows, "lead_deal"), col(rows, "linked_deal"), col(rows, "lead")});
  const Expr linked = any_of({expr::is_not_null(col(rows, "became")), expr::is_not_null(col(rows, "lead_deal")),
                              expr::is_not_null(col(rows, "linked_deal"))});
  return store::shared(
      store::project(rows, {{"of_lead", col(rows, "lead")},
                            {"became", col(rows, "became")},
                            {"company", company},
                            {"is_linked", linked},
                            {"won_at", earliest({col(rows, "lead_won_at"), col(rows, "own_won_at")})}}));
}

/// The first win of each company, through whichever of its leads.
RelPtr wins_by_company(const RelPtr& links) {
  const RelPtr won = store::filter(links, expr::is_not_null(col(links, "won_at")));
  return store::aggregate(won, {{"won_company", col(won, "company")}},
                          {{"company_won_at", AggregateFn::min, col(won, "won_at"), nullptr}});
}

Result<RelPtr> lead_prospects(const RelationContext& context) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr dealt, deals(context));
  VIGIE_TRY(const RelPtr acquired, acquisitions(context));
  const RelPtr links = links_of_leads(build, dealt);
  RelPtr rows = build.events("leads", "created_at");
  rows = store::join(JoinKind::left, rows, links, {{"key", "of_lead"}});
  rows = store::join(JoinKind::left, rows, first_payments(acquired), {{"became", "payer"}});
  rows = store::join(JoinKind::left, rows, wins_by_company(links), {{"company", "won_company"}});
  const Expr by_link = earliest({col(rows, "paid_at"), col(rows, "company_won_at")});
  const Expr declared = cases(Type::instant, {expr::lt(col(rows, "converted_at"), build.as_of()),
                                              col(rows, "converted_at"), expr::null_of(Type::instant)});
  const Expr converted = cases(Type::instant, {col(rows, "is_linked"), by_link, declared});
  std::vector<store::NamedExpr> columns{
      {"key", col(rows, "key")},
      {"source_key", col(rows, "source_key")},
      {"unit_key", col(rows, "company")},
      {"customer_key", col(rows, "became")},
      {"owner_key", col(rows, "owner_key")},
      {std::string(kOwnTeam), expr::null_of(Type::integer)},
      {"campaign_key", col(rows, "campaign_key")},
      {"business_line", expr::null_of(Type::text)},
      {"product_key", expr::null_of(Type::integer)},
      {"channel", col(rows, "source_channel")},
      {"kind", expr::null_of(Type::text)},
      {"created_at", col(rows, "created_at")},
      {"own_segment", col(rows, "segment")},
      {"own_country", col(rows, "country")},
      {"converted_at", converted},
      {"closed_at", converted},
      {"seen_to", build.ended_or_deleted("leads", rows, build.as_of())},
      {"outcome", when(expr::is_not_null(converted), expr::text("won"), expr::text("open"))},
      {"amount", expr::null_of(Type::money)}};
  keep_attributes(rows, columns);
  return store::project(rows, std::move(columns));
}

/// What is counted once: a deal, or in the place of leads the company that it is about.
enum class Unit { deal, company };

Result<RelPtr> deal_prospects(const RelationContext& context, Unit unit) {
  const RelationBuilder build(context);
  VIGIE_TRY(const RelPtr rows, deals(context));
  const Expr won = is(rows, "outcome", "won");
  std::vector<store::NamedExpr> columns{
      {"key", col(rows, "key")},
      {"source_key", col(rows, "source_key")},
      {"unit_key", unit == Unit::deal ? col(rows, "key") : coalesce({col(rows, "customer_key"), col(rows, "key")})},
      {"customer_key", col(rows, "customer_key")},
      {"owner_key", col(rows, "owner_key")},
      {std::string(kOwnTeam), col(rows, kOwnTeam)},
      {"campaign_key", col(rows, "campaign_key")},
      {"business_line", col(rows, "business_line")},
      {"product_key", col(rows, "product_key")},
      {"channel", col(rows, "channel")},
      {"kind", col(rows, "kind")},
      {"created_at", col(rows, "created_at")},
      {"own_segment", expr::null_of(Type::text)},
      {"own_country", expr::null_of(Type::text)},
      {"converted_at", cases(Type::instant, {won, col(rows, "closed_at"), expr::null_of(Type::instant)})},
      {"closed_at", col(rows, "closed_at")},
      {"seen_to", build.ended_or_deleted("opportunities", rows, build.as_of())},
      {"outcome", col(rows, "outcome")},
      {"amount", col(rows, "amount")}};
  keep_attributes(rows, columns);
  return store::project(rows, std::move(columns));
}

}  // namespace

RelPtr customers_of_leads(const RelationBuilder& build) {
  const RelPtr leads = build.events("leads", "created_at");
  const RelPtr deals = build.events("opportunities", "created_at");
  const RelPtr known = store::filter(deals, expr::is_not_null(col(deals, "customer_key")));
  const RelPtr by_deal =
      store::project(known, {{"deal", col(known, "key")}, {"deal_customer", col(known, "customer_key")}});
  const RelPtr naming = store::filter(known, expr::is_not_null(col(known, "lead_key")));
  const RelPtr first = store::first_per_key(naming, {"lead_key"}, {{"created_at"}, {"key"}});
  const RelPtr by_lead =
      store::project(first, {{"named_lead", col(first, "lead_key")}, {"naming_customer", col(first, "customer_key")}});
  RelPtr rows = store::join(JoinKind::left, leads, by_deal, {{"opportunity_key", "deal"}});
  rows = store::join(JoinKind::left, rows, by_lead, {{"key", "named_lead"}});
  return store::project(
      rows,
      {{"became_lead", col(rows, "key")},
       {"became", coalesce({col(rows, "customer_key"), col(rows, "deal_customer"), col(rows, "naming_customer")})}});
}

RelPtr closing_stages(const RelationBuilder& build) {
  const RelPtr stages = build.table("stages");
  const RelPtr closing = store::filter(stages, any_of({is(stages, "outcome", "won"), is(stages, "outcome", "lost")}));
  return store::project(closing, {{"closing_stage", col(closing, "key")}});
}

Result<RelPtr> deals(const RelationContext& context) {
  const RelationBuilder build(context);
  const RelPtr runs = outcome_runs(build);
  return deals_by(build, runs, closed_gaps(build, runs));
}

RelPtr deals_by(const RelationBuilder& build, const RelPtr& runs, const RelPtr& gaps) {
  RelPtr rows = as_they_stood(build, build.events("opportunities", "created_at"), runs);
  if (gaps) rows = store::join(JoinKind::left, rows, by_deal(gaps), {{"key", "gap_of"}});
  const Expr closed_at = col(rows, "closed_at");
  const Expr gap = gaps ? coalesce({col(rows, "closed_gap"), no_time()}) : no_time();
  const Expr started = coalesce({col(rows, "first_contact_at"), col(rows, "created_at")});
  std::vector<store::NamedExpr> columns =
      all_but(rows, {"team_key", "closed_gap", "gap_of", "reopenings", "row_outcome", "row_closed_at", "nth", "prev_at",
                     "next_at", "prev_key", "next_key"});
  keep_own_team(rows, columns, "team_key");
  columns.push_back({"channel", col(rows, "source_channel")});
  columns.push_back({"started_at", started});
  columns.push_back({"closed_gap", gap});
  columns.push_back({"reopenings", gaps ? coalesce({col(rows, "reopenings"), expr::integer(0)}) : expr::integer(0)});
  // Closed before it was typed in: no cycle to speak of, whenever the first contact was; below 0, like one closed
  // before it.
  const Expr since_creation = duration(col(rows, "created_at"), closed_at);
  columns.push_back({"cycle", when(expr::lt(since_creation, no_time()), since_creation,
                                   subtract(duration(started, closed_at), gap))});
  // Won or lost since, and open at as_of.
  const Expr closed_since = expr::all_of({expr::not_(is(rows, "row_outcome", "open")), is(rows, "outcome", "open")});
  columns.push_back(
      {"closes_later", expr::all_of({closed_since, coalesce({expr::ge(col(rows, "row_closed_at"), build.as_of()),
                                                             expr::literal(false)})})});
  // A deal that is no longer was watched until it went.
  const Expr watched = duration(started, build.ended_or_deleted("opportunities", rows, build.as_of()));
  columns.push_back({"age", subtract(watched, gap)});
  return store::project(rows, std::move(columns));
}

Result<RelPtr> prospects(const RelationContext& context) {
  const auto of = context.params.find("of");
  const bool leads = of == context.params.end() || std::get<std::string>(of->second) == "leads";
  switch (conversion_unit(context.facts, context.params)) {
    case ConversionUnit::lead: return lead_prospects(context);
    case ConversionUnit::quote: return quote_prospects(context);
    case ConversionUnit::deal: break;
  }
  return deal_prospects(context, leads ? Unit::company : Unit::deal);
}

Result<RelPtr> conversions(const RelationContext& context) {
  VIGIE_TRY(const RelPtr rows, prospects(context));
  const Expr came_first = expr::ge(duration(col(rows, "created_at"), col(rows, "converted_at")), no_time());
  return store::first_per_key(store::filter(rows, came_first), {"unit_key"},
                              {{"created_at"}, {"converted_at"}, {"source_key"}, {"key"}});
}

}  // namespace vigie::plan
