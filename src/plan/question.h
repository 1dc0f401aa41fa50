#pragma once
// plan/ — a Question becomes a plan: the fewest scans that give every measure that its KPIs rest on.
//
//   question.h     what a person asks (the CLI, the API and the page all build this)
//   spans.h        the periods of a question, those it is compared with, and the day buckets that serve them all
//   relations.h    the derived relations that definitions read (sales, deals, stays, …), as trees, and paths joined to
//                  them; relation_builder.h and terms.h: what their builders (relations_*.cpp) write
//                  them with; versions.h, deal_history.h, documents.h, sellers.h, reporting_currency.h: shared;
//                  called.h: by what keys and names that several share are shown
//   measures.h     measure × ranges × splits → scans → exact parts; unit_pass.h: of distinct units, on span_sets.h
#include <map>
#include <optional>

#include "calendar/calendar.h"
#include "expr/expr.h"

namespace vigie::plan {

/// What a comparison is made with.
struct Comparison {
  enum class Kind { previous_period, previous_year, previous_year_weekday, range, target } kind;
  std::string name;  ///< as asked: the key in the answer
  Date from, to;     ///< of a range
};

/// One question. Dates are half-open [from, to). Everything optional has the workspace's default.
struct Question {
  std::string kpi;  ///< id or alias
  std::string variant = "default";
  std::optional<Date> from, to;
  calendar::Grain grain = calendar::Grain::month;
  std::vector<std::string> by;  ///< dimensions, in order
  std::string where;            ///< filter text; empty: none
  std::vector<Comparison> compare;
  std::optional<expr::InstantLiteral> as_of;
  std::string currency;  ///< empty: the workspace's
  std::optional<int> version;
  std::map<std::string, std::string> params;
  /// Defaults that were measured for this question, by "kpi:variant.parameter"; empty text: nothing measured it.
  std::map<std::string, std::string> measured = {};
  std::optional<int> top;  ///< keep the N largest values of the first split
  bool align_workday = false;
  bool stand_in_allowed =
      false;  ///< a figure without value may give way to the variant that its definition names for that
  bool split_optional = false;  ///< a dimension that the KPI does not know is left out, and said so, instead of refused
};

/// Builds a question from the fields people type, on a command line or in a query string: kpi (also "id:variant"),
/// variant, from, to, grain, by, where, compare, as_of, currency, version, top, align, split, stand_in, param.NAME.
/// Lists are separated by commas.
///
/// Errors: question.unknown_field (nearest), question.repeated, date.invalid, grain.unknown, question.compare,
/// question.number, question.too_long; each names the field.
using Fields = std::vector<std::pair<std::string, std::string>>;
Result<Question> question_from_fields(const Fields& fields, const calendar::Calendar& calendar);

}  // namespace vigie::plan
