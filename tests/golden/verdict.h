#pragma once
#include "golden/case_file.h"
#include "kpi/answer.h"

namespace vigie::golden {

/// What differs between an answer and what the case expects: empty when nothing does.
struct Verdict {
  std::string difference;                ///< for a person: both tables, differing cells marked
  std::vector<std::string> replacement;  ///< the expected table as it would read if the answer were right
  bool agrees() const { return difference.empty(); }
};

/// Rows are matched by their period and split values. A number matches when it is the same decimal (exact values) or
/// within 1e-9 of it (ratios); "8/120" is that fraction; "~0.0667" is rounded to the digits written; "*" is anything.
///
/// Fails with `case.column` when the header names something an answer does not have.
Result<Verdict> judge_rows(const Sheet& expected, const kpi::Answer& answer);
Verdict judge_facts(const AskStep& step, const kpi::Answer& answer);

/// "kpi.unknown at 1:1: no KPI …; did you mean …"
std::string error_line(const Error& error);

}  // namespace vigie::golden
