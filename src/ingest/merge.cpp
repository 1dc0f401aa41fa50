// stage → canonical table. Row by row nothing is decided here in C++: each step is one statement over all rows.
#include "ingest/merge.h"

#include "base/text.h"
#include "ingest/aftermath.h"
#include "ingest/key_set.h"
#include "ingest/slips.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;
using store::quote_text;

constexpr std::string_view kMatch = "vigie_match";

Result<> refuse_collisions(Job& job, const std::string& pairs) {
  VIGIE_TRY(const store::ResultSet rows, job.connection.query(pairs + " LIMIT 1"));
  if (rows.rows() > 0) return collision(rows, job.map.table->name);
  return {};
}

/// How many rows bring a key that another row of the batch has brought.
Result<std::int64_t> count_repeated(Job& job, const Stage& stage) {
  const auto memory = static_cast<std::int64_t>(KeySet::bytes(static_cast<std::size_t>(stage.rows)));
  if (memory > kRowMemory)
    return job.number(fmt::format("SELECT count(*) - count(DISTINCT s_key) FROM {} WHERE NOT s_bad", kStage));
  VIGIE_CHECK(lower_memory_limit(job.connection, kImportMemory - memory));
  VIGIE_TRY(const std::unique_ptr<Lease> keys, Lease::open(job, "keys", stage.rows));
  return job.number(
      fmt::format("SELECT count(*) FILTER (NOT new) FROM (SELECT vigie_keys_add({}, s_key) AS new FROM {} "
                  "WHERE NOT s_bad)",
                  keys->number(), kStage));
}

/// Several versions of one row in the batch: the last stays; of rows that are only added, the first. Gives the slips
/// among those that were dropped.
Result<Slips> drop_earlier_versions(Job& job, const Stage& stage) {
  VIGIE_TRY(const std::int64_t twice, count_repeated(job, stage));
  if (twice == 0) return Slips{};
  const std::string repeated =
      fmt::format("(SELECT s_key FROM {} WHERE NOT s_bad GROUP BY s_key HAVING count(*) > 1)", kStage);
  VIGIE_CHECK(refuse_collisions(
      job,
      fmt::format("SELECT min(s_natural), max(s_natural) FROM {} WHERE NOT s_bad AND s_key IN {} GROUP BY s_key HAVING "
                  "min(s_natural) <> max(s_natural)",
                  kStage, repeated)));
  const bool added = job.map.mode == Mode::append;
  if (!added) VIGIE_CHECK(note_versions(job, stage, repeated));
  VIGIE_TRY(const Slips slips, slips_in_batch(job, stage, repeated));
  const std::string by_time = has_column(stage, "updated_at") && !added
                                  ? fmt::format("{} DESC NULLS LAST, ", told_at(kStage, job.now))
                                  : std::string();
  VIGIE_TRY(job.receipt.merged,
            job.connection.execute_count(fmt::format(
                "DELETE FROM {0} WHERE rowid IN (SELECT r FROM (SELECT rowid AS r, row_number() OVER (PARTITION BY "
                "s_key ORDER BY {2}rowid{3}) AS n FROM {0} WHERE NOT s_bad AND s_key IN {1}) WHERE n > 1)",
                kStage, repeated, by_time, added ? "" : " DESC")));
  return slips;
}

/// What a column of t becomes by s, as SQL. A row is as late as its last dated word: an undated one leaves its date.
std::string becomes(const Job& job, std::string_view column) {
  if (column != "updated_at") return fmt::format("s.{}", quote_identifier(column));
  return fmt::format("CASE WHEN s.updated_at IS NULL THEN {} ELSE s.updated_at END", told_at("t", job.now));
}

/// "some mapped column differs", over t (table) and s (stage).
std::string difference(const Job& job, const Stage& stage) {
  std::string out;
  for (const store::PhysicalColumn& column : stage.columns)
    out += fmt::format("{}t.{} IS DISTINCT FROM {}", out.empty() ? "" : " OR ", quote_identifier(column.name),
                       becomes(job, column.name));
  // A row that was missing from an earlier snapshot and is back.
  if (!has_column(stage, "deleted_at")) out += fmt::format("{}t.deleted_at IS NOT NULL", out.empty() ? "" : " OR ");
  return "(" + out + ")";
}

