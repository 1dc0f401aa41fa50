#include "insight/reconcile.h"

#include "base/text.h"
#include "catalog/kpi_name.h"
#include "insight/linear_form.h"
#include "kpi/bound_question.h"
#include "kpi/measured_defaults.h"
#include "kpi/wrong_definitions.h"

namespace vigie::insight {
namespace {

using kpi::Evaluation;
using stats::Fraction;
using Level = Evaluation::Level;

const Fraction kZero{0, 1};

/// One variant on its way: bound, evaluated, and read as a ratio of sums where it is one.
struct Leg {
  plan::Question question;
  calendar::Range range;
  plan::Span span;
  std::unique_ptr<Evaluation> evaluation;
  kpi::Figure figure;
  std::optional<LinearRatio> form;
  const Evaluation::Bound& bound() const { return evaluation->bound(); }
};

/// A curve, a grid and the movements of a table have many figures, and what stands along an axis has none of the whole.
Result<> check_one_figure(const Evaluation& evaluation) {
  const catalog::Definition& definition = *evaluation.bound().definition;
  const catalog::Variant* const asked = definition.variant(evaluation.bound().variant->name);
  if (asked->is_one_figure()) return {};
  std::vector<std::string> others;
  for (const catalog::Variant& one : definition.variants)
    if (one.is_one_figure()) others.push_back(one.name);
  return fail(ErrorKind::usage, "reconcile.many_figures",
              fmt::format("{}:{} has a figure for each of its rows, and none of the whole: no bridge leads to it",
                          definition.id, asked->name),
              {},
              others.empty() ? "choose a KPI that is one figure"
                             : "choose a variant that is one figure: " + join(others, ", "));
}

Result<std::unique_ptr<Leg>> start(const kpi::Session& session, const plan::Question& question, plan::MeasureRun& run,
                                   const store::QueryLimits& limits) {
  auto leg = std::make_unique<Leg>();
  leg->question = question;
  leg->question.by.clear();
  leg->question.top.reset();
  leg->question.compare.clear();
  leg->question.grain = calendar::Grain::total;
  VIGIE_TRY(leg->question, kpi::with_measured_defaults(session, std::move(leg->question), limits));
  VIGIE_TRY(kpi::BoundQuestion bound, kpi::bind_question(session, leg->question));
  leg->range = bound.range;
  leg->span = plan::period_at(session.calendar, bound.range, bound.bound.as_of).span;
  leg->evaluation = std::make_unique<Evaluation>(session, leg->question, std::move(bound.bound));
  VIGIE_CHECK(check_one_figure(*leg->evaluation));
  VIGIE_CHECK(leg->evaluation->plan(run, {leg->span}, {leg->span}));
  return leg;
}

Result<> finish(const kpi::Session& session, Leg& leg) {
  VIGIE_TRY(leg.figure, leg.evaluation->figure(leg.span, {}, Level::total));
  const auto& bound = leg.bound();
  if (leg.figure.value.is_null())
    return fail(ErrorKind::check_failed, "reconcile.no_value",
                fmt::format("{}:{} has no figure here ({}), so no bridge leads to it", bound.definition->id,
                            bound.variant->name, session.catalog.reason(leg.figure.value.reason).en),
                {}, "choose a period in which both have one");
  if (bound.variant->form != catalog::Form::formula) return {};
  const kpi::Lookup parameters = [&](const std::string& name) {
    return leg.evaluation->lookup(name, leg.span, {}, Level::total);
  };
  VIGIE_TRY(leg.form, linear_ratio_of(bound.variant->value, parameters));
  return {};
}

/// What each item brings to one side of a leg, in order.
struct Contribution {
  std::string key, name;
  Text label;
  Fraction before = kZero, after = kZero;
};

/// The two sides of both legs, item by item.
class Sides {
 public:
  Sides(const kpi::Session& session, const Leg& first, const Leg& last)
      : session_(session), first_(first), last_(last) {}

