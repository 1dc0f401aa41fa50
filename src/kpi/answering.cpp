#include "kpi/answering.h"

#include <ranges>
#include <tuple>

#include "base/text.h"
#include "kpi/bound_question.h"
#include "kpi/compare.h"
#include "kpi/rests_on.h"
#include "plan/prospects.h"

namespace vigie::kpi {
namespace {

using plan::Key;
using plan::Span;
using Level = Evaluation::Level;

constexpr std::string_view kLeftTruncated = "left_truncated_customers";

std::string exact_text(const Value& value) {
  return value.kind == Value::Kind::exact ? value.exact.to_plain() : std::string();
}

void fill(Row& row, const Figure& figure, const catalog::Definition& definition, const catalog::Variant& variant) {
  row.value = figure.value.optional();
  row.value_exact = exact_text(figure.value);
  row.numerator = figure.numerator.optional();
  row.denominator = figure.denominator.optional();
  row.numerator_exact = exact_text(figure.numerator);
  row.denominator_exact = exact_text(figure.denominator);
  row.n = figure.n;
  row.ci_low = figure.ci_low;
  row.ci_high = figure.ci_high;
  row.ci_kind = figure.ci_low ? figure.ci_kind : "";
  row.maturing = figure.maturing;
  row.unpriced = figure.unpriced;
  row.measures = figure.measures;
  row.reason = figure.value.is_null() ? figure.value.reason : "";
  row.small_sample = is_small_sample(figure, definition, variant);
}

}  // namespace

bool OthersLast::operator()(const plan::Key& a, const plan::Key& b) const {
  return std::ranges::lexicographical_compare(
      a, b, [](const std::optional<std::string>& one, const std::optional<std::string>& other) {
        const bool folds = one == kOthers, other_folds = other == kOthers;
        return folds || other_folds ? !folds && other_folds : one < other;
      });
}

Result<std::unique_ptr<Answering>> Answering::prepare(const Session& session, const plan::Question& asked) {
  VIGIE_TRY(BoundQuestion bound, bind_question(session, asked));
  std::unique_ptr<Answering> out(new Answering(session, asked));
  out->range_ = bound.range;
  out->days_beyond_horizon_ = bound.days_beyond_horizon;
  out->behind_ = std::move(bound.behind);
  out->failing_ = std::move(bound.failing);
  out->late_ = std::move(bound.late);
  out->evaluation_ = std::make_unique<Evaluation>(session, out->question_, std::move(bound.bound));
  if (asked.grain == calendar::Grain::total) {
    out->slots_.push_back(out->slot(out->range_, asked.grain));
  } else {
    VIGIE_CHECK(out->check_periods());
    for (const calendar::Range& period : session.calendar.periods(out->range_, asked.grain))
      out->slots_.push_back(out->slot(period, asked.grain));
  }
  out->total_ = out->slot(out->range_, calendar::Grain::total);
  if (out->evaluation_->bound().variant->form == catalog::Form::cohort) VIGIE_CHECK(out->check_grid());
  return out;
}

Result<> Answering::check_periods() const {
  constexpr std::int64_t kMaxPeriods = 5'000, kMaxHours = 10'000;  // the hours of the range that nobody chose, and more
  constexpr std::int64_t kMicrosPerHour = kMicrosPerDay / 24;
  const auto refusal = [](const std::string& message) {
    return fail(ErrorKind::usage, "period.too_many", message, {}, "choose a coarser grain or a shorter range");
  };
  if (question_.grain == calendar::Grain::hour) {
    const auto& zone = session_.calendar.zone();
    const std::int64_t micros = zone.start_of(range_.to).micros - zone.start_of(range_.from).micros;
    const std::int64_t hours = (micros + kMicrosPerHour - 1) / kMicrosPerHour;
    return hours <= kMaxHours ? Result<>()
                              : refusal(fmt::format("{} hours were asked for; {} is the most", hours, kMaxHours));
  }
  const auto periods = std::ssize(session_.calendar.periods(range_, question_.grain));
  return periods <= kMaxPeriods
             ? Result<>()
             : refusal(fmt::format("{} periods were asked for; {} is the most", periods, kMaxPeriods));
}

Answering::Slot Answering::slot(calendar::Range range, calendar::Grain grain) const {
  const auto& as_of = evaluation_->bound().as_of;
  Slot out{plan::inside(plan::period_at(session_.calendar, range, as_of), range_), grain, {}};
  for (const plan::Comparison& comparison : question_.compare)
    out.compared.emplace_back(comparison, compared_range(session_.calendar, comparison, range, grain));
  return out;
}

std::vector<calendar::Range> Answering::last_matured() const {
  constexpr int kMostPeriods = 12;
  const auto& bound = evaluation_->bound();
  const auto window = bound.params.find("window");
  if (bound.variant->open.empty() || bound.variant->open_count || window == bound.params.end()) return {};
  const auto days = static_cast<int>(std::get<expr::Micros>(window->second).value / kMicrosPerDay);
  const Date limit = session_.calendar.zone().day_of(bound.as_of.at) - days;
  using calendar::Grain;
  const Grain grain = question_.grain == Grain::total  ? Grain::month
                      : question_.grain == Grain::hour ? Grain::day
                                                       : question_.grain;
  const calendar::Range holding = session_.calendar.period_of(limit - 1, grain);
  const std::int64_t last = session_.calendar.ordinal(holding.from, grain) - (holding.to <= limit ? 0 : 1);
  std::vector<calendar::Range> out;
  for (int back = 0; back < kMostPeriods; ++back) out.push_back(session_.calendar.period_at(last - back, grain));
  return out;
}

Result<> Answering::add_last_matured(Row& total) const {
  if (total.value || total.reason != "not_matured") return {};
  for (const calendar::Range& range : last_matured()) {
    VIGIE_TRY(const Figure figure, evaluation_->figure({range.from, range.to, 0}, {}, Level::total));
    if (figure.value.is_null()) continue;  // nothing came in then
    Compared& last = total.comparisons["last_matured"];
    last = {range.from, range.to, figure.value.optional(), {}, {}, figure.ci_low, figure.ci_high, {}, "none"};
    last.measures = figure.measures;
    break;
  }
  return {};
}

Span Answering::compared_span(const Slot& slot, calendar::Range range) const {
  return question_.align_workday ? plan::to_date_by_working_days(session_.calendar, slot.period, range)
                                 : plan::to_date(slot.period, range);
}

Answering::Looks Answering::looks() const {
  const auto& bound = evaluation_->bound();
  Looks out{{bound.as_of.at, bound.as_of}};
  if (!bound.variant->at_equal_age) return out;
  const auto add = [&](const Slot& slot) {
    for (const auto& [comparison, range] : slot.compared)
      if (comparison.kind != plan::Comparison::Kind::target) {
        const expr::InstantLiteral look = past_as_of(slot, range);
        out.emplace(look.at, look);
      }
  };
  std::ranges::for_each(slots_, add);
  add(total_);
  return out;
}

Result<> Answering::plan(plan::MeasureRun& run, const std::vector<std::string>& kept, const Looks& looks) {
  const auto literals = std::views::values(looks);
  evaluation_->look_at({literals.begin(), literals.end()});
  std::vector<Span> split, total;
  for (const Slot& slot : slots_) {
    split.push_back(slot.period.span);
    for (const auto& [comparison, range] : slot.compared) split.push_back(compared_span(slot, range));
  }
  total.push_back(total_.period.span);
  for (const auto& [comparison, range] : total_.compared) total.push_back(compared_span(total_, range));
  split.insert(split.end(), total.begin(), total.end());
  for (const calendar::Range& range : last_matured()) total.push_back({range.from, range.to, 0});
  VIGIE_CHECK(evaluation_->plan(run, split, total, kept));
  return plan_past(run, kept);
}

expr::InstantLiteral Answering::past_as_of(const Slot& slot, calendar::Range range) const {
  return plan::moved_back(session_.calendar, evaluation_->bound().as_of, slot.period.whole.from, range.from);
}

Result<> Answering::plan_past(plan::MeasureRun& run, const std::vector<std::string>& kept) {
  if (!evaluation_->bound().variant->at_equal_age) return {};
  struct Spans {
    expr::InstantLiteral as_of;
    std::vector<Span> split, total;
  };
  std::map<Instant, Spans> wanted;
  const auto add = [&](const Slot& slot, bool whole) {
    for (const auto& [comparison, range] : slot.compared) {
      if (comparison.kind == plan::Comparison::Kind::target) continue;
      const expr::InstantLiteral as_of = past_as_of(slot, range);
      Spans& spans = wanted[as_of.at];
      spans.as_of = as_of;
      spans.split.push_back(compared_span(slot, range));
      if (whole) spans.total.push_back(compared_span(slot, range));
    }
  };
  for (const Slot& slot : slots_) add(slot, false);
  add(total_, true);
  for (const auto& [at, spans] : wanted) {
    Evaluation::Bound bound = evaluation_->bound();
    bound.as_of = spans.as_of;
    past_[at] = std::make_unique<Evaluation>(session_, question_, std::move(bound));
    VIGIE_CHECK(past_[at]->plan(run, spans.split, spans.total, kept));
  }
  return {};
}

const Evaluation& Answering::past(const Slot& slot, calendar::Range range) const {
  const auto found = past_.find(past_as_of(slot, range).at);
  return found == past_.end() ? *evaluation_ : *found->second;
}

void Answering::name_key(const Key& key, Level level, Row& row) const {
  using Shown = catalog::Axis::Shown;
  const auto& axes = evaluation_->bound().variant->axes;
  // What rows stand within, and are split by too, is named once: by the split.
  const auto is_split = [&](const std::string& name) {
    return level == Level::split && std::ranges::find(evaluation_->splits(), name) != evaluation_->splits().end();
  };
  for (std::size_t i = 0; i < axes.size() && i < key.size(); ++i)
    if (axes[i].shown == Shown::always ||
        (axes[i].shown == Shown::several && several_.contains(i) && !is_split(axes[i].name)))
      row.by.emplace_back(axes[i].name, key[i]);
  if (level == Level::total) return;
  name_splits(key, axes.size() + (question_.grain == calendar::Grain::hour ? kHourColumns : 0), row);
}

void Answering::name_splits(const Key& key, std::size_t first, Row& row) const {
  const auto& splits = evaluation_->splits();
  for (std::size_t i = 0; i < splits.size() && first + i < key.size(); ++i) {
    std::optional<std::string> value = key[first + i];
    if (value == kOthers) row.others = true, value = "others";
    row.by.emplace_back(splits[i], std::move(value));
  }
}

Result<Row> Answering::row(const Slot& slot, const Key& key, Level level, bool begun) const {
  const auto& bound = evaluation_->bound();
  Row out;
  out.period = slot.period.whole.from;
  out.period_to = slot.period.whole.to;
  out.complete = slot.period.complete;
  out.elapsed = slot.period.elapsed;
  name_key(key, level, out);
  Figure now;
  now.value = Value::null("no_data");
  if (begun) {
    VIGIE_TRY(now, evaluation_->figure(slot.period.span, key, level));
  }
  fill(out, now, *bound.definition, *bound.variant);
  // Customers first seen at the start of the data may be old ones: such a period is not judged.
  bool doubtful = false;
  if (std::ranges::find(bound.variant->warns, kLeftTruncated, &catalog::Warned::measure) !=
      bound.variant->warns.end()) {
    const plan::Parts* old = evaluation_->parts(std::string(kLeftTruncated), slot.period.span, key, level);
    doubtful = old && !old->null && !old->number.is_zero();
  }
  const auto then = [&](const Evaluation& past, const Span& span, Date day) -> Result<Figure> {
    if (const auto there = begun ? same_hour(key, day) : std::nullopt) return past.figure(span, *there, level);
    Figure none;
    none.value = Value::null("no_data");  // an hour that the other day does not have
    return none;
  };
  VIGIE_CHECK(compare_others(now, slot, doubtful, then, out));
  VIGIE_CHECK(compare_target(now, slot, key, out));
  return out;
}

Result<> Answering::compare_others(const Figure& now, const Slot& slot, bool doubtful, const FigureThen& then_of,
                                   Row& row, const expr::Expr& formula) const {
  const auto& bound = evaluation_->bound();
  for (const auto& [comparison, range] : slot.compared) {
    if (comparison.kind == plan::Comparison::Kind::target) continue;
    const Span span = compared_span(slot, range);
    VIGIE_TRY(const Figure then, then_of(past(slot, range), span, range.from));
    const calendar::Range shown{span.from, span.to_tod > 0 ? span.to + 1 : span.to};
    const std::int64_t unknown = now.value.is_null() || then.value.is_null()
                                     ? 0
                                     : std::max(evaluation_->days_before_data(slot.period.span, formula),
                                                past(slot, range).days_before_data(span, formula));
    const bool unjudged = row.small_sample || doubtful || unknown > 0 || is_of_other_length(slot, comparison);
    Compared& compared = row.comparisons[comparison.name];
    compared = compare(now, then, shown, {*bound.definition, *bound.variant, slot.period.elapsed, unjudged});
    compared.days_before_data = unknown;
    if (bound.variant->at_equal_age) compared.as_of = past(slot, range).bound().as_of.at;
  }
  return {};
}

Result<> Answering::compare_target(const Figure& figure, const Slot& slot, const Key& key, Row& row) const {
  const auto& bound = evaluation_->bound();
  const auto wanted = std::ranges::find(question_.compare, plan::Comparison::Kind::target, &plan::Comparison::kind);
  // A target is of the whole, or of one of the populations that stand apart: a row that names nothing else.
  const auto& headline = evaluation_->headline();
  const bool whole = row.by.empty() || (headline && row.by.size() == 1 && row.by.front().first == bound.variant->apart);
  if (wanted == question_.compare.end()) return {};
  const std::string relation = headline ? (key.empty() ? headline : key.front()).value_or("") : "";
  const bool is_money = bound.variant->unit.value_or(bound.definition->unit) == catalog::Unit::money;
  const Judged judged{*bound.definition, *bound.variant, slot.period.elapsed, row.small_sample,
                      Judged::Against::target};
  Figure aim;
  const catalog::Target* target =
      evaluation_->targets().find(bound.definition->id, bound.variant->name, slot.period.whole, relation);
  if (!target) aim.value = Value::null("no_target");
  else if (!whole || !question_.where.empty()) aim.value = Value::null("target_of_the_whole");
  else aim.value = is_money ? evaluation_->targets().amount(*target) : Value::of(target->value);
  Compared& compared = row.comparisons[wanted->name];
  compared = compare(figure, aim, slot.period.whole, judged);
  if (row.small_sample && !aim.value.is_null())
    compared.units_short = units_short(figure, target->value, *bound.definition, *bound.variant);
  return {};
}

Result<> Answering::check_rows(std::size_t periods, std::size_t rows_each) {
  constexpr std::size_t kMaxRows = 500'000;
  if (periods == 0 || rows_each <= kMaxRows / periods) return {};
  return fail(ErrorKind::usage, "answer.too_large",
              fmt::format("the answer would have {} rows; {} is the most", periods * rows_each, kMaxRows), {},
              "choose a coarser grain, fewer splits, --top N or a filter");
}

std::vector<Key> Answering::in_axis_order(const std::set<Key>& keys) {
  const auto& axes = evaluation_->bound().variant->axes;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    std::set<std::optional<std::string>> values;
    for (const Key& key : keys) values.insert(key[i]);
    if (values.size() > 1) several_.insert(i);
  }
  std::vector<Key> out(keys.begin(), keys.end());
  std::ranges::sort(out, OthersLast());
  const auto place = [](const std::optional<std::string>& text) {
    return (text ? whole_number(*text) : std::nullopt).value_or(std::numeric_limits<std::int64_t>::max());
  };
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (axes[i].shown == catalog::Axis::Shown::order)
      std::ranges::stable_sort(out, {}, [&](const Key& key) { return place(key[i]); });
    if (axes[i].shown == catalog::Axis::Shown::several)
      std::ranges::stable_sort(out, {}, [&](const Key& key) { return key[i]; });
  }
  return out;
}

