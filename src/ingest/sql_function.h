#pragma once
// What it takes to give the engine a scalar function: columns of arguments and results, and the registration.
#include <duckdb.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/duckdb/guarded.h"

namespace vigie::ingest {

/// One argument column of fixed width.
template <class T>
class Values {
 public:
  Values(duckdb_data_chunk input, idx_t argument) {
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

class LogicalType {
 public:
  explicit LogicalType(duckdb_logical_type type) : type_(type) {}
  LogicalType(const LogicalType&) = delete;
  LogicalType& operator=(const LogicalType&) = delete;
  ~LogicalType() { duckdb_destroy_logical_type(&type_); }
  duckdb_logical_type get() const { return type_; }

 private:
  duckdb_logical_type type_;
};

inline duckdb_logical_type simple(duckdb_type type) { return duckdb_create_logical_type(type); }

using store::guarded;

struct Signature {
  const char* name;
  std::vector<duckdb_logical_type> arguments;  ///< owned by the call
  duckdb_logical_type result;
  duckdb_scalar_function_t body;  ///< guarded<…>
};

/// What a function keeps between calls, and how it ends with the database.
struct FunctionState {
  void* state;
  duckdb_delete_callback_t destroy;
};

enum class Calls { pure, with_effects };  ///< those with effects are called once for each row, and never at planning

Result<> add_function(duckdb_connection connection, const Signature& signature, FunctionState state, Calls calls);

}  // namespace vigie::ingest
