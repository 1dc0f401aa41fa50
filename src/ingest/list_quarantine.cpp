#include "base/text.h"
#include "ingest/ingest.h"
#include "store/warehouse.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

/// A misspelt map, or a batch that there never was, is no empty quarantine.
Result<> check_known(store::Connection& connection, const QuarantineFilter& filter) {
  VIGIE_TRY(const store::ResultSet maps, connection.query("SELECT DISTINCT map FROM _batches ORDER BY map"));
  std::vector<std::string> known;
  for (std::size_t row = 0; row < maps.rows(); ++row) known.push_back(maps.text(row, 0));
  if (!filter.map.empty() && std::ranges::find(known, filter.map) == known.end())
    return fail(ErrorKind::usage, "import.unknown", fmt::format("nothing was imported with a map \"{}\"", filter.map),
                {}, suggestion(filter.map, known));
  if (filter.batch == 0) return {};
  VIGIE_TRY(const store::ResultSet batches,
            connection.query(fmt::format("SELECT count(*) FILTER (batch = {}), coalesce(max(batch), 0) FROM _batches",
                                         filter.batch)));
  if (batches.int64(0, 0) > 0) return {};
  return fail(
      ErrorKind::usage, "import.unknown", fmt::format("there is no batch {}", filter.batch), {},
      batches.int64(0, 1) == 0 ? "nothing was imported yet" : fmt::format("the last one is {}", batches.int64(0, 1)));
}

std::string condition(const QuarantineFilter& filter) {
  std::string out = "true";
  if (filter.batch != 0) out += fmt::format(" AND batch = {}", filter.batch);
  if (!filter.map.empty()) out += fmt::format(" AND map = {}", quote_text(filter.map));
  return out;
}

}  // namespace

Result<Quarantine> quarantined(store::Database& database, const QuarantineFilter& filter) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_CHECK(check_known(connection, filter));
  VIGIE_TRY(
      const store::ResultSet rows,
      connection.query(fmt::format("SELECT batch, map, file, row, column_name, code, message, coalesce(value, ''), "
                                   "coalesce(record, '') FROM _quarantine WHERE {} ORDER BY batch, file, row, "
                                   "column_name, code LIMIT {}",
                                   condition(filter), filter.limit)));
  VIGIE_TRY(const store::ResultSet all,
            connection.query(fmt::format("SELECT count(*) FROM _quarantine WHERE {}", condition(filter))));
  Quarantine out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    out.rows.push_back({rows.int64(row, 0), rows.text(row, 1), rows.text(row, 2), rows.int64(row, 3), rows.text(row, 4),
                        rows.text(row, 5), rows.text(row, 6), rows.text(row, 7), rows.text(row, 8)});
  out.left_out = all.int64(0, 0) - static_cast<std::int64_t>(out.rows.size());
  return out;
}

}  // namespace vigie::ingest
