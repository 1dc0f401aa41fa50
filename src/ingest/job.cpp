#include "ingest/job.h"

#include <condition_variable>

namespace vigie::ingest {

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

std::string column_list(const std::vector<std::string>& names, std::string_view prefix) {
  std::string out;
  for (const std::string& name : names)
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", prefix, store::quote_identifier(name));
  return out;
}

}  // namespace vigie::ingest