/// The currency of all the amounts that the map brings, where it names no column of it.
std::optional<std::string> currency_of_amounts(const Job& job, const Stage& stage) {
  const bool in_rows = job.map.find("currency") != nullptr;
  const auto& columns = job.map.table->columns;
  if (in_rows || std::ranges::find(columns, "currency", &model::Column::name) == columns.end()) return std::nullopt;
  const bool brings_amounts = std::ranges::any_of(columns, [&](const model::Column& column) {
    return column.type == model::ColumnType::money && has_column(stage, column.name);
  });
  if (!brings_amounts) return std::nullopt;
  return job.map.currency.empty() ? job.context.base_currency : job.map.currency;
}

struct Matches {
  std::int64_t known = 0, changed = 0;
  Slips slips;
};

/// Rows that change now and were brought, or changed last, through another map: two kinds of documents under one
/// number, or two files about the same rows.
Result<> count_other_maps(Job& job) {
  VIGIE_TRY(
      const store::ResultSet maps,
      job.connection.query(fmt::format("SELECT b.map, count(*) AS n FROM {} AS m JOIN _batches AS b ON b.batch = "
                                       "m.before WHERE m.changed AND b.map <> {} GROUP BY ALL ORDER BY n DESC, b.map",
                                       kMatch, quote_text(job.map.id))));
  for (std::size_t row = 0; row < maps.rows(); ++row) {
    job.receipt.other_maps.push_back(maps.text(row, 0));
    job.receipt.of_other_maps += maps.int64(row, 1);
  }
  return {};
}

/// vigie_match(r, target, before, changed): the stage's rows whose key the table already holds.
Result<Matches> match(Job& job, const Stage& stage) {
  const std::string late = has_column(stage, "updated_at") ? is_late("s", "t", job.now) : "false";
  const std::optional<std::string> currency = currency_of_amounts(job, stage);
  const std::string repriced =
      currency ? fmt::format(" OR t.currency IS DISTINCT FROM {}", quote_text(*currency)) : std::string();
  const std::string changed =
      job.map.mode == Mode::append ? "false" : fmt::format("NOT {} AND ({}{})", late, difference(job, stage), repriced);
  VIGIE_CHECK(
      job.connection.execute(fmt::format("CREATE TEMP TABLE {} AS SELECT s.rowid AS r, t.rowid AS target, t.batch AS "
                                         "before, {} AS changed FROM {} AS s JOIN {} AS t ON t.key = "
                                         "s.s_key WHERE NOT s.s_bad",
                                         kMatch, changed, kStage, job.table())));
  VIGIE_CHECK(refuse_collisions(
      job,
      fmt::format("SELECT s.s_natural, t.source_key FROM {} AS m JOIN {} AS s ON s.rowid = m.r JOIN {} AS t ON t.rowid "
                  "= m.target WHERE t.source_key <> s.s_natural OR t.source <> {}",
                  kMatch, kStage, job.table(), quote_text(job.map.source))));
  VIGIE_TRY(const store::ResultSet counts,
            job.connection.query(fmt::format("SELECT count(*), count(*) FILTER (changed) FROM {}", kMatch)));
  if (counts.int64(0, 1) > 0) VIGIE_CHECK(count_other_maps(job));
  VIGIE_TRY(const Slips slips, slips_before_known(job, stage, kMatch, difference(job, stage)));
  return Matches{counts.int64(0, 0), counts.int64(0, 1), slips};
}

