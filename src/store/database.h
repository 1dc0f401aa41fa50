#pragma once
#include <filesystem>
#include <functional>
#include <memory>

#include "store/engine.h"

namespace vigie::store {

struct DatabaseOptions {
  std::filesystem::path file = {};  ///< empty: in memory
  std::size_t memory_limit_mb = 0;  ///< 0: a quarter of the machine's memory, at most 4 GB
  int threads = 0;                  ///< 0: the machine's cores
  bool read_only = false;
  std::filesystem::path temp_directory =
      {};  ///< where large queries spill; empty: "<file>.tmp", or nowhere for in memory
};

class Connection;

/// One DuckDB instance. Registers the scalar functions the SQL of this room relies on: vigie_key(text) → Int64 is
/// base/hash.h's key_hash. Extensions are never installed or loaded from outside.
///
/// Errors: store.locked (another process has the file), store.newer (made by a newer DuckDB), store.unreadable,
/// engine.disk_full, engine.file_limit (any statement that writes).
class Database {
 public:
  static Result<std::unique_ptr<Database>> open(const DatabaseOptions& options);
  ~Database();
  Result<Connection> connect();
  /// On how many threads what starts from now on runs: on that which asks for it alone (of few rows another finds
  /// nothing to do, and still costs its time), or on as many as it was opened for. May wait for what others of its
  /// threads are at.
  enum class Threads { one, all };
  Result<> run_on(Threads threads);
  /// For maps with SQL: no file, no network, no further setting can be reached from now on. Irreversible.
  Result<> lock_down();
  /// Closes the file, lets `work` do with it what it wants, and opens it again, whatever came of that. Only while no
  /// connection is open: one that is would keep the file, and write to it at its own end.
  Result<> closed_while(const std::function<Result<>()>& work);
  /// Writes all that the open file holds now into a new one, and nothing of what it held before.
  Result<> copy_to(const std::filesystem::path& file);

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  Result<> equip();
  std::unique_ptr<Impl> impl_;
};

/// One connection: its statements run one after another. Movable; used by one thread at a time (except interrupt()).
///
/// SQL given to execute/query is written by our code only; names go through quote_identifier, values through quote_text
/// or parameters.
class Connection {
 public:
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  Result<> execute(std::string_view sql);                    ///< one or several statements
  Result<std::int64_t> execute_count(std::string_view sql);  ///< rows changed by one statement
  Result<ResultSet> query(std::string_view sql);             ///< one SELECT; types by name (DECIMAL → number)
  Result<ResultSet> query(std::string_view sql, const QueryLimits& limits);
  void interrupt();

  /// Runs `work` in a transaction: commits when it succeeds, rolls back when it fails.
  Result<> transaction(const std::function<Result<>()>& work);

  /// Copies the result of a SELECT on another connection (even of another Database) into a new temporary table, by
  /// chunks. A wrong select is the error of the person who wrote it: `engine.sql`, with line and column in it.
  Result<std::int64_t> copy_from(Connection& other, std::string_view select, std::string_view table);
  Result<std::int64_t> copy_from(Connection& other, std::string_view select, std::string_view table,
                                 const QueryLimits& limits);  ///< deadline and cancel hold for the select
  /// The columns of a SELECT without running it: names and DuckDB type names.
  Result<std::vector<std::pair<std::string, std::string>>> describe(std::string_view select);
  /// Whether the text is exactly one statement and that one is a SELECT (what a map's query must be). `engine.sql` when
  /// it does not bind; `engine.refused` when it calls a table function that could reach outside its inputs.
  Result<bool> is_single_select(std::string_view sql);

  /// The engine's own handle (a duckdb_connection), for a room that registers SQL functions of its own.
  void* native();

  struct Impl;

 private:
  friend class Database;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

std::string quote_identifier(std::string_view name);
std::string quote_text(std::string_view value);

}  // namespace vigie::store
