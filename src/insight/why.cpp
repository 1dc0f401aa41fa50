#include "insight/why.h"

#include <cmath>

#include "insight/drivers.h"
#include "insight/summed_formula.h"
#include "kpi/bound_question.h"
#include "kpi/compare.h"
#include "kpi/measured_defaults.h"
#include "kpi/refusal.h"
#include "kpi/wrong_definitions.h"

namespace vigie::insight {
namespace {

using kpi::Evaluation;
using kpi::Figure;
using plan::Key;
using Level = Evaluation::Level;

/// The four numbers of one value, or of the whole: before and after, numerator and denominator (1 of a sum).
struct Parts {
  Decimal before_numerator, before_denominator, after_numerator, after_denominator;
};

/// The question split by one dimension, or by none.
struct Branch {
  plan::Question question;
  std::optional<catalog::Variant> variant;  ///< with the measures of its drivers
  std::unique_ptr<Evaluation> evaluation;
};

/// The parts, or the code of why there are none.
struct PartsRead {
  std::optional<Parts> parts;
  std::string why_not;
};

double share(const Decimal& part, const Decimal& of) { return of.is_zero() ? 0 : ratio(part, of); }

std::optional<double> own(const Decimal& numerator, const Decimal& denominator) {
  return denominator.is_zero() ? std::nullopt : std::optional(ratio(numerator, denominator));
}

class Analysis {
 public:
  Analysis(const kpi::Session& session, const plan::Question& question, const store::QueryLimits& limits)
      : session_(session), question_(question), limits_(limits) {}

  Result<Why> run();

 private:
  Result<> head(const kpi::BoundQuestion& bound);
  Result<plan::Span> before_span(calendar::Range range, const plan::Period& period) const;
  std::vector<std::string> dimensions(const Evaluation::Bound& bound) const;
  Result<std::unique_ptr<Branch>> branch(std::vector<std::string> by, plan::MeasureRun& run,
                                         bool with_drivers = false) const;
  Result<std::optional<DriverEffects>> drivers(const catalog::Drivers& declared, const Branch* branch) const;
  Result<> read_whole(const Evaluation& evaluation);
  Result<PartsRead> parts(const Evaluation& evaluation, const Key& key, Level level) const;
  /// Reads the formula as it holds of the whole, before and after.
  Result<> read_formula(const Evaluation& evaluation);
  Result<DimensionEffects> dimension(const Branch& branch) const;
  Result<> fill_ratio(DimensionEffects& out, const std::vector<Parts>& items) const;
  Result<> fill_sum(DimensionEffects& out, const std::vector<Parts>& items) const;
  void rank(DimensionEffects& out) const;

