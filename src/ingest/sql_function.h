#pragma once
// What it takes to give the engine a scalar function of ours.
#include <duckdb.h>

#include <vector>

#include "base/result.h"
#include "store/duckdb/guarded.h"
#include "store/duckdb/vectors.h"

namespace vigie::ingest {

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
using store::Output;
using store::Texts;
template <class T>
using Values = store::FixedValues<T>;

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
