#include "kpi/explain.h"

#include <chrono>
#include <tuple>

#include "base/text.h"
#include "catalog/kpi_name.h"
#include "expr/print.h"
#include "kpi/bound_question.h"
#include "kpi/measured_defaults.h"
#include "plan/terms.h"
#include "store/warehouse.h"

namespace vigie::kpi {
namespace {

using catalog::Measure;
using plan::Span;
using store::AggregateFn;
using store::col;
using store::RelPtr;

std::string_view name_of(AggregateFn fn) {
  switch (fn) {
    case AggregateFn::count: return "count";
    case AggregateFn::count_distinct: return "distinct";
    case AggregateFn::sum: return "sum";
    case AggregateFn::sum_squares: return "sum of squares";
    case AggregateFn::min: return "min";
    case AggregateFn::max: return "max";
    case AggregateFn::max_abs: return "largest";
    case AggregateFn::any_bits: return "bits";
  }
  return "";
}

std::string formula_of(const Measure& measure) {
  std::string out(measure.form == Measure::Form::histogram ? "distribution" : name_of(measure.fn));
  if (!measure.per.empty()) out += " of sums per " + measure.per;
  out += "(";
  if (measure.value) out += expr::to_text(measure.value) + " of ";
  out += measure.relation;
  if (measure.where) out += " where " + expr::to_text(measure.where);
  if (!measure.at.empty()) out += ", by " + measure.at;
  return out + ")";
}

/// The rows whose time is in the span, to the instant at which an open period is cut.
expr::Expr inside(const plan::MeasureSpec& spec, const Span& span, const calendar::Calendar& calendar) {
  const expr::Expr at = col(spec.rel, spec.at);
  const bool instant = at->type == expr::Type::instant;
  const expr::Expr day = plan::day_of(at);
  expr::Expr before = expr::lt(day, expr::literal(span.to));
  if (span.to_tod != 0) {
    const expr::Expr last = expr::eq(day, expr::literal(span.to));
    const expr::Expr early =
        instant ? expr::all_of({last, expr::lt(at, expr::literal(plan::end_of(calendar, span)))}) : last;
    before = plan::any_of({before, early});
  }
  return expr::all_of({expr::ge(day, expr::literal(span.from)), before});
}

expr::Expr inside_any(const plan::MeasureSpec& spec, const calendar::Calendar& calendar) {
  std::vector<expr::Expr> each;
  for (const Span& span : spec.total_spans) each.push_back(inside(spec, span, calendar));
  return plan::any_of(std::move(each));
}

/// Which rows of its relation a measure rests on. A periodic relation holds those of its spans alone.
expr::Expr is_behind(const plan::MeasureSpec& spec, const calendar::Calendar& calendar) {
  std::vector<expr::Expr> all;
  if (!spec.at.empty() && !spec.total_spans.empty()) all.push_back(inside_any(spec, calendar));
  if (spec.where) all.push_back(spec.where);
  const AggregateFn fn = spec.measure->fn;  // a count of a column counts the rows that have it
  const bool needs_value =
      spec.measure->form == Measure::Form::histogram || fn == AggregateFn::count || fn == AggregateFn::count_distinct;
  if (needs_value && spec.value) all.push_back(expr::is_not_null(spec.value));
  return expr::all_of(std::move(all));
}

/// A measure on its way into an explanation.
struct Measured {
  plan::MeasureSpec spec;
  expr::Expr behind;
  std::string sql;  ///< of its relation: measures of one relation are alike in it
  MeasureShown shown;
  bool is_histogram() const { return spec.measure->form == Measure::Form::histogram; }
};

/// What counts the rows of several measures of one relation and adds up their values, in one reading: two columns for
/// each, of a distribution the rows alone.
RelPtr values_of(const std::vector<Measured*>& of) {
  std::vector<expr::Expr> any;
  std::vector<store::AggregateColumn> aggregates;
  for (std::size_t i = 0; i < of.size(); ++i) {
    const plan::MeasureSpec& spec = of[i]->spec;
    const expr::Expr& behind = of[i]->behind;
    const auto known = [&](const expr::Expr& other) { return expr::same(other, behind); };
    if (std::ranges::none_of(any, known)) any.push_back(behind);
    aggregates.push_back({fmt::format("rows{}", i), AggregateFn::count, nullptr, behind});
    if (!of[i]->is_histogram())
      aggregates.push_back({fmt::format("amount{}", i), spec.measure->fn, spec.value, behind});
  }
  const expr::Expr rows = plan::any_of(std::move(any));
  return store::aggregate(store::filter(of.front()->spec.rel, rows), {}, std::move(aggregates));
}

/// The columns of a relation that a person can read: those it declares, the attributes that maps added, and what the
/// question reached through them.
std::vector<std::string> readable_columns(const model::Relation& relation, const RelPtr& rel) {
  std::vector<std::string> out;
  for (const model::RelationColumn& column : relation.columns)
    if (column.name != "period_id" && store::find_column(rel, column.name)) out.push_back(column.name);
  for (const store::Column& column : rel->columns)
    if ((column.name.find('.') != std::string::npos || model::is_attribute(column.name)) &&
        std::ranges::find(out, column.name) == out.end())
      out.push_back(column.name);
  return out;
}

class Explainer {
 public:
  Explainer(const Session& session, const plan::Question& question, const store::QueryLimits& limits)
      : session_(session), question_(question), limits_(limits) {}

