// What has to be said beside the figures of an answer.
#include "kpi/answering.h"
#include "kpi/filled.h"
#include "kpi/measured_defaults.h"
#include "kpi/rests_on.h"

namespace vigie::kpi {
namespace {

using plan::Span;
using Level = Evaluation::Level;

std::int64_t most_days_before_data(const Answer& answer) {
  std::int64_t most = 0;
  const auto add = [&](const Row& row) {
    for (const auto& [name, compared] : row.comparisons) most = std::max(most, compared.days_before_data);
  };
  std::ranges::for_each(answer.rows, add);
  std::ranges::for_each(answer.totals, add);
  add(answer.total);
  return most;
}

std::int64_t most_days_of_a_year(const Answer& answer) {
  std::int64_t most = answer.total.days_before_data;
  for (const Row& row : answer.rows) most = std::max(most, row.days_before_data);
  return most;
}

/// The variant warns of the rows without an amount in words of its own: a count leaves out none.
bool says_itself_what_is_unpriced(const catalog::Variant& variant) {
  return variant.unpriced && variant.unpriced->op == expr::Op::column &&
         std::ranges::find(variant.warns, variant.unpriced->name, &catalog::Warned::measure) != variant.warns.end();
}

}  // namespace

std::int64_t Answering::overlapping_days() const {
  const auto& bound = evaluation_->bound();
  // Of what is true at the end of each range nothing is counted twice.
  const auto is_dated = [&](const std::string& name) {
    const auto found = bound.definition->measures.find(name);
    return found != bound.definition->measures.end() && found->second.over == catalog::Over::period &&
           !found->second.at.empty();
  };
  if (std::ranges::none_of(names_of(*bound.variant), is_dated)) return 0;
  std::int64_t most = 0;
  const Span& span = total_.period.span;
  for (const auto& [comparison, range] : total_.compared) {
    if (comparison.kind == plan::Comparison::Kind::target) continue;
    const Span other = compared_span(total_, range);
    most = std::max<std::int64_t>(most, std::min(span.to, other.to) - std::max(span.from, other.from));
  }
  return most;
}

void Answering::add_warning(std::string_view code, std::int64_t count, Answer& answer, std::int64_t of) const {
  if (count > 0) answer.warnings.push_back({std::string(code), session_.catalog.warning(code, count, of), count, of});
}

void Answering::say_where_data_are(Answer& answer) const {
  const auto& coverage = session_.facts.coverage;
  if (answer.total.value) return;
  if (std::ranges::none_of(coverage, [](const auto& one) { return one.rows > 0; }))
    return add_warning("nothing_imported", 1, answer);
  const auto& bound = evaluation_->bound();
  const auto tables =
      tables_of(*bound.definition, *bound.variant, session_.catalog, session_.facts,
                plan::sale_event(session_.settings, session_.facts), session_.calendar.zone().day_of(session_.now));
  std::optional<Date> first;
  for (const auto& one : coverage)
    if (one.rows > 0 && one.first && std::ranges::find(tables, one.table) != tables.end())
      first = std::min(first.value_or(*one.first), *one.first);
  if (!first || session_.calendar.zone().start_of(*first) < bound.as_of.at) return;
  const Text words = session_.catalog.warning("all_after_as_of", 1);
  answer.warnings.push_back({"all_after_as_of", filled(words, {{"day", in_both(to_string(*first))}}), 1});
}

Result<> Answering::add_warnings(Answer& answer) const {
  const catalog::Variant& variant = *evaluation_->bound().variant;
  say_where_data_are(answer);
  say_what_is_behind(answer);
  say_what_fails(answer);
  for (const catalog::Warned& warned : variant.warns) {
    VIGIE_TRY(const double found, evaluation_->counted(warned, total_.period.span));
    Decimal all;
    if (!warned.of.empty()) {
      VIGIE_TRY(all, evaluation_->whole(warned.of, total_.period.span));
    }
    add_warning(warned.measure, static_cast<std::int64_t>(found), answer, static_cast<std::int64_t>(all.to_double()));
  }
  for (const auto& [code, condition] : variant.warns_when) {
    VIGIE_TRY(const bool holds, evaluation_->is_true(condition, total_.period.span, {}, Level::total));
    add_warning(code, holds ? 1 : 0, answer);
  }
  for (const MeasuredDefault& one : measured_defaults(session_, *evaluation_->bound().definition, variant)) {
    const auto found = question_.measured.find(one.name());
    if (found == question_.measured.end() || !found->second.empty()) continue;
    VIGIE_TRY(const Decimal days, Decimal::parse(one.definition->parameter(one.parameter)->fallback));
    add_warning(one.parameter + "_not_measured", static_cast<std::int64_t>(days.to_double()), answer);
  }
  if (!says_itself_what_is_unpriced(variant)) add_warning("unpriced", answer.total.unpriced, answer);
  add_warning("cut_periods",
              std::ranges::count_if(slots_,
                                    [&](const Slot& slot) {
                                      return slot.period.whole.from < range_.from || slot.period.whole.to > range_.to;
                                    }),
              answer);
  add_warning("beyond_horizon", days_beyond_horizon_, answer);
  add_warning("compared_overlaps", overlapping_days(), answer);
  say_of_other_lengths(answer);
  add_warning("year_before_data", most_days_of_a_year(answer), answer);
  add_warning("compared_before_data", most_days_before_data(answer), answer);
  add_warning("cohorts_not_compared", variant.form == catalog::Form::cohort && !question_.compare.empty() ? 1 : 0,
              answer);
  return {};
}

}  // namespace vigie::kpi
