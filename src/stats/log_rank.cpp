#include "stats/log_rank.h"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cassert>

namespace vigie::stats {
namespace {

/// Observed, expected and the covariance of their difference, added over times and strata.
struct Sums {
  explicit Sums(Eigen::Index groups)
      : observed(static_cast<std::size_t>(groups), 0),
        expected(Eigen::VectorXd::Zero(groups)),
        covariance(Eigen::MatrixXd::Zero(groups, groups)) {}
  std::vector<std::int64_t> observed;
  Eigen::VectorXd expected;
  Eigen::MatrixXd covariance;
};

std::vector<double> event_times(std::span<const RiskSet> groups) {
  std::vector<double> times;
  for (const RiskSet& group : groups)
    for (std::size_t i = 0; i < group.size(); ++i)
      if (group.has_event(i)) times.push_back(group.exit_time(i));
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

void add_stratum(std::span<const std::vector<Duration>> groups, Sums& sums) {
  std::vector<RiskSet> risk_sets(groups.begin(), groups.end());
  Eigen::VectorXd at_risk(sums.expected.size());
  for (const double time : event_times(risk_sets)) {
    double n = 0, d = 0;
    for (std::size_t g = 0; g < risk_sets.size(); ++g) {
      const RiskRow row = risk_sets[g].at(time);
      at_risk[static_cast<Eigen::Index>(g)] = static_cast<double>(row.at_risk);
      sums.observed[g] += row.events;
      n += static_cast<double>(row.at_risk), d += static_cast<double>(row.events);
    }
    sums.expected += at_risk * (d / n);
    if (n <= 1) continue;
    const double scale = d * (n - d) / (n - 1);
    const Eigen::VectorXd share = at_risk / n;
    sums.covariance.diagonal() += scale * share;
    sums.covariance.noalias() -= scale * share * share.transpose();
  }
}

std::optional<LogRank> result_of(const Sums& sums) {
  LogRank out{};
  Eigen::VectorXd difference(sums.expected.size());
  for (Eigen::Index g = 0; g < difference.size(); ++g) {
    const std::int64_t observed = sums.observed[static_cast<std::size_t>(g)];
    out.groups.push_back({observed, sums.expected[g]});
    difference[g] = static_cast<double>(observed) - sums.expected[g];
  }
  // The covariance is singular: the differences add up to 0, and a group that was never at risk beside others adds
  // nothing. Its pseudo-inverse gives the statistic, its rank the degrees of freedom.
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> decomposition;
  decomposition.setThreshold(1e-10);
  decomposition.compute(sums.covariance);
  out.degrees_of_freedom = static_cast<int>(decomposition.rank());
  if (out.degrees_of_freedom < 1 || !(sums.covariance.diagonal().maxCoeff() > 0)) return std::nullopt;
  out.chi_squared = std::max(0.0, difference.dot(decomposition.solve(difference)));
  out.p_value = boost::math::gamma_q(out.degrees_of_freedom / 2.0, out.chi_squared / 2);
  return out;
}

}  // namespace

std::optional<LogRank> log_rank(std::span<const std::vector<Duration>> groups) {
  if (groups.empty()) return std::nullopt;
  Sums sums(static_cast<Eigen::Index>(groups.size()));
  add_stratum(groups, sums);
  return result_of(sums);
}

std::optional<LogRank> stratified_log_rank(std::span<const std::vector<std::vector<Duration>>> strata) {
  if (strata.empty() || strata.front().empty()) return std::nullopt;
  Sums sums(static_cast<Eigen::Index>(strata.front().size()));
  for (const std::vector<std::vector<Duration>>& groups : strata) {
    assert(groups.size() == strata.front().size());
    add_stratum(groups, sums);
  }
  return result_of(sums);
}

}  // namespace vigie::stats
