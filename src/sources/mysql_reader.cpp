#include <mysql.h>

#include "base/text.h"
#include "sources/reader.h"

namespace vigie::sources {
namespace {

constexpr Dialect kMysql{'`'};
constexpr unsigned kConnectSeconds = 10;
constexpr int kDefaultPort = 3306;

// Of the server (mysqld_error.h, errmsg.h): who may not, what is not there.
enum ServerCode : unsigned {
  kAccessDenied = 1045,
  kDatabaseDenied = 1044,
  kNoDatabase = 1049,
  kTableDenied = 1142,
  kColumnDenied = 1143,
  kNoColumn = 1054,
  kNoTable = 1146,
  kParse = 1064,
  kReadOnly = 1792,
  kFirstOfClient = 2000,
  kLastOfClient = 2999,
};

struct CloseConnection {
  void operator()(MYSQL* connection) const { mysql_close(connection); }
};
struct FreeResult {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Connection = std::unique_ptr<MYSQL, CloseConnection>;
using Answer = std::unique_ptr<MYSQL_RES, FreeResult>;

bool is_moment(enum_field_types type) {
  return type == MYSQL_TYPE_TIMESTAMP || type == MYSQL_TYPE_DATETIME || type == MYSQL_TYPE_DATE;
}
bool is_number(enum_field_types type) { return IS_NUM(type) && type != MYSQL_TYPE_TIMESTAMP; }

ingest::Supply::Written written_as(enum_field_types type) {
  using Written = ingest::Supply::Written;
  return is_number(type) ? Written::number : is_moment(type) ? Written::time : Written::text;
}

struct Column {
  std::string name;
  enum_field_types type = MYSQL_TYPE_NULL;
};

/// The session reads texts as it is told, so that no setting of the server changes what a literal is.
std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string_view sql_name(enum_field_types type) {
  if (type == MYSQL_TYPE_DATE) return "date";
  if (is_moment(type)) return "datetime(6)";
  if (type == MYSQL_TYPE_FLOAT || type == MYSQL_TYPE_DOUBLE) return "double";
  if (type == MYSQL_TYPE_NEWDECIMAL || type == MYSQL_TYPE_DECIMAL) return "decimal(65,10)";
  return is_number(type) ? "signed" : "";
}

/// A text whose type is not among them becomes one of the column's.
std::string value_of(std::string_view text, enum_field_types type) {
  const std::string_view name = sql_name(type);
  return name.empty() ? literal(text) : fmt::format("CAST({} AS {})", literal(text), name);
}

class MysqlReader final : public Reader {
 public:
  MysqlReader(const Source& source, const Stop& stop, Connection connection)
      : source_(source),
        stop_(stop),
        connection_(std::move(connection)),
        watch_(stop_, [this] { mariadb_cancel(connection_.get()); }) {}

  Result<> begin() {
    for (const char* sql : {"SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'", "SET SESSION time_zone = '+00:00'",
                            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"})
      if (mysql_query(connection_.get(), sql) != 0) return problem(source_.where);
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
      brought.upto_in_utc = std::ranges::find(columns, feed.cursor, &Column::name)->type == MYSQL_TYPE_TIMESTAMP;
    }
    VIGIE_CHECK(out.header(names));
    VIGIE_CHECK(copy(feed, kMysql.rows(feed) + where, columns, out));
    return brought;
  }

  Result<std::vector<std::string>> columns_of(const std::string& table) override {
    const auto dot = table.find('.');
    const bool elsewhere = dot != std::string::npos;
    VIGIE_TRY(const Answer answer,
              query(source_.where,
                    fmt::format("SELECT column_name FROM information_schema.columns WHERE table_schema = {} AND "
                                "table_name = {} ORDER BY ordinal_position",
                                elsewhere ? literal(table.substr(0, dot)) : "DATABASE()",
                                literal(elsewhere ? table.substr(dot + 1) : table))));
    std::vector<std::string> out;
    while (const MYSQL_ROW row = mysql_fetch_row(answer.get())) out.emplace_back(row[0]);
    if (mysql_errno(connection_.get()) != 0) return problem(source_.where);
    return out;
  }
  const Dialect& dialect() const override { return kMysql; }

 private:
  std::unexpected<Error> problem(const SourcePosition& where) const {
    const unsigned code = mysql_errno(connection_.get());
    const std::string said = mysql_error(connection_.get());
    if (code == kAccessDenied || code == kDatabaseDenied || code == kTableDenied || code == kColumnDenied)
      return stopped_or(stop_, source_,
                        {"source.refused", fmt::format("the source {} refuses: {}", source_.id, said),
                         ErrorKind::unavailable, where, "let its user read it: GRANT SELECT ON … TO …"});
    if (code >= kFirstOfClient && code <= kLastOfClient)
      return stopped_or(
          stop_, source_,
          {"source.unreachable", fmt::format("the connection to the source {} broke off: {}", source_.id, said),
           ErrorKind::unavailable, source_.where, "sync again; nothing was changed"});
    return stopped_or(stop_, source_,
                      {"source.rows", fmt::format("the source {} cannot give these rows: {}", source_.id, said),
                       ErrorKind::usage, where, "check the table, or the query, and its columns"});
  }

  Result<Answer> query(const SourcePosition& where, const std::string& sql) {
    if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0) return problem(where);
    Answer answer(mysql_use_result(connection_.get()));
    if (!answer) return problem(where);
    return answer;
  }

