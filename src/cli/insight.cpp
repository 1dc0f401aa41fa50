#include "cli/commands.h"
#include "cli/insight_tables.h"
#include "server/api/port.h"

namespace vigie::cli {
namespace {

bool has(const plan::Fields& fields, std::string_view name) {
  return std::ranges::find(fields, name, &std::pair<std::string, std::string>::first) != fields.end();
}

Result<> print_as(const std::string& json, Format format, Result<std::string> (*table)(std::string_view)) {
  if (format == Format::json) return print(json + "\n");
  VIGIE_TRY(const std::string text, table(json));
  return print(text);
}

}  // namespace

Result<> run_explain(const AskOptions& options, int rows) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, options.time_limit));
  plan::Fields fields = options.fields;
  if (!has(fields, "grain")) fields.emplace_back("grain", "total");
  // A CSV is the rows: without a number, as many as one can look through.
  constexpr int kRowsOfCsv = 1'000;
  if (rows < 0 || rows > api::kMostRows)
    return fail(ErrorKind::usage, "question.number",
                fmt::format("rows: \"{}\" is no number from 0 to {}", rows, api::kMostRows));
  VIGIE_TRY(const std::string json,
            backend->explain(fields, options.format == Format::csv && rows == 0 ? kRowsOfCsv : rows));
  return print_as(json, options.format, options.format == Format::csv ? explanation_csv : explanation_table);
}

Result<> run_reconcile(const std::string& first, const std::string& last, const AskOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, options.time_limit));
  plan::Fields from = options.fields, to = options.fields;
  from.emplace_back("kpi", first);
  to.emplace_back("kpi", last);
  VIGIE_TRY(const std::string json, backend->reconcile(from, to));
  return print_as(json, options.format, bridge_table);
}

Result<> run_why(const AskOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, options.time_limit));
  VIGIE_TRY(const std::string json, backend->why(options.fields));
  return print_as(json, options.format, why_table);
}

}  // namespace vigie::cli
