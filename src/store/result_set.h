#pragma once
#include <optional>

#include "base/decimal.h"
#include "store/rel.h"

namespace vigie::store {

/// One value of a result. Integers, days, instants (µs) and durations are Int64; decimals keep their scale.
using Cell = std::variant<std::monostate, bool, std::int64_t, Decimal, double, std::string>;

/// Rows of a query, in memory, by column. Answers are small by construction (the engine aggregates); a caller that may
/// get many rows sets QueryLimits::max_rows.
class ResultSet {
 public:
  explicit ResultSet(std::vector<Column> columns) : columns_(std::move(columns)), data_(columns_.size()) {}
  const std::vector<Column>& columns() const { return columns_; }
  std::size_t rows() const { return data_.empty() ? 0 : data_.front().size(); }
  std::size_t index_of(std::string_view name) const;  ///< throws where there is none

  const Cell& at(std::size_t row, std::size_t column) const { return data_[column][row]; }
  bool is_null(std::size_t row, std::size_t column) const {
    return std::holds_alternative<std::monostate>(at(row, column));
  }
  std::int64_t int64(std::size_t row, std::size_t column) const;  ///< null reads as 0; a decimal of scale 0 is accepted
  Decimal decimal(std::size_t row, std::size_t column) const;     ///< null reads as 0; integers are accepted
  double real(std::size_t row, std::size_t column) const;
  bool boolean(std::size_t row, std::size_t column) const;
  const std::string& text(std::size_t row, std::size_t column) const;  ///< null reads as ""

  std::vector<Cell>& column(std::size_t index) { return data_[index]; }

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> data_;
};

}  // namespace vigie::store
