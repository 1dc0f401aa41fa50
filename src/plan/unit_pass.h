#pragma once
#include "plan/measures.h"
#include "plan/span_sets.h"

namespace vigie::plan {

/// One reading of a relation for what does not add up over periods or splits: counts of distinct units, or squares of
/// the sums per unit. Each is taken for every span asked, and for the totals again.
///
/// Distinct: of each unit the segments on which it is met, as bits (span_sets.h); units alike are counted together,
/// and a span counts those that share a bit with it. Squares: sums of a unit over two spans are two sums, so that each
/// span is a set of its own.
class UnitPass {
 public:
  /// Members agree in relation, time, groups and unit, and none is empty.
  UnitPass(std::vector<const MeasureSpec*> members, const calendar::Calendar& calendar);

  bool nothing_asked() const { return tracks_.empty(); }
  store::RelPtr plan() const;
  void read(const store::ResultSet& rows, const std::vector<MeasureValues*>& into) const;

 private:
  const MeasureSpec& first() const { return *members_.front(); }
  bool squares() const { return !first().measure->per.empty(); }
  bool is_total(std::size_t track) const { return track >= split_tracks_; }
  std::size_t width() const { return first().axes.size() + first().splits.size(); }
  std::size_t groups_of(std::size_t track) const { return is_total(track) ? first().axes.size() : width(); }

  store::RelPtr rows() const;
  store::RelPtr counted(const store::RelPtr& rows, std::size_t track) const;
  store::RelPtr distinct(const store::RelPtr& inside, std::size_t track) const;
  store::RelPtr squared(const store::RelPtr& inside, std::size_t track) const;
  store::RelPtr spans_of(std::size_t track) const;

  std::vector<const MeasureSpec*> members_;
  const calendar::Calendar& calendar_;
  std::vector<Span> spans_;  ///< all of them, for the days to read
  std::vector<Track> tracks_;
  std::size_t split_tracks_ = 0;    ///< the first ones; the rest are of totals, counted without the splits
  bool totals_are_splits_ = false;  ///< without splits a total is what its span has
};

}  // namespace vigie::plan
