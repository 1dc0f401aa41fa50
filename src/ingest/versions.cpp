#include "ingest/versions.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;

constexpr std::string_view kBase = "_base";
/// The columns of a history that say which version it is, and not what it says.
constexpr std::string_view kOfVersions[] = {"key", "valid_from", "valid_to", "begun_by", "ended_by"};

bool is_amount(const model::Table& table, std::string_view name) {
  const model::Column* column = table.find(name);
  return column != nullptr && column->type == model::ColumnType::money;
}

}  // namespace

std::string amount_of(std::string_view name) {
  return name.ends_with(kBase) ? std::string(name.substr(0, name.size() - kBase.size())) : std::string();
}

std::vector<std::string> tracked_columns(const model::Table& table) {
  std::vector<std::string> out;
  for (const store::PhysicalColumn& column : store::history_columns(table))
    if (std::ranges::find(kOfVersions, column.name) == std::end(kOfVersions)) out.push_back(column.name);
  return out;
}

std::vector<std::string> telling_columns(const model::Table& table) {
  std::vector<std::string> out;
  for (const std::string& name : tracked_columns(table))
    if (amount_of(name).empty()) out.push_back(name);
  return out;
}

std::vector<std::string> staged_columns(const Job& job, const Stage& stage) {
  std::vector<std::string> out;
  for (const std::string& name : telling_columns(*job.map.table))
    if (has_column(stage, name)) out.push_back(name);
  return out;
}

std::vector<std::string> own_columns(const Job& job, const Stage& stage) {
  std::vector<std::string> out = staged_columns(job, stage);
  const bool amounts =
      std::ranges::any_of(out, [&](const std::string& name) { return is_amount(*job.map.table, name); });
  if (!amounts) return out;
  for (const std::string& name : tracked_columns(*job.map.table)) {
    const std::string amount = amount_of(name);
    const bool with_them = amount.empty() ? name == "currency" && !has_column(stage, name) : has_column(stage, amount);
    if (with_them) out.push_back(name);
  }
  return out;
}

std::vector<std::string> without(std::vector<std::string> columns, const std::vector<std::string>& left_out) {
  std::erase_if(columns, [&](const std::string& name) { return std::ranges::find(left_out, name) != left_out.end(); });
  return columns;
}

std::string differs(const std::vector<std::string>& columns, std::string_view a, std::string_view b) {
  std::string out;
  for (const std::string& name : columns)
    out += fmt::format("{}{}.{} IS DISTINCT FROM {}.{}", out.empty() ? "" : " OR ", a, quote_identifier(name), b,
                       quote_identifier(name));
  return out.empty() ? "false" : out;
}

std::string history_of(const Job& job) { return quote_identifier(store::history_table(job.map.table->name)); }

Result<bool> any(Job& job, const std::string& from) {
  VIGIE_TRY(const std::int64_t n, job.number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", from)));
  return n > 0;
}

Result<bool> has_versions(Job& job) {
  VIGIE_TRY(const std::int64_t n,
            job.number(fmt::format("SELECT count(*) FROM duckdb_tables() WHERE table_name = '{}'", kVersions)));
  return n > 0;
}

}  // namespace vigie::ingest
