#include "store/result_set.h"

#include <stdexcept>

namespace vigie::store {
namespace {

template <class T>
const T* as(const Cell& cell) {
  return std::get_if<T>(&cell);
}

/// A result that is read as what it is not is our own mistake: it stops the request, not the server with all others.
[[noreturn]] void wrong_type(const Column& column, const char* wanted) {
  throw std::logic_error(fmt::format("column {} of a result is read as {}, which it is not", column.name, wanted));
}

}  // namespace

std::size_t ResultSet::index_of(std::string_view name) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == name) return i;
  }
  wrong_type({std::string(name), {}, 0}, "a column of it");
}

std::int64_t ResultSet::int64(std::size_t row, std::size_t column) const {
  const Cell& cell = at(row, column);
  if (as<std::monostate>(cell) != nullptr) return 0;
  if (const auto* value = as<std::int64_t>(cell)) return *value;
  if (const auto* value = as<Decimal>(cell)) {
    const Int128 units = value->units();
    if (value->scale() == 0 && units == static_cast<std::int64_t>(units)) return static_cast<std::int64_t>(units);
  }
  wrong_type(columns_[column], "an integer of 64 bits");
}

Decimal ResultSet::decimal(std::size_t row, std::size_t column) const {
  const Cell& cell = at(row, column);
  if (as<std::monostate>(cell) != nullptr) return {};
  if (const auto* value = as<Decimal>(cell)) return *value;
  if (const auto* value = as<std::int64_t>(cell)) return Decimal::integer(*value);
  wrong_type(columns_[column], "an exact number");
}

double ResultSet::real(std::size_t row, std::size_t column) const {
  const Cell& cell = at(row, column);
  if (as<std::monostate>(cell) != nullptr) return 0;
  if (const auto* value = as<double>(cell)) return *value;
  if (const auto* value = as<Decimal>(cell)) return value->to_double();
  if (const auto* value = as<std::int64_t>(cell)) return static_cast<double>(*value);
  wrong_type(columns_[column], "a number");
}

bool ResultSet::boolean(std::size_t row, std::size_t column) const {
  const Cell& cell = at(row, column);
  if (as<std::monostate>(cell) != nullptr) return false;
  if (const auto* value = as<bool>(cell)) return *value;
  wrong_type(columns_[column], "a boolean");
}

const std::string& ResultSet::text(std::size_t row, std::size_t column) const {
  static const std::string kEmpty;
  const Cell& cell = at(row, column);
  if (as<std::monostate>(cell) != nullptr) return kEmpty;
  if (const auto* value = as<std::string>(cell)) return *value;
  wrong_type(columns_[column], "a text");
}

}  // namespace vigie::store
