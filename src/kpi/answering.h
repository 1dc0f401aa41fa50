#pragma once
#include "kpi/evaluation.h"
#include "kpi/horizon.h"

namespace vigie::kpi {

/// The order of rows: what was not given, the values by name, the others.
struct OthersLast {
  bool operator()(const plan::Key& a, const plan::Key& b) const;
};

/// One question on its way to an answer: its periods and comparisons, its evaluation, and the rows they make.
class Answering {
 public:
  static Result<std::unique_ptr<Answering>> prepare(const Session& session, const plan::Question& question);
  /// The instants at which it asks what had happened, by time.
  using Looks = std::map<Instant, expr::InstantLiteral>;
  Looks looks() const;
  /// Registers what is needed. `kept`: the values of the first split that are not folded into "others"; `looks`: those
  /// of all that share the run.
  Result<> plan(plan::MeasureRun& run, const std::vector<std::string>& kept, const Looks& looks);
  Result<Answer> answer();

 private:
  struct Slot {
    plan::Period period;
    calendar::Grain grain;
    std::vector<std::pair<plan::Comparison, calendar::Range>> compared;
  };
  /// The columns that place a row within its day, after the axes of its key: the hour and its offset.
  static constexpr std::ptrdiff_t kHourColumns = 2;
  Answering(const Session& session, const plan::Question& question) : session_(session), question_(question) {}
  Result<> check_periods() const;  ///< how many the range holds; at grain hour, how many hours
  Slot slot(calendar::Range range, calendar::Grain grain) const;
  /// Of a variant with a window: the last periods whose window has closed for all their units, by time alone; the last
  /// one first.
  std::vector<calendar::Range> last_matured() const;
  Result<> add_last_matured(Row& total) const;
  /// Of a variant compared at equal age: the instant at which what is compared was as old as this is at as_of.
  expr::InstantLiteral past_as_of(const Slot& slot, calendar::Range range) const;
  Result<> plan_past(plan::MeasureRun& run, const std::vector<std::string>& kept);
  const Evaluation& past(const Slot& slot, calendar::Range range) const;  ///< what the compared figures are read from
  plan::Span compared_span(const Slot& slot, calendar::Range range) const;
  Result<> add_hours(Answer& answer, const std::set<plan::Key>& keys) const;
  /// At grain hour, the key of the same hour of another day: with the same offset where that day shows it twice; empty
  /// where its clocks skip it. At other grains the key itself.
  std::optional<plan::Key> same_hour(const plan::Key& key, Date day) const;
  /// An hour that has not begun at as_of (`begun` false) holds nothing, nor does what it is compared with.
  Result<Row> row(const Slot& slot, const plan::Key& key, Evaluation::Level level, bool begun = true) const;
  /// Where the hours of a row, and of what it is compared with, begin and end.
  void name_hours(const Slot& slot, Row& row) const;
  Result<> compare_target(const Figure& figure, const Slot& slot, const plan::Key& key, Row& row) const;
  void name_key(const plan::Key& key, Evaluation::Level level, Row& row) const;
  /// The splits of a row; they stand in its key from `first` on.
  void name_splits(const plan::Key& key, std::size_t first, Row& row) const;
  Result<> add_rows(Answer& answer);
  /// The keys as rows stand: along an axis that has an order, in it. Notes which axes have several values.
  std::vector<plan::Key> in_axis_order(const std::set<plan::Key>& keys);
  /// A figure of another span, read from `past`; `day` is the first of the period that it is compared over.
  using FigureThen = std::function<Result<Figure>(const Evaluation& past, const plan::Span& span, Date day)>;
  /// `formula`: what the row of a table amounts to; null: the row is the variant's own.
  Result<> compare_others(const Figure& now, const Slot& slot, bool doubtful, const FigureThen& then_of, Row& row,
                          const expr::Expr& formula = nullptr) const;
  Result<Row> named_row(const Slot& slot, const plan::Key& key, const std::string& axis, std::string name,
                        Figure figure, const FigureThen& then_of, const expr::Expr& formula = nullptr) const;
  Result<> add_curve_rows(const Slot& slot, const plan::Key& key, Answer& answer) const;
  Result<> add_axis_rows(Answer& answer) const;
  Result<> check_grid() const;  ///< a grid of cohorts: its grain and its size
  Result<> add_cohort_rows(Answer& answer) const;
  /// What would not fit into an answer that anything can show.
  static Result<> check_rows(std::size_t periods, std::size_t rows_each);
  Result<> add_warnings(Answer& answer) const;
  /// Of a whole without a value: that nothing was imported, or nothing that is dated before as_of.
  void say_where_data_are(Answer& answer) const;
  void say_what_is_behind(Answer& answer) const;
  void say_what_is_late(Answer& answer) const;
  void say_what_fails(Answer& answer) const;
  std::string clock_text(Instant at) const;
  /// Of a range of one's own, whether it has another length than what is held against it: that change is not judged.
  bool is_of_other_length(const Slot& slot, const plan::Comparison& comparison) const;
  void say_of_other_lengths(Answer& answer) const;
  /// Days of the whole range that what it is compared with holds too, where that counts what happened on them twice.
  std::int64_t overlapping_days() const;
  /// `of`: the whole that the count is a part of, where it is told as a share; 0: it is not.
  void add_warning(std::string_view code, std::int64_t count, Answer& answer, std::int64_t of = 0) const;
  void add_log_rank(Answer& answer) const;
  void add_words(Answer& answer) const;
  /// What people call a value in `by`; nothing where nobody has said so.
  std::optional<Text> value_label(const std::string& name, const std::string& value) const;

  const Session& session_;
  const plan::Question question_;
  std::unique_ptr<Evaluation> evaluation_;
  std::map<Instant, std::unique_ptr<Evaluation>> past_;  ///< by as_of, where figures are compared at equal age
  calendar::Range range_;
  std::int64_t days_beyond_horizon_ = 0;
  std::optional<SourceBehind> behind_;
  std::vector<FailingCheck> failing_;
  std::vector<LateSource> late_;
  std::vector<Slot> slots_;
  Slot total_;
  std::set<std::size_t> several_;  ///< axes with more than one value in this answer
};

/// The values of the first split with the largest totals.
std::vector<std::string> largest(const Answer& answer, int count);

calendar::Range default_range(const Session& session, const expr::InstantLiteral& as_of);

}  // namespace vigie::kpi
