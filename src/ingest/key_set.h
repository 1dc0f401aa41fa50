#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "ingest/zeroed_array.h"

namespace vigie::ingest {

/// A set of keys that any number of threads fill at once: whether a batch brings some key twice, in one scan over it.
/// Open addressing, at least a quarter of the places free; none is ever emptied.
class KeySet {
 public:
  explicit KeySet(std::size_t most_keys) : mask_(places(most_keys) - 1), keys_(places(most_keys)) {}
  static std::size_t bytes(std::size_t most_keys) { return places(most_keys) * sizeof(std::int64_t); }

  /// Where a key goes lies far off in memory: fetched for many keys ahead, they wait for it together.
  void fetch(std::int64_t key) const { __builtin_prefetch(&keys_[static_cast<std::uint64_t>(key) & mask_], 1); }

  /// True for the first of equal keys, whoever comes first. No more than `most_keys` different ones may come.
  bool add(std::int64_t key) {
    if (key == kNone) return !none_.exchange(true, std::memory_order_relaxed);
    // Keys are hashes already: their own bits say where they go.
    for (std::size_t place = static_cast<std::uint64_t>(key) & mask_;; place = (place + 1) & mask_) {
      const std::atomic_ref<std::int64_t> there(keys_[place]);
      std::int64_t found = there.load(std::memory_order_relaxed);
      if (found == kNone &&
          there.compare_exchange_strong(found, key, std::memory_order_relaxed, std::memory_order_relaxed))
        return true;
      if (found == key) return false;  // also when another thread has just put it there
    }
  }

 private:
  static constexpr std::int64_t kNone = 0;  ///< an empty place; the key 0 has a flag of its own
  static std::size_t places(std::size_t most_keys) { return std::bit_ceil(most_keys + most_keys / 3 + 2); }

  std::size_t mask_;
  ZeroedArray<std::int64_t> keys_;
  std::atomic<bool> none_ = false;
};

/// Which keys came lately, so that the text behind a key is kept once in a while instead of on every row. Of fixed
/// size: a key may be news again after others took its place, but what is told to be seen was: key and text alike.
class SeenKeys {
 public:
  /// `places` is a power of two.
  explicit SeenKeys(std::size_t places) : mask_(places - 1), marks_(places) {}

  void fetch(std::int64_t key) const { __builtin_prefetch(&marks_[static_cast<std::uint64_t>(key) & mask_]); }

  /// From any thread.
  bool is_news(std::int64_t key, std::string_view text) {
    const std::uint64_t mark = (std::hash<std::string_view>()(text) ^ static_cast<std::uint64_t>(key)) | 1;
    const std::atomic_ref<std::uint64_t> place(marks_[static_cast<std::uint64_t>(key) & mask_]);
    if (place.load(std::memory_order_relaxed) == mark) return false;
    place.store(mark, std::memory_order_relaxed);
    return true;
  }

 private:
  std::size_t mask_;
  ZeroedArray<std::uint64_t> marks_;  ///< 0: nothing came here yet
};

}  // namespace vigie::ingest
