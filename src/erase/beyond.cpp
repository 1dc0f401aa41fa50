// What Vigie cannot reach: the systems and files that the rows about the person came from, and would come from again.
#include <map>

#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

using store::quote_identifier;

}  // namespace

Result<> tell_beyond(const Erasing& erasing, Receipt& receipt) {
  std::string batches;
  for (const model::Table& table : erasing.model.tables())
    batches += fmt::format("{}SELECT batch FROM {} WHERE key IN {}", batches.empty() ? "" : " UNION ",
                           quote_identifier(table.name), rows_of(table.name));
  // Every file that the map read: an earlier version of a row came from another one than the last.
  VIGIE_TRY(
      const store::ResultSet rows,
      erasing.connection.query(fmt::format(
          "WITH of_map AS (SELECT b.source, b.map, b.receipt FROM _batches AS b WHERE (b.source, b.map) IN (SELECT "
          "source, map FROM _batches WHERE batch IN ({}))) SELECT DISTINCT source, map, f->>'path' FROM (SELECT "
          "source, map, unnest(from_json(json_extract(receipt, '$.files'), '[\"JSON\"]')) AS f FROM of_map UNION "
          "ALL SELECT source, map, unnest(from_json(json_extract(receipt, '$.inputs'), '[\"JSON\"]')) FROM of_map) "
          "ORDER BY ALL",
          batches)));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string source = rows.text(row, 0), map = rows.text(row, 1), file = rows.text(row, 2);
    if (receipt.beyond.empty() || receipt.beyond.back().source != source || receipt.beyond.back().map != map)
      receipt.beyond.push_back({source, map, {}});
    if (file != "the query" && file != "the quarantine") receipt.beyond.back().files.push_back(file);
  }
  return {};
}

}  // namespace vigie::erase
