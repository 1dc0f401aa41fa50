#include <cmath>

#include "base/text.h"
#include "reference/derived.h"
#include "reference/generate.h"
#include "reference/trial.h"

namespace vigie::reference {
namespace {

using calendar::Grain;
using calendar::Range;
using kpi::Row;
using Split = std::vector<std::pair<std::string, Name>>;

constexpr double kRelative = 1e-9;

bool near(double a, double b) { return std::abs(a - b) <= kRelative * std::max({1.0, std::abs(a), std::abs(b)}); }

std::string shown(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : "null"; }

bool empty(const Figure& figure) {
  return figure.value.value_or(0) == 0 && figure.numerator.value_or(0) == 0 && figure.denominator.value_or(0) == 0 &&
         figure.n.value_or(0) == 0;
}

class Judge {
 public:
  Judge(const Trial& trial, const World& ever, const World& world, const Moments& moments, const kpi::Answer& answer)
      : trial_(trial), ever_(ever), world_(world), moments_(moments), answer_(answer) {}

  /// By the hour: every hour that a wall clock shows has a row, and what fell into it.
  std::vector<std::string> by_hour() {
    std::map<HourKey, Span> hours;
    for (Date day = trial_.range.from; day < trial_.range.to; day = day + 1) add_hours(day, hours);
    std::map<HourKey, int> seen;
    for (const Row& row : answer_.rows) {
      const HourKey key{row.period, row.hour.value_or(-1), row.hour_offset_minutes};
      const auto hour = hours.find(key);
      if (hour == hours.end()) {
        differ(fmt::format("no clock shows hour {} at {} minutes", row.hour.value_or(-1), row.hour_offset_minutes),
               row);
        continue;
      }
      ++seen[key];
      Span span = hour->second;
      if (trial_.as_of.at <= span.from) {
        if (row.value || row.reason != "no_data") differ("an hour that has not begun holds something", row);
        continue;
      }
      span.to = std::max(span.from, std::min(span.to, trial_.as_of.at));
      check_figure(row, trial_.kpi.figure(place(row, span)));
    }
    const std::size_t splits = hours.empty() ? 0 : answer_.rows.size() / hours.size();
    for (const auto& [key, span] : hours)
      if (static_cast<std::size_t>(seen[key]) != splits)
        out_.push_back(fmt::format("{} rows of {} hour {}", seen[key], to_string(key.day), key.hour));
    return std::move(out_);
  }

  std::vector<std::string> all() {
    std::vector<Range> periods{trial_.range};
    if (trial_.grain != Grain::total) periods = moments_.calendar().periods(trial_.range, trial_.grain);
    check_presence(periods);
    for (const Row& row : answer_.rows) {
      const auto period = std::ranges::find(periods, row.period, &Range::from);
      if (period == periods.end()) differ("a row of a period that was not asked for", row);
      else check(row, *period, trial_.grain);
    }
    if (trial_.kpi.axis.empty()) check(answer_.total, trial_.range, Grain::total);
    for (const Row& row : answer_.totals) check(row, trial_.range, Grain::total);
    return std::move(out_);
  }

 private:
  struct HourKey {
    Date day;
    int hour, offset_minutes;
    auto operator<=>(const HourKey&) const = default;
  };

  /// Minute by minute, what the clock on the wall shows.
  void add_hours(Date day, std::map<HourKey, Span>& hours) const {
    constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
    const Instant end = moments_.start_of(day + 1);
    for (Instant at = moments_.start_of(day); at < end; at = Instant{at.micros + kMinute}) {
      const int offset = moments_.calendar().zone().offset_minutes(at);
      const std::int64_t minute = (at.micros + offset * kMinute - day.days * kMicrosPerDay) / kMinute;
      const auto [hour, fresh] =
          hours.try_emplace(HourKey{day, static_cast<int>(minute / 60), offset}, Span{day, at, at});
      hour->second.to = Instant{at.micros + kMinute};
    }
  }

  void differ(const std::string& what, const Row& row) {
    std::string where = to_string(row.period);
    for (const auto& [name, value] : row.by) where += fmt::format(" {}={}", name, value.value_or("null"));
    out_.push_back(where + ": " + what);
  }

