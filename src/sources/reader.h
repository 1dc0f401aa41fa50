#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include "ingest/ingest.h"
#include "sources/rows_file.h"
#include "sources/source.h"

namespace vigie::sources {

/// How far a feed was read: what its cursor's column said last, and the column that tells equal ones apart, where it
/// said anything. Texts, in UTF-8, that the reader of that kind wrote and reads back.
struct Position {
  std::string cursor;
  std::optional<std::string> tie;
  bool operator==(const Position&) const = default;
};

/// When to stop: whoever asked has gone, or the time is up.
struct Stop {
  const std::atomic<bool>* cancelled = nullptr;
  std::chrono::steady_clock::time_point deadline;
  bool is_cancelled() const { return cancelled != nullptr && cancelled->load(); }
  bool is_late() const { return std::chrono::steady_clock::now() > deadline; }
};

/// While it lives, `interrupt` is called, from another thread and again and again, once there is reason to stop.
class StopWatch {
 public:
  StopWatch(const Stop& stop, std::function<void()> interrupt);

 private:
  std::jthread thread_;
};

/// engine.cancelled or source.deadline where there is reason to stop, else `error`.
std::unexpected<Error> stopped_or(const Stop& stop, const Source& source, Error error);

/// What one reading brought.
struct Brought {
  std::vector<ingest::Supply::Written> written;
  std::optional<Position> upto;  ///< of a cursor, where rows were read and one had a place
  bool upto_in_utc = false;      ///< what it says is a time of UTC, and does not say so
};

/// What readers of SQL share: how a feed becomes SELECTs. cursor_sql.h needs the words of a server's times.
struct Dialect {
  char quote = '"';
  std::string_view seconds = {};   ///< "interval '{} seconds'"
  std::string_view tomorrow = {};  ///< the moment in a day
  std::string identifier(std::string_view name) const;
  std::string table(std::string_view name) const;  ///< each part of "sales.orders"
  /// "SELECT * FROM (…) AS q": one statement, whatever the query of a person ends with.
  std::string rows(const Feed& feed) const;
};

/// One connection to a database that rows come from. All that it reads is of one committed state: that at its opening,
/// or (PostgreSQL) at the first question.
/// It only reads. Used by one thread.
///
/// Errors: source.unreachable, source.refused (user, password, rights), source.rows (no such table or column, a query
/// that is none), source.value (a cursor or overlap that the column cannot have), source.deadline, engine.cancelled.
class Reader {
 public:
  virtual ~Reader() = default;
  /// The rows of the feed beyond `since`, with the overlap; all of them where there is no such position.
  virtual Result<Brought> read(const Feed& feed, const std::optional<Position>& since, RowsFile& out) = 0;
  /// The columns of a table; none where there is no such table, or the user may not know of it.
  virtual Result<std::vector<std::string>> columns_of(const std::string& table) = 0;
  virtual const Dialect& dialect() const = 0;
};

Result<std::unique_ptr<Reader>> open_sqlite(const Source& source, const Stop& stop);
Result<std::unique_ptr<Reader>> open_postgres(const Source& source, const Stop& stop);
Result<std::unique_ptr<Reader>> open_mysql(const Source& source, const Stop& stop);

/// source.rows of a column that the rows do not have, with the nearest name.
std::unexpected<Error> no_such_column(const Feed& feed, const std::string& name, const SourcePosition& where,
                                      const std::vector<std::string>& columns);
Result<> check_columns(const Feed& feed, const std::vector<std::string>& columns);

}  // namespace vigie::sources
