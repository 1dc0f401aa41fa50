// The format: RFC 8878, 3.1.
#include <algorithm>

#include "base/packed.h"

namespace vigie {
namespace {

std::uint32_t number_of(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) out = out << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return out;
}

constexpr std::uint32_t kFrame = 0xFD2FB528, kSkippable = 0x184D2A50, kSkippableMask = 0xFFFFFFF0;
constexpr std::size_t kMagicBytes = 4, kBlockHeaderBytes = 3, kChecksumBytes = 4;

/// What follows the descriptor in the header of a frame: the window, the number of a dictionary, the size.
std::size_t rest_of_header(std::uint32_t descriptor) {
  const bool single = (descriptor >> 5 & 1) != 0;
  constexpr std::size_t kDictionary[] = {0, 1, 2, 4}, kSize[] = {0, 2, 4, 8};
  const std::size_t size = descriptor >> 6 == 0 && single ? 1 : kSize[descriptor >> 6 & 3];
  return (single ? 0 : 1) + kDictionary[descriptor & 3] + size;
}

}  // namespace

void ZstdWatch::read(std::string_view bytes) {
  while (!bytes.empty() && place_ != Place::broken) {
    const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
    skip_ -= passed;
    bytes.remove_prefix(passed);
    const std::size_t more = std::min(wanted_ - part_.size(), bytes.size());
    part_ += bytes.substr(0, more);
    bytes.remove_prefix(more);
    if (skip_ == 0 && part_.size() == wanted_) take();
  }
}

void ZstdWatch::take() {
  const std::uint32_t number = number_of(part_);
  part_.clear();
  const auto next = [this](Place place, std::size_t wanted, std::uint64_t skip) {
    place_ = place;
    wanted_ = wanted;
    skip_ = skip;
  };
  switch (place_) {
    case Place::frame:
      any_frame_ = true;
      if (number == kFrame) next(Place::descriptor, 1, 0);
      else if ((number & kSkippableMask) == kSkippable) next(Place::skipped_size, kMagicBytes, 0);
      else place_ = Place::broken;
      return;
    case Place::skipped_size: return next(Place::frame, kMagicBytes, number);
    case Place::descriptor:
      has_checksum_ = (number >> 2 & 1) != 0;
      return next(Place::block, kBlockHeaderBytes, rest_of_header(number));
    case Place::block: {
      constexpr std::uint32_t kRepeated = 1, kReserved = 3;
      const std::uint32_t kind = number >> 1 & 3;
      const std::uint64_t size = kind == kRepeated ? 1 : number >> 3;
      if (kind == kReserved) place_ = Place::broken;
      else if ((number & 1) == 0) next(Place::block, kBlockHeaderBytes, size);
      else next(Place::frame, kMagicBytes, size + (has_checksum_ ? kChecksumBytes : 0));
      return;
    }
    case Place::broken: return;
  }
}

Packed ZstdWatch::state() const {
  if (place_ == Place::broken) return Packed::damaged;
  return any_frame_ && place_ == Place::frame && skip_ == 0 && part_.empty() ? Packed::whole : Packed::cut;
}

}  // namespace vigie
