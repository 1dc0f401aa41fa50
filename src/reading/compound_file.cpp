#include "reading/compound_file.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace vigie::reading {
namespace {

constexpr std::uint32_t kLastKindOfSector = 0xFFFFFFFA;  // from here on numbers mean "free", "end", "table"
constexpr std::size_t kHeader = 512;

}  // namespace

std::uint32_t CompoundFile::u32(std::size_t at) const {
  std::uint32_t out = 0;
  if (at + sizeof out <= bytes_.size()) std::memcpy(&out, bytes_.data() + at, sizeof out);
  return out;
}

std::uint16_t CompoundFile::u16(std::size_t at) const {
  std::uint16_t out = 0;
  if (at + sizeof out <= bytes_.size()) std::memcpy(&out, bytes_.data() + at, sizeof out);
  return out;
}

std::optional<CompoundFile> CompoundFile::read(std::string bytes) {
  CompoundFile out;
  out.bytes_ = std::move(bytes);
  if (out.bytes_.size() < kHeader || out.u16(28) != 0xFFFE) return std::nullopt;
  const unsigned shift = out.u16(30), small_shift = out.u16(32);
  if ((shift != 9 && shift != 12) || small_shift != 6) return std::nullopt;
  out.sector_ = std::size_t{1} << shift;
  out.small_sector_ = std::size_t{1} << small_shift;
  out.small_limit_ = out.u32(56);
  if (!out.read_table() || !out.read_entries()) return std::nullopt;
  return out;
}

/// Which sector follows which: the table is itself in sectors, the first 109 of them named in the header.
bool CompoundFile::read_table() {
  const std::size_t most = bytes_.size() / sector_ + 1, per_sector = sector_ / 4;
  std::vector<std::uint32_t> sectors;
  for (std::size_t i = 0; i < 109; ++i) sectors.push_back(u32(76 + 4 * i));
  std::uint32_t more = u32(68);
  for (std::size_t read = 0; more < kLastKindOfSector; ++read) {
    const std::size_t at = (more + std::size_t{1}) * sector_;
    if (read > most || at + sector_ > bytes_.size()) return false;
    for (std::size_t i = 0; i + 1 < per_sector; ++i) sectors.push_back(u32(at + 4 * i));
    more = u32(at + 4 * (per_sector - 1));
  }
  for (const std::uint32_t sector : sectors) {
    if (sector >= kLastKindOfSector) continue;
    const std::size_t at = (sector + std::size_t{1}) * sector_;
    if (at + sector_ > bytes_.size() || next_.size() > most + per_sector) return false;
    for (std::size_t i = 0; i < per_sector; ++i) next_.push_back(u32(at + 4 * i));
  }
  return !next_.empty();
}

std::optional<std::string> CompoundFile::chain(std::uint32_t first) const {
  std::string out;
  for (std::uint32_t sector = first; sector < kLastKindOfSector; sector = next_[sector]) {
    const std::size_t at = (sector + std::size_t{1}) * sector_;
    if (sector >= next_.size() || at >= bytes_.size() || out.size() > bytes_.size()) return std::nullopt;
    out.append(bytes_, at, sector_);  // the last one of a file may be cut short
  }
  return out;
}

std::optional<std::string> CompoundFile::small_chain(std::uint32_t first, std::uint64_t size) const {
  std::string out;
  for (std::uint32_t sector = first; sector < kLastKindOfSector && out.size() < size; sector = small_next_[sector]) {
    const std::size_t at = sector * small_sector_;
    if (sector >= small_next_.size() || at >= small_.size() || out.size() > small_.size()) return std::nullopt;
    out.append(small_, at, small_sector_);
  }
  return out;
}

bool CompoundFile::read_entries() {
  const auto folder = chain(u32(48));
  const auto small_table = chain(u32(60));
  if (!folder || !small_table) return false;
  constexpr std::size_t kEntry = 128;
  const auto number = [&](std::size_t at) {
    std::uint32_t out = 0;
    std::memcpy(&out, folder->data() + at, sizeof out);
    return out;
  };
  for (std::size_t at = 0; at + kEntry <= folder->size(); at += kEntry) {
    const unsigned char kind = static_cast<unsigned char>((*folder)[at + 66]);
    if (kind != 2 && kind != 5) continue;
    Entry entry{"", kind == 2, number(at + 116), number(at + 120)};
    for (std::size_t i = 0; i < 64 && ((*folder)[at + i] != 0 || (*folder)[at + i + 1] != 0); i += 2)
      entry.name += (*folder)[at + i + 1] == 0 ? (*folder)[at + i] : '?';
    if (kind == 5 && small_.empty()) {
      auto bytes = chain(entry.first);
      if (!bytes) return false;
      small_ = std::move(*bytes);
    }
    entries_.push_back(std::move(entry));
  }
  for (std::size_t at = 0; at + 4 <= small_table->size(); at += 4) {
    std::uint32_t next = 0;
    std::memcpy(&next, small_table->data() + at, sizeof next);
    small_next_.push_back(next);
  }
  return true;
}

bool CompoundFile::has(std::string_view name) const {
  return std::ranges::any_of(entries_, [&](const Entry& one) { return lower_ascii(one.name) == lower_ascii(name); });
}

std::optional<std::string> CompoundFile::stream(std::string_view name) const {
  const auto found = std::ranges::find_if(
      entries_, [&](const Entry& one) { return one.is_stream && lower_ascii(one.name) == lower_ascii(name); });
  if (found == entries_.end()) return std::nullopt;
  auto out = found->size < small_limit_ ? small_chain(found->first, found->size) : chain(found->first);
  if (!out || out->size() < found->size) return std::nullopt;
  out->resize(found->size);
  return out;
}

}  // namespace vigie::reading
