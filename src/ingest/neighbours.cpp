#include "ingest/aftermath.h"
#include "ingest/places.h"
#include "store/print_rel.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;

constexpr std::string_view kTouched = "vigie_touched";

/// (neighbour column, what the window gives for it) in the order of the physical columns.
std::vector<std::pair<std::string, std::string>> window_columns(const model::Neighbours& spec) {
  std::vector<std::pair<std::string, std::string>> out = {{"nth", "CAST(row_number() OVER w AS INTEGER)"}};
  for (const auto& [name, function] : {std::pair{"prev", "lag"}, std::pair{"next", "lead"}}) {
    for (const std::string_view facet : {"", "_day", "_off", "_bare"})
      out.emplace_back(fmt::format("{}_at{}", name, facet),
                       fmt::format("{}({}) OVER w", function, quote_identifier(spec.order + std::string(facet))));
    out.emplace_back(fmt::format("{}_key", name), fmt::format("{}(key) OVER w", function));
  }
  return out;
}

std::string takes_part(const model::Neighbours& spec) {
  // A deleted row keeps its place among what happened before its deletion, as flows keep the row.
  const std::string at = quote_identifier(spec.order);
  std::string out = fmt::format("{0} IS NOT NULL AND (deleted_at IS NULL OR {0} < deleted_at)", at);
  for (const std::string& column : spec.by) out += fmt::format(" AND {} IS NOT NULL", quote_identifier(column));
  if (spec.where != nullptr)
    out += " AND coalesce(" + expr::print_condition(spec.where, store::duckdb_dialect()) + ", false)";
  return out;
}

}  // namespace

std::vector<std::string> neighbour_inputs(const model::Table& table) {
  if (!table.neighbours) return {};
  std::vector<std::string> out = table.neighbours->by;
  out.push_back(table.neighbours->order);
  if (table.neighbours->where != nullptr) expr::columns_of(table.neighbours->where, out);
  return out;
}

std::vector<std::string> neighbour_names(const model::Table& table) {
  std::vector<std::string> out;
  for (const auto& [name, window] : window_columns(*table.neighbours)) out.push_back(name);
  return out;
}

std::string neighbours_of(const model::Table& table, const std::string& rows, const std::vector<std::string>& apart) {
  const model::Neighbours& spec = *table.neighbours;
  std::string list;
  for (const auto& [name, window] : window_columns(spec))
    list += fmt::format(", {} AS {}", window, quote_identifier(name));
  const std::string partition = apart.empty() ? "" : fmt::format("PARTITION BY {} ", column_list(apart));
  return fmt::format("SELECT id{} FROM ({}) WHERE {} WINDOW w AS ({}ORDER BY {}, key)", list, rows, takes_part(spec),
                     partition, quote_identifier(spec.order));
}

namespace {

/// The owner and the kind of a stop (places.h), from the `by` columns that differ from row to row.
struct Owner {
  std::string key = "0::BIGINT", kind = "0";
};

std::optional<Owner> owner_of(const model::Table& table, const std::vector<std::string>& apart) {
  Owner out;
  std::size_t keys = 0, kinds = 1;
  for (const std::string& name : apart) {
    const model::Column& column = *table.find(name);
    if (column.type == model::ColumnType::key && ++keys == 1) {
      out.key = quote_identifier(name);
    } else if (column.type == model::ColumnType::enumeration) {
      std::string values;
      for (const std::string& value : column.values)
        values += fmt::format("{}{}", values.empty() ? "" : ", ", store::quote_text(value));
      out.kind = fmt::format("({}) * {} + coalesce(list_position([{}], {}), 0)", out.kind, column.values.size() + 1,
                             values, quote_identifier(name));
      kinds *= column.values.size() + 1;
    } else {
      return std::nullopt;
    }
  }
  constexpr std::size_t kMostKinds = 256;
  return kinds <= kMostKinds ? std::optional(out) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Lease>> settle_places(Job& job, const std::string& rows, const std::vector<std::string>& apart,
                                             std::int64_t first, std::int64_t ids) {
  const model::Table& table = *job.map.table;
  const auto owner = owner_of(table, apart);
  const auto memory = static_cast<std::int64_t>(Places::kBytesPerRow) * ids;
  if (!owner || memory > kRowMemory) return nullptr;
  // What is sorted here, the engine cannot have too.
  VIGIE_CHECK(lower_memory_limit(job.connection, kImportMemory - memory));
  VIGIE_TRY(std::unique_ptr<Lease> places, Lease::open(job, "places", ids));
  const std::string& at = table.neighbours->order;
  VIGIE_CHECK(job.connection.query(fmt::format(
      "SELECT count(vigie_place_note({}, id - {}, {}, ({})::INTEGER, {}, {}, {}, {}, key)) FROM ({}) WHERE {}",
      places->number(), first, owner->key, owner->kind, quote_identifier(at), quote_identifier(at + "_day"),
      quote_identifier(at + "_off"), quote_identifier(at + "_bare"), rows, takes_part(*table.neighbours))));
  VIGIE_CHECK(job.connection.query(
      fmt::format("SELECT vigie_places_settle({}, current_setting('threads')::BIGINT)", places->number())));
  return places;
}

Result<> note_partitions_before(Job& job, std::string_view match) {
  if (!job.map.table->neighbours) return {};
  const std::string by = column_list(job.map.table->neighbours->by);
  return job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {} AS SELECT DISTINCT {} FROM {} WHERE rowid IN (SELECT target FROM {} WHERE changed)",
      kTouched, by, job.table(), match));
}

