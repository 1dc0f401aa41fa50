#include "cli/read_json.h"

#include <boost/json.hpp>

#include "calendar/calendar.h"
#include "cli/json_view.h"
#include "kpi/answer_fields.h"
#include "server/http/problem.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;

std::int64_t integer_at(const json::value& from, std::string_view key) {
  return static_cast<std::int64_t>(number_at(from, key).value_or(0));
}

/// Whether something is so, where it is so unless it is said not to be.
bool flag_unless_said(const json::value& from, std::string_view key) {
  return at(from, key).is_bool() ? flag_at(from, key) : true;
}

/// The members of an object; of anything else, none.
const json::object& members_of(const json::value& value) {
  static const json::object kNone;
  return value.is_object() ? value.get_object() : kNone;
}

Date date_at(const json::value& from, std::string_view key) {
  return parse_date(text_at(from, key).substr(0, 10)).value_or(Date{});
}

/// "2025-10-26T02:00:00+01:00", at grain hour; else a day, which is no clock.
std::optional<kpi::WallClock> clock_at(const json::value& from, std::string_view key) {
  const std::string text = text_at(from, key);
  if (text.size() != 25 || text[10] != 'T') return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int offset = (two(20) * 60 + two(23)) * (text[19] == '-' ? -1 : 1);
  const auto local = parse_instant(text.substr(0, 19) + "Z");
  if (!local) return std::nullopt;
  return kpi::WallClock{Instant{local->micros - std::int64_t{offset} * 60 * kMicrosPerSecond}, offset};
}

std::map<std::string, double> read_measures(const json::value& from) {
  std::map<std::string, double> out;
  for (const auto& entry : members_of(at(from, "measures")))
    if (const auto number = number_at(at(from, "measures"), entry.key())) out[std::string(entry.key())] = *number;
  return out;
}

void read_field(const json::value& from, const char* name, std::optional<double>& into) {
  into = number_at(from, name);
}
void read_field(const json::value& from, const char* name, std::string& into) { into = text_at(from, name); }
void read_field(const json::value& from, const char* name, std::int64_t& into) { into = integer_at(from, name); }

template <class Figure>
void read_fields(const json::value& from, Figure& out) {
  kpi::each_field(out, [&](const char* name, auto& into) { read_field(from, name, into); });
}

kpi::Compared read_compared(const json::value& from) {
  kpi::Compared out;
  out.hour_from = clock_at(from, "from");
  out.hour_to = clock_at(from, "to");
  out.from = date_at(from, "from");
  out.to = date_at(from, "to");
  read_fields(from, out);
  out.verdict = text_at(from, "verdict");
  if (const auto as_of = parse_instant(text_at(from, "as_of"))) out.as_of = *as_of;
  out.days_before_data = integer_at(from, "days_before_data");
  if (number_at(from, "units_short")) out.units_short = integer_at(from, "units_short");
  out.measures = read_measures(from);
  return out;
}

kpi::Trailing read_trailing(const json::value& from) {
  kpi::Trailing out;
  out.from = date_at(from, "from");
  out.to = date_at(from, "to");
  read_fields(from, out);
  return out;
}

std::vector<std::pair<std::string, std::optional<std::string>>> read_by(const json::value& from) {
  std::vector<std::pair<std::string, std::optional<std::string>>> out;
  for (const auto& entry : members_of(at(from, "by")))
    out.emplace_back(std::string(entry.key()),
                     entry.value().is_string() ? std::optional(text_of(entry.value())) : std::nullopt);
  return out;
}

/// "2025-10-26T02:00:00+01:00": the hour and how far its clock is from UTC.
void read_hour(const std::string& period, kpi::Row& out) {
  if (period.size() != 25 || period[10] != 'T') return;
  const auto two = [&](std::size_t at) { return (period[at] - '0') * 10 + (period[at + 1] - '0'); };
  out.hour = two(11);
  out.hour_offset_minutes = (two(20) * 60 + two(23)) * (period[19] == '-' ? -1 : 1);
}

kpi::Row read_row(const json::value& from) {
  kpi::Row out;
  out.period = date_at(from, "period");
  out.period_to = date_at(from, "period_to");
  out.hour_to = clock_at(from, "period_to");
  const std::string period = text_at(from, "period");
  read_hour(period, out);
  out.by = read_by(from);
  out.others = flag_at(from, "others");
  read_fields(from, out);
  out.complete = flag_unless_said(from, "complete");
  out.elapsed = number_at(from, "elapsed").value_or(1);
  out.maturing = number_at(from, "maturing").value_or(0);
  out.restated = flag_at(from, "restated");
  out.reason = text_at(from, "reason");
  out.small_sample = flag_at(from, "small_sample");
  out.unpriced = integer_at(from, "unpriced");
  out.measures = read_measures(from);
  for (const auto& entry : members_of(at(from, "comparisons")))
    out.comparisons[std::string(entry.key())] = read_compared(entry.value());
  if (at(from, "trailing").is_object()) out.trailing = read_trailing(at(from, "trailing"));
  out.days_before_data = integer_at(from, "days_before_data");
  return out;
}

