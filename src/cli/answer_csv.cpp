#include <set>

#include "cli/render.h"
#include "kpi/answer_json.h"

namespace vigie::cli {
namespace {

std::string number(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; }

/// The columns that answers have between them: what they are split by, what stands beside a value, what it is compared
/// with.
struct Columns {
  std::vector<std::string> by;
  std::set<std::string> measures, comparisons;
};

Columns columns_of(const std::vector<kpi::Answer>& answers) {
  Columns out;
  for (const kpi::Answer& answer : answers) {
    if (!answer.rows.empty())
      for (const auto& [name, value] : answer.rows.front().by)
        if (std::ranges::find(out.by, name) == out.by.end()) out.by.push_back(name);
    out.measures.merge(measures_of(answer));
    out.comparisons.merge(comparisons_of(answer));
  }
  return out;
}

std::string row_csv(const kpi::Answer& answer, const kpi::Row& row, const Columns& columns) {
  std::string out =
      fmt::format("{},{},{},{}", answer.kpi, answer.variant, kpi::period_text(row), kpi::period_to_text(row));
  for (const std::string& name : columns.by) {
    const auto found = std::ranges::find(row.by, name, &std::pair<std::string, std::optional<std::string>>::first);
    out += ",";
    // A value that is not given is nothing; an empty one stands between quotes.
    if (found != row.by.end() && found->second) out += found->second->empty() ? "\"\"" : csv_field(*found->second);
  }
  out += fmt::format(",{},{},{},{},{},{},{},{},{},{},{},{},{}", row.others, number(row.value), row.value_exact,
                     number(row.numerator), number(row.denominator), row.n, number(row.ci_low), number(row.ci_high),
                     row.complete, row.elapsed, row.maturing, row.small_sample, row.reason);
  for (const std::string& name : columns.measures)
    out += "," + (row.measures.contains(name) ? number(row.measures.at(name)) : "");
  for (const std::string& name : columns.comparisons) {
    const auto found = row.comparisons.find(name);
    const kpi::Compared compared = found == row.comparisons.end() ? kpi::Compared{} : found->second;
    out += fmt::format(",{},{},{},{}", number(compared.value), number(compared.delta), number(compared.relative),
                       compared.verdict);
  }
  return out + "\n";
}

}  // namespace

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string answers_csv(const std::vector<kpi::Answer>& answers) {
  const Columns columns = columns_of(answers);
  std::string out = "kpi,variant,period,period_to";
  for (const std::string& name : columns.by) out += "," + csv_field(name);
  out +=
      ",others,value,value_exact,numerator,denominator,n,ci_low,ci_high,complete,elapsed,maturing,small_sample,reason";
  for (const std::string& name : columns.measures) out += "," + csv_field("measures." + name);
  for (const std::string& name : columns.comparisons)
    for (const char* part : {"value", "delta", "relative", "verdict"}) out += "," + csv_field(name + "." + part);
  out += "\n";
  for (const kpi::Answer& answer : answers)
    for (const kpi::Row& row : answer.rows) out += row_csv(answer, row, columns);
  return out;
}

}  // namespace vigie::cli