  Result<std::vector<Column>> look_into(const Feed& feed) {
    VIGIE_TRY(const Answer answer, query(feed.rows_where, kMysql.rows(feed) + " LIMIT 0"));
    std::vector<Column> out;
    const MYSQL_FIELD* fields = mysql_fetch_fields(answer.get());
    for (unsigned i = 0; i < mysql_num_fields(answer.get()); ++i)
      out.push_back({std::string(fields[i].name, fields[i].name_length), fields[i].type});
    while (mysql_fetch_row(answer.get()) != nullptr) {
    }
    return out;
  }

  Result<bool> any(const Feed& feed, const std::string& where) {
    VIGIE_TRY(const Answer answer, query(feed.rows_where, fmt::format("{}{} LIMIT 1", kMysql.rows(feed), where)));
    bool found = false;
    while (mysql_fetch_row(answer.get()) != nullptr) found = true;
    if (mysql_errno(connection_.get()) != 0) return problem(feed.rows_where);
    return found;
  }

  static enum_field_types type_of(const std::vector<Column>& columns, const std::string& name) {
    return std::ranges::find(columns, name, &Column::name)->type;
  }

  Result<std::string> condition(const Feed& feed, const std::vector<Column>& columns,
                                const std::optional<Position>& since) {
    const enum_field_types type = type_of(columns, feed.cursor);
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
    const std::string cursor = kMysql.identifier(feed.cursor);
    const std::string reached = value_of(since->cursor, type);
    if (feed.overlap) {
      const std::string back = feed.overlap->is_time ? fmt::format("INTERVAL {} SECOND", feed.overlap->amount)
                                                     : std::to_string(feed.overlap->amount);
      return fmt::format(" WHERE {0} >= {1} - {2} OR {0} IS NULL", cursor, reached, back);
    }
    if (feed.tie_break.empty() || since->tie.empty())
      return fmt::format(" WHERE {0} >= {1} OR {0} IS NULL", cursor, reached);
    return fmt::format(" WHERE {0} > {1} OR ({0} = {1} AND {2} > {3}) OR {0} IS NULL", cursor, reached,
                       kMysql.identifier(feed.tie_break), value_of(since->tie, type_of(columns, feed.tie_break)));
  }

  Result<std::optional<Position>> last_position(const Feed& feed, const std::vector<Column>& columns) {
    const std::string cursor = kMysql.identifier(feed.cursor);
    const std::string tie = feed.tie_break.empty() ? "NULL" : kMysql.identifier(feed.tie_break);
    const std::string now = is_moment(type_of(columns, feed.cursor))
                                ? fmt::format(" AND {} <= UTC_TIMESTAMP() + INTERVAL 1 DAY", cursor)
                                : "";
    VIGIE_TRY(const Answer answer,
              query(feed.rows_where,
                    fmt::format("SELECT {0}, {1} FROM ({2}) AS p WHERE {0} IS NOT NULL{3} ORDER BY {0} DESC{4} LIMIT 1",
                                cursor, tie, kMysql.rows(feed), now,
                                feed.tie_break.empty() ? "" : fmt::format(", {} DESC", tie))));
    std::optional<Position> out;
    while (const MYSQL_ROW row = mysql_fetch_row(answer.get())) out = Position{row[0], row[1] == nullptr ? "" : row[1]};
    if (mysql_errno(connection_.get()) != 0) return problem(feed.rows_where);
    return out;
  }