std::vector<kpi::Row> read_rows(const json::value& from, std::string_view key) {
  std::vector<kpi::Row> out;
  for (const json::value& row : list_at(from, key)) out.push_back(read_row(row));
  return out;
}

Text read_text(const json::value& from, std::string_view key) {
  return {text_at(at(from, key), "en"), text_at(at(from, key), "fr")};
}

kpi::LogRank read_log_rank(const json::value& from) {
  kpi::LogRank out;
  out.by = read_by(from);
  for (const json::value& one : list_at(from, "groups"))
    out.groups.push_back({text_at(one, "value"), integer_at(one, "observed"), number_at(one, "expected").value_or(0),
                          flag_at(one, "others")});
  out.chi_squared = number_at(from, "chi_squared").value_or(0);
  out.degrees_of_freedom = static_cast<int>(integer_at(from, "degrees_of_freedom"));
  out.p_value = number_at(from, "p_value").value_or(0);
  return out;
}

kpi::Answer read_answer(const json::value& from) {
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
  for (const auto& entry : members_of(at(from, "params")))
    out.params[std::string(entry.key())] = text_of(entry.value());
  if (at(from, "counted").is_string()) out.counted = text_at(from, "counted");
  out.min_sample = static_cast<int>(integer_at(from, "min_sample"));
  for (const json::value& one : list_at(from, "by")) out.by.push_back(text_of(one));
  for (const auto& entry : members_of(at(from, "headline")))
    out.headline.emplace_back(entry.key(), text_of(entry.value()));
  out.rows = read_rows(from, "rows");
  out.totals = read_rows(from, "totals");
  if (at(from, "total").is_object()) out.total = read_row(at(from, "total"));
  for (const json::value& one : list_at(from, "warnings"))
    out.warnings.push_back(
        {text_at(one, "code"), read_text(one, "message"), integer_at(one, "count"), integer_at(one, "of")});
  for (const json::value& one : list_at(from, "log_rank")) out.log_rank.push_back(read_log_rank(one));
  for (const auto& labels : members_of(at(from, "value_labels")))
    for (const auto& label : members_of(labels.value()))
      out.value_labels[std::string(labels.key())][std::string(label.key())] = read_text(labels.value(), label.key());
  for (const auto& entry : members_of(at(from, "measure_labels")))
    out.measure_labels[std::string(entry.key())] = read_text(at(from, "measure_labels"), entry.key());
  for (const auto& entry : members_of(at(from, "reasons")))
    out.reasons[std::string(entry.key())] = read_text(at(from, "reasons"), entry.key());
  return out;
}

std::unexpected<Error> misshapen(std::string why) {
  return fail(ErrorKind::unavailable, "server.answer",
              "the running server's answer was not understood: " + std::move(why), {},
              "stop it and start this version");
}

Result<json::value> parse_object(std::string_view body) {
  VIGIE_TRY(json::value value, parsed(body));
  if (!value.is_object()) return misshapen("an object was expected");
  return value;
}

/// The list of that name; unlike one inside an answer, it has to be there.
Result<std::vector<json::value>> list_of(std::string_view body, std::string_view key) {
  VIGIE_TRY(const json::value root, parse_object(body));
  if (!at(root, key).is_array()) return misshapen(fmt::format("it holds no {}", key));
  const json::array& list = list_at(root, key);
  return std::vector<json::value>(list.begin(), list.end());
}

/// Of an answer that is no problem of ours (something stands between): by its status.
ErrorKind kind_of(int status) {
  return status == 503 || status == 429 ? ErrorKind::unavailable
         : status >= 500                ? ErrorKind::internal
                                        : ErrorKind::usage;
}

Error error_of(const json::value& problem, int status) {
  Error out{text_at(problem, "code"),
            text_at(problem, "detail"),
            http::error_kind(text_at(problem, "kind")).value_or(kind_of(status)),
            {},
            text_at(problem, "hint")};
  const json::value& place = at(problem, "where");
  out.where = {text_at(place, "parameter"), static_cast<int>(integer_at(place, "line")),
               static_cast<int>(integer_at(place, "column"))};
  if (out.message.empty()) out.message = fmt::format("the running server answered {}", status);
  return out;
}

}  // namespace

Error error_from_problem(std::string_view body, int status) {
  const auto problem = parse_object(body);
  return error_of(problem ? *problem : json::value(), status);
}

Result<std::vector<Error>> errors_from_json(std::string_view body) {
  VIGIE_TRY(const auto problems, list_of(body, "problems"));
  std::vector<Error> out;
  for (const json::value& one : problems) out.push_back(error_of(one, static_cast<int>(integer_at(one, "status"))));
  return out;
}