Result<> Answering::add_rows(Answer& answer) {
  std::vector<Span> spans;
  for (const Slot& slot : slots_) spans.push_back(slot.period.span);
  std::set<Key> keys = evaluation_->keys(spans, Level::split);
  const bool apart = evaluation_->headline().has_value();
  if (evaluation_->splits().empty() && (apart || evaluation_->bound().variant->axes.empty()))
    keys = evaluation_->whole_keys();
  if (question_.grain == calendar::Grain::hour) return add_hours(answer, keys);
  const std::vector<Key> ordered = in_axis_order(keys);
  VIGIE_CHECK(check_rows(slots_.size(), ordered.size()));
  for (const Slot& slot : slots_)
    for (const Key& key : ordered) {
      VIGIE_TRY(Row one, row(slot, key, Level::split));
      answer.rows.push_back(std::move(one));
    }
  if (!question_.by.empty() || apart)
    for (const Key& key : ordered) {
      VIGIE_TRY(Row one, row(total_, key, Level::split));
      answer.totals.push_back(std::move(one));
    }
  return {};
}

Result<Row> Answering::named_row(const Slot& slot, const Key& key, const std::string& axis, std::string name,
                                 Figure figure, const FigureThen& then_of, const expr::Expr& formula) const {
  Row one;
  one.period = slot.period.whole.from;
  one.period_to = slot.period.whole.to;
  one.complete = slot.period.complete;
  one.elapsed = slot.period.elapsed;
  one.by.emplace_back(axis, std::move(name));
  name_key(key, Level::split, one);
  if (std::string reason = evaluation_->uncovered(slot.period.span); !reason.empty())
    figure.value = Value::null(std::move(reason));
  fill(one, figure, *evaluation_->bound().definition, *evaluation_->bound().variant);
  const auto then = [&](const Evaluation& past, const Span& span, Date day) -> Result<Figure> {
    VIGIE_TRY(Figure found, then_of(past, span, day));
    if (std::string reason = past.uncovered(span); !reason.empty()) found.value = Value::null(std::move(reason));
    return found;
  };
  VIGIE_CHECK(compare_others(figure, slot, false, then, one, formula));
  VIGIE_CHECK(compare_target(figure, slot, key, one));
  return one;
}

