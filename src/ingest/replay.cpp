#include "ingest/replay.h"

#include "base/file_digests.h"
#include "ingest/aftermath.h"
#include "ingest/batches.h"
#include "ingest/doubts.h"
#include "ingest/functions.h"
#include "ingest/held_checks.h"
#include "ingest/merge.h"
#include "ingest/slips.h"
#include "ingest/waiting_rows.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

constexpr std::string_view kOvertaken = "vigie_overtaken";

/// Replaying a row says nothing of those that are not replayed.
Mode mode_of_replay(Mode mode) { return mode == Mode::append ? mode : Mode::upsert; }

std::string told_by(const Job& job, const Stage& stage) {
  const bool dated =
      std::ranges::find(stage.columns, "updated_at", &store::PhysicalColumn::name) != stage.columns.end();
  return dated ? told_at("s", job.now) : "NULL::BIGINT";
}

/// Rows of which a later version is there. What was told later wins; of versions that no updated_at tells apart, what
/// came later did, through the same map: the batch that wrote the row, or the one in which that row had waited.
std::string overtaken(const Job& job, const Stage& stage) {
  return fmt::format(
      "SELECT s.s_ordinal FROM {0} AS s JOIN {1} AS a ON a.ordinal = s.s_ordinal JOIN {2} AS t ON t.key = s.s_key JOIN "
      "_batches AS b ON b.batch = t.batch LEFT JOIN (SELECT key, into_batch, max(struct_pack(batch := batch, place := "
      "place)) AS was FROM _settled WHERE outcome = 'replayed' AND map = {3} GROUP BY ALL) AS z ON z.key = s.s_key AND "
      "z.into_batch = t.batch WHERE NOT s.s_bad AND CASE WHEN t.deleted_at IS NOT NULL AND t.batch > a.batch THEN NOT "
      "coalesce({4} > t.deleted_at, false) WHEN {4} <> {5} THEN {4} < {5} WHEN b.map <> {3} THEN false WHEN z.was IS "
      "NOT "
      "NULL THEN (z.was.batch, z.was.place) > (a.batch, a.place) ELSE t.batch > a.batch END",
      kStage, kAgain, job.table(), quote_text(job.map.id), told_by(job, stage), told_at("t", job.now));
}

Result<std::int64_t> take_overtaken_out(Job& job, const Stage& stage) {
  const bool added = job.map.mode == Mode::append;
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT DISTINCT s_ordinal FROM ({})", kOvertaken,
                  added ? fmt::format("SELECT s_ordinal FROM {} LIMIT 0", kStage) : overtaken(job, stage))));
  return job.connection.execute_count(
      fmt::format("DELETE FROM {} WHERE s_ordinal IN (SELECT s_ordinal FROM {})", kStage, kOvertaken));
}

/// What is wrong with those that stay: its lines take the place of the earlier ones. A text that was taken apart is a
/// row from now on.
Result<> restate(Job& job) {
  const std::string stay = fmt::format(
      "(SELECT ordinal, code, message, '' AS column_name, left(record, 200) AS value, NULL::VARCHAR AS own_key, "
      "NULL::BIGINT "
      "AS told FROM {0} WHERE code IS NOT NULL UNION ALL SELECT ordinal, code, coalesce(message, ''), column_name, "
      "value, "
      "own_key, told FROM {1})",
      kAgain, kFaults);
  const std::string key = store::natural_key_sql(quote_text(job.map.source), job.map.table->name, "n.own_key");
  VIGIE_CHECK(
      job.connection.execute(fmt::format("CREATE OR REPLACE TEMP TABLE vigie_stay AS SELECT * FROM {0} JOIN (SELECT "
                                         "ordinal, id, batch, file, row, CASE WHEN "
                                         "kept = 'text' AND code IS NULL THEN obj ELSE record END AS record, CASE WHEN "
                                         "kept = 'text' AND code IS NULL THEN "
                                         "'row' ELSE kept END AS kept FROM {1}) USING (ordinal)",
                                         stay, kAgain)));
  return job.connection.execute(
      fmt::format("DELETE FROM _quarantine AS q USING vigie_stay AS w WHERE {0}; INSERT INTO _quarantine SELECT batch, "
                  "{1}, {2}, {3}, "
                  "file, row, column_name, code, message, value, record FROM vigie_stay ORDER BY ordinal; UPDATE "
                  "_waiting SET source = "
                  "{2}, table_name = {3}, kept = n.kept, reasons = n.reasons, own_key = coalesce(n.own_key, "
                  "_waiting.own_key), key = "
                  "CASE WHEN n.own_key IS NULL THEN _waiting.key ELSE {4} END, told = coalesce(n.told, _waiting.told) "
                  "FROM (SELECT id, "
                  "any_value(kept) AS kept, any_value(own_key) AS own_key, any_value(told) AS told, "
                  "string_agg(DISTINCT trim(code || ' "
                  "' || column_name), ', ') AS reasons FROM vigie_stay GROUP BY id) AS n WHERE n.id = _waiting.id",
                  lines_of_waiting("q", "w"), quote_text(job.map.id), quote_text(job.map.source),
                  quote_text(job.map.table->name), key));
}

