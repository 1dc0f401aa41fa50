#include "ingest/aftermath.h"
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
  std::string out = fmt::format("{} IS NOT NULL AND deleted_at IS NULL", quote_identifier(spec.order));
  for (const std::string& column : spec.by) out += fmt::format(" AND {} IS NOT NULL", quote_identifier(column));
  if (spec.where != nullptr)
    out += " AND coalesce(" + expr::print_condition(spec.where, store::duckdb_dialect()) + ", false)";
  return out;
}

std::string partition(const model::Neighbours& spec) { return column_list(spec.by); }

}  // namespace

std::vector<std::string> neighbour_inputs(const model::Table& table) {
  if (!table.neighbours) return {};
  std::vector<std::string> out = table.neighbours->by;
  out.push_back(table.neighbours->order);
  if (table.neighbours->where != nullptr) expr::columns_of(table.neighbours->where, out);
  return out;
}

Result<Adjacent> with_neighbours(const model::Table& table, const std::string& rows) {
  const model::Neighbours& spec = *table.neighbours;
  Adjacent out;
  std::string list;
  for (const auto& [name, window] : window_columns(spec)) {
    list += fmt::format(", CASE WHEN takes_part THEN {} END AS {}", window, quote_identifier(name));
    out.columns.push_back(name);
  }
  out.select = fmt::format(
      "SELECT *{} FROM (SELECT *, coalesce({}, false) AS takes_part FROM ({})) WINDOW w AS (PARTITION BY takes_part, "
      "{} ORDER "
      "BY {}, key)",
      list, takes_part(spec), rows, partition(spec), quote_identifier(spec.order));
  return out;
}

Result<> note_partitions_before(Job& job, std::string_view match) {
  if (!job.map.table->neighbours) return {};
  const std::string by = partition(*job.map.table->neighbours);
  return job.connection.execute(fmt::format(
      "CREATE TEMP TABLE {} AS SELECT DISTINCT {} FROM {} WHERE rowid IN (SELECT target FROM {} WHERE changed)",
      kTouched, by, job.table(), match));
}

Result<> refresh_neighbours(Job& job) {
  if (!job.map.table->neighbours) return {};
  const model::Neighbours& spec = *job.map.table->neighbours;
  const std::string by = partition(spec);
  VIGIE_TRY(const std::int64_t noted,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = '{}'", kTouched)));
  const std::string now =
      fmt::format("SELECT DISTINCT {} FROM {} WHERE batch = {}", by, job.table(), job.receipt.batch);
  VIGIE_CHECK(job.connection.execute(noted > 0 ? fmt::format("INSERT INTO {} {}", kTouched, now)
                                               : fmt::format("CREATE TEMP TABLE {} AS {}", kTouched, now)));
  std::string same;
  for (const std::string& column : spec.by)
    same +=
        fmt::format("{}w.{} = t.{}", same.empty() ? "" : " AND ", quote_identifier(column), quote_identifier(column));
  std::vector<std::string> own;
  for (const auto& [name, window] : window_columns(spec)) own.push_back(name);
  const std::string rows = fmt::format(
      "SELECT t.rowid AS target, t.* EXCLUDE ({}) FROM {} AS t WHERE EXISTS (SELECT 1 FROM {} AS w WHERE {})",
      column_list(own), job.table(), kTouched, same);
  VIGIE_TRY(const Adjacent adjacent, with_neighbours(*job.map.table, rows));
  std::string sets, differs;
  for (const std::string& name : adjacent.columns) {
    const std::string quoted = quote_identifier(name);
    sets += fmt::format("{}{} = n.{}", sets.empty() ? "" : ", ", quoted, quoted);
    differs += fmt::format("{}t.{} IS DISTINCT FROM n.{}", differs.empty() ? "" : " OR ", quoted, quoted);
  }
  // Rows that changed so that they belong to no partition any more keep nothing of their old one.
  VIGIE_CHECK(
      job.connection.execute(fmt::format("UPDATE {0} AS t SET {1} FROM ({2}) AS n WHERE t.rowid = n.target AND ({3})",
                                         job.table(), sets, adjacent.select, differs)));
  std::string nothing;
  for (const std::string& name : adjacent.columns)
    nothing += fmt::format("{}{} = NULL", nothing.empty() ? "" : ", ", quote_identifier(name));
  std::string lonely;
  for (const std::string& column : spec.by)
    lonely += fmt::format("{}{} IS NULL", lonely.empty() ? "" : " OR ", quote_identifier(column));
  VIGIE_CHECK(job.connection.execute(fmt::format("UPDATE {} SET {} WHERE batch = {} AND nth IS NOT NULL AND ({})",
                                                 job.table(), nothing, job.receipt.batch, lonely)));
  return job.connection.execute(fmt::format("DROP TABLE {}", kTouched));
}

}  // namespace vigie::ingest
