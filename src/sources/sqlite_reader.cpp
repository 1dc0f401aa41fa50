#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>

#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "sources/reader.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

constexpr Dialect kSqlite{'"'};
constexpr int kBusyMs = 10'000;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// Digits without an exponent, and as many as tell the double from its neighbours.
std::string real_text(double value) {
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

/// What orders a cursor's rows: a column may hold values of any type, and one that is not as the others are would stand
/// before or behind all of them.
/// Dates with a T behind the day stand behind all others of their day, whatever the hour: they are an order of their
/// own.
enum class Order { numbers, dates, dates_with_t, texts, bytes };
constexpr std::array kOrders{Order::numbers, Order::dates, Order::dates_with_t, Order::texts, Order::bytes};

/// A text that is a day, or begins with one and goes on with that letter.
constexpr std::string_view kIsDate =
    "(typeof({0}) = 'text' AND date(substr({0}, 1, 10)) IS substr({0}, 1, 10) AND substr({0}, 11, 1) IN ('', '{1}'))";

bool is_dates(Order order) { return order == Order::dates || order == Order::dates_with_t; }

/// Whether a value of the column stands in that order, as a condition.
std::string is_of(Order order, const std::string& column) {
  switch (order) {
    case Order::numbers: return fmt::format("typeof({}) IN ('integer', 'real')", column);
    case Order::dates: return fmt::format(fmt::runtime(kIsDate), column, ' ');
    case Order::dates_with_t: return fmt::format(fmt::runtime(kIsDate), column, 'T');
    case Order::texts: return fmt::format("typeof({}) = 'text'", column);
    case Order::bytes: return fmt::format("typeof({}) = 'blob'", column);
  }
  return {};
}

/// Between types the database has an order: nulls, numbers, texts, bytes. What stands at no place is before the
/// position or odd: conditions that no row fulfils twice, and none of those beyond it. Of `rows`, those that have the
/// cursor.
std::vector<std::string> at_no_place(Order order, const std::string& column) {
  std::vector<std::string> out{column + " IS NULL"};
  if (order == Order::bytes) out.push_back(column + " < x''");
  if (order != Order::numbers && order != Order::bytes) out.push_back(column + " < ''");
  return out;
}

/// A text among dates that is none of that order, before the position: each is looked at.
std::string odd_date(Order order, const std::string& column) {
  return fmt::format("{0} >= '' AND {0} < ?1 AND NOT {1}", column, is_of(order, column));
}

/// The same by an index: from each day on to what is behind the last moment of it, so that of ten million rows of five
/// years two thousand are looked at.
std::string odd_date_by_index(Order order, const std::string& column, const std::string& rows) {
  const std::string is_date = is_of(order, "v");
  return fmt::format(
      "{0} IN (WITH RECURSIVE steps(v) AS (SELECT min({0}) FROM ({1}) WHERE {0} >= '' UNION ALL SELECT (SELECT "
      "min({0}) FROM ({1}) WHERE {0} > CASE WHEN {2} AND length(v) > 10 THEN substr(v, 1, 11) || char(1114111) ELSE v "
      "END AND {0} < ?1) FROM steps WHERE v < ?1) SELECT v FROM steps WHERE v < ?1 AND NOT {2})",
      column, rows, is_date);
}

/// What a kept text begins with: the type of its value, of which the order of its column follows.
constexpr std::string_view kInteger = "i:", kReal = "r:", kDate = "d:", kDateWithT = "T:", kText = "t:", kBroken = "h:",
                           kBytes = "b:";

Order order_of(std::string_view position) {
  if (position.starts_with(kInteger) || position.starts_with(kReal)) return Order::numbers;
  // Of a place that an earlier version kept, the letter behind the day tells.
  constexpr std::size_t kBehindDay = 12;
  if (position.starts_with(kDate) && position.substr(0, kBehindDay + 1).ends_with('T')) return Order::dates_with_t;
  if (position.starts_with(kDate)) return Order::dates;
  if (position.starts_with(kDateWithT)) return Order::dates_with_t;
  return position.starts_with(kBytes) ? Order::bytes : Order::texts;
}

std::string hex_of(const void* bytes, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += fmt::format("{:02x}", static_cast<const unsigned char*>(bytes)[i]);
  return out;
}

std::string bytes_of_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned char byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

/// "i:42", "r:1.5", "d:2025-01-31 10:00:00", "T:2025-01-31T10:00:00", "t:ann", "b:00ff"; "h:e9", of a text that is no
/// UTF-8. None of a null.
std::optional<std::string> position_text(sqlite3_stmt* row, int column, Order order) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL: return std::nullopt;
    case SQLITE_INTEGER: return fmt::format("{}{}", kInteger, sqlite3_column_int64(row, column));
    case SQLITE_FLOAT: return fmt::format("{}{}", kReal, sqlite3_column_double(row, column));
    case SQLITE_BLOB: {
      const void* bytes = sqlite3_column_blob(row, column);
      return std::string(kBytes) + hex_of(bytes, sqlite3_column_bytes(row, column));
    }
    default: break;
  }
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  const std::string_view text(bytes == nullptr ? "" : bytes,
                              static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    return std::string(kBroken) + hex_of(text.data(), static_cast<int>(text.size()));
  return fmt::format("{}{}", order == Order::dates ? kDate : order == Order::dates_with_t ? kDateWithT : kText, text);
}