/// Each that passed leaves in its own way. Gives how many the filter left out.
Result<> let_leave(Job& job, const std::string& by) {
  const auto leave = [&](std::string_view outcome, const std::string& which, std::string why) {
    return settle(job.connection, fmt::format("SELECT id FROM {} WHERE {}", kAgain, which),
                  {outcome, job.receipt.batch, job.now, by, std::move(why)});
  };
  VIGIE_CHECK(leave("superseded", fmt::format("ordinal IN (SELECT s_ordinal FROM {})", kOvertaken),
                    "a later version of its key was taken"));
  VIGIE_CHECK(
      leave("filtered", "ordinal IN (SELECT ordinal FROM vigie_filtered)", "the filter of the map leaves it out"));
  return leave(
      "replayed",
      fmt::format("code IS NULL AND ordinal NOT IN (SELECT ordinal FROM {}) AND ordinal NOT IN (SELECT s_ordinal "
                  "FROM {}) AND ordinal NOT IN (SELECT ordinal FROM vigie_filtered)",
                  kFaults, kOvertaken),
      "");
}

/// Earlier versions of what was taken wait for nothing any more.
Result<> supersede_earlier(Job& job, const Stage& stage) {
  const std::string waits_since =
      fmt::format("(CASE WHEN w.told <= {} THEN w.told END)", job.now.micros + kMicrosPerDay);
  return settle(
      job.connection,
      fmt::format(
          "SELECT w.id FROM _waiting AS w JOIN {0} AS s ON s.s_key = w.key JOIN {1} AS a ON a.ordinal = "
          "s.s_ordinal WHERE NOT s.s_bad AND w.map = {2} AND CASE WHEN {3} <> {4} THEN {3} > {4} ELSE (a.batch, "
          "a.place) > (w.batch, w.place) END",
          kStage, kAgain, quote_text(job.map.id), told_by(job, stage), waits_since),
      {"superseded", job.receipt.batch, job.now, "", "a later version of its key was taken"});
}

/// The latest event of the table may be another now; what its last import said of the whole stays.
Result<> note_last_event(Job& job) {
  VIGIE_CHECK(job.connection.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE vigie_said AS SELECT * FROM _sources WHERE map = {}", quote_text(job.map.id))));
  VIGIE_CHECK(record_source(job));
  return job.connection.execute(
      "UPDATE _sources SET complete_until = s.complete_until, history_complete = s.history_complete FROM vigie_said AS "
      "s "
      "WHERE s.map = _sources.map; DROP TABLE vigie_said");
}

Result<> check_account(const Receipt& r) {
  if (r.read == r.loaded + r.updated + r.unchanged + r.quarantined) return {};
  return fail(ErrorKind::internal, "ingest.account",
              fmt::format("{} rows were read, but {} loaded, {} updated, {} unchanged and {} quarantined", r.read,
                          r.loaded, r.updated, r.unchanged, r.quarantined));
}

/// In one transaction.
Result<> take_again(Job& job, Stage stage, const std::string& by, std::int64_t& superseded) {
  Receipt& receipt = job.receipt;
  VIGIE_CHECK(restate(job));
  VIGIE_TRY(receipt.refusals, refusals_of(job, "SELECT * FROM vigie_stay"));
  if (stage.columns.empty()) return check_account(receipt);  // none could be taken apart
  VIGIE_TRY(receipt.batch, next_batch(job.connection));
  VIGIE_TRY(superseded, take_overtaken_out(job, stage));
  const std::int64_t good = stage.rows - stage.bad - superseded;
  if (good > 0) {
    VIGIE_CHECK(merge(job, stage));
    VIGIE_CHECK(warn_of_doubtful_rows(job));
    VIGIE_CHECK(hold_checks(job, true));
  }
  receipt.unchanged += superseded;
  VIGIE_CHECK(let_leave(job, by));
  if (good > 0) VIGIE_CHECK(supersede_earlier(job, stage));
  VIGIE_CHECK(drop_stage(job));
  if (good > 0) VIGIE_CHECK(note_seen_stages(job));
  VIGIE_CHECK(check_account(receipt));
  if (good + superseded + receipt.filtered == 0) {
    receipt.batch = 0;
    return {};
  }
  job.digest = fmt::format("replay {}", receipt.batch);
  VIGIE_CHECK(record_batch(job));
  return good > 0 ? note_last_event(job) : Result<>();
}

Result<> replay_rows(Job& job, const std::string& by, ReplayOfMap& out) {
  VIGIE_CHECK(check_table(job));
  VIGIE_CHECK(job.know_privacy());
  VIGIE_TRY(out.untried, gather(job));
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT NULL::BIGINT AS ordinal, '' AS column_name, '' AS code, "
                  "'' AS message, '' "
                  "AS value, '' AS record, '' AS own_key, NULL::BIGINT AS told, false AS is_text LIMIT 0",
                  kFaults)));
  VIGIE_TRY(const std::int64_t tried, job.number(fmt::format("SELECT count(*) FROM {}", kAgain)));
  if (tried == 0) return {};
  VIGIE_TRY(const Stage stage, stage_again(job));
  VIGIE_CHECK(job.connection.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE vigie_filtered AS SELECT ordinal FROM {} WHERE part IS NOT NULL{}", kAgain,
      stage.columns.empty() ? "" : fmt::format(" AND ordinal NOT IN (SELECT s_ordinal FROM {})", kStage))));
  VIGIE_TRY(job.receipt.filtered, job.number("SELECT count(*) FROM vigie_filtered"));
  VIGIE_TRY(const std::int64_t torn, job.number(fmt::format("SELECT count(*) FROM {} WHERE code IS NOT NULL", kAgain)));
  job.receipt.read = tried - job.receipt.filtered;
  job.receipt.quarantined = torn + stage.bad;
  job.receipt.files.push_back({"the quarantine", "", job.receipt.read});
  return job.connection.transaction([&] { return take_again(job, stage, by, out.superseded); });
}

