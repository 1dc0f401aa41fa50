// One row of the quarantine, whole: what its file said, what is wrong with it, and which line of the map says so.
#include <fstream>

#include "base/text.h"
#include "ingest/functions.h"
#include "ingest/map.h"
#include "ingest/queue.h"
#include "ingest/waiting_rows.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

std::vector<std::string> list_of(const std::string& joined) {
  return joined.empty() ? std::vector<std::string>{} : split(joined, '\x1f');
}

/// Rows that wait, in the order in which they came, and the map files that brought them.
struct Waiting {
  std::vector<QueuedRow> rows;
  std::vector<std::string> map_files;
};

/// The columns of a row of _waiting, w, with those that a person gave to a record that had none, as SQL.
std::string all_columns() {
  return fmt::format(
      "list_concat({0}, CASE WHEN w.fixed IS NULL OR w.kept = 'row' THEN [] ELSE list_filter(json_keys(w.fixed), k -> "
      "NOT "
      "list_contains({0}, k)) END)",
      columns_of_waiting());
}

/// Of the rows of `which`, a SELECT over _waiting: their columns, what they say, and what of that a person gave.
Result<> read_values(store::Connection& connection, const std::string& which, std::vector<QueuedRow>& out) {
  VIGIE_TRY(const store::ResultSet names,
            connection.query(
                fmt::format("SELECT DISTINCT k FROM (SELECT unnest({}) AS k FROM ({}) AS w)", all_columns(), which)));
  std::map<std::string, std::size_t> places;
  std::string cells;
  constexpr std::size_t kBefore = 2;  // columns of the result before those
  for (std::size_t i = 0; i < names.rows(); ++i) {
    places[names.text(i, 0)] = kBefore + 2 * i;
    cells += fmt::format(", vigie_json(said, {0}), vigie_json(fixed, {0})", quote_text(names.text(i, 0)));
  }
  VIGIE_TRY(
      const store::ResultSet rows,
      connection.query(fmt::format(
          "SELECT names, given{} FROM (SELECT w.batch, w.place, w.id, w.fixed, CASE WHEN w.kept = 'row' THEN {} END AS "
          "said, coalesce(array_to_string({}, chr(31)), '') AS names, coalesce(array_to_string(json_keys(w.fixed), "
          "chr(31)), '') AS "
          "given FROM ({}) AS w) ORDER BY batch, place, id",
          cells, record_of_waiting(), all_columns(), which)));
  for (std::size_t row = 0; row < out.size(); ++row) {
    out[row].columns = list_of(rows.text(row, 0));
    const std::vector<std::string> given = list_of(rows.text(row, 1));
    for (const std::string& column : out[row].columns) {
      const bool fixed = std::ranges::find(given, column) != given.end();
      const std::size_t cell = places.at(column) + (fixed ? 1 : 0);
      out[row].values.push_back(rows.is_null(row, cell) ? std::nullopt : std::optional(rows.text(row, cell)));
      if (fixed) out[row].fixed.emplace_back(column, out[row].values.back().value_or(""));
    }
  }
  return {};
}

Result<Waiting> read_waiting(store::Connection& connection, const std::string& which) {
  VIGIE_TRY(const store::ResultSet rows,
            connection.query(fmt::format(
                "SELECT id, batch, map, source, table_name, file, row, coalesce(since, 0), kept, coalesce({}, ''), "
                "coalesce(reasons, ''), coalesce(map_file, '') FROM ({}) AS w ORDER BY batch, place, id",
                record_of_waiting(), which)));
  Waiting out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    QueuedRow& one = out.rows.emplace_back();
    one.id = rows.int64(row, 0);
    one.batch = rows.int64(row, 1);
    one.map = rows.text(row, 2);
    one.source = rows.text(row, 3);
    one.table = rows.text(row, 4);
    one.file = rows.text(row, 5);
    one.row = rows.int64(row, 6);
    one.since = Instant{rows.int64(row, 7)};
    one.kept = rows.text(row, 8);
    one.record = rows.text(row, 9);
    one.reasons = rows.text(row, 10);
    out.map_files.push_back(rows.text(row, 11));
  }
  VIGIE_CHECK(read_values(connection, which, out.rows));
  return out;
}

Result<> read_complaints(store::Connection& connection, QueuedRow& row) {
  VIGIE_TRY(
      const store::ResultSet lines,
      connection.query(fmt::format("SELECT q.column_name, q.code, q.message, coalesce(q.value, '') FROM _quarantine "
                                   "AS q JOIN _waiting AS w ON {} WHERE w.id = {} ORDER BY q.rowid",
                                   lines_of_waiting("q", "w"), row.id)));
  for (std::size_t line = 0; line < lines.rows(); ++line)
    row.complaints.push_back(
        {lines.text(line, 0), lines.text(line, 1), lines.text(line, 2), lines.text(line, 3), {}, {}});
  return {};
}

