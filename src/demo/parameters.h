#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace vigie::demo {

/// The channels by which people come. What no tool measured has none.
enum class Channel { social, organic_search, paid_search, email, referral, events, outbound, direct };
constexpr std::size_t kChannels = 8;
std::string_view name_of(Channel channel);
constexpr std::size_t index(Channel channel) { return static_cast<std::size_t>(channel); }

/// Who a path leads to: a buyer in the shop, or a lead for the sales reps.
enum class Market { shop, deals };
constexpr std::size_t kMarkets = 2;

enum class Segment { private_person, very_small, small, mid, large };
constexpr std::size_t kSegments = 5;
std::string_view name_of(Segment segment);  ///< as the company writes it

/// log of a day's business = Σ_k cosines[k] cos(2π(k+1)t) + sines[k] sin(2π(k+1)t), t in years since 1970, times the
/// weekday (Monday first), times `holiday` on French public holidays, times `august` in August; then scaled to a mean
/// of 1.
struct SeasonTruth {
  std::array<double, 2> cosines, sines;
  std::array<double, 7> weekdays;
  double holiday, august;
};

/// Paths begun by a channel on a day, expected:
///   season × trend × base + season × lift × A^slope / (half^slope + A^slope),  A = spend + carry × A of the day
///   before.
struct ResponseTruth {
  double base, lift, half, slope, carry;
  double mean_spend;  ///< euros a day, about
  double deal_share;  ///< of the paths it begins, those that lead towards a deal
};

/// From a touch of a channel (row): the chance that it converts, and that each channel comes next; the rest ends there.
struct PathTruth {
  std::array<double, kChannels> converts;
  std::array<std::array<double, kChannels>, kChannels> next;
  double mean_gap_days;
};

/// BG/NBD: purchases come at a rate λ ~ Gamma(r, alpha), alpha in weeks of operational time; after each repeat purchase
/// the customer is gone with p ~ Beta(a, b). Gamma-Gamma: a purchase ~ Gamma(p, ν), ν ~ Gamma(q, gamma), in euros net
/// of tax.
struct PurchaseTruth {
  double r, alpha, a, b, p, q, gamma;
};

/// A contract: at the end of each term it is not renewed with θ ~ Beta(a, b), each contract its own θ (sBG).
struct PlanTruth {
  std::string key, name;
  int term_months;
  double price;  ///< euros a month, before the price rise
  double cost_share;
  double a, b;
};

/// A stage of a pipeline: a stay lasts Gamma(shape, mean / shape) days, times `losing` if the deal is lost there.
struct StageTruth {
  std::string key, label;
  double mean_days, shape;
  double lost_here;  ///< of the lost deals, those lost here
  double skipped, sent_back;
};

struct PipelineTruth {
  std::string key, name;
  std::vector<StageTruth> stages;
  std::string won_key, lost_key;
};

/// How companies pay their orders; the shop is paid at once, contracts some days after the bill.
struct PaymentTruth {
  int due_days;          ///< after the order
  double late_share;     ///< of the companies, those that always pay late
  double late_days;      ///< how late they pay, on average
  double unpaid_share;   ///< of the orders, those whose last payment never comes
  double deposit_above;  ///< net, in the currency of the deal, from which it is paid in two
  double deposit_share;  ///< of it, a few days after the order
};

/// Everything that is true of the company. Times are in the company's own days.
struct Parameters {
  std::uint64_t seed;
  double scale;  ///< customers / 10,000: spend, half-saturation and numbers of people grow with it

  SeasonTruth shop_season, office_season;
  double growth_per_year;
  int price_rise_months_before;
  double price_rise;
  int promotion_months_before, promotion_days;
  double promotion_lift, promotion_discount;
  int outage_days_before, outage_days;
  double outage_share_left;
  int slow_days;  ///< the bottleneck: stays at stage `slow_stage` begun in the last days take longer
  std::string slow_stage;
  double slow_factor;

  std::array<ResponseTruth, kChannels> responses;
  std::array<PathTruth, kMarkets> paths;
  double measured_share;  ///< of the paths, those whose touches the site may measure
  double unknown_share;   ///< of the conversions, those whose channel nobody knows

  PurchaseTruth shop_purchases, company_purchases;
  double shop_very_small_share;

  // Leads: qualified with logit = qualify + qualify_channel + delay × log(1 + days to the first contact).
  std::array<double, kSegments> lead_segments;
  double qualify, delay;
  std::array<double, kChannels> qualify_channel;
  double contact_median_days, contact_sigma;
  // Deals: won with logit = win + channel + segment + rep + ramp × e^(−months in the job / ramp_months) + delay × log(1
  // + …).
  double win;
  std::array<double, kChannels> win_channel;
  std::array<double, kSegments> win_segment, stage_pace, deal_median;
  double deal_sigma, rep_sigma, ramp, ramp_months;
  double losing, reopened_share, reopened_days, reopened_win;
  PipelineTruth first_deals, expansions;
  double expansions_per_year, expansion_win, company_life_months;
  double argument_effect, competitor_effect;  ///< added to the logit of a win

  std::vector<PlanTruth> plans;
  double company_contract_share, shop_contract_share, trial_share, trial_paid;
  double upgrade_per_term, downgrade_per_term, reactivated_share;

  double score_mean, score_by_satisfaction, score_noise, score_per_year;
  double satisfaction_loyalty;  ///< correlation of satisfaction with staying, on a normal scale
  double surveyed_per_quarter, answered_share;

  PaymentTruth payments;

  double refunded_share, refunded_whole, cancelled_share, test_share, guest_share, unpriced_share;
};

/// The company of that many customers. The responses are scaled so that the expected number of shop customers is 88 %
/// of `customers`; see calibrate in market.h.
Parameters true_parameters(int customers, std::uint64_t seed);

}  // namespace vigie::demo
