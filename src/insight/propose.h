#pragma once
#include "base/json_writer.h"
#include "insight/insight.h"

namespace vigie::insight {

/// Why nothing is proposed.
struct NoProposal {
  std::string code;  ///< too_few, still_coming_back, contracts_only, out_of_bounds
  Text message;
};

/// Customers who were once silent for more than so many days and were watched for as many days again: how many of them
/// have bought since.
struct Silence {
  int days = 0;
  std::int64_t customers = 0, came_back = 0;
  double share() const { return static_cast<double>(came_back) / static_cast<double>(customers); }
};

/// The shortest silence, in whole weeks, after which few come back.
struct HorizonFound {
  std::optional<int> days;
  std::vector<Silence> around;  ///< its neighbours and itself, by length; where there is none, the longest that counts
  std::optional<NoProposal> refused;
};

struct InactivityProposal {
  Instant as_of;
  int today = 0;
  bool written = false;      ///< is today's in vigie.yaml? Else it is the default
  std::int64_t enough = 20;  ///< customers that a share is told of
  Silence at_today;
  HorizonFound all;
  std::vector<std::pair<std::string, HorizonFound>> segments;  ///< where customers have several
};

/// The window of a conversion: the 90th percentile of the cycles that ended in one.
struct WindowProposal {
  Instant as_of;
  std::string kpi, file;  ///< what it is written in
  int version = 1, next_version = 2, today = 0;
  Date adopted_on;   ///< from when a version adopted now would hold
  std::string unit;  ///< leads, deals or quotes
  std::int64_t enough = 20, n = 0;
  struct Quantile {
    Decimal q;
    double days;
  };
  std::vector<Quantile> quantiles;
  std::optional<int> days;
  std::int64_t within_today = 0, within_proposed = 0;  ///< cycles that are shorter
  std::optional<NoProposal> refused;
};

struct Proposals {
  InactivityProposal inactivity;
  WindowProposal window;
};

/// Share of the silent who may come back after the horizon: 1 / kOneIn.
constexpr std::int64_t kOneIn = 10;

/// What the data say about the two lengths of time that a company declares: after how many days of silence a customer
/// without a contract is lost (H), and how long a lead may take to become a customer (W).
///
/// Errors: engine.*
Result<Proposals> propose(const kpi::Session& session, const store::QueryLimits& limits);

// Its two halves.
Result<InactivityProposal> propose_inactivity(const kpi::Session& session, const store::QueryLimits& limits);
Result<WindowProposal> propose_window(const kpi::Session& session, const store::QueryLimits& limits);

void to_json(const Proposals& proposals, JsonWriter& out);

}  // namespace vigie::insight
