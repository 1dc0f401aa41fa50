#pragma once
#include <thread>

#include "base/file_digests.h"
#include "ingest/ingest.h"
#include "ingest/inputs.h"
#include "ingest/row_sql.h"

namespace vigie::ingest {

/// One import under way: what its steps share. Everything happens on one connection, and what is seen of it elsewhere
/// in one transaction.
struct Job {
  const Context& context;
  const Request& request;
  const Map& map;
  store::Connection& connection;
  Receipt& receipt;
  Instant now;
  std::vector<SourceFile> files;
  FileDigests& digests;  ///< of `files`, under way
  std::string digest;    ///< of the map and its files: what makes the import idempotent; "" until know_digests
  std::int64_t refused_as_before = 0;  ///< of the rows that are refused, those that wait, or were dropped, as they are
  RowPrivacy privacy = {};

  /// What is hashed or was erased: known before the first row is read. Errors: those of Privacy, privacy.no_secret.
  Result<> know_privacy();
  /// Waits for the digests, and gives each file its own. Errors: those of file_digest.
  Result<> know_digests();

  std::string refused_by = {};  ///< the check that refuses the batch; "" none

  std::string map_file() const;  ///< whole, as it is noted beside what has to be looked at with it again
  const std::string& zone() const { return context.calendar.zone().name(); }
  RowSettings row_settings() const {
    return {.reporting_zone = zone(), .base_currency = context.base_currency, .privacy = privacy};
  }
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

/// An import may take this much of the machine's memory for the engine's blocks and its own tables, and spills beyond
/// it: so the process stays under 2 GiB however much the machine would give. Of that, at most, what is kept of each row
/// outside the engine: its key, and its place among others.
constexpr std::int64_t kImportMemory = std::int64_t{1600} << 20, kRowMemory = std::int64_t{480} << 20;

/// Something open in the engine under a number (place_functions.h), closed with this.
class Lease {
 public:
  static Result<std::unique_ptr<Lease>> open(const Job& job, const std::string& kind, std::int64_t rows);
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease();
  std::string number() const { return fmt::format("{}::BIGINT", number_); }

 private:
  Lease(store::Connection connection, std::string kind, std::int64_t number)
      : connection_(std::move(connection)), kind_(std::move(kind)), number_(number) {}
  store::Connection connection_;  ///< of its own: the import's takes no statement once one has failed
  std::string kind_;
  std::int64_t number_;
};

/// Lowers the engine's memory limit to that many bytes; a lower one stays.
Result<> lower_memory_limit(store::Connection& connection, std::int64_t bytes);

/// The engine's memory limit while an import runs; afterwards queries have theirs back.
class MemoryCap {
 public:
  static Result<MemoryCap> set(store::Connection& connection);
  Result<> restore();

 private:
  MemoryCap(store::Connection& connection, std::string before) : connection_(connection), before_(std::move(before)) {}
  store::Connection& connection_;
  std::string before_;
};

/// "a, b, c" of quoted names, each with a prefix.
std::string column_list(const std::vector<std::string>& names, std::string_view prefix = "");

}  // namespace vigie::ingest
