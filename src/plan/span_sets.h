#pragma once
#include "plan/spans.h"
#include "store/rel.h"

namespace vigie::plan {

/// Spans that may overlap, cut into segments of which each is a bit. What is met on some of the segments is one
/// integer, and a span is the set of its bits: whoever is met in it shares a bit with it. So each is counted in every
/// span after one look at the rows.
class SpanSet {
 public:
  static constexpr std::size_t kMost = 60;  ///< segments of one set: their bits fit a 64-bit integer

  explicit SpanSet(std::vector<Span> spans);

  const std::vector<Span>& spans() const { return spans_; }
  Date first_day() const { return segments_.first_day(); }
  Date last_day() const { return segments_.last_day(); }  ///< inclusive
  bool cut() const { return segments_.cut() != 0; }
  std::int64_t bits(const Span& span) const;
  /// The bit of the segment that holds a day's first (`late` false) or second half; 0: no span holds it.
  std::int64_t bit(Date day, bool late) const;

 private:
  std::vector<Span> spans_;
  Segments segments_;
  std::int64_t covered_ = 0;  ///< the bits of all spans: what lies between two of them is in none
};

/// Sets of which no two have a day in common, so that a row lies in one of them at most.
using Track = std::vector<SpanSet>;

/// Spans in sets of at most `most` segments each, and the sets on as few tracks as a greedy pass gives.
std::vector<Track> tracks_of(std::vector<Span> spans, std::size_t most = SpanSet::kMost);

std::string set_column(std::size_t track);
std::string bit_column(std::size_t track);
/// (day, half) → for each track the number of the set in it that holds that half of the day, and the bit of its
/// segment; empty where none does.
store::RelPtr track_table(const std::vector<Track>& tracks);

}  // namespace vigie::plan
