#include "demo/truth.h"

#include "base/json_writer.h"
#include "demo/market.h"

namespace vigie::demo {
namespace {

using Pairs = std::initializer_list<std::pair<std::string_view, double>>;

void numbers(JsonWriter& json, Pairs pairs) {
  for (const auto& [name, value] : pairs) json.key(name).number(value);
}

template <std::size_t N>
void list(JsonWriter& json, std::string_view name, const std::array<double, N>& values) {
  json.key(name).begin_array();
  for (const double value : values) json.number(value);
  json.end_array();
}

void by_channel(JsonWriter& json, std::string_view name, const std::array<double, kChannels>& values) {
  json.key(name).begin_object();
  for (std::size_t c = 0; c < kChannels; ++c) json.key(name_of(static_cast<Channel>(c))).number(values[c]);
  json.end_object();
}

void by_segment(JsonWriter& json, std::string_view name, const std::array<double, kSegments>& values) {
  json.key(name).begin_object();
  for (std::size_t s = 1; s < kSegments; ++s) json.key(name_of(static_cast<Segment>(s))).number(values[s]);
  json.end_object();
}

void tell(JsonWriter& json, std::string_view name, const SeasonTruth& season) {
  json.key(name).begin_object();
  list(json, "cosines", season.cosines);
  list(json, "sines", season.sines);
  list(json, "weekdays_from_monday", season.weekdays);
  numbers(json, {{"holiday", season.holiday}, {"august", season.august}});
  json.end_object();
}

void tell_time(JsonWriter& json, const World& world) {
  const Parameters& truth = world.truth;
  const Timeline& time = world.time;
  json.key("time").begin_object();
  json.key("unit").text(
      "log of a day's business: harmonics of the year in years since 1970, times weekday, holiday, August; mean 1");
  tell(json, "shop_season", truth.shop_season);
  tell(json, "office_season", truth.office_season);
  json.key("growth_per_year").number(truth.growth_per_year);
  json.key("price_rise")
      .begin_object()
      .key("from")
      .text(to_string(time.price_rise))
      .key("share")
      .number(truth.price_rise)
      .end_object();
  json.key("promotion")
      .begin_object()
      .key("from")
      .text(to_string(time.promotion_from))
      .key("to")
      .text(to_string(time.promotion_to));
  numbers(json, {{"lift", truth.promotion_lift}, {"discount", truth.promotion_discount}});
  json.end_object();
  json.key("outage")
      .begin_object()
      .key("from")
      .text(to_string(time.outage_from))
      .key("to")
      .text(to_string(time.outage_to));
  json.key("share_left").number(truth.outage_share_left).end_object();
  json.end_object();
}

void tell(JsonWriter& json, std::string_view name, const PurchaseTruth& one) {
  json.key(name).begin_object().key("time_unit").text("week of operational time (season and promotion taken out)");
  json.key("money_unit").text("euro net of tax, before the price rise and the promotion");
  numbers(json, {{"r", one.r},
                 {"alpha", one.alpha},
                 {"a", one.a},
                 {"b", one.b},
                 {"p", one.p},
                 {"q", one.q},
                 {"gamma", one.gamma}});
  json.end_object();
}

void tell_responses(JsonWriter& json, const World& world) {
  const auto to_shop = expected_starts(world, Market::shop), to_deals = expected_starts(world, Market::deals);
  json.key("responses").begin_object();
  json.key("formula").text(
      "paths a day = season × trend × base + season × lift × A^slope / (half^slope + A^slope), A = spend + carry × A "
      "of the day before");
  for (std::size_t c = 0; c < kChannels; ++c) {
    const ResponseTruth& one = world.truth.responses[c];
    json.key(name_of(static_cast<Channel>(c))).begin_object();
    numbers(json, {{"base", one.base},
                   {"lift", one.lift},
                   {"half", one.half},
                   {"slope", one.slope},
                   {"carry", one.carry},
                   {"deal_share", one.deal_share}});
    numbers(json, {{"expected_shop_paths", to_shop[c]}, {"expected_deal_paths", to_deals[c]}});
    json.end_object();
  }
  json.end_object();
}

void tell_paths(JsonWriter& json, const World& world, Market market) {
  const PathTruth& truth = world.truth.paths[static_cast<std::size_t>(market)];
  json.key(market == Market::shop ? "shop_paths" : "deal_paths").begin_object();
  json.key("mean_gap_days").number(truth.mean_gap_days);
  by_channel(json, "converts", truth.converts);
  json.key("next").begin_object();
  for (std::size_t c = 0; c < kChannels; ++c) by_channel(json, name_of(static_cast<Channel>(c)), truth.next[c]);
  json.end_object();
  by_channel(json, "conversion_chance", conversion_chances(truth));
  by_channel(json, "removal_effect", removal_effects(world, market));
  json.end_object();
}

void tell(JsonWriter& json, const PipelineTruth& pipeline) {
  json.key(pipeline.name).begin_array();
  for (const StageTruth& stage : pipeline.stages) {
    json.begin_object().key("stage").text(stage.key).key("label").text(stage.label);
    numbers(json, {{"mean_days", stage.mean_days},
                   {"shape", stage.shape},
                   {"lost_here", stage.lost_here},
                   {"skipped", stage.skipped},
                   {"sent_back", stage.sent_back}});
    json.end_object();
  }
  json.end_array();
}

void tell_deals(JsonWriter& json, const World& world) {
  const Parameters& truth = world.truth;
  json.key("leads").begin_object();
  numbers(json, {{"qualify", truth.qualify},
                 {"delay", truth.delay},
                 {"contact_median_days", truth.contact_median_days},
                 {"contact_sigma", truth.contact_sigma}});
  by_channel(json, "qualify_channel", truth.qualify_channel);
  by_segment(json, "segments", truth.lead_segments);
  json.end_object();
  json.key("deals").begin_object();
  json.key("formula").text(
      "logit of a win = win + channel + segment + rep + ramp × exp(−months / ramp_months) + delay × log(1 + days to "
      "the first contact) + argument + competitor");
  numbers(json, {{"win", truth.win},
                 {"rep_sigma", truth.rep_sigma},
                 {"ramp", truth.ramp},
                 {"ramp_months", truth.ramp_months},
                 {"amount_sigma", truth.deal_sigma}});
  numbers(json, {{"losing_stay_factor", truth.losing},
                 {"reopened_share_of_lost", truth.reopened_share},
                 {"reopened_win", truth.reopened_win},
                 {"expansion_win", truth.expansion_win},
                 {"expansions_per_year", truth.expansions_per_year}});
  json.key("argument").begin_object().key("Garantie 10 ans").number(truth.argument_effect).end_object();
  json.key("competitor").begin_object().key("Mobilia Pro").number(truth.competitor_effect).end_object();
  by_channel(json, "win_channel", truth.win_channel);
  by_segment(json, "win_segment", truth.win_segment);
  by_segment(json, "pace", truth.stage_pace);
  by_segment(json, "median_amount", truth.deal_median);
  json.key("bottleneck")
      .begin_object()
      .key("stage")
      .text(truth.slow_stage)
      .key("from")
      .text(to_string(world.time.slow_from))
      .key("factor")
      .number(truth.slow_factor)
      .end_object();
  json.key("pipelines").begin_object();
  tell(json, truth.first_deals);
  tell(json, truth.expansions);
  json.end_object();
  json.key("reps").begin_object();
  for (const Person& person : world.people)
    if (person.role.starts_with("Commercial")) json.key(person.email).number(person.skill);
  json.end_object().end_object();
}

void tell_contracts(JsonWriter& json, const Parameters& truth) {
  json.key("contracts").begin_object().key("plans").begin_array();
  for (const PlanTruth& plan : truth.plans) {
    json.begin_object().key("plan").text(plan.key).key("term_months").number(plan.term_months);
    numbers(json, {{"price", plan.price}, {"a", plan.a}, {"b", plan.b}});
    json.end_object();
  }
  json.end_array();
  numbers(json, {{"trial_paid", truth.trial_paid},
                 {"upgrade_per_term", truth.upgrade_per_term},
                 {"downgrade_per_term", truth.downgrade_per_term},
                 {"reactivated_share", truth.reactivated_share}});
  json.end_object();
  json.key("survey").begin_object();
  numbers(json, {{"score_mean", truth.score_mean},
                 {"by_satisfaction", truth.score_by_satisfaction},
                 {"noise", truth.score_noise},
                 {"per_year", truth.score_per_year}});
  numbers(json, {{"satisfaction_with_staying", truth.satisfaction_loyalty}, {"answered_share", truth.answered_share}});
  json.end_object();
  json.key("payments").begin_object();
  numbers(json, {{"due_days", truth.payments.due_days},
                 {"late_payers", truth.payments.late_share},
                 {"late_days", truth.payments.late_days},
                 {"unpaid_share", truth.payments.unpaid_share},
                 {"deposit_above", truth.payments.deposit_above},
                 {"deposit_share", truth.payments.deposit_share}});
  json.end_object();
  json.key("oddities").begin_object();
  numbers(json, {{"refunded_share", truth.refunded_share},
                 {"refunded_whole", truth.refunded_whole},
                 {"cancelled_share", truth.cancelled_share},
                 {"test_share", truth.test_share}});
  numbers(json, {{"guest_share", truth.guest_share},
                 {"unpriced_share", truth.unpriced_share},
                 {"measured_share", truth.measured_share},
                 {"unknown_channel_share", truth.unknown_share}});
  json.end_object();
}

}  // namespace

std::string truth_json(const World& world, const std::map<std::string, std::int64_t>& rows) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("company").text("Atelier Nord").key("seed").text(std::to_string(world.truth.seed));
  json.key("scale")
      .number(world.truth.scale)
      .key("first_day")
      .text(to_string(world.time.first))
      .key("last_day")
      .text(to_string(world.time.end - 1));
  tell_time(json, world);
  tell(json, "shop_purchases", world.truth.shop_purchases);
  tell(json, "company_purchases", world.truth.company_purchases);
  tell_responses(json, world);
  tell_paths(json, world, Market::shop);
  tell_paths(json, world, Market::deals);
  tell_deals(json, world);
  tell_contracts(json, world.truth);
  json.key("rows").begin_object();
  for (const auto& [path, count] : rows) json.key(path).number(count);
  json.end_object().end_object();
  return out + "\n";
}

}  // namespace vigie::demo