Result<> replay_map(const Context& context, const QueueOrder& order, const std::filesystem::path& map_file,
                    store::Connection& connection, ReplayOfMap& out) {
  const auto started = std::chrono::steady_clock::now();
  VIGIE_TRY(Map map, Map::load(map_file, context.model, context.calendar.zone().name()));
  if (map.id != out.map)
    return fail(
        ErrorKind::usage, "quarantine.map",
        fmt::format("{} is the map \"{}\", and these rows came through \"{}\"", map_file.string(), map.id, out.map),
        map.where, "name the file of that map");
  map.mode = mode_of_replay(map.mode);
  Request request;
  request.map_file = map_file;
  request.cancelled = order.cancelled;
  FileDigests digests(std::vector<std::filesystem::path>{});
  out.receipt.map = map.id;
  out.receipt.source = map.source;
  out.receipt.table = map.table->name;
  Job job{context, request, map, connection, out.receipt, context.clock.now(), {}, digests, "replay"};
  VIGIE_TRY(MemoryCap cap, MemoryCap::set(connection));
  Result<> done;
  {
    const CancelWatch watch(connection, order.cancelled);
    done = replay_rows(job, order.by, out);
  }
  const Result<> restored = cap.restore();
  VIGIE_CHECK(done);
  out.receipt.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return restored;
}

Result<std::vector<std::pair<std::string, std::string>>> maps_meant(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows,
            connection.query(fmt::format("SELECT map, coalesce(arg_max(map_file, id), '') FROM _waiting WHERE id IN "
                                         "(SELECT id FROM {}) GROUP BY map ORDER BY min(batch), map",
                                         kMeant)));
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t row = 0; row < rows.rows(); ++row) out.emplace_back(rows.text(row, 0), rows.text(row, 1));
  return out;
}

}  // namespace

Result<ReplayReport> replay(const Context& context, const QueueOrder& order, const FindMap& find_map) {
  VIGIE_CHECK(register_functions(context.database, context.privacy));
  VIGIE_TRY(store::Connection connection, context.database.connect());
  ReplayReport out;
  QuarantineFilter meant = order.which;
  if (order.file)
    VIGIE_CHECK(connection.transaction([&]() -> Result<> {
      VIGIE_TRY(out.fixed, fix_from_file(connection, *order.file, meant));
      return hash_fixed(context, connection);
    }));
  else VIGIE_CHECK(choose(connection, meant));
  VIGIE_TRY(const auto maps, maps_meant(connection));
  if (order.map_file && maps.size() > 1)
    return fail(ErrorKind::usage, "quarantine.map", "these rows came through several maps, and one is named", {},
                "say --map with the id of one of them too");
  for (const auto& [map, as_imported] : maps) {
    ReplayOfMap& one = out.maps.emplace_back(ReplayOfMap{map, {}, 0, {}, std::nullopt});
    const auto file = order.map_file ? Result<std::filesystem::path>(*order.map_file) : find_map(map, as_imported);
    // A connection of its own: that of one whose statement failed holds what it was at.
    auto own = context.database.connect();
    if (!own) return std::unexpected(own.error());
    VIGIE_CHECK(own->copy_from(connection, fmt::format("SELECT id FROM {}", kMeant), kMeant));
    const Result<> done = file ? replay_map(context, order, *file, *own, one) : Result<>(std::unexpected(file.error()));
    if (!done) one.error = done.error();
  }
  return out;
}

}  // namespace vigie::ingest
