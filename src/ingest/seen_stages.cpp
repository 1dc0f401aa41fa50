// Stage changes of a source that keeps no log of them: what its deals say at one import and not at the one before is a
// change, seen when it was imported or dated by the row (origin seen). They are the versions of the deals' stages,
// brought in as any other rows are, in the transaction of the deals.
#include "ingest/aftermath.h"
#include "ingest/batches.h"
#include "ingest/merge.h"
#include "ingest/versions.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;
using store::quote_text;

constexpr std::string_view kDeals = "opportunities", kLog = "opportunity_stage_changes", kOrigin = "seen";
constexpr std::string_view kMoves = "vigie_moves";

/// Deals of the batch that no log of changes, nor dates on their records, tells of, as SQL over t.
std::string unlogged_deals(const Job& job) {
  return fmt::format(
      "{} AS t WHERE t.batch = {} AND t.stage_key IS NOT NULL AND t.key NOT IN (SELECT opportunity_key FROM {} WHERE "
      "origin IS DISTINCT FROM '{}' AND deleted_at IS NULL)",
      job.table(), job.receipt.batch, kLog, kOrigin);
}

/// When the map last read a file of deals: null, the first time.
std::string last_import(const Job& job) {
  return fmt::format("(SELECT max(imported_at) FROM _batches AS b WHERE map = {} AND {})", quote_text(job.map.id),
                     took_files("b"));
}

/// The stage that a deal was first seen in, where it was made since the last import, or on its day: it has been there
/// since then. Of those made before that nobody knows since when.
std::string first_stages(const Job& job) {
  return fmt::format(
      "SELECT t.key AS deal, t.source_key AS named, {{'at': t.created_at, 'day': t.created_at_day, 'off': "
      "t.created_at_off, 'bare': t.created_at_bare}} AS moment, t.stage_key, NULL::BIGINT AS from_stage_key, false AS "
      "is_reentry FROM {} AND CASE WHEN t.created_at_bare THEN t.created_at + {} ELSE t.created_at END > {} AND "
      "t.created_at <= {} AND t.key NOT IN (SELECT key FROM {} WHERE valid_to IS NOT NULL) AND t.key NOT IN (SELECT "
      "opportunity_key FROM {})",
      unlogged_deals(job), kMicrosPerDay, last_import(job), job.now.micros, history_of(job), kLog);
}

/// First stays seen before of deals whose day of making is told otherwise now: they began with their deal.
std::string first_stages_moved(const Job& job) {
  return fmt::format(
      "SELECT t.key, t.source_key, {{'at': t.created_at, 'day': t.created_at_day, 'off': t.created_at_off, 'bare': "
      "t.created_at_bare}}, l.stage_key, NULL::BIGINT, false FROM {} AS l, {} AND t.key = l.opportunity_key AND "
      "l.origin = '{}' AND l.deleted_at IS NULL AND l.from_stage_key IS NULL AND t.created_at <= {}",
      kLog, unlogged_deals(job), kOrigin, job.now.micros);
}

/// The versions of deals that say another stage than the last one told before, of deals that the batch brought. Where a
/// deal has none the one before stands.
std::string later_stages(const Job& job) {
  const std::string held = fmt::format(
      "SELECT h.key, h.stage_key, h.valid_from, lag(h.stage_key) OVER w AS came_from FROM {} AS h "
      "WHERE h.stage_key IS NOT NULL AND (h.valid_to IS NULL OR h.valid_to > h.valid_from) "
      "AND h.key IN (SELECT key FROM {} WHERE batch = {}) "
      "WINDOW w AS (PARTITION BY h.key ORDER BY h.valid_from)",
      history_of(job), job.table(), job.receipt.batch);
  const std::string moved = fmt::format(
      "SELECT *, row_number() OVER (PARTITION BY key, stage_key ORDER BY valid_from) > 1 AS again FROM ({}) "
      "WHERE stage_key IS DISTINCT FROM came_from",
      held);
  DateFormat utc;
  utc.zone = "UTC";
  return fmt::format(
      "SELECT t.key, t.source_key, "
      "vigie_moment(strftime(make_timestamp(v.valid_from), '%Y-%m-%dT%H:%M:%S.%fZ'), {}, {}), "
      "v.stage_key, v.came_from, v.again FROM ({}) AS v, {} AND v.key = t.key AND v.came_from IS NOT NULL",
      quote_text(utc.to_text()), quote_text(job.zone()), moved, unlogged_deals(job));
}

