#pragma once
#include <duckdb.h>

#include <exception>
#include <new>

namespace vigie::store {

/// What a function says that found no memory; engine_error knows it by these words.
constexpr const char* kNoMemory = "not enough memory";

/// The body of a function as the engine may call it: the engine is written in C to us, nothing may fly through it. What
/// the body throws, lack of memory above all, fails the statement that called it, and that alone.
template <duckdb_scalar_function_t body>
void guarded(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  try {
    body(info, input, output);
  } catch (const std::bad_alloc&) {
    duckdb_scalar_function_set_error(info, kNoMemory);
  } catch (const std::exception& error) {
    duckdb_scalar_function_set_error(info, error.what());
  }
}

}  // namespace vigie::store
