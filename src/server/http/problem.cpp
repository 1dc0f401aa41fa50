#include "server/http/problem.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "tongue/french.h"

namespace vigie::http {
namespace {

constexpr std::pair<ErrorKind, std::string_view> kKinds[] = {{ErrorKind::check_failed, "check_failed"},
                                                             {ErrorKind::usage, "usage"},
                                                             {ErrorKind::data, "data"},
                                                             {ErrorKind::unavailable, "unavailable"},
                                                             {ErrorKind::internal, "internal"}};

constexpr std::string_view kTypes = "https://vigie.example/errors/";

/// Short titles of the errors that people meet most; the others go by their status.
std::string title_of(int status, std::string_view code) {
  static constexpr std::pair<std::string_view, std::string_view> kTitles[] = {
      {"kpi.unknown", "Unknown KPI"},
      {"variant.unknown", "Unknown variant"},
      {"split.unknown", "Unknown dimension"},
      {"parameter.unknown", "Unknown parameter"},
      {"parameter.missing", "Missing parameter"},
      {"parameter.invalid", "Invalid parameter"},
      {"parameter.repeated", "Parameter given twice"},
      {"date.invalid", "Invalid date"},
      {"period.reversed", "Period that ends before it starts"},
      {"period.empty", "Empty period"},
      {"period.too_many", "Too many periods"},
      {"period.too_long", "Period too long"},
      {"question.none", "No question"},
      {"question.too_many", "Too many questions"},
      {"question.too_long", "Name too long"},
      {"question.unknown_field", "Unknown field"},
      {"question.repeated", "Field given twice"},
      {"question.number", "Invalid number"},
      {"question.type", "Invalid type"},
      {"question.compare", "Invalid comparison"},
      {"currency.unknown", "Unknown currency"},
      {"grain.unknown", "Unknown grain"},
      {"route.unknown", "Unknown address"},
      {"request.host", "Unknown host name"},
      {"request.busy", "Too many requests at once"},
      {"engine.deadline", "The query took too long"},
      {"engine.cancelled", "The query was cancelled"},
      {"json.invalid", "Invalid JSON"},
  };
  for (const auto& [known, title] : kTitles)
    if (known == code) return std::string(title);
  if (code.starts_with("filter.")) return "Invalid filter";
  if (code.starts_with("expr.")) return "Invalid expression";
  return std::string(reason_phrase(status));
}

}  // namespace

std::string_view name_of(ErrorKind kind) {
  for (const auto& [known, name] : kKinds)
    if (known == kind) return name;
  return "internal";
}

std::optional<ErrorKind> error_kind(std::string_view name) {
  for (const auto& [kind, known] : kKinds)
    if (known == name) return kind;
  return std::nullopt;
}

int status_of(const Error& error) {
  for (const std::string_view unknown : {"kpi.unknown", "route.unknown", "model.unknown", "events.unknown_map",
                                         "webhooks.unknown", "source.unknown", "source.none"})
    if (error.code == unknown) return 404;
  if (error.code == "webhooks.signature") return 401;
  if (error.code == "request.content_type") return 415;
  if (error.code == "journal.too_long") return 413;
  if (error.code.starts_with("journal.")) return 503;  // whatever it is, who sends cannot mend it
  if (error.code == "engine.cancelled") return 499;
  if (error.code.starts_with("engine.") && error.code != "engine.too_many_rows") {
    const bool passes = error.code == "engine.deadline" || error.code == "engine.out_of_memory";
    return passes || error.kind == ErrorKind::unavailable ? 503 : 500;
  }
  switch (error.kind) {
    case ErrorKind::usage: return 400;
    case ErrorKind::check_failed:
    case ErrorKind::data: return 422;
    case ErrorKind::unavailable: return 503;
    case ErrorKind::internal: return 500;
  }
  return 500;
}

tongue::Language language_of(const Request& request) {
  for (const Parameter& parameter : request.query)
    if (parameter.name == "language")
      if (const auto asked = tongue::language_named(parameter.value)) return *asked;
  return tongue::wanted_language(request.header("Accept-Language"));
}

std::string problem_json(int status, const Error& error, const Request& request) {
  const tongue::Language language = language_of(request);
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  w.key("type").text(std::string(kTypes) + error.code);
  w.key("title").text(tongue::said(title_of(status, error.code), language));
  w.key("status").number(status);
  w.key("detail").text(tongue::said(error.message, language));
  w.key("code").text(error.code).key("kind").text(name_of(error.kind));
  if (error.where.known()) {
    w.key("where").begin_object();
    if (!error.where.file.empty()) w.key("parameter").text(error.where.file);
    if (error.where.line > 0) w.key("line").number(error.where.line).key("column").number(error.where.column);
    w.end_object();
  }
  if (!error.hint.empty()) w.key("hint").text(tongue::said(error.hint, language));
  if (!request.id.empty()) w.key("request_id").text(request.id);
  w.end_object();
  return out;
}

Response problem(int status, const Error& error, const Request& request) {
  Response response = Response::of(status, "application/problem+json", problem_json(status, error, request));
  response.headers.push_back({"Content-Language", std::string(tongue::name_of(language_of(request)))});
  if (status == 429 || status == 503) response.headers.push_back({"Retry-After", "1"});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response problem(const Error& error, const Request& request) { return problem(status_of(error), error, request); }

}  // namespace vigie::http
