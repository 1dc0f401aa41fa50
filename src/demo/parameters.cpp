#include "demo/parameters.h"

namespace vigie::demo {
namespace {

constexpr double kReferenceCustomers = 10'000;

PathTruth shop_paths() {
  // Columns: social, organic, paid, email, referral, events, outbound, direct.
  return {.converts = {0.055, 0.115, 0.105, 0.190, 0.170, 0.100, 0.100, 0.160},
          .next = {{{0.08, 0.14, 0.09, 0.06, 0.02, 0, 0, 0.12},
                    {0.04, 0.08, 0.10, 0.08, 0.02, 0, 0, 0.18},
                    {0.06, 0.12, 0.07, 0.07, 0.02, 0, 0, 0.15},
                    {0.03, 0.06, 0.03, 0.15, 0.02, 0, 0, 0.16},
                    {0.03, 0.12, 0.04, 0.06, 0.03, 0, 0, 0.15},
                    {0.05, 0.15, 0.05, 0.10, 0.02, 0, 0, 0.15},
                    {0.02, 0.15, 0.05, 0.10, 0.02, 0, 0, 0.15},
                    {0.05, 0.10, 0.07, 0.12, 0.02, 0, 0, 0.15}}},
          .mean_gap_days = 4.5};
}

PathTruth deal_paths() {
  return {.converts = {0.12, 0.26, 0.24, 0.22, 0.38, 0.34, 0.16, 0.28},
          .next = {{{0.06, 0.16, 0.08, 0.08, 0.02, 0.02, 0.03, 0.10},
                    {0.04, 0.06, 0.08, 0.08, 0.02, 0.02, 0.02, 0.14},
                    {0.05, 0.12, 0.05, 0.07, 0.02, 0.01, 0.02, 0.12},
                    {0.03, 0.10, 0.03, 0.10, 0.02, 0.04, 0.03, 0.12},
                    {0.02, 0.12, 0.02, 0.06, 0.02, 0.02, 0.02, 0.12},
                    {0.03, 0.10, 0.02, 0.14, 0.03, 0.02, 0.08, 0.08},
                    {0.03, 0.14, 0.02, 0.12, 0.02, 0.04, 0.10, 0.08},
                    {0.04, 0.10, 0.05, 0.10, 0.02, 0.02, 0.03, 0.08}}},
          .mean_gap_days = 8};
}

std::array<ResponseTruth, kChannels> responses(double scale) {
  std::array<ResponseTruth, kChannels> out{{
      {.base = 1.2, .lift = 20, .half = 2'200, .slope = 1.1, .carry = 0.80, .mean_spend = 360, .deal_share = 0.15},
      {.base = 13.5, .lift = 0, .half = 1, .slope = 1, .carry = 0, .mean_spend = 0, .deal_share = 0.25},
      {.base = 0.8, .lift = 24, .half = 1'350, .slope = 1.5, .carry = 0.60, .mean_spend = 580, .deal_share = 0.22},
      {.base = 0.8, .lift = 2, .half = 60, .slope = 1, .carry = 0.50, .mean_spend = 45, .deal_share = 0.15},
      {.base = 1.9, .lift = 6, .half = 700, .slope = 1, .carry = 0.90, .mean_spend = 60, .deal_share = 0.35},
      {.base = 0.7, .lift = 12, .half = 10'000, .slope = 1, .carry = 0.93, .mean_spend = 130, .deal_share = 0.97},
      {.base = 0.5, .lift = 5, .half = 340, .slope = 1.2, .carry = 0.70, .mean_spend = 90, .deal_share = 1.00},
      {.base = 8.0, .lift = 0, .half = 1, .slope = 1, .carry = 0, .mean_spend = 0, .deal_share = 0.12},
  }};
  for (ResponseTruth& one : out) {
    one.mean_spend *= scale;
    one.half *= scale;
  }
  return out;
}

PipelineTruth first_deals() {
  return {.key = "AMENAGEMENT",
          .name = "Aménagement",
          .stages = {{"A1", "Découverte", 5, 1.2, 0.22, 0, 0},
                     {"A2", "Besoin validé", 7, 1.5, 0.24, 0.08, 0},
                     {"A3", "Devis envoyé", 10, 1.3, 0.28, 0, 0},
                     {"A4", "Négociation", 8, 1.1, 0.20, 0.06, 0.07},
                     {"A5", "Signature", 4, 2.0, 0.06, 0.05, 0}},
          .won_key = "A6",
          .lost_key = "A7"};
}

PipelineTruth expansions() {
  // The label "Devis envoyé" is that of another pipeline's stage, and means another one.
  return {.key = "EXTENSION",
          .name = "Extensions",
          .stages = {{"E1", "Besoin", 4, 1.2, 0.35, 0, 0},
                     {"E2", "Devis envoyé", 8, 1.4, 0.45, 0, 0},
                     {"E3", "Signature", 4, 1.8, 0.20, 0.10, 0}},
          .won_key = "E4",
          .lost_key = "E5"};
}

void tell_time(Parameters& out) {
  out.shop_season = {.cosines = {0.10, -0.05},
                     .sines = {-0.13, 0.04},
                     .weekdays = {1.10, 1.04, 1.00, 0.96, 0.90, 0.94, 1.06},
                     .holiday = 0.70,
                     .august = 0.85};
  out.office_season = {.cosines = {0.02, -0.06},
                       .sines = {-0.06, 0.05},
                       .weekdays = {1.25, 1.45, 1.40, 1.35, 1.10, 0.22, 0.18},
                       .holiday = 0.12,
                       .august = 0.60};
  out.growth_per_year = 0.12;
  out.price_rise_months_before = 14;
  out.price_rise = 0.045;
  out.promotion_months_before = 8;
  out.promotion_days = 12;
  out.promotion_lift = 1.55;
  out.promotion_discount = 0.15;
  out.outage_days_before = 38;
  out.outage_days = 2;
  out.outage_share_left = 0.10;
  out.slow_days = 91;
  out.slow_stage = "A3";
  out.slow_factor = 1.9;
}

void tell_deals(Parameters& out) {
  out.lead_segments = {0, 0.30, 0.45, 0.19, 0.06};
  out.qualify = 0.25;
  out.delay = -0.28;
  out.qualify_channel = {-0.45, 0.15, 0.00, 0.05, 0.60, 0.20, -0.35, 0.10};
  out.contact_median_days = 0.5;
  out.contact_sigma = 1.2;
  out.win = -0.45;
  out.win_channel = {-0.35, 0.10, -0.10, 0.05, 0.50, 0.25, -0.45, 0.00};
  out.win_segment = {0, 0.15, 0.10, -0.10, -0.45};
  out.stage_pace = {1, 0.75, 1.0, 1.3, 1.7};
  out.deal_median = {0, 1'200, 3'200, 9'000, 22'000};
  out.deal_sigma = 0.65;
  out.rep_sigma = 0.35;
  out.ramp = -0.7;
  out.ramp_months = 3;
  out.losing = 1.4;
  out.reopened_share = 0.05;
  out.reopened_days = 35;
  out.reopened_win = 0.5;
  out.first_deals = first_deals();
  out.expansions = expansions();
  out.expansions_per_year = 0.5;
  out.expansion_win = 0.6;
  out.company_life_months = 30;
  out.argument_effect = 0.40;
  out.competitor_effect = -0.50;
}

void tell_contracts(Parameters& out) {
  out.plans = {{"CARE-S", "Atelier Care Essentiel", 3, 59, 0.42, 0.9, 13.0},
               {"CARE-M", "Atelier Care Confort", 12, 149, 0.38, 1.1, 6.5},
               {"CARE-L", "Atelier Care Premium", 12, 420, 0.34, 0.9, 8.0}};
  out.company_contract_share = 0.50;
  out.shop_contract_share = 0.22;
  out.trial_share = 0.25;
  out.trial_paid = 0.62;
  out.upgrade_per_term = 0.07;
  out.downgrade_per_term = 0.03;
  out.reactivated_share = 0.07;
}

}  // namespace

std::string_view name_of(Channel channel) {
  constexpr std::array<std::string_view, kChannels> kNames{"social",   "organic_search", "paid_search", "email",
                                                           "referral", "events",         "outbound",    "direct"};
  return kNames[index(channel)];
}

std::string_view name_of(Segment segment) {
  constexpr std::array<std::string_view, kSegments> kNames{"Particulier", "TPE", "PME", "ETI", "Grand compte"};
  return kNames[static_cast<std::size_t>(segment)];
}

Parameters true_parameters(int customers, std::uint64_t seed) {
  Parameters out{};
  out.seed = seed;
  out.scale = customers / kReferenceCustomers;
  tell_time(out);
  out.responses = responses(out.scale);
  out.paths = {shop_paths(), deal_paths()};
  out.measured_share = 0.70;
  out.unknown_share = 0.06;
  out.shop_purchases = {.r = 0.85, .alpha = 7.5, .a = 0.9, .b = 4.2, .p = 4.0, .q = 3.6, .gamma = 155};
  out.company_purchases = {.r = 1.1, .alpha = 14, .a = 0.8, .b = 5.0, .p = 3.0, .q = 3.4, .gamma = 240};
  out.shop_very_small_share = 0.22;
  tell_deals(out);
  tell_contracts(out);
  out.score_mean = 8.2;
  out.score_by_satisfaction = 1.4;
  out.score_noise = 1.2;
  out.score_per_year = 0.12;
  out.satisfaction_loyalty = 0.55;
  out.surveyed_per_quarter = 0.35;
  out.answered_share = 0.30;
  out.payments = {.due_days = 30,
                  .late_share = 0.22,
                  .late_days = 18,
                  .unpaid_share = 0.012,
                  .deposit_above = 5'000,
                  .deposit_share = 0.30};
  out.refunded_share = 0.03;
  out.refunded_whole = 0.6;
  out.cancelled_share = 0.02;
  out.test_share = 0.003;
  out.guest_share = 0.015;
  out.unpriced_share = 0.002;
  return out;
}

}  // namespace vigie::demo
