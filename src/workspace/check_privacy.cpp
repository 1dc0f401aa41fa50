#include "workspace/check_privacy.h"

#include "ingest/map.h"
#include "ingest/privacy.h"
#include "store/warehouse.h"
#include "workspace/map_folder.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;
using Query = std::function<Result<store::ResultSet>(const std::string&)>;

/// How many texts of a table's column are there of this source that are no digest.
std::string in_clear(const std::string& table, const std::string& column, const std::string& source) {
  return fmt::format(
      "SELECT count(*) FROM {0} WHERE source = {1} AND {2} IS NOT NULL AND NOT starts_with({2}, '{3}') AND NOT "
      "starts_with({2}, '{4}')",
      store::quote_identifier(table), store::quote_text(source), store::quote_identifier(column), ingest::kHashed,
      ingest::kErased);
}

Error told(const ingest::Map& map, const SourcePosition& where, const std::string& column, std::int64_t rows) {
  return {
      "privacy.in_clear",
      fmt::format("{} of {} is hashed now, and {} values from before it was stand in clear", column, map.table->name,
                  rows),
      ErrorKind::data, where,
      "make the workspace anew (vigie init, then import through these maps): keys in clear are other keys than their "
      "digests, and what is replaced stays in freed blocks of the file"};
}

Result<> look_at_map(const Query& query, const ingest::Map& map, const std::vector<store::Attribute>& attributes,
                     std::vector<Error>& found) {
  const auto look = [&](const std::string& table, const std::string& column, const std::string& source,
                        const std::string& name, const SourcePosition& where) -> Result<> {
    VIGIE_TRY(const store::ResultSet rows, query(in_clear(table, column, source)));
    if (rows.int64(0, 0) > 0) found.push_back(told(map, where, name, rows.int64(0, 0)));
    return {};
  };
  if (map.hashes_key) VIGIE_CHECK(look(map.table->name, "source_key", map.source, "key", map.key.front().where));
  for (const ingest::ColumnMap& column : map.columns) {
    if (column.privacy != ingest::Protection::hash) continue;
    const bool is_there = column.column != nullptr || std::ranges::any_of(attributes, [&](const store::Attribute& one) {
                            return one.table == map.table->name && one.name == column.name;
                          });
    if (!is_there) continue;
    if (column.column != nullptr && column.column->type == model::ColumnType::key)
      VIGIE_CHECK(look(store::key_table(store::key_space(*column.column)), "source_key", column.source, column.name,
                       column.privacy_where));
    else VIGIE_CHECK(look(map.table->name, column.name, map.source, column.name, column.privacy_where));
  }
  return {};
}

/// A copy of the workspace's own, made when the file was looked at, holds what the map was not yet said to hash.
void look_at_copies(const ingest::Map& map, std::vector<Error>& found) {
  for (const ingest::Input& input : map.inputs)
    for (const std::string& file : input.files)
      if (file.starts_with("../files/"))
        found.push_back(
            {"privacy.copy",
             fmt::format("the map {} hashes columns, and reads a copy that the workspace holds in clear: {}", map.id,
                         file),
             ErrorKind::data, map.where,
             "once it is imported, keep that file elsewhere and name it on the command line"});
}

}  // namespace

std::vector<Error> check_hashed(const Query& query, const fs::path& folder, const model::Model& model,
                                const std::string& time_zone) {
  std::vector<Error> found;
  std::vector<store::Attribute> attributes;
  const auto known = query("SELECT table_name, name FROM _attributes");
  if (known)
    for (std::size_t row = 0; row < known->rows(); ++row)
      attributes.push_back({known->text(row, 0), known->text(row, 1), store::AttributeType::text});
  for (const char* place : {"maps", "maps/events"}) {
    const auto maps = maps_in(folder / place);
    if (!maps) continue;  // told elsewhere
    for (const fs::path& file : maps->maps) {
      auto map = ingest::Map::load(file, model, time_zone);
      if (!map || !map->hashes()) continue;
      const auto looked = look_at_map(query, *map, attributes, found);
      if (!looked) found.push_back(looked.error());
      look_at_copies(*map, found);
    }
  }
  // Named as the workspace's own files, wherever the workspace is.
  for (Error& error : found)
    if (!error.where.file.empty()) {
      const fs::path file(error.where.file);
      const bool of_events = file.parent_path().filename() == "events";
      error.where.file = (fs::path(of_events ? "maps/events" : "maps") / file.filename()).string();
    }
  return found;
}

}  // namespace vigie::workspace
