#include "workspace/remembered.h"

#include <charconv>

#include "base/text.h"

namespace vigie::workspace {
namespace {

using store::Cell;
using store::ResultSet;

// An answer is text: a letter for the type of each column, then the rows, their cells told apart by characters that no
// imported text holds.
constexpr char kRow = '\x1e', kCell = '\x1f';
constexpr std::string_view kNull = "\x01";

char letter(expr::Type type) {
  switch (type) {
    case expr::Type::integer: return 'i';
    case expr::Type::boolean: return 'b';
    case expr::Type::text: return 't';
    default: return '?';
  }
}

expr::Type type_of(char letter) {
  return letter == 'i' ? expr::Type::integer : letter == 'b' ? expr::Type::boolean : expr::Type::text;
}

std::string text_of(const Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth ? "1" : "0";
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  return std::string(kNull);
}

Cell cell_of(std::string_view text, expr::Type type) {
  if (text == kNull) return std::monostate{};
  if (type == expr::Type::boolean) return text == "1";
  if (type == expr::Type::text) return std::string(text);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Nothing where a column is of another type, or a text holds what tells cells apart: such an answer is not kept.
std::optional<std::string> written(const ResultSet& rows) {
  std::string out;
  for (const store::Column& column : rows.columns()) out += letter(column.type);
  if (out.find('?') != std::string::npos) return std::nullopt;
  const std::string marks{kRow, kCell, kNull.front()};
  for (std::size_t row = 0; row < rows.rows(); ++row)
    for (std::size_t column = 0; column < rows.columns().size(); ++column) {
      const std::string text = text_of(rows.at(row, column));
      if (!rows.is_null(row, column) && text.find_first_of(marks) != std::string::npos) return std::nullopt;
      out += (column == 0 ? kRow : kCell) + text;
    }
  return out;
}

ResultSet read(std::string_view answer) {
  const auto lines = split(answer, kRow);
  std::vector<store::Column> columns;
  for (const char c : lines.front()) columns.push_back({"", type_of(c), 0});
  ResultSet rows(columns);
  for (const auto& line : std::span(lines).subspan(1)) {
    const auto cells = split(line, kCell);
    for (std::size_t i = 0; i < columns.size(); ++i) rows.column(i).push_back(cell_of(cells[i], columns[i].type));
  }
  return rows;
}

}  // namespace

Result<std::int64_t> last_batch(store::DuckDbSnapshot& data, const store::QueryLimits& limits) {
  VIGIE_TRY(const ResultSet last, data.query("SELECT coalesce(max(batch), 0) FROM _batches", limits));
  return last.int64(0, 0);
}

Result<RememberedQueries> RememberedQueries::open(store::DuckDbSnapshot& data, const store::QueryLimits& limits) {
  RememberedQueries out(data, limits);
  out.limits_.max_rows =
      std::numeric_limits<std::int32_t>::max();  // what is counted here is no answer that somebody reads
  VIGIE_TRY(out.batch_, last_batch(data, limits));
  // A workspace in which nothing was kept yet has no such table.
  VIGIE_TRY(const ResultSet there,
            data.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = '_remembered'", limits));
  if (there.int64(0, 0) == 0) return out;
  VIGIE_TRY(const ResultSet known,
            data.query(fmt::format("SELECT query, answer FROM _remembered WHERE batch = {}", out.batch_), limits));
  for (std::size_t row = 0; row < known.rows(); ++row) out.answers_[known.text(row, 0)] = known.text(row, 1);
  return out;
}

Result<ResultSet> RememberedQueries::query(const std::string& sql) {
  if (const auto known = answers_.find(sql); known != answers_.end()) return read(known->second);
  VIGIE_TRY(ResultSet rows, data_->query(sql, limits_));
  if (auto answer = written(rows)) answers_[sql] = std::move(*answer), fresh_ = true;
  return rows;
}

Result<> RememberedQueries::keep(store::Database& database) const {
  if (!fresh_) return {};
  VIGIE_TRY(store::Connection connection, database.connect());
  return connection.transaction([&]() -> Result<> {
    std::string values;
    for (const auto& [query, answer] : answers_)
      values += fmt::format("{}({}, {}, {})", values.empty() ? "" : ", ", batch_, store::quote_text(query),
                            store::quote_text(answer));
    return connection.execute(
        fmt::format("CREATE TABLE IF NOT EXISTS _remembered(batch BIGINT, query VARCHAR, answer VARCHAR);"
                    "DELETE FROM _remembered; INSERT INTO _remembered VALUES {}",
                    values));
  });
}

}  // namespace vigie::workspace
