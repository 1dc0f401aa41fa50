#include <sqlite3.h>

#include <charconv>

#include "base/text.h"
#include "base/time.h"
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

/// "i:42", "r:1.5", "t:2025-01-31 10:00:00": the type decides the order, as it does in the database.
std::string position_text(sqlite3_stmt* row, int column) {
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: return fmt::format("i:{}", sqlite3_column_int64(row, column));
    case SQLITE_FLOAT: return fmt::format("r:{}", sqlite3_column_double(row, column));
    default: break;
  }
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return "t:" + std::string(bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

constexpr std::size_t kTagged = 2;  ///< what stands before the value: "i:", "r:", "t:"

void bind_position(sqlite3_stmt* statement, int at, std::string_view position) {
  const std::string_view value = position.substr(std::min<std::size_t>(2, position.size()));
  if (position.starts_with("i:")) {
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    sqlite3_bind_int64(statement, at, number);
  } else if (position.starts_with("r:")) {
    double number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    sqlite3_bind_double(statement, at, number);
  } else {
    sqlite3_bind_text(statement, at, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
  }
}

/// The position, so much before. Of a time, without fraction and zone: of all the ways in which that second may be
/// written, the first in the order of texts.
Result<std::string> before(const std::string& position, const Feed& feed) {
  const auto wrong = [&](std::string_view is, std::string_view wanted) {
    return fail(ErrorKind::usage, "source.value",
                fmt::format("the cursor \"{}\" holds {}, and its overlap is none of those", feed.cursor, is),
                feed.overlap_where, std::string(wanted));
  };
  const std::string_view value = std::string_view(position).substr(2);
  if (!position.starts_with("t:")) {
    if (feed.overlap->is_time) return wrong("numbers", "write a whole number: overlap: 600");
    if (position.starts_with("i:")) {
      const auto number = whole_number(value);
      return fmt::format("i:{}", number.value_or(0) - feed.overlap->amount);
    }
    double number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return fmt::format("r:{}", number - static_cast<double>(feed.overlap->amount));
  }
  constexpr std::size_t kDay = 10, kSecond = 19;
  const auto day = parse_date(value.substr(0, kDay));
  if (!feed.overlap->is_time || !day)
    return wrong("texts", "an overlap is of times such as 2025-01-31 10:00:00, and of whole numbers");
  std::int64_t second = 0;
  const bool has_time = value.size() >= kSecond;
  if (has_time) {
    const auto at = parse_instant(fmt::format("{}T{}Z", value.substr(0, kDay), value.substr(kDay + 1, 8)));
    if (!at) return wrong("texts", "an overlap is of times such as 2025-01-31 10:00:00, and of whole numbers");
    second = at->micros / kMicrosPerSecond;
  } else {
    second = day->days * (kMicrosPerDay / kMicrosPerSecond);
  }
  const std::string earlier = to_string(Instant{(second - feed.overlap->amount) * kMicrosPerSecond});
  if (!has_time) return "t:" + earlier.substr(0, kDay);
  return fmt::format("t:{}{}{}", earlier.substr(0, kDay), value[kDay], earlier.substr(kDay + 1, 8));
}

/// How the values of a column are written, by the type it was declared with. Those of a column without one may be any.
ingest::Supply::Written written_as(const char* declared) {
  const std::string type = lower_ascii(declared == nullptr ? "" : declared);
  for (const char* word : {"int", "real", "floa", "doub", "dec", "num"})
    if (type.find(word) != std::string::npos) return ingest::Supply::Written::number;
  return ingest::Supply::Written::text;
}

/// What tells a text that is a time, and one that is yet to come: it is read, and the cursor stays before it.
std::string is_ahead(const std::string& cursor) {
  return fmt::format(
      "(typeof({0}) = 'text' AND {0} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' AND substr({0}, 1, 10) > "
      "date('now', '+1 day'))",
      cursor);
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
    std::string where;
    std::vector<std::string> bound;
    if (feed.mode == Mode::cursor) {
      if (since) {
        VIGIE_TRY(const bool more, condition(feed, *since, where, bound));
        if (!more) {
          brought.nothing = true;
          return brought;
        }
      }
      VIGIE_TRY(brought.upto, last_position(feed));
    }
    VIGIE_CHECK(out.header(columns));
    VIGIE_CHECK(copy(feed, fmt::format("{}{}", kSqlite.rows(feed), where), bound, out));
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

  /// " WHERE …" of what is read; whether any row is beyond the position, or has none.
  Result<bool> condition(const Feed& feed, const Position& since, std::string& where, std::vector<std::string>& bound) {
    const std::string cursor = kSqlite.identifier(feed.cursor);
    // Where the last row had no tie break, the rows of its moment come again: none of them may be lost.
    const bool strict = !feed.tie_break.empty() && since.tie.size() > kTagged;
    const std::string beyond =
        strict ? fmt::format("({0} > ?1 OR ({0} = ?1 AND {1} > ?2))", cursor, kSqlite.identifier(feed.tie_break))
               : fmt::format("{} >= ?1", cursor);
    bound = {since.cursor};
    if (strict) bound.push_back(since.tie);
    where = fmt::format(" WHERE {} OR {} IS NULL", beyond, cursor);
    if (!feed.overlap) return any(feed, where, bound);
    VIGIE_TRY(const std::string from, before(since.cursor, feed));
    where = fmt::format(" WHERE {0} >= ?1 OR {0} IS NULL", cursor);
    bound = {from};
    return any(feed, where, bound);
  }

  Result<bool> any(const Feed& feed, const std::string& where, const std::vector<std::string>& bound) {
    VIGIE_TRY(const Statement statement, prepare(feed, fmt::format("{}{} LIMIT 1", kSqlite.rows(feed), where)));
    for (std::size_t i = 0; i < bound.size(); ++i) bind_position(statement.get(), static_cast<int>(i) + 1, bound[i]);
    const int code = sqlite3_step(statement.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) return problem(feed);
    return code == SQLITE_ROW;
  }

  Result<std::optional<Position>> last_position(const Feed& feed) {
    const std::string cursor = kSqlite.identifier(feed.cursor);
    const std::string tie = feed.tie_break.empty() ? "NULL" : kSqlite.identifier(feed.tie_break);
    VIGIE_TRY(const Statement statement,
              prepare(feed, fmt::format("SELECT {0}, {1} FROM ({2}) WHERE {0} IS NOT NULL AND NOT {3} ORDER BY {0} "
                                        "DESC, {1} DESC LIMIT 1",
                                        cursor, tie, kSqlite.rows(feed), is_ahead(cursor))));
    const int code = sqlite3_step(statement.get());
    if (code == SQLITE_DONE) return std::nullopt;
    if (code != SQLITE_ROW) return problem(feed);
    return Position{position_text(statement.get(), 0), position_text(statement.get(), 1)};
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
        const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(row, column));
        text.clear();
        for (int i = 0; i < sqlite3_column_bytes(row, column); ++i) text += fmt::format("{:02x}", bytes[i]);
        return text;
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

Result<std::unique_ptr<Reader>> open_sqlite(const Source& source, const Stop& stop) {
  std::error_code ignored;
  if (!fs::exists(source.place, ignored))
    return fail(ErrorKind::unavailable, "source.unreachable", fmt::format("there is no file {}", source.place.string()),
                source.place_where, "check the path; relative ones start at the workspace");
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