/// Columns that the map does not name but the model fills.
std::vector<std::pair<store::PhysicalColumn, std::string>> fallbacks(const Job& job) {
  std::vector<std::pair<store::PhysicalColumn, std::string>> out;
  for (const model::Column& column : job.map.table->columns) {
    if (job.map.find(column.name) != nullptr) continue;
    const std::vector<store::PhysicalColumn> physical = store::physical_columns(*job.map.table, column);
    if (column.name == "currency") {
      const std::string& currency = job.map.currency.empty() ? job.context.base_currency : job.map.currency;
      out.emplace_back(physical[0], quote_text(currency));
    } else if (!column.fallback.empty() && physical.size() == 1) {
      out.emplace_back(physical[0], fmt::format("{}::{}", quote_text(column.fallback), physical[0].type));
    }
  }
  return out;
}

/// Base amounts that need no rate; those in other currencies are priced afterwards (pricing.cpp).
std::vector<std::pair<std::string, std::string>> base_amounts(const Job& job, const Stage& stage,
                                                              std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> out;
  const bool mapped = has_column(stage, "currency");
  const std::string& currency = job.map.currency.empty() ? job.context.base_currency : job.map.currency;
  for (const model::Column& column : job.map.table->columns) {
    if (column.type != model::ColumnType::money || !has_column(stage, column.name)) continue;
    const std::string amount = fmt::format("{}{}", prefix, quote_identifier(column.name));
    const std::string exact = amount + "::DECIMAL(18,6)";
    std::string sql = "NULL";
    if (mapped)
      sql = fmt::format("CASE WHEN {}currency = {} THEN {} END", prefix, quote_text(job.context.base_currency), exact);
    else if (currency == job.context.base_currency) sql = exact;
    out.emplace_back(column.name + "_base", sql);
  }
  return out;
}

/// The target's columns and what goes into them, over the stage as s.
struct Insertion {
  std::string names, values;
  std::set<std::string, std::less<>> known;
  void add(std::string_view name, std::string_view value) {
    if (!known.insert(std::string(name)).second) return;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", quote_identifier(name));
    values += fmt::format("{}{} AS {}", values.empty() ? "" : ", ", value, quote_identifier(name));
  }
};

Insertion insertion(const Job& job, const Stage& stage) {
  Insertion out;
  out.add("key", "s.s_key");
  out.add("source", quote_text(job.map.source));
  out.add("source_key", "s.s_natural");
  out.add("batch", fmt::format("{}::BIGINT", job.receipt.batch));
  for (const store::PhysicalColumn& column : stage.columns) out.add(column.name, "s." + quote_identifier(column.name));
  if (!has_column(stage, "deleted_at")) out.add("deleted_at", "NULL::BIGINT");
  for (const auto& [column, value] : fallbacks(job)) out.add(column.name, value);
  for (const auto& [name, value] : base_amounts(job, stage, "s.")) out.add(name, value);
  return out;
}

/// Whether the stage's blocks of rows already hold short stretches of time, in whatever order: then the table's blocks
/// will too, and a query over some months skips the others without a sort here.
Result<bool> is_clustered(Job& job, const std::string& time) {
  constexpr int kBlock = 122'880;      // rows in one of the engine's row groups
  constexpr double kShortStretch = 3;  // times what a sorted file would have
  VIGIE_TRY(const store::ResultSet rows,
            job.connection.query(fmt::format("SELECT coalesce(sum(high - low)::DOUBLE, 0), coalesce((max(high) - "
                                             "min(low))::DOUBLE, 0) FROM (SELECT min({0}) AS "
                                             "low, max({0}) AS high FROM {1} WHERE NOT s_bad GROUP BY rowid // {2})",
                                             quote_identifier(time), kStage, kBlock)));
  return rows.real(0, 0) <= kShortStretch * rows.real(0, 1);
}

Result<std::string> time_order(Job& job, const Stage& stage) {
  const std::string& time = job.map.table->time;
  if (time.empty() || !has_column(stage, time)) return "";
  VIGIE_TRY(const bool clustered, is_clustered(job, time));
  return clustered ? "" : fmt::format(" ORDER BY s.{}", quote_identifier(time));
}

