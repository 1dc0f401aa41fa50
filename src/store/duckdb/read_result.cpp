#include "store/duckdb/read_result.h"

#include "store/duckdb/instance.h"

namespace vigie::store {
namespace {

/// Reads one value of a vector that is not null.
using Reader = std::function<Cell(const void* data, idx_t row)>;

struct Reading {
  Column column;
  Reader read;
};

template <class T>
Reader integers() {
  return
      [](const void* data, idx_t row) -> Cell { return static_cast<std::int64_t>(static_cast<const T*>(data)[row]); };
}

template <class T>
Reader reals() {
  return [](const void* data, idx_t row) -> Cell { return static_cast<double>(static_cast<const T*>(data)[row]); };
}

template <class T>
Reader decimals(int scale) {
  return [scale](const void* data, idx_t row) -> Cell {
    return Decimal(static_cast<Int128>(static_cast<const T*>(data)[row]), scale);
  };
}

Reader wide_decimals(int scale) {
  return [scale](const void* data, idx_t row) -> Cell {
    const duckdb_hugeint value = static_cast<const duckdb_hugeint*>(data)[row];
    return Decimal(static_cast<Int128>(value.upper) * (static_cast<Int128>(1) << 64) + static_cast<Int128>(value.lower),
                   scale);
  };
}

/// Timestamps in another unit, as µs; a division rounds down, so that a day never gains from its last nanosecond.
Reader instants(std::int64_t times, std::int64_t per) {
  return [times, per](const void* data, idx_t row) -> Cell {
    const std::int64_t value = static_cast<const std::int64_t*>(data)[row];
    if (per == 1) return value * times;
    return value / per - (value % per < 0 ? 1 : 0);
  };
}

Cell text_at(const void* data, idx_t row) {
  auto* value = const_cast<duckdb_string_t*>(static_cast<const duckdb_string_t*>(data)) + row;
  return std::string(duckdb_string_t_data(value), duckdb_string_t_length(*value));
}

Cell boolean_at(const void* data, idx_t row) { return static_cast<const bool*>(data)[row]; }

Reading decimal_reading(duckdb_logical_type type, std::string name) {
  const int scale = duckdb_decimal_scale(type);
  Column column{std::move(name), expr::Type::number, scale};
  switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT: return {std::move(column), decimals<std::int16_t>(scale)};
    case DUCKDB_TYPE_INTEGER: return {std::move(column), decimals<std::int32_t>(scale)};
    case DUCKDB_TYPE_BIGINT: return {std::move(column), decimals<std::int64_t>(scale)};
    default: return {std::move(column), wide_decimals(scale)};
  }
}

Reading enum_reading(duckdb_logical_type type, std::string name) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (std::uint32_t i = 0; i < duckdb_enum_dictionary_size(type); ++i) {
    char* value = duckdb_enum_dictionary_value(type, i);
    names->emplace_back(value);
    duckdb_free(value);
  }
  const duckdb_type width = duckdb_enum_internal_type(type);
  return {{std::move(name), expr::Type::text, 0}, [names, width](const void* data, idx_t row) -> Cell {
            if (width == DUCKDB_TYPE_UTINYINT) return (*names)[static_cast<const std::uint8_t*>(data)[row]];
            if (width == DUCKDB_TYPE_USMALLINT) return (*names)[static_cast<const std::uint16_t*>(data)[row]];
            return (*names)[static_cast<const std::uint32_t*>(data)[row]];
          }};
}

