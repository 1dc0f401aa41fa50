#include "server/events/event_body.h"

#include <boost/json.hpp>

#include "base/json_text.h"
#include "base/text.h"

namespace vigie::events {
namespace {

namespace json = boost::json;

constexpr std::size_t kDeepest = 64;

SourcePosition at_line(int line, int column = 1) { return {"body", line, column}; }

std::unexpected<Error> refused(std::string code, std::string message, int line, std::string hint) {
  return fail(ErrorKind::data, std::move(code), std::move(message), at_line(line), std::move(hint));
}

/// A JSON value, checked; `first_line` is where the text stands in the body.
Result<json::value> checked(std::string_view text, int first_line) {
  json::parse_options options;
  options.max_depth = kDeepest;
  json::parser parser({}, options);
  json::error_code error;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (!error && !trim(text.substr(read)).empty()) error = json::error::extra_data;
  if (!error) return parser.release();
  const std::string_view before = text.substr(0, read);
  const auto start = before.rfind('\n');
  const int line = first_line + static_cast<int>(std::ranges::count(before, '\n'));
  const auto column = static_cast<int>(before.size() - (start == std::string_view::npos ? 0 : start + 1)) + 1;
  return fail(ErrorKind::usage, "json.invalid", fmt::format("line {}: this is no JSON: {}", line, error.message()),
              at_line(line, column), "one JSON object, a list of them, or with application/x-ndjson one a line");
}

/// An object that was checked, with its text.
struct Found {
  std::string_view text;
  int line = 0;
  json::object members;
};

/// Which line each piece of a text begins at; pieces come in order.
class Lines {
 public:
  explicit Lines(std::string_view all) : all_(all) {}
  int of(std::string_view piece) {
    const auto at = static_cast<std::size_t>(piece.data() - all_.data());
    line_ += static_cast<int>(std::ranges::count(all_.substr(counted_, at - counted_), '\n'));
    counted_ = at;
    return line_;
  }

 private:
  std::string_view all_;
  std::size_t counted_ = 0;
  int line_ = 1;
};

Result<> add(std::vector<Found>& out, std::string_view text, int line, json::value value) {
  if (!value.is_object())
    return refused("events.not_an_object", fmt::format("line {}: an event is a JSON object, and this is none", line),
                   line, "write an object, with a member for each column of the map");
  if (out.size() == kMostEvents)
    return refused("events.too_many", fmt::format("a request brings {} events at most", kMostEvents), line,
                   "send them in several requests");
  out.push_back({text, line, std::move(value.get_object())});
  return {};
}

Result<std::vector<Found>> in_document(std::string_view body) {
  std::vector<Found> out;
  VIGIE_TRY(json::value value, checked(body, 1));
  Lines lines(body);
  const std::string_view text = trim(body);
  if (!value.is_array()) {
    VIGIE_CHECK(add(out, text, lines.of(text), std::move(value)));
    return out;
  }
  std::size_t i = 0;
  for (const std::string_view element : json_items(text))
    VIGIE_CHECK(add(out, element, lines.of(element), std::move(value.get_array()[i++])));
  return out;
}

Result<std::vector<Found>> in_lines(std::string_view body) {
  std::vector<Found> out;
  int line = 0;
  while (!body.empty()) {
    const auto end = body.find('\n');
    const std::string_view text = trim(body.substr(0, end));
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    ++line;
    if (text.empty()) continue;
    VIGIE_TRY(json::value value, checked(text, line));
    VIGIE_CHECK(add(out, text, line, std::move(value)));
  }
  return out;
}

Result<std::vector<Found>> found_in(std::string_view body, std::string_view content_type) {
  const std::string type = lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
  if (type == "application/json") return in_document(body);
  for (const std::string_view of_lines : {"application/x-ndjson", "application/jsonl", "application/x-jsonlines"})
    if (type == of_lines) return in_lines(body);
  // A form or a plain text can be sent from any page of the web without asking; these cannot.
  return fail(ErrorKind::usage, "request.content_type",
              "events are sent as application/json, or one a line as application/x-ndjson");
}

Result<> check_reserved(const json::object& event, int line) {
  for (const std::string_view own : {kSequenceMember, kReceivedMember})
    if (event.contains(json::string_view(own.data(), own.size())))
      return refused("events.reserved", fmt::format("line {}: the member \"{}\" is Vigie's own", line, own), line,
                     "call yours otherwise");
  return {};
}

Result<Posted> bare(const Found& one, const Sent& sent) {
  Posted out{.map = sent.map, .key = {}, .payload = on_one_line(one.text), .line = one.line};
  VIGIE_CHECK(check_reserved(one.members, one.line));
  if (sent.id_member.empty()) return out;
  out.key = json_member(one.text, sent.id_member).value_or("");
  if (out.key.empty())
    return refused("events.no_id",
                   fmt::format("line {}: the event has no \"{}\", which holds its id", one.line, sent.id_member),
                   one.line, "give each event an id that no other one has");
  return out;
}

Result<Posted> out_of_envelope(const Found& one) {
  const std::string shape = "write an object with map, id and event, or name the map in the address: ?map=shop_orders";
  for (const auto& [name, value] : one.members)
    if (name != "map" && name != "id" && name != "event")
      return refused("events.envelope",
                     fmt::format("line {}: \"{}\" is no member of the envelope of an event", one.line,
                                 std::string_view(name.data(), name.size())),
                     one.line, shape);
  const json::value* map = one.members.if_contains("map");
  const json::value* event = one.members.if_contains("event");
  if (map == nullptr || !map->is_string() || map->get_string().empty())
    return refused("events.envelope", fmt::format("line {}: the event does not say of which map it is", one.line),
                   one.line, shape);
  if (event == nullptr || !event->is_object())
    return refused("events.envelope", fmt::format("line {}: \"event\" holds no JSON object", one.line), one.line,
                   shape);
  VIGIE_CHECK(check_reserved(event->get_object(), one.line));
  return Posted{.map = json_member(one.text, "map").value_or(""),
                .key = json_member(one.text, "id").value_or(""),
                .payload = on_one_line(json_member(one.text, "event").value_or("")),
                .line = one.line};
}

}  // namespace

std::string on_one_line(std::string_view object) {
  std::string out(object);
  for (char& c : out)
    if (c == '\n' || c == '\r') c = ' ';
  return out;
}

Result<std::vector<Piece>> objects_in(std::string_view document) {
  VIGIE_TRY(const std::vector<Found> found, in_document(document));
  std::vector<Piece> out;
  for (const Found& one : found) {
    VIGIE_CHECK(check_reserved(one.members, one.line));
    out.push_back({one.text, one.line});
  }
  return out;
}

Result<std::vector<Posted>> read_events(std::string_view body, const Sent& sent) {
  VIGIE_TRY(const std::vector<Found> found, found_in(body, sent.content_type));
  if (found.empty()) return refused("events.none", "the body holds no event", 1, "send at least one JSON object");
  std::vector<Posted> out;
  out.reserve(found.size());
  for (const Found& one : found) {
    VIGIE_TRY(Posted posted, sent.map.empty() ? out_of_envelope(one) : bare(one, sent));
    if (posted.key.empty() && !sent.key.empty()) posted.key = fmt::format("{}/{}", sent.key, out.size());
    out.push_back(std::move(posted));
  }
  return out;
}

}  // namespace vigie::events
