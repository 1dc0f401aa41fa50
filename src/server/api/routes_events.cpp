#include "base/json_writer.h"
#include "base/text.h"
#include "server/api/routes.h"
#include "server/api/routes_call.h"
#include "server/events/event_body.h"
#include "server/http/problem.h"

namespace vigie::api {
namespace {

using http::Request;
using http::Response;

Error refusal_of_events(std::string code, std::string message, std::string hint) {
  return {std::move(code), std::move(message), ErrorKind::usage, {}, std::move(hint)};
}

/// What the address says of the events, by query string or path; what it does not know is told.
Result<events::Sent> sent_with(const Request& request, const std::string& map) {
  events::Sent out{.content_type = std::string(request.header("Content-Type")),
                   .map = map,
                   .id_member = {},
                   .key = std::string(trim(request.header("Idempotency-Key")))};
  for (const http::Parameter& parameter : request.query) {
    if (parameter.name == "language") continue;
    std::string* const field = parameter.name == "map" && map.empty() ? &out.map
                               : parameter.name == "id"               ? &out.id_member
                                                                      : nullptr;
    if (field == nullptr)
      return std::unexpected(refusal_of_events(
          "question.unknown_field", fmt::format("unknown field \"{}\"", parameter.name), "known: map, id, language"));
    if (!field->empty())
      return std::unexpected(
          refusal_of_events("question.repeated", fmt::format("the field \"{}\" is given twice", parameter.name), {}));
    *field = parameter.value;
  }
  if (!out.id_member.empty() && out.map.empty())
    return std::unexpected(refusal_of_events("events.id_without_map",
                                             "\"id\" names a member of events whose map the address names",
                                             "add map=, or write the id into the envelope of each event"));
  return out;
}

Response refused_events(const Error& error, const Request& request) {
  Response response = http::problem(error, request);
  if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Signature"});
  return response;
}

/// 202: it is kept; the figures hold it in a moment.
Response taken(const Result<events::Taken>& taken, const Request& request) {
  if (!taken) return refused_events(taken.error(), request);
  const auto number = [](auto value) { return static_cast<std::int64_t>(value); };
  std::string body;
  JsonWriter out(body);
  out.begin_object().key("sequence");
  if (taken->accepted > 0) out.number(number(taken->last)).key("first_sequence").number(number(taken->first));
  else out.null().key("first_sequence").null();
  out.key("accepted").number(number(taken->accepted)).key("duplicates").number(number(taken->duplicates)).end_object();
  Response response = Response::json(202, std::move(body));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

Error no_door() {
  return {"events.closed", "this server takes no events", ErrorKind::unavailable, {}, "start one with: vigie serve"};
}

}  // namespace

Response Routes::take_events(const Call& call) const {
  if (events_ == nullptr) return http::problem(no_door(), call.request);
  if (!call.request.header("Content-Encoding").empty() && call.request.header("Content-Encoding") != "identity")
    return http::problem(refusal_of_events("request.content_type", "events are sent as they are, not packed",
                                           "leave Content-Encoding out"),
                         call.request);
  const auto sent = sent_with(call.request, call.name);
  if (!sent) return http::problem(sent.error(), call.request);
  const auto posted = events::read_events(call.request.body, *sent);
  if (!posted) return http::problem(posted.error(), call.request);
  return taken(events_->take(*posted), call.request);
}

Response Routes::take_webhook(const Call& call) const {
  if (events_ == nullptr) return http::problem(no_door(), call.request);
  return taken(events_->take_webhook(call.name, call.request), call.request);
}

Response Routes::event_status(const Call& call) const {
  if (events_ == nullptr) return http::problem(no_door(), call.request);
  Response response = Response::json(200, events_->status(http::language_of(call.request)));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

}  // namespace vigie::api
