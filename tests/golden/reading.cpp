#include "golden/reading.h"

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace vigie::golden {
namespace {

using kpi::Row;
using Kind = Reading::Kind;

constexpr double kRelative = 1e-9;

Reading nothing() { return {}; }
Reading text(std::string value) { return value.empty() ? nothing() : Reading{Kind::text, std::move(value), {}, 0}; }
Reading yes_no(bool value) { return text(value ? "true" : "false"); }
Reading number(std::int64_t value) { return {Kind::exact, {}, Decimal::integer(value), 0}; }
Reading number(const std::optional<double>& value) { return value ? Reading{Kind::real, {}, {}, *value} : nothing(); }
Reading number(const std::optional<double>& value, const std::string& exact) {
  if (const auto decimal = Decimal::parse(exact); value && !exact.empty() && decimal)
    return {Kind::exact, {}, *decimal, 0};
  return number(value);
}

std::string period_of(const Row& row) {
  if (!row.hour) return to_string(row.period);
  const int minutes = std::abs(row.hour_offset_minutes);
  return fmt::format("{}T{:02}:00:00{}{:02}:{:02}", to_string(row.period), *row.hour,
                     row.hour_offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

const std::map<std::string, Reading (*)(const Row&)>& figures() {
  static const std::map<std::string, Reading (*)(const Row&)> kFigures{
      {"period_to", [](const Row& r) { return text(r.hour_to ? to_string(*r.hour_to) : to_string(r.period_to)); }},
      {"value", [](const Row& r) { return number(r.value, r.value_exact); }},
      {"numerator", [](const Row& r) { return number(r.numerator, r.numerator_exact); }},
      {"denominator", [](const Row& r) { return number(r.denominator, r.denominator_exact); }},
      {"n", [](const Row& r) { return number(r.n); }},
      {"ci_low", [](const Row& r) { return number(r.ci_low); }},
      {"ci_high", [](const Row& r) { return number(r.ci_high); }},
      {"ci_kind", [](const Row& r) { return text(r.ci_kind); }},
      {"complete", [](const Row& r) { return yes_no(r.complete); }},
      {"elapsed", [](const Row& r) { return number(std::optional(r.elapsed)); }},
      {"maturing", [](const Row& r) { return number(std::optional(r.maturing)); }},
      {"restated", [](const Row& r) { return yes_no(r.restated); }},
      {"reason", [](const Row& r) { return text(r.reason); }},
      {"small_sample", [](const Row& r) { return yes_no(r.small_sample); }},
      {"unpriced", [](const Row& r) { return number(r.unpriced); }},
      {"days_before_data", [](const Row& r) { return number(r.days_before_data); }},
      {"others", [](const Row& r) { return yes_no(r.others); }},
  };
  return kFigures;
}

Reading compared(const Row& row, std::string_view path) {
  constexpr std::string_view kMeasures = ".measures";
  const auto dot = path.rfind('.');
  const std::string_view place = path.substr(0, dot), field = path.substr(dot + 1);
  const bool beside = place.ends_with(kMeasures);
  const auto found =
      row.comparisons.find(std::string(beside ? place.substr(0, place.size() - kMeasures.size()) : place));
  if (found == row.comparisons.end()) return nothing();
  const kpi::Compared& c = found->second;
  if (beside) {
    const auto measure = c.measures.find(std::string(field));
    return measure == c.measures.end() ? nothing() : number(std::optional(measure->second));
  }
  if (field == "value") return number(c.value);
  if (field == "delta") return number(c.delta);
  if (field == "delta_low") return number(c.delta_low);
  if (field == "delta_high") return number(c.delta_high);
  if (field == "relative") return number(c.relative);
  if (field == "ci_low") return number(c.ci_low);
  if (field == "ci_high") return number(c.ci_high);
  if (field == "reason") return text(c.reason);
  if (field == "verdict") return text(c.verdict);
  if (field == "days_before_data") return number(c.days_before_data);
  if (field == "units_short") return c.units_short ? number(*c.units_short) : nothing();
  if (field == "as_of") return c.as_of ? text(to_string(*c.as_of)) : nothing();
  if (field == "from") return text(c.hour_from ? to_string(*c.hour_from) : to_string(c.from));
  if (field == "to") return text(c.hour_to ? to_string(*c.hour_to) : to_string(c.to));
  return nothing();
}

Reading trailing(const Row& row, std::string_view field) {
  if (!row.trailing) return nothing();
  const kpi::Trailing& year = *row.trailing;
  if (field == "from") return text(to_string(year.from));
  if (field == "to") return text(to_string(year.to));
  if (field == "value") return number(year.value, year.value_exact);
  if (field == "numerator") return number(year.numerator);
  if (field == "denominator") return number(year.denominator);
  if (field == "n") return number(year.n);
  if (field == "reason") return text(year.reason);
  return nothing();
}

bool near(double found, double wanted) {
  return std::abs(found - wanted) <= kRelative * std::max(1e-3, std::abs(wanted));
}

/// "~0.0667": rounded to the digits written.
bool agrees_rounded(std::string_view written, double found) {
  double wanted = 0;
  std::from_chars(written.data(), written.data() + written.size(), wanted);
  const auto point = written.find('.');
  const auto digits = point == std::string_view::npos ? 0 : static_cast<int>(written.size() - point - 1);
  return std::abs(found - wanted) <= 0.5 * std::pow(10.0, -digits) * (1 + 1e-9);
}

double as_double(const Reading& reading) {
  return reading.kind == Kind::exact ? reading.exact.to_double() : reading.real;
}

bool agrees_number(std::string_view written, const Reading& reading) {
  if (written.starts_with("~")) return agrees_rounded(written.substr(1), as_double(reading));
  if (const auto slash = written.find('/'); slash != std::string_view::npos) {
    const auto above = Decimal::parse(trim(written.substr(0, slash))),
               below = Decimal::parse(trim(written.substr(slash + 1)));
    return above && below && !below->is_zero() && near(as_double(reading), ratio(*above, *below));
  }
  const auto wanted = Decimal::parse(written);
  if (!wanted) return false;
  return reading.kind == Kind::exact ? *wanted == reading.exact : near(reading.real, wanted->to_double());
}

}  // namespace

bool is_figure(const std::string& column) {
  return column == "period" || figures().contains(column) || column.starts_with("measures.") ||
         column.starts_with("trailing.") ||
         (column.starts_with("comparisons.") && column.rfind('.') > std::string_view("comparisons").size());
}

Reading read(const Row& row, const std::string& column, bool total) {
  if (column == "period") return text(total ? "total" : period_of(row));
  if (const auto found = figures().find(column); found != figures().end()) return found->second(row);
  if (column.starts_with("measures.")) {
    const auto found = row.measures.find(column.substr(9));
    return found == row.measures.end() ? nothing() : number(std::optional(found->second));
  }
  if (column.starts_with("trailing.")) return trailing(row, std::string_view(column).substr(9));
  if (column.starts_with("comparisons.")) return compared(row, std::string_view(column).substr(12));
  const auto found =
      std::ranges::find(row.by, column.substr(3), &std::pair<std::string, std::optional<std::string>>::first);
  // A row without that split (a total) shows an empty cell, a missing value reads null.
  if (found == row.by.end()) return text(" ");
  return found->second ? text(*found->second) : nothing();
}

bool agrees(const Cell& cell, const Reading& reading) {
  if (cell.is("*")) return true;
  if (cell.empty()) return reading.kind == Kind::null || reading.text == " ";
  if (cell.is("null")) return reading.kind == Kind::null;
  switch (reading.kind) {
    case Kind::null: return false;
    case Kind::text: return reading.text == cell.text;
    case Kind::exact:
    case Kind::real: return agrees_number(cell.text, reading);
  }
  return false;
}

std::string shown(const Reading& reading) {
  switch (reading.kind) {
    case Kind::null: return "null";
    case Kind::text:
      return reading.text == " "                             ? ""
             : reading.text == "null" || reading.text == "*" ? "\"" + reading.text + "\""
                                                             : reading.text;
    case Kind::exact: return reading.exact.to_plain();
    case Kind::real: return fmt::format("{}", reading.real);
  }
  return {};
}

namespace {

/// "[place: ]value observed/expected, …; chi-squared, degrees of freedom, p", of each test.
std::string tests_of(const kpi::Answer& answer) {
  std::vector<std::string> out;
  for (const kpi::LogRank& test : answer.log_rank) {
    std::string text;
    for (const auto& [name, value] : test.by) text += value.value_or("null") + ": ";
    for (const auto& group : test.groups)
      text += fmt::format("{} {}/{:.4f}, ", group.value, group.observed, group.expected);
    out.push_back(
        fmt::format("{}{:.4f} df {} p {:.4f}", text, test.chi_squared, test.degrees_of_freedom, test.p_value));
  }
  return join(out, " | ");
}

/// "channel.paid_search.fr": what people call a value.
std::string value_label(const kpi::Answer& answer, const std::string& path) {
  const auto parts = split(path, '.');
  const auto labels = answer.value_labels.find(parts.front());
  if (parts.size() != 3 || labels == answer.value_labels.end()) return "";
  const auto label = labels->second.find(parts[1]);
  if (label == labels->second.end()) return "";
  return parts[2] == "fr" ? label->second.fr : label->second.en;
}

/// What the warnings of a code say: "CODE" in English, "CODE.fr" in French.
std::string sentences(const kpi::Answer& answer, std::string_view code) {
  const bool french = code.ends_with(".fr");
  if (french) code.remove_suffix(3);
  std::vector<std::string> out;
  for (const kpi::Warning& warning : answer.warnings)
    if (warning.code == code) out.push_back(french ? warning.message.fr : warning.message.en);
  return join(out, " | ");
}

}  // namespace

std::string fact(const kpi::Answer& answer, const std::string& name) {
  if (name == "kpi") return answer.kpi;
  if (name == "variant") return answer.variant;
  if (name == "version") return fmt::format("{}", answer.version);
  if (name == "unit") return answer.unit;
  if (name == "counted") return answer.counted;
  if (name == "direction") return answer.direction;
  if (name == "currency") return answer.currency;
  if (name == "label.en") return answer.label.en;
  if (name == "label.fr") return answer.label.fr;
  if (name == "grain") return std::string(calendar::name_of(answer.grain));
  if (name == "from") return to_string(answer.from);
  if (name == "to") return to_string(answer.to);
  if (name == "as_of") return to_string(answer.as_of);
  if (name == "min_sample") return fmt::format("{}", answer.min_sample);
  if (name.starts_with("params.")) {
    const auto found = answer.params.find(name.substr(7));
    return found == answer.params.end() ? "(no such parameter)" : found->second;
  }
  if (name == "log_rank") return tests_of(answer);
  if (name.starts_with("value_labels.")) return value_label(answer, name.substr(13));
  if (name.starts_with("measure_labels.")) {
    const auto found = answer.measure_labels.find(name.substr(15));
    return found == answer.measure_labels.end() ? "(no such measure)" : found->second.en;
  }
  if (name.starts_with("warning.")) return sentences(answer, name.substr(8));
  return "(an answer has no such field)";
}

}  // namespace vigie::golden