/// The stage's rows as the neighbours need them, and the `by` columns that differ from row to row.
std::pair<std::string, std::vector<std::string>> neighbour_rows(const Job& job, const Stage& stage) {
  const model::Table& table = *job.map.table;
  std::string list = fmt::format("s.rowid AS id, s.s_key AS key, {} AS deleted_at",
                                 has_column(stage, "deleted_at") ? "s.deleted_at" : "NULL::BIGINT");
  const auto filled = fallbacks(job);
  std::set<std::string> seen;
  for (const std::string& name : neighbour_inputs(table))
    for (const store::PhysicalColumn& column : store::physical_columns(table, *table.find(name))) {
      if (!seen.insert(column.name).second) continue;
      std::string value = "NULL::" + column.type;
      if (has_column(stage, column.name)) value = "s." + quote_identifier(column.name);
      for (const auto& [fallback, text] : filled)
        if (fallback == column) value = text;
      list += fmt::format(", {} AS {}", value, quote_identifier(column.name));
    }
  std::vector<std::string> apart;
  for (const std::string& column : table.neighbours->by)
    if (has_column(stage, column)) apart.push_back(column);
  return {fmt::format("SELECT {} FROM {} AS s WHERE NOT s.s_bad", list, kStage), apart};
}

/// The stage's rowids, without gaps but for rows dropped since.
struct RowIds {
  std::int64_t first = 0, count = 0;
};

Result<RowIds> row_ids(Job& job) {
  VIGIE_TRY(const store::ResultSet rows,
            job.connection.query(fmt::format(
                "SELECT coalesce(min(rowid), 0), coalesce(max(rowid) - min(rowid) + 1, 0) FROM {}", kStage)));
  return RowIds{rows.int64(0, 0), rows.int64(0, 1)};
}

/// New rows, in time order. Into an empty table they bring their neighbours along, instead of an update of all of them.
Result<> insert_new(Job& job, const Stage& stage, bool empty) {
  Insertion columns = insertion(job, stage);
  std::string from = fmt::format("{} AS s", kStage);
  std::unique_ptr<Lease> placed;
  if (empty && job.map.table->neighbours) {
    const auto [rows, apart] = neighbour_rows(job, stage);
    VIGIE_TRY(const RowIds ids, row_ids(job));
    VIGIE_TRY(placed, settle_places(job, rows, apart, ids.first, ids.count));
    from = placed != nullptr ? fmt::format("(SELECT *, vigie_place({}, rowid - {}) AS n FROM {}) AS s",
                                           placed->number(), ids.first, kStage)
                             : fmt::format("{} LEFT JOIN ({}) AS n ON n.id = s.rowid", from,
                                           neighbours_of(*job.map.table, rows, apart));
    for (const std::string& name : neighbour_names(*job.map.table))
      columns.add(name, fmt::format("{}.{}", placed != nullptr ? "(s.n)" : "n", quote_identifier(name)));
  }
  std::string chosen = stage.bad == 0 ? "true" : "NOT s.s_bad";
  if (!empty) chosen += fmt::format(" AND s.rowid NOT IN (SELECT r FROM {})", kMatch);
  VIGIE_TRY(const std::string order, time_order(job, stage));
  VIGIE_TRY(job.receipt.loaded,
            job.connection.execute_count(fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {}{}", job.table(),
                                                     columns.names, columns.values, from, chosen, order)));
  return {};
}

Result<> update_changed(Job& job, const Stage& stage) {
  std::string sets = fmt::format("batch = {}", job.receipt.batch);
  const auto set = [&](std::string_view name, std::string_view value) {
    sets += fmt::format(", {} = {}", quote_identifier(name), value);
  };
  for (const store::PhysicalColumn& column : stage.columns) set(column.name, becomes(job, column.name));
  for (const auto& [name, value] : base_amounts(job, stage, "s.")) set(name, value);
  if (const auto currency = currency_of_amounts(job, stage)) set("currency", quote_text(*currency));
  if (!has_column(stage, "deleted_at")) set("deleted_at", "NULL");
  return job.connection.execute(
      fmt::format("UPDATE {} AS t SET {} FROM {} AS m JOIN {} AS s ON s.rowid = m.r WHERE m.changed "
                  "AND t.rowid = m.target",
                  job.table(), sets, kMatch, kStage));
}