Result<std::vector<Result<kpi::Answer>>> answers_from_json(std::string_view body) {
  VIGIE_TRY(const auto answers, list_of(body, "answers"));
  std::vector<Result<kpi::Answer>> out;
  for (const json::value& one : answers) {
    if (!one.is_object()) return misshapen("an answer is no object");
    const bool is_problem = at(one, "code").is_string() && at(one, "kpi").is_null();
    if (is_problem) out.emplace_back(std::unexpected(error_of(one, static_cast<int>(integer_at(one, "status")))));
    else out.emplace_back(read_answer(one));
  }
  return out;
}

namespace {

std::optional<Instant> instant_at(const json::value& from, std::string_view key) {
  const auto found = parse_instant(text_at(from, key));
  return found ? std::optional(*found) : std::nullopt;
}

/// As a receipt tells it: what it says now, and since when.
checks::State check_from_json(const json::value& one) {
  checks::State out;
  out.name = text_at(one, "check");
  out.map = text_at(one, "map");
  out.source = text_at(one, "source");
  out.table = text_at(one, "table");
  out.kind = checks::kind_of(text_at(one, "kind")).value_or(checks::Kind::expect);
  out.columns = text_at(one, "columns");
  out.severity = text_at(one, "severity") == "error" ? checks::Severity::error : checks::Severity::warning;
  for (const checks::Standing standing : {checks::Standing::fine, checks::Standing::failing})
    if (name_of(standing) == text_at(one, "state")) out.standing = standing;
  out.rows = integer_at(one, "rows");
  out.example = text_at(one, "example");
  out.told = text_at(one, "detail");
  out.since = instant_at(one, "since").value_or(Instant{});
  out.seen = instant_at(one, "seen").value_or(Instant{});
  out.batch = integer_at(one, "batch");
  out.newest = instant_at(one, "newest");
  out.from = instant_at(one, "fails_from");
  if (text_at(one, "state") != name_of(checks::Standing::refused)) return out;
  constexpr std::string_view kBefore = "for it was refused: ";
  if (const auto at = out.told.find(kBefore); at != std::string::npos) out.told.erase(0, at + kBefore.size());
  out.refused = checks::Refused{out.since, {}};
  for (const json::value& name : list_at(one, "missing")) out.refused->missing.push_back({text_of(name), out.told});
  if (out.refused->missing.empty()) out.refused->missing.push_back({"the last batch", out.told});  // an older server
  return out;
}

}  // namespace

Result<ingest::Receipt> receipt_from_json(std::string_view body) {
  VIGIE_TRY(const json::value root, parse_object(body));
  ingest::Receipt out;
  out.batch = integer_at(root, "batch");
  out.map = text_at(root, "map");
  out.source = text_at(root, "source");
  out.table = text_at(root, "table");
  out.already_imported = flag_at(root, "already_imported");
  for (const auto& [name, field] :
       std::initializer_list<std::pair<const char*, std::int64_t*>>{{"read", &out.read},
                                                                    {"filtered", &out.filtered},
                                                                    {"loaded", &out.loaded},
                                                                    {"updated", &out.updated},
                                                                    {"unchanged", &out.unchanged},
                                                                    {"quarantined", &out.quarantined},
                                                                    {"deleted", &out.deleted},
                                                                    {"merged", &out.merged},
                                                                    {"exact_duplicates", &out.exact_duplicates},
                                                                    {"unpriced", &out.unpriced},
                                                                    {"repriced", &out.repriced},
                                                                    {"stages_seen", &out.stages_seen},
                                                                    {"equal_to_earlier", &out.equal_to_earlier},
                                                                    {"of_other_maps", &out.of_other_maps},
                                                                    {"erased", &out.erased}})
    *field = integer_at(root, name);
  for (const json::value& one : list_at(root, "other_maps")) out.other_maps.push_back(text_of(one));
  for (const auto& [name, list] : {std::pair{"files", &out.files}, std::pair{"inputs", &out.inputs}})
    for (const json::value& file : list_at(root, name))
      list->push_back({text_at(file, "path"), text_at(file, "digest"), integer_at(file, "rows")});
  for (const json::value& one : list_at(root, "refusals")) {
    ingest::Refusal& refusal = out.refusals.emplace_back(
        ingest::Refusal{text_at(one, "code"), text_at(one, "column"), text_at(one, "message"), integer_at(one, "rows"),
                        text_at(one, "first_file"), integer_at(one, "first_row"), text_at(one, "example")});
    for (const json::value& row : list_at(one, "next_rows"))
      if (const auto* number = row.if_int64()) refusal.next_rows.push_back(*number);
  }
  for (const json::value& one : list_at(root, "warnings")) out.warnings.push_back(text_of(one));
  for (const json::value& one : list_at(root, "checks")) out.checks.push_back(check_from_json(one));
  out.seconds = number_at(root, "seconds").value_or(0);
  return out;
}

}  // namespace vigie::cli
