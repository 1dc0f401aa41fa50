#include <mysql.h>

#include "sources/cursor_sql.h"

namespace vigie::sources {
namespace {

constexpr Dialect kMysql{'`', "INTERVAL {} SECOND", "UTC_TIMESTAMP() + INTERVAL 1 DAY"};
constexpr unsigned kBinary = 63;  ///< the character set of what is no text
constexpr unsigned kMostDigitsBehind = 38;
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

/// What a value is when it arrives.
enum class Form { as_it_is, instant, bits, bytes };

struct MysqlColumn {
  Column column;
  Form form = Form::as_it_is;
};

bool is_of_bytes(const MYSQL_FIELD& field) {
  switch (field.type) {
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_STRING: return field.charsetnr == kBinary;
    case MYSQL_TYPE_GEOMETRY: return true;
    default: return false;
  }
}

MysqlColumn column_of(const MYSQL_FIELD& field) {
  using Kind = Column::Kind;
  const auto of = [&](Kind kind, std::string sql_name, Form form = Form::as_it_is) {
    return MysqlColumn{{.name = std::string(field.name, field.name_length),
                        .kind = kind,
                        .from_text = sql_name.empty() ? "{}" : fmt::format("CAST({{}} AS {})", sql_name)},
                       form};
  };
  const auto moment = [&](std::string sql_name, Form form = Form::as_it_is) {
    MysqlColumn out = of(Kind::moment, std::move(sql_name), form);
    out.column.no_place = "{} = 0";  // the zero date
    return out;
  };
  if (is_of_bytes(field)) {
    MysqlColumn out = of(Kind::bytes, "", Form::bytes);
    out.column.to_text = "LOWER(HEX({}))";
    out.column.from_text = "x{}";
    return out;
  }
  switch (field.type) {
    case MYSQL_TYPE_DATE: return moment("date");
    case MYSQL_TYPE_DATETIME: return moment("datetime(6)");
    case MYSQL_TYPE_TIMESTAMP: return moment("datetime(6)", Form::instant);
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: {
      MysqlColumn out = of(Kind::number, "double");
      out.column.to_text = "CAST({} AS double)";  // a float's own text is another number
      return out;
    }
    case MYSQL_TYPE_NEWDECIMAL:
    case MYSQL_TYPE_DECIMAL:
      return of(Kind::number, fmt::format("decimal(65,{})", std::min(field.decimals, kMostDigitsBehind)));
    case MYSQL_TYPE_BIT: {
      MysqlColumn out = of(Kind::number, "decimal(65,0)", Form::bits);
      out.column.to_text = "CAST({} AS unsigned)";
      return out;
    }
    default: break;
  }
  if (!IS_NUM(field.type)) return of(Kind::text, "");
  // Of unsigned numbers the overlap may go below zero.
  return of(Kind::number, (field.flags & UNSIGNED_FLAG) != 0 ? "decimal(65,0)" : "signed");
}

/// A value as the map reads it; in `text` where it is not as it came.
std::string_view told(std::string_view value, Form form, std::string& text) {
  switch (form) {
    case Form::as_it_is: return value;
    // Which the session tells in UTC; a datetime is the reading of a clock, whose zone the map says.
    case Form::instant: return text = std::string(value) + "Z";
    case Form::bits: {
      std::uint64_t number = 0;
      for (const char c : value) number = number << 8 | static_cast<unsigned char>(c);
      return text = std::to_string(number);
    }
    case Form::bytes:
      text.clear();
      for (const char c : value) fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(c));
      return text;
  }
  return value;
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
    VIGIE_TRY(const std::vector<MysqlColumn> columns, look_into(feed));
    std::vector<Column> asked;
    std::vector<std::string> names;
    Brought brought;
    for (const MysqlColumn& one : columns) {
      asked.push_back(one.column);
      names.push_back(one.column.name);
      brought.written.push_back(written_as(one.column.kind));
    }
    VIGIE_TRY(const CursorSql sql, cursor_sql(kMysql, feed, asked, since));
    VIGIE_CHECK(out.header(names));
    VIGIE_CHECK(copy(feed, sql.rows, columns, out));
    if (sql.last.empty() || out.rows() == 0) return brought;
    VIGIE_TRY(brought.upto, last_position(feed, sql.last));
    brought.upto_in_utc = std::ranges::any_of(
        columns, [&](const MysqlColumn& one) { return one.column.name == feed.cursor && one.form == Form::instant; });
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

  Result<std::vector<MysqlColumn>> look_into(const Feed& feed) {
    VIGIE_TRY(const Answer answer, query(feed.rows_where, kMysql.rows(feed) + " LIMIT 0"));
    std::vector<MysqlColumn> out;
    const MYSQL_FIELD* fields = mysql_fetch_fields(answer.get());
    for (unsigned i = 0; i < mysql_num_fields(answer.get()); ++i) out.push_back(column_of(fields[i]));
    while (mysql_fetch_row(answer.get()) != nullptr) {
    }
    return out;
  }

  Result<std::optional<Position>> last_position(const Feed& feed, const std::string& sql) {
    VIGIE_TRY(const Answer answer, query(feed.rows_where, sql));
    std::optional<Position> out;
    while (const MYSQL_ROW row = mysql_fetch_row(answer.get())) {
      const unsigned long* lengths = mysql_fetch_lengths(answer.get());
      out = Position{std::string(row[0], lengths[0]), std::nullopt};
      if (row[1] != nullptr) out->tie = std::string(row[1], lengths[1]);
    }
    if (mysql_errno(connection_.get()) != 0) return problem(feed.rows_where);
    return out;
  }

  Result<> copy(const Feed& feed, const std::string& sql, const std::vector<MysqlColumn>& columns, RowsFile& out) {
    VIGIE_TRY(const Answer answer, query(feed.rows_where, sql));
    std::vector<std::optional<std::string_view>> values(columns.size());
    std::vector<std::string> texts(columns.size());
    while (const MYSQL_ROW row = mysql_fetch_row(answer.get())) {
      const unsigned long* lengths = mysql_fetch_lengths(answer.get());
      for (std::size_t i = 0; i < columns.size(); ++i)
        values[i] = row[i] == nullptr
                        ? std::nullopt
                        : std::optional(told(std::string_view(row[i], lengths[i]), columns[i].form, texts[i]));
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
