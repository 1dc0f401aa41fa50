#include "server/api/workspace_port.h"

#include "base/text.h"
#include "checks/states_json.h"
#include "ingest/receipt_json.h"
#include "insight/handbook.h"
#include "kpi/catalogue_json.h"
#include "model/model_json.h"
#include "server/api/answers_json.h"
#include "server/events/check_events.h"
#include "singer/report_json.h"
#include "sources/report_json.h"
#include "workspace/check.h"

namespace vigie::api {
namespace {

template <class T>
Result<std::string> json_of(const Result<T>& found) {
  if (!found) return std::unexpected(found.error());
  std::string json;
  JsonWriter out(json);
  to_json(*found, out);
  return json;
}

std::string_view name_of(catalog::Profile profile) {
  switch (profile) {
    case catalog::Profile::deals: return "deals";
    case catalog::Profile::quotes: return "quotes";
    case catalog::Profile::shop: return "shop";
    case catalog::Profile::subscription: return "subscription";
  }
  return "";
}

/// The first days of the company's months where they are not the civil ones, by whole fiscal years around its data,
/// with the day after the last: quarters are three of them, years twelve. Nothing where months are civil.
std::vector<Date> own_months(const calendar::Calendar& calendar, const std::optional<Date>& first,
                             const std::optional<Date>& end) {
  // Room before the data for series of twelve years, and after it for "next".
  constexpr int kYearsBefore = 13, kYearsAfter = 2;
  const auto& settings = calendar.settings();
  if ((settings.fiscal_day == 1 && settings.pattern == calendar::WeekPattern::none) || !first || !end) return {};
  const auto year_around = [&](Date day, int years) {
    return calendar.period_at(calendar.ordinal(day, calendar::Grain::year) + years, calendar::Grain::year);
  };
  std::vector<Date> out;
  for (const calendar::Range& month : calendar.periods(
           {year_around(*first, -kYearsBefore).from, year_around(*end, kYearsAfter).to}, calendar::Grain::month))
    out.push_back(month.from);
  out.push_back(year_around(*end, kYearsAfter).to);
  return out;
}

void date_or_null(JsonWriter& out, const std::optional<Date>& date) {
  if (date) out.text(to_string(*date));
  else out.null();
}

/// A bridge leads between two figures: what asks for rows of them would be passed over in silence.
Result<> check_bridge(const Fields& fields) {
  for (const auto& [name, value] : fields)
    if (name == "by" || name == "compare" || name == "top" || name == "grain" || name == "split" || name == "align")
      return fail(ErrorKind::usage, "question.unknown_field",
                  fmt::format("a bridge takes no \"{}\": it leads between two figures of one range", name), {},
                  "narrow both with a filter");
  return {};
}

}  // namespace

store::QueryLimits WorkspacePort::limits_for(const http::CancelToken& token) const {
  return {.deadline = longest_, .cancelled = token.flag()};
}

std::vector<Result<AnswerText>> WorkspacePort::answers(const std::vector<Fields>& questions,
                                                       const http::CancelToken& token) {
  std::vector<Result<AnswerText>> out(questions.size(), Result<AnswerText>(AnswerText{}));
  std::vector<plan::Question> parsed;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    auto question = plan::question_from_fields(questions[i], workspace_.calendar());
    if (!question) {
      out[i] = std::unexpected(question.error());
      continue;
    }
    parsed.push_back(std::move(*question));
    places.push_back(i);
  }
  const auto answers = workspace_.ask(parsed, limits_for(token));
  for (std::size_t i = 0; i < answers.size(); ++i)
    out[places[i]] = answers[i] ? Result<AnswerText>(answer_text(*answers[i])) : std::unexpected(answers[i].error());
  return out;
}

std::vector<std::string> WorkspacePort::headline() { return workspace_.catalog().headline(workspace_.today()); }

Result<std::string> WorkspacePort::workspace(const http::CancelToken& token) {
  VIGIE_TRY(const workspace::Summary summary, workspace_.summary(limits_for(token)));
  const auto& settings = summary.settings;
  std::string json;
  JsonWriter out(json);
  out.begin_object()
      .key("name")
      .text(summary.name)
      .key("company")
      .text(settings.company)
      .key("currency")
      .text(settings.currency);
  out.key("time_zone")
      .text(settings.calendar.time_zone)
      .key("week_start")
      .text(calendar::name_of_weekday(settings.calendar.week_start));
  out.key("fiscal_start")
      .text(fmt::format("{:02}-{:02}", settings.calendar.fiscal_month, settings.calendar.fiscal_day));
  out.key("month_starts").begin_array();
  for (const Date day : own_months(workspace_.calendar(), summary.data_from, summary.data_to)) out.text(to_string(day));
  out.end_array().key("profile").begin_array();
  for (const catalog::Profile profile : settings.profile) out.text(name_of(profile));
  out.end_array().key("as_of").text(to_string(summary.as_of));
  out.key("data_from"), date_or_null(out, summary.data_from);
  out.key("data_to"), date_or_null(out, summary.data_to);
  out.key("dimensions").begin_array();
  for (const workspace::Dimension& dimension : summary.dimensions) {
    out.begin_object()
        .key("id")
        .text(dimension.id)
        .key("label")
        .begin_object()
        .key("en")
        .text(dimension.label.en)
        .key("fr")
        .text(dimension.label.fr)
        .end_object();
    out.key("kpis").begin_array();
    for (const std::string& kpi : dimension.kpis) out.text(kpi);
    out.end_array().end_object();
  }
  const auto headlines = headline();
  out.end_array().key("lead_kpis").begin_array();
  for (const std::string& name : headlines) out.text(split(name, ':').front());
  out.end_array().key("headline_variants").begin_object();
  for (const std::string& name : headlines)
    if (const auto parts = split(name, ':'); parts.size() > 1) out.key(parts[0]).text(parts[1]);
  out.end_object().key("version").text(version_).end_object();
  return json;
}