  Result<> copy(const Feed& feed, const std::string& sql, const std::vector<Column>& columns, RowsFile& out) {
    VIGIE_TRY(const Answer answer, query(feed.rows_where, sql));
    std::vector<std::optional<std::string_view>> values(columns.size());
    std::vector<std::string> moments(columns.size());
    while (const MYSQL_ROW row = mysql_fetch_row(answer.get())) {
      const unsigned long* lengths = mysql_fetch_lengths(answer.get());
      for (std::size_t i = 0; i < columns.size(); ++i) {
        values[i] = row[i] == nullptr ? std::nullopt : std::optional(std::string_view(row[i], lengths[i]));
        // An instant, which the session tells in UTC; a datetime is the reading of a clock, whose zone the map says.
        if (values[i] && columns[i].type == MYSQL_TYPE_TIMESTAMP) {
          moments[i] = std::string(*values[i]) + "Z";
          values[i] = moments[i];
        }
      }
      VIGIE_CHECK(out.row(values));
    }
    return mysql_errno(connection_.get()) == 0 ? Result<>() : problem(feed.rows_where);
  }

  const Source& source_;
  Stop stop_;
  Connection connection_;
  StopWatch watch_;
};

Error refused(const Source& source, MYSQL* connection) {
  const unsigned code = mysql_errno(connection);
  const std::string said = mysql_error(connection);
  if (code == kAccessDenied)
    return {"source.refused",
            fmt::format("the source {} does not let the user \"{}\" in: the password is missing or wrong", source.id,
                        source.user),
            ErrorKind::unavailable, source.where, "say password: env:NAME or file:PATH, and check what stands there"};
  if (code == kDatabaseDenied || code == kNoDatabase)
    return {"source.refused", fmt::format("the source {} refuses: {}", source.id, said), ErrorKind::unavailable,
            source.where, "check user and database, and whom the server lets in"};
  const std::string where = fmt::format("{}:{}", source.host, source.port == 0 ? kDefaultPort : source.port);
  return {"source.unreachable", fmt::format("the source {} is not there at {}: {}", source.id, where, said),
          ErrorKind::unavailable, source.where, "check host and port, and that the server runs"};
}

/// As libpq reads them: at least so much is asked of the connection.
void set_tls(MYSQL* connection, const std::string& tls) {
  my_bool enforce = tls == "require" || tls == "verify-ca" || tls == "verify-full" ? 1 : 0;
  my_bool verify = tls == "verify-ca" || tls == "verify-full" ? 1 : 0;
  mysql_optionsv(connection, MYSQL_OPT_SSL_ENFORCE, &enforce);
  mysql_optionsv(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

}  // namespace

Result<std::unique_ptr<Reader>> open_mysql(const Source& source, const Stop& stop) {
  std::string password;
  if (source.password) {
    VIGIE_TRY(password, source.password->value(source.workspace));
  }
  Connection connection(mysql_init(nullptr));
  if (!connection) return fail(ErrorKind::internal, "source.memory", "no memory for a connection");
  const unsigned seconds = kConnectSeconds, no_files = 0;
  mysql_optionsv(connection.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_optionsv(connection.get(), MYSQL_OPT_LOCAL_INFILE, &no_files);  // the server asks for no file of ours
  mysql_optionsv(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  set_tls(connection.get(), source.tls);
  const bool is_socket = source.host.starts_with('/');
  if (mysql_real_connect(connection.get(), is_socket ? nullptr : source.host.c_str(), source.user.c_str(),
                         password.c_str(), source.database.c_str(), static_cast<unsigned>(source.port),
                         is_socket ? source.host.c_str() : nullptr, 0) == nullptr)
    return std::unexpected(refused(source, connection.get()));
  auto reader = std::make_unique<MysqlReader>(source, stop, std::move(connection));
  VIGIE_CHECK(reader->begin());
  return reader;
}

}  // namespace vigie::sources
