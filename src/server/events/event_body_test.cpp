#include "server/events/event_body.h"

#include <gtest/gtest.h>

namespace vigie::events {
namespace {

constexpr const char* kLinesType = "application/x-ndjson";

Sent to_map(std::string type = "application/json") {
  return {.content_type = std::move(type), .map = "shop_orders", .id_member = {}, .key = {}};
}

/// "shop_orders|key|{…}@line" for each event; or the error.
std::string events_of(std::string_view body, const Sent& sent) {
  const auto found = read_events(body, sent);
  if (!found) return found.error().code + ": " + found.error().message;
  std::string out;
  for (const Posted& one : *found)
    out += fmt::format("{}{}|{}|{}@{}", out.empty() ? "" : "\n", one.map, one.key, one.payload, one.line);
  return out;
}

TEST(EventBody, IsOneObjectAListOrOneALine) {
  EXPECT_EQ(events_of(R"({"id":1})", to_map()), R"(shop_orders||{"id":1}@1)");
  EXPECT_EQ(events_of("[{\"id\":1},\n {\"id\":2}\n]", to_map()),
            "shop_orders||{\"id\":1}@1\nshop_orders||{\"id\":2}@2");
  EXPECT_EQ(events_of("{\"id\":1}\r\n\r\n{\"id\":2}\n", to_map(kLinesType)),
            "shop_orders||{\"id\":1}@1\nshop_orders||{\"id\":2}@3");
  EXPECT_EQ(events_of("{\"id\":1}", to_map("application/json; charset=utf-8")), R"(shop_orders||{"id":1}@1)");
}

TEST(EventBody, KeepsEachEventLetterByLetter) {
  // A number of twenty digits, an escape, brackets within texts, an object within: no reader of ours changes them.
  const std::string event = R"({"n":12345678901234567890.10,"t":"a]},\"{\u00e9","o":{"l":[1,[2]],"e":{}}})";
  EXPECT_EQ(events_of("[" + event + "," + event + "]", to_map()),
            fmt::format("shop_orders||{0}@1\nshop_orders||{0}@1", event));
  EXPECT_EQ(events_of("{\n  \"id\": 1,\n  \"at\": \"x\"\n}", to_map()),
            "shop_orders||{   \"id\": 1,   \"at\": \"x\" }@1")
      << "on one line, as the journal's reader wants it";
}

TEST(EventBody, SaysInWhichLineItIsWrong) {
  EXPECT_EQ(events_of("{\"id\":1}\n{\"id\":}\n", to_map(kLinesType)).substr(0, 40),
            "json.invalid: line 2: this is no JSON: s");
  EXPECT_EQ(events_of("[{\"id\":1},\n\n 7]", to_map()),
            "events.not_an_object: line 3: an event is a JSON object, and this is none");
  EXPECT_EQ(events_of("{\"id\":1}\n[]\n", to_map(kLinesType)),
            "events.not_an_object: line 2: an event is a JSON object, and this is none");
  EXPECT_EQ(events_of("{\"id\":1} {\"id\":2}", to_map()).substr(0, 21), "json.invalid: line 1:");
  EXPECT_EQ(events_of("{\"_sequence\":1}", to_map()),
            "events.reserved: line 1: the member \"_sequence\" is Vigie's own");
  const auto wrong = read_events("[{\"id\":1},\n  {\"id\" 2}]", to_map());
  EXPECT_EQ(wrong.error().where.line, 2);
  EXPECT_EQ(wrong.error().where.column, 9);
}

TEST(EventBody, OfNothingIsRefused) {
  for (const char* empty : {"[]", " [ ] "}) EXPECT_EQ(events_of(empty, to_map()).substr(0, 11), "events.none") << empty;
  EXPECT_EQ(events_of("\n\n", to_map(kLinesType)).substr(0, 11), "events.none");
  EXPECT_EQ(events_of("", to_map()).substr(0, 12), "json.invalid");
}

TEST(EventBody, IsOfNoOtherType) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
    EXPECT_EQ(events_of("{\"id\":1}", to_map(type)).substr(0, 20), "request.content_type") << type;
}

TEST(EventBody, AnEnvelopeNamesTheMap) {
  const Sent envelope{.content_type = "application/json", .map = {}, .id_member = {}, .key = {}};
  EXPECT_EQ(
      events_of(
          R"([{"map":"a","id":"e1","event":{"id":1}},{"event":{"x":"}"},"map":"b"},{"map":"a","id":7,"event":{}}])",
          envelope),
      "a|e1|{\"id\":1}@1\nb||{\"x\":\"}\"}@1\na|7|{}@1");
  EXPECT_EQ(events_of(R"({"id":1})", envelope), "events.envelope: line 1: the event does not say of which map it is");
  EXPECT_EQ(events_of(R"({"map":"a","event":[1]})", envelope),
            "events.envelope: line 1: \"event\" holds no JSON object");
  EXPECT_EQ(events_of(R"({"map":"a","event":{},"amount":1})", envelope),
            "events.envelope: line 1: \"amount\" is no member of the envelope of an event");
  EXPECT_EQ(events_of(R"({"map":"a","event":{"_received_at":1}})", envelope).substr(0, 15), "events.reserved");
}

TEST(EventBody, AKeyIsOfTheEventOrOfTheRequest) {
  Sent sent = to_map();
  sent.key = "retry-1";
  EXPECT_EQ(events_of(R"([{"id":"a"},{"id":"b"}])", sent),
            "shop_orders|retry-1/0|{\"id\":\"a\"}@1\nshop_orders|retry-1/1|{\"id\":\"b\"}@1");
  sent.id_member = "id";
  EXPECT_EQ(events_of(R"({"id":"a"})", sent), R"(shop_orders|a|{"id":"a"}@1)");
  EXPECT_EQ(events_of("{\"id\":\"a\"}\n{\"no\":1}",
                      [&] {
                        Sent lines = sent;
                        lines.content_type = kLinesType;
                        return lines;
                      }()),
            "events.no_id: line 2: the event has no \"id\", which holds its id");
}

TEST(EventBody, BringsNoMoreThanItsBound) {
  std::string body;
  for (std::size_t i = 0; i <= kMostEvents; ++i) body += "{}\n";
  EXPECT_EQ(events_of(body, to_map(kLinesType)).substr(0, 15), "events.too_many");
}

TEST(EventBody, OfDeepJsonIsRefusedAndEndsNothing) {
  EXPECT_EQ(events_of(std::string(100'000, '['), to_map()).substr(0, 12), "json.invalid");
  std::string deep = "{\"a\":";
  for (int i = 0; i < 200; ++i) deep += "[";
  EXPECT_EQ(events_of(deep, to_map()).substr(0, 12), "json.invalid");
}

}  // namespace
}  // namespace vigie::events
