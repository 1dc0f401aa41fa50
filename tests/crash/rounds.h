#pragma once
#include <algorithm>
#include <cstdlib>

namespace vigie {

/// How many of the rounds in which a process is killed are one story's, of `of_thirty` out of thirty. In CI there are
/// those thirty; VIGIE_CRASH_ROUNDS=500 has five hundred.
inline int crash_rounds(int of_thirty) {
  constexpr int kAll = 30;
  const char* const wanted = std::getenv("VIGIE_CRASH_ROUNDS");
  const int all = wanted == nullptr ? kAll : std::max(kAll, std::atoi(wanted));
  return (all * of_thirty + kAll - 1) / kAll;
}

}  // namespace vigie
