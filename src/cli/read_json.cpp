#include "cli/read_json.h"

#include <boost/json.hpp>

#include "calendar/calendar.h"
#include "cli/json_view.h"
#include "server/http/problem.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<double> number_at(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::int64_t integer_at(const json::object& from, std::string_view key) {
  return static_cast<std::int64_t>(number_at(from, key).value_or(0));
}

bool flag_at(const json::object& from, std::string_view key, bool fallback) {
  const json::value* value = from.if_contains(key);
  return value && value->is_bool() ? value->as_bool() : fallback;
}

Date date_at(const json::object& from, std::string_view key) { return parse_date(text_at(from, key).substr(0, 10)).value_or(Date{}); }

/// "2025-10-26T02:00:00+01:00", at grain hour; else a day, which is no clock.
std::optional<kpi::WallClock> clock_at(const json::object& from, std::string_view key) {
  const std::string text = text_at(from, key);
  if (text.size() != 25 || text[10] != 'T') return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int offset = (two(20) * 60 + two(23)) * (text[19] == '-' ? -1 : 1);
  const auto local = parse_instant(text.substr(0, 19) + "Z");
  if (!local) return std::nullopt;
  return kpi::WallClock{Instant{local->micros - std::int64_t{offset} * 60 * kMicrosPerSecond}, offset};
}

kpi::Compared read_compared(const json::object& from) {
  kpi::Compared out;
  out.hour_from = clock_at(from, "from");
  out.hour_to = clock_at(from, "to");
  out.from = date_at(from, "from");
  out.to = date_at(from, "to");
  out.value = number_at(from, "value");
  out.value_exact = text_at(from, "value_exact");
  out.delta = number_at(from, "delta");
  out.delta_low = number_at(from, "delta_low");
  out.delta_high = number_at(from, "delta_high");
  out.relative = number_at(from, "relative");
  out.ci_low = number_at(from, "ci_low");
  out.ci_high = number_at(from, "ci_high");
  out.reason = text_at(from, "reason");
  out.verdict = text_at(from, "verdict");
  if (const auto as_of = parse_instant(text_at(from, "as_of"))) out.as_of = *as_of;
  return out;
}

/// "2025-10-26T02:00:00+01:00": the hour and how far its clock is from UTC.
void read_hour(const std::string& period, kpi::Row& out) {
  if (period.size() != 25 || period[10] != 'T') return;
  const auto two = [&](std::size_t at) { return (period[at] - '0') * 10 + (period[at + 1] - '0'); };
  out.hour = two(11);
  out.hour_offset_minutes = (two(20) * 60 + two(23)) * (period[19] == '-' ? -1 : 1);
}

kpi::Row read_row(const json::object& from) {
  kpi::Row out;
  out.period = date_at(from, "period");
  out.period_to = date_at(from, "period_to");
  out.hour_to = clock_at(from, "period_to");
  const std::string period = text_at(from, "period");
  read_hour(period, out);
  if (const json::value* by = from.if_contains("by"); by && by->is_object())
    for (const auto& entry : by->as_object())
      out.by.emplace_back(std::string(entry.key()), entry.value().is_string() ? std::optional(std::string(entry.value().as_string())) : std::nullopt);
  out.others = flag_at(from, "others", false);
  out.value = number_at(from, "value");
  out.value_exact = text_at(from, "value_exact");
  out.numerator = number_at(from, "numerator");
  out.denominator = number_at(from, "denominator");
  out.numerator_exact = text_at(from, "numerator_exact");
  out.denominator_exact = text_at(from, "denominator_exact");
  out.n = integer_at(from, "n");
  out.ci_low = number_at(from, "ci_low");
  out.ci_high = number_at(from, "ci_high");
  out.ci_kind = text_at(from, "ci_kind");
  out.complete = flag_at(from, "complete", true);
  out.elapsed = number_at(from, "elapsed").value_or(1);
  out.maturing = number_at(from, "maturing").value_or(0);
  out.restated = flag_at(from, "restated", false);
  out.reason = text_at(from, "reason");
  out.small_sample = flag_at(from, "small_sample", false);
  out.unpriced = integer_at(from, "unpriced");
  if (const json::value* measures = from.if_contains("measures"); measures && measures->is_object())
    for (const auto& entry : measures->as_object())
      if (entry.value().is_number()) out.measures[std::string(entry.key())] = entry.value().to_number<double>();
  if (const json::value* compared = from.if_contains("comparisons"); compared && compared->is_object())
    for (const auto& entry : compared->as_object()) out.comparisons[std::string(entry.key())] = read_compared(entry.value().as_object());
  return out;
}

