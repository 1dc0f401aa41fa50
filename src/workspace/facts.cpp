#include "workspace/facts.h"

#include "calendar/zone.h"
#include "plan/documents.h"
#include "plan/kinds.h"
#include "plan/spans.h"
#include "plan/versions.h"
#include "store/print_rel.h"
#include "store/warehouse.h"
#include "workspace/merges.h"

namespace vigie::workspace {
namespace {

using catalog::SaleEvent;
using store::col;
using store::JoinKind;
using store::quote_identifier;
using store::quote_text;
using store::RelPtr;

/// Columns with the days of what happened; where a table tells of nothing that happened, the one its rows are dated by.
std::vector<std::string> dated_days(const model::Table& table) {
  const bool eventful = std::ranges::any_of(table.columns, &model::Column::event);
  std::vector<std::string> out;
  for (const model::Column& column : table.columns)
    if (eventful ? column.event : column.name == table.time)
      out.push_back(column.type == model::ColumnType::instant ? column.name + "_day" : column.name);
  return out;
}

Result<> add_coverage(RememberedQueries& queries, const model::Table& table, plan::DataFacts& facts) {
  const auto days = dated_days(table);
  std::string least = "NULL::INTEGER", most = "NULL::INTEGER";
  if (!days.empty()) {
    std::string mins, maxes;
    for (const std::string& day : days) {
      mins += fmt::format("{}min({})", mins.empty() ? "" : ", ", quote_identifier(day));
      maxes += fmt::format("{}max({})", maxes.empty() ? "" : ", ", quote_identifier(day));
    }
    least = "least(" + mins + ")";
    most = "greatest(" + maxes + ")";
  }
  VIGIE_TRY(const store::ResultSet rows,
            queries.query(fmt::format("SELECT source, count(*), {}, {}, count(deleted_at) FROM {} GROUP BY source",
                                      least, most, quote_identifier(table.name))));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    plan::DataFacts::Coverage one;
    one.source = rows.text(row, 0);
    one.table = table.name;
    one.rows = rows.int64(row, 1);
    one.eventful = std::ranges::any_of(table.columns, &model::Column::event);
    if (!rows.is_null(row, 2)) one.first = Date{static_cast<std::int32_t>(rows.int64(row, 2))};
    if (!rows.is_null(row, 3)) one.last = Date{static_cast<std::int32_t>(rows.int64(row, 3))};
    if (rows.int64(row, 4) > 0) facts.deleted.insert(table.name);
    facts.coverage.push_back(std::move(one));
  }
  return {};
}

/// What the maps declared about their sources: up to when they are whole, and whether they go back to the beginning.
Result<> add_declarations(RememberedQueries& queries, plan::DataFacts& facts) {
  VIGIE_TRY(const store::ResultSet rows,
            queries.query("SELECT source, table_name, max(complete_until), bool_or(coalesce(history_complete, false)) "
                          "FROM _sources GROUP BY ALL"));
  for (std::size_t row = 0; row < rows.rows(); ++row)
    for (plan::DataFacts::Coverage& one : facts.coverage) {
      if (one.source != rows.text(row, 0) || one.table != rows.text(row, 1)) continue;
      if (!rows.is_null(row, 2)) one.complete_until = Instant{rows.int64(row, 2)};
      one.history_complete = rows.boolean(row, 3);
    }
  return {};
}

Result<bool> any(RememberedQueries& queries, std::string_view from_where) {
  VIGIE_TRY(const store::ResultSet rows,
            queries.query(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", from_where)));
  return rows.int64(0, 0) > 0;
}

Result<bool> any(RememberedQueries& queries, const RelPtr& rows) {
  const RelPtr one = store::limit(store::project(rows, {{"one", expr::integer(1)}}), {}, 1);
  return any(queries, fmt::format("({}) AS there", store::print(one, store::duckdb_dialect())));
}

/// What is a sale as the rows say it now, whatever an as-of sees of it.
const char* table_of(SaleEvent event) { return event == SaleEvent::won_deal ? "opportunities" : "orders"; }

RelPtr sales(const model::Model& model, SaleEvent event) {
  const RelPtr rows = store::table_scan(model, table_of(event));
  return store::filter(rows, plan::is_sale(rows, event));
}

RelPtr quotes(const model::Model& model) {
  const RelPtr rows = store::table_scan(model, "orders");
  return store::filter(rows, expr::all_of({expr::eq(col(rows, "document"), expr::text("quote")), plan::is_sent(rows)}));
}

/// An instant after all that subscriptions tell of, planned ends of trials among it; of what lies beyond 2200 nobody
/// asks.
Result<Instant> beyond_subscriptions(RememberedQueries& queries, const calendar::Zone& zone) {
  VIGIE_TRY(
      const store::ResultSet last,
      queries.query("SELECT greatest(t.started, t.trial_end, h.begun, h.trial_end) FROM (SELECT max(started_at) AS "
                    "started, max(trial_end_at) AS trial_end FROM subscriptions) AS t, (SELECT max(valid_from) AS "
                    "begun, max(trial_end_at) AS trial_end FROM subscriptions_history) AS h"));
  const Instant furthest = zone.start_of(date_of(2200, 1, 1));
  return last.is_null(0, 0) ? furthest : std::min(furthest, Instant{last.int64(0, 0) + kMicrosPerDay});
}

/// What kind of company it is, at whichever as-of. Without subscriptions nobody is under contract, and nobody asks for
/// others.
Result<> add_kinds(RememberedQueries& queries, const model::Model& model, const catalog::Settings& settings,
                   const calendar::Calendar& calendar, plan::DataFacts& facts) {
  if (!facts.has("subscriptions")) return {};
  VIGIE_TRY(const Instant beyond, beyond_subscriptions(queries, calendar.zone()));
  const std::map<std::string, expr::Literal> params;
  const plan::RelationContext context{
      model, settings, calendar, facts, SaleEvent::order, plan::seen_until(calendar, beyond), params, {}};
  const RelPtr turns = plan::turns_of_kinds(plan::RelationBuilder(context));
  VIGIE_TRY(const store::ResultSet rows, queries.query(store::print(turns, store::duckdb_dialect())));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::int64_t of = rows.int64(row, 0);
    plan::Turns& its = of == plan::kOfPayers ? facts.payers : facts.buyers[plan::kEvents[of]];
    its.at.push_back(Instant{rows.int64(row, 1)});
  }
  std::ranges::sort(facts.payers.at);
  for (auto& [event, its] : facts.buyers) std::ranges::sort(its.at);
  return {};
}

/// From which day on something was served that a document bills.
Result<> add_services(RememberedQueries& queries, plan::DataFacts& facts) {
  using catalog::SaleEvent;
  for (const auto& [event, document] :
       {std::pair{SaleEvent::order, "order"}, std::pair{SaleEvent::invoice, "invoice"}}) {
    VIGIE_TRY(const store::ResultSet rows,
              queries.query(fmt::format("SELECT min(service_from) FROM orders WHERE document = {} AND service_to > "
                                        "service_from AND status = 'confirmed' AND cancelled_at IS NULL",
                                        quote_text(document))));
    if (!rows.is_null(0, 0)) facts.first_service[event] = Date{static_cast<std::int32_t>(rows.int64(0, 0))};
  }
  return {};
}

/// Versions that another one replaced since (h), beside their rows (t).
std::string replaced_versions(const std::string& table) {
  return fmt::format("{} AS h JOIN {} AS t ON t.key = h.key WHERE h.valid_to IS NOT NULL",
                     quote_identifier(store::history_table(table)), quote_identifier(table));
}

/// A change of a tracked column that its source dates is an event of that source: what it told last is seen by default.
Result<> add_dated_changes(RememberedQueries& queries, const std::string& table, const calendar::Zone& zone,
                           plan::DataFacts& facts) {
  VIGIE_TRY(
      const store::ResultSet rows,
      queries.query(fmt::format("SELECT t.source, max(h.valid_to) FROM {} AND h.ended_by = '{}' GROUP BY t.source",
                                replaced_versions(table), store::kBySource)));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Date day = zone.day_of(Instant{rows.int64(row, 1)});
    for (plan::DataFacts::Coverage& one : facts.coverage)
      if (one.source == rows.text(row, 0) && one.table == table) one.last = std::max(one.last.value_or(day), day);
  }
  return {};
}

/// Until when documents had another status than they have now. A new seller alone changes nothing of what counts.
Result<plan::DataFacts::Changes> read_document_changes(RememberedQueries& queries) {
  VIGIE_TRY(const store::ResultSet rows,
            queries.query(fmt::format("SELECT max(h.valid_to) FILTER (h.ended_by = '{0}'), max(h.valid_to) FILTER "
                                      "(h.ended_by IS DISTINCT FROM '{0}') FROM {1} AND h.status IS DISTINCT FROM "
                                      "t.status",
                                      store::kBySource, replaced_versions("orders"))));
  const auto instant = [&](std::size_t column) {
    return rows.is_null(0, column) ? std::nullopt : std::optional(Instant{rows.int64(0, column)});
  };
  return plan::DataFacts::Changes{.dated = instant(0), .undated = instant(1)};
}

/// Which tables have versions, and whether some of these name another seller than their rows.
Result<> add_changed(RememberedQueries& queries, const model::Table& table, plan::DataFacts& facts) {
  if (store::history_columns(table).empty()) return {};
  VIGIE_TRY(const bool changed,
            any(queries, quote_identifier(store::history_table(table.name)) + " WHERE valid_to IS NOT NULL"));
  if (!changed) return {};
  facts.changed.insert(table.name);
  const model::Column* seller = table.find("owner_key");
  if (!seller || !seller->tracked) return {};
  VIGIE_TRY(const bool resold, any(queries, fmt::format("{} AND h.owner_key IS DISTINCT FROM t.owner_key",
                                                        replaced_versions(table.name))));
  if (resold) facts.resold.insert(table.name);
  return {};
}

/// Amounts that another day than the row's last one may price.
Result<> add_foreign_amounts(RememberedQueries& queries, const std::string& base, plan::DataFacts& facts) {
  VIGIE_TRY(
      facts.has_foreign_versions,
      any(queries, fmt::format("opportunities_history WHERE amount IS NOT NULL AND currency <> {}", quote_text(base))));
  VIGIE_TRY(facts.has_foreign_deals, any(queries, fmt::format("opportunities WHERE currency <> {}", quote_text(base))));
  VIGIE_TRY(facts.has_foreign_costs,
            any(queries, fmt::format("products WHERE cost IS NOT NULL AND currency <> {}", quote_text(base))));
  VIGIE_TRY(
      const store::ResultSet closed,
      queries.query(fmt::format("SELECT max(closed_at) FROM opportunities WHERE currency <> {}", quote_text(base))));
  if (!closed.is_null(0, 0)) facts.last_foreign_close = Instant{closed.int64(0, 0)};
  VIGIE_TRY(
      facts.has_forestalled_closes,
      any(queries, fmt::format("opportunities WHERE deleted_at <= closed_at AND currency <> {}", quote_text(base))));
  return {};
}

/// What makes an earlier state differ from the one the rows tell.
Result<> add_what_was_otherwise(RememberedQueries& queries, const calendar::Zone& zone, plan::DataFacts& facts) {
  if (facts.has_stage_changes) {
    VIGIE_TRY(facts.has_logged_amounts, any(queries, "opportunity_stage_changes WHERE amount_at IS NOT NULL"));
  }
  if (facts.has_logged_amounts) {
    VIGIE_TRY(const store::ResultSet told, queries.query("SELECT max(updated_at) FROM opportunities"));
    if (!told.is_null(0, 0)) facts.last_deal_told = Instant{told.int64(0, 0)};
  }
  if (facts.changed.contains("opportunities")) {
    VIGIE_TRY(facts.has_undone_outcomes,
              any(queries, "opportunities_history WHERE valid_to IS NOT NULL AND outcome IN ('won', 'lost')"));
  }
  if (facts.changed.contains("orders")) {
    VIGIE_TRY(facts.document_changes, read_document_changes(queries));
  }
  for (const char* table : {"opportunities", "orders", "subscriptions"})
    if (facts.changed.contains(table)) VIGIE_CHECK(add_dated_changes(queries, table, zone, facts));
  VIGIE_TRY(const store::ResultSet cancelled,
            queries.query("SELECT max(cancelled_at) FROM orders WHERE status IN ('confirmed', 'cancelled')"));
  if (!cancelled.is_null(0, 0)) facts.last_cancelled = Instant{cancelled.int64(0, 0)};
  return {};
}

/// Who sells, in which team, and what: a source may name them by their keys alone, and several by one name.
Result<> add_names(RememberedQueries& queries, plan::DataFacts& facts) {
  for (const char* table : plan::kNamedTables) {
    const std::string named = fmt::format("{} AS k LEFT JOIN {} AS t ON t.key = k.key",
                                          quote_identifier(store::key_table(table)), quote_identifier(table));
    VIGIE_TRY(const bool nameless, any(queries, named + " WHERE t.name IS NULL"));
    if (nameless) facts.nameless.insert(table);
    VIGIE_TRY(const bool shared,
              any(queries, fmt::format("(SELECT coalesce(t.name, k.source_key) AS shown FROM {} GROUP BY shown HAVING "
                                       "count(*) > 1) AS shared",
                                       named)));
    if (shared) facts.namesakes.insert(table);
  }
  return {};
}

}  // namespace