/// An export cut short looks like a mass deletion.
Result<> refuse_mass_deletion(Job& job, const std::string& where) {
  VIGIE_TRY(const store::ResultSet counts,
            job.connection.query(fmt::format("SELECT count(*) FILTER ({}), count(*) FROM {} AS t WHERE t.deleted_at IS "
                                             "NULL AND t.batch IN (SELECT batch FROM "
                                             "_batches WHERE map = {})",
                                             where, job.table(), quote_text(job.map.id))));
  const std::int64_t missing = counts.int64(0, 0), all = counts.int64(0, 1);
  constexpr std::int64_t kFewRows = 10;
  if (missing <= kFewRows || job.request.preview ||
      static_cast<double>(missing) <= job.map.max_deleted * static_cast<double>(all))
    return {};
  return fail(ErrorKind::data, "map.snapshot_deletes",
              fmt::format("this snapshot lacks {} of the {} rows that {} brought before: they would be deleted",
                          missing, all, job.map.id),
              job.map.where, "if the file is whole, say max_deleted: 1 in the map; else export it again");
}

/// The rows of this reason may be any: the record was not taken apart, or what tells which row it is was refused.
bool is_of_unknown_rows(const Map& map, const Refusal& refusal) {
  if (refusal.code.starts_with("csv.") || refusal.code.starts_with("json.") || refusal.code == "key.missing")
    return true;
  return map.key.empty() && std::ranges::any_of(map.table->key, [&](const std::string& name) {
           const ColumnMap* column = map.find(name);
           return column != nullptr &&
                  std::ranges::find(column->from, refusal.column, &Named::name) != column->from.end();
         });
}

/// Rows in quarantine are not missing, and of some nobody knows which ones they are: then none is known to be missing.
Result<> keep_missing(Job& job, const std::string& where) {
  VIGIE_TRY(const std::int64_t missing,
            job.number(fmt::format("SELECT count(*) FROM {} AS t WHERE {}", job.table(), where)));
  if (missing > 0)
    job.receipt.warnings.push_back(fmt::format(
        "rows that this snapshot lacks: {}; none is deleted, for they may be among the refused records that "
        "have no key one could read: mend those and import again",
        missing));
  return {};
}

/// What this map brought earlier and does not bring now. Rows in quarantine are not missing: the file has them.
Result<> delete_missing(Job& job, const Stage& stage) {
  std::string where = fmt::format(
      "t.deleted_at IS NULL AND t.batch IN (SELECT batch FROM _batches WHERE map = {}) AND t.key NOT IN (SELECT s_key "
      "FROM {} "
      "WHERE s_key IS NOT NULL)",
      quote_text(job.map.id), kStage);
  const std::string& time = job.map.table->time;
  if (job.map.mode == Mode::snapshot_of_dates) {
    const std::string day = has_column(stage, time + "_day") ? time + "_day" : time;
    where += fmt::format(
        " AND t.{0} BETWEEN (SELECT min({0}) FROM {1} WHERE NOT s_bad) AND (SELECT max({0}) FROM {1} WHERE NOT "
        "s_bad)",
        quote_identifier(day), kStage);
  }
  if (std::ranges::any_of(job.receipt.refusals,
                          [&](const Refusal& refusal) { return is_of_unknown_rows(job.map, refusal); }))
    return keep_missing(job, where);
  VIGIE_CHECK(refuse_mass_deletion(job, where));
  // The last instant that the file tells of: there its state is the one without these rows.
  const std::int64_t seen =
      job.map.complete_until ? std::min(job.now.micros, job.map.complete_until->micros - 1) : job.now.micros;
  VIGIE_TRY(job.receipt.deleted,
            job.connection.execute_count(fmt::format("UPDATE {} AS t SET deleted_at = {}, batch = {} WHERE {}",
                                                     job.table(), seen, job.receipt.batch, where)));
  return {};
}

