#include "kpi/answer_json.h"

namespace vigie::kpi {
namespace {

void number_or_null(JsonWriter& out, const std::optional<double>& value) {
  if (value) out.number(*value);
  else out.null();
}

void text_or_null(JsonWriter& out, const std::string& value) {
  if (value.empty()) out.null();
  else out.text(value);
}

void write_text(JsonWriter& out, const Text& text) {
  out.begin_object().key("en").text(text.en).key("fr").text(text.fr).end_object();
}

std::string offset_text(int minutes) {
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::string bound(const std::optional<WallClock>& hour, Date day) { return hour ? to_string(*hour) : to_string(day); }

void write_measures(JsonWriter& out, const std::map<std::string, double>& measures) {
  if (measures.empty()) return;
  out.key("measures").begin_object();
  for (const auto& [name, value] : measures) out.key(name).number(value);
  out.end_object();
}

void write_compared(JsonWriter& out, const Compared& compared) {
  out.begin_object();
  out.key("from").text(bound(compared.hour_from, compared.from)).key("to").text(bound(compared.hour_to, compared.to));
  out.key("value"), number_or_null(out, compared.value);
  out.key("value_exact"), text_or_null(out, compared.value_exact);
  out.key("delta"), number_or_null(out, compared.delta);
  out.key("delta_low"), number_or_null(out, compared.delta_low);
  out.key("delta_high"), number_or_null(out, compared.delta_high);
  out.key("relative"), number_or_null(out, compared.relative);
  out.key("ci_low"), number_or_null(out, compared.ci_low);
  out.key("ci_high"), number_or_null(out, compared.ci_high);
  out.key("reason"), text_or_null(out, compared.reason);
  out.key("verdict").text(compared.verdict);
  if (compared.units_short) out.key("units_short").number(*compared.units_short);
  if (compared.days_before_data > 0) out.key("days_before_data").number(compared.days_before_data);
  if (compared.as_of) out.key("as_of").text(to_string(*compared.as_of));
  write_measures(out, compared.measures);
  out.end_object();
}

void write_trailing(JsonWriter& out, const Trailing& year) {
  out.key("trailing").begin_object().key("from").text(to_string(year.from)).key("to").text(to_string(year.to));
  out.key("value"), number_or_null(out, year.value);
  out.key("value_exact"), text_or_null(out, year.value_exact);
  out.key("numerator"), number_or_null(out, year.numerator);
  out.key("denominator"), number_or_null(out, year.denominator);
  out.key("n").number(year.n);
  out.key("ci_low"), number_or_null(out, year.ci_low);
  out.key("ci_high"), number_or_null(out, year.ci_high);
  out.key("reason"), text_or_null(out, year.reason);
  out.end_object();
}

void write_by(JsonWriter& out, const std::vector<std::pair<std::string, std::optional<std::string>>>& by) {
  out.key("by").begin_object();
  for (const auto& [name, value] : by) {
    out.key(name);
    if (value) out.text(*value);
    else out.null();
  }
  out.end_object();
}

void write_log_rank(JsonWriter& out, const LogRank& test) {
  out.begin_object();
  write_by(out, test.by);
  out.key("groups").begin_array();
  for (const LogRank::Group& group : test.groups)
    out.begin_object()
        .key("value")
        .text(group.value)
        .key("observed")
        .number(group.observed)
        .key("expected")
        .number(group.expected)
        .end_object();
  out.end_array().key("chi_squared").number(test.chi_squared);
  out.key("degrees_of_freedom").number(test.degrees_of_freedom).key("p_value").number(test.p_value).end_object();
}

void write_row(JsonWriter& out, const Row& row) {
  out.begin_object();
  out.key("period").text(period_text(row)).key("period_to").text(period_to_text(row));
  write_by(out, row.by);
  if (row.others) out.key("others").boolean(true);
  out.key("value"), number_or_null(out, row.value);
  out.key("value_exact"), text_or_null(out, row.value_exact);
  out.key("numerator"), number_or_null(out, row.numerator);
  out.key("denominator"), number_or_null(out, row.denominator);
  out.key("numerator_exact"), text_or_null(out, row.numerator_exact);
  out.key("denominator_exact"), text_or_null(out, row.denominator_exact);
  out.key("n").number(row.n);
  out.key("ci_low"), number_or_null(out, row.ci_low);
  out.key("ci_high"), number_or_null(out, row.ci_high);
  out.key("ci_kind"), text_or_null(out, row.ci_kind);
  out.key("complete").boolean(row.complete).key("elapsed").number(row.elapsed).key("maturing").number(row.maturing);
  out.key("restated").boolean(row.restated);
  out.key("reason"), text_or_null(out, row.reason);
  out.key("small_sample").boolean(row.small_sample).key("unpriced").number(row.unpriced);
  write_measures(out, row.measures);
  out.key("comparisons").begin_object();
  for (const auto& [name, compared] : row.comparisons) out.key(name), write_compared(out, compared);
  out.end_object();
  if (row.trailing) write_trailing(out, *row.trailing);
  out.end_object();
}

}  // namespace

std::string period_text(const Row& row) {
  if (!row.hour) return to_string(row.period);
  return fmt::format("{}T{:02}:00:00{}", to_string(row.period), *row.hour, offset_text(row.hour_offset_minutes));
}

std::string period_to_text(const Row& row) { return bound(row.hour_to, row.period_to); }

std::string to_string(const WallClock& clock) {
  constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;
  const std::string local = to_string(Instant{clock.at.micros + clock.offset_minutes * kMinute});
  return local.substr(0, local.find('Z')) + offset_text(clock.offset_minutes);
}

void to_json(const Answer& answer, JsonWriter& out) {
  out.begin_object();
  out.key("kpi").text(answer.kpi).key("variant").text(answer.variant).key("version").number(answer.version);
  out.key("unit").text(answer.unit).key("direction").text(answer.direction).key("currency").text(answer.currency);
  out.key("label"), write_text(out, answer.label);
  out.key("grain").text(calendar::name_of(answer.grain));
  out.key("from")
      .text(to_string(answer.from))
      .key("to")
      .text(to_string(answer.to))
      .key("as_of")
      .text(to_string(answer.as_of));
  out.key("params").begin_object();
  for (const auto& [name, value] : answer.params) out.key(name).text(value);
  out.end_object();
  if (!answer.counted.empty()) out.key("counted").text(answer.counted);
  out.key("min_sample").number(answer.min_sample);
  out.key("by").begin_array();
  for (const std::string& by : answer.by) out.text(by);
  out.end_array();
  if (!answer.headline.empty()) {
    out.key("headline").begin_object();
    for (const auto& [name, value] : answer.headline) out.key(name).text(value.value_or(""));
    out.end_object();
  }
  out.key("rows").begin_array();
  for (const Row& row : answer.rows) write_row(out, row);
  out.end_array();
  out.key("total"), write_row(out, answer.total);
  if (!answer.by.empty() || !answer.totals.empty()) {
    out.key("totals").begin_array();
    for (const Row& row : answer.totals) write_row(out, row);
    out.end_array();
  }
  if (!answer.log_rank.empty()) {
    out.key("log_rank").begin_array();
    for (const LogRank& test : answer.log_rank) write_log_rank(out, test);
    out.end_array();
  }
  out.key("warnings").begin_array();
  for (const Warning& warning : answer.warnings) {
    out.begin_object().key("code").text(warning.code).key("message");
    write_text(out, warning.message);
    out.key("count").number(warning.count);
    if (warning.of > 0) out.key("of").number(warning.of);
    out.end_object();
  }
  out.end_array();
  for (const auto& [name, texts] :
       {std::pair{"reasons", &answer.reasons}, std::pair{"measure_labels", &answer.measure_labels}}) {
    if (texts->empty()) continue;
    out.key(name).begin_object();
    for (const auto& [code, words] : *texts) out.key(code), write_text(out, words);
    out.end_object();
  }
  if (!answer.value_labels.empty()) {
    out.key("value_labels").begin_object();
    for (const auto& [name, labels] : answer.value_labels) {
      out.key(name).begin_object();
      for (const auto& [value, words] : labels) out.key(value), write_text(out, words);
      out.end_object();
    }
    out.end_object();
  }
  out.end_object();
}

}  // namespace vigie::kpi
