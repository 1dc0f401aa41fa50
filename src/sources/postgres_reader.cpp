#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/text.h"
#include "sources/cursor_sql.h"

namespace vigie::sources {
namespace {

constexpr Dialect kPostgres{'"', "interval '{} seconds'", "now() + interval '1 day'"};
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
  kBytea = 17,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kFloat4 = 700,
  kFloat8 = 701,
  kDate = 1082,
  kTimestamp = 1114,
  kTimestampTz = 1184,
  kNumeric = 1700,
};

/// Infinite and undefined values stand before or behind all others, and at no place among them.
constexpr std::string_view kNoMoment = "{} IN ('infinity', '-infinity')",
                           kNoNumber = "{} IN ('NaN', 'Infinity', '-Infinity')", kNoNumberOld = "{} = 'NaN'";
constexpr int kInfiniteNumerics = 140'000;  ///< the version of the server that brought them

Column column_of(std::string name, Oid type, int server) {
  using Kind = Column::Kind;
  const auto of = [&](Kind kind, std::string_view sql_name, std::string_view no_place = {}) {
    return Column{std::move(name), kind, "CAST({} AS text)",
                  sql_name.empty() ? "{}" : fmt::format("CAST({{}} AS {})", sql_name), std::string(no_place)};
  };
  switch (type) {
    case kInt8:
    case kInt2:
    case kInt4: return of(Kind::number, "bigint");
    case kFloat4: return of(Kind::number, "real", kNoNumber);
    case kFloat8: return of(Kind::number, "double precision", kNoNumber);
    case kNumeric: return of(Kind::number, "numeric", server >= kInfiniteNumerics ? kNoNumber : kNoNumberOld);
    case kDate: return of(Kind::moment, "date", kNoMoment);
    case kTimestamp: return of(Kind::moment, "timestamp", kNoMoment);
    case kTimestampTz: return of(Kind::moment, "timestamptz", kNoMoment);
    case kBytea: return of(Kind::bytes, "bytea");
    default: return of(Kind::text, "");  // the literal itself becomes one of the column's type
  }
}

std::string one_line(std::string_view text) {
  std::string out(trim(text));
  std::ranges::replace(out, '\n', ' ');
  return out;
}

/// Ends what the server does, and then the wait for it: a server that is silent answers neither. Of the socket it has
/// a handle of its own, so that it never closes what libpq has closed and somebody else has opened since.
class Interrupt {
 public:
  explicit Interrupt(PGconn* connection)
      : cancel_(PQgetCancel(connection), FreeCancel()), socket_(::fcntl(PQsocket(connection), F_DUPFD_CLOEXEC, 0)) {}
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt() {
    if (socket_ >= 0) ::close(socket_);
  }

  /// Called again and again, by one thread at a time.
  void operator()() {
    const auto now = std::chrono::steady_clock::now();
    if (asked_ == std::chrono::steady_clock::time_point{}) {
      asked_ = now;
      ask_server();
    } else if (now - asked_ > kLongestAnswer) {
      ::shutdown(socket_, SHUT_RDWR);
    }
  }

 private:
  /// PQcancel waits for the server for as long as it likes: nobody waits for PQcancel.
  void ask_server() {
    try {
      std::thread([cancel = cancel_] {
        std::array<char, 256> why{};  // that it cannot be stopped shows when it does not stop
        PQcancel(cancel.get(), why.data(), static_cast<int>(why.size()));
      }).detach();
    } catch (const std::system_error&) {  // no thread to be had: the end of the connection has to do
    }
  }

  static constexpr std::chrono::seconds kLongestAnswer{3};
  std::shared_ptr<PGcancel> cancel_;
  int socket_;
  std::chrono::steady_clock::time_point asked_{};
};

class PostgresReader final : public Reader {
 public:
  PostgresReader(const Source& source, const Stop& stop, Connection connection)
      : source_(source),
        stop_(stop),
        connection_(std::move(connection)),
        interrupt_(connection_.get()),
        watch_(stop_, [this] { interrupt_(); }) {}