Result<> Answering::add_curve_rows(const Slot& slot, const Key& key, Answer& answer) const {
  const int wanted = evaluation_->bound().variant->outcome;
  for (const auto& [outcome, name] :
       {std::pair{1, "won"}, std::pair{2, "lost"}, std::pair{catalog::Variant::kNoOutcome, ""}}) {
    if (wanted == 0 ? outcome == catalog::Variant::kNoOutcome : wanted != outcome) continue;
    VIGIE_TRY(const auto points, evaluation_->curve(outcome, slot.period.span, key, Level::split));
    for (const auto& [age, figure] : points) {
      const auto then = [&](const Evaluation& past, const Span& span, Date) -> Result<Figure> {
        VIGIE_TRY(const auto curve, past.curve(outcome, span, key, Level::split));
        const auto same_age = std::ranges::find(curve, age, [](const auto& point) { return point.first; });
        Figure none;
        none.value = Value::null("no_data");
        return same_age == curve.end() ? none : same_age->second;
      };
      VIGIE_TRY(Row one, named_row(slot, key, "age", fmt::format("{}", age), figure, then));
      if (wanted == 0) one.by.insert(one.by.begin() + 1, {"outcome", name});
      answer.rows.push_back(std::move(one));
    }
  }
  return {};
}

Result<> Answering::add_axis_rows(Answer& answer) const {
  const catalog::Variant& variant = *evaluation_->bound().variant;
  std::set<Key> keys = evaluation_->whole_keys();
  if (!evaluation_->splits().empty()) {
    std::vector<Span> spans;
    for (const Slot& slot : slots_) spans.push_back(slot.period.span);
    keys = evaluation_->keys(spans, Level::split);
  }
  std::vector<Key> ordered(keys.begin(), keys.end());
  std::ranges::sort(ordered, OthersLast());
  for (const Slot& slot : slots_)
    for (const Key& key : ordered) {
      if (variant.form == catalog::Form::curve) {
        VIGIE_CHECK(add_curve_rows(slot, key, answer));
        continue;
      }
      for (const catalog::TableRow& named : variant.table) {
        VIGIE_TRY(Figure figure, evaluation_->table_figure(named, slot.period.span, key, Level::split));
        const auto then = [&](const Evaluation& past, const Span& span, Date) {
          return past.table_figure(named, span, key, Level::split);
        };
        VIGIE_TRY(Row one, named_row(slot, key, variant.table_axis, named.key, std::move(figure), then, named.value));
        answer.rows.push_back(std::move(one));
      }
    }
  return {};
}