Result<plan::DataFacts> read_facts(RememberedQueries& queries, const model::Model& model,
                                   const catalog::Settings& settings, const calendar::Calendar& calendar) {
  store::Connection& connection = queries.connection();
  plan::DataFacts facts;
  for (const model::Table& table : model.tables()) VIGIE_CHECK(add_coverage(queries, table, facts));
  VIGIE_CHECK(add_declarations(queries, facts));
  for (const model::Table& table : model.tables()) VIGIE_CHECK(add_changed(queries, table, facts));
  VIGIE_TRY(const store::ResultSet quoted, queries.query("SELECT DISTINCT currency FROM fx_rates WHERE per_euro > 0"));
  for (std::size_t row = 0; row < quoted.rows(); ++row) facts.quoted.insert(quoted.text(row, 0));
  if (!facts.quoted.empty()) {
    VIGIE_TRY(const auto base, store::meta(connection, "base_currency"));
    VIGIE_CHECK(add_foreign_amounts(queries, base.value_or(""), facts));
  }
  VIGIE_TRY(facts.attributes, store::attributes(connection));
  VIGIE_TRY(facts.has_orders, any(queries, sales(model, SaleEvent::order)));
  VIGIE_TRY(facts.has_invoices, any(queries, sales(model, SaleEvent::invoice)));
  VIGIE_TRY(facts.has_won_deals, any(queries, sales(model, SaleEvent::won_deal)));
  VIGIE_TRY(facts.has_declared_contracts, any(queries, "customers WHERE relation = 'contract'"));
  VIGIE_CHECK(add_services(queries, facts));
  VIGIE_TRY(facts.has_product_costs, any(queries, "products WHERE cost IS NOT NULL"));
  VIGIE_TRY(facts.has_customer_since, any(queries, "customers WHERE customer_since IS NOT NULL"));
  VIGIE_TRY(facts.has_quotes, any(queries, quotes(model)));
  facts.has_leads = facts.has("leads");
  facts.has_opportunities = facts.has("opportunities");
  facts.has_stage_changes = facts.has("opportunity_stage_changes");
  VIGIE_TRY(const store::ResultSet touch,
            queries.query("SELECT min(occurred_at) FROM touchpoints WHERE customer_key IS NOT NULL OR lead_key IS NOT "
                          "NULL"));
  if (!touch.is_null(0, 0)) facts.first_known_touch = Instant{touch.int64(0, 0)};
  VIGIE_CHECK(add_what_was_otherwise(queries, calendar.zone(), facts));
  VIGIE_TRY(facts.merged_customers, read_merges(queries));
  VIGIE_CHECK(add_kinds(queries, model, settings, calendar, facts));
  VIGIE_CHECK(add_names(queries, facts));
  if (facts.has("order_lines")) {
    VIGIE_TRY(facts.has_unpriced_orders_with_lines, any(queries, "orders WHERE amount_net IS NULL"));
    // One that no rate prices is a cost all the same: that of the product does not stand for it.
    VIGIE_TRY(facts.has_line_costs, any(queries, "order_lines WHERE cost IS NOT NULL"));
  }
  return facts;
}

}  // namespace vigie::workspace
