#include "ingest/aftermath.h"

namespace vigie::ingest {
namespace {

using store::quote_identifier;

/// 1800-01-01: before anything a company tells us. The first version of a row holds since then.
constexpr std::int64_t kBeginning = -5'364'662'400 * kMicrosPerSecond;

}  // namespace

Result<> write_history(Job& job) {
  const model::Table& table = *job.map.table;
  std::vector<std::string> tracked;
  for (const store::PhysicalColumn& column : store::history_columns(table))
    if (column.name != "key" && column.name != "valid_from" && column.name != "valid_to")
      tracked.push_back(column.name);
  if (tracked.empty()) return {};
  const std::string history = quote_identifier(store::history_table(table.name));
  std::string differs, sets;
  for (const std::string& name : tracked) {
    const std::string quoted = quote_identifier(name);
    differs += fmt::format("{}h.{} IS DISTINCT FROM t.{}", differs.empty() ? "" : " OR ", quoted, quoted);
    sets += fmt::format("{}{} = t.{}", sets.empty() ? "" : ", ", quoted, quoted);
  }
  VIGIE_TRY(const std::int64_t some,
            job.number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1)", history)));
  if (some == 0)
    return job.connection.execute(fmt::format(
        "INSERT INTO {} (key, {}, valid_from, valid_to) SELECT t.key, {}, {}, NULL FROM {} "
        "AS t WHERE t.batch = {}",
        history, column_list(tracked), column_list(tracked, "t."), kBeginning, job.table(), job.receipt.batch));
  const std::string at = fmt::format("coalesce(t.updated_at, {})", job.now.micros);
  const std::string changed =
      fmt::format("h.key = t.key AND t.batch = {} AND h.valid_to IS NULL AND ({})", job.receipt.batch, differs);
  // A change dated no later than the version it replaces is a correction of that version, not a new one.
  VIGIE_CHECK(job.connection.execute(fmt::format("UPDATE {} AS h SET {} FROM {} AS t WHERE {} AND {} <= h.valid_from",
                                                 history, sets, job.table(), changed, at)));
  VIGIE_CHECK(job.connection.execute(
      fmt::format("UPDATE {} AS h SET valid_to = {} FROM {} AS t WHERE {}", history, at, job.table(), changed)));
  return job.connection.execute(fmt::format(
      "INSERT INTO {0} (key, {1}, valid_from, valid_to) SELECT t.key, {2}, coalesce(last.ended, {3}), NULL FROM {4} AS "
      "t LEFT "
      "JOIN (SELECT key, max(valid_to) AS ended, count(*) FILTER (valid_to IS NULL) AS open FROM {0} GROUP BY key) AS "
      "last ON "
      "last.key = t.key WHERE t.batch = {5} AND coalesce(last.open, 0) = 0",
      history, column_list(tracked), column_list(tracked, "t."), kBeginning, job.table(), job.receipt.batch));
}

}  // namespace vigie::ingest