Result<Answer> Answering::answer() {
  const auto& bound = evaluation_->bound();
  Answer out;
  out.kpi = bound.definition->id;
  out.variant = bound.variant->name;
  out.version = bound.definition->version;
  out.unit = std::string(catalog::name_of(bound.variant->unit.value_or(bound.definition->unit)));
  out.direction = std::string(catalog::name_of(bound.definition->direction));
  out.currency = question_.currency.empty() ? session_.settings.currency : question_.currency;
  out.label = bound.variant->name == "default" ? bound.definition->label : bound.variant->label;
  out.grain = question_.grain;
  out.from = range_.from;
  out.to = range_.to;
  out.as_of = bound.as_of.at;
  for (const auto& [name, value] : bound.params) out.params[name] = parameter_text(value);
  const auto of_prospects = [&](const std::string& name) {
    const auto measure = bound.definition->measures.find(name);
    return measure != bound.definition->measures.end() && plan::counts_prospects(measure->second.relation);
  };
  if (std::ranges::any_of(names_of(*bound.variant), of_prospects))
    out.counted = plan::name_of(plan::conversion_unit(session_.facts, bound.params));
  out.min_sample = bound.definition->min_sample;
  out.by = question_.by;
  if (evaluation_->headline()) out.headline = {{bound.variant->apart, *evaluation_->headline()}};
  if (bound.variant->form == catalog::Form::table || bound.variant->form == catalog::Form::curve) {
    VIGIE_CHECK(add_axis_rows(out));
  } else if (bound.variant->form == catalog::Form::cohort) {
    VIGIE_CHECK(add_cohort_rows(out));
  } else {
    VIGIE_CHECK(add_rows(out));
  }
  VIGIE_TRY(out.total, row(total_, {}, Level::total));
  VIGIE_CHECK(add_last_matured(out.total));
  VIGIE_CHECK(add_warnings(out));
  add_log_rank(out);
  add_words(out);
  return out;
}

