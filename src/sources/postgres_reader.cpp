#include <libpq-fe.h>

#include <array>

#include "base/text.h"
#include "sources/reader.h"

namespace vigie::sources {
namespace {

constexpr Dialect kPostgres{'"'};
constexpr const char* kConnectSeconds = "10";
constexpr int kDefaultPort = 5432;

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using Connection = std::unique_ptr<PGconn, FinishConnection>;
using Answer = std::unique_ptr<PGresult, ClearResult>;

// What a type is called inside: these numbers never change (pg_type.dat).
enum TypeNumber : Oid {
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kFloat4 = 700,
  kFloat8 = 701,
  kMoney = 790,
  kDate = 1082,
  kTimestamp = 1114,
  kTimestampTz = 1184,
  kNumeric = 1700,
};

bool is_moment(Oid type) { return type == kDate || type == kTimestamp || type == kTimestampTz; }
bool is_number(Oid type) {
  return type == kInt8 || type == kInt2 || type == kInt4 || type == kFloat4 || type == kFloat8 || type == kNumeric;
}

ingest::Supply::Written written_as(Oid type) {
  using Written = ingest::Supply::Written;
  return is_number(type) ? Written::number : is_moment(type) ? Written::time : Written::text;
}

/// The type by which a cursor's text is read back; "" where the text itself becomes one of the column's.
std::string_view sql_name(Oid type) {
  switch (type) {
    case kInt8:
    case kInt2:
    case kInt4: return "bigint";
    case kFloat4:
    case kFloat8: return "double precision";
    case kNumeric: return "numeric";
    case kDate: return "date";
    case kTimestamp: return "timestamp";
    case kTimestampTz: return "timestamptz";
    default: return "";
  }
}

std::string one_line(std::string_view text) {
  std::string out(trim(text));
  std::ranges::replace(out, '\n', ' ');
  return out;
}

/// A value of ours as a literal that reads the same under every setting.
std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string value_of(std::string_view text, Oid type) {
  const std::string_view name = sql_name(type);
  return name.empty() ? literal(text) : fmt::format("CAST({} AS {})", literal(text), name);
}

struct Column {
  std::string name;
  Oid type = 0;
};

class PostgresReader final : public Reader {
 public:
  PostgresReader(const Source& source, const Stop& stop, Connection connection)
      : source_(source),
        stop_(stop),
        connection_(std::move(connection)),
        cancel_(PQgetCancel(connection_.get())),
        watch_(stop_, [this] {
          std::array<char, 256> why{};  // that it cannot be stopped shows when it does not stop
          PQcancel(cancel_.get(), why.data(), static_cast<int>(why.size()));
        }) {}

