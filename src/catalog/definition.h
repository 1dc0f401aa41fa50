#pragma once
#include "catalog/interval.h"
#include "catalog/known_figure.h"
#include "catalog/measure.h"

namespace vigie::catalog {

/// An axis of a variant: an extra grouping by a column of its measures' relation.
struct Axis {
  std::string name;
  std::string column;  ///< column or path of every measure's relation
  /// When rows name it. `order`: never, but rows stand in its order as a number; `several`: when they have several
  /// values.
  enum class Shown { always, order, several } shown = Shown::always;
};

/// A named row of a variant that is a table (movements of MRR, entries of a stage).
struct TableRow {
  std::string key;
  Text label;
  expr::Expr value;
  std::map<std::string, expr::Expr> beside;  ///< further measures of the row, by name
};

/// One thing that moves a figure (items per order), by the parts of the figure that move with it.
struct Driver {
  std::string name;
  Text label;
  Unit unit = Unit::count;                  ///< of what is shown
  expr::Expr shown;                         ///< formula over measures: what people call it, before and after
  std::map<std::string, expr::Expr> parts;  ///< formulas over measures
};

/// A figure written over what drives it, so that its change can be split between them.
struct Drivers {
  expr::Expr figure;       ///< over the parts of the drivers: the variant's value, exactly
  expr::Expr needs;        ///< condition over measures, of both sides of a change
  Text missing;            ///< what is said where it does not hold
  std::vector<Driver> of;  ///< in the order of the text; empty: none are declared
};

enum class Form {
  formula,      ///< value: an expression over measures
  quantile,     ///< of a histogram
  survival,     ///< Kaplan–Meier: first t with S(t) <= 1 − q
  mean_within,  ///< Kaplan–Meier: mean of min(T, a horizon), the area under S
  curve,        ///< Kaplan–Meier or Aalen–Johansen along by.age
  table,        ///< named rows along an axis
  cohort,       ///< a grid along by.cohort and by.age
};

/// A measure that is warned about, and the one of the whole that it is told as a share of; empty: none.
struct Warned {
  std::string measure, of;
  expr::Expr count;  ///< a formula over measures that counts, in the place of the measure
};

/// Why a value is null that is not for want of a denominator.
struct NullReason {
  std::string code;
  expr::Expr when;  ///< only where this is true; absent: wherever there are units at all
};

/// The figure of a variant of a KPI, by name.
struct KpiName {
  std::string kpi, variant;
  auto operator<=>(const KpiName&) const = default;
};

struct Variant {
  std::string name;
  Text label, words;
  Form form = Form::formula;
  std::optional<Unit> unit;        ///< where it differs from the KPI's
  expr::Expr value;                ///< formula over measures; "kpi.<id>.<variant>" names another KPI's value
  std::string histogram;           ///< measure of quantile, survival, curve
  std::string quantile;            ///< a number or "$q"
  std::string within;              ///< of mean_within: the parameter that holds its horizon
  std::vector<std::int64_t> ages;  ///< days at which a curve is read
  static constexpr int kNoOutcome = -1;
  /// Of a curve: the share with outcome 1 (won) or 2 (lost) by an age, both along by.outcome (0), or the share for
  /// which none has come yet (kNoOutcome).
  int outcome = 1;
  std::string table_axis;
  std::vector<TableRow> table;
  std::vector<Axis> axes;
  /// A dimension whose values are never one rate (contract and other customers): where both are there, rows name
  /// theirs.
  std::string apart;
  /// Of a cohort grid: customers by age in periods, by age of their last activity, and the size of the cohort.
  std::string cohort_on, cohort_last, cohort_size;
  Interval interval;
  expr::Expr n;                               ///< formula over measures: the units it rests on
  std::string open, all;                      ///< measures: maturing = open / all
  bool open_count = false;                    ///< those still open are in the value, as far as they have come
  expr::Expr unpriced;                        ///< formula over measures: rows counted without an amount
  std::vector<NullReason> null_reasons;       ///< the first that holds is told
  std::map<std::string, std::string> params;  ///< fixed or re-defaulted parameters
  /// Parameters in days whose default is measured: the first of these figures that the 12 complete months up to the end
  /// of the range know. Where none does, the parameter's own default, and a warning NAME_not_measured.
  std::map<std::string, std::vector<KpiName>> measured;
  std::map<std::string, expr::Expr> beside;  ///< further measures of each row, by name
  /// A further measure: how many of a histogram's units lie above the row's own value (deals older than the median).
  std::string above_name, above_of;
  std::vector<Warned> warns;                     ///< measures whose value above 0 becomes a warning of the same name
  std::map<std::string, expr::Expr> warns_when;  ///< warnings by code, given where the condition is true of the whole
  bool at_equal_age = false;                     ///< compared figures are told at the age that units have at as_of
  std::vector<std::string> splits;               ///< dimensions that it is always split by, asked for or not
  Drivers drivers;                               ///< what a change of it is split over; no answer reads their measures
  SourcePosition written;
  bool is_one_figure() const;  ///< no curve, grid or table, and along no axis
};

/// What a card shows in the place of a figure that is null for that reason: another variant, named so.
struct StandIn {
  std::string reason, variant;  ///< empty: nothing stands in
  SourcePosition written;
};

/// One version of a KPI.
struct Definition {
  std::string id;
  int version = 1;
  Date effective_from;
  std::string owner, additivity, group;
  Unit unit = Unit::count;
  Direction direction = Direction::up;
  int min_sample = 20;
  bool headline = false;                     ///< one of the ten
  std::string headline_variant = "default";  ///< the one that its card shows
  StandIn stand_in;
  std::vector<std::string> aliases;
  SourcePosition aliases_written;
  Text label, description;
  std::vector<std::string> levers_en, levers_fr;
  std::vector<Parameter> parameters;
  std::map<std::string, Measure> measures;  ///< its own and the shared ones it uses
  std::vector<Variant> variants;            ///< "default" first
  std::vector<KnownFigure> tests;           ///< what it must give of the workspace's data
  std::string file;
  const Variant* variant(std::string_view name) const;
  const Parameter* parameter(std::string_view name) const;
};

/// What the board asks of one of the ten: its id, or "id:variant" where that is not the default.
std::string headline_name(const Definition& definition);

}  // namespace vigie::catalog