std::vector<std::string> largest(const Answer& answer, int count) {
  // Axes stand before the splits; of populations that stand apart the headline decides.
  using Named = std::pair<std::string, std::optional<std::string>>;
  const auto is_split = [&](const std::string& name) {
    return std::ranges::find(answer.headline, name, &Named::first) == answer.headline.end();
  };
  const auto split = std::ranges::find_if(answer.by, is_split);
  const auto split_value = [&](const Row& row) -> std::optional<std::string> {
    if (split == answer.by.end() ||
        !std::ranges::equal(answer.headline, row.by | std::views::take(answer.headline.size())))
      return std::nullopt;
    const auto found = std::ranges::find(row.by, *split, &Named::first);
    return found == row.by.end() ? std::nullopt : found->second;
  };
  std::vector<const Row*> rows;
  for (const Row& row : answer.totals)
    if (row.value && split_value(row)) rows.push_back(&row);
  // A figure on too few units is not ranked: such values take the places that are left, those with most units first.
  const auto place = [](const Row* row) {
    const double size = row->small_sample ? static_cast<double>(row->n) : *row->value;
    return std::tuple(row->small_sample, -size, row->by);
  };
  std::ranges::sort(rows, {}, place);
  std::vector<std::string> out;
  for (const Row* row : rows) {
    if (static_cast<int>(out.size()) == count) break;
    const std::string value = *split_value(*row);
    if (std::ranges::find(out, value) == out.end()) out.push_back(value);
  }
  return out;
}

}  // namespace vigie::kpi
