// Cohort grids: of the customers who came in a period, how many are there so many periods later.
#include "base/text.h"
#include "kpi/answering.h"
#include "stats/intervals.h"

namespace vigie::kpi {
namespace {

using plan::Key;
using plan::Span;

/// Counts by age of one cohort and split value.
struct Cohort {
  std::int64_t size = 0;
  std::map<std::int64_t, std::int64_t> on, last;
};

/// Where populations stand apart, theirs is the first of the values; else the age is.
std::ptrdiff_t place_of_age(const Evaluation& evaluation) { return evaluation.headline() ? 1 : 0; }

Key without_age(Key key, std::ptrdiff_t place) {
  key.erase(key.begin() + place);
  return key;
}

std::int64_t whole(const plan::Parts& parts) { return static_cast<std::int64_t>(parts.number.units()); }

using Cohorts = std::map<Key, Cohort, OthersLast>;

Cohorts cohorts_of(const Evaluation& evaluation, const Span& span) {
  const catalog::Variant& variant = *evaluation.bound().variant;
  const std::ptrdiff_t place = place_of_age(evaluation);
  Cohorts out;
  if (const auto* sizes = evaluation.values(variant.cohort_size, span))
    for (const auto& [key, parts] : *sizes) out[key].size = whole(parts);
  for (const auto& [measure, counts] :
       {std::pair{&variant.cohort_on, &Cohort::on}, std::pair{&variant.cohort_last, &Cohort::last}})
    if (const auto* found = evaluation.values(*measure, span))
      for (const auto& [key, parts] : *found)
        if (const auto& text = key[static_cast<std::size_t>(place)];
            const auto age = text ? whole_number(*text) : std::nullopt)
          (out[without_age(key, place)].*counts)[*age] = whole(parts);
  return out;
}

/// Customers there at an age: in that very period, or in that one or any later.
std::int64_t there(const Cohort& cohort, std::int64_t age, bool or_after) {
  if (!or_after) {
    const auto found = cohort.on.find(age);
    return found == cohort.on.end() ? 0 : found->second;
  }
  std::int64_t sum = 0;
  for (auto at = cohort.last.lower_bound(age); at != cohort.last.end(); ++at) sum += at->second;
  return sum;
}

struct Rules {
  bool or_after, against_previous, simple_mean;
};

Rules rules_of(const Evaluation::Bound& bound) {
  const auto is = [&](const char* parameter, std::string_view value) {
    const auto found = bound.params.find(parameter);
    return found != bound.params.end() && std::get<std::string>(found->second) == value;
  };
  return {is("presence", "on_or_after"), is("against", "previous"), is("mean", "simple")};
}

struct Mean {
  std::int64_t there = 0, base = 0, cohorts = 0;
  double shares = 0;
};

void set_share(Row& row, std::int64_t present, std::int64_t base) {
  row.numerator = static_cast<double>(present);
  row.denominator = static_cast<double>(base);
  row.numerator_exact = fmt::format("{}", present);
  row.denominator_exact = fmt::format("{}", base);
  row.n = base;
  if (base == 0) {
    row.reason = "no_denominator";
    return;
  }
  row.value = static_cast<double>(present) / static_cast<double>(base);
  if (const auto interval = stats::wilson(present, base)) {
    row.ci_low = interval->low;
    row.ci_high = interval->high;
    row.ci_kind = "wilson";
  }
}

}  // namespace

Result<> Answering::check_grid() const {
  constexpr std::int64_t kMaxCells = 50'000;
  if (question_.grain == calendar::Grain::hour)
    return fail(ErrorKind::usage, "question.grain", "cohorts are not told by the hour", {},
                "ask with grain month, quarter or year");
  if (question_.grain == calendar::Grain::total) return {};  // refused where the relation is made
  const auto& calendar = session_.calendar;
  const std::int64_t last =
      calendar.ordinal(calendar.zone().day_of(Instant{evaluation_->bound().as_of.at.micros - 1}), question_.grain);
  std::int64_t cells = 0;
  for (const Slot& slot : slots_)
    cells += std::max<std::int64_t>(0, last - calendar.ordinal(slot.period.whole.from, question_.grain) + 1);
  if (cells <= kMaxCells) return {};
  return fail(ErrorKind::usage, "answer.too_large",
              fmt::format("the grid would have {} cells; {} is the most", cells, kMaxCells), {},
              "choose a coarser grain or a shorter range");
}

Result<> Answering::add_cohort_rows(Answer& answer) const {
  const auto& bound = evaluation_->bound();
  const Rules rules = rules_of(bound);
  const auto& calendar = session_.calendar;
  const auto apart = static_cast<std::size_t>(place_of_age(*evaluation_));
  const auto name = [&](const Key& key, Row& row) {
    if (apart) row.by.insert(row.by.begin(), {bound.variant->apart, key.front()});
    name_splits(key, apart, row);
  };
  std::map<Key, std::map<std::int64_t, Mean>, OthersLast> means;
  for (const Slot& slot : slots_) {
    const std::int64_t born = calendar.ordinal(slot.period.whole.from, question_.grain);
    for (const auto& [split, cohort] : cohorts_of(*evaluation_, slot.period.span))
      for (std::int64_t age = 0;; ++age) {
        const calendar::Range cell = calendar.period_at(born + age, question_.grain);
        const plan::Period at = plan::period_at(calendar, cell, bound.as_of);
        if (at.elapsed <= 0) break;
        Row row;
        row.period = slot.period.whole.from;
        row.period_to = slot.period.whole.to;
        row.complete = at.complete;
        row.elapsed = at.elapsed;
        row.by = {{"cohort", to_string(slot.period.whole.from)}, {"age", fmt::format("{}", age)}};
        name(split, row);
        const std::int64_t base =
            rules.against_previous && age > 0 ? there(cohort, age - 1, rules.or_after) : cohort.size;
        const std::int64_t present = there(cohort, age, rules.or_after);
        set_share(row, present, base);
        row.small_sample = base > 0 && base < bound.definition->min_sample;
        if (row.complete && row.value) {
          Mean& mean = means[split][age];
          mean.there += present;
          mean.base += base;
          mean.cohorts += 1;
          mean.shares += *row.value;
        }
        answer.rows.push_back(std::move(row));
      }
  }
  for (const auto& [split, ages] : means)
    for (const auto& [age, mean] : ages) {
      Row row;
      row.period = range_.from;
      row.period_to = range_.to;
      row.by = {{"age", fmt::format("{}", age)}};
      name(split, row);
      set_share(row, mean.there, mean.base);
      row.small_sample = mean.base > 0 && mean.base < bound.definition->min_sample;
      if (rules.simple_mean) {
        row.value = mean.shares / static_cast<double>(mean.cohorts);
        row.ci_low = row.ci_high = std::nullopt;
        row.ci_kind.clear();
      }
      answer.totals.push_back(std::move(row));
    }
  return {};
}

}  // namespace vigie::kpi