  Result<Explanation> explain(int rows);

 private:
  Result<store::ResultSet> query(const RelPtr& plan);
  Result<Measured> measure(const Evaluation& evaluation, const std::string& name, const Span& span);
  Result<> read_values(std::vector<Measured>& measures);
  Result<> read_samples(std::vector<Measured>& measures, int count);
  static void read_value(const store::ResultSet& found, std::size_t column, Measured& out);
  Result<> read_sample(const plan::MeasureSpec& spec, RelPtr rows, int count, MeasureShown& out);
  /// Another KPI that the formula names: `name` as it is written there.
  Result<> add_reference(const Evaluation::Bound& bound, const std::string& name, const catalog::KpiName& named);
  Result<> add_sources(const Evaluation::Bound& bound);
  std::string cell_text(const store::ResultSet& rows, std::size_t row, std::size_t column) const;

  const Session& session_;
  plan::Question question_;  ///< with its measured defaults
  const store::QueryLimits& limits_;
  plan::Question whole_;  ///< the question without splits and comparisons
  Explanation out_;
};

Result<store::ResultSet> Explainer::query(const RelPtr& plan) {
  const auto start = std::chrono::steady_clock::now();
  VIGIE_TRY(store::ResultSet rows, session_.engine.query(plan, limits_));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  out_.queries.push_back({session_.engine.sql(plan), took.count(), rows.rows()});
  return rows;
}

std::string Explainer::cell_text(const store::ResultSet& rows, std::size_t row, std::size_t column) const {
  const expr::Type type = rows.columns()[column].type;
  if (type == expr::Type::date) return to_string(Date{static_cast<std::int32_t>(rows.int64(row, column))});
  if (type == expr::Type::instant) {
    const Instant at{rows.int64(row, column)};
    const auto& zone = session_.calendar.zone();
    // What a source gave as a bare day stands at its midnight: it reads as that day again.
    if (zone.start_of(zone.day_of(at)) == at) return to_string(zone.day_of(at));
    const int offset = zone.offset_minutes(at);
    std::string local = to_string(Instant{at.micros + offset * 60 * kMicrosPerSecond});
    local.pop_back();
    return local + fmt::format("{}{:02}:{:02}", offset < 0 ? "-" : "+", std::abs(offset) / 60, std::abs(offset) % 60);
  }
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) return {};
        else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, Decimal>) return value.to_plain();
        else if constexpr (std::is_same_v<T, std::string>) return value;
        else return fmt::format("{}", value);
      },
      rows.at(row, column));
}

/// Measures whose rows come from one relation, alike in its spans and paths, are read together.
Result<> Explainer::read_values(std::vector<Measured>& measures) {
  std::map<std::string, std::vector<Measured*>> alike;
  for (Measured& one : measures) alike[one.sql].push_back(&one);
  for (const auto& [sql, of] : alike) {
    VIGIE_TRY(const store::ResultSet found, query(values_of(of)));
    std::size_t column = 0;
    for (Measured* one : of) {
      one->shown.rows = found.int64(0, column++);
      if (!one->is_histogram()) read_value(found, column++, *one);
    }
  }
  return {};
}

void Explainer::read_value(const store::ResultSet& found, std::size_t column, Measured& out) {
  const AggregateFn fn = out.spec.measure->fn;
  const bool null = found.is_null(0, column);
  if (null && (fn == AggregateFn::min || fn == AggregateFn::max || fn == AggregateFn::max_abs)) return;
  const Decimal amount = null ? Decimal::integer(0) : found.decimal(0, column);
  if (out.spec.value && out.spec.value->type == expr::Type::duration && fn != AggregateFn::count &&
      fn != AggregateFn::count_distinct) {
    // Durations are µs inside and days outside; squares of them the square of that.
    constexpr auto kPerDay = static_cast<double>(kMicrosPerDay);
    out.shown.value = amount.to_double() / kPerDay / (fn == AggregateFn::sum_squares ? kPerDay : 1);
    return;
  }
  if (out.spec.measure->over == catalog::Over::month_ends_12) {
    const std::size_t periods = std::max<std::size_t>(out.spec.period_spans.size(), 1);
    out.shown.value = amount.to_double() / static_cast<double>(periods);
    return;
  }
  out.shown.value = amount.to_double();
  out.shown.value_exact = amount.to_plain();
}

