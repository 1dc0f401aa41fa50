#include "kpi/answer_json.h"

#include "kpi/answer_fields.h"

namespace vigie::kpi {
namespace {

void write_field(JsonWriter& out, const char* name, const std::optional<double>& value) {
  out.key(name).number_or_null(value);
}

/// An empty text is none.
void write_field(JsonWriter& out, const char* name, const std::string& value) {
  out.key(name);
  if (value.empty()) out.null();
  else out.text(value);
}

void write_field(JsonWriter& out, const char* name, std::int64_t value) { out.key(name).number(value); }

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
  each_field(compared, [&](const char* name, const auto& value) { write_field(out, name, value); });
  out.key("verdict").text(compared.verdict);
  if (compared.units_short) out.key("units_short").number(*compared.units_short);
  if (compared.days_before_data > 0) out.key("days_before_data").number(compared.days_before_data);
  if (compared.as_of) out.key("as_of").text(to_string(*compared.as_of));
  write_measures(out, compared.measures);
  out.end_object();
}

void write_trailing(JsonWriter& out, const Trailing& year) {
  out.key("trailing").begin_object().key("from").text(to_string(year.from)).key("to").text(to_string(year.to));
  each_field(year, [&](const char* name, const auto& value) { write_field(out, name, value); });
  out.end_object();
}

void write_by(JsonWriter& out, const std::vector<std::pair<std::string, std::optional<std::string>>>& by) {
  out.key("by").begin_object();
  for (const auto& [name, value] : by) out.key(name).text_or_null(value);
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
        .key("others")
        .boolean(group.others)
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
  each_field(row, [&](const char* name, const auto& value) { write_field(out, name, value); });
  out.key("complete").boolean(row.complete).key("elapsed").number(row.elapsed).key("maturing").number(row.maturing);
  out.key("restated").boolean(row.restated);
  write_field(out, "reason", row.reason);
  out.key("small_sample").boolean(row.small_sample).key("unpriced").number(row.unpriced);
  write_measures(out, row.measures);
  out.key("comparisons").begin_object();
  for (const auto& [name, compared] : row.comparisons) out.key(name), write_compared(out, compared);
  out.end_object();
  if (row.trailing) write_trailing(out, *row.trailing);
  if (row.days_before_data > 0) out.key("days_before_data").number(row.days_before_data);
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

namespace {

void write_rows(JsonWriter& out, const char* name, const std::vector<Row>& rows) {
  out.key(name).begin_array();
  for (const Row& row : rows) write_row(out, row);
  out.end_array();
}

/// What was asked for, as it was understood.
void write_question(JsonWriter& out, const Answer& answer) {
  out.key("kpi").text(answer.kpi).key("variant").text(answer.variant).key("version").number(answer.version);
  out.key("unit").text(answer.unit).key("direction").text(answer.direction).key("currency").text(answer.currency);
  out.key("label"), write(out, answer.label);
  out.key("grain").text(calendar::name_of(answer.grain));
  out.key("from").text(to_string(answer.from)).key("to").text(to_string(answer.to));
  out.key("as_of").text(to_string(answer.as_of));
  out.key("params").begin_object();
  for (const auto& [name, value] : answer.params) out.key(name).text(value);
  out.end_object();
  if (!answer.counted.empty()) out.key("counted").text(answer.counted);
  out.key("min_sample").number(answer.min_sample);
  out.key("by").begin_array();
  for (const std::string& by : answer.by) out.text(by);
  out.end_array();
  if (answer.headline.empty()) return;
  out.key("headline").begin_object();
  for (const auto& [name, value] : answer.headline) out.key(name).text(value.value_or(""));
  out.end_object();
}

void write_texts(JsonWriter& out, const std::map<std::string, Text>& texts) {
  out.begin_object();
  for (const auto& [name, words] : texts) out.key(name), write(out, words);
  out.end_object();
}

/// What the codes and the values of the answer are called.
void write_words(JsonWriter& out, const Answer& answer) {
  if (!answer.reasons.empty()) out.key("reasons"), write_texts(out, answer.reasons);
  if (!answer.measure_labels.empty()) out.key("measure_labels"), write_texts(out, answer.measure_labels);
  if (answer.value_labels.empty()) return;
  out.key("value_labels").begin_object();
  for (const auto& [name, labels] : answer.value_labels) out.key(name), write_texts(out, labels);
  out.end_object();
}

}  // namespace

void write_warnings(JsonWriter& out, const std::vector<Warning>& warnings) {
  out.key("warnings").begin_array();
  for (const Warning& warning : warnings) {
    out.begin_object().key("code").text(warning.code).key("message");
    write(out, warning.message);
    out.key("count").number(warning.count);
    if (warning.of > 0) out.key("of").number(warning.of);
    out.end_object();
  }
  out.end_array();
}

void to_json(const Answer& answer, JsonWriter& out) {
  out.begin_object();
  write_question(out, answer);
  write_rows(out, "rows", answer.rows);
  out.key("total"), write_row(out, answer.total);
  if (!answer.by.empty() || !answer.totals.empty()) write_rows(out, "totals", answer.totals);
  if (!answer.log_rank.empty()) {
    out.key("log_rank").begin_array();
    for (const LogRank& test : answer.log_rank) write_log_rank(out, test);
    out.end_array();
  }
  write_warnings(out, answer.warnings);
  write_words(out, answer);
  out.end_object();
}

}  // namespace vigie::kpi
