// No text brings the reader of maps down; what it takes also becomes SQL, for a file that has every column the map
// names.
#include <cstdio>
#include <cstdlib>

#include "ingest/map.h"
#include "ingest/row_sql.h"

namespace vigie::ingest {
namespace {

const model::Model& canonical() {
  static const model::Model model = [] {
    auto loaded = model::Model::load(std::string(VIGIE_SOURCE_DIR) + "/model");
    if (!loaded) {
      fmt::print(stderr, "{}\n", loaded.error().text());
      std::abort();
    }
    return std::move(*loaded);
  }();
  return model;
}

RowSource file_for(const Map& map) {
  RowSource out;
  const auto add = [&](const std::vector<Named>& names) {
    for (const Named& name : names) out.columns.push_back(name.name);
  };
  add(map.key);
  for (const ColumnMap& column : map.columns) {
    add(column.from);
    add(column.join);
  }
  out.types.assign(out.columns.size(), "VARCHAR");
  out.file = "file.csv";
  out.row_key = "ordinal";
  return out;
}

void check(std::string_view text) {
  const auto map = Map::parse(text, "map.yaml", canonical(), "Europe/Paris");
  if (!map) {
    if (map.error().code.empty() || map.error().message.empty()) std::abort();
    return;
  }
  const auto rows = RowSql::make(*map, file_for(*map), {"Europe/Paris", "EUR"});
  if (!rows) return;  // a filter may name columns that no mapping does
  if (rows->staged("SELECT 1").empty() || rows->defects("SELECT 1").empty()) std::abort();
}

}  // namespace
}  // namespace vigie::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size <= 4096) vigie::ingest::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
