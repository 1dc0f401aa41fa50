#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::reading {

/// The streams of a compound file (MS-CFB): a small file system in a file, as old Office programs write it.
///
/// Every chain of sectors is bounded by the size of the file, so that a damaged one ends in nothing.
class CompoundFile {
 public:
  static std::optional<CompoundFile> read(std::string bytes);

  bool has(std::string_view name) const;
  /// The bytes of a stream of the root folder; empty where it is not there or its sectors do not add up.
  std::optional<std::string> stream(std::string_view name) const;

 private:
  struct Entry {
    std::string name;  ///< letters beyond ASCII as "?"
    bool is_stream = false;
    std::uint32_t first = 0;
    std::uint64_t size = 0;
  };
  std::uint32_t u32(std::size_t at) const;
  std::uint16_t u16(std::size_t at) const;
  bool read_table();
  bool read_entries();
  std::optional<std::string> chain(std::uint32_t first) const;
  std::optional<std::string> small_chain(std::uint32_t first, std::uint64_t size) const;

  std::string bytes_;
  std::size_t sector_ = 512, small_sector_ = 64;
  std::uint32_t small_limit_ = 4096;
  std::vector<std::uint32_t> next_, small_next_;
  std::string small_;  ///< the bytes of all small streams
  std::vector<Entry> entries_;
};

}  // namespace vigie::reading
