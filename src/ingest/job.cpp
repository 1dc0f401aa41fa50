#include "ingest/job.h"

#include <condition_variable>

#include "base/hash.h"

namespace vigie::ingest {

Result<> Job::know_digests() {
  if (!digest.empty()) return {};
  const Result<std::vector<std::string>>& all = digests.wait();
  if (!all) return std::unexpected(all.error());
  std::string text = map.digest;
  for (std::size_t i = 0; i < files.size(); ++i) {
    files[i].digest = (*all)[i];
    text += files[i].input->name + files[i].digest;
  }
  digest = text_digest(text);
  return {};
}

namespace {

/// Rows of a table that are about somebody who was erased: vigie_erased_rows(t, key).
Result<> know_rows_of_erased(const Job& job, const model::Table& table) {
  for (const model::Column& column : table.columns) {
    const model::Table* person = job.context.model.table(column.references);
    if (person == nullptr || !person->person || !column.subject) continue;
    VIGIE_CHECK(job.connection.execute(fmt::format(
        "INSERT INTO vigie_erased_rows SELECT {0}, key FROM {1} WHERE {2} IN (SELECT key FROM {3} WHERE "
        "starts_with(source_key, '{4}'))",
        store::quote_text(table.name), store::quote_identifier(table.name), store::quote_identifier(column.name),
        store::quote_identifier(store::key_table(person->name)), kErased)));
  }
  return {};
}

/// Of the map's own table, and of those that it refers to: what refers to such a row is about that person too.
Result<> know_rows_of_erased(const Job& job) {
  VIGIE_CHECK(job.connection.execute("CREATE OR REPLACE TEMP TABLE vigie_erased_rows(t VARCHAR, key BIGINT)"));
  for (const model::Column& reference : job.map.table->columns) {
    const model::Table* table = job.context.model.table(reference.references);
    if (table == nullptr || table->person || !reference.subject || table == job.map.table) continue;
    VIGIE_CHECK(know_rows_of_erased(job, *table));
    if (job.map.table->person) continue;
    VIGIE_CHECK(job.connection.execute(
        fmt::format("INSERT INTO vigie_erased_rows SELECT {0}, key FROM {1} WHERE {2} IN (SELECT key FROM "
                    "vigie_erased_rows WHERE t = {3})",
                    store::quote_text(job.map.table->name), store::quote_identifier(job.map.table->name),
                    store::quote_identifier(reference.name), store::quote_text(table->name))));
  }
  return job.map.table->person ? Result<>() : know_rows_of_erased(job, *job.map.table);
}

}  // namespace

Result<> Job::know_privacy() {
  if (context.privacy == nullptr) {
    if (!map.hashes()) return {};
    return fail(ErrorKind::usage, "privacy.no_secret",
                fmt::format("the map {} hashes a column, and there is no secret to do it with", map.id), map.where,
                "import it into a workspace");
  }
  if (map.hashes()) VIGIE_CHECK(context.privacy->know_secret(connection));
  VIGIE_TRY(privacy.any_erased, context.privacy->know_erased(connection));
  if (privacy.any_erased) VIGIE_CHECK(know_rows_of_erased(*this));
  privacy.personal.clear();
  for (const model::Column& column : map.table->columns)
    if (column.personal) privacy.personal.push_back(column.name);
  for (const ColumnMap& column : map.columns)
    if (column.privacy == Protection::personal) privacy.personal.push_back(column.name);
  VIGIE_TRY(const store::ResultSet others,
            connection.query(fmt::format("SELECT column_name FROM _personal WHERE table_name = {}",
                                         store::quote_text(map.table->name))));
  for (std::size_t row = 0; row < others.rows(); ++row) privacy.personal.push_back(others.text(row, 0));
  return {};
}

std::string Job::map_file() const {
  std::error_code unknown;
  const auto whole = std::filesystem::absolute(request.map_file, unknown);
  return unknown ? request.map_file.string() : whole.lexically_normal().string();
}

Result<std::int64_t> Job::number(std::string_view sql) const {
  VIGIE_TRY(const store::ResultSet rows, connection.query(sql));
  return rows.rows() == 0 ? 0 : rows.int64(0, 0);
}

CancelWatch::CancelWatch(store::Connection& connection, const std::atomic<bool>* cancelled) {
  if (cancelled == nullptr) return;
  thread_ = std::jthread([&connection, cancelled](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any bell;
    std::unique_lock lock(mutex);
    // Again and again: an interrupt that arrives between two statements is forgotten.
    while (!bell.wait_for(lock, stop, std::chrono::milliseconds(10), [&] { return stop.stop_requested(); }))
      if (cancelled->load()) connection.interrupt();
  });
}

Result<std::unique_ptr<Lease>> Lease::open(const Job& job, const std::string& kind, std::int64_t rows) {
  VIGIE_TRY(store::Connection connection, job.context.database.connect());
  VIGIE_TRY(const store::ResultSet opened,
            connection.query(fmt::format("SELECT vigie_{}_open({}::BIGINT)", kind, rows)));
  return std::unique_ptr<Lease>(new Lease(std::move(connection), kind, opened.int64(0, 0)));
}

Lease::~Lease() {
  // What stays open is memory, not an error: the database frees it at its end.
  [[maybe_unused]] const auto closed = connection_.execute(fmt::format("SELECT vigie_{}_close({})", kind_, number()));
}

Result<> lower_memory_limit(store::Connection& connection, std::int64_t bytes) {
  VIGIE_TRY(const store::ResultSet rows,
            connection.query(
                fmt::format("SELECT parse_formatted_bytes(current_setting('memory_limit'))::BIGINT > {}", bytes)));
  if (!rows.boolean(0, 0)) return {};
  return connection.execute(fmt::format("SET GLOBAL memory_limit = '{}MiB'", bytes >> 20));
}

Result<MemoryCap> MemoryCap::set(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows, connection.query("SELECT current_setting('memory_limit')"));
  VIGIE_CHECK(lower_memory_limit(connection, kImportMemory));
  return MemoryCap(connection, rows.text(0, 0));
}

Result<> MemoryCap::restore() {
  return connection_.execute(fmt::format("SET GLOBAL memory_limit = {}", store::quote_text(before_)));
}

std::string column_list(const std::vector<std::string>& names, std::string_view prefix) {
  std::string out;
  for (const std::string& name : names)
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", prefix, store::quote_identifier(name));
  return out;
}

}  // namespace vigie::ingest
