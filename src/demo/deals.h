#pragma once
#include "demo/world.h"

namespace vigie::demo {

/// What decides how a deal goes, drawn before it runs.
struct Prospect {
  const PipelineTruth* pipeline;
  WallTime begun;
  bool wins;
  double pace;  ///< of its segment, times the mean stays
  double reopened_share;
};

/// Runs a deal through its pipeline until it closes or the data end: fills stays, outcome, closed. `end` is the first
/// moment without data. Stays at the slow stage that begin on or after `slow_from` take longer.
void run_deal(Random& random, const Parameters& truth, const Timeline& time, const Prospect& prospect, Deal& deal);

/// A deal of an existing account or a lead won: the order, later purchases, later deals.
void follow_win(World& world, std::uint32_t deal);
/// Orders after the first win, by their own rhythm, and deals for more; until the account is gone.
void live_on(World& world, std::uint32_t customer, WallTime first_order, Random& random);

/// Who sells to this segment and country on this day: somebody of the team who is there.
std::uint32_t a_rep(const World& world, Random& random, Segment segment, std::string_view country,
                    std::string_view region, Date day);
/// What the rep adds to the logit of a win on this day.
double rep_effect(const World& world, std::uint32_t rep, Date day);

}  // namespace vigie::demo