/// Measures that rest on the same rows show the same: these are read once.
Result<> Explainer::read_samples(std::vector<Measured>& measures, int count) {
  for (auto one = measures.begin(); one != measures.end(); ++one) {
    const auto same = std::find_if(measures.begin(), one, [&](const Measured& other) {
      return other.sql == one->sql && other.spec.at == one->spec.at && expr::same(other.behind, one->behind);
    });
    if (same == one) {
      VIGIE_CHECK(read_sample(one->spec, store::filter(one->spec.rel, one->behind), count, one->shown));
    } else {
      one->shown.columns = same->shown.columns;
      one->shown.sample = same->shown.sample;
    }
  }
  return {};
}

Result<> Explainer::read_sample(const plan::MeasureSpec& spec, RelPtr rows, int count, MeasureShown& out) {
  const model::Relation& relation = *session_.model.relation(spec.measure->relation);
  out.columns = readable_columns(relation, rows);
  if (out.rows == 0) return {};
  std::vector<store::SortKey> order;
  if (!spec.at.empty()) order.push_back({spec.at, false});
  for (const std::string& name : out.columns)
    if (name != spec.at) order.push_back({name, false});
  rows = store::limit(rows, order, count);
  // A key is a number inside; people know the source's own: that of its row, and of what has none, that of who names
  // it.
  std::vector<store::NamedExpr> shown;
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    const model::RelationColumn* column = relation.find(out.columns[i]);
    expr::Expr value = col(rows, out.columns[i]);
    if (column && !column->references.empty()) {
      const std::string prefix = fmt::format("key{}.", i);
      const RelPtr names =
          store::scan(column->references, {{"key", expr::Type::integer}, {"source_key", expr::Type::text}});
      rows = store::join(store::JoinKind::left, rows, names, {{out.columns[i], "key"}}, prefix);
      const std::string named = fmt::format("named{}.", i);
      rows = store::join(store::JoinKind::left, rows, store::key_scan(column->references), {{out.columns[i], "key"}},
                         named);
      value = expr::call(expr::Op::coalesce, expr::Type::text,
                         {col(rows, prefix + "source_key"), col(rows, named + "source_key")});
    }
    shown.push_back({fmt::format("c{}", i), value});
  }
  for (const store::SortKey& key : order) shown.push_back({fmt::format("o{}", shown.size()), col(rows, key.column)});
  std::vector<store::SortKey> again;
  for (std::size_t i = out.columns.size(); i < shown.size(); ++i) again.push_back({shown[i].name, false});
  VIGIE_TRY(const store::ResultSet found, query(store::limit(store::project(rows, shown), again, count)));
  for (std::size_t row = 0; row < found.rows(); ++row) {
    std::vector<std::optional<std::string>> line;
    for (std::size_t i = 0; i < out.columns.size(); ++i)
      line.push_back(found.is_null(row, i) ? std::nullopt : std::optional(cell_text(found, row, i)));
    out.sample.push_back(std::move(line));
  }
  return {};
}

Result<Measured> Explainer::measure(const Evaluation& evaluation, const std::string& name, const Span& span) {
  const auto& bound = evaluation.bound();
  const Measure& measure = bound.definition->measures.at(name);
  VIGIE_TRY(plan::MeasureSpec spec, evaluation.measure_spec(name, {}, {span}, {}, plan::RelationContext::Rows::listed));
  // Where populations stand apart, the total is of one of them, and so are its rows.
  if (evaluation.headline() && !spec.axes.empty())
    spec.rel = store::filter(spec.rel, expr::eq(col(spec.rel, spec.axes.front()), expr::text(*evaluation.headline())));
  Measured out;
  out.behind = is_behind(spec, session_.calendar);
  out.sql = session_.engine.sql(spec.rel);
  out.spec = std::move(spec);
  out.shown.name = name;
  out.shown.label = session_.catalog.measure_label(name);
  out.shown.formula = formula_of(measure);
  return out;
}

Result<> Explainer::add_reference(const Evaluation::Bound& bound, const std::string& name,
                                  const catalog::KpiName& named) {
  plan::Question other = whole_;
  other.kpi = named.kpi;
  other.variant = named.variant;
  other.version.reset();
  other.as_of = bound.as_of;
  const Date today = session_.calendar.zone().day_of(session_.now);
  VIGIE_TRY(const catalog::Definition* definition, session_.catalog.find(other.kpi, std::nullopt, today));
  other.params.clear();
  for (const auto& [parameter, value] : bound.params)
    if (definition->parameter(parameter)) other.params[parameter] = parameter_text(value);
  auto answers = ask(session_, {other}, limits_, &out_.queries);
  VIGIE_TRY(const Answer answer, std::move(answers.front()));
  out_.references.push_back({name, answer.kpi, answer.variant, answer.label, answer.total.value, answer.total.reason});
  return {};
}

