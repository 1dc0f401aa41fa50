#include "reading/sqlite_tables.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/text.h"
#include "base/utf8.h"
#include "reading/byte_source.h"
#include "reading/cell_value.h"

namespace vigie::reading {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::unexpected<Error> sqlite_error(const std::filesystem::path& file, sqlite3* database, int code) {
  const std::string shown = file.filename().string();
  const std::string said = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  const auto refused = [&] {
    return fail(ErrorKind::data, "sqlite.refused",
                fmt::format("a view of {} does what is not allowed here ({})", shown, said), {file.string()},
                "read its tables instead");
  };
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return fail(ErrorKind::data, "sqlite.not_a_database",
                  fmt::format("{} is no database of SQLite, or an encrypted one", shown), {file.string()},
                  "export its tables as CSV");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return fail(ErrorKind::unavailable, "sqlite.busy", fmt::format("another program is writing to {}", shown),
                  {file.string()}, "close it there, or read a copy");
    case SQLITE_AUTH: return refused();
    case SQLITE_INTERRUPT:
      return fail(ErrorKind::data, "sqlite.slow", fmt::format("a view of {} gives no row in time", shown),
                  {file.string()}, "read its tables instead");
    case SQLITE_CORRUPT:
      return fail(ErrorKind::data, "sqlite.damaged", fmt::format("the database {} is damaged ({})", shown, said),
                  {file.string()}, "fetch it again, or mend it with SQLite's own .recover");
    default:
      if (said.starts_with("unsafe use of ")) return refused();  // SQLite's own word on functions in views
      return fail(ErrorKind::data, "sqlite.unreadable", fmt::format("the database {} cannot be read ({})", shown, said),
                  {file.string()});
  }
}

/// Only what reading takes: also the statements of a view go through here.
int only_reading(void*, int action, const char*, const char*, const char*, const char*) {
  const bool reads =
      action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;
  return reads ? SQLITE_OK : SQLITE_DENY;
}

/// A path as an address, for what may be said after it. A database with a log of its own ("WAL") that lies there alone
/// is read as one that nobody changes: else SQLite would put files beside it.
std::string address_of(const std::filesystem::path& file, std::string_view header) {
  std::string out = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    if (c == '%' || c == '?' || c == '#') out += fmt::format("%{:02X}", static_cast<unsigned>(c));
    else out += c;
  }
  std::error_code ignored;  // no log, then
  const bool with_log = header.size() > 19 && (header[18] == 2 || header[19] == 2);
  const auto log_size = std::filesystem::file_size(file.string() + "-wal", ignored);
  const bool log_is_there = !ignored && log_size > 0;
  return out + (with_log && !log_is_there ? "?mode=ro&immutable=1" : "?mode=ro");
}

class SqliteRecords : public TypedRecords {
 public:
  SqliteRecords(std::filesystem::path file, std::string table, sqlite3* database, Statement statement, bool has_rowid,
                std::chrono::milliseconds patience)
      : file_(std::move(file)),
        table_(std::move(table)),
        database_(database),
        statement_(std::move(statement)),
        has_rowid_(has_rowid),
        patience_(patience) {
    const int first = has_rowid_ ? 1 : 0;
    for (int i = first; i < sqlite3_column_count(statement_.get()); ++i)
      names_.emplace_back(sqlite3_column_name(statement_.get(), i));
    names_ = column_names(std::move(names_));
    blobs_.assign(names_.size(), 0);
    bad_texts_.assign(names_.size(), 0);
  }
  ~SqliteRecords() override { sqlite3_progress_handler(database_, 0, nullptr, nullptr); }
  SqliteRecords(const SqliteRecords&) = delete;
  SqliteRecords& operator=(const SqliteRecords&) = delete;

  const std::vector<std::string>& columns() const override { return names_; }
  std::string place(std::int64_t row) const override { return fmt::format("{}, row {}", table_, row); }
  std::string place(std::int64_t row, std::size_t column) const override {
    return fmt::format("{}, row {}, {}", table_, row, names_.at(column));
  }
  std::vector<SourceNotice> notices() const override {
    std::vector<SourceNotice> out;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (blobs_[i] > 0)
        out.push_back({"sqlite.blobs",
                       fmt::format("values of \"{}\" that are no text (blobs), left empty: {}", names_[i], blobs_[i]),
                       table_});
      if (bad_texts_[i] > 0)
        out.push_back({"sqlite.encoding",
                       fmt::format("texts of \"{}\" that are not in UTF-8: {}", names_[i], bad_texts_[i]), table_});
    }
    return out;
  }

 private:
  Result<bool> read_next(TypedRecord& record) override {
    if (ended_) return false;
    deadline_ = std::chrono::steady_clock::now() + patience_;
    constexpr int kSteps = 100'000;
    sqlite3_progress_handler(database_, kSteps, is_late, this);
    const int told = sqlite3_step(statement_.get());
    if (told == SQLITE_DONE) {
      ended_ = true;
      return false;
    }
    if (told != SQLITE_ROW) return sqlite_error(file_, database_, told);
    ++ordinal_;
    const int first = has_rowid_ ? 1 : 0;
    record.row = has_rowid_ ? sqlite3_column_int64(statement_.get(), 0) : ordinal_;
    record.cells.resize(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i) record.cells[i] = cell(static_cast<int>(i) + first, i);
    return true;
  }
  static int is_late(void* self) {
    return std::chrono::steady_clock::now() > static_cast<SqliteRecords*>(self)->deadline_ ? 1 : 0;
  }
  Cell cell(int index, std::size_t column) {
    sqlite3_stmt* row = statement_.get();
    switch (sqlite3_column_type(row, index)) {
      case SQLITE_INTEGER: return {std::to_string(sqlite3_column_int64(row, index)), CellKind::number};
      case SQLITE_FLOAT: return number(sqlite3_column_double(row, index));
      case SQLITE_BLOB: ++blobs_[column]; return {};
      case SQLITE_NULL: return {};
      default: break;
    }
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(row, index));
    std::string text(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, index)));
    if (!is_utf8(text)) ++bad_texts_[column];
    return text.empty() ? Cell{} : Cell{std::move(text), CellKind::text};
  }
  static Cell number(double value) {
    if (!std::isfinite(value)) return {value > 0 ? "Inf" : "-Inf", CellKind::error};
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    const std::string_view text(digits.data(), static_cast<std::size_t>(end.ptr - digits.data()));
    return {plain_number(text).value_or(std::string(text)), CellKind::number};
  }

  std::filesystem::path file_;
  std::string table_;
  sqlite3* database_;
  Statement statement_;
  bool has_rowid_, ended_ = false;
  std::chrono::milliseconds patience_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> blobs_, bad_texts_;
  std::int64_t ordinal_ = 0;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace

