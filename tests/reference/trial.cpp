#include "reference/trial.h"

#include "base/text.h"

namespace vigie::reference {
namespace {

using calendar::Grain;

int most_periods(Grain grain) {
  switch (grain) {
    case Grain::day: return 10;
    case Grain::week: return 8;
    case Grain::month: return 8;
    case Grain::quarter: return 5;
    default: return 2;
  }
}

void choose_range(Dice& dice, Trial& trial, const World& world, const Moments& moments) {
  trial.grain = dice.one_of<Grain>(
      {Grain::month, Grain::month, Grain::month, Grain::quarter, Grain::year, Grain::week, Grain::day, Grain::total});
  const Date start = world.complete_until - dice.between(-30, 560);
  if (trial.grain == Grain::total) {
    trial.range = {start, start + dice.between(1, 250)};
    return;
  }
  const auto& calendar = moments.calendar();
  const std::int64_t first = calendar.ordinal(start, trial.grain);
  trial.range = {calendar.period_at(first, trial.grain).from,
                 calendar.period_at(first + dice.between(0, most_periods(trial.grain) - 1), trial.grain).to};
}

/// Up to when all is known.
Instant horizon(const World& world, const Moments& moments) {
  return std::min(moments.start_of(world.complete_until + 1), world.now);
}

void choose_as_of(Dice& dice, Trial& trial, const World& world, const Moments& moments) {
  trial.as_of = {horizon(world, moments)};
  if (!dice.once_in(3)) return;
  const Date day = world.complete_until - (dice.once_in(6) ? -dice.between(1, 60) : dice.between(0, 300));
  if (dice.once_in(2)) {
    trial.as_of = {moments.start_of(day + 1)};
    trial.fields.emplace_back("as_of", to_string(day));
  } else {
    const Instant at{moments.start_of(day).micros + dice.between(0, 23 * 60) * 60 * kMicrosPerSecond};
    trial.as_of = {at};
    trial.fields.emplace_back("as_of", to_string(at));
  }
}

void choose_view(Dice& dice, Trial& trial) {
  const auto& names = trial.kpi.dimensions;
  if (names.empty()) return;
  if (dice.once_in(2)) {
    trial.by.push_back(dice.one_of(names));
    if (const std::string& second = dice.one_of(names); second != trial.by[0] && dice.once_in(3))
      trial.by.push_back(second);
    trial.fields.emplace_back("by", join(trial.by, ","));
  }
  std::vector<std::string> filtered = names;
  std::erase(filtered, "relation");
  if (dice.once_in(3) && !filtered.empty()) {
    trial.filter = Filter::random(dice, filtered, trial.kpi.amounts);
    trial.fields.emplace_back("where", trial.filter->text());
  }
}

void choose_comparisons(Dice& dice, Trial& trial) {
  if (!dice.once_in(3)) return;
  trial.compare.push_back(dice.one_of<std::string>({"previous_period", "previous_year", "previous_year_weekday"}));
  if (dice.once_in(3)) {
    const Date from = trial.range.from - dice.between(10, 200);
    trial.other = calendar::Range{from, from + dice.between(1, 60)};
    trial.compare.push_back(to_string(trial.other->from) + ".." + to_string(trial.other->to));
  }
  trial.fields.emplace_back("compare", join(trial.compare, ","));
}

}  // namespace

std::string Trial::text() const {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (name == "kpi") out += value;
    else if (name.starts_with("param.")) out += fmt::format(" {}={}", name, value);
    else out += fmt::format(" {} {}", name, name == "where" ? "\"" + value + "\"" : value);
  }
  return out;
}

Trial random_trial(Dice& dice, const Kpi& kpi, const World& world, const Moments& moments) {
  Trial out;
  out.kpi = kpi;
  out.fields.emplace_back("kpi", kpi.name);
  choose_range(dice, out, world, moments);
  out.fields.emplace_back("from", to_string(out.range.from));
  out.fields.emplace_back("to", to_string(out.range.to));
  out.fields.emplace_back("grain", calendar::name_of(out.grain));
  choose_view(dice, out);
  choose_comparisons(dice, out);
  choose_as_of(dice, out, world, moments);
  // A filter names its amounts in euros.
  const bool in_euros = out.filter && out.filter->text().find("EUR") != std::string::npos;
  if (!in_euros && !world.rates.empty() && dice.once_in(6)) {
    out.currency = "USD";
    out.fields.emplace_back("currency", out.currency);
  }
  for (const auto& [name, values] : kpi.params) {
    if (!dice.once_in(2)) continue;
    out.params[name] = dice.one_of(values);
    out.fields.emplace_back("param." + name, out.params[name]);
  }
  return out;
}

Trial random_hours(Dice& dice, const Kpi& kpi, const World& world, const Moments& moments) {
  Trial out;
  out.kpi = kpi;
  out.grain = Grain::hour;
  Date day =
      dice.one_of<Date>({date_of(2024, 10, 27), date_of(2025, 10, 26), date_of(2025, 3, 30)}) - dice.between(0, 1);
  if (dice.once_in(4)) day = world.complete_until - dice.between(0, 200);
  out.range = {day, day + dice.between(1, 2)};
  out.as_of = {horizon(world, moments)};
  out.fields = {
      {"kpi", kpi.name}, {"from", to_string(out.range.from)}, {"to", to_string(out.range.to)}, {"grain", "hour"}};
  if (dice.once_in(3)) {
    const Instant at{moments.start_of(out.range.to - 1).micros + dice.between(0, 23 * 60) * 60 * kMicrosPerSecond};
    out.as_of = {std::min(at, out.as_of.at)};
    out.fields.emplace_back("as_of", to_string(out.as_of.at));
  }
  if (dice.once_in(2)) {
    out.by.emplace_back("channel");
    out.fields.emplace_back("by", "channel");
  }
  return out;
}

}  // namespace vigie::reference