  /// Where a row stands: split values, and places along axes ("outcome" is a second one of curves).
  Scope place(const Row& row, Span span) const {
    Scope out{world_, moments_,      trial_.as_of, span,         trial_.filter ? &*trial_.filter : nullptr,
              {},     trial_.params, {},           trial_.grain, trial_.range};
    for (const auto& [name, value] : row.by) {
      if (!trial_.kpi.axis.empty() && name == trial_.kpi.axis[0]) out.axis = value;
      else if (!trial_.kpi.axis.empty() && name == "outcome") out.params["along.outcome"] = value.value_or("");
      else out.split.emplace_back(name, value);
    }
    return out;
  }

  bool known_on_axis(const Name& axis) const {
    return !axis || std::ranges::find(trial_.kpi.axis, *axis) != trial_.kpi.axis.end();
  }

  void check(const Row& row, Range period, Grain grain) {
    const Scope here = place(row, moments_.span(period, trial_.as_of.at));
    if (!known_on_axis(here.axis)) return;
    if (row.complete != (moments_.start_of(period.to) <= trial_.as_of.at))
      differ(fmt::format("complete is {}", row.complete), row);
    if (trial_.as_of.at <= here.span.from) {
      if (row.reason != "no_data") differ("the period has not begun, but the reason is \"" + row.reason + "\"", row);
      return;
    }
    const Figure now = trial_.kpi.figure(here);
    check_figure(row, now);
    if (here.axis) return;
    for (const std::string& name : trial_.compare) {
      const auto found = row.comparisons.find(name);
      if (found == row.comparisons.end()) {
        differ("no comparison " + name, row);
        continue;
      }
      const Range range = compared(name, period, grain);
      const Span then = moments_.to_date(period, range, trial_.as_of.at);
      if (then.from >= trial_.as_of.at) continue;
      check_compared(row, name, found->second, now, figure_then(here.over(then), period.from, range.from));
    }
  }

  /// What is compared: of what grows with age, as it was known when it was as old.
  Figure figure_then(const Scope& there, Date now, Date then) const {
    if (!trial_.kpi.grows_with_age) return trial_.kpi.figure(there);
    const AsOf as_of = moments_.at_the_age_of(now, then, trial_.as_of);
    const World known = as_known(ever_, as_of.at);
    return trial_.kpi.figure({known, there.moments, as_of, there.span, there.filter, there.split, there.params,
                              there.axis, there.grain, there.asked});
  }

  Range compared(const std::string& name, Range period, Grain grain) const {
    const auto& calendar = moments_.calendar();
    return name == "previous_period"         ? calendar.previous_period(period, grain)
           : name == "previous_year"         ? calendar.previous_year(period, grain)
           : name == "previous_year_weekday" ? calendar.previous_year_weekday(period)
                                             : *trial_.other;
  }

  /// No data at all: where there is nothing to be seen, or nothing on a side that a ratio cannot do without.
  bool excused(const std::string& reason, const Figure& wanted) const {
    const bool two_sources = trial_.kpi.name.starts_with("revenue_per_employee") ||
                             trial_.kpi.name.starts_with("cac") || trial_.kpi.name.starts_with("channel_roi");
    return reason == "no_data" &&
           (empty(wanted) || !wanted.value || (two_sources && wanted.numerator.value_or(0) == 0));
  }

  void check_number(const char* name, const std::optional<double>& found, const std::optional<double>& wanted,
                    const Row& row) {
    if (found.has_value() == wanted.has_value() && (!found || near(*found, *wanted))) return;
    differ(fmt::format("{} is {}, the reference says {}", name, shown(found), shown(wanted)), row);
  }

