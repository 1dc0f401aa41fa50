#pragma once
#include <cstdio>
#include <cstdlib>

#include "base/result.h"

namespace vigie {

/// The value; who has none of it says why, and the program ends.
template <class T>
T must(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().text());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace vigie
