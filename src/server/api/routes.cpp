#include "server/api/routes.h"

#include <filesystem>
#include <map>

#include "base/json_writer.h"
#include "base/text.h"
#include "server/api/answers_json.h"
#include "server/api/board.h"
#include "server/api/question_json.h"
#include "server/api/routes_call.h"
#include "server/http/http_client.h"
#include "server/http/problem.h"

namespace vigie::api {

using http::Request;
using http::Response;

struct Routes::Route {
  enum class Open { everywhere, local_only };
  enum class Takes { nothing, fields };  ///< in its query string, beside the language
  std::string_view method, pattern;      ///< "{name}" stands for one part
  Response (Routes::*answer)(const Call&) const;
  Open open = Open::everywhere;
  Takes takes = Takes::fields;
};

namespace {

Error usage(std::string code, std::string message, std::string hint = {}) {
  return {std::move(code), std::move(message), ErrorKind::usage, {}, std::move(hint)};
}

/// JSON of an open workspace changes with every import: it is never kept.
Response fresh_json(std::string body) {
  Response response = Response::json(200, std::move(body));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response answer_or_problem(Result<std::string> body, const Request& request) {
  return body ? fresh_json(std::move(*body)) : http::problem(body.error(), request);
}

/// Whether the path is the pattern's; what "{name}" stood for goes to `name`.
bool matches(std::string_view pattern, std::string_view path, std::string& name) {
  const auto wanted = split(pattern, '/'), found = split(path, '/');
  if (wanted.size() != found.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{name}") {
      if (found[i].empty()) return false;
      name = found[i];
    } else if (wanted[i] != found[i]) {
      return false;
    }
  }
  return true;
}

/// In the query string of every address: the language of what the reply says to a person.
constexpr std::string_view kLanguage = "language";

/// What is wrong with the language that a query string asks for.
std::optional<Error> language_problem(const Request& request) {
  int given = 0;
  for (const http::Parameter& parameter : request.query) {
    if (parameter.name != kLanguage) continue;
    if (!tongue::language_named(parameter.value))
      return usage("request.language", fmt::format("language: \"{}\" is not spoken here", parameter.value),
                   "known: en, fr");
    if (++given > 1) return usage("question.repeated", "the field \"language\" is given twice");
  }
  return std::nullopt;
}

using Named = std::map<std::string, std::string>;

/// The fields of an address that knows these and, as every one, the language: no other, and each once.
Result<Named> fields_among(const Request& request, std::vector<std::string> known) {
  Named out;
  for (const http::Parameter& parameter : request.query) {
    if (parameter.name == kLanguage) continue;
    if (std::ranges::find(known, parameter.name) == known.end()) {
      known.emplace_back(kLanguage);
      return std::unexpected(usage("question.unknown_field", fmt::format("unknown field \"{}\"", parameter.name),
                                   "known: " + join(known, ", ")));
    }
    if (!out.emplace(parameter.name, parameter.value).second)
      return std::unexpected(
          usage("question.repeated", fmt::format("the field \"{}\" is given twice", parameter.name)));
  }
  std::erase_if(out, [](const auto& field) { return field.second.empty(); });
  return out;
}

std::vector<std::string> paths_of(const ImportOrder& order) {
  std::vector<std::string> out{order.map_file};
  if (order.folder) out.push_back(*order.folder);
  out.insert(out.end(), order.files.begin(), order.files.end());
  for (const auto& [name, path] : order.named_files) out.push_back(path);
  return out;
}

/// A form or a plain text can be sent from any page of the web without asking; JSON cannot.
bool is_json(const Request& request) {
  return lower_ascii(request.header("Content-Type")).starts_with("application/json");
}

Error relative_path(const std::string& path) {
  return usage("import.relative_path",
               fmt::format("\"{}\" is a relative path, and this server does not know to which folder", path),
               "write the whole path, from /");
}

}  // namespace

Fields fields_of(const Request& request) {
  Fields fields;
  for (const http::Parameter& parameter : request.query)
    if (parameter.name != "language" && !parameter.value.empty()) fields.emplace_back(parameter.name, parameter.value);
  return fields;
}

Result<Fields> kpi_fields(const Request& request, const std::string& kpi) {
  Fields fields = fields_of(request);
  if (has_field(fields, "kpi"))
    return fail(ErrorKind::usage, "question.repeated",
                "the KPI stands in the path; \"kpi\" in the query string says it again");
  fields.emplace_back("kpi", kpi);
  return fields;
}

Routes::Routes(Port& port, std::optional<http::StaticFiles> files, std::string version)
    : port_(port), files_(std::move(files)), version_(std::move(version)) {}

const std::vector<Routes::Route>& Routes::table() {
  using Open = Route::Open;
  using Takes = Route::Takes;
  static const std::vector<Route> kRoutes = {
      {"GET", "/api/v1/workspace", &Routes::workspace, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/kpis", &Routes::catalogue, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/kpis/{name}", &Routes::kpi},
      {"GET", "/api/v1/board", &Routes::board},
      {"POST", "/api/v1/ask", &Routes::ask, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/kpis/{name}/explain", &Routes::explain},
      {"GET", "/api/v1/kpis/{name}/why", &Routes::why},
      {"GET", "/api/v1/kpis/{name}/reconcile", &Routes::reconcile},
      {"GET", "/api/v1/propose", &Routes::propose, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/handbook", &Routes::handbook, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/model", &Routes::model, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/model/{name}", &Routes::model, Open::everywhere, Takes::nothing},
      {"GET", "/api/v1/dimensions/{name}/values", &Routes::dimension_values},
      {"GET", "/api/v1/export/kpis/{name}", &Routes::export_kpi},
      {"GET", "/api/v1/export/board", &Routes::export_board},
      {"GET", "/api/v1/export/tables/{name}", &Routes::export_table},
      {"GET", "/api/v1/export/tables/{name}/maps", &Routes::export_maps},
      {"POST", "/api/v1/events", &Routes::take_events},
      {"GET", "/api/v1/events", &Routes::event_status, Open::everywhere, Takes::nothing},
      {"POST", "/api/v1/events/{name}", &Routes::take_events},
      {"POST", "/api/v1/webhooks/{name}", &Routes::take_webhook},
      {"GET", "/api/v1/sources", &Routes::sources, Open::everywhere, Takes::nothing},
      {"POST", "/api/v1/sources/{name}/sync", &Routes::ask_for_source, Open::everywhere, Takes::nothing},
      {"POST", "/api/v1/import", &Routes::import, Open::local_only, Takes::nothing},
      {"POST", "/api/v1/sync", &Routes::sync, Open::local_only},
      {"POST", "/api/v1/singer", &Routes::singer, Open::local_only, Takes::nothing},
      {"GET", "/api/v1/quarantine", &Routes::quarantine, Open::local_only},
      {"GET", "/api/v1/quarantine/{name}", &Routes::quarantined_row, Open::local_only, Takes::nothing},
      {"POST", "/api/v1/quarantine/fix", &Routes::fix_rows, Open::local_only, Takes::nothing},
      {"POST", "/api/v1/quarantine/replay", &Routes::replay_rows, Open::local_only, Takes::nothing},
      {"POST", "/api/v1/quarantine/drop", &Routes::drop_rows, Open::local_only, Takes::nothing},
      {"GET", "/api/v1/checks", &Routes::checks, Open::everywhere, Takes::nothing},
      {"POST", "/api/v1/checks", &Routes::check_again, Open::local_only, Takes::nothing},
      {"GET", "/api/v1/erase", &Routes::erasures, Open::local_only, Takes::nothing},
      {"POST", "/api/v1/erase", &Routes::erase, Open::local_only, Takes::nothing},
      {"GET", "/api/v1/check", &Routes::check, Open::local_only, Takes::nothing},
  };
  return kRoutes;
}

http::ServerOptions Routes::server_options() const {
  http::ServerOptions options;
  for (const char* pushed : {"/api/v1/events", "/api/v1/webhooks/"})
    options.limits.body_bytes_under.push_back({pushed, kMostPushedBytes});
  options.limits.linger_bytes = 2 * kMostPushedBytes;  // who sent somewhat too much still hears why
  options.immediate = [this](const Request& request) { return immediate(request); };
  options.handle = [this](const Request& request, const http::CancelToken& token) { return handle(request, token); };
  return options;
}

std::optional<Response> Routes::immediate(const Request& request) const {
  if (request.path == "/healthz" && (request.method == "GET" || request.method == "HEAD")) {
    std::string body;
    JsonWriter(body).begin_object().key("status").text("ok").key("version").text(version_).end_object();
    return fresh_json(std::move(body));
  }
  if (files_) return files_->find(request);
  return std::nullopt;
}

Response Routes::handle(const Request& request, const http::CancelToken& token) const {
  const bool local = request.arrival == http::Arrival::local;
  if (local && request.header("Vigie-Protocol") != std::to_string(http::kLocalProtocol))
    return http::problem(409,
                         {"server.protocol",
                          "the server that has this workspace open is of another version of vigie",
                          ErrorKind::unavailable,
                          {},
                          "stop it and start it again"},
                         request);
  Call call{request, token, {}};
  std::string allowed;
  std::vector<std::string> known;
  for (const Route& route : table()) {
    if (route.open == Route::Open::local_only && !local) continue;
    known.emplace_back(route.pattern);
    if (!matches(route.pattern, request.path, call.name)) continue;
    if (const auto wrong = language_problem(request)) return http::problem(*wrong, request);
    if (route.method == request.method || (route.method == "GET" && request.method == "HEAD")) {
      const auto none = route.takes == Route::Takes::nothing ? fields_among(request, {}) : Result<Named>{};
      return none ? (this->*route.answer)(call) : http::problem(none.error(), request);
    }
    allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", route.method == "GET" ? "GET, HEAD" : route.method);
  }
  if (!allowed.empty()) {
    Response response = http::problem(405,
                                      usage("route.method", fmt::format("{} is not answered at {}; it takes {}",
                                                                        request.method, request.path, allowed)),
                                      request);
    response.headers.push_back({"Allow", allowed});
    return response;
  }
  if (!files_ && !request.path.starts_with("/api"))
    return http::problem(
        404, usage("web.missing", "this server has no web app", "build it with scripts/web.sh and start again"),
        request);
  return http::problem(
      404, usage("route.unknown", fmt::format("there is nothing at {}", request.path), suggestion(request.path, known)),
      request);
}

Response Routes::workspace(const Call& call) const {
  return answer_or_problem(port_.workspace(call.token), call.request);
}
Response Routes::catalogue(const Call& call) const { return answer_or_problem(port_.catalogue(), call.request); }

Response Routes::kpi(const Call& call) const {
  auto fields = kpi_fields(call.request, call.name);
  if (!fields) return http::problem(fields.error(), call.request);
  auto answers = port_.answers({std::move(*fields)}, call.token);
  if (!answers.front()) return http::problem(answers.front().error(), call.request);
  return fresh_json(std::move(answers.front()->json));
}

Response Routes::explain(const Call& call) const {
  const auto fields = kpi_fields(call.request, call.name);
  if (!fields) return http::problem(fields.error(), call.request);
  return answer_or_problem(port_.explanation(*fields, call.token), call.request);
}

Response Routes::why(const Call& call) const {
  const auto fields = kpi_fields(call.request, call.name);
  if (!fields) return http::problem(fields.error(), call.request);
  return answer_or_problem(port_.why(*fields, call.token), call.request);
}

/// `with` names the other end of the bridge; every other field is said of both.
Response Routes::reconcile(const Call& call) const {
  auto fields = kpi_fields(call.request, call.name);
  if (!fields) return http::problem(fields.error(), call.request);
  const auto with = std::ranges::find(*fields, "with", &std::pair<std::string, std::string>::first);
  if (with == fields->end())
    return http::problem(usage("reconcile.with", "the query string names no \"with\": the KPI, or KPI:variant, to meet",
                               "write reconcile?with=churn_rate:revenue_gross"),
                         call.request);
  const std::string other = with->second;
  fields->erase(with);
  if (has_field(*fields, "with"))
    return http::problem(usage("question.repeated", "the field \"with\" is given twice"), call.request);
  Fields last = *fields;
  last.back().second = other;  // kpi_fields puts the KPI last
  return answer_or_problem(port_.reconciliation(*fields, last, call.token), call.request);
}

Response Routes::propose(const Call& call) const {
  return answer_or_problem(port_.proposals(call.token), call.request);
}

Response Routes::handbook(const Call& call) const {
  const tongue::Language language = http::language_of(call.request);
  Response response = Response::of(200, "text/markdown; charset=utf-8", port_.handbook(language));
  response.headers.push_back({"Content-Language", std::string(tongue::name_of(language))});
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Response Routes::model(const Call& call) const { return answer_or_problem(port_.model(call.name), call.request); }

Response Routes::quarantine(const Call& call) const {
  const auto fields =
      fields_among(call.request, {"batch", "map", "code", "column", "file", "ids", "group", "rows", "from"});
  if (!fields) return http::problem(fields.error(), call.request);
  return answer_or_problem(port_.quarantine({fields->begin(), fields->end()}, call.token), call.request);
}

Response Routes::quarantined_row(const Call& call) const {
  return answer_or_problem(port_.quarantined_row(call.name), call.request);
}

Response Routes::fix_rows(const Call& call) const { return change_quarantine(QuarantineVerb::fix, call); }
Response Routes::replay_rows(const Call& call) const { return change_quarantine(QuarantineVerb::replay, call); }
Response Routes::drop_rows(const Call& call) const { return change_quarantine(QuarantineVerb::drop, call); }

Response Routes::change_quarantine(QuarantineVerb verb, const Call& call) const {
  const auto order = quarantine_order_from_json(call.request.body);
  if (!order) return http::problem(order.error(), call.request);
  for (const auto* path : {&order->file, &order->map_file})
    if (*path && !std::filesystem::path(**path).is_absolute())
      return http::problem(relative_path(**path), call.request);
  return answer_or_problem(port_.change_quarantine(verb, *order, call.token), call.request);
}

Response Routes::erase(const Call& call) const {
  const auto order = erase_order_from_json(call.request.body);
  if (!order) return http::problem(order.error(), call.request);
  return answer_or_problem(port_.erase(*order), call.request);
}

Response Routes::erasures(const Call& call) const { return answer_or_problem(port_.erasures(), call.request); }

/// The findings as problems, in the order of the files: 200 also when there are some, for the question was answered.
Response Routes::check(const Call& call) const {
  std::string body;
  JsonWriter w(body);
  w.begin_object().key("problems").begin_array();
  for (const Error& one : port_.check(call.token)) w.raw(http::problem_json(http::status_of(one), one, call.request));
  w.end_array().end_object();
  return fresh_json(std::move(body));
}

Response Routes::board(const Call& call) const {
  const auto questions = board_questions(fields_of(call.request), port_.headline());
  if (!questions) return http::problem(questions.error(), call.request);
  return batch({questions->begin(), questions->end()}, call);
}

Response Routes::ask(const Call& call) const {
  if (!is_json(call.request))
    return http::problem(415, usage("request.content_type", "questions are sent as application/json"), call.request);
  const auto questions = questions_from_json(call.request.body);
  if (!questions) return http::problem(questions.error(), call.request);
  return batch(*questions, call);
}

/// Answers in the order of the questions; one that fails is a problem in its own place. When all fail, the problem
/// that tells most is the answer.
Response Routes::batch(const std::vector<Result<Fields>>& questions, const Call& call) const {
  std::vector<Fields> asked;
  for (const Result<Fields>& one : questions)
    if (one) asked.push_back(*one);
  std::vector<Result<AnswerText>> given;
  if (!asked.empty()) given = port_.answers(asked, call.token);
  std::vector<Result<AnswerText>> answers;
  std::size_t next = 0;
  for (const Result<Fields>& one : questions)
    answers.push_back(one ? std::move(given[next++]) : std::unexpected(one.error()));
  const auto answered = [](const Result<AnswerText>& one) { return one.has_value(); };
  if (!answers.empty() && std::ranges::none_of(answers, answered))
    return http::problem(most_telling(answers), call.request);
  return fresh_json(answers_json(answers, call.request));
}

Response Routes::dimension_values(const Call& call) const {
  constexpr int kMostValues = 1000;
  const auto fields = fields_among(call.request, {"q", "limit"});
  if (!fields) return http::problem(fields.error(), call.request);
  const auto of = [&](const char* name) {
    const auto found = fields->find(name);
    return found == fields->end() ? std::string() : found->second;
  };
  int limit = 50;
  if (const std::string text = of("limit"); !text.empty()) {
    const auto wanted = whole_number(text);
    if (!wanted || *wanted < 1 || *wanted > kMostValues)
      return http::problem(
          usage("question.number", fmt::format("limit: \"{}\" is not a whole number from 1 to {}", text, kMostValues)),
          call.request);
    limit = static_cast<int>(*wanted);
  }
  return answer_or_problem(port_.dimension_values(call.name, of("q"), limit, call.token), call.request);
}

Response Routes::import(const Call& call) const {
  const auto order = import_order_from_json(call.request.body);
  if (!order) return http::problem(order.error(), call.request);
  // This process stands in another folder than who asks: "orders.csv" would be somebody else's file.
  for (const std::string& path : paths_of(*order))
    if (!std::filesystem::path(path).is_absolute()) return http::problem(relative_path(path), call.request);
  return answer_or_problem(port_.import(*order, call.token), call.request);
}

Response Routes::sync(const Call& call) const {
  const auto fields = fields_among(call.request, {"source"});
  if (!fields) return http::problem(fields.error(), call.request);
  const auto source = fields->find("source");
  return answer_or_problem(port_.sync(source == fields->end() ? "" : source->second, call.token), call.request);
}

Response Routes::singer(const Call& call) const {
  return answer_or_problem(port_.singer(std::string(call.request.body)), call.request);
}

Response Routes::sources(const Call& call) const {
  return answer_or_problem(port_.sources(http::language_of(call.request), call.request.arrival), call.request);
}

Response Routes::checks(const Call& call) const {
  return answer_or_problem(port_.checks(false, http::language_of(call.request)), call.request);
}
Response Routes::check_again(const Call& call) const {
  return answer_or_problem(port_.checks(true, http::language_of(call.request)), call.request);
}

/// 202: it is read beside all else, however long that takes; GET /api/v1/sources tells how it went.
Response Routes::ask_for_source(const Call& call) const {
  if (!ask_for_)
    return http::problem(
        {"source.closed", "this server reads no sources", ErrorKind::unavailable, {}, "start one with: vigie serve"},
        call.request);
  if (!is_json(call.request))
    return http::problem(415,
                         usage("request.content_type", "a sync is asked for as application/json",
                               "send the header Content-Type: application/json"),
                         call.request);
  if (const auto asked = ask_for_(call.name); !asked) return http::problem(asked.error(), call.request);
  std::string body;
  JsonWriter(body).begin_object().key("source").text(call.name).key("state").text("asked").end_object();
  Response response = Response::json(202, std::move(body));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace vigie::api
