#include "ingest/doubts.h"

#include "ingest/row_sql.h"
#include "ingest/slips.h"

namespace vigie::ingest {
namespace {

struct Doubt {
  std::string_view code, table;
  std::string_view rows;      ///< which of the table's rows t, as SQL
  std::string_view given;     ///< FROM … WHERE that must have a row for any to be in doubt; "" none
  std::string_view sentence;  ///< how many, and one of them
  std::string_view hint;
};

// In French: src/tongue/french_imports.cpp.
constexpr Doubt kDoubts[] = {
    {"subscriptions.cancelled_without_end", "subscriptions",
     "t.mrr > 0 AND NOT (coalesce(t.is_trial, false) AND t.trial_end_at IS NULL) AND t.status = 'cancelled' AND "
     "t.ended_at IS NULL",
     "",
     "subscriptions that are cancelled and have no end: {} (such as {}), which go on for ever, paid unless they were "
     "trials",
     "map ended_at: the first instant that is no longer paid"},
    {"subscriptions.past_due_without_date", "subscriptions",
     "t.mrr > 0 AND NOT (coalesce(t.is_trial, false) AND t.trial_end_at IS NULL) AND t.status = 'past_due' AND "
     "t.past_due_since IS NULL",
     "", "subscriptions that are past due, nobody knows since when: {} (such as {}), which count as paid for ever",
     "map past_due_since"},
    {"opportunities.closed_without_date", "opportunities", "t.outcome IN ('won', 'lost') AND t.closed_at IS NULL", "",
     "deals that are won or lost, nobody knows when: {} (such as {}), which count as open", "map closed_at"},
    {"opportunities.undated", "opportunities", "t.created_at IS NULL", "",
     "deals without a created_at: {} (such as {}), which the pipeline, win rates and what was signed leave out",
     "map created_at"},
    {"opportunities.unknown_stage", "opportunities",
     "t.stage_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stages AS s WHERE s.key = t.stage_key)", "",
     "deals in stages that the table stages does not hold: {} (such as {}), whose stages have no name and no place",
     "import stages: its key, label, position and outcome"},
    {"opportunity_stage_changes.unknown_stage", "opportunity_stage_changes",
     "NOT EXISTS (SELECT 1 FROM stages AS s WHERE s.key = t.stage_key)", "",
     "changes to stages that the table stages does not hold: {} (such as {}), among which won and lost count as stages "
     "like others",
     "import stages: its key, label, position and outcome"},
    {"refunds.negative", "refunds", "t.amount_net < 0", "",
     "refunds with an amount below 0: {} (such as {}), which add to revenue",
     "say factor: -1 for the amount in the map, unless they take refunds back"},
    {"survey_responses.other_scale", "survey_responses", "t.kind = 'nps' AND t.score IS NOT NULL AND t.max_score <> 10",
     "", "NPS answers whose best mark is not 10: {} (such as {}), whose marks are read as if it were",
     "map kind: csat for them, for an NPS is asked from 0 to 10"},
    {"survey_responses.broken_mark", "survey_responses", "t.kind = 'nps' AND t.score <> floor(t.score)", "",
     "NPS marks that are no whole numbers: {} (such as {}), of which those between 6 and 7 or between 8 and 9 count as "
     "answers, and in no group",
     "map the mark that was given"},
    {"headcount.overlap", "headcount",
     "EXISTS (SELECT 1 FROM headcount AS o WHERE o.employee_key = t.employee_key AND o.key <> t.key AND o.deleted_at "
     "IS NULL AND o.from_date < coalesce(t.to_date, 2147483647) AND t.from_date < coalesce(o.to_date, 2147483647) AND "
     "coalesce(o.people, 1) + coalesce(t.people, 1) > 1)",
     "",
     "rows of headcount that overlap with another one of the same person: {} (such as {}), of which headcount counts "
     "each",
     "end the one where the other begins, or share the person among them: people: 0.5"},
    {"fx_rates.euro", "fx_rates", "t.currency = 'EUR' AND t.per_euro <> 1", "",
     "rates of the euro other than 1: {} (such as {}), where per_euro tells what one euro is worth in the currency",
     "is it the rate of another currency? Then name that one"},
    {"orders.beside_invoices", "orders",
     "t.document = 'invoice' AND t.status = 'confirmed' AND t.cancelled_at IS NULL AND (SELECT count(*) FILTER (f.key "
     "IS NULL) * 2 > count(*) FROM orders AS o LEFT JOIN (SELECT DISTINCT follows_key AS key FROM orders WHERE "
     "document = 'invoice' AND status = 'confirmed' AND cancelled_at IS NULL AND deleted_at IS NULL) AS f ON f.key = "
     "o.key WHERE o.document = 'order' AND o.status = 'confirmed' AND "
     "o.cancelled_at IS NULL AND o.deleted_at IS NULL)",
     "orders WHERE document = 'invoice'",
     "invoices beside orders most of which no invoice follows: {} (such as {}), which alone are sales",
     "say sale_event in vigie.yaml, and follows_key in the map of invoices"},
};

constexpr std::string_view kBesideInvoices = "orders.beside_invoices", kAhead = "updated_ahead";

// Of any table: slips that are there, for no dated version is.
constexpr std::string_view kAheadSentence =
    "rows of {} whose updated_at is yet to come: {} (such as {}), whose place any other version takes until then";
constexpr std::string_view kAheadHint = "correct the date in the source";

struct Found {
  std::int64_t rows = 0;
  std::string example;
};

Result<Found> find(const Query& query, std::string_view table, std::string_view rows, std::string_view scope) {
  VIGIE_TRY(const store::ResultSet found,
            query(fmt::format(
                "SELECT count(*), coalesce(min(t.source_key), '') FROM {} AS t WHERE t.deleted_at IS NULL{} AND ({})",
                store::quote_identifier(table), scope, rows)));
  return Found{found.int64(0, 0), key_as_read(found.text(0, 1))};
}

Result<bool> is_given(const Query& query, std::string_view given) {
  if (given.empty()) return true;
  VIGIE_TRY(const store::ResultSet rows, query(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", given)));
  return rows.int64(0, 0) > 0;
}

Error told(std::string code, std::string sentence, std::string_view hint) {
  return {std::move(code), std::move(sentence), ErrorKind::data, {}, std::string(hint)};
}

/// `scope` narrows the rows down: " AND …".
Result<> add_doubts_of(const Query& query, std::string_view table, std::string_view scope, const Circumstances& known,
                       std::vector<Error>& out) {
  for (const Doubt& one : kDoubts) {
    if (one.table != table || (one.code == kBesideInvoices && known.names_sale_event)) continue;
    VIGIE_TRY(const bool given, is_given(query, one.given));
    if (!given) continue;
    VIGIE_TRY(const Found found, find(query, table, one.rows, scope));
    if (found.rows > 0)
      out.push_back(
          told(std::string(one.code), fmt::format(fmt::runtime(one.sentence), found.rows, found.example), one.hint));
  }
  VIGIE_TRY(const Found later, find(query, table, is_told_ahead("t", known.now), scope));
  if (later.rows > 0)
    out.push_back(told(fmt::format("{}.{}", table, kAhead),
                       fmt::format(kAheadSentence, table, later.rows, later.example), kAheadHint));
  return {};
}

}  // namespace

Result<std::vector<Error>> doubtful_rows(const Query& query, const model::Model& model, const Circumstances& known) {
  std::vector<Error> out;
  for (const model::Table& table : model.tables()) VIGIE_CHECK(add_doubts_of(query, table.name, "", known, out));
  return out;
}

Result<> warn_of_doubtful_rows(Job& job) {
  std::vector<Error> found;
  VIGIE_CHECK(add_doubts_of([&](const std::string& sql) { return job.connection.query(sql); }, job.map.table->name,
                            fmt::format(" AND t.batch = {}", job.receipt.batch),
                            {job.now, job.context.names_sale_event}, found));
  for (const Error& one : found) job.receipt.warnings.push_back(fmt::format("{}; {}", one.message, one.hint));
  return {};
}

}  // namespace vigie::ingest
