#include "plan/relations.h"

#include <cassert>

#include "base/text.h"
#include "plan/relation_builder.h"

namespace vigie::plan {
namespace {

using store::RelPtr;

const RelationEntry* entry(std::string_view name) {
  const auto& all = relation_entries();
  const auto found = std::ranges::find(all, name, &RelationEntry::name);
  return found == all.end() ? nullptr : &*found;
}

/// Columns of a referenced table that a set of paths needs, by path prefix.
std::map<std::string, std::set<std::string>> by_prefix(const std::vector<std::string>& paths) {
  std::map<std::string, std::set<std::string>> out;
  for (const std::string& path : paths)
    if (const auto dot = path.find('.'); dot != std::string::npos) out[path.substr(0, dot)].insert(path.substr(dot + 1));
  return out;
}

}  // namespace

const std::vector<RelationEntry>& relation_entries() {
  static const std::vector<RelationEntry> kEntries{
      {"sales", sales, false, {"<sale>"}},
      {"refunds", refunds, false, {"refunds", "<sale>"}},
      {"sale_lines", sale_lines, false, {"<sale>", "order_lines"}},
      {"acquisitions", acquisitions, false, {"<sale>", "subscriptions"}},
      {"customer_periods", customer_periods, true, {"<sale>", "subscriptions"}},
      {"deals", deals, false, {"opportunities"}},
      {"prospects", prospects, false, {"leads", "opportunities"}},
      {"deal_periods", deal_periods, true, {"opportunities"}},
      {"open_deals", open_deals, true, {"opportunities"}},
      {"net_sales", net_sales, false, {"<sale>"}},
      {"quotas", quotas, false, {"<sale>"}},
      {"stays", stays, false, {"opportunities", "opportunity_stage_changes"}},
      {"stage_passages", stage_passages, false, {"opportunities"}},
      {"spend", spend, false, {"channel_spend"}},
      {"costs", costs, false, {"costs"}},
      {"survey_answers", survey_answers, false, {"survey_responses"}},
      {"latest_answers", latest_answers, false, {"survey_responses"}},
      {"cohort_activity", cohort_activity, false, {"<sale>"}},
      {"cohort_last", cohort_last, false, {"<sale>"}},
      {"baskets", baskets, false, {"<sale>", "order_lines"}},
      {"category_purchases", category_purchases, false, {"<sale>", "order_lines"}},
      {"category_pairs", category_pairs, false, {"<sale>", "order_lines"}},
      {"repeat_buyers", repeat_buyers, true, {"<sale>"}},
      {"sale_margins", sale_margins, false, {"<sale>", "order_lines"}},
      {"refund_margins", refund_margins, false, {"refunds", "<sale>"}},
      {"customer_value", customer_value, false, {"<sale>"}},
      {"staff", staff, true, {"headcount"}},
  };
  return kEntries;
}

bool DataFacts::has(std::string_view table) const {
  return std::ranges::any_of(coverage, [&](const Coverage& one) { return one.table == table && one.rows > 0; });
}

catalog::SaleEvent sale_event(const catalog::Settings& settings, const DataFacts& facts) {
  if (settings.sale_event) return *settings.sale_event;
  if (facts.has_invoices) return catalog::SaleEvent::invoice;
  if (facts.has_orders || !facts.has_won_deals) return catalog::SaleEvent::order;
  return catalog::SaleEvent::won_deal;
}

Result<RelPtr> relation(std::string_view name, const RelationContext& context) {
  const RelationEntry* found = entry(name);
  if (!found && context.model.table(name)) return RelationBuilder(context).rows_before_as_of(name);
  if (!found)
    return fail(ErrorKind::internal, "plan.no_relation", fmt::format("the relation \"{}\" is declared but nothing builds it", name));
  return found->build(context);
}

bool is_periodic(std::string_view name) {
  const RelationEntry* found = entry(name);
  return found && found->periodic;
}

std::vector<std::string> tables_behind(std::string_view relation, catalog::SaleEvent event) {
  std::vector<std::string> out;
  if (const RelationEntry* found = entry(relation))
    for (const std::string& table : found->tables)
      out.push_back(!table.starts_with('<') ? table : event == catalog::SaleEvent::won_deal ? "opportunities" : "orders");
  else
    out.emplace_back(relation);
  return out;
}

namespace {

bool is_tracked(const model::Table& table, const std::string& name) {
  const model::Column* column = table.find(name);
  return column && column->tracked;
}

Result<RelPtr> columns_of(const RelPtr& target, std::string_view table, const std::set<std::string>& wanted, std::vector<store::NamedExpr> columns) {
  for (const std::string& name : wanted) {
    if (!store::find_column(target, name))
      return fail(ErrorKind::usage, "expr.unknown_column", fmt::format("{} has no column \"{}\"", table, name));
    columns.push_back({name, store::col(target, name)});
  }
  return store::project(target, std::move(columns));
}

/// The version of a row in force at the event, or just before the opening of a period.
Result<RelPtr> join_versions(RelPtr rel, const model::RelationColumn& reach, const std::set<std::string>& wanted, const RelationContext& context, std::string_view at) {
  const RelPtr history = store::history_scan(context.model, reach.references);
  const std::string prefix = reach.path + ".";
  VIGIE_TRY(const RelPtr versions, columns_of(history, reach.references, wanted,
                                              {{"version_of", store::col(history, "key")}, {"valid_from", store::col(history, "valid_from")}, {"valid_to", store::col(history, "valid_to")}}));
  const bool opening = at.empty();
  const std::string moment = opening ? "opens_at" : std::string(at);
  assert(store::find_column(rel, moment));
  const expr::Expr t = expr::column(moment, expr::Type::integer);
  const expr::Expr from = expr::column(prefix + "valid_from", expr::Type::integer), to = expr::column(prefix + "valid_to", expr::Type::integer);
  const expr::Expr begun = opening ? expr::lt(from, t) : expr::le(from, t);
  const expr::Expr not_over = any_of({expr::is_null(to), opening ? expr::ge(to, t) : expr::gt(to, t)});
  return store::join(store::JoinKind::left, std::move(rel), versions, {{reach.name, "version_of"}}, prefix, expr::all_of({begun, not_over}));
}

}  // namespace

Result<RelPtr> with_paths(RelPtr rel, std::string_view relation, const std::vector<std::string>& paths, const RelationContext& context, std::string_view at) {
  const model::Relation* declared = context.model.relation(relation);
  assert(declared);
  const RelationBuilder build(context);
  const bool timed = at.empty() ? store::find_column(rel, "opens_at") != nullptr : store::col(rel, at)->type == expr::Type::instant;
  for (const auto& [prefix, wanted] : by_prefix(paths)) {
    const auto reach = std::ranges::find(declared->columns, prefix, &model::RelationColumn::path);
    if (reach == declared->columns.end())
      return fail(ErrorKind::usage, "split.unknown", fmt::format("{} does not lead to \"{}\"", relation, prefix));
    std::set<std::string> now = wanted, then;
    if (timed && context.facts.changed.contains(reach->references))
      for (const std::string& name : wanted)
        if (is_tracked(*context.model.table(reach->references), name)) then.insert(name), now.erase(name);
    if (!now.empty()) {
      const RelPtr target = build.table(reach->references);
      VIGIE_TRY(const RelPtr columns, columns_of(target, reach->references, now, {{"key", store::col(target, "key")}}));
      rel = store::join(store::JoinKind::left, std::move(rel), columns, {{reach->name, "key"}}, prefix + ".");
    }
    if (!then.empty()) {
      VIGIE_TRY(rel, join_versions(std::move(rel), *reach, then, context, at));
    }
  }
  return rel;
}

}  // namespace vigie::plan