Result<> add_attributes(Job& job) {
  for (const ColumnMap& column : job.map.columns) {
    if (column.column != nullptr) continue;
    auto done =
        store::add_attribute(job.connection, *job.map.table, {job.map.table->name, column.name, column.attribute});
    if (!done) {
      Error error = done.error();
      error.where = column.where;
      return std::unexpected(std::move(error));
    }
  }
  return {};
}

/// Equal rows of tables without a key: they stay, and are counted.
Result<> count_exact_duplicates(Job& job, const Stage& stage) {
  if (!job.map.keyed_by_row()) return {};
  std::vector<std::string> names;
  for (const store::PhysicalColumn& column : stage.columns) names.push_back(column.name);
  VIGIE_TRY(job.receipt.exact_duplicates,
            job.number(fmt::format(
                "SELECT (SELECT count(*) FROM {0} WHERE NOT s_bad) - (SELECT count(*) FROM (SELECT DISTINCT "
                "{1} FROM {0} WHERE NOT s_bad))",
                kStage, column_list(names))));
  return {};
}

/// New rows without a key that equal rows of this map's earlier imports: the same ones in another file, most likely.
Result<> count_equal_to_earlier(Job& job, const Stage& stage) {
  std::string same;
  for (const store::PhysicalColumn& column : stage.columns)
    same +=
        fmt::format("{0}t.{1} IS NOT DISTINCT FROM s.{1}", same.empty() ? "" : " AND ", quote_identifier(column.name));
  VIGIE_TRY(
      job.receipt.equal_to_earlier,
      job.number(fmt::format("SELECT count(*) FROM (SELECT * FROM {0} WHERE NOT s_bad AND rowid NOT IN (SELECT r FROM "
                             "{1})) AS s SEMI JOIN (SELECT * FROM {2} WHERE deleted_at IS NULL AND batch IN (SELECT "
                             "batch FROM _batches WHERE map = {3})) AS t ON {4}",
                             kStage, kMatch, job.table(), quote_text(job.map.id), same)));
  return {};
}

}  // namespace

Result<> merge(Job& job, const Stage& stage) {
  VIGIE_CHECK(add_attributes(job));
  VIGIE_CHECK(count_exact_duplicates(job, stage));
  job.progress("merge", 0);
  // First of all: the text of a reference may stand in an earlier version alone.
  VIGIE_CHECK(write_keys(job, stage));
  VIGIE_TRY(const Slips slips, drop_earlier_versions(job, stage));
  VIGIE_TRY(const std::int64_t existing,
            job.number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", job.table())));
  const bool empty = existing == 0;
  Matches matches;
  if (!empty) {
    VIGIE_TRY(matches, match(job, stage));
  }
  warn_of_slips(job, slips, matches.slips);
  const bool snapshot = !empty && (job.map.mode == Mode::snapshot || job.map.mode == Mode::snapshot_of_dates);
  VIGIE_TRY(const bool history, begin_history(job, stage, empty ? "" : kMatch));
  const bool touches = matches.changed > 0 || snapshot;
  if (touches) VIGIE_CHECK(note_partitions_before(job, kMatch));
  if (matches.changed > 0) VIGIE_CHECK(update_changed(job, stage));
  VIGIE_CHECK(insert_new(job, stage, empty));
  if (job.map.keyed_by_row() && !empty && job.receipt.loaded > 0) VIGIE_CHECK(count_equal_to_earlier(job, stage));
  if (job.map.mode == Mode::snapshot || job.map.mode == Mode::snapshot_of_dates)
    VIGIE_CHECK(delete_missing(job, stage));
  job.receipt.updated = matches.changed;
  job.receipt.unchanged = job.receipt.merged + matches.known - matches.changed;
  if (!empty) VIGIE_CHECK(job.connection.execute(fmt::format("DROP TABLE {}", kMatch)));
  job.progress("settle", 0);
  VIGIE_CHECK(give_seen_stages_up(job));
  if (!empty) VIGIE_CHECK(refresh_neighbours(job));
  if (history) VIGIE_CHECK(write_history(job, stage));
  return price_rows(job);
}

}  // namespace vigie::ingest
