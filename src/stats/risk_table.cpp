#include "stats/risk_table.h"

#include <algorithm>

namespace vigie::stats {

RiskSet::RiskSet(std::span<const Duration> durations) {
  for (const Duration& duration : durations) {
    const std::int64_t count = duration.events + duration.censored;
    if (count <= 0 || !(duration.entry < duration.time)) continue;
    exits_.push_back({duration.time, 0, duration.events, duration.censored});
    if (duration.entry == kFromTheStart) at_risk_ += count;
    else entries_.push_back({duration.entry, count});
  }
  std::sort(exits_.begin(), exits_.end(), [](const RiskRow& a, const RiskRow& b) { return a.time < b.time; });
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.time < b.time; });

  std::size_t distinct = 0;
  for (const RiskRow& exit : exits_) {
    if (distinct > 0 && exits_[distinct - 1].time == exit.time) {
      exits_[distinct - 1].events += exit.events;
      exits_[distinct - 1].censored += exit.censored;
    } else {
      exits_[distinct++] = exit;
    }
  }
  exits_.resize(distinct);
}

RiskRow RiskSet::at(double time) {
  for (; next_entry_ < entries_.size() && entries_[next_entry_].time < time; ++next_entry_)
    at_risk_ += entries_[next_entry_].count;
  for (; next_exit_ < exits_.size() && exits_[next_exit_].time < time; ++next_exit_)
    at_risk_ -= exits_[next_exit_].events + exits_[next_exit_].censored;
  if (next_exit_ == exits_.size() || exits_[next_exit_].time != time) return {time, at_risk_, 0, 0};
  return {time, at_risk_, exits_[next_exit_].events, exits_[next_exit_].censored};
}

std::vector<RiskRow> risk_table(std::span<const Duration> durations) {
  RiskSet risk_set(durations);
  std::vector<RiskRow> rows;
  rows.reserve(risk_set.size());
  for (std::size_t i = 0; i < risk_set.size(); ++i) rows.push_back(risk_set.at(risk_set.exit_time(i)));
  return rows;
}

}  // namespace vigie::stats
