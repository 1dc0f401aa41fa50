#pragma once
#include "catalog/question_parameters.h"
#include "kpi/answer.h"
#include "kpi/coverage.h"
#include "kpi/figure.h"
#include "kpi/parameters.h"
#include "kpi/rests_on.h"
#include "kpi/targets.h"
#include "stats/intervals.h"

namespace vigie::kpi {

/// The split value that stands for all those that `top` folds together: no text of a source begins with U+001F.
constexpr std::string_view kOthers = "\x1fothers";

class QuestionScope;

/// One variant of one definition, bound to a question: which measures it needs, and what they amount to.
///
/// First `plan` registers the measures for every span with a shared MeasureRun; after the run, `figure` gives the value
/// for a span and key. Keys are axes then splits; with `Level::total` axes alone.
class Evaluation {
 public:
  using Level = kpi::Level;
  using Bound = BoundVariant;

  Evaluation(const Session& session, const plan::Question& question, Bound bound);
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;
  Result<> plan(plan::MeasureRun& run, const std::vector<plan::Span>& split_spans,
                const std::vector<plan::Span>& total_spans, const std::vector<std::string>& keep_values = {});

  Result<Figure> figure(const plan::Span& span, const plan::Key& key, Level level) const;
  /// A named row of a table variant.
  Result<Figure> table_figure(const catalog::TableRow& row, const plan::Span& span, const plan::Key& key,
                              Level level) const;
  /// The points of a curve variant for an outcome, 1 (won), 2 (lost) or none: (age in days, figure).
  Result<std::vector<std::pair<std::int64_t, Figure>>> curve(int outcome, const plan::Span& span, const plan::Key& key,
                                                             Level level) const;
  /// Of a survival variant with one split, whether its values differ over a span: by place on its axes, `by` left open.
  std::vector<std::pair<plan::Key, LogRank>> log_rank(const plan::Span& span) const;
  bool tells_how_long() const;  ///< is it a survival curve, or read off one?
  /// A measure's values by key for a span, without the reading of a formula; null when it has none.
  const plan::MeasureValues::ByKey* values(const std::string& measure, const plan::Span& span) const;
  /// Every key that any of its measures has for these spans.
  std::set<plan::Key> keys(const std::vector<plan::Span>& spans, Level level) const;
  std::string uncovered(const plan::Span& span) const { return coverage_.uncovered(span); }  ///< why no figure, or ""
  /// Coverage::days_before_data, other KPIs included; of a row of a table by the row's `formula`.
  std::int64_t days_before_data(const plan::Span& span, const expr::Expr& formula = nullptr) const;
  std::int64_t year_days_before_data(const plan::Span& span, const expr::Expr& formula = nullptr) const;

  /// One measure, bound: its relation with the question's filter, over the spans of the question (a measure over
  /// another span than the period's gets that one). What `plan` computes and what an explanation lists the rows of.
  Result<plan::MeasureSpec> measure_spec(const std::string& name, const std::vector<plan::Span>& split_spans,
                                         const std::vector<plan::Span>& total_spans,
                                         const std::vector<std::string>& keep_values,
                                         plan::RelationContext::Rows rows) const;
  /// What the question or the settings give a formula.
  Value given(const catalog::QuestionParameter& known, const plan::Span& span, Level level) const;
  /// What a name of a formula amounts to: a measure, another KPI ("kpi.ID.VARIANT"), a parameter ("$name").
  Result<Value> lookup(const std::string& name, const plan::Span& span, const plan::Key& key, Level level) const;
  /// What a measure sums to over its spans: of a mean of month-ends, not yet divided by their number.
  Result<Value> summed(const std::string& name, const plan::Span& span, const plan::Key& key, Level level) const;

  /// Where populations stand apart (contract and others), the value of that axis that totals are of; else empty.
  const std::optional<std::string>& headline() const { return headline_; }
  /// The keys of a question without splits: one for each population that stands apart.
  std::set<plan::Key> whole_keys() const;
  /// What the question is split by, without the axis of populations that stand apart: rows name that one anyway.
  const std::vector<std::string>& splits() const { return splits_; }
  /// Whether a condition of the definition holds; an absent or a null one does not.
  Result<bool> is_true(const expr::Expr& condition, const plan::Span& span, const plan::Key& key, Level level) const;

  const Bound& bound() const { return bound_; }
  /// What shares its run asks for the data as they were at these instants, in their order. Before `plan`.
  void look_at(std::vector<expr::InstantLiteral> looks) { bound_.looks = std::move(looks), relations_.clear(); }
  const Targets& targets() const { return targets_; }
  bool in_another_currency() const;
  const std::string& reporting_currency() const;
  const plan::Parts* parts(const std::string& measure, const plan::Span& span, const plan::Key& key, Level level) const;
  /// What a count amounts to over a span, all axes and splits together.
  Result<Decimal> whole(const std::string& measure, const plan::Span& span) const;
  /// How many a warning tells of.
  Result<double> counted(const catalog::Warned& warned, const plan::Span& span) const;