Result<std::string> WorkspacePort::catalogue() { return kpi::catalogue_json(workspace_.catalog(), workspace_.today()); }

Result<std::string> WorkspacePort::explanation(const Fields& fields, const http::CancelToken& token) {
  // `rows` is no part of a question: how many rows of each measure to list.
  int rows = 0;
  Fields asked;
  for (const auto& [name, value] : fields) {
    if (name != "rows") {
      asked.emplace_back(name, value);
      continue;
    }
    const auto number = Decimal::parse(value);
    if (!number || number->scale() != 0 || *number < Decimal::integer(0) || *number > Decimal::integer(kMostRows))
      return fail(ErrorKind::usage, "question.number",
                  fmt::format("rows: \"{}\" is no number from 0 to {}", value, kMostRows));
    rows = static_cast<int>(number->units());
  }
  VIGIE_TRY(const plan::Question question, plan::question_from_fields(asked, workspace_.calendar()));
  return json_of(workspace_.explain(question, rows, limits_for(token)));
}

Result<std::string> WorkspacePort::why(const Fields& fields, const http::CancelToken& token) {
  VIGIE_TRY(const plan::Question question, plan::question_from_fields(fields, workspace_.calendar()));
  return json_of(workspace_.why(question, limits_for(token)));
}

Result<std::string> WorkspacePort::reconciliation(const Fields& first, const Fields& last,
                                                  const http::CancelToken& token) {
  VIGIE_CHECK(check_bridge(first));
  VIGIE_CHECK(check_bridge(last));
  VIGIE_TRY(const plan::Question from, plan::question_from_fields(first, workspace_.calendar()));
  VIGIE_TRY(const plan::Question to, plan::question_from_fields(last, workspace_.calendar()));
  return json_of(workspace_.reconcile(from, to, limits_for(token)));
}

Result<std::string> WorkspacePort::proposals(const http::CancelToken& token) {
  return json_of(workspace_.propose(limits_for(token)));
}

std::string WorkspacePort::handbook(tongue::Language language) {
  return insight::handbook(workspace_.catalog(), workspace_.model(), language, workspace_.today());
}

Result<std::string> WorkspacePort::model(const std::string& name) { return model::to_json(workspace_.model(), name); }

std::vector<Error> WorkspacePort::check(const http::CancelToken& token) {
  store::QueryLimits limits = limits_for(token);
  limits.deadline = std::max(longest_, std::chrono::milliseconds(workspace::kLongestAudit));
  return workspace::check(workspace_, limits, events::check);
}

Result<std::string> WorkspacePort::checks(bool again, tongue::Language language) {
  VIGIE_TRY(const auto states, again ? workspace_.look_at_checks_again() : workspace_.check_states());
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("checks").begin_array();
  for (const checks::State& state : states) checks::to_json(state, workspace_.now(), language, out);
  out.end_array().end_object();
  return json;
}

Result<std::string> WorkspacePort::dimension_values(const std::string& dimension, const std::string& typed, int limit,
                                                    const http::CancelToken& token) {
  VIGIE_TRY(const auto values, workspace_.dimension_values(dimension, typed, limit, limits_for(token)));
  std::string json;
  JsonWriter out(json);
  out.begin_object().key("dimension").text(dimension).key("values").begin_array();
  for (const kpi::DimensionValue& value : values) {
    out.begin_object().key("value").text_or_null(value.value).key("rows").number(value.rows).end_object();
  }
  out.end_array().end_object();
  return json;
}

Result<std::string> WorkspacePort::import(const ImportOrder& order, const http::CancelToken& token) {
  ingest::Request request;
  request.map_file = order.map_file;
  if (order.folder) request.folder = *order.folder;
  for (const std::string& file : order.files) request.files.emplace_back(file);
  for (const auto& [name, file] : order.named_files) request.named_files[name] = file;
  request.cancelled = token.flag();
  VIGIE_TRY(const ingest::Receipt receipt, workspace_.import(request));
  std::string json;
  JsonWriter out(json);
  ingest::to_json(receipt, out);
  return json;
}

Result<std::string> WorkspacePort::sync(const std::string& source, const http::CancelToken& token) {
  VIGIE_TRY(const sources::Report report,
            workspace_.sync({.source = source, .progress = {}, .cancelled = token.flag(), .whole = {}}));
  std::string json;
  JsonWriter out(json);
  sources::to_json(report, out);
  return json;
}

Result<std::string> WorkspacePort::sources(tongue::Language language, http::Arrival arrival) {
  VIGIE_TRY(const auto found, workspace_.source_status());
  std::string json;
  JsonWriter out(json);
  const auto errors = arrival == http::Arrival::local ? sources::ErrorsTold::whole : sources::ErrorsTold::by_code;
  sources::to_json(found, workspace_.now(), errors, language, out);
  return json;
}

Result<std::string> WorkspacePort::singer(const std::string& order) {
  VIGIE_TRY(const singer::Order asked, singer::order_from_json(order));
  return json_of(workspace_.take_singer(asked));
}

}  // namespace vigie::api