std::vector<kpi::Row> read_rows(const json::object& from, std::string_view key) {
  std::vector<kpi::Row> out;
  if (const json::value* rows = from.if_contains(key); rows && rows->is_array())
    for (const json::value& row : rows->as_array()) out.push_back(read_row(row.as_object()));
  return out;
}

kpi::Text read_text(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  if (!value || !value->is_object()) return {};
  return {text_at(value->as_object(), "en"), text_at(value->as_object(), "fr")};
}

kpi::Answer read_answer(const json::object& from) {
  kpi::Answer out;
  out.kpi = text_at(from, "kpi");
  out.variant = text_at(from, "variant");
  out.version = static_cast<int>(integer_at(from, "version"));
  out.unit = text_at(from, "unit");
  out.direction = text_at(from, "direction");
  out.currency = text_at(from, "currency");
  out.label = read_text(from, "label");
  out.grain = calendar::parse_grain(text_at(from, "grain")).value_or(calendar::Grain::month);
  out.from = date_at(from, "from");
  out.to = date_at(from, "to");
  out.as_of = parse_instant(text_at(from, "as_of")).value_or(Instant{});
  if (const json::value* params = from.if_contains("params"); params && params->is_object())
    for (const auto& entry : params->as_object()) out.params[std::string(entry.key())] = text_at(params->as_object(), entry.key());
  if (from.contains("counted")) out.counted = text_at(from, "counted");
  out.min_sample = static_cast<int>(integer_at(from, "min_sample"));
  if (const json::value* by = from.if_contains("by"); by && by->is_array())
    for (const json::value& one : by->as_array()) out.by.emplace_back(one.as_string());
  if (const json::value* headline = from.if_contains("headline"); headline && headline->is_object())
    for (const auto& entry : headline->as_object()) out.headline.emplace_back(entry.key(), text_of(entry.value()));
  out.rows = read_rows(from, "rows");
  out.totals = read_rows(from, "totals");
  if (const json::value* total = from.if_contains("total"); total && total->is_object()) out.total = read_row(total->as_object());
  if (const json::value* warnings = from.if_contains("warnings"); warnings && warnings->is_array())
    for (const json::value& one : warnings->as_array())
      out.warnings.push_back({text_at(one.as_object(), "code"), read_text(one.as_object(), "message"), integer_at(one.as_object(), "count")});
  if (const json::value* labels = from.if_contains("measure_labels"); labels && labels->is_object())
    for (const auto& entry : labels->as_object()) out.measure_labels[std::string(entry.key())] = read_text(labels->as_object(), entry.key());
  if (const json::value* reasons = from.if_contains("reasons"); reasons && reasons->is_object())
    for (const auto& entry : reasons->as_object()) out.reasons[std::string(entry.key())] = read_text(reasons->as_object(), entry.key());
  return out;
}

std::unexpected<Error> misshapen(std::string why) {
  return fail(ErrorKind::unavailable, "server.answer", "the running server's answer was not understood: " + std::move(why), {}, "stop it and start this version");
}

Result<json::object> parse_object(std::string_view body) {
  VIGIE_TRY(json::value value, parsed(body));
  if (!value.is_object()) return misshapen("an object was expected");
  return std::move(value.as_object());
}

/// Of an answer that is no problem of ours (something stands between): by its status.
ErrorKind kind_of(int status) { return status == 503 || status == 429 ? ErrorKind::unavailable : status >= 500 ? ErrorKind::internal : ErrorKind::usage; }