 private:
  struct Planned {
    std::size_t handle = 0;
    const catalog::Measure* measure = nullptr;
    bool split = true;              ///< false: the same for every split value
    std::vector<std::size_t> axes;  ///< which axes of the variant it has: it is the same along the others
  };
  Result<> add_splits(const catalog::Measure& measure, const QuestionScope& scope, plan::MeasureSpec& spec) const;
  Result<expr::Expr> filter_of(const catalog::Measure& measure, const QuestionScope& scope,
                               const std::map<std::string, expr::Literal>& params) const;
  Result<> plan_measure(const std::string& name, plan::MeasureRun& run, const std::vector<plan::Span>& split_spans,
                        const std::vector<plan::Span>& total_spans, const std::vector<std::string>& keep_values);
  Result<> plan_references(const std::vector<std::string>& names, plan::MeasureRun& run,
                           const std::vector<plan::Span>& split_spans, const std::vector<plan::Span>& total_spans,
                           const std::vector<std::string>& keep_values);
  /// Gives the variant an axis where the populations it tells apart are both there, and the question leaves them both.
  void stand_apart();
  plan::Key key_of(const Evaluation& reference, const plan::Key& key) const;  ///< of it, from a key of this one
  Result<Value> measure_value(const catalog::Measure& measure, const plan::Span& span, const plan::Key& key,
                              Level level) const;
  Result<Figure> formula_figure(const expr::Expr& formula, const plan::Span& span, const plan::Key& key,
                                Level level) const;
  Result<Figure> distribution_figure(const plan::Span& span, const plan::Key& key, Level level) const;
  Result<> add_interval(Figure& figure, const plan::Span& span, const plan::Key& key, Level level) const;
  Result<> add_quality(Figure& figure, const plan::Span& span, const plan::Key& key, Level level) const;
  /// How many of the `n` rows have no amount; where none has, the figure is not known.
  Result<> add_unpriced(Figure& figure, std::int64_t n, const plan::Span& span, const plan::Key& key,
                        Level level) const;
  Result<double> count_of(const std::string& measure, const plan::Span& span, const plan::Key& key, Level level) const;
  Result<double> count_of(const expr::Expr& formula, const plan::Span& span, const plan::Key& key, Level level) const;
  Result<> add_measures(const std::map<std::string, expr::Expr>& measures, Figure& figure, const plan::Span& span,
                        const plan::Key& key, Level level) const;
  /// Gives a null its definition's own reason, where that holds.
  Result<> say_why_null(Figure& figure, const plan::Span& span, const plan::Key& key, Level level) const;
  /// The axes of the variant that a measure has, by place: its relation has the column.
  std::vector<std::size_t> axes_of(const catalog::Measure& measure) const;
  /// Beside the value of a flow: what it makes per working day of the workspace's calendar.
  void add_per_working_day(Figure& figure, const plan::Span& span) const;
  Decimal quantile_level() const;
  /// Another KPI whose populations stand apart, beside something of both: won of contract customers, cost of them all.
  bool is_unlike(const Evaluation& reference) const;
  /// The median of a histogram, in days where it is of durations: Kaplan–Meier where some are censored.
  Result<Figure> median_of(const catalog::Measure& measure, const plan::Span& span, const plan::Key& key,
                           Level level) const;
  Result<std::optional<stats::Interval>> delay_interval(const plan::Span&, const plan::Key&, Level) const;
  void add_above(Figure& figure, const plan::Span& span, const plan::Key& key, Level level) const;

  const Session& session_;
  const plan::Question& question_;
  Bound bound_;
  Coverage coverage_;
  Targets targets_;
  std::optional<catalog::Variant> apart_;  ///< the variant with its populations as an axis
  std::optional<std::string> headline_;
  std::vector<std::string> splits_;
  std::map<std::string, Planned> planned_;
  /// Relations as they were built, by all that its measures ask them for: their name, periods, paths and rows.
  using Asked = std::tuple<std::string, std::vector<plan::Span>, std::vector<std::string>, plan::RelationContext::Rows>;
  mutable std::map<Asked, store::RelPtr> relations_;
  std::map<std::string, std::unique_ptr<Evaluation>> references_;  ///< other KPIs, by formula name
  const plan::MeasureRun* run_ = nullptr;
};

}  // namespace vigie::kpi
