#include <cmath>

#include "demo/deals.h"

namespace vigie::demo {
namespace {

constexpr WallTime kShortestStay = 120;

/// The stage at which a lost deal is lost.
std::size_t losing_stage(Random& random, const PipelineTruth& pipeline, std::size_t from) {
  std::vector<double> weights;
  for (std::size_t i = from; i < pipeline.stages.size(); ++i) weights.push_back(pipeline.stages[i].lost_here);
  return from + random.pick(weights);
}

/// One way through the stages, from `stage` on, to won or lost.
class Run {
 public:
  Run(Random& random, const Parameters& truth, const Timeline& time, const Prospect& prospect, Deal& deal)
      : random_(random), truth_(truth), time_(time), prospect_(prospect), deal_(deal) {}

  /// The moment of the close.
  double go(std::size_t stage, double at, bool wins) {
    const auto& stages = prospect_.pipeline->stages;
    const std::size_t lost_at = wins ? stages.size() : losing_stage(random_, *prospect_.pipeline, stage);
    bool sent_back = false;
    while (stage < stages.size()) {
      enter(stages[stage].key, at);
      at += stay(stages[stage], at, stage == lost_at) * kDaySeconds;
      if (stage == lost_at) break;
      if (!sent_back && stage > 0 && random_.chance(stages[stage].sent_back)) {
        sent_back = true;
        --stage;
        continue;
      }
      ++stage;
      while (stage < lost_at && random_.chance(stages[stage].skipped)) ++stage;
    }
    enter(wins ? prospect_.pipeline->won_key : prospect_.pipeline->lost_key, at);
    return at;
  }

 private:
  /// The first entry is the moment the deal was made; the others fall in office hours, after the one before.
  void enter(std::string_view stage, double at) {
    auto entered = static_cast<WallTime>(at);
    if (!deal_.stays.empty()) entered = std::max(in_office_hours(entered), deal_.stays.back().entered + kShortestStay);
    deal_.stays.push_back({stage, entered, deal_.amount});
  }
  double stay(const StageTruth& stage, double at, bool losing) {
    double mean = stage.mean_days * prospect_.pace;
    if (losing) mean *= truth_.losing;
    if (stage.key == truth_.slow_stage && day_of(static_cast<WallTime>(at)) >= time_.slow_from)
      mean *= truth_.slow_factor;
    return random_.gamma(stage.shape, mean / stage.shape);
  }

  Random& random_;
  const Parameters& truth_;
  const Timeline& time_;
  const Prospect& prospect_;
  Deal& deal_;
};

/// Negotiation: what is left of the amount from the stage before the last on.
void negotiate(Random& random, Deal& deal, const PipelineTruth& pipeline) {
  const double kept = 0.97 + 0.05 * random.normal();
  const auto later = static_cast<std::int64_t>(std::floor(static_cast<double>(deal.amount) * std::min(kept, 1.15)));
  const std::size_t from = pipeline.stages.size() - 2;
  bool reached = false;
  for (Stay& stay : deal.stays) {
    for (std::size_t i = from; i < pipeline.stages.size(); ++i)
      reached = reached || stay.stage == pipeline.stages[i].key;
    if (reached) stay.amount = later;
  }
}

/// What lies after the end of the data has not happened.
void cut(Deal& deal, WallTime end, const PipelineTruth& pipeline) {
  std::erase_if(deal.stays, [end](const Stay& stay) { return stay.entered >= end; });
  const Stay& last = deal.stays.back();
  deal.amount = last.amount;
  deal.outcome = last.stage == pipeline.won_key    ? Outcome::won
                 : last.stage == pipeline.lost_key ? Outcome::lost
                                                   : Outcome::open;
  if (deal.outcome != Outcome::open) deal.closed = last.entered;
}

}  // namespace

void run_deal(Random& random, const Parameters& truth, const Timeline& time, const Prospect& prospect, Deal& deal) {
  Run run(random, truth, time, prospect, deal);
  const double closed = run.go(0, static_cast<double>(prospect.begun), prospect.wins);
  if (!prospect.wins && random.chance(prospect.reopened_share)) {
    const double again = closed + random.gamma(2, truth.reopened_days / 2) * kDaySeconds;
    run.go(prospect.pipeline->stages.size() - 2, again, random.chance(truth.reopened_win));
  }
  negotiate(random, deal, *prospect.pipeline);
  cut(deal, start_of(time.end), *prospect.pipeline);
}

}  // namespace vigie::demo
