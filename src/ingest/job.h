#pragma once
#include <thread>

#include "ingest/ingest.h"
#include "ingest/inputs.h"
#include "ingest/row_sql.h"

namespace vigie::ingest {

/// One import under way: what its steps share. Everything happens on one connection, in one transaction.
struct Job {
  const Context& context;
  const Request& request;
  const Map& map;
  store::Connection& connection;
  Receipt& receipt;
  Instant now;
  std::vector<SourceFile> files;
  std::string digest;  ///< of the map and its files: what makes the import idempotent

  const std::string& zone() const { return context.calendar.zone().name(); }
  RowSettings row_settings() const { return {zone(), context.base_currency}; }
  std::string table() const { return store::quote_identifier(map.table->name); }
  void progress(std::string_view stage, double share) const {
    if (request.progress) request.progress(stage, share);
  }
  Result<std::int64_t> number(std::string_view sql) const;  ///< the one integer of a SELECT; null reads as 0
};

/// While it lives, a set `cancelled` flag interrupts whatever the connection runs. The statement then fails with
/// engine.cancelled, and the transaction rolls back.
class CancelWatch {
 public:
  CancelWatch(store::Connection& connection, const std::atomic<bool>* cancelled);

 private:
  std::jthread thread_;
};

/// "a, b, c" of quoted names, each with a prefix.
std::string column_list(const std::vector<std::string>& names, std::string_view prefix = "");

}  // namespace vigie::ingest
