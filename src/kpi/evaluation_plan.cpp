// Which measures an evaluation needs, each with its relation, filter, splits and spans: what goes to the shared run.
#include "base/text.h"
#include "catalog/kpi_name.h"
#include "expr/check.h"
#include "kpi/evaluation.h"
#include "kpi/question_scope.h"
#include "plan/called.h"

namespace vigie::kpi {
namespace {

using catalog::Measure;
using catalog::Over;
using expr::Expr;
using plan::Key;
using plan::Span;
using store::RelPtr;

Result<Expr> bound_or_null(const Expr& e, const std::map<std::string, expr::Literal>& params,
                           const QuestionScope& scope) {
  if (!e) return Expr{};
  VIGIE_TRY(Expr bound, expr::bind(e, params));
  return scope.resolved(bound);
}

/// May rows stand for several? Only where no measure asks which they are, and every figure of them can be multiplied.
bool may_fold(const Measure& measure, const std::vector<std::string>& columns) {
  using store::AggregateFn;
  return measure.form == Measure::Form::aggregate && measure.fn != AggregateFn::count_distinct &&
         measure.fn != AggregateFn::sum_squares && std::ranges::find(columns, "customer_key") == columns.end();
}

/// The window before a sale and that of a conversion have one name and are two things: their labels tell.
bool declared_alike(const catalog::Parameter* mine, const catalog::Parameter* theirs) {
  return mine && theirs && mine->kind == theirs->kind && mine->label.en == theirs->label.en;
}

/// The settings as the question wants them: its own horizon of inactivity.
catalog::Settings settings_under(const catalog::Settings& settings,
                                 const std::map<std::string, expr::Literal>& params) {
  catalog::Settings out = settings;
  if (const auto found = params.find("horizon"); found != params.end())
    if (const auto* horizon = std::get_if<expr::Micros>(&found->second))
      out.inactivity_days = static_cast<int>(horizon->value / kMicrosPerDay);
  return out;
}

/// The first split with all values but the kept ones folded into one; a missing value stays a row of its own.
Expr folded(const Expr& value, const std::vector<std::string>& kept) {
  std::vector<Expr> args{value};
  for (const std::string& text : kept) args.push_back(expr::text(text));
  const Expr is_kept = expr::call(expr::Op::in, expr::Type::boolean, std::move(args));
  return expr::call(expr::Op::case_, expr::Type::text,
                    {expr::is_null(value), value, is_kept, value, expr::text(std::string(kOthers))});
}

void fold_first_split(plan::MeasureSpec& spec, const std::vector<std::string>& kept) {
  const Expr value = store::col(spec.rel, spec.splits.front());
  spec.rel = store::extend(spec.rel, {{"split.folded", folded(value, kept)}});
  spec.splits.front() = "split.folded";
}

/// The offset tells the hour that clocks show twice from itself.
void split_by_hour(plan::MeasureSpec& spec) {
  const Expr at = store::col(spec.rel, spec.at);
  spec.rel = store::extend(spec.rel, {{"at.hour", expr::call(expr::Op::hour, expr::Type::integer, {at})},
                                      {"at.offset", expr::call(expr::Op::utc_offset, expr::Type::integer, {at})}});
  spec.splits.insert(spec.splits.begin(), {"at.hour", "at.offset"});
}

/// Those of the splits and of the totals, each once, in order.
std::vector<Span> all_spans(const plan::MeasureSpec& spec) {
  std::vector<Span> out = spec.split_spans;
  out.insert(out.end(), spec.total_spans.begin(), spec.total_spans.end());
  std::ranges::sort(out);
  const auto rest = std::ranges::unique(out);
  out.erase(rest.begin(), rest.end());
  return out;
}

/// Each span as a period of a relation: its id is its place.
std::vector<plan::PeriodInstants> instants_of(const std::vector<Span>& spans, const calendar::Calendar& calendar) {
  std::vector<plan::PeriodInstants> out;
  for (const Span& span : spans)
    out.push_back({static_cast<std::int64_t>(out.size()), plan::start_of(calendar, span.from),
                   plan::end_of(calendar, span), span.whole_to()});
  return out;
}

Result<> dated_by_the_hour(const catalog::Definition& definition, const Measure& measure, const QuestionScope& scope) {
  const auto at = scope.column(measure.at);
  if (at && at->type == expr::Type::instant) return {};
  return fail(ErrorKind::usage, "question.grain",
              measure.at.empty()
                  ? fmt::format("{} rests on {}, which is told of whole days", definition.id, measure.name)
                  : fmt::format("{} rests on {}, which is dated by the day", definition.id, measure.name),
              {}, "ask with grain day or coarser");
}

/// A definition may name an attribute before any map has brought it.
Result<> attributes_there(const catalog::Definition& definition, const Measure& measure,
                          const std::vector<std::string>& used, const RelPtr& rel, const QuestionScope& scope) {
  for (const std::string& name : used)
    if (model::is_attribute(name) && !store::find_column(rel, name))
      return fail(
          ErrorKind::usage, "expr.unknown_column",
          fmt::format("{} rests on \"{}\", which no map has brought to {}", definition.id, name, measure.relation),
          measure.written, suggestion(name, scope.dimension_names()));
  return {};
}

/// What a name may mean that is none of the relation's own: the attribute of what its rows lead to (customer.region).
std::string attribute_on_the_way(const QuestionScope& scope, const model::Relation& relation, const std::string& name) {
  for (const model::RelationColumn& column : relation.columns) {
    const std::string path = fmt::format("{}.{}", column.path, name);
    if (!column.path.empty() && scope.column(path)) return path;
  }
  return {};
}

}  // namespace

Result<> Evaluation::plan(plan::MeasureRun& run, const std::vector<Span>& split_spans,
                          const std::vector<Span>& total_spans, const std::vector<std::string>& keep_values) {
  run_ = &run;
  VIGIE_CHECK(targets_.plan(run, bound_.as_of));
  const std::vector<std::string> names = names_of(*bound_.variant);
  for (const std::string& name : names)
    if (!catalog::kpi_named(name)) VIGIE_CHECK(plan_measure(name, run, split_spans, total_spans, keep_values));
  return plan_references(names, run, split_spans, total_spans, keep_values);
}

Result<> Evaluation::plan_references(const std::vector<std::string>& names, plan::MeasureRun& run,
                                     const std::vector<Span>& split_spans, const std::vector<Span>& total_spans,
                                     const std::vector<std::string>& keep_values) {
  const Date today = session_.calendar.zone().day_of(session_.now);
  for (const std::string& name : names) {
    const auto named = catalog::kpi_named(name);
    if (!named) continue;
    VIGIE_TRY(const auto figure, catalog::figure_named(session_.catalog, *named, today));
    const auto& [other, variant] = figure;
    VIGIE_TRY(auto params, bind_parameters(*other, *variant, {}, question_.measured, session_.settings));
    for (const auto& [key, value] : bound_.params)
      if (declared_alike(bound_.definition->parameter(key), other->parameter(key)) && !variant->params.contains(key) &&
          !variant->measured.contains(key))
        params[key] = value;
    auto child = std::make_unique<Evaluation>(session_, question_,
                                              Bound{other, variant, std::move(params), bound_.as_of, bound_.looks});
    VIGIE_CHECK(child->plan(run, split_spans, total_spans, keep_values));
    references_[name] = std::move(child);
  }
  return {};
}

std::vector<std::size_t> Evaluation::axes_of(const Measure& measure) const {
  std::vector<std::size_t> out;
  if (measure.ignores_axes) return out;
  const catalog::RelationScope scope(session_.model, *session_.model.relation(measure.relation),
                                     bound_.definition->parameters);
  const auto& axes = bound_.variant->axes;
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (scope.column(axes[i].column)) out.push_back(i);
  return out;
}

Result<> Evaluation::plan_measure(const std::string& name, plan::MeasureRun& run, const std::vector<Span>& split_spans,
                                  const std::vector<Span>& total_spans, const std::vector<std::string>& keep_values) {
  const Measure& measure = bound_.definition->measures.at(name);
  VIGIE_TRY(plan::MeasureSpec spec,
            measure_spec(name, split_spans, total_spans, keep_values, plan::RelationContext::Rows::counted));
  const bool split = splits_.empty() || !measure.ignores_splits;
  planned_[name] = {run.add(std::move(spec)), &measure, split, axes_of(measure)};
  return {};
}

Result<> Evaluation::add_splits(const Measure& measure, const QuestionScope& scope, plan::MeasureSpec& spec) const {
  const model::Relation& relation = *session_.model.relation(measure.relation);
  const auto shown = [&](const std::string& column) {
    return plan::shown_by(session_.model, relation, session_.facts, column);
  };
  for (const std::size_t axis : axes_of(measure)) {
    const std::string column = scope.resolved(bound_.variant->axes[axis].column), label = shown(column);
    spec.axes.push_back(label.empty() ? column : label);
  }
  if (measure.ignores_splits) return {};
  for (const std::string& by : splits_) {
    std::string column = scope.resolved(by);
    if (column.empty()) {
      const std::string reached = attribute_on_the_way(scope, relation, by);
      return fail(ErrorKind::usage, "split.unknown",
                  fmt::format("{} cannot be split by \"{}\": {} has no such dimension", bound_.definition->id, by,
                              measure.relation),
                  {}, reached.empty() ? suggestion(by, scope.dimension_names()) : did_you_mean(reached));
    }
    column = shown(column);
    if (column.empty())
      return fail(ErrorKind::usage, "split.unknown",
                  fmt::format("{} cannot be split by \"{}\", a number that no source knows", bound_.definition->id, by),
                  {},
                  by == "key" && relation.find(plan::kSourceKey) ? did_you_mean(plan::kSourceKey)
                                                                 : suggestion(by, scope.dimension_names()));
    spec.splits.push_back(std::move(column));
  }
  return {};
}

Result<Expr> Evaluation::filter_of(const Measure& measure, const QuestionScope& scope,
                                   const std::map<std::string, expr::Literal>& params) const {
  if (question_.where.empty() || measure.ignores_splits) return Expr{};
  VIGIE_TRY(Expr filter, expr::parse_and_check(question_.where, scope, {"", 1, 1}, expr::Type::boolean));
  VIGIE_CHECK(expr::check_currency(filter, reporting_currency()));
  VIGIE_TRY(filter, expr::bind(filter, params));
  return plan::with_labels(session_.model, *session_.model.relation(measure.relation), session_.facts,
                           scope.resolved(filter));
}

namespace {

/// For each of the spans that a figure is wanted for, those that the measure is taken over.
std::vector<Span> spans_of(const Measure& measure, const Coverage& coverage, const std::vector<Span>& wanted) {
  std::vector<Span> out;
  for (const Span& span : wanted) std::ranges::copy(coverage.spans_over(measure.over, span), std::back_inserter(out));
  return out;
}

/// What the definition writes, with its parameters. Amounts that it names cannot be compared with those of another
/// currency.
Result<> bind_written(const Measure& measure, const std::map<std::string, expr::Literal>& params,
                      const QuestionScope& scope, const std::string& currency, plan::MeasureSpec& spec) {
  VIGIE_TRY(spec.value, bound_or_null(measure.value, params, scope));
  VIGIE_TRY(spec.where, bound_or_null(measure.where, params, scope));
  VIGIE_TRY(spec.outcome, bound_or_null(measure.outcome, params, scope));
  for (const Expr& e : {spec.value, spec.where, spec.outcome})
    if (e) VIGIE_CHECK(expr::check_currency(e, currency));
  return {};
}

/// The columns and paths that the filter and the expressions of the measure name.
std::vector<std::string> named_in(const Expr& filter, const plan::MeasureSpec& spec) {
  std::vector<std::string> out;
  for (const Expr* e : {&filter, &spec.value, &spec.where, &spec.outcome})
    if (*e) expr::columns_of(*e, out);
  return out;
}

/// And those that its rows are grouped by.
void add_grouped(const Measure& measure, const plan::MeasureSpec& spec, std::vector<std::string>& paths) {
  if (!measure.per.empty()) paths.push_back(measure.per);
  paths.insert(paths.end(), spec.axes.begin(), spec.axes.end());
  paths.insert(paths.end(), spec.splits.begin(), spec.splits.end());
}

/// Whoever calls a key as its source does reads the key.
void add_keys(std::vector<std::string>& paths) {
  std::vector<std::string> keys;
  for (const std::string& path : paths)
    if (std::string key = plan::key_column_of(path); !key.empty()) keys.push_back(std::move(key));
  for (std::string& key : keys)
    if (std::ranges::find(paths, key) == paths.end()) paths.push_back(std::move(key));
}

}  // namespace

Result<plan::MeasureSpec> Evaluation::measure_spec(const std::string& name, const std::vector<Span>& split_spans,
                                                   const std::vector<Span>& total_spans,
                                                   const std::vector<std::string>& keep_values,
                                                   plan::RelationContext::Rows rows) const {
  const Measure& measure = bound_.definition->measures.at(name);
  const model::Relation& relation = *session_.model.relation(measure.relation);
  std::map<std::string, expr::Literal> params = bound_.params;
  params["as_of"] = bound_.as_of;

  plan::MeasureSpec spec;
  spec.measure = &measure;
  spec.at = measure.at;
  spec.split_spans = spans_of(measure, coverage_, split_spans);
  spec.total_spans = spans_of(measure, coverage_, total_spans);
  if (plan::is_periodic(measure.relation)) spec.period_spans = all_spans(spec);
  const std::vector<plan::PeriodInstants> periods = instants_of(spec.period_spans, session_.calendar);
  const catalog::Settings settings = settings_under(session_.settings, bound_.params);
  plan::RelationContext context{session_.model,
                                settings,
                                session_.calendar,
                                session_.facts,
                                plan::sale_event(session_.settings, session_.facts),
                                bound_.as_of,
                                params,
                                periods,
                                question_.grain,
                                in_another_currency() ? question_.currency : std::string()};
  context.looks = bound_.looks;
  // Built once for measures that ask for the same: all else in the context is that of the question.
  const auto built = [&]() -> Result<RelPtr> {
    RelPtr& known =
        relations_[{measure.relation, spec.period_spans, {context.paths.begin(), context.paths.end()}, context.rows}];
    if (!known) {
      VIGIE_TRY(known, plan::relation(measure.relation, context));
    }
    return known;
  };
  VIGIE_TRY(spec.rel, built());

  const catalog::RelationScope of_model(session_.model, relation, bound_.definition->parameters);
  const QuestionScope scope(of_model, relation, spec.rel, session_.facts);
  VIGIE_CHECK(bind_written(measure, params, scope, reporting_currency(), spec));
  const bool hourly = question_.grain == calendar::Grain::hour;
  if (hourly) VIGIE_CHECK(dated_by_the_hour(*bound_.definition, measure, scope));
  VIGIE_CHECK(add_splits(measure, scope, spec));
  VIGIE_TRY(const Expr filter, filter_of(measure, scope, params));
  std::vector<std::string> paths = named_in(filter, spec);
  VIGIE_CHECK(attributes_there(*bound_.definition, measure, paths, spec.rel, scope));
  add_grouped(measure, spec, paths);
  add_keys(paths);
  if (plan::depends_on_paths(measure.relation)) {
    context.paths = paths;
    context.rows = may_fold(measure, paths) ? rows : plan::RelationContext::Rows::listed;
    VIGIE_TRY(spec.rel, built());
  }
  VIGIE_TRY(RelPtr rel, plan::with_paths(spec.rel, measure.relation, paths, context, measure.at));
  spec.rel = store::filter(std::move(rel), filter);
  if (hourly) split_by_hour(spec);
  else if (!keep_values.empty() && !spec.splits.empty()) fold_first_split(spec, keep_values);
  return spec;
}

}  // namespace vigie::kpi