/// What was seen of these deals before and is no move any more, for their history has been told otherwise since. What
/// is deleted as it begins never was.
Result<> forget_other_moves(Job& job) {
  return job.connection.execute(
      fmt::format("UPDATE {0} AS l SET deleted_at = l.entered_at, batch = {1} FROM {2} AND l.opportunity_key = t.key "
                  "AND l.origin = '{3}' AND l.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM {4} AS m WHERE m.deal = "
                  "t.key AND m.moment.at = l.entered_at)",
                  kLog, job.receipt.batch, unlogged_deals(job), kOrigin, kMoves));
}

Result<Stage> stage_moves(Job& job) {
  Stage out;
  for (const store::PhysicalColumn& column :
       store::physical_columns(*job.context.model.table(kLog), *job.context.model.table(kLog)->find("entered_at")))
    out.columns.push_back(column);
  out.columns.insert(out.columns.end(), {{"opportunity_key", "BIGINT"},
                                         {"stage_key", "BIGINT"},
                                         {"from_stage_key", "BIGINT"},
                                         {"is_reentry", "BOOLEAN"},
                                         {"origin", "VARCHAR"}});
  const std::string natural = "named || ' ' || moment.at";
  VIGIE_CHECK(job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {} AS SELECT {} AS s_key, {} AS s_natural, false AS s_bad, deal AS opportunity_key, moment.at "
      "AS "
      "entered_at, moment.day AS entered_at_day, moment.off AS entered_at_off, moment.bare AS entered_at_bare, "
      "stage_key, "
      "from_stage_key, is_reentry, '{}' AS origin FROM {}",
      kStage, store::natural_key_sql(quote_text(job.map.source), kLog, natural), natural, kOrigin, kMoves)));
  VIGIE_TRY(out.rows, job.number(fmt::format("SELECT count(*) FROM {}", kStage)));
  return out;
}

}  // namespace

Result<> give_seen_stages_up(Job& job) {
  if (job.map.table->name != kLog || job.map.stages_from_syncs) return {};
  return job.connection.execute(fmt::format(
      "UPDATE {0} AS l SET deleted_at = l.entered_at, batch = {1} WHERE l.origin = '{2}' AND l.deleted_at IS NULL "
      "AND l.opportunity_key IN (SELECT opportunity_key FROM {0} WHERE batch = {1} AND origin IS DISTINCT FROM '{2}')",
      kLog, job.receipt.batch, kOrigin));
}

Result<> note_seen_stages(Job& job) {
  if (!job.map.stages_from_syncs) return {};
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE TEMP TABLE {0} AS {1} UNION ALL {2} UNION ALL {3}; "
                  // Of a deal that moved before it was made, nobody knows where it stood first.
                  "DELETE FROM {0} AS m WHERE m.from_stage_key IS NULL AND EXISTS (SELECT 1 FROM {0} AS o WHERE "
                  "o.deal = m.deal AND o.from_stage_key IS NOT NULL AND o.moment.at <= m.moment.at)",
                  kMoves, first_stages(job), first_stages_moved(job), later_stages(job))));
  VIGIE_CHECK(forget_other_moves(job));
  VIGIE_TRY(const Stage stage, stage_moves(job));
  Map map = job.map;
  map.table = job.context.model.table(kLog);
  map.mode = Mode::upsert;
  map.columns.clear();
  Receipt receipt;
  receipt.batch = job.receipt.batch;
  Job log{job.context, job.request, map, job.connection, receipt, job.now, {}, job.digests, job.digest};
  VIGIE_CHECK(merge(log, stage));
  job.receipt.stages_seen = receipt.loaded;
  VIGIE_CHECK(drop_stage(job));
  return job.connection.execute(fmt::format("DROP TABLE {}", kMoves));
}

}  // namespace vigie::ingest
