#include "exports/writer.h"
#include "store/database.h"

namespace vigie::exports {
namespace {

/// So many rows are put in at once.
constexpr std::size_t kRowsAtOnce = 200;

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::text: return "VARCHAR";
    case Kind::boolean: return "BOOLEAN";
    case Kind::integer: return "BIGINT";
    case Kind::number: return "DOUBLE";
    case Kind::exact: return "VARCHAR";  // of every scale: as a text it keeps its digits
    case Kind::date: return "DATE";
    case Kind::moment: return "TIMESTAMPTZ";
  }
  return "";
}

std::string cell_literal(const Cell& cell) {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) return "NULL";
        else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::int64_t>) return fmt::format("{}", value);
        else if constexpr (std::is_same_v<T, double>) return fmt::format("'{}'::DOUBLE", value);
        else if constexpr (std::is_same_v<T, Decimal>) return store::quote_text(value.to_plain());
        else if constexpr (std::is_same_v<T, Date>) return fmt::format("'{}'::DATE", to_string(value));
        else if constexpr (std::is_same_v<T, Moment>) return fmt::format("make_timestamp({})", value.at.micros);
        else return store::quote_text(value);
      },
      cell);
}

class ParquetWriter final : public Writer {
 public:
  explicit ParquetWriter(const Destination& to) : to_(to) {}

  Result<> begin(const std::vector<Column>& columns) override {
    VIGIE_TRY(database_, store::Database::open({.threads = 1}));
    VIGIE_TRY(connection_, database_->connect());
    std::string list;
    for (const Column& column : columns)
      list +=
          fmt::format("{}{} {}", list.empty() ? "" : ", ", store::quote_identifier(column.name), type_of(column.kind));
    return connection_->execute(fmt::format("CREATE TABLE rows ({})", list));
  }

  Result<> row(const Row& row) override {
    rows_ += rows_.empty() ? "(" : ", (";
    for (std::size_t i = 0; i < row.cells.size(); ++i) rows_ += (i > 0 ? ", " : "") + cell_literal(row.cells[i]);
    rows_ += ")";
    return ++waiting_ < kRowsAtOnce ? Result<>() : put();
  }

  Result<> end(const About& /*about*/) override {
    VIGIE_CHECK(put());
    const auto done = connection_->execute(fmt::format(
        "COPY rows TO {} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)", store::quote_text(to_.path)));
    return done ? done : std::unexpected(of_file(done.error(), to_.shown_as));
  }

 private:
  Result<> put() {
    if (waiting_ == 0) return {};
    VIGIE_CHECK(connection_->execute("INSERT INTO rows VALUES " + rows_));
    rows_.clear();
    waiting_ = 0;
    return {};
  }

  const Destination to_;
  std::unique_ptr<store::Database> database_;
  std::optional<store::Connection> connection_;
  std::string rows_;
  std::size_t waiting_ = 0;
};

}  // namespace

std::unique_ptr<Writer> parquet_writer(const Destination& to) { return std::make_unique<ParquetWriter>(to); }

}  // namespace vigie::exports