void SqliteDatabase::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& file, SqlitePatience patience) {
  std::string header(100, '\0');
  {
    VIGIE_TRY(const auto bytes, open_bytes(file));
    VIGIE_TRY(const std::size_t got, bytes->read(header));
    header.resize(got);
  }
  if (!header.starts_with(std::string_view("SQLite format 3\0", 16))) return sqlite_error(file, nullptr, SQLITE_NOTADB);
  sqlite3* raw = nullptr;
  const int told = sqlite3_open_v2(address_of(file, header).c_str(), &raw,
                                   SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, Close> database(raw);
  if (told != SQLITE_OK) return sqlite_error(file, raw, told);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, static_cast<int>(patience.with_writers.count()));
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, 64 << 20);
  SqliteDatabase out(file, std::move(database), patience);
  VIGIE_CHECK(out.read_tables());
  sqlite3_set_authorizer(raw, only_reading, nullptr);
  return out;
}

Result<> SqliteDatabase::read_tables() {
  sqlite3_stmt* raw = nullptr;
  int told =
      sqlite3_prepare_v2(database_.get(),
                         "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') "
                         "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                         -1, &raw, nullptr);
  const Statement statement(raw);
  if (told != SQLITE_OK) return sqlite_error(file_, database_.get(), told);
  while ((told = sqlite3_step(raw)) == SQLITE_ROW)
    tables_.push_back({reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)),
                       std::string_view(reinterpret_cast<const char*>(sqlite3_column_text(raw, 1))) == "view"});
  if (told != SQLITE_DONE) return sqlite_error(file_, database_.get(), told);
  return {};
}

Result<std::string> SqliteDatabase::wanted(std::string_view table) const {
  const std::string shown = file_.filename().string();
  std::vector<std::string> names, plain;
  for (const SqliteTable& one : tables_) {
    names.push_back(one.name);
    if (!one.is_view) plain.push_back(one.name);
  }
  if (!table.empty()) {
    const auto same =
        std::ranges::find_if(names, [&](const std::string& one) { return lower_ascii(one) == lower_ascii(table); });
    if (same != names.end()) return *same;
    return fail(ErrorKind::usage, "sqlite.unknown_table",
                fmt::format("the database {} has no table \"{}\"", shown, table), {file_.string()},
                suggestion(table, names));
  }
  if (plain.size() == 1) return plain.front();
  if (names.empty())
    return fail(ErrorKind::data, "sqlite.empty", fmt::format("there is no table in the database {}", shown),
                {file_.string()});
  return fail(ErrorKind::usage, "sqlite.which",
              fmt::format("the database {} holds {} tables and views: {}", shown, names.size(), join(names, ", ")),
              {file_.string()}, "name the one that is meant: table: its name");
}

Result<std::unique_ptr<TypedRecords>> SqliteDatabase::records(std::string_view table) const {
  VIGIE_TRY(const std::string name, wanted(table));
  // The number of a row has three names, and a column may have one of them. A view and a table without have none.
  const bool is_view =
      std::ranges::any_of(tables_, [&](const SqliteTable& one) { return one.name == name && one.is_view; });
  const auto is_there = [&](const char* column) {
    return sqlite3_table_column_metadata(database_.get(), "main", name.c_str(), column, nullptr, nullptr, nullptr,
                                         nullptr, nullptr) == SQLITE_OK;
  };
  const auto prepare = [&](const std::string& sql) -> Result<Statement> {
    sqlite3_stmt* raw = nullptr;
    const int told = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &raw, nullptr);
    Statement statement(raw);
    if (told != SQLITE_OK) return sqlite_error(file_, database_.get(), told);
    return statement;
  };
  for (const char* rowid : {"rowid", "_rowid_", "oid"}) {
    if (is_view || !is_there(rowid)) continue;
    VIGIE_TRY(Statement statement, prepare(fmt::format("SELECT {}, * FROM main.{}", rowid, quoted_name(name))));
    bool is_own_column = false;
    for (int i = 1; i < sqlite3_column_count(statement.get()); ++i)
      is_own_column = is_own_column || lower_ascii(sqlite3_column_name(statement.get(), i)) == rowid;
    if (is_own_column) continue;
    return std::make_unique<SqliteRecords>(file_, name, database_.get(), std::move(statement), true,
                                           patience_.with_a_row);
  }
  VIGIE_TRY(Statement statement, prepare(fmt::format("SELECT * FROM main.{}", quoted_name(name))));
  return std::make_unique<SqliteRecords>(file_, name, database_.get(), std::move(statement), false,
                                         patience_.with_a_row);
}

}  // namespace vigie::reading
