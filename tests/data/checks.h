#pragma once
// tests/data — what `vigie` answers on real files, against figures worked out elsewhere.
//
//   checks.h     the YAML files: questions and what they must answer
//   data_set.h   one example's workspace, made by its own run.sh, and the answers it gives
//   compare.h    an answer's JSON against an expected value
//
// A file of checks (tests/data/NAME.yaml, examples/NAME/expected.yaml):
//
//   example: olist                # examples/olist/run.sh makes the workspace
//   expected: olist.json          # entries by id, read at test time from the shared folder's expected/
//   prints: ["quarantined 1"]     # texts that run.sh must print
//   checks:
//     - entry: funnel.by_origin   # its value; `is:` gives one in the file itself, with `because:` where it replaces an
//     entry
//       ask: kpi conversion_rate:created_to_date --from 2017-06-01 --to 2018-06-01 --grain total --by channel
//       each: {by.channel: $}     # the value's keys are rows: $ is the key
//       keys: {"(empty)": null}   # … after this renaming
//       without: [display]        # keys that are no rows of ours
//       pick: {mql: denominator, won: numerator, rate: value}    # path in the value: path in the row (or in the
//                                                                  answer), or the difference of two: ci_high - value
//       tolerance: 0.000001
//     - ask: kpi revenue --from 2025-01-01 --to 2026-01-01 --grain year
//       rows:                     # period and by.… say which row; the rest must be equal
//         - {period: 2025-01-01, value: 203000}
//       total: {value: 203000}
#include <boost/json.hpp>
#include <filesystem>
#include <optional>

#include "base/yaml.h"

namespace vigie::data_test {

namespace json = boost::json;

/// A row of an answer, and what must be in it: by path ("value", "by.channel", "measures.mrr").
struct ExpectedRow {
  std::vector<std::pair<std::string, json::value>> where, equal;
};

struct Check {
  std::string name;   ///< of the test: the entry, else the question's KPI
  std::string entry;  ///< empty: literal values only
  std::optional<json::value> is;
  std::vector<std::string> ask;                           ///< arguments of vigie, without the workspace
  std::vector<std::pair<std::string, std::string>> each;  ///< path in a row → text, `$` for the key
  std::vector<std::pair<std::string, json::value>> keys;  ///< renaming of keys
  std::vector<std::string> without;                       ///< keys to leave out
  std::vector<std::pair<std::string, std::string>>
      pick;  ///< path in the value ("" the value itself) → path in the answer
  std::vector<ExpectedRow> rows;
  std::optional<ExpectedRow> total;
  double tolerance = 1e-6;
};

struct CheckFile {
  std::string example, expected;
  std::vector<std::string> prints;  ///< by run.sh
  std::vector<Check> checks;
};

Result<CheckFile> read_checks(const std::filesystem::path& file);

}  // namespace vigie::data_test
