#pragma once
#include <cstdint>

namespace vigie {

/// Division that rounds down below zero too: an instant before 1970 lies on the day that begins before it.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}
/// What is left of it: from 0 to below a `b` above 0.
constexpr int floor_mod(std::int64_t a, int b) { return static_cast<int>(a - floor_div(a, b) * b); }

}  // namespace vigie