Result<> Explainer::add_sources(const Evaluation::Bound& bound) {
  const auto event = plan::sale_event(session_.settings, session_.facts);
  const auto tables = tables_of(*bound.definition, *bound.variant, session_.catalog, session_.facts, event,
                                session_.calendar.zone().day_of(session_.now));
  out_.horizon_declared = true;
  for (const auto& one : session_.facts.coverage)
    if (one.rows > 0 && std::ranges::find(tables, one.table) != tables.end()) {
      out_.sources.push_back(
          {one.source, one.table, one.rows, 0, one.first, one.last, one.complete_until, one.history_complete});
      if (!one.complete_until) out_.horizon_declared = false;
    }
  // In an order of their own: that of the warehouse is another one once its file was written anew.
  std::ranges::sort(out_.sources, {}, [](const SourceShown& one) { return std::tie(one.source, one.table); });
  if (out_.sources.empty()) out_.horizon_declared = false;
  // A row with several defects is written once for each: it is one row that could not be taken.
  const RelPtr defects = store::scan("_quarantine", {{"source", expr::Type::text},
                                                     {"table_name", expr::Type::text},
                                                     {"batch", expr::Type::integer},
                                                     {"file", expr::Type::text},
                                                     {"row", expr::Type::integer}});
  std::vector<store::NamedExpr> each;
  for (const store::Column& column : defects->columns) each.push_back({column.name, col(defects, column.name)});
  const RelPtr rows = store::aggregate(defects, each, {{"defects", AggregateFn::count, nullptr, nullptr}});
  VIGIE_TRY(const store::ResultSet found,
            query(store::aggregate(rows, {{"source", col(rows, "source")}, {"table_name", col(rows, "table_name")}},
                                   {{"refused", AggregateFn::count, nullptr, nullptr}})));
  for (std::size_t row = 0; row < found.rows(); ++row)
    for (SourceShown& source : out_.sources)
      if (source.source == found.text(row, 0) && source.table == found.text(row, 1))
        source.quarantined = found.int64(row, 2);
  return {};
}

Result<Explanation> Explainer::explain(int rows) {
  VIGIE_TRY(question_, with_measured_defaults(session_, std::move(question_), limits_, &out_.queries));
  VIGIE_TRY(BoundQuestion bound, bind_question(session_, question_));
  whole_ = question_;
  whole_.by.clear();
  whole_.top.reset();
  whole_.compare.clear();
  const Span span = plan::period_at(session_.calendar, bound.range, bound.bound.as_of).span;
  out_.definition = bound.bound.definition;
  out_.variant = bound.bound.variant;
  // A measure that sums over the periods of the question is one with them alone.
  const auto by_period = [&](const std::string& name) {
    const auto found = out_.definition->measures.find(name);
    return found != out_.definition->measures.end() && found->second.over == catalog::Over::each_period;
  };
  if (std::ranges::none_of(names_of(*out_.variant), by_period)) whole_.grain = calendar::Grain::total;
  if (out_.variant->value) out_.formula = expr::to_text(out_.variant->value);
  auto answers = ask(session_, {question_}, limits_, &out_.queries);
  VIGIE_TRY(out_.answer, std::move(answers.front()));
  const Evaluation evaluation(session_, whole_, std::move(bound.bound));
  // The whole that a warning is told as a share of stands behind no figure.
  catalog::Variant told = *out_.variant;
  for (catalog::Warned& warned : told.warns) warned.of.clear();
  std::vector<Measured> measures;
  for (const std::string& name : names_of(told)) {
    if (const auto named = catalog::kpi_named(name)) {
      VIGIE_CHECK(add_reference(evaluation.bound(), name, *named));
      continue;
    }
    VIGIE_TRY(Measured one, measure(evaluation, name, span));
    measures.push_back(std::move(one));
  }
  VIGIE_CHECK(read_values(measures));
  if (rows > 0) VIGIE_CHECK(read_samples(measures, rows));
  for (Measured& one : measures) out_.measures.push_back(std::move(one.shown));
  VIGIE_CHECK(add_sources(evaluation.bound()));
  return std::move(out_);
}

}  // namespace

Result<Explanation> explain(const Session& session, const plan::Question& question, int rows,
                            const store::QueryLimits& limits) {
  return Explainer(session, question, limits).explain(rows);
}

}  // namespace vigie::kpi
