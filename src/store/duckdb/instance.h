#pragma once
// What DuckDB's C handles need to be closed in the right order; seen inside src/store/duckdb/ only.
#include <duckdb.h>

#include "store/database.h"
#include "store/duckdb/watchdog.h"

namespace vigie::store {

/// The database handle. Connections share it, so that it closes (and checkpoints) after the last of them.
struct Instance {
  Instance() = default;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() { duckdb_close(&handle); }

  duckdb_database handle = nullptr;
  std::string shown_as;  ///< the file, for errors; "the in-memory engine"
  Watchdog watchdog;     ///< watches queries of connections, which are all gone when the handle closes
};

struct Database::Impl {
  std::shared_ptr<Instance> instance;
  int threads = 1;  ///< that it was opened for
  DatabaseOptions options = {};
};

struct Connection::Impl {
  explicit Impl(std::shared_ptr<Instance> of) : instance(std::move(of)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { duckdb_disconnect(&handle); }

  std::shared_ptr<Instance> instance;
  duckdb_connection handle = nullptr;
};

/// A result of duckdb_query, also of a failed one (it holds the message).
class RawResult {
 public:
  RawResult() = default;
  RawResult(const RawResult&) = delete;
  RawResult& operator=(const RawResult&) = delete;
  ~RawResult() { duckdb_destroy_result(&result_); }
  duckdb_result* get() { return &result_; }

 private:
  duckdb_result result_{};
};

class RawStatement {
 public:
  RawStatement() = default;
  RawStatement(const RawStatement&) = delete;
  RawStatement& operator=(const RawStatement&) = delete;
  ~RawStatement() { duckdb_destroy_prepare(&statement_); }
  duckdb_prepared_statement* get() { return &statement_; }

 private:
  duckdb_prepared_statement statement_ = nullptr;
};

class RawChunk {
 public:
  explicit RawChunk(duckdb_data_chunk chunk) : chunk_(chunk) {}
  RawChunk(const RawChunk&) = delete;
  RawChunk& operator=(const RawChunk&) = delete;
  ~RawChunk() { duckdb_destroy_data_chunk(&chunk_); }
  duckdb_data_chunk get() const { return chunk_; }
  explicit operator bool() const { return chunk_ != nullptr; }

 private:
  duckdb_data_chunk chunk_;
};

class RawType {
 public:
  explicit RawType(duckdb_logical_type type) : type_(type) {}
  RawType(const RawType&) = delete;
  RawType& operator=(const RawType&) = delete;
  ~RawType() { duckdb_destroy_logical_type(&type_); }
  duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

/// Runs one text (several statements are allowed). The text must hold no NUL: the C API would end there.
Result<> run(Connection::Impl& connection, std::string_view sql, RawResult& result);
/// The same, interrupted at the deadline or when cancelled.
Result<> run(Connection::Impl& connection, std::string_view sql, const Watchdog::Guard& guard, RawResult& result);

}  // namespace vigie::store
