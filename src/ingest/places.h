#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "ingest/zeroed_array.h"

namespace vigie::ingest {

/// Where rows stand among those of the same owner, in the order of (at, key): the neighbours of a whole new table, by
/// one sort in memory. (As a window over the staged rows, joined back to them, they took a sixth of an import.)
///
///   Places places(rows);
///   places.note(row, {owner, kind, at, key, …});   each row at most once, from any thread; rows without have no place
///   places.settle(threads);
///   places.nth(row), places.before(row), places.after(row)   from any thread
///
/// 40 bytes a row, freed with it. `row` is below the number it was made for.
class Places {
 public:
  struct Stop {
    std::int64_t owner = 0, at = 0, key = 0;
    std::int32_t day = 0;
    std::int16_t offset = 0;
    bool bare = false;
    std::uint8_t kind = 0;  ///< owners may have stops of several kinds, each kind apart
  };

  explicit Places(std::size_t rows);
  static constexpr std::size_t kBytesPerRow = 40;
  std::size_t rows() const { return rows_; }

  void note(std::size_t row, const Stop& stop);
  void settle(int threads);

  /// What before() and after() will read lies far off in memory: fetched for many rows ahead, they wait for it
  /// together.
  void fetch(std::size_t row) const;
  std::int32_t nth(std::size_t row) const { return nth_[row]; }  ///< from 1; 0: no place
  const Stop* before(std::size_t row) const { return stop_at(nth_[row] == 0 ? kNone : beside(row).before); }
  const Stop* after(std::size_t row) const { return stop_at(nth_[row] == 0 ? kNone : beside(row).after); }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  /// Once its run is settled, a stop's owner is known no longer: its place holds the two rows beside it.
  struct Beside {
    std::uint32_t before, after;
  };
  Beside beside(std::size_t row) const;
  const Stop* stop_at(std::uint32_t row) const { return row == kNone ? nullptr : &stops_[row]; }
  std::unique_ptr<std::uint32_t[]> by_bucket(int threads, std::vector<std::size_t>& begins) const;
  void settle_bucket(std::uint32_t* begin, std::uint32_t* end);
  bool is_before(std::uint32_t a, std::uint32_t b) const;
  void sort(std::uint32_t* begin, std::uint32_t* end) const;

  std::size_t rows_;
  ZeroedArray<Stop> stops_;
  ZeroedArray<std::int32_t> nth_;
};

}  // namespace vigie::ingest
