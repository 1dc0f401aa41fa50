#include "plan/span_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace vigie::plan {
namespace {

using Edge = std::pair<Date, std::int64_t>;  // a local day, and a time of it

Edge start_of(const Span& span) { return {span.from, 0}; }
Edge end_of(const Span& span) { return {span.to, span.to_tod}; }
Edge start_of(const SpanSet& set) { return start_of(set.spans().front()); }
Edge end_of(const SpanSet& set) {
  Edge last = start_of(set);
  for (const Span& span : set.spans()) last = std::max(last, end_of(span));
  return last;
}

/// In the order of their starts.
std::vector<SpanSet> sets_of(std::vector<Span> spans, std::size_t most) {
  std::ranges::sort(spans);
  std::vector<std::vector<Span>> sets;
  std::set<Edge> edges;
  for (const Span& span : spans) {
    edges.insert({start_of(span), end_of(span)});
    if (sets.empty() || edges.size() > most + 1) {
      sets.emplace_back();
      edges = {start_of(span), end_of(span)};
    }
    sets.back().push_back(span);
  }
  std::vector<SpanSet> out;
  for (std::vector<Span>& set : sets) out.emplace_back(std::move(set));
  return out;
}

}  // namespace

SpanSet::SpanSet(std::vector<Span> spans) : spans_(std::move(spans)), segments_(spans_) {
  for (const Span& span : spans_) covered_ |= bits(span);
}

std::int64_t SpanSet::bits(const Span& span) const {
  const auto [first, last] = segments_.of(span);
  return (std::int64_t{1} << last) - (std::int64_t{1} << first);
}

std::int64_t SpanSet::bit(Date day, bool late) const {
  const auto segment = segments_.at(day, late);
  return segment ? covered_ & (std::int64_t{1} << *segment) : 0;
}

std::vector<Track> tracks_of(std::vector<Span> spans, std::size_t most) {
  std::vector<Track> out;
  for (SpanSet& set : sets_of(std::move(spans), most)) {
    const auto track = std::ranges::find_if(out, [&](const Track& of) { return end_of(of.back()) <= start_of(set); });
    if (track == out.end()) out.push_back({std::move(set)});
    else track->push_back(std::move(set));
  }
  return out;
}

std::string set_column(std::size_t track) { return fmt::format("set{}", track); }
std::string bit_column(std::size_t track) { return fmt::format("bit{}", track); }

store::RelPtr track_table(const std::vector<Track>& tracks) {
  std::map<std::pair<Date, bool>, std::vector<expr::Literal>> halves;
  const bool cut =
      std::ranges::any_of(tracks, [](const Track& track) { return std::ranges::any_of(track, &SpanSet::cut); });
  std::vector<store::Column> columns{{"day", expr::Type::date}, {"half", expr::Type::boolean}};
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    columns.push_back({set_column(t), expr::Type::integer});
    columns.push_back({bit_column(t), expr::Type::integer});
    for (std::size_t i = 0; i < tracks[t].size(); ++i) {
      const SpanSet& set = tracks[t][i];
      for (Date day = set.first_day(); day <= set.last_day(); day = day + 1)
        for (const bool late : {false, true}) {
          const std::int64_t bit = late && !cut ? 0 : set.bit(day, late);
          if (bit == 0) continue;
          auto& row = halves.try_emplace({day, late}, 2 * tracks.size(), std::monostate{}).first->second;
          row[2 * t] = static_cast<std::int64_t>(i);
          row[2 * t + 1] = bit;
        }
    }
  }
  std::vector<std::vector<expr::Literal>> rows;
  for (const auto& [half, numbers] : halves) {
    std::vector<expr::Literal> row{half.first, half.second};
    row.insert(row.end(), numbers.begin(), numbers.end());
    rows.push_back(std::move(row));
  }
  return store::values(std::move(columns), std::move(rows));
}

}  // namespace vigie::plan
