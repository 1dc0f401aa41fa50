#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reading/typed_records.h"

struct sqlite3;

namespace vigie::reading {

struct SqliteTable {
  std::string name;
  bool is_view = false;
};

/// How long a writer is waited for, and each row of a view.
struct SqlitePatience {
  std::chrono::milliseconds with_writers = std::chrono::seconds(5), with_a_row = std::chrono::minutes(1);
};

/// A database of SQLite, only read: nothing is written to it or beside it, and what its views may call is what SQLite
/// holds to be harmless. Its rows are typed by what each value is, not by what its column was declared as; blobs are
/// empty, and told.
///
/// While records() is read, a program that writes to the database waits or is waited for.
///
/// For one thread at a time; records must not outlive the database.
///
/// Errors: sqlite.not_a_database (also an encrypted one), sqlite.damaged, sqlite.busy, sqlite.refused (a view calls
/// what it may not), sqlite.slow (a view gives no row in time), sqlite.unknown_table, sqlite.which, sqlite.empty.
class SqliteDatabase {
 public:
  static Result<SqliteDatabase> open(const std::filesystem::path& file, SqlitePatience patience = {});

  /// Tables and views, by name; none of SQLite's own, nor those behind full-text indexes and the like.
  const std::vector<SqliteTable>& tables() const { return tables_; }
  /// The rows of a table or view; without a name, of the only table there is. The row of a record is its rowid, where
  /// it has one.
  Result<std::unique_ptr<TypedRecords>> records(std::string_view table) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  SqliteDatabase(std::filesystem::path file, std::unique_ptr<sqlite3, Close> database, SqlitePatience patience)
      : file_(std::move(file)), database_(std::move(database)), patience_(patience) {}
  Result<> read_tables();
  Result<std::string> wanted(std::string_view table) const;

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> database_;
  SqlitePatience patience_;
  std::vector<SqliteTable> tables_;
};

}  // namespace vigie::reading