void bind_position(sqlite3_stmt* statement, int at, std::string_view position) {
  const std::string_view value = position.substr(std::min<std::size_t>(2, position.size()));
  if (position.starts_with(kInteger)) {
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    sqlite3_bind_int64(statement, at, number);
  } else if (position.starts_with(kReal)) {
    double number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    sqlite3_bind_double(statement, at, number);
  } else if (position.starts_with(kBytes)) {
    const std::string bytes = bytes_of_hex(value);
    sqlite3_bind_blob(statement, at, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
  } else {
    const std::string text = position.starts_with(kBroken) ? bytes_of_hex(value) : std::string(value);
    sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
}

Result<> check_overlap(const Feed& feed, Order order) {
  if (!feed.overlap) return {};
  const auto wrong = [&](std::string_view is, std::string_view wanted) {
    return fail(ErrorKind::usage, "source.value",
                fmt::format("the cursor \"{}\" holds {}, and its overlap is none of those", feed.cursor, is),
                feed.overlap_where, std::string(wanted));
  };
  if (order == Order::numbers && feed.overlap->is_time) return wrong("numbers", "write a whole number: overlap: 600");
  if (order == Order::texts || order == Order::bytes || (is_dates(order) && !feed.overlap->is_time))
    return wrong("texts", "an overlap is of times such as 2025-01-31 10:00:00, and of whole numbers");
  return {};
}

/// The position, so much before. Of a time, without fraction and zone: of all the ways in which that second may be
/// written, the first in the order of texts.
std::string before(std::string_view position, const Overlap& overlap) {
  const std::string_view value = position.substr(2);
  if (position.starts_with(kInteger)) {
    std::int64_t earlier = std::numeric_limits<std::int64_t>::min();
    const std::int64_t number = whole_number(value).value_or(0);
    if (number >= earlier + overlap.amount) earlier = number - overlap.amount;
    return fmt::format("{}{}", kInteger, earlier);
  }
  if (position.starts_with(kReal)) {
    double number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return fmt::format("{}{}", kReal, number - static_cast<double>(overlap.amount));
  }
  constexpr std::size_t kDay = 10, kSecond = 19;
  const std::string_view day = value.substr(0, kDay);
  std::string moment = fmt::format("{}T00:00:00Z", day);
  const bool has_time = value.size() >= kSecond;
  if (has_time) moment = fmt::format("{}T{}Z", day, value.substr(kDay + 1, 8));
  auto at = parse_instant(moment);
  // 24:00:00 and the like: from the day's beginning on is early enough.
  if (!at) at = parse_instant(fmt::format("{}T00:00:00Z", day));
  const std::int64_t second = at ? at->micros / kMicrosPerSecond : 0;
  const std::string earlier = to_string(Instant{(second - overlap.amount) * kMicrosPerSecond});
  const std::string_view kind = position.substr(0, 2);
  if (!has_time) return fmt::format("{}{}", kind, earlier.substr(0, kDay));
  return fmt::format("{}{}{}{}", kind, earlier.substr(0, kDay), value[kDay], earlier.substr(kDay + 1, 8));
}

/// How the values of a column are written, by the type it was declared with. Those of a column without one may be any.
ingest::Supply::Written written_as(const char* declared) {
  const std::string type = lower_ascii(declared == nullptr ? "" : declared);
  for (const char* word : {"int", "real", "floa", "doub", "dec", "num"})
    if (type.find(word) != std::string::npos) return ingest::Supply::Written::number;
  return ingest::Supply::Written::text;
}

class SqliteReader final : public Reader {
 public:
  SqliteReader(const Source& source, const Stop& stop, Database database)
      : source_(source),
        stop_(stop),
        database_(std::move(database)),
        watch_(stop_, [this] { sqlite3_interrupt(database_.get()); }) {}

  Result<> begin() { return execute("BEGIN; SELECT count(*) FROM sqlite_schema"); }

  Result<Brought> read(const Feed& feed, const std::optional<Position>& since, RowsFile& out) override {
    Brought brought;
    VIGIE_TRY(const std::vector<std::string> columns, look_into(feed, brought));
    VIGIE_CHECK(check_columns(feed, columns));
    std::string rows = kSqlite.rows(feed);
    std::vector<std::string> bound;
    std::optional<Order> order;
    if (feed.mode == Mode::cursor) {
      if (since) {
        order = order_of(since->cursor);
      } else {
        VIGIE_TRY(order, most_common_order(feed));
      }
      if (order) VIGIE_CHECK(check_overlap(feed, *order));
      if (since) {
        VIGIE_TRY(rows, rows_since(feed, *since, *order, bound));
      }
    }
    VIGIE_CHECK(out.header(columns));
    VIGIE_CHECK(copy(feed, rows, bound, out));
    if (!order || out.rows() == 0) return brought;
    VIGIE_TRY(brought.upto, last_position(feed, *order));
    return brought;
  }

  Result<std::vector<std::string>> columns_of(const std::string& table) override {
    VIGIE_TRY(const Statement statement, prepare({}, "SELECT name FROM pragma_table_info(?1)"));
    sqlite3_bind_text(statement.get(), 1, table.data(), static_cast<int>(table.size()), SQLITE_STATIC);
    std::vector<std::string> out;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW)
      out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0)));
    if (code != SQLITE_DONE) return problem({});
    return out;
  }
  const Dialect& dialect() const override { return kSqlite; }

 private:
  std::unexpected<Error> problem(const Feed& feed) const {
    const std::string said = sqlite3_errmsg(database_.get());
    const int code = sqlite3_errcode(database_.get()) & 0xff;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
      return stopped_or(
          stop_, source_,
          Error{"source.unreachable", fmt::format("{} is locked by who writes it", source_.place.string()),
                ErrorKind::unavailable, source_.place_where, "sync again when that has ended"});
    if (code == SQLITE_ERROR || code == SQLITE_AUTH)
      return stopped_or(stop_, source_,
                        Error{"source.rows", fmt::format("the source {} cannot give these rows: {}", source_.id, said),
                              ErrorKind::usage, feed.rows_where, "check the table, or the query, and its columns"});
    return stopped_or(stop_, source_,
                      Error{"source.unreachable", fmt::format("{} cannot be read: {}", source_.place.string(), said),
                            ErrorKind::unavailable, source_.place_where, "is it a whole SQLite database?"});
  }

  Result<> execute(const char* sql) {
    if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return problem({});
  }

  Result<Statement> prepare(const Feed& feed, const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v2(database_.get(), sql.c_str(), static_cast<int>(sql.size() + 1), &raw, &tail);
    Statement statement(raw);
    if (code != SQLITE_OK) return problem(feed);
    if (!trim(tail).empty() || sqlite3_stmt_readonly(raw) == 0)
      return fail(ErrorKind::usage, "source.rows", "the query of a source is one SELECT, and nothing else",
                  feed.rows_where);
    return statement;
  }

  /// The columns of the feed's rows, and how each is written.
  Result<std::vector<std::string>> look_into(const Feed& feed, Brought& brought) {
    VIGIE_TRY(const Statement statement, prepare(feed, kSqlite.rows(feed)));
    std::vector<std::string> out;
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      out.emplace_back(sqlite3_column_name(statement.get(), i));
      brought.written.push_back(written_as(sqlite3_column_decltype(statement.get(), i)));
    }
    return out;
  }

  /// As what most of the cursor's values are; of a column without any, none. Counted, and not sorted: that would write
  /// a file of all rows.
  Result<std::optional<Order>> most_common_order(const Feed& feed) {
    const std::string cursor = kSqlite.identifier(feed.cursor);
    std::string order = "CASE", counts;
    for (const Order one : kOrders) {
      order += fmt::format(" WHEN {} THEN {}", is_of(one, cursor), static_cast<int>(one));
      counts += fmt::format("{}count(*) FILTER (WHERE kind = {})", counts.empty() ? "" : ", ", static_cast<int>(one));
    }
    VIGIE_TRY(const Statement statement, prepare(feed, fmt::format("SELECT {} FROM (SELECT {} END AS kind FROM ({}))",
                                                                   counts, order, kSqlite.rows(feed))));
    if (sqlite3_step(statement.get()) != SQLITE_ROW) return problem(feed);
    std::optional<Order> out;
    std::int64_t most = 0;
    for (std::size_t i = 0; i < kOrders.size(); ++i)
      if (const std::int64_t rows = sqlite3_column_int64(statement.get(), static_cast<int>(i)); rows > most)
        most = rows, out = kOrders[i];
    return out;
  }

  /// Whether the database finds a stretch of the cursor without a look at all rows.
  Result<bool> finds_by_index(const Feed& feed) {
    VIGIE_TRY(const Statement statement,
              prepare(feed, fmt::format("EXPLAIN QUERY PLAN SELECT min({0}) FROM ({1}) WHERE {0} > ?1 AND {0} < ?2",
                                        kSqlite.identifier(feed.cursor), kSqlite.rows(feed))));
    bool searches = false, scans = false;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
      constexpr int kDetail = 3;
      const std::string_view step = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), kDetail));
      searches = searches || step.starts_with("SEARCH");
      scans = scans || step.starts_with("SCAN");
    }
    if (code != SQLITE_DONE) return problem(feed);
    return searches && !scans;
  }

  /// What is beyond the position, and what stands at no place: where there is an index each by its own stretch of it,
  /// else in one look at all rows.
  Result<std::string> rows_since(const Feed& feed, const Position& since, Order order,
                                 std::vector<std::string>& bound) {
    const std::string cursor = kSqlite.identifier(feed.cursor), rows = kSqlite.rows(feed);
    bound = {feed.overlap ? before(since.cursor, *feed.overlap) : since.cursor};
    std::string beyond = cursor + " >= ?1";
    if (!feed.overlap && !feed.tie_break.empty() && since.tie) {
      bound.push_back(*since.tie);
      beyond += fmt::format(" AND ({0} > ?1 OR {1} > ?2 OR {1} IS NULL)", cursor, kSqlite.identifier(feed.tie_break));
    }
    VIGIE_TRY(const bool by_index, finds_by_index(feed));
    std::vector<std::string> rest = at_no_place(order, cursor);
    if (is_dates(order)) rest.push_back(by_index ? odd_date_by_index(order, cursor, rows) : odd_date(order, cursor));
    std::string out = fmt::format("{} WHERE ({})", rows, beyond);
    for (const std::string& part : rest)
      out += by_index ? fmt::format(" UNION ALL {} WHERE {}", rows, part) : fmt::format(" OR ({})", part);
    return out;
  }

  /// A date that is yet to come is a slip: it is read, and the place stays before it.
  Result<std::optional<Position>> last_position(const Feed& feed, Order order) {
    const std::string cursor = kSqlite.identifier(feed.cursor);
    const std::string tie = feed.tie_break.empty() ? "NULL" : kSqlite.identifier(feed.tie_break);
    std::string is_place = is_of(order, cursor);
    if (is_dates(order)) is_place += fmt::format(" AND substr({}, 1, 10) <= date('now', '+1 day')", cursor);
    VIGIE_TRY(const Statement statement,
              prepare(feed, fmt::format("SELECT {0}, {1} FROM ({2}) WHERE {3} ORDER BY {0} DESC, {1} DESC LIMIT 1",
                                        cursor, tie, kSqlite.rows(feed), is_place)));
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return std::nullopt;
    if (code != SQLITE_ROW) return problem(feed);
    return Position{position_text(statement.get(), 0, order).value_or(""),
                    position_text(statement.get(), 1, Order::texts)};
  }

  Result<> copy(const Feed& feed, const std::string& sql, const std::vector<std::string>& bound, RowsFile& out) {
    VIGIE_TRY(const Statement statement, prepare(feed, sql));
    for (std::size_t i = 0; i < bound.size(); ++i) bind_position(statement.get(), static_cast<int>(i) + 1, bound[i]);
    const auto columns = static_cast<std::size_t>(sqlite3_column_count(statement.get()));
    std::vector<std::string> texts(columns);
    std::vector<std::optional<std::string_view>> values(columns);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
      for (std::size_t i = 0; i < columns; ++i) values[i] = value_at(statement.get(), static_cast<int>(i), texts[i]);
      VIGIE_CHECK(out.row(values));
    }
    return code == SQLITE_DONE ? Result<>() : problem(feed);
  }

  static std::optional<std::string_view> value_at(sqlite3_stmt* row, int column, std::string& text) {
    switch (sqlite3_column_type(row, column)) {
      case SQLITE_NULL: return std::nullopt;
      case SQLITE_FLOAT: return text = real_text(sqlite3_column_double(row, column));
      case SQLITE_BLOB: {
        const void* bytes = sqlite3_column_blob(row, column);
        return text = hex_of(bytes, sqlite3_column_bytes(row, column));
      }
      default: break;
    }
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
  }

  const Source& source_;
  Stop stop_;
  Database database_;
  StopWatch watch_;
};

}  // namespace