Error error_of(const json::object& problem, int status) {
  Error out{text_at(problem, "code"), text_at(problem, "detail"), http::error_kind(text_at(problem, "kind")).value_or(kind_of(status)), {}, text_at(problem, "hint")};
  if (const json::value* where = problem.if_contains("where"); where && where->is_object()) {
    const json::object& place = where->as_object();
    out.where = {text_at(place, "parameter"), static_cast<int>(integer_at(place, "line")), static_cast<int>(integer_at(place, "column"))};
  }
  if (out.message.empty()) out.message = fmt::format("the running server answered {}", status);
  return out;
}

}  // namespace

Error error_from_problem(std::string_view body, int status) {
  const auto object = parse_object(body);
  return error_of(object ? *object : json::object{}, status);
}

Result<std::vector<Error>> errors_from_json(std::string_view body) {
  VIGIE_TRY(const json::object root, parse_object(body));
  const json::value* problems = root.if_contains("problems");
  if (!problems || !problems->is_array()) return misshapen("it holds no problems");
  std::vector<Error> out;
  for (const json::value& one : problems->as_array()) out.push_back(error_of(one.as_object(), static_cast<int>(integer_at(one.as_object(), "status"))));
  return out;
}

Result<std::vector<Result<kpi::Answer>>> answers_from_json(std::string_view body) {
  VIGIE_TRY(const json::object root, parse_object(body));
  const json::value* answers = root.if_contains("answers");
  if (!answers || !answers->is_array()) return misshapen("it holds no answers");
  std::vector<Result<kpi::Answer>> out;
  for (const json::value& one : answers->as_array()) {
    const json::object& object = one.as_object();
    if (object.contains("code") && !object.contains("kpi")) out.emplace_back(std::unexpected(error_of(object, static_cast<int>(integer_at(object, "status")))));
    else out.emplace_back(read_answer(object));
  }
  return out;
}

Result<ingest::Receipt> receipt_from_json(std::string_view body) {
  VIGIE_TRY(const json::object root, parse_object(body));
  ingest::Receipt out;
  out.batch = integer_at(root, "batch");
  out.map = text_at(root, "map");
  out.source = text_at(root, "source");
  out.table = text_at(root, "table");
  out.already_imported = flag_at(root, "already_imported", false);
  for (const auto& [name, field] : std::initializer_list<std::pair<const char*, std::int64_t*>>{
           {"read", &out.read}, {"filtered", &out.filtered}, {"loaded", &out.loaded}, {"updated", &out.updated}, {"unchanged", &out.unchanged},
           {"quarantined", &out.quarantined}, {"deleted", &out.deleted}, {"merged", &out.merged}, {"exact_duplicates", &out.exact_duplicates}, {"unpriced", &out.unpriced},
           {"repriced", &out.repriced}, {"equal_to_earlier", &out.equal_to_earlier}, {"of_other_maps", &out.of_other_maps}})
    *field = integer_at(root, name);
  if (const json::value* maps = root.if_contains("other_maps"); maps && maps->is_array())
    for (const json::value& one : maps->as_array()) out.other_maps.emplace_back(one.as_string());
  for (const auto& [name, list] : {std::pair{"files", &out.files}, std::pair{"inputs", &out.inputs}})
    if (const json::value* files = root.if_contains(name); files && files->is_array())
      for (const json::value& file : files->as_array())
        list->push_back({text_at(file.as_object(), "path"), text_at(file.as_object(), "digest"), integer_at(file.as_object(), "rows")});
  if (const json::value* refusals = root.if_contains("refusals"); refusals && refusals->is_array())
    for (const json::value& one : refusals->as_array()) {
      const json::object& from = one.as_object();
      out.refusals.push_back({text_at(from, "code"), text_at(from, "column"), text_at(from, "message"), integer_at(from, "rows"), text_at(from, "first_file"),
                              integer_at(from, "first_row"), text_at(from, "example")});
    }
  if (const json::value* warnings = root.if_contains("warnings"); warnings && warnings->is_array())
    for (const json::value& one : warnings->as_array()) out.warnings.emplace_back(one.as_string());
  out.seconds = number_at(root, "seconds").value_or(0);
  return out;
}

}  // namespace vigie::cli
