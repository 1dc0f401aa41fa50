#include "ingest/batches.h"

#include "ingest/receipt_json.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

/// Batches of the map that changed rows, or of another map that changed rows of this one, as a condition on `later`.
/// What only loaded new rows leaves the earlier files' rows as they were, but to a snapshot.
std::string moved_on(const Map& map) {
  const bool snapshot = map.mode == Mode::snapshot || map.mode == Mode::snapshot_of_dates;
  const auto count = [](std::string_view name) {
    return fmt::format("coalesce((later.receipt->>'$.{}')::BIGINT, 0)", name);
  };
  return fmt::format(
      "(later.map = {} AND {} + {}{} > 0 OR later.map <> {} AND later.source = {} AND later.table_name = {} "
      "AND {} > 0)",
      quote_text(map.id), count("updated"), count("deleted"), snapshot ? " + " + count("loaded") : "",
      quote_text(map.id), quote_text(map.source), quote_text(map.table->name), count("of_other_maps"));
}

/// A batch all of whose rows were refused, as a condition on that name: its files are read again, and told again.
std::string nothing_taken(std::string_view batch) {
  return fmt::format(
      "coalesce(({0}.receipt->>'$.read')::BIGINT > 0 AND ({0}.receipt->>'$.quarantined')::BIGINT = "
      "({0}.receipt->>'$.read')::BIGINT, false)",
      batch);
}

std::string receipt_text(const Receipt& receipt) {
  std::string out;
  JsonWriter writer(out);
  to_json(receipt, writer);
  return out;
}

}  // namespace

Result<> check_table(const Job& job) {
  const auto count = [](std::string_view name) { return fmt::format("coalesce((receipt->>'$.{}')::BIGINT, 0)", name); };
  VIGIE_TRY(
      const store::ResultSet rows,
      job.connection.query(fmt::format(
          "SELECT table_name FROM _batches WHERE map = {} AND table_name <> {} AND {} + {} + {} > 0 ORDER BY batch "
          "DESC LIMIT 1",
          quote_text(job.map.id), quote_text(job.map.table->name), count("loaded"), count("updated"),
          count("unchanged"))));
  if (rows.rows() == 0) return {};
  return fail(ErrorKind::usage, "map.id_taken",
              fmt::format("the map \"{}\" has brought rows into {} before, and none of {}", job.map.id, rows.text(0, 0),
                          job.map.table->name),
              job.map.table_where, "give this one another id: what it brings in would count as that one's");
}

Result<std::optional<std::int64_t>> earlier_batch(Job& job) {
  VIGIE_TRY(
      const store::ResultSet rows,
      job.connection.query(fmt::format(
          "SELECT max(batch) FROM _batches AS same WHERE digest = {} AND NOT {} AND NOT EXISTS (SELECT 1 FROM _batches "
          "AS later WHERE later.batch > same.batch AND {})",
          quote_text(job.digest), nothing_taken("same"), moved_on(job.map))));
  if (rows.is_null(0, 0)) return std::nullopt;
  return rows.int64(0, 0);
}

Result<std::vector<std::string>> warnings_of(Job& job, std::int64_t batch) {
  VIGIE_TRY(const store::ResultSet rows,
            job.connection.query(fmt::format(
                "SELECT unnest(receipt->>'$.warnings[*]') AS warning FROM _batches WHERE batch = {}", batch)));
  std::vector<std::string> out;
  for (std::size_t row = 0; row < rows.rows(); ++row) out.push_back(rows.text(row, 0));
  return out;
}

std::string took_files(std::string_view batch) {
  return fmt::format("NOT starts_with({}.digest, 'replay ') AND NOT {}", batch, nothing_taken(batch));
}

Result<std::int64_t> next_batch(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows, connection.query("SELECT coalesce(max(batch), 0) + 1 FROM _batches"));
  return rows.int64(0, 0);
}

Result<std::int64_t> refused_batch(Job& job) {
  VIGIE_TRY(const store::ResultSet rows,
            job.connection.query(fmt::format("SELECT max(batch) FROM _batches AS same WHERE digest = {} AND {}",
                                             quote_text(job.digest), nothing_taken("same"))));
  if (rows.is_null(0, 0)) return next_batch(job.connection);
  const std::int64_t batch = rows.int64(0, 0);
  VIGIE_CHECK(job.connection.execute(
      fmt::format("DELETE FROM _batches WHERE batch = {0}; DELETE FROM _quarantine WHERE batch = {0}", batch)));
  return batch;
}