  /// False where an item has no value of its own (the formula was worth something all the same).
  Result<bool> read() {
    for (const bool after : {false, true}) {
      const Leg& leg = after ? last_ : first_;
      for (const Side side : {Side::numerator, Side::denominator}) {
        VIGIE_TRY(const bool complete, add(leg, side, after));
        if (!complete) return false;
      }
    }
    return true;
  }
  const std::vector<Contribution>& of(Side side) const { return side == Side::numerator ? numerator_ : denominator_; }

 private:
  Result<bool> add(const Leg& leg, Side side, bool after) {
    const Linear& linear = side == Side::numerator ? leg.form->numerator : leg.form->denominator;
    // Durations are µs inside and days outside.
    const bool days = side == Side::denominator && leg.bound().variant->value->type == expr::Type::duration;
    const Fraction unit{days ? stats::BigInt(kMicrosPerDay) : stats::BigInt(1), 1};
    for (const auto& [name, coefficient] : linear.terms) {
      VIGIE_TRY(const kpi::Value value, leg.evaluation->lookup(name, leg.span, {}, Level::total));
      const auto amount = exact(value);
      if (!amount) return false;
      put(side, key_of(leg, name), name, label_of(name), coefficient * *amount * unit, after);
    }
    if (!stats::is_zero(linear.constant)) put(side, "", "", {"constant", "constante"}, linear.constant * unit, after);
    return true;
  }

  void put(Side side, const std::string& key, const std::string& name, Text label, const Fraction& amount, bool after) {
    auto& items = side == Side::numerator ? numerator_ : denominator_;
    auto found = std::ranges::find(items, key, &Contribution::key);
    if (found == items.end())
      found = items.insert(items.end(), Contribution{key, name, std::move(label), kZero, kZero});
    (after ? found->after : found->before) = amount;
  }

  /// Two KPIs may give one name to two measures; a shared one is written in one place.
  std::string key_of(const Leg& leg, const std::string& name) const {
    const auto& measures = leg.bound().definition->measures;
    const auto measure = measures.find(name);
    if (measure == measures.end()) return name;
    const SourcePosition& at = measure->second.written;
    return fmt::format("{}|{}:{}:{}", name, at.file, at.line, at.column);
  }

  Text label_of(const std::string& name) const {
    if (const auto named = catalog::kpi_named(name)) {
      const auto other = session_.catalog.find(named->kpi, std::nullopt, session_.calendar.zone().day_of(session_.now));
      if (other) return (*other)->label;
    }
    return session_.catalog.measure_label(name);
  }