  void check_figure(const Row& row, const Figure& wanted) {
    if (!row.value && row.reason.empty()) differ("null without a reason", row);
    if (excused(row.reason, wanted)) return;
    check_number("value", row.value, wanted.value, row);
    if (wanted.exact && row.value && Decimal::parse(row.value_exact).value_or(Decimal()) != *wanted.exact)
      differ(fmt::format("value_exact is \"{}\", the reference says {}", row.value_exact, wanted.exact->to_plain()),
             row);
    if (wanted.numerator) check_number("numerator", row.numerator, wanted.numerator, row);
    if (wanted.denominator) check_number("denominator", row.denominator, wanted.denominator, row);
    if (wanted.n && row.n != *wanted.n) differ(fmt::format("n is {}, the reference says {}", row.n, *wanted.n), row);
    if (wanted.unpriced && row.unpriced != *wanted.unpriced)
      differ(fmt::format("unpriced is {}, the reference says {}", row.unpriced, *wanted.unpriced), row);
    if (wanted.maturing) check_number("maturing", row.maturing, wanted.maturing, row);
  }

  void check_compared(const Row& row, const std::string& name, const kpi::Compared& found, const Figure& now,
                      const Figure& then) {
    if (excused(found.reason, then)) return;
    check_number(("comparison " + name).c_str(), found.value, then.value, row);
    std::optional<double> delta;
    if (row.value && now.value && then.value) delta = *now.value - *then.value;
    check_number(("delta of " + name).c_str(), found.delta, delta, row);
  }

  /// Every period has a row for every split value, and every value that has something is there.
  void check_presence(const std::vector<Range>& periods) {
    std::set<std::vector<std::pair<std::string, Name>>> keys;
    for (const Row& row : answer_.rows) keys.insert({row.by.begin(), row.by.end()});
    if (answer_.rows.size() != keys.size() * periods.size())
      out_.push_back(
          fmt::format("{} rows for {} periods and {} split values", answer_.rows.size(), periods.size(), keys.size()));
    const bool apart = !answer_.headline.empty();
    if (apart != (trial_.kpi.apart && is_mixed(world_, moments_, trial_.as_of.at)))
      out_.push_back(fmt::format("contract and other customers are {}told apart", apart ? "" : "not "));
    if ((trial_.by.empty() && !apart) || !trial_.kpi.axis.empty()) return;
    for (const Split& split : candidates()) {
      const bool there = keys.contains(split);
      for (const Range& period : periods)
        if (!there && !empty(of_split(period, split))) {
          out_.push_back(fmt::format("{}: no row for {}={}", to_string(period.from), split[0].first,
                                     split[0].second.value_or("null")));
          break;
        }
    }
  }

  Figure of_split(Range period, const Split& split) const {
    Scope scope = place({}, moments_.span(period, trial_.as_of.at));
    scope.split = split;
    return scope.span.from < trial_.as_of.at ? trial_.kpi.figure(scope) : Figure{};
  }

  std::vector<Split> candidates() const {
    static const std::map<std::string, std::vector<Name>> kValues{
        {"channel", {"web", "shop", "mail", "direct", "unknown", std::nullopt}},
        {"segment", {"small", "large", std::nullopt}},
        {"country", {"FR", "DE", std::nullopt}},
        {"nps_group", {"promoter", "passive", "detractor", std::nullopt}},
        {"owner", {"ana", "bob", "cid", std::nullopt}},
        {"team", {"north", "south", std::nullopt}},
        {"relation", {"contract", "purchase"}}};
    std::vector<Split> out{{}};
    // Populations that stand apart are named first, asked for or not.
    std::vector<std::string> by = trial_.by;
    if (!answer_.headline.empty()) std::erase(by, "relation"), by.insert(by.begin(), "relation");
    for (const std::string& dimension : by) {
      std::vector<Split> longer;
      for (const Split& split : out)
        for (const Name& value : kValues.at(dimension)) {
          longer.push_back(split);
          longer.back().emplace_back(dimension, value);
        }
      out = std::move(longer);
    }
    return out;
  }

  const Trial& trial_;
  const World& ever_;   ///< with all that became of it
  const World& world_;  ///< as it was known at the trial's as_of
  const Moments& moments_;
  const kpi::Answer& answer_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> differences(const Trial& trial, const World& world, const Moments& moments,
                                     const kpi::Answer& answer) {
  const World known = as_known(world, trial.as_of.at);
  Judge judge(trial, world, known, moments, answer);
  return trial.grain == Grain::hour ? judge.by_hour() : judge.all();
}

}  // namespace vigie::reference
