#include "checks/usual.h"

#include <cmath>

namespace vigie::checks {
namespace {

constexpr int kWeek = 7;
constexpr double kNormal = 1.4826;  // of a median of deviations: a standard deviation of a normal law
constexpr double kPoisson = 1;      // standard deviation of 2·√count
constexpr double kShare = 0.05;     // of a count: as much of 2·√count, times √count

double median_of(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Expected from_counts(const std::vector<std::int64_t>& counts, double times) {
  std::vector<double> roots, off;
  for (const std::int64_t rows : counts) roots.push_back(2 * std::sqrt(static_cast<double>(rows)));
  const double middle = median_of(roots);
  for (const double root : roots) off.push_back(std::abs(root - middle));
  const double scatter = std::max({kNormal * median_of(off), kPoisson, kShare * middle / 2});
  const double low = std::max(0.0, middle - times * scatter), high = middle + times * scatter;
  Expected out;
  out.low = static_cast<std::int64_t>(std::ceil(low * low / 4));
  out.high = static_cast<std::int64_t>(std::floor(high * high / 4));
  out.median = std::llround(middle * middle / 4);
  out.batches = static_cast<std::int64_t>(counts.size());
  return out;
}

}  // namespace

std::optional<Expected> usual_rows(std::span<const EarlierBatch> before, int weekday, const Usual& asked) {
  const auto most = static_cast<std::size_t>(asked.last);
  std::vector<std::int64_t> all, same;
  for (const EarlierBatch& one : before.first(std::min(before.size(), most * kWeek))) {
    if (all.size() < most) all.push_back(one.rows);
    if (one.weekday == weekday && same.size() < most) same.push_back(one.rows);
  }
  const auto enough = static_cast<std::size_t>(asked.least);
  const bool by_weekday = same.size() >= enough;
  if (!by_weekday && all.size() < enough) return std::nullopt;
  Expected out = from_counts(by_weekday ? same : all, asked.times);
  out.same_weekday = by_weekday;
  return out;
}

}  // namespace vigie::checks