Result<> record_batch(Job& job) {
  const Receipt& receipt = job.receipt;
  return job.connection.execute(
      fmt::format("INSERT INTO _batches VALUES ({}, {}, {}, {}, {}, {}, {}, {})", receipt.batch, quote_text(job.digest),
                  quote_text(job.map.id), quote_text(job.map.source), quote_text(job.map.table->name),
                  quote_text(name_of(job.map.mode)), job.now.micros, quote_text(receipt_text(receipt))));
}

namespace {

std::string declared_until(const Job& job) {
  return job.map.complete_until ? std::to_string(job.map.complete_until->micros) : "NULL";
}

}  // namespace

Result<> record_personal(const Job& job) {
  for (const ColumnMap& column : job.map.columns)
    if (column.privacy == Protection::personal)
      VIGIE_CHECK(job.connection.execute(fmt::format(
          "INSERT INTO _personal SELECT {0}, {1} WHERE NOT EXISTS (SELECT 1 FROM _personal WHERE table_name "
          "= {0} AND column_name = {1})",
          quote_text(job.map.table->name), quote_text(column.name))));
  return {};
}

Result<> record_source(Job& job) {
  const std::string& time = job.map.table->time;
  std::string last_event = "NULL";
  if (const model::Column* column = time.empty() ? nullptr : job.map.table->find(time)) {
    const std::string value = column->type == model::ColumnType::date
                                  ? fmt::format("{}::BIGINT * {}", store::quote_identifier(time), kMicrosPerDay)
                                  : store::quote_identifier(time);
    last_event = fmt::format("(SELECT max({}) FROM {} WHERE source = {} AND deleted_at IS NULL)", value, job.table(),
                             quote_text(job.map.source));
  }
  return job.connection.execute(fmt::format(
      "DELETE FROM _sources WHERE map = {0}; INSERT INTO _sources SELECT {1}, {2}, {0}, {3}, {4}, {5}, {6}, {7}",
      quote_text(job.map.id), quote_text(job.map.source), quote_text(job.map.table->name), declared_until(job),
      job.map.history_complete, last_event, job.now.micros, job.receipt.batch));
}

Result<bool> source_is_declared_so(const Job& job) {
  VIGIE_TRY(
      const store::ResultSet known,
      job.connection.query(fmt::format("SELECT count(*), count(*) FILTER (complete_until IS NOT DISTINCT FROM {} AND "
                                       "coalesce(history_complete, false) = {}) FROM _sources WHERE map = {}",
                                       declared_until(job), job.map.history_complete, quote_text(job.map.id))));
  const bool declares = job.map.complete_until.has_value() || job.map.history_complete;
  return known.int64(0, 0) == 0 ? !declares : known.int64(0, 1) > 0;
}

namespace {

std::string same_note(const Note& note) {
  return fmt::format("source = {} AND map = {} AND kind = {} AND name = {}", quote_text(note.source),
                     quote_text(note.map), quote_text(note.kind), quote_text(note.name));
}

Result<> write_notes(store::Connection& connection, std::span<const Note> notes, std::int64_t batch, Instant at) {
  for (const Note& note : notes)
    VIGIE_CHECK(connection.execute(
        fmt::format("DELETE FROM _syncs WHERE {}; INSERT INTO _syncs VALUES ({}, {}, {}, {}, {}, {}, {})",
                    same_note(note), quote_text(note.source), quote_text(note.map), quote_text(note.kind),
                    quote_text(note.name), quote_text(note.value), batch, at.micros)));
  return {};
}

}  // namespace

Result<> record_notes(Job& job) { return write_notes(job.connection, job.request.notes, job.receipt.batch, job.now); }

Result<> note(const Context& context, std::span<const Note> notes) {
  VIGIE_TRY(store::Connection connection, context.database.connect());
  return connection.transaction([&] { return write_notes(connection, notes, 0, context.clock.now()); });
}

Result<bool> notes_are_known(const Job& job) {
  for (const Note& note : job.request.notes) {
    VIGIE_TRY(const std::int64_t known, job.number(fmt::format("SELECT count(*) FROM _syncs WHERE {} AND value = {}",
                                                               same_note(note), quote_text(note.value))));
    if (known == 0) return false;
  }
  return true;
}

Result<std::vector<Note>> notes_of(store::Database& database, const std::string& source) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_TRY(const store::ResultSet rows,
            connection.query(fmt::format(
                "SELECT map, kind, name, value FROM _syncs WHERE source = {} ORDER BY noted_at, batch, map, kind, name",
                quote_text(source))));
  std::vector<Note> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.push_back({source, rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3)});
  return out;
}

}  // namespace vigie::ingest
