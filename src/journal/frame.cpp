#include "journal/frame.h"

#include "journal/crc32c.h"

namespace vigie::journal {
namespace {

std::uint32_t sum_of(std::uint64_t salt, std::uint32_t length, std::string_view body) {
  std::string before;
  append_number(before, salt);
  append_number(before, length);
  return crc32c(body, crc32c(before));
}

}  // namespace

std::size_t frame_size(std::string_view source, std::string_view key, std::string_view payload) {
  return kFrameHead + kBodyHead + source.size() + key.size() + payload.size();
}

void append_frame(std::string& out, std::uint64_t salt, const Record& record) {
  const std::size_t begin = out.size();
  out += kFrameMark;
  append_number(out, std::uint32_t{0});
  append_number(out, std::uint32_t{0});
  append_number(out, record.sequence);
  append_number(out, record.durable);
  append_number(out, record.received.micros);
  append_number(out, static_cast<std::uint16_t>(record.source.size()));
  append_number(out, static_cast<std::uint16_t>(record.key.size()));
  out.append(record.source).append(record.key).append(record.payload);
  const std::string_view body = std::string_view(out).substr(begin + kFrameHead);
  std::string head;
  const std::uint32_t length = static_cast<std::uint32_t>(body.size()) | (record.more ? kMoreFollows : 0);
  append_number(head, length);
  append_number(head, sum_of(salt, length, body));
  out.replace(begin + kFrameMark.size(), head.size(), head);
}

std::size_t body_length(std::string_view frame_head) {
  return std::min<std::size_t>(number_at<std::uint32_t>(frame_head, kFrameMark.size()) & ~kMoreFollows, kMostBody);
}

std::optional<Frame> frame_at(std::string_view bytes, std::uint64_t salt) {
  if (bytes.size() < kFrameHead + kBodyHead || !bytes.starts_with(kFrameMark)) return std::nullopt;
  const auto written = number_at<std::uint32_t>(bytes, kFrameMark.size());
  const std::size_t length = written & ~kMoreFollows;
  if (length < kBodyHead || length > kMostBody || length > bytes.size() - kFrameHead) return std::nullopt;
  const std::string_view body = bytes.substr(kFrameHead, length);
  if (number_at<std::uint32_t>(bytes, 8) != sum_of(salt, written, body)) return std::nullopt;
  const std::size_t source = number_at<std::uint16_t>(body, 24), key = number_at<std::uint16_t>(body, 26);
  if (kBodyHead + source + key > length) return std::nullopt;
  Frame out{.record = {}, .size = kFrameHead + length};
  out.record.sequence = number_at<Sequence>(body, 0);
  out.record.durable = number_at<Sequence>(body, 8);
  out.record.received = Instant{number_at<std::int64_t>(body, 16)};
  out.record.source = body.substr(kBodyHead, source);
  out.record.key = body.substr(kBodyHead + source, key);
  out.record.payload = body.substr(kBodyHead + source + key);
  out.record.more = (written & kMoreFollows) != 0;
  return out;
}

}  // namespace vigie::journal
