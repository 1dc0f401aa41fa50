#pragma once
#include <optional>
#include <span>
#include <vector>

#include "stats/risk_table.h"

namespace vigie::stats {

struct LogRankGroup {
  std::int64_t observed;  ///< events
  double expected;        ///< if all groups had one survival
};

struct LogRank {
  std::vector<LogRankGroup> groups;
  double chi_squared;
  int degrees_of_freedom;
  double p_value;
};

/// Do groups differ in their survival? N. Mantel (1966), with the hypergeometric variance (ties are right) and late
/// entries. Nothing when no two groups were at risk together at an event.
std::optional<LogRank> log_rank(std::span<const std::vector<Duration>> groups);

/// The same within strata, so that a difference between strata (size of the deal, region) does not count for the
/// groups: observed less expected and their covariance are added over the strata. strata[s][g] is group g of stratum s;
/// every stratum has the same number of groups, some of which may be empty.
std::optional<LogRank> stratified_log_rank(std::span<const std::vector<std::vector<Duration>>> strata);

}  // namespace vigie::stats