namespace {

/// A database in write-ahead mode gets two files beside it from whoever reads it first, and who may not write those may
/// not write the database. Root gives them to the owner of the database.
Result<> check_files_beside(const Source& source) {
  constexpr std::size_t kModeAt = 18;
  constexpr char kWriteAhead = 2;
  struct stat known{};
  std::array<char, kModeAt + 1> head{};
  std::ifstream file(source.place, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  std::error_code ignored;
  const fs::path beside = source.place.string() + "-shm", folder = source.place.parent_path();
  if (!file || head[kModeAt] != kWriteAhead || ::stat(source.place.c_str(), &known) != 0) return {};
  if (::geteuid() == 0 || ::geteuid() == known.st_uid || fs::exists(beside, ignored)) return {};
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) != 0) return {};
  return fail(
      ErrorKind::unavailable, "source.refused",
      fmt::format("{} belongs to another user, and reading it would leave files beside it that its owner cannot "
                  "write",
                  source.place.string()),
      source.place_where, "sync while its application has it open, let Vigie run as its owner, or give Vigie a copy");
}

}  // namespace

Result<std::unique_ptr<Reader>> open_sqlite(const Source& source, const Stop& stop) {
  std::error_code ignored;
  if (!fs::exists(source.place, ignored))
    return fail(ErrorKind::unavailable, "source.unreachable", fmt::format("there is no file {}", source.place.string()),
                source.place_where, "check the path; relative ones start at the workspace");
  VIGIE_CHECK(check_files_beside(source));
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(source.place.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
  Database database(raw);
  if (code != SQLITE_OK)
    return fail(ErrorKind::unavailable, "source.unreachable",
                fmt::format("{} cannot be read: {}", source.place.string(), sqlite3_errstr(code)), source.place_where,
                "check the path and the rights on it");
  sqlite3_busy_timeout(raw, kBusyMs);
  auto reader = std::make_unique<SqliteReader>(source, stop, std::move(database));
  VIGIE_CHECK(reader->begin());
  return reader;
}

}  // namespace vigie::sources
