#pragma once
#include <cstddef>
#include <cstdint>

namespace vigie::expr {

// What a text may ask for. Each is far beyond what a person writes and well within what a thread's stack, the engines'
// parsers and a second of work allow; each has a test that reaches it.
constexpr std::size_t kMaxTextLength = 64 * 1024;  ///< bytes of one text: expr.too_long
constexpr std::size_t kMaxListLength = 1'000;      ///< values of an in (…), parts of an and, arguments: expr.too_long
constexpr int kMaxDepth = 100;                     ///< operations inside one another: expr.too_deep
constexpr std::int64_t kMaxPrinted = 100'000;      ///< names and values of its query, see weight.h: expr.too_long
constexpr int kMaxScale = 18;                      ///< decimals of a literal or product: expr.type

}  // namespace vigie::expr