  const kpi::Session& session_;
  const Leg &first_, &last_;
  std::vector<Contribution> numerator_, denominator_;
};

Fraction total(const std::vector<Contribution>& items, Fraction Contribution::* of) {
  Fraction out = kZero;
  for (const Contribution& item : items) out = out + item.*of;
  return out;
}

Fraction quotient(const Fraction& a, const Fraction& b) {
  Fraction out{a.numerator * b.denominator, a.denominator * b.numerator};
  if (out.denominator < 0) out.numerator = -out.numerator, out.denominator = -out.denominator;
  return out;
}

void join_text(std::string& text, const std::string& more) { text += (text.empty() ? "" : " + ") + more; }

/// Takes the steps one at a time; a step after which nothing is left to divide by is taken together with the next.
Result<> walk(const Sides& sides, Bridge& bridge) {
  Fraction numerator = total(sides.of(Side::numerator), &Contribution::before);
  Fraction denominator = total(sides.of(Side::denominator), &Contribution::before);
  VIGIE_TRY(bridge.first.numerator, stats::rounded(numerator));
  VIGIE_TRY(bridge.first.denominator, stats::rounded(denominator));
  VIGIE_TRY(bridge.first.value, stats::rounded(quotient(numerator, denominator)));
  Decimal reached = bridge.first.value;
  BridgeStep step;
  for (const Side side : {Side::numerator, Side::denominator})
    for (const Contribution& item : sides.of(side)) {
      const Fraction change = item.after - item.before;
      if (stats::is_zero(change)) continue;
      Fraction& sum = side == Side::numerator ? numerator : denominator;
      sum = sum + change;
      step.side = side;
      join_text(step.name, item.name);
      join_text(step.label.en, item.label.en);
      join_text(step.label.fr, item.label.fr);
      VIGIE_TRY(const Decimal amount, stats::rounded(change));
      VIGIE_TRY(step.amount, step.amount.plus(amount));
      if (stats::is_zero(denominator)) continue;
      VIGIE_TRY(step.value, stats::rounded(quotient(numerator, denominator)));
      VIGIE_TRY(step.effect, step.value.minus(reached));
      reached = step.value;
      bridge.steps.push_back(std::move(step));
      step = {};
    }
  VIGIE_TRY(bridge.last.numerator, stats::rounded(numerator));
  VIGIE_TRY(bridge.last.denominator, stats::rounded(denominator));
  bridge.last.value = reached;
  return {};
}

/// The whole difference at once: one of the two is no ratio of sums.
Result<> leap(const Leg& first, const Leg& last, Bridge& bridge) {
  VIGIE_TRY(bridge.first.value, stats::rounded(*exact(first.figure.value)));
  VIGIE_TRY(bridge.last.value, stats::rounded(*exact(last.figure.value)));
  bridge.itemised = false;
  BridgeStep step{
      Side::definition, "definition", {"another definition", "autre définition"}, {}, bridge.last.value, {}};
  VIGIE_TRY(step.effect, bridge.last.value.minus(bridge.first.value));
  bridge.steps.push_back(std::move(step));
  return {};
}

catalog::Unit unit_of(const Leg& leg) { return leg.bound().variant->unit.value_or(leg.bound().definition->unit); }

std::string name_of(const Leg& leg) {
  return fmt::format("{}:{}", leg.bound().definition->id, leg.bound().variant->name);
}

BridgeEnd end_of(const Leg& leg) {
  const auto& bound = leg.bound();
  BridgeEnd out;
  out.kpi = bound.definition->id;
  out.variant = bound.variant->name;
  out.version = bound.definition->version;
  out.label = bound.variant->label;
  out.words = bound.variant->words;
  return out;
}

}  // namespace

std::string_view name_of(Side side) {
  return side == Side::numerator ? "numerator" : side == Side::denominator ? "denominator" : "definition";
}

Result<Bridge> reconcile(const kpi::Session& session, const plan::Question& from, const plan::Question& to,
                         const store::QueryLimits& limits) {
  plan::MeasureRun run(session.engine, session.calendar, limits);
  VIGIE_TRY(const auto first, start(session, from, run, limits));
  // Both ends stand on the same days and at the same moment, or the bridge would hold more than the definitions.
  plan::Question other = to;
  other.from = first->range.from;
  other.to = first->range.to;
  if (!other.as_of) other.as_of = first->bound().as_of;
  VIGIE_TRY(const auto last, start(session, other, run, limits));
  if (unit_of(*first) != unit_of(*last))
    return fail(
        ErrorKind::usage, "reconcile.units",
        fmt::format("the unit of {} is {}, that of {} is {}: no bridge leads from one to the other", name_of(*first),
                    catalog::name_of(unit_of(*first)), name_of(*last), catalog::name_of(unit_of(*last))),
        {}, "choose two figures of one unit");
  VIGIE_CHECK(run.run());
  VIGIE_CHECK(finish(session, *first));
  VIGIE_CHECK(finish(session, *last));
  Bridge bridge{end_of(*first),
                end_of(*last),
                std::string(catalog::name_of(unit_of(*first))),
                first->question.currency.empty() ? session.settings.currency : first->question.currency,
                first->range.from,
                first->range.to,
                first->bound().as_of.at,
                true,
                {},
                kpi::told_of_wrong_definitions(session.catalog)};
  Sides sides(session, *first, *last);
  bool itemised = first->form && last->form;
  if (itemised) {
    VIGIE_TRY(itemised, sides.read());
  }
  if (itemised) VIGIE_CHECK(walk(sides, bridge));
  else VIGIE_CHECK(leap(*first, *last, bridge));
  return bridge;
}

}  // namespace vigie::insight
