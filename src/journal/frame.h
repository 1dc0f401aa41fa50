#pragma once
// Private to journal/: one record as bytes.
//
//   mark      4   "VJR1", so that the next frame can be looked for behind a broken one
//   length    4   of the body; its highest bit says that the next frame is of the same request: one without the other
//                 was never acknowledged
//   CRC-32C   4   of salt, length and body; the salt is the segment's, so that no payload can hold a frame that checks
//   body          sequence 8, durable 8, received 8 (µs UTC), length of source 2, length of key 2, source, key, payload
//
// Numbers with the low byte first.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace vigie::journal {

/// Numbers of records, from 1, without holes.
using Sequence = std::uint64_t;

constexpr std::size_t kMostText = 1024;
constexpr std::size_t kMostPayload = 11UL << 20;
constexpr std::size_t kFrameHead = 12, kBodyHead = 28;
constexpr std::size_t kMostBody = kBodyHead + 2 * kMostText + kMostPayload;
constexpr std::string_view kFrameMark = "VJR1";
constexpr std::uint32_t kMoreFollows = std::uint32_t{1} << 31;
/// How long the body is whose frame begins so; at most kMostBody, whatever stands there.
std::size_t body_length(std::string_view frame_head);

struct Record {
  Sequence sequence = 0;
  Sequence durable = 0;  ///< the last one that was durable when this one was written
  Instant received{};
  std::string source, key, payload;
  bool more = false;  ///< the next one came with it, in one request
};

/// The bytes of a number, and the number of bytes.
template <class Number>
void append_number(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}
template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<Number>(value);
}

void append_frame(std::string& out, std::uint64_t salt, const Record& record);
std::size_t frame_size(std::string_view source, std::string_view key, std::string_view payload);

struct Frame {
  Record record;
  std::size_t size = 0;  ///< bytes that it takes
};
/// The frame that stands at the beginning of these bytes; nothing where none does that checks.
std::optional<Frame> frame_at(std::string_view bytes, std::uint64_t salt);

}  // namespace vigie::journal