  /// One state of the database for all that is read, and values written in one way whoever set what for this user.
  Result<> begin() {
    for (const char* sql :
         {"SET client_encoding = 'UTF8'", "SET TimeZone = 'UTC'", "SET DateStyle = 'ISO, YMD'",
          "SET IntervalStyle = 'iso_8601'", "SET extra_float_digits = 1", "SET synchronize_seqscans = off",
          "SET standard_conforming_strings = on", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"})
      VIGIE_CHECK(execute(sql));
    return {};
  }

  Result<Brought> read(const Feed& feed, const std::optional<Position>& since, RowsFile& out) override {
    VIGIE_TRY(const std::vector<Column> columns, look_into(feed));
    std::vector<std::string> names;
    Brought brought;
    for (const Column& column : columns) {
      names.push_back(column.name);
      brought.written.push_back(written_as(column.type));
    }
    VIGIE_CHECK(check_columns(feed, names));
    std::string where;
    if (feed.mode == Mode::cursor) {
      VIGIE_TRY(where, condition(feed, columns, since));
      VIGIE_TRY(const bool more, any(feed, where));
      if (since && !more) {
        brought.nothing = true;
        return brought;
      }
      VIGIE_TRY(brought.upto, last_position(feed, columns));
    }
    VIGIE_CHECK(out.header(names));
    VIGIE_CHECK(copy(feed, fmt::format("COPY ({}{}) TO STDOUT (FORMAT csv)", kPostgres.rows(feed), where), out));
    return brought;
  }

  Result<std::vector<std::string>> columns_of(const std::string& table) override {
    const std::string sql = fmt::format(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass({}) AND attnum > 0 AND NOT attisdropped ORDER "
        "BY attnum",
        literal(kPostgres.table(table)));
    const Answer answer(PQexec(connection_.get(), sql.c_str()));
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) return problem(answer.get(), source_.where);
    std::vector<std::string> out;
    for (int row = 0; row < PQntuples(answer.get()); ++row) out.emplace_back(PQgetvalue(answer.get(), row, 0));
    return out;
  }
  const Dialect& dialect() const override { return kPostgres; }

 private:
  /// What the server says, told by its code: the words are in its language.
  std::unexpected<Error> problem(const PGresult* result, const SourcePosition& where) const {
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string code = state == nullptr ? "" : state;
    const std::string said = primary == nullptr ? one_line(PQerrorMessage(connection_.get())) : one_line(primary);
    Error error{"source.unreachable", fmt::format("the connection to the source {} broke off: {}", source_.id, said),
                ErrorKind::unavailable, source_.where, "sync again; nothing was changed"};
    if (code == "42501")
      error = {"source.refused", fmt::format("the source {} refuses: {}", source_.id, said), ErrorKind::unavailable,
               where, "let its user read it: GRANT SELECT ON … TO …"};
    else if (code.starts_with("42") || code.starts_with("3F"))
      error = {"source.rows", fmt::format("the source {} cannot give these rows: {}", source_.id, said),
               ErrorKind::usage, where, "check the table, or the query, and its columns"};
    else if (code.starts_with("22") || code.starts_with("25"))
      error = {"source.rows", fmt::format("the source {} cannot give these rows: {}", source_.id, said),
               ErrorKind::data, where, "check the query: it only reads, and its values must fit what it does to them"};
    return stopped_or(stop_, source_, std::move(error));
  }

  Result<> execute(const char* sql) {
    const Answer answer(PQexec(connection_.get(), sql));
    if (PQresultStatus(answer.get()) == PGRES_COMMAND_OK) return {};
    return problem(answer.get(), source_.where);
  }

  /// Prepared, so that it is one statement whatever a query holds.
  Result<std::vector<Column>> look_into(const Feed& feed) {
    const Answer prepared(PQprepare(connection_.get(), "", kPostgres.rows(feed).c_str(), 0, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return problem(prepared.get(), feed.rows_where);
    const Answer described(PQdescribePrepared(connection_.get(), ""));
    if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return problem(described.get(), feed.rows_where);
    std::vector<Column> out;
    for (int i = 0; i < PQnfields(described.get()); ++i)
      out.push_back({PQfname(described.get(), i), PQftype(described.get(), i)});
    return out;
  }

  Result<Answer> query(const Feed& feed, const std::string& sql) {
    Answer answer(PQexecParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK) return answer;
    return problem(answer.get(), feed.rows_where);
  }

  Result<bool> any(const Feed& feed, const std::string& where) {
    VIGIE_TRY(const Answer answer, query(feed, fmt::format("{}{} LIMIT 1", kPostgres.rows(feed), where)));
    return PQntuples(answer.get()) > 0;
  }

  static Oid type_of(const std::vector<Column>& columns, const std::string& name) {
    return std::ranges::find(columns, name, &Column::name)->type;
  }

  Result<std::string> condition(const Feed& feed, const std::vector<Column>& columns,
                                const std::optional<Position>& since) {
    const Oid type = type_of(columns, feed.cursor);
    if (feed.overlap && feed.overlap->is_time != is_moment(type))
      return fail(ErrorKind::usage, "source.value",
                  is_moment(type) ? fmt::format("the cursor \"{}\" is a time, and its overlap is none", feed.cursor)
                                  : fmt::format("the cursor \"{}\" is no time, and its overlap is one", feed.cursor),
                  feed.overlap_where, is_moment(type) ? "write overlap: 10 minutes" : "write a whole number");
    if (feed.overlap && !is_moment(type) && !is_number(type))
      return fail(ErrorKind::usage, "source.value",
                  fmt::format("the cursor \"{}\" is a text: nothing comes so much before one", feed.cursor),
                  feed.overlap_where, "leave the overlap out, or take a column that is a time or a number");
    if (!since) return std::string();
    const std::string cursor = kPostgres.identifier(feed.cursor);
    const std::string reached = value_of(since->cursor, type);
    if (feed.overlap) {
      const std::string back = feed.overlap->is_time ? fmt::format("interval '{} seconds'", feed.overlap->amount)
                                                     : std::to_string(feed.overlap->amount);
      return fmt::format(" WHERE {0} >= {1} - {2} OR {0} IS NULL", cursor, reached, back);
    }
    if (feed.tie_break.empty() || since->tie.empty())
      return fmt::format(" WHERE {0} >= {1} OR {0} IS NULL", cursor, reached);
    return fmt::format(" WHERE {0} > {1} OR ({0} = {1} AND {2} > {3}) OR {0} IS NULL", cursor, reached,
                       kPostgres.identifier(feed.tie_break), value_of(since->tie, type_of(columns, feed.tie_break)));
  }

  /// A time that is yet to come is a slip: it is read, and the cursor stays before it. Columns are named with their
  /// table: a bare name in ORDER BY means the text that is selected, which has another order and no index.
  Result<std::optional<Position>> last_position(const Feed& feed, const std::vector<Column>& columns) {
    const std::string cursor = "p." + kPostgres.identifier(feed.cursor);
    const std::string tie = feed.tie_break.empty() ? "NULL" : "p." + kPostgres.identifier(feed.tie_break);
    const std::string now =
        is_moment(type_of(columns, feed.cursor)) ? fmt::format(" AND {} <= now() + interval '1 day'", cursor) : "";
    VIGIE_TRY(const Answer answer,
              query(feed, fmt::format("SELECT CAST({0} AS text), CAST({1} AS text) FROM ({2}) AS p WHERE {0} IS NOT "
                                      "NULL{3} ORDER BY {0} DESC{4} LIMIT 1",
                                      cursor, tie, kPostgres.rows(feed), now,
                                      feed.tie_break.empty() ? "" : fmt::format(", {} DESC", tie))));
    if (PQntuples(answer.get()) == 0) return std::nullopt;
    return Position{PQgetvalue(answer.get(), 0, 0), PQgetvalue(answer.get(), 0, 1)};
  }

  Result<> copy(const Feed& feed, const std::string& sql, RowsFile& out) {
    const Answer begun(PQexecParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) return problem(begun.get(), feed.rows_where);
    char* record = nullptr;
    int length = 0;
    Result<> written;
    while ((length = PQgetCopyData(connection_.get(), &record, 0)) > 0) {
      // What cannot be written here is still taken to its end, or stopped: the connection is of no use before.
      if (written) written = out.record({record, static_cast<std::size_t>(length)});
      PQfreemem(record);
    }
    if (length == -2) return problem(nullptr, feed.rows_where);
    Result<> ended;
    while (true) {
      const Answer last(PQgetResult(connection_.get()));
      if (!last) break;
      if (ended && PQresultStatus(last.get()) != PGRES_COMMAND_OK) ended = problem(last.get(), feed.rows_where);
    }
    VIGIE_CHECK(ended);
    return written;
  }

  const Source& source_;
  Stop stop_;
  Connection connection_;
  std::unique_ptr<PGcancel, FreeCancel> cancel_;
  StopWatch watch_;
};

/// What libpq says of a connection that did not come about has no code: it is known by its words, where they are
/// English.
Error refused(const Source& source, std::string_view said) {
  const std::string where = fmt::format("{}:{}", source.host, source.port == 0 ? kDefaultPort : source.port);
  const auto says = [&](std::string_view words) { return said.find(words) != std::string_view::npos; };
  if (says("password authentication failed") || says("no password supplied") || says("Peer authentication failed") ||
      says("28P01"))
    return {"source.refused",
            fmt::format("the source {} does not let the user \"{}\" in: the password is missing or wrong", source.id,
                        source.user),
            ErrorKind::unavailable, source.where, "say password: env:NAME or file:PATH, and check what stands there"};
  if (says("role \"") || says("database \"") || says("no pg_hba.conf entry"))
    return {"source.refused", fmt::format("the source {} refuses: {}", source.id, one_line(said)),
            ErrorKind::unavailable, source.where, "check user and database, and whom the server lets in"};
  return {"source.unreachable", fmt::format("the source {} is not there at {}: {}", source.id, where, one_line(said)),
          ErrorKind::unavailable, source.where, "check host and port, and that the server runs"};
}

}  // namespace

Result<std::unique_ptr<Reader>> open_postgres(const Source& source, const Stop& stop) {
  std::string password;
  if (source.password) {
    VIGIE_TRY(password, source.password->value(source.workspace));
  }
  std::vector<const char*> names, values;
  const std::string port = std::to_string(source.port);
  const auto add = [&](const char* name, const std::string& value) {
    if (value.empty()) return;
    names.push_back(name);
    values.push_back(value.c_str());
  };
  const std::string application = "vigie", seconds = kConnectSeconds;
  add("host", source.host);
  if (source.port != 0) add("port", port);
  add("dbname", source.database);
  add("user", source.user);
  add("password", password);
  add("sslmode", source.tls);
  add("application_name", application);
  add("connect_timeout", seconds);
  names.push_back(nullptr);
  values.push_back(nullptr);
  // 0: what looks like an address in the name of the database is a name.
  Connection connection(PQconnectdbParams(names.data(), values.data(), 0));
  if (PQstatus(connection.get()) != CONNECTION_OK)
    return std::unexpected(refused(source, PQerrorMessage(connection.get())));
  auto reader = std::make_unique<PostgresReader>(source, stop, std::move(connection));
  VIGIE_CHECK(reader->begin());
  return reader;
}

}  // namespace vigie::sources
