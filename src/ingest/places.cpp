#include "ingest/places.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <tuple>
#include <utility>
#include <vector>

#include "ingest/in_threads.h"

namespace vigie::ingest {
namespace {

constexpr std::size_t kBucketRows = 1 << 8;   // what the nearest of a core's caches holds while it is sorted
constexpr std::size_t kMostCopied = 1 << 20;  // larger buckets (one owner has them all) are sorted where they are
constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15ULL;  // spreads owners over buckets, whatever numbers they are

/// A copy of what decides the order, so that the sort does not wander through memory.
struct Item {
  std::int64_t owner, at;
  std::uint32_t row;
  std::uint8_t kind;
};

}  // namespace

Places::Places(std::size_t rows) : rows_(rows), stops_(rows), nth_(rows) {
  static_assert(sizeof(Stop) + sizeof(std::int32_t) + sizeof(std::uint32_t) <= kBytesPerRow);
}

void Places::note(std::size_t row, const Stop& stop) {
  stops_[row] = stop;
  nth_[row] = 1;
}

void Places::fetch(std::size_t row) const {
  if (nth_[row] == 0) return;
  const Beside rows = beside(row);
  if (rows.before != kNone) __builtin_prefetch(&stops_[rows.before]);
  if (rows.after != kNone) __builtin_prefetch(&stops_[rows.after]);
}

Places::Beside Places::beside(std::size_t row) const { return std::bit_cast<Beside>(stops_[row].owner); }

bool Places::is_before(std::uint32_t a, std::uint32_t b) const {
  const Stop &x = stops_[a], &y = stops_[b];
  return std::tie(x.owner, x.kind, x.at, x.key) < std::tie(y.owner, y.kind, y.at, y.key);
}

void Places::sort(std::uint32_t* begin, std::uint32_t* end) const {
  const auto size = static_cast<std::size_t>(end - begin);
  if (size > kMostCopied) {
    std::sort(begin, end, [this](std::uint32_t a, std::uint32_t b) { return is_before(a, b); });
    return;
  }
  std::vector<Item> items(size);
  for (std::size_t i = 0; i < size; ++i) {
    const Stop& stop = stops_[begin[i]];
    items[i] = {stop.owner, stop.at, begin[i], stop.kind};
  }
  std::ranges::sort(items, [this](const Item& a, const Item& b) {
    if (a.owner != b.owner) return a.owner < b.owner;
    if (a.kind != b.kind) return a.kind < b.kind;
    if (a.at != b.at) return a.at < b.at;
    return stops_[a.row].key < stops_[b.row].key;
  });
  for (std::size_t i = 0; i < size; ++i) begin[i] = items[i].row;
}

void Places::settle_bucket(std::uint32_t* begin, std::uint32_t* end) {
  sort(begin, end);
  while (begin != end) {
    const Stop& first = stops_[*begin];
    const std::uint32_t* last = begin;
    while (last != end && stops_[*last].owner == first.owner && stops_[*last].kind == first.kind) ++last;
    const auto count = static_cast<std::size_t>(last - begin);
    for (std::size_t i = 0; i < count; ++i) {
      const Beside rows{i == 0 ? kNone : begin[i - 1], i + 1 == count ? kNone : begin[i + 1]};
      stops_[begin[i]].owner = std::bit_cast<std::int64_t>(rows);
      nth_[begin[i]] = static_cast<std::int32_t>(i + 1);
    }
    begin += count;
  }
}

/// The rows that have a place, those of one owner in the same bucket, each bucket's in their own order. Each thread
/// counts, then places, a share of the rows.
std::unique_ptr<std::uint32_t[]> Places::by_bucket(int threads, std::vector<std::size_t>& begins) const {
  const int bits = std::max(1, static_cast<int>(std::bit_width(rows_ / kBucketRows)));
  const std::size_t buckets = std::size_t{1} << bits, share = rows_ / static_cast<std::size_t>(threads) + 1;
  const auto each = [&](int thread, const auto& visit) {
    const std::size_t first = share * static_cast<std::size_t>(thread);
    for (std::size_t row = first; row < std::min(first + share, rows_); ++row)
      if (nth_[row] != 0) visit((static_cast<std::uint64_t>(stops_[row].owner) * kSpread) >> (64 - bits), row);
  };
  std::vector<std::vector<std::size_t>> next(static_cast<std::size_t>(threads), std::vector<std::size_t>(buckets));
  in_threads(threads, [&](int thread) {
    std::vector<std::size_t>& mine = next[static_cast<std::size_t>(thread)];
    each(thread, [&](std::size_t bucket, std::size_t) { ++mine[bucket]; });
  });
  begins.resize(buckets + 1);
  std::size_t placed = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    begins[bucket] = placed;
    for (std::vector<std::size_t>& of_thread : next) placed += std::exchange(of_thread[bucket], placed);
  }
  begins[buckets] = placed;
  auto order = std::make_unique_for_overwrite<std::uint32_t[]>(placed);
  in_threads(threads, [&](int thread) {
    std::vector<std::size_t>& mine = next[static_cast<std::size_t>(thread)];
    each(thread, [&](std::size_t bucket, std::size_t row) { order[mine[bucket]++] = static_cast<std::uint32_t>(row); });
  });
  return order;
}

void Places::settle(int threads) {
  std::vector<std::size_t> begins;
  const auto order = by_bucket(threads, begins);
  std::atomic<std::size_t> taken = 0;
  in_threads(threads, [&](int) {
    for (std::size_t i = taken++; i + 1 < begins.size(); i = taken++)
      settle_bucket(order.get() + begins[i], order.get() + begins[i + 1]);
  });
}

}  // namespace vigie::ingest