Result<> refresh_neighbours(Job& job) {
  if (!job.map.table->neighbours) return {};
  const model::Neighbours& spec = *job.map.table->neighbours;
  const std::string by = column_list(spec.by);
  VIGIE_TRY(const std::int64_t noted,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = '{}'", kTouched)));
  const std::string now =
      fmt::format("SELECT DISTINCT {} FROM {} WHERE batch = {}", by, job.table(), job.receipt.batch);
  VIGIE_CHECK(job.connection.execute(noted > 0 ? fmt::format("INSERT INTO {} {}", kTouched, now)
                                               : fmt::format("CREATE TEMP TABLE {} AS {}", kTouched, now)));
  VIGIE_TRY(const std::int64_t partitions, job.number(fmt::format("SELECT count(*) FROM {}", kTouched)));
  if (partitions == 0) return job.connection.execute(fmt::format("DROP TABLE {}", kTouched));
  std::string same;
  for (const std::string& column : spec.by)
    same +=
        fmt::format("{}w.{} = t.{}", same.empty() ? "" : " AND ", quote_identifier(column), quote_identifier(column));
  const std::string touched =
      fmt::format("{} AS t WHERE EXISTS (SELECT 1 FROM {} AS w WHERE {})", job.table(), kTouched, same);
  // Rows that changed so that they stand among no others keep nothing of their old place.
  const std::string own = fmt::format("{} AS t WHERE t.batch = {}", job.table(), job.receipt.batch);
  std::vector<std::string> inputs = {"key", "deleted_at"};
  for (const std::string& name : neighbour_inputs(*job.map.table))
    for (const store::PhysicalColumn& column : store::physical_columns(*job.map.table, *job.map.table->find(name)))
      if (std::ranges::find(inputs, column.name) == inputs.end()) inputs.push_back(column.name);
  const std::string rows = fmt::format("SELECT t.rowid AS id, {} FROM {}", column_list(inputs, "t."), touched);
  std::string sets, differs;
  for (const std::string& name : neighbour_names(*job.map.table)) {
    const std::string quoted = quote_identifier(name);
    sets += fmt::format("{}{} = n.{}", sets.empty() ? "" : ", ", quoted, quoted);
    differs += fmt::format("{}t.{} IS DISTINCT FROM n.{}", differs.empty() ? "" : " OR ", quoted, quoted);
  }
  VIGIE_CHECK(job.connection.execute(
      fmt::format("UPDATE {0} AS t SET {1} FROM (SELECT a.id AS target, n.* FROM (SELECT t.rowid AS id FROM {2} UNION "
                  "SELECT t.rowid FROM "
                  "{3}) AS a LEFT JOIN ({4}) AS n ON n.id = a.id) AS n WHERE t.rowid = n.target AND ({5})",
                  job.table(), sets, touched, own, neighbours_of(*job.map.table, rows, spec.by), differs)));
  return job.connection.execute(fmt::format("DROP TABLE {}", kTouched));
}

}  // namespace vigie::ingest
