#pragma once
// What a scalar function reads and writes: columns of its arguments and of its results.
#include <duckdb.h>

#include <cstdint>
#include <string_view>

namespace vigie::store {

/// One argument column of fixed width.
template <class T>
class FixedValues {
 public:
  FixedValues(duckdb_data_chunk input, idx_t argument) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(input, argument);
    data_ = static_cast<const T*>(duckdb_vector_get_data(vector));
    validity_ = duckdb_vector_get_validity(vector);
  }
  bool is_null(idx_t row) const { return validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0; }
  T at(idx_t row) const { return data_[row]; }

 private:
  const T* data_;
  const std::uint64_t* validity_;
};

/// The texts of one argument.
class Texts {
 public:
  Texts(duckdb_data_chunk input, idx_t argument) {
    const duckdb_vector vector = duckdb_data_chunk_get_vector(input, argument);
    data_ = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    validity_ = duckdb_vector_get_validity(vector);
  }
  bool is_null(idx_t row) const { return validity_ != nullptr && (validity_[row / 64] >> (row % 64) & 1) == 0; }
  std::string_view at(idx_t row) const {
    const duckdb_string_t& text = data_[row];
    const std::uint32_t length = text.value.inlined.length;
    constexpr std::uint32_t kInlined = 12;
    return {length <= kInlined ? text.value.inlined.inlined : text.value.pointer.ptr, length};
  }
  /// A constant argument: the same on every row.
  std::string_view constant(idx_t rows) const { return rows == 0 || is_null(0) ? std::string_view() : at(0); }

 private:
  duckdb_string_t* data_;
  std::uint64_t* validity_;
};

/// One result column of fixed width.
template <class T>
class Output {
 public:
  explicit Output(duckdb_vector vector) : data_(static_cast<T*>(duckdb_vector_get_data(vector))) {
    duckdb_vector_ensure_validity_writable(vector);
    validity_ = duckdb_vector_get_validity(vector);
  }
  void set(idx_t row, T value) { data_[row] = value; }
  void set_null(idx_t row) { validity_[row / 64] &= ~(std::uint64_t{1} << (row % 64)); }

 private:
  T* data_;
  std::uint64_t* validity_;
};

}  // namespace vigie::store