  /// One state of the database for all that is read, and values written in one way whoever set what for this user.
  Result<> begin() {
    for (const char* sql : {"SET client_encoding = 'UTF8'", "SET TimeZone = 'UTC'", "SET DateStyle = 'ISO, YMD'",
                            "SET IntervalStyle = 'iso_8601'", "SET extra_float_digits = 1", "SET bytea_output = 'hex'",
                            "SET synchronize_seqscans = off", "SET standard_conforming_strings = on"})
      VIGIE_CHECK(execute(sql));
    // Where we are gone, the server must not go on for us.
    VIGIE_CHECK(execute(fmt::format("SET statement_timeout = '{} min'", source_.longest.count()).c_str()));
    return execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  Result<Brought> read(const Feed& feed, const std::optional<Position>& since, RowsFile& out) override {
    VIGIE_TRY(const std::vector<Column> columns, look_into(feed));
    VIGIE_TRY(const CursorSql sql, cursor_sql(kPostgres, feed, columns, since));
    std::vector<std::string> names;
    Brought brought;
    for (const Column& column : columns) {
      names.push_back(column.name);
      brought.written.push_back(written_as(column.kind));
    }
    VIGIE_CHECK(out.header(names));
    VIGIE_CHECK(copy(feed, fmt::format("COPY ({}) TO STDOUT (FORMAT csv)", sql.rows), out));
    if (sql.last.empty() || out.rows() == 0) return brought;
    VIGIE_TRY(brought.upto, last_position(feed, sql.last));
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
      out.push_back(
          column_of(PQfname(described.get(), i), PQftype(described.get(), i), PQserverVersion(connection_.get())));
    return out;
  }

  Result<Answer> query(const Feed& feed, const std::string& sql) {
    Answer answer(PQexecParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    if (PQresultStatus(answer.get()) == PGRES_TUPLES_OK) return answer;
    return problem(answer.get(), feed.rows_where);
  }

  Result<std::optional<Position>> last_position(const Feed& feed, const std::string& sql) {
    VIGIE_TRY(const Answer answer, query(feed, sql));
    if (PQntuples(answer.get()) == 0) return std::nullopt;
    Position out{PQgetvalue(answer.get(), 0, 0), std::nullopt};
    if (PQgetisnull(answer.get(), 0, 1) == 0) out.tie = PQgetvalue(answer.get(), 0, 1);
    return out;
  }

  Result<> copy(const Feed& feed, const std::string& sql, RowsFile& out) {
    const Answer begun(PQexecParams(connection_.get(), sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0));
    if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) return problem(begun.get(), feed.rows_where);
    char* record = nullptr;
    int length = 0;
    while ((length = PQgetCopyData(connection_.get(), &record, 0)) > 0) {
      const Result<> written = out.record({record, static_cast<std::size_t>(length)});
      PQfreemem(record);
      VIGIE_CHECK(written);  // the connection ends with the sync, and the server hears of it
    }
    if (length == -2) return problem(nullptr, feed.rows_where);
    Result<> ended;
    while (true) {
      const Answer last(PQgetResult(connection_.get()));
      if (!last) break;
      if (ended && PQresultStatus(last.get()) != PGRES_COMMAND_OK) ended = problem(last.get(), feed.rows_where);
    }
    return ended;
  }

  const Source& source_;
  Stop stop_;
  Connection connection_;
  Interrupt interrupt_;
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
  const std::string application = "vigie", seconds = kConnectSeconds, idle = "30", count = "3", unanswered = "120000";
  add("host", source.host);
  if (source.port != 0) add("port", port);
  add("dbname", source.database);
  add("user", source.user);
  add("password", password);
  add("sslmode", source.tls);
  add("application_name", application);
  add("connect_timeout", seconds);
  // Of a machine that is gone without a word it is known after two minutes.
  add("keepalives_idle", idle);
  add("keepalives_interval", idle);
  add("keepalives_count", count);
  add("tcp_user_timeout", unanswered);
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