Result<QueuedRow> read_settled(store::Connection& connection, std::int64_t id) {
  VIGIE_TRY(
      const store::ResultSet rows,
      connection.query(fmt::format(
          "SELECT batch, map, source, table_name, file, row, coalesce(record, ''), coalesce(reasons, ''), outcome, "
          "by_whom, why, into_batch, settled_at FROM _settled WHERE id = {} ORDER BY settled_at DESC LIMIT 1",
          id)));
  if (rows.rows() == 0)
    return fail(ErrorKind::usage, "quarantine.none", fmt::format("there is no row {} in the quarantine", id), {},
                "vigie quarantine list prints those that wait");
  QueuedRow out;
  out.id = id;
  out.batch = rows.int64(0, 0);
  out.map = rows.text(0, 1);
  out.source = rows.text(0, 2);
  out.table = rows.text(0, 3);
  out.file = rows.text(0, 4);
  out.row = rows.int64(0, 5);
  out.record = rows.text(0, 6);
  out.kept = out.record.empty() ? std::string(kNone) : std::string(kText);
  out.reasons = rows.text(0, 7);
  out.settled = QueuedRow::Settled{rows.text(0, 8), rows.text(0, 9), rows.text(0, 10),
                                   rows.is_null(0, 11) ? std::nullopt : std::optional(rows.int64(0, 11)),
                                   Instant{rows.int64(0, 12)}};
  return out;
}

/// The place in the map that asks for what the complaint says is not there.
SourcePosition asked_by(const Map& map, const Complaint& complaint) {
  if (complaint.code == "key.missing" && !map.key.empty()) {
    for (const Named& part : map.key)
      if (complaint.column.find(part.name) != std::string::npos) return part.where;
    return map.key.front().where;
  }
  if (complaint.code.starts_with("csv.") || complaint.code.starts_with("json.")) return map.inputs.front().where;
  for (const ColumnMap& column : map.columns) {
    const bool named = column.name == complaint.column ||
                       std::ranges::find(column.from, complaint.column, &Named::name) != column.from.end();
    if (named) return column.where;
  }
  for (const ColumnMap& column : map.columns)  // a check across columns names several
    if (!column.from.empty() && complaint.column.find(column.from.front().name) != std::string::npos)
      return column.where;
  return map.where;
}

std::string line_of(const std::filesystem::path& file, int number) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  for (int i = 0; i < number && std::getline(in, line); ++i) continue;
  return std::string(trim(line));
}

}  // namespace

Result<QueuedRow> queued_row(const Context& context, std::int64_t id, const FindMap& find_map) {
  VIGIE_CHECK(register_functions(context.database, context.privacy));
  VIGIE_TRY(store::Connection connection, context.database.connect());
  VIGIE_CHECK(check_queue(connection));
  std::string map_file;
  std::optional<QueuedRow> out;
  VIGIE_CHECK(connection.transaction([&]() -> Result<> {
    VIGIE_TRY(Waiting found, read_waiting(connection, fmt::format("SELECT * FROM _waiting WHERE id = {}", id)));
    if (found.rows.empty()) {
      VIGIE_TRY(out, read_settled(connection, id));
      return {};
    }
    out = std::move(found.rows.front());
    map_file = std::move(found.map_files.front());
    return read_complaints(connection, *out);
  }));
  if (out->settled) return *std::move(out);
  // A map that has gone, or is wrong now, asks for nothing: the row is shown all the same.
  const auto file = find_map(out->map, map_file);
  const auto map =
      file ? Map::load(*file, context.model, context.calendar.zone().name()) : std::unexpected(file.error());
  if (!map) return *std::move(out);
  for (Complaint& one : out->complaints) {
    one.asked_by = asked_by(*map, one);
    if (one.asked_by.line > 0) one.asked_text = line_of(*file, one.asked_by.line);
  }
  return *std::move(out);
}

Result<QueuedRows> queued_rows(const Context& context, const QuarantineFilter& filter) {
  VIGIE_CHECK(register_functions(context.database, context.privacy));
  VIGIE_TRY(store::Connection connection, context.database.connect());
  VIGIE_CHECK(check_queue(connection));
  QueuedRows out;
  VIGIE_CHECK(connection.transaction([&]() -> Result<> {
    VIGIE_TRY(Waiting found, read_waiting(connection, fmt::format("SELECT w.* FROM _waiting AS w WHERE {} ORDER BY "
                                                                  "w.batch, w.place, w.id LIMIT {} OFFSET {}",
                                                                  is_meant(filter), filter.limit, filter.from)));
    VIGIE_TRY(const store::ResultSet all,
              connection.query(fmt::format("SELECT count(*) FROM _waiting AS w WHERE {}", is_meant(filter))));
    std::size_t held = 0;
    for (QueuedRow& one : found.rows) {
      held += one.record.size();
      if (!out.rows.empty() && held > filter.bytes) break;
      out.rows.push_back(std::move(one));
    }
    out.left_out =
        std::max<std::int64_t>(0, all.int64(0, 0) - static_cast<std::int64_t>(out.rows.size() + filter.from));
    return {};
  }));
  return out;
}

}  // namespace vigie::ingest
