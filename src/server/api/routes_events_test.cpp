#include <gtest/gtest.h>

#include "server/api/routes.h"

namespace vigie::api {
namespace {

/// Answers no question: what these routes do not ask.
class NoPort final : public Port {
  std::vector<Result<AnswerText>> answers(const std::vector<Fields>&, const http::CancelToken&) override { return {}; }
  std::vector<std::string> headline() override { return {}; }
  Result<std::string> workspace(const http::CancelToken&) override { return ""; }
  Result<std::string> catalogue() override { return ""; }
  std::string handbook(tongue::Language) override { return ""; }
  Result<std::string> model(const std::string&) override { return ""; }
  Result<std::string> explanation(const Fields&, const http::CancelToken&) override { return ""; }
  Result<std::string> why(const Fields&, const http::CancelToken&) override { return ""; }
  Result<std::string> reconciliation(const Fields&, const Fields&, const http::CancelToken&) override { return ""; }
  Result<std::string> proposals(const http::CancelToken&) override { return ""; }
  std::vector<Error> check(const http::CancelToken&) override { return {}; }
  Result<std::string> checks(bool, tongue::Language) override { return ""; }
  Result<std::string> dimension_values(const std::string&, const std::string&, int, const http::CancelToken&) override {
    return "";
  }
  Result<std::string> quarantine(const Fields&, const http::CancelToken&) override { return ""; }
  Result<std::string> quarantined_row(const std::string&) override { return ""; }
  Result<std::string> change_quarantine(QuarantineVerb, const QuarantineOrder&, const http::CancelToken&) override {
    return "";
  }
  Result<exports::Exported> export_to(const ExportOrder&, const exports::Destination&,
                                      const http::CancelToken&) override {
    return exports::Exported{};
  }
  Result<std::string> return_maps(const ExportOrder&, const std::string&, const http::CancelToken&) override {
    return "";
  }
  std::filesystem::path scratch() const override { return "."; }
  Result<std::string> erase(const EraseOrder& order) override { return "{\"erased\":\"" + order.id + "\"}"; }
  Result<std::string> erasures() override { return "{\"erasures\":[]}"; }
  Result<std::string> import(const ImportOrder&, const http::CancelToken&) override { return ""; }
  Result<std::string> sync(const std::string&, const http::CancelToken&) override { return ""; }
  Result<std::string> sources(tongue::Language, http::Arrival) override { return ""; }
  Result<std::string> singer(const std::string&) override { return ""; }
};

/// Takes what comes, or fails as it is told to.
class FakeDoor final : public events::Door {
 public:
  Result<events::Taken> take(const std::vector<events::Posted>& posted) override {
    if (error) return std::unexpected(*error);
    for (const auto& one : posted) taken += fmt::format("{}|{}|{};", one.map, one.key, one.payload);
    return events::Taken{.first = 1, .last = posted.size(), .accepted = posted.size(), .duplicates = 0};
  }
  Result<events::Taken> take_webhook(const std::string& name, const http::Request& request) override {
    if (error) return std::unexpected(*error);
    taken += name + "|" + request.body;
    return events::Taken{.first = 0, .last = 0, .accepted = 0, .duplicates = 1};
  }
  std::string status(tongue::Language language) override {
    return language == tongue::Language::fr ? "{\"fr\":1}" : "{\"en\":1}";
  }
  std::string taken;
  std::optional<Error> error;
};

class EventRoutes : public testing::Test {
 protected:
  void SetUp() override { routes_.take_events_at(door_); }
  http::Response send(std::string method, std::string path, std::string body, std::vector<http::Parameter> query = {},
                      std::vector<http::Header> headers = {{"Content-Type", "application/json"}}) {
    http::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    request.query = std::move(query);
    request.headers = std::move(headers);
    return routes_.handle(request, {});
  }
  NoPort port_;
  FakeDoor door_;
  Routes routes_{port_, std::nullopt, "0.1.0"};
};

TEST_F(EventRoutes, AcknowledgeWhatIsKept) {
  const auto answer = send("POST", "/api/v1/events", R"([{"id":1},{"id":2}])", {{"map", "shop_orders"}});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.text(), R"({"sequence":2,"first_sequence":1,"accepted":2,"duplicates":0})");
  EXPECT_EQ(door_.taken, R"(shop_orders||{"id":1};shop_orders||{"id":2};)");
}

TEST_F(EventRoutes, TheMapStandsInTheAddressOrInTheEvent) {
  send("POST", "/api/v1/events/shop_orders", R"({"id":1})", {{"id", "id"}});
  send("POST", "/api/v1/events", R"({"map":"crm","id":"e","event":{"a":1}})");
  EXPECT_EQ(door_.taken, R"(shop_orders|1|{"id":1};crm|e|{"a":1};)");
  EXPECT_EQ(send("POST", "/api/v1/events/shop_orders", "{}", {{"map", "other"}}).status, 400);
  EXPECT_EQ(send("POST", "/api/v1/events", "{}", {{"map", "a"}, {"map", "b"}}).status, 400);
  EXPECT_EQ(send("POST", "/api/v1/events", "{}", {{"id", "x"}}).status, 400);
}

TEST_F(EventRoutes, AHeaderHoldsTheKeyOfTheRequest) {
  send("POST", "/api/v1/events", R"({"id":1})", {{"map", "m"}},
       {{"Content-Type", "application/json"}, {"idempotency-key", "k"}});
  EXPECT_EQ(door_.taken, R"(m|k/0|{"id":1};)");
}

TEST_F(EventRoutes, SayWhatIsWrongAndWhere) {
  const auto invalid = send("POST", "/api/v1/events", "[{},\n{]", {{"map", "m"}});
  EXPECT_EQ(invalid.status, 400);
  EXPECT_NE(invalid.text().find(R"("where":{"parameter":"body","line":2,"column":2})"), std::string::npos)
      << invalid.text();
  EXPECT_EQ(send("POST", "/api/v1/events", "[1]", {{"map", "m"}}).status, 422);
  EXPECT_EQ(send("POST", "/api/v1/events", "{}", {{"map", "m"}}, {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(send("POST", "/api/v1/events", "{}", {{"map", "m"}},
                 {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}})
                .status,
            415);
  EXPECT_EQ(send("GET", "/api/v1/webhooks/stripe", "").status, 405);
}

TEST_F(EventRoutes, ErrorsOfTheDoorHaveTheirStatus) {
  const auto status_with = [&](const char* code, ErrorKind kind) {
    door_.error = Error{code, "no", kind, {}, {}};
    return send("POST", "/api/v1/events", "{}", {{"map", "m"}}).status;
  };
  EXPECT_EQ(status_with("events.unknown_map", ErrorKind::usage), 404);
  EXPECT_EQ(status_with("events.map", ErrorKind::data), 422);
  EXPECT_EQ(status_with("journal.full", ErrorKind::unavailable), 503);
  EXPECT_EQ(status_with("journal.damaged", ErrorKind::data), 503);
  EXPECT_EQ(status_with("journal.too_long", ErrorKind::usage), 413);
  door_.error = Error{"webhooks.signature", "no", ErrorKind::usage, {}, {}};
  const auto unsigned_one = send("POST", "/api/v1/webhooks/stripe", "{}");
  EXPECT_EQ(unsigned_one.status, 401);
  EXPECT_EQ(unsigned_one.header("WWW-Authenticate"), "Signature");
}

TEST_F(EventRoutes, AWebhookMayComeWithAnyTypeAndQuery) {
  const auto answer = send("POST", "/api/v1/webhooks/stripe", "body", {{"x", "1"}}, {{"Content-Type", "text/plain"}});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.text(), R"({"sequence":null,"first_sequence":null,"accepted":0,"duplicates":1})");
  EXPECT_EQ(door_.taken, "stripe|body");
}

TEST_F(EventRoutes, TellHowFarTheEventsAre) {
  EXPECT_EQ(send("GET", "/api/v1/events", "").text(), "{\"en\":1}");
  EXPECT_EQ(send("GET", "/api/v1/events", "", {{"language", "fr"}}).text(), "{\"fr\":1}");
  EXPECT_EQ(send("GET", "/api/v1/events", "", {{"map", "m"}}).status, 400);
}

TEST_F(EventRoutes, WithoutADoorNothingIsTaken) {
  const Routes closed(port_, std::nullopt, "0.1.0");
  http::Request request;
  request.method = "POST";
  request.path = "/api/v1/events";
  EXPECT_EQ(closed.handle(request, {}).status, 503);
}

TEST(EventLimits, LetEventsBeLargerThanQuestions) {
  NoPort port;
  const Routes routes(port, std::nullopt, "0.1.0");
  const auto options = routes.server_options();
  ASSERT_EQ(options.limits.body_bytes_under.size(), 2U);
  for (const auto& one : options.limits.body_bytes_under) EXPECT_EQ(one.bytes, 10U << 20);
}

}  // namespace
}  // namespace vigie::api