std::optional<Reading> reading(duckdb_logical_type type, std::string name) {
  using expr::Type;
  const auto made = [&](Type logical, Reader reader) {
    return Reading{{std::move(name), logical, 0}, std::move(reader)};
  };
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_BOOLEAN: return made(Type::boolean, boolean_at);
    case DUCKDB_TYPE_TINYINT: return made(Type::integer, integers<std::int8_t>());
    case DUCKDB_TYPE_SMALLINT: return made(Type::integer, integers<std::int16_t>());
    case DUCKDB_TYPE_INTEGER: return made(Type::integer, integers<std::int32_t>());
    case DUCKDB_TYPE_BIGINT: return made(Type::integer, integers<std::int64_t>());
    case DUCKDB_TYPE_UTINYINT: return made(Type::integer, integers<std::uint8_t>());
    case DUCKDB_TYPE_USMALLINT: return made(Type::integer, integers<std::uint16_t>());
    case DUCKDB_TYPE_UINTEGER: return made(Type::integer, integers<std::uint32_t>());
    case DUCKDB_TYPE_UBIGINT: return made(Type::integer, decimals<std::uint64_t>(0));
    case DUCKDB_TYPE_HUGEINT: return made(Type::integer, wide_decimals(0));
    case DUCKDB_TYPE_FLOAT: return made(Type::real, reals<float>());
    case DUCKDB_TYPE_DOUBLE: return made(Type::real, reals<double>());
    case DUCKDB_TYPE_VARCHAR: return made(Type::text, text_at);
    case DUCKDB_TYPE_DATE: return made(Type::date, integers<std::int32_t>());
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return made(Type::instant, instants(1, 1));
    case DUCKDB_TYPE_TIMESTAMP_S: return made(Type::instant, instants(1'000'000, 1));
    case DUCKDB_TYPE_TIMESTAMP_MS: return made(Type::instant, instants(1'000, 1));
    case DUCKDB_TYPE_TIMESTAMP_NS: return made(Type::instant, instants(1, 1'000));
    case DUCKDB_TYPE_DECIMAL: return decimal_reading(type, std::move(name));
    case DUCKDB_TYPE_ENUM: return enum_reading(type, std::move(name));
    default: return std::nullopt;
  }
}

Result<std::vector<Reading>> readings(duckdb_result& result) {
  std::vector<Reading> all;
  for (idx_t i = 0; i < duckdb_column_count(&result); ++i) {
    const RawType type(duckdb_column_logical_type(&result, i));
    const std::string name = duckdb_column_name(&result, i);
    auto one = reading(type.get(), name);
    if (!one) {
      return fail(ErrorKind::usage, "engine.type",
                  fmt::format("column \"{}\" of the result has a type that is neither a number, a text, a boolean, a "
                              "date nor a timestamp",
                              name),
                  {}, "cast it, for example to VARCHAR");
    }
    all.push_back(std::move(*one));
  }
  return all;
}

void append(duckdb_vector vector, idx_t rows, const Reader& read, std::vector<Cell>& cells) {
  const void* data = duckdb_vector_get_data(vector);
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  for (idx_t row = 0; row < rows; ++row) {
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) {
      cells.emplace_back();
    } else {
      cells.push_back(read(data, row));
    }
  }
}

}  // namespace

namespace {

void append(duckdb_data_chunk chunk, const std::vector<Reading>& all, ResultSet& rows) {
  const idx_t count = duckdb_data_chunk_get_size(chunk);
  for (std::size_t i = 0; i < all.size(); ++i)
    append(duckdb_data_chunk_get_vector(chunk, i), count, all[i].read, rows.column(i));
}

ResultSet no_rows(const std::vector<Reading>& all) {
  std::vector<Column> columns;
  for (const Reading& one : all) columns.push_back(one.column);
  return ResultSet(std::move(columns));
}

}  // namespace

Result<ResultSet> read_result(duckdb_result& result) {
  VIGIE_TRY(const std::vector<Reading> all, readings(result));
  ResultSet rows = no_rows(all);
  while (true) {
    const RawChunk chunk(duckdb_fetch_chunk(result));
    if (!chunk) break;
    append(chunk.get(), all, rows);
  }
  return rows;
}

Result<> read_pieces(duckdb_result& result, const std::function<Result<>(const ResultSet&)>& take) {
  VIGIE_TRY(const std::vector<Reading> all, readings(result));
  ResultSet rows = no_rows(all);
  while (true) {
    const RawChunk chunk(duckdb_fetch_chunk(result));
    if (!chunk) return {};
    for (std::size_t i = 0; i < all.size(); ++i) rows.column(i).clear();
    append(chunk.get(), all, rows);
    VIGIE_CHECK(take(rows));
  }
}

}  // namespace vigie::store
