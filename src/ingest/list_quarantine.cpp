#include "base/text.h"
#include "ingest/ingest.h"
#include "ingest/queue.h"
#include "store/duckdb_engine.h"
#include "store/warehouse.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

/// A misspelt map, or a batch that there never was, is no empty quarantine.
Result<> check_known(store::DuckDbSnapshot& data, const QuarantineFilter& filter, const store::QueryLimits& limits) {
  VIGIE_TRY(const store::ResultSet maps, data.query("SELECT DISTINCT map FROM _batches ORDER BY map", limits));
  std::vector<std::string> known;
  for (std::size_t row = 0; row < maps.rows(); ++row) known.push_back(maps.text(row, 0));
  if (!filter.map.empty() && std::ranges::find(known, filter.map) == known.end())
    return fail(ErrorKind::usage, "import.unknown", fmt::format("nothing was imported with a map \"{}\"", filter.map),
                {}, suggestion(filter.map, known));
  if (filter.batch == 0) return {};
  VIGIE_TRY(const store::ResultSet batches,
            data.query(
                fmt::format("SELECT count(*) FILTER (batch = {}), coalesce(max(batch), 0) FROM _batches", filter.batch),
                limits));
  if (batches.int64(0, 0) > 0) return {};
  return fail(
      ErrorKind::usage, "import.unknown", fmt::format("there is no batch {}", filter.batch), {},
      batches.int64(0, 1) == 0 ? "nothing was imported yet" : fmt::format("the last one is {}", batches.int64(0, 1)));
}

std::string condition(const QuarantineFilter& filter) {
  std::string out = "true";
  if (filter.batch != 0) out += fmt::format(" AND batch = {}", filter.batch);
  for (const auto& [column, text] : {std::pair("map", &filter.map), std::pair("code", &filter.code),
                                     std::pair("column_name", &filter.column), std::pair("file", &filter.file)})
    if (!text->empty()) out += fmt::format(" AND {} = {}", column, quote_text(*text));
  std::string ids;
  for (const std::int64_t id : filter.ids) ids += fmt::format("{}{}", ids.empty() ? "" : ", ", id);
  if (!ids.empty()) out += fmt::format(" AND id IN ({})", ids);
  return out;
}

/// The lines with the numbers of their rows. A warehouse that an earlier version made and nobody may write has none.
Result<std::string> lines_with_ids(store::DuckDbSnapshot& data, const store::QueryLimits& limits) {
  VIGIE_TRY(const store::ResultSet known,
            data.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = '_waiting'", limits));
  if (known.int64(0, 0) == 0) return std::string("(SELECT *, 0::BIGINT AS id, rowid AS nth FROM _quarantine)");
  return fmt::format(
      "(SELECT q.*, coalesce(w.id, 0) AS id, q.rowid AS nth FROM _quarantine AS q LEFT JOIN _waiting AS w ON {})",
      lines_of_waiting("q", "w"));
}

constexpr std::string_view kInOrder = "ORDER BY batch, file, row, column_name, code, nth";

/// Of the first `filter.limit` rows so many that what they hold is no longer than `filter.bytes`: one at least, for who
/// asks for one.
Result<std::size_t> rows_to_hold(store::DuckDbSnapshot& data, const std::string& lines, const QuarantineFilter& filter,
                                 const store::QueryLimits& limits) {
  VIGIE_TRY(const store::ResultSet lengths,
            data.query(fmt::format("SELECT CAST(strlen(coalesce(value, '')) + strlen(coalesce(record, '')) AS BIGINT) "
                                   "FROM {} WHERE {} {} LIMIT {} OFFSET {}",
                                   lines, condition(filter), kInOrder, filter.limit, filter.from),
                       limits));
  std::size_t held = 0, rows = 0;
  for (; rows < lengths.rows(); ++rows) {
    held += static_cast<std::size_t>(lengths.int64(rows, 0));
    if (rows > 0 && held > filter.bytes) break;
  }
  return rows;
}

}  // namespace

Result<Quarantine> quarantined(store::Database& database, const QuarantineFilter& filter,
                               const store::QueryLimits& limits) {
  VIGIE_TRY(store::DuckDbSnapshot data, store::DuckDbSnapshot::begin(database));
  VIGIE_CHECK(check_known(data, filter, limits));
  VIGIE_TRY(const std::string lines, lines_with_ids(data, limits));
  VIGIE_TRY(const std::size_t held, rows_to_hold(data, lines, filter, limits));
  VIGIE_TRY(const store::ResultSet rows,
            data.query(fmt::format("SELECT batch, map, file, row, column_name, code, message, coalesce(value, ''), "
                                   "coalesce(record, ''), id FROM {} WHERE {} {} LIMIT {} OFFSET {}",
                                   lines, condition(filter), kInOrder, held, filter.from),
                       limits));
  VIGIE_TRY(const store::ResultSet all,
            data.query(fmt::format("SELECT count(*) FROM {} WHERE {}", lines, condition(filter)), limits));
  Quarantine out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.rows.push_back({rows.int64(row, 9), rows.int64(row, 0), rows.text(row, 1), rows.text(row, 2),
                        rows.int64(row, 3), rows.text(row, 4), rows.text(row, 5), rows.text(row, 6), rows.text(row, 7),
                        rows.text(row, 8)});
  out.left_out = std::max<std::int64_t>(
      0, all.int64(0, 0) - static_cast<std::int64_t>(out.rows.size()) - static_cast<std::int64_t>(filter.from));
  return out;
}

Result<QuarantineReasons> quarantine_reasons(store::Database& database, const QuarantineFilter& filter,
                                             const store::QueryLimits& limits) {
  VIGIE_TRY(store::DuckDbSnapshot data, store::DuckDbSnapshot::begin(database));
  VIGIE_CHECK(check_known(data, filter, limits));
  VIGIE_TRY(const std::string lines, lines_with_ids(data, limits));
  VIGIE_TRY(const store::ResultSet rows,
            data.query(
                fmt::format(
                    "SELECT map, column_name, code, arg_min(message, nth), count(DISTINCT (batch, file, row)) AS n, "
                    "arg_min(id, nth), arg_min(file, nth), arg_min(row, nth), coalesce(arg_min(left(coalesce(value, "
                    "''), 80), nth), ''), count(*) OVER () FROM {} WHERE {} GROUP BY map, column_name, code ORDER BY n "
                    "DESC, map, code, column_name LIMIT {} OFFSET {}",
                    lines, condition(filter), filter.limit, filter.from),
                limits));
  QuarantineReasons out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    out.reasons.push_back({rows.text(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3),
                           rows.int64(row, 4), rows.int64(row, 5), rows.text(row, 6), rows.int64(row, 7),
                           rows.text(row, 8)});
    out.left_out = rows.int64(row, 9) - static_cast<std::int64_t>(rows.rows() + filter.from);
  }
  return out;
}

}  // namespace vigie::ingest