  const kpi::Session& session_;
  plan::Question question_;  ///< with its measured defaults
  const store::QueryLimits& limits_;
  plan::Span now_, then_;
  SummedFormula formula_;
  Parts whole_;
  bool days_ = false;  ///< durations: µs inside, days outside
  Why out_;
};

/// The first day of which nothing is in.
Date end_of(const plan::Span& span) { return span.to_tod > 0 ? span.to + 1 : span.to; }

void refuse(DimensionEffects& out, std::string code) {
  static const std::map<std::string, Text, std::less<>> kReasons{
      {"overlapping",
       {"its values do not add up to the whole: some units count under several of them, or under none",
        "ses valeurs ne font pas le total : des unités comptent sous plusieurs d'entre elles, ou sous aucune"}},
      {"unknown",
       {"some of its values have no figure of their own", "certaines de ses valeurs n'ont pas de chiffre à elles"}},
      {"inexact", {"its parts are quotients themselves", "ses parts sont elles-mêmes des quotients"}},
      {"one_value", {"it has a single value here", "elle n'a ici qu'une seule valeur"}},
      {"too_large",
       {"its figures have more digits than an exact split can hold",
        "ses chiffres ont plus de décimales qu'un partage exact n'en tient"}},
  };
  out.why_not = kReasons.find(code)->second;
  out.refusal = std::move(code);
  out.effects.clear();
}

Result<plan::Span> Analysis::before_span(calendar::Range range, const plan::Period& period) const {
  if (question_.compare.size() > 1)
    return fail(ErrorKind::usage, "why.compare", "a change has one other side; several comparisons were asked for", {},
                "choose one");
  plan::Comparison comparison{plan::Comparison::Kind::previous_period, "previous_period", {}, {}};
  if (!question_.compare.empty()) comparison = question_.compare.front();
  if (comparison.kind == plan::Comparison::Kind::target)
    return fail(ErrorKind::usage, "why.compare", "a target has no parts to compare with", {},
                "compare with previous_period, previous_year or FROM..TO");
  const calendar::Range other = kpi::compared_range(session_.calendar, comparison, range, calendar::Grain::total);
  return question_.align_workday ? plan::to_date_by_working_days(session_.calendar, period, other)
                                 : plan::to_date(period, other);
}

std::vector<std::string> Analysis::dimensions(const Evaluation::Bound& bound) const {
  if (!question_.by.empty()) return question_.by;
  // Those that every measure of the formula can be split by.
  std::optional<std::set<std::string>> shared;
  std::vector<std::string> names;
  expr::columns_of(bound.variant->value, names);
  for (const std::string& name : names) {
    const auto measure = bound.definition->measures.find(name);
    if (measure == bound.definition->measures.end() || measure->second.ignores_splits) continue;
    std::set<std::string> here;
    for (const auto& [dimension, column] : session_.model.relation(measure->second.relation)->dimensions)
      if (!shared || shared->contains(dimension)) here.insert(dimension);
    shared = std::move(here);
  }
  if (!shared) return {};
  return {shared->begin(), shared->end()};
}

Result<std::unique_ptr<Branch>> Analysis::branch(std::vector<std::string> by, plan::MeasureRun& run,
                                                 bool with_drivers) const {
  auto out = std::make_unique<Branch>();
  out->question = question_;
  out->question.by = std::move(by);
  out->question.top.reset();
  out->question.compare.clear();
  out->question.grain = calendar::Grain::total;
  VIGIE_TRY(kpi::BoundQuestion bound, kpi::bind_question(session_, out->question));
  if (with_drivers) bound.bound.variant = &out->variant.emplace(with_driver_measures(*bound.bound.variant));
  out->evaluation = std::make_unique<Evaluation>(session_, out->question, std::move(bound.bound));
  VIGIE_CHECK(out->evaluation->plan(run, {now_, then_}, {now_, then_}));
  return out;
}

Result<PartsRead> Analysis::parts(const Evaluation& evaluation, const Key& key, Level level) const {
  Parts out;
  for (const bool after : {false, true}) {
    const plan::Span& span = after ? now_ : then_;
    VIGIE_TRY(const SideRead above, read_side(formula_.numerator, evaluation, session_.calendar, span, key, level));
    SideRead below{ExactSum{Decimal::integer(1), Decimal::integer(1)}, {}};
    if (formula_.denominator) {
      VIGIE_TRY(below, read_side(formula_.denominator, evaluation, session_.calendar, span, key, level));
    }
    if (!above.exact || !below.exact) return PartsRead{{}, above.exact ? below.why_not : above.why_not};
    // (sum above / its number) / (sum below / its number)
    VIGIE_TRY(const Decimal numerator, above.exact->sum.times(below.exact->of));
    VIGIE_TRY(Decimal denominator, below.exact->sum.times(above.exact->of));
    if (!out_.ratio && (days_ || denominator != Decimal::integer(1))) return PartsRead{{}, "inexact"};
    if (days_) {
      VIGIE_TRY(denominator, denominator.times(Decimal::integer(kMicrosPerDay)));
    }
    (after ? out.after_numerator : out.before_numerator) = numerator;
    (after ? out.after_denominator : out.before_denominator) = denominator;
  }
  return PartsRead{out, {}};
}

Result<> Analysis::read_formula(const Evaluation& evaluation) {
  const catalog::Variant& variant = *evaluation.bound().variant;
  const std::array spans{then_, now_};
  VIGIE_TRY(auto formula, formula_of_whole(variant.value, evaluation, spans));
  if (!formula)
    return fail(ErrorKind::usage, "why.not_decomposable",
                fmt::format("{}:{} is not reckoned alike before and after: its change has no parts that add up",
                            evaluation.bound().definition->id, variant.name),
                {}, "choose two periods in which the same parts of its formula hold");
  formula_ = std::move(*formula);
  out_.ratio = formula_.denominator != nullptr;
  return {};
}

Result<> Analysis::read_whole(const Evaluation& evaluation) {
  const auto& bound = evaluation.bound();
  const auto no_value = [&](Date from, Date to, const std::string& reason) {
    return fail(ErrorKind::check_failed, "why.no_value",
                fmt::format("{} has no figure from {} to {}: {}", bound.definition->id, to_string(from), to_string(to),
                            session_.catalog.reason(reason).en),
                {}, "choose a period, and one to compare it with, in which it has one");
  };
  // Of what has not begun nothing is left to name but what was asked for.
  if (now_.empty()) return no_value(out_.from, out_.to, "no_data");
  for (const plan::Span& span : {then_, now_}) {
    VIGIE_TRY(const Figure figure, evaluation.figure(span, {}, Level::total));
    if (figure.value.is_null()) return no_value(span.from, end_of(span), figure.value.reason);
  }
  VIGIE_CHECK(read_formula(evaluation));
  VIGIE_TRY(const PartsRead whole, parts(evaluation, {}, Level::total));
  if (!whole.parts)
    return fail(ErrorKind::usage, "why.not_decomposable",
                fmt::format("{}:{} is made of quotients, which have no parts that add up", bound.definition->id,
                            bound.variant->name),
                {}, "ask for the KPIs its formula names: vigie explain tells which");
  whole_ = *whole.parts;
  return {};
}

Result<> Analysis::fill_ratio(DimensionEffects& out, const std::vector<Parts>& items) const {
  std::vector<stats::RatioItem> ratios;
  for (const Parts& one : items)
    ratios.push_back({one.before_numerator, one.before_denominator, one.after_numerator, one.after_denominator});
  VIGIE_TRY(const stats::RatioDecomposition split, stats::decompose_ratio(ratios));
  out.rate = split.rate;
  out.mix = split.mix;
  out.unmatched = split.unmatched;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const stats::RatioEffect& from = split.items[i];
    Effect& effect = out.effects[i];
    effect.presence = from.presence;
    effect.rate = from.rate, effect.mix = from.mix, effect.unmatched = from.unmatched, effect.total = from.total;
    effect.before = own(items[i].before_numerator, items[i].before_denominator);
    effect.after = own(items[i].after_numerator, items[i].after_denominator);
    effect.weight_before = share(items[i].before_denominator, whole_.before_denominator);
    effect.weight_after = share(items[i].after_denominator, whole_.after_denominator);
  }
  return {};
}

Result<> Analysis::fill_sum(DimensionEffects& out, const std::vector<Parts>& items) const {
  std::vector<stats::SumItem> sums;
  for (const Parts& one : items) sums.push_back({one.before_numerator, one.after_numerator});
  VIGIE_TRY(const stats::SumDecomposition split, stats::decompose_sum(sums));
  for (std::size_t i = 0; i < items.size(); ++i) {
    Effect& effect = out.effects[i];
    effect.presence = split.items[i].presence;
    effect.total = split.items[i].effect;
    effect.before = items[i].before_numerator.to_double();
    effect.after = items[i].after_numerator.to_double();
    effect.weight_before = share(items[i].before_numerator, whole_.before_numerator);
    effect.weight_after = share(items[i].after_numerator, whole_.after_numerator);
  }
  return {};
}

void Analysis::rank(DimensionEffects& out) const {
  const double change = out_.change.to_double();
  for (const Effect& effect : out.effects)
    out.explained += std::abs(effect.total.to_double() - (effect.weight_before + effect.weight_after) / 2 * change) / 2;
  std::ranges::stable_sort(out.effects, std::greater<>{},
                           [](const Effect& one) { return std::abs(one.total.to_double()); });
}

/// Do the parts add up to the whole, on both sides and to the last digit?
Result<bool> add_up(const std::vector<Parts>& items, const Parts& whole, bool ratio) {
  for (const auto part :
       {&Parts::before_numerator, &Parts::after_numerator, &Parts::before_denominator, &Parts::after_denominator}) {
    if (!ratio && (part == &Parts::before_denominator || part == &Parts::after_denominator)) continue;
    Decimal sum;
    for (const Parts& one : items) {
      VIGIE_TRY(sum, sum.plus(one.*part));
    }
    if (sum != whole.*part) return false;
  }
  return true;
}

Result<DimensionEffects> Analysis::dimension(const Branch& branch) const {
  DimensionEffects out;
  out.id = branch.question.by.front();
  out.label = session_.catalog.dimension_label(out.id);
  std::vector<Parts> items;
  for (const Key& key : branch.evaluation->keys({now_, then_}, Level::split)) {
    if (const auto& headline = branch.evaluation->headline(); headline && key.front() != headline) continue;
    VIGIE_TRY(const PartsRead one, parts(*branch.evaluation, key, Level::split));
    if (!one.parts) {
      refuse(out, one.why_not);
      return out;
    }
    out.effects.emplace_back().value = key.empty() ? std::nullopt : key.back();
    items.push_back(*one.parts);
  }
  VIGIE_TRY(const bool whole, add_up(items, whole_, out_.ratio));
  if (!whole) refuse(out, "overlapping");
  else if (items.size() < 2) refuse(out, "one_value");
  if (!out.refusal.empty()) return out;
  const Result<> filled = out_.ratio ? fill_ratio(out, items) : fill_sum(out, items);
  if (!filled && filled.error().code != "decimal.overflow") return std::unexpected(filled.error());
  if (!filled) refuse(out, "too_large");
  else rank(out);
  return out;
}

Result<std::optional<DriverEffects>> Analysis::drivers(const catalog::Drivers& declared, const Branch* branch) const {
  if (declared.of.empty()) return std::nullopt;
  if (!branch) return refused_drivers("out_of_reach");
  const ChangeSide before{then_, stats::fraction_of(whole_.before_numerator, whole_.before_denominator)};
  const ChangeSide after{now_, stats::fraction_of(whole_.after_numerator, whole_.after_denominator)};
  VIGIE_TRY(DriverEffects effects, driver_effects(declared, *branch->evaluation, before, after, out_.change));
  return effects;
}

/// Sums, and ratios of sums, have parts; a quantile of a whole is not made of those of its parts.
Result<> has_parts(const catalog::Definition& definition, const catalog::Variant& variant) {
  using catalog::Form;
  if (variant.form == Form::quantile || variant.form == Form::survival) {
    const bool has_mean = definition.variant("mean") != nullptr;
    return fail(
        ErrorKind::usage, "why.not_decomposable",
        fmt::format("{}:{} is a quantile: that of a whole is not made of those of its parts, so that its change "
                    "has no parts that add up",
                    definition.id, variant.name),
        {}, has_mean ? fmt::format("ask for the mean: {}:mean", definition.id) : "a mean has");
  }
  if (variant.form == Form::formula && variant.axes.empty()) return {};
  return fail(ErrorKind::usage, "why.not_decomposable",
              fmt::format("{}:{} is no sum and no ratio of sums: its change has no parts that add up", definition.id,
                          variant.name),
              {}, "a mean has; a median, a curve or a table has not");
}

Result<> Analysis::head(const kpi::BoundQuestion& bound) {
  const catalog::Definition* const definition = bound.bound.definition;
  const catalog::Variant* const variant = bound.bound.variant;
  const expr::InstantLiteral& as_of = bound.bound.as_of;
  const plan::Period period = plan::period_at(session_.calendar, bound.range, as_of);
  now_ = period.span;
  VIGIE_TRY(then_, before_span(bound.range, period));
  VIGIE_CHECK(has_parts(*definition, *variant));
  days_ = variant->value->type == expr::Type::duration;
  out_.kpi = definition->id;
  out_.variant = variant->name;
  out_.version = definition->version;
  out_.unit = catalog::name_of(variant->unit.value_or(definition->unit));
  out_.currency = question_.currency.empty() ? session_.settings.currency : question_.currency;
  out_.label = variant->name == "default" ? definition->label : variant->label;
  out_.from = bound.range.from, out_.to = bound.range.to;
  out_.before_from = then_.from, out_.before_to = end_of(then_);
  out_.after_from = now_.from, out_.after_to = end_of(now_);
  out_.as_of = as_of.at;
  return {};
}

Result<Why> Analysis::run() {
  VIGIE_TRY(question_, kpi::with_measured_defaults(session_, std::move(question_), limits_));
  plan::Question plain = question_;
  plain.by.clear();
  VIGIE_TRY(const kpi::BoundQuestion bound, kpi::bind_question(session_, plain));
  VIGIE_CHECK(head(bound));
  plan::MeasureRun run(session_.engine, session_.calendar, limits_);
  VIGIE_TRY(const auto whole, branch({}, run));
  std::vector<std::unique_ptr<Branch>> branches;
  for (const std::string& one : dimensions(bound.bound)) {
    auto made = branch({one}, run);
    if (made) branches.push_back(std::move(*made));
    else if (!question_.by.empty())
      // A name that was asked for; of the rest, one may not reach.
      return std::unexpected(kpi::with_hint_that_works(session_, limits_, question_, made.error()));
  }
  // A filter may reach the sales and not the lines in them.
  const catalog::Drivers& declared = bound.bound.variant->drivers;
  const auto driven = declared.of.empty() ? Result<std::unique_ptr<Branch>>() : branch({}, run, true);
  VIGIE_CHECK(run.run());
  VIGIE_CHECK(read_whole(*whole->evaluation));
  const stats::RatioItem item{whole_.before_numerator, whole_.before_denominator, whole_.after_numerator,
                              whole_.after_denominator};
  VIGIE_TRY(const stats::RatioDecomposition total, stats::decompose_ratio(std::span(&item, 1)));
  out_.before = total.before, out_.after = total.after, out_.change = total.change;
  VIGIE_TRY(out_.drivers, drivers(declared, driven ? driven->get() : nullptr));
  for (const auto& one : branches) {
    VIGIE_TRY(DimensionEffects effects, dimension(*one));
    out_.dimensions.push_back(std::move(effects));
  }
  std::ranges::stable_sort(out_.dimensions, [](const DimensionEffects& a, const DimensionEffects& b) {
    return std::pair(!a.refusal.empty(), -a.explained) < std::pair(!b.refusal.empty(), -b.explained);
  });
  out_.warnings = kpi::told_of_wrong_definitions(session_.catalog);
  return std::move(out_);
}

}  // namespace

Result<Why> why(const kpi::Session& session, const plan::Question& question, const store::QueryLimits& limits) {
  return Analysis(session, question, limits).run();
}

}  // namespace vigie::insight
