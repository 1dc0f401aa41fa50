#pragma once
#include "base/json_writer.h"
#include "kpi/ask.h"

namespace vigie::kpi {

/// One measure of an explained figure, over the whole range of the question: what it amounts to and the rows it rests
/// on.
struct MeasureShown {
  std::string name;
  Text label;
  std::string formula;  ///< count(customer_periods where opening_active)
  std::optional<double> value;
  std::string value_exact;                                      ///< empty when the value is no exact decimal
  std::int64_t rows = 0;                                        ///< rows that the measure counts, adds or looks at
  std::vector<std::string> columns;                             ///< of `sample`
  std::vector<std::vector<std::optional<std::string>>> sample;  ///< the first of them, as asked
};

/// Another KPI that the formula names.
struct ReferenceShown {
  std::string name;  ///< kpi.average_sale.default
  std::string kpi, variant;
  Text label;
  std::optional<double> value;
  std::string reason;
};

/// A source under the figure: how far it reaches, and what of it could not be taken.
struct SourceShown {
  std::string source, table;
  std::int64_t rows = 0, quarantined = 0;
  std::optional<Date> first, last;        ///< days of its first and last event
  std::optional<Instant> complete_until;  ///< as its map declares
  bool history_complete = false;
};

/// Everything about one figure. The definition and the variant belong to the session's catalogue.
struct Explanation {
  const catalog::Definition* definition = nullptr;
  const catalog::Variant* variant = nullptr;
  std::string formula;
  Answer answer;
  std::vector<MeasureShown> measures;
  std::vector<ReferenceShown> references;
  std::vector<SourceShown> sources;
  bool horizon_declared =
      false;  ///< every source said itself up to when it is whole; else its last event stands for it
  std::vector<plan::QueryNote> queries;
};

/// Explains the total of a question; `rows`: how many rows of each measure are listed. The number of rows of a counting
/// measure is its value.
///
/// Errors: those of ask().
Result<Explanation> explain(const Session& session, const plan::Question& question, int rows,
                            const store::QueryLimits& limits);

/// As docs/api.md describes it.
void to_json(const Explanation& explanation, JsonWriter& out);

}  // namespace vigie::kpi
