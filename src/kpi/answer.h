#pragma once
// kpi/ — answers: ratios from exact parts, intervals, maturity, comparisons, totals, reasons, explanation.
//
//   answer.h       what comes back for a Question
//   answer_json.h  its JSON (the contract of docs/api.md); answer_fields.h: the names of its figures
//   ask.h          a batch of Questions → a batch of Answers (answering.h: one; evaluation.h: its figures); explain.h
//   formula.h      formulas over exact parts; compare.h, targets.h: a change, what is wanted; filter_reach.h: filters
//   beside.h       what only stands beside answers: trailing.h, named_values.h, shown_keys.h, wrong_definitions.h;
//                  filled.h: the places of its sentences
#include <map>
#include <optional>

#include "base/bilingual.h"
#include "base/decimal.h"
#include "calendar/calendar.h"

namespace vigie::kpi {

/// An instant as the clock of the reporting zone shows it.
struct WallClock {
  Instant at;
  int offset_minutes = 0;
};
std::string to_string(const WallClock& clock);  ///< "2025-10-26T02:00:00+01:00"

struct Compared {
  Date from, to;
  std::optional<double> value, delta, relative, ci_low, ci_high;
  std::string reason;                               ///< why the value is null
  std::string verdict;                              ///< better, worse, neutral, none
  std::optional<WallClock> hour_from{}, hour_to{};  ///< at grain hour, where the other day has that hour
  std::optional<Instant> as_of{};  ///< where both are told at the same age: what the compared one was told as of
  std::optional<double> delta_low{},
      delta_high{};           ///< how far chance alone may move the change: what the verdict rests on
  std::string value_exact{};  ///< empty when the value is not an exact decimal
  /// Of a share on too few units against its target: how many units its numerator has too few, or too many where less
  /// is better; 0: it is there.
  std::optional<std::int64_t> units_short{};
  /// How many days of either side lie before the first event of the data: such a change is shown, and not judged.
  std::int64_t days_before_data = 0;
  /// Of the last cohort that has matured: what stands beside its own value, so that the early reading of a later one
  /// has that of an earlier at the same age.
  std::map<std::string, double> measures{};
};

/// What stands beside a value on too few units: the same over the 12 complete months up to the end of its range.
struct Trailing {
  Date from, to;
  std::optional<double> value;
  std::string value_exact;
  std::optional<double> numerator, denominator;
  std::int64_t n = 0;
  std::optional<double> ci_low, ci_high;
  std::string reason;  ///< why the value is null
};

/// One value with all that travels with it. Null values always have a reason.
struct Row {
  Date period, period_to;
  std::optional<int> hour;  ///< of the day, at grain hour (with `period` the day); offset in `hour_offset_minutes`
  int hour_offset_minutes = 0;
  std::optional<WallClock> hour_to;                                    ///< the end of that hour
  std::vector<std::pair<std::string, std::optional<std::string>>> by;  ///< split and axis values, in order
  bool others = false;
  std::optional<double> value;
  std::string value_exact;  ///< empty when the value is not an exact decimal
  std::optional<double> numerator, denominator;
  std::string numerator_exact, denominator_exact;
  std::int64_t n = 0;
  std::optional<double> ci_low, ci_high;
  std::string ci_kind;
  bool complete = true;
  double elapsed = 1;
  double maturing = 0;  ///< share of units whose window is still open
  bool restated = false;
  std::string reason;
  bool small_sample = false;
  std::int64_t unpriced = 0;  ///< rows counted without an amount
  std::map<std::string, double> measures;
  std::map<std::string, Compared> comparisons;
  std::optional<Trailing> trailing{};  ///< of totals
  /// Of a figure over 12 months: how many of their days lie before the first event of what it is counted from, where
  /// that is a whole month or more of them.
  std::int64_t days_before_data = 0;
};

/// Whether the values of the one split of an answer differ in how long they last (Mantel's log-rank test over the whole
/// range): of a survival variant, among the values that are given; what `top` folds is one of them.
struct LogRank {
  struct Group {
    std::string value;  ///< of the split
    std::int64_t observed = 0;
    double expected = 0;  ///< events, if all had one survival
    bool others = false;  ///< the values that `top` folds, as one
  };
  std::vector<std::pair<std::string, std::optional<std::string>>> by;  ///< along an axis of the variant: where on it
  std::vector<Group> groups;
  double chi_squared = 0, p_value = 0;
  int degrees_of_freedom = 0;
};

struct Warning {
  std::string code;
  Text message;
  std::int64_t count = 0;
  std::int64_t of = 0;  ///< the whole that the count is a part of, where it is told as a share
};

struct Answer {
  std::string kpi, variant;
  int version = 1;
  std::string unit, direction, currency;
  Text label;
  calendar::Grain grain = calendar::Grain::month;
  Date from, to;
  Instant as_of;
  std::map<std::string, std::string> params;
  std::string counted;  ///< of a conversion: leads, deals or quotes, whichever the workspace has; else empty
  int min_sample = 20;
  std::vector<std::string> by;
  /// Where populations stand apart (contract and other customers), which of them the total is of; rows name theirs
  /// first.
  std::vector<std::pair<std::string, std::optional<std::string>>> headline;
  std::vector<Row> rows;
  Row total;
  std::vector<Row> totals;        ///< per split value, over the whole range
  std::vector<LogRank> log_rank;  ///< one, or one for each place on the axes of the variant
  std::vector<Warning> warnings;
  std::map<std::string, Text> reasons;         ///< in words, each that a row gives
  std::map<std::string, Text> measure_labels;  ///< what people call each measure that a row gives
  /// What people call the values in `by`, by its name and theirs, where somebody has said so.
  std::map<std::string, std::map<std::string, Text>> value_labels;
};

}  // namespace vigie::kpi
