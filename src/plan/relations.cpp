#include "plan/relations.h"

#include <cassert>

#include "base/text.h"
#include "plan/called.h"
#include "plan/channel_groups.h"
#include "plan/coverage.h"
#include "plan/documents.h"
#include "plan/held.h"
#include "plan/prospects.h"
#include "plan/quotas.h"
#include "plan/relation_builder.h"
#include "plan/rhythms.h"
#include "plan/sellers.h"

namespace vigie::plan {
namespace {

using store::RelPtr;

const RelationEntry* entry(std::string_view name) {
  const auto& all = relation_entries();
  const auto found = std::ranges::find(all, name, &RelationEntry::name);
  return found == all.end() ? nullptr : &*found;
}

/// Among the tables of a relation: it is dated by when customers came, which their own dates may tell.
constexpr std::string_view kSince = "<since>";

/// Columns of a referenced table that a set of paths needs, by path prefix.
std::map<std::string, std::set<std::string>> by_prefix(const std::vector<std::string>& paths) {
  std::map<std::string, std::set<std::string>> out;
  for (const std::string& path : paths)
    if (const auto dot = path.find('.'); dot != std::string::npos)
      out[path.substr(0, dot)].insert(path.substr(dot + 1));
  return out;
}

}  // namespace

const std::vector<RelationEntry>& relation_entries() {
  static const std::vector<RelationEntry> kEntries{
      {"sales", sales, false, {"<sale>"}},
      {"documents", documents, false, {"<sale>"}},
      {"refunds", refunds, false, {"refunds", "<sale>"}},
      {"payments", payments, false, {"payments"}},
      {"recognised_sales", recognised_sales, true, {"<sale>"}, "sold_at"},
      {"sale_lines", sale_lines, false, {"<sale>", "order_lines"}},
      {"acquisitions", acquisitions, false, {"<sale>", "subscriptions", "<since>"}},
      {"customer_periods", customer_periods, true, {"<sale>", "subscriptions"}, {}, true},
      {"discounted_value", discounted_value, false, {"<sale>", "subscriptions", "<since>"}},
      {"known_customers", known_customers, true, {"<sale>", "subscriptions"}},
      {"customer_lives", customer_lives, false, {"<sale>", "subscriptions"}},
      {"customer_rhythms", customer_rhythms, true, {"<sale>"}},
      {"trials", trials, false, {"subscriptions"}},
      {"subscription_periods", subscription_periods, true, {"subscriptions"}},
      {"subscription_lives", subscription_lives, false, {"subscriptions"}},
      {"deals", deals, false, {"opportunities"}},
      {"prospects", prospects, false, {"leads", "opportunities"}},
      {"conversions", conversions, false, {"leads", "opportunities"}},
      {"deal_periods", deal_periods, true, {"opportunities"}},
      {"open_deals", open_deals, true, {"opportunities"}},
      {"net_sales", net_sales, false, {"<sale>"}},
      {"quotas", quotas, true, {"<sale>"}, "from_date"},
      {"quota_sales", quota_sales, true, {"<sale>"}, "at"},
      {"quota_deals", quota_deals, true, {"opportunities"}, "at"},
      {"quota_pipeline", quota_pipeline, true, {"opportunities"}},
      {"stays", stays, false, {"opportunities", "opportunity_stage_changes"}},
      {"stage_passages", stage_passages, false, {"opportunities"}},
      {"spend", spend, false, {"channel_spend"}},
      {"costs", costs, false, {"costs"}},
      {"survey_answers", survey_answers, false, {"survey_responses"}},
      {"latest_answers", latest_answers, false, {"survey_responses"}},
      {"account_answers", account_answers, true, {"survey_responses"}},
      {"questionnaires", questionnaires, false, {"survey_responses"}},
      {"ratings", ratings, false, {"survey_responses"}},
      {"cohort_activity", cohort_activity, false, {"<sale>", "subscriptions", "<since>"}},
      {"cohort_last", cohort_last, false, {"<sale>", "subscriptions", "<since>"}},
      {"baskets", baskets, false, {"<sale>", "order_lines"}},
      {"basket_gains", basket_gains, false, {"<sale>", "order_lines"}},
      {"category_purchases", category_purchases, false, {"<sale>", "order_lines"}},
      {"category_pairs", category_pairs, false, {"<sale>", "order_lines"}},
      {"category_baskets", category_baskets, false, {"<sale>", "order_lines"}},
      {"repeat_sales", repeat_sales, false, {"<sale>", "order_lines"}},
      {"tagged_deals", tagged_deals, false, {"opportunities", "deal_tags"}},
      {"tagged_sales", tagged_sales, false, {"<sale>", "deal_tags"}},
      {"tag_strata", tag_strata, true, {"opportunities", "deal_tags"}},
      {"repeat_buyers", repeat_buyers, true, {"<sale>"}, "sold_at"},
      {"sale_margins", sale_margins, false, {"<sale>", "order_lines"}, {}, true},
      {"refund_margins", refund_margins, false, {"refunds", "<sale>"}, {}, true},
      {"customer_value", customer_value, false, {"<sale>", "subscriptions", "<since>"}},
      {"staff", staff, true, {"headcount"}},
      {"staff_moves", staff_moves, false, {"headcount"}},
      {"staff_periods", staff_periods, true, {"headcount"}},
      {"channel_costs", channel_costs, false, {"costs"}},
      {"credits", credits, false, {"<sale>", "subscriptions", "touchpoints", "<since>"}},
      {"credited_value", credited_value, false, {"<sale>", "subscriptions", "touchpoints", "<since>"}},
      {"model_credits", model_credits, false, {"<sale>", "subscriptions", "touchpoints", "<since>"}},
  };
  return kEntries;
}

bool DataFacts::has(std::string_view table) const {
  return std::ranges::any_of(coverage, [&](const Coverage& one) { return one.table == table && one.rows > 0; });
}

std::optional<Date> DataFacts::first_day() const {
  std::optional<Date> out;
  for (const Coverage& one : coverage)
    if (one.first && one.eventful) out = std::min(out.value_or(*one.first), *one.first);
  return out;
}

catalog::SaleEvent sale_event(const catalog::Settings& settings, const DataFacts& facts) {
  if (settings.sale_event) return *settings.sale_event;
  if (facts.has_invoices) return catalog::SaleEvent::invoice;
  if (facts.has_orders || !facts.has_won_deals) return catalog::SaleEvent::order;
  return catalog::SaleEvent::won_deal;
}

bool DataFacts::has_payers(Instant as_of) const { return payers.are_seen_by(as_of); }

bool DataFacts::has_buyers(catalog::SaleEvent event, Instant as_of) const {
  const auto found = buyers.find(event);
  return found != buyers.end() && found->second.are_seen_by(as_of);
}

bool has_both_relations(const DataFacts& facts, catalog::SaleEvent event, Instant at) {
  return facts.has_payers(at) && facts.has_buyers(event, at);
}

std::string_view leading_relation(const catalog::Settings& settings, const DataFacts& facts, Instant at) {
  if (!facts.has_payers(at)) return kPurchase;
  const auto& profile = settings.profile;
  const bool named = profile.empty() || std::ranges::find(profile, catalog::Profile::subscription) != profile.end();
  return named ? kContract : kPurchase;
}

Result<RelPtr> relation(std::string_view name, const RelationContext& context) {
  const RelationEntry* found = entry(name);
  if (!found && context.model.table(name)) return RelationBuilder(context).rows_before_as_of(name);
  if (!found)
    return fail(ErrorKind::internal, "plan.no_relation",
                fmt::format("the relation \"{}\" is declared but nothing builds it", name));
  return found->build(context);
}

bool is_periodic(std::string_view name) {
  const RelationEntry* found = entry(name);
  return found && found->periodic;
}

bool depends_on_paths(std::string_view name) {
  const RelationEntry* found = entry(name);
  return found && found->by_paths;
}

std::vector<std::string> tables_behind(std::string_view relation, catalog::SaleEvent event) {
  std::vector<std::string> out;
  if (const RelationEntry* found = entry(relation)) {
    for (const std::string& table : found->tables)
      if (table == "<sale>") out.emplace_back(event == catalog::SaleEvent::won_deal ? "opportunities" : "orders");
      else if (table != kSince) out.push_back(table);
  } else {
    out.emplace_back(relation);
  }
  return out;
}

bool counts_prospects(std::string_view relation) { return relation == "prospects" || relation == "conversions"; }

std::vector<std::string> tables_behind(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts) {
  if (counts_prospects(relation) && conversion_unit(facts, {}) == ConversionUnit::quote) return {"orders"};
  return tables_behind(relation, event);
}

std::vector<std::string> tables_dating(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts,
                                       const std::map<std::string, expr::Literal>& params) {
  if (counts_prospects(relation)) switch (conversion_unit(facts, params)) {
      case ConversionUnit::lead: return {"leads"};
      case ConversionUnit::deal: return {"opportunities"};
      case ConversionUnit::quote: return {"orders"};
    }
  std::vector<std::string> out = tables_behind(relation, event, facts);
  const RelationEntry* found = entry(relation);
  if (found && facts.has_customer_since && std::ranges::find(found->tables, kSince) != found->tables.end())
    out.emplace_back("customers");
  return out;
}

std::optional<Date> first_service(const DataFacts& facts, catalog::SaleEvent event) {
  const auto found = facts.first_service.find(event);
  return found == facts.first_service.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Date> told_from(std::string_view relation, catalog::SaleEvent event, const DataFacts& facts) {
  return relation == "recognised_sales" ? first_service(facts, event) : std::nullopt;
}

std::string_view name_of(ConversionUnit unit) {
  switch (unit) {
    case ConversionUnit::lead: return "leads";
    case ConversionUnit::deal: return "deals";
    case ConversionUnit::quote: return "quotes";
  }
  return {};
}

ConversionUnit conversion_unit(const DataFacts& facts, const std::map<std::string, expr::Literal>& params) {
  const auto of = params.find("of");
  if (of != params.end() && std::get<std::string>(of->second) != "leads") return ConversionUnit::deal;
  if (facts.has_leads) return ConversionUnit::lead;
  if (facts.has_opportunities) return ConversionUnit::deal;
  return facts.has_quotes ? ConversionUnit::quote : ConversionUnit::lead;
}

namespace {

bool is_tracked(const model::Table& table, const std::string& name) {
  const model::Column* column = table.find(name);
  return column && column->tracked;
}

Result<RelPtr> columns_of(const RelPtr& target, std::string_view table, const std::set<std::string>& wanted,
                          std::vector<store::NamedExpr> columns) {
  for (const std::string& name : wanted) {
    if (!store::find_column(target, name))
      return fail(ErrorKind::usage, "expr.unknown_column", fmt::format("{} has no column \"{}\"", table, name));
    columns.push_back({name, store::col(target, name)});
  }
  return store::project(target, std::move(columns));
}

/// When the attributes of a row are read: at the event; of a periodic relation whose rows have a moment of their own
/// (seen_at) at that one; else just before the period opens; else, without any, as they are now.
std::optional<When> moment_of(const RelPtr& rel, std::string_view at) {
  if (!at.empty()) {
    const expr::Expr event = store::col(rel, at);
    const bool is_dated = event->type == expr::Type::instant || event->type == expr::Type::date;
    return is_dated ? std::optional(When{event}) : std::nullopt;
  }
  if (store::find_column(rel, "seen_at")) return When{store::col(rel, "seen_at")};
  if (store::find_column(rel, "opens_at")) return When{store::col(rel, "opens_at"), When::Edge::just_before};
  return std::nullopt;
}

/// What holds of a row from one instant to another: the columns that say of which row, from when, and until when.
struct Versions {
  RelPtr rows;
  std::string of, from, to;
};

/// Joins what holds at that moment (now, without one) of the row named by a key column.
RelPtr join_held(const RelationBuilder& build, RelPtr rel, const std::string& key, const std::string& prefix,
                 const Versions& versions, const std::optional<When>& moment) {
  const expr::Expr from = expr::column(prefix + versions.from, expr::Type::integer),
                   to = held_until(prefix + versions.to);
  expr::Expr then =
      moment ? holds(build, from, to, *moment) : expr::is_null(expr::column(prefix + versions.to, expr::Type::integer));
  return store::join(store::JoinKind::left, std::move(rel), versions.rows, {{key, versions.of}}, prefix,
                     std::move(then));
}

/// A row of `table` named by a key column, in the version in force at that moment.
Result<RelPtr> join_versions(const RelationBuilder& build, RelPtr rel, const std::string& table, const std::string& key,
                             const std::string& prefix, const std::set<std::string>& wanted, const When& moment) {
  const RelPtr history = build.history(table);
  VIGIE_TRY(const RelPtr versions, columns_of(history, table, wanted,
                                              {{"version_of", store::col(history, "key")},
                                               {"valid_from", store::col(history, "valid_from")},
                                               {"valid_to", store::col(history, "valid_to")}}));
  return join_held(build, std::move(rel), key, prefix, {versions, "version_of", "valid_from", "valid_to"}, moment);
}

/// Does some path lead to the team of the row, then or today?
bool reads_team(const model::Relation& declared, const std::vector<std::string>& paths) {
  const auto team = std::ranges::find(declared.columns, "team_key", &model::RelationColumn::name);
  return team != declared.columns.end() && std::ranges::any_of(paths, [&](std::string_view path) {
           if (path.starts_with(expr::kCurrent)) path.remove_prefix(expr::kCurrent.size());
           return path == team->name || path.starts_with(team->path + ".");
         });
}

/// The columns marked `at_event` that some of the paths rest on: a team is its seller's.
std::set<std::string> read_at_event(const model::Relation& declared, const std::vector<std::string>& paths) {
  const bool by_team = reads_team(declared, paths);
  std::set<std::string> out;
  for (const model::RelationColumn& column : declared.columns) {
    if (!column.at_event) continue;
    const bool used = std::ranges::any_of(paths, [&](const std::string& path) {
      return path == column.name || (!column.path.empty() && path.starts_with(column.path + "."));
    });
    if (used || (by_team && column.name == "owner_key")) out.insert(column.name);
  }
  return out;
}

/// The row's own columns as they were: from the versions of the table that the row is of.
RelPtr as_at_event(const RelationBuilder& build, RelPtr rel, const model::Relation& declared,
                   const std::vector<std::string>& paths, const When& moment) {
  const RelationContext& context = build.context();
  const std::set<std::string> wanted = read_at_event(declared, paths);
  const auto behind = tables_behind(declared.name, context.sale_event, context.facts);
  for (const std::string& table : declared.versions_of) {
    if (std::ranges::find(behind, table) == behind.end()) continue;
    std::set<std::string> tracked;
    for (const std::string& name : wanted)
      if (is_tracked(*context.model.table(table), name)) tracked.insert(name);
    rel = as_then(build, std::move(rel), table, "key", tracked, moment);
  }
  return rel;
}

/// What no row names is called by the key that its source gave it: `name` is the column with the names of those that
/// `key` refers to.
RelPtr called_by_key(const RelPtr& rel, std::string_view table, const std::string& key, const std::string& name) {
  const RelPtr keys = store::key_scan(table);
  const RelPtr joined =
      store::join(store::JoinKind::left, rel,
                  store::project(keys, {{"called", store::col(keys, "key")}, {"as", store::col(keys, "source_key")}}),
                  {{key, "called"}}, "key.");
  return kept_beside(rel, joined, {{name, coalesce({store::col(joined, name), store::col(joined, "key.as")})}});
}

/// current(column) of a column that is read as it is anyway.
RelPtr with_current_columns(RelPtr rel, const std::vector<std::string>& paths) {
  std::vector<store::NamedExpr> more;
  for (const std::string& path : paths)
    if (path.starts_with(expr::kCurrent) && path.find('.') == std::string::npos && !store::find_column(rel, path))
      more.push_back({path, store::col(rel, path.substr(expr::kCurrent.size()))});
  return more.empty() ? rel : store::extend(rel, std::move(more));
}

/// Where the row has a value of its own, it goes before the one reached.
RelPtr own_first(const RelPtr& rel, const model::Relation& declared, const std::vector<std::string>& paths) {
  std::vector<store::NamedExpr> first;
  for (const model::RelationColumn& column : declared.columns)
    for (const std::string& path : paths)
      if (!column.before.empty() && (path == column.before || path == current_name(column.before)))
        first.push_back({path, coalesce({store::col(rel, column.name), store::col(rel, path)})});
  return first.empty() ? rel : kept_beside(rel, rel, std::move(first));
}

/// Joins the columns `wanted` of what the row leads to under `prefix` ("customer", "current:customer").
Result<RelPtr> join_reached(RelPtr rel, const model::Relation& declared, const std::string& prefix,
                            const std::set<std::string>& wanted, const RelationContext& context,
                            const std::optional<When>& moment) {
  const RelationBuilder build(context);
  const bool current = prefix.starts_with(expr::kCurrent);
  const std::string path = current ? prefix.substr(expr::kCurrent.size()) : prefix;
  const auto reach = std::ranges::find(declared.columns, path, &model::RelationColumn::path);
  if (reach == declared.columns.end())
    return fail(ErrorKind::usage, "split.unknown", fmt::format("{} does not lead to \"{}\"", declared.name, path));
  const std::string key =
      current && store::find_column(rel, current_name(reach->name)) ? current_name(reach->name) : reach->name;
  const model::Table& table = *context.model.table(reach->references);
  std::set<std::string> now = wanted, then;
  // The NPS group of a customer is all that is derived so far.
  const bool grouped = table.find_derived("nps_group") && now.erase("nps_group") > 0;
  const bool called = now.erase(std::string(kCalled)) > 0;
  if (moment && !current && context.facts.changed.contains(reach->references))
    for (const std::string& name : wanted)
      if (is_tracked(table, name)) then.insert(name), now.erase(name);
  if (!now.empty()) {
    const RelPtr target = build.table(reach->references);
    VIGIE_TRY(const RelPtr columns, columns_of(target, reach->references, now, {{"key", store::col(target, "key")}}));
    rel = store::join(store::JoinKind::left, std::move(rel), columns, {{key, "key"}}, prefix + ".");
    if (now.contains("name") && context.facts.nameless.contains(reach->references))
      rel = called_by_key(rel, reach->references, key, prefix + ".name");
  }
  if (!then.empty()) {
    VIGIE_TRY(rel, join_versions(build, std::move(rel), reach->references, key, prefix + ".", then, *moment));
  }
  if (called) rel = with_called_names(build, rel, reach->references, key, prefix + ".");
  if (grouped)
    rel = join_held(build, std::move(rel), key, prefix + ".", {nps_groups(build), "group_of", "group_from", "group_to"},
                    current ? std::nullopt : moment);
  return rel;
}

}  // namespace

bool are_constant(std::string_view relation, std::span<const std::string> paths, const RelationContext& context) {
  const model::Relation* declared = context.model.relation(relation);
  assert(declared);
  return std::ranges::none_of(paths, [&](const std::string& path) {
    const auto dot = path.find('.');
    if (dot == std::string::npos || path.starts_with(expr::kCurrent)) return false;
    const auto reach = std::ranges::find(declared->columns, path.substr(0, dot), &model::RelationColumn::path);
    if (reach == declared->columns.end()) return false;
    const model::Table& table = *context.model.table(reach->references);
    const std::string name = path.substr(dot + 1);
    return table.find_derived(name) || (context.facts.changed.contains(reach->references) && is_tracked(table, name));
  });
}

Result<RelPtr> with_paths(RelPtr rel, std::string_view relation, const std::vector<std::string>& asked,
                          const RelationContext& context, std::string_view at) {
  const model::Relation* declared = context.model.relation(relation);
  assert(declared);
  // The group of a channel follows from the channel, wherever that is reached.
  std::vector<std::string> paths;
  std::map<std::string, std::string> groups;  // by the column that it becomes, the channel's
  for (const std::string& path : asked) {
    if (const std::string key = key_column_of(path); !key.empty()) {
      if (std::ranges::find(asked, key) == asked.end() && std::ranges::find(paths, key) == paths.end())
        paths.push_back(key);
      continue;
    }
    const bool current = path == current_name(model::kChannelGroup);
    if (!current && path != model::kChannelGroup) {
      paths.push_back(path);
      continue;
    }
    const std::string& channel = declared->dimensions.at("channel");
    groups[path] = current ? current_name(channel) : channel;
    paths.push_back(groups[path]);
  }
  if (const RelationEntry* found = entry(relation); at.empty() && found) at = found->moment;
  const RelationBuilder build(context);
  const std::optional<When> moment = moment_of(rel, at);
  if (moment) rel = as_at_event(build, std::move(rel), *declared, paths, *moment);
  if (reads_team(*declared, paths)) rel = with_teams(build, std::move(rel), moment);
  rel = with_current_columns(std::move(rel), paths);
  for (auto& [prefix, wanted] : by_prefix(paths)) {
    std::erase_if(wanted,
                  [&](const std::string& name) { return store::find_column(rel, prefix + "." + name) != nullptr; });
    if (wanted.empty()) continue;
    VIGIE_TRY(rel, join_reached(std::move(rel), *declared, prefix, wanted, context, moment));
  }
  rel = own_first(rel, *declared, paths);
  rel = with_source_keys(build, *declared, std::move(rel), asked);
  for (const auto& [name, channel] : groups) rel = with_channel_group(context, rel, channel, name);
  return rel;
}

}  // namespace vigie::plan
