// Events as another system pushes them at a server.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <thread>

#include "doors/company.h"

namespace vigie::doors {
namespace {

using std::chrono::steady_clock;

constexpr const char* kMap =
    "map: shop_orders\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
    "columns: {key: id, ordered_at: at, amount_net: amount, status: {value: confirmed}}\n";

std::string sale(int id, int amount = 10) {
  return fmt::format(R"({{"id":{},"at":"2025-06-{:02}","amount":{}}})", id, 1 + id % 28, amount);
}

class Pushed : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "w"}, folder_.path()).code, 0);
    folder_.write("w/maps/events/shop.yaml", kMap);
  }
  /// The revenue of June, in cents and all, as `vigie kpi` prints it while the server runs.
  std::string revenue() {
    const Ran ran = vigie({"kpi", "revenue", "-w", "w", "--from", "2025-06-01", "--to", "2025-07-01", "--grain",
                           "total", "--format", "json"},
                          folder_.path());
    const auto at = ran.out.find("\"value_exact\":\"");
    return at == std::string::npos ? ran.out + ran.err : ran.out.substr(at + 15, ran.out.find('"', at + 15) - at - 15);
  }
  std::chrono::milliseconds until_revenue_is(const std::string& expected) {
    const auto begun = steady_clock::now();
    std::string found;
    while ((found = revenue()) != expected && steady_clock::now() - begun < std::chrono::seconds(20))
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(found, expected);
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun);
  }
  Folder folder_;
};

TEST_F(Pushed, AnEventIsAcknowledgedAndInTheNextAnswers) {
  const Serving server(folder_ / "w");
  const Reply reply = server.post("/api/v1/events?map=shop_orders", "[" + sale(1) + "," + sale(2) + "]");
  EXPECT_EQ(reply.status, 202) << reply.body;
  EXPECT_EQ(reply.body, R"({"sequence":2,"first_sequence":1,"accepted":2,"duplicates":0})");
  until_revenue_is("20");
  // One a line, from whom names the map in the path.
  EXPECT_EQ(server.post("/api/v1/events/shop_orders", sale(3) + "\n" + sale(4), {}, "application/x-ndjson").status,
            202);
  until_revenue_is("40");
  // A later word of the same order takes its place.
  EXPECT_EQ(server.post("/api/v1/events", R"({"map":"shop_orders","id":"e","event":)" + sale(4, 30) + "}").status, 202);
  until_revenue_is("60");
  EXPECT_EQ(server.post("/api/v1/events", R"({"map":"shop_orders","id":"e","event":)" + sale(4, 99) + "}").body,
            R"({"sequence":null,"first_sequence":null,"accepted":0,"duplicates":1})");
}

TEST_F(Pushed, AreThereAfterAServerThatWasKilled) {
  {
    Serving server(folder_ / "w");
    EXPECT_EQ(server.post("/api/v1/events?map=shop_orders", sale(1)).status, 202);
    server.kill();
  }
  const Serving server(folder_ / "w");
  until_revenue_is("10");
}

TEST_F(Pushed, WhatIsWrongIsToldWithItsLine) {
  const Serving server(folder_ / "w");
  const Reply invalid =
      server.post("/api/v1/events?map=shop_orders", sale(1) + "\n{\"id\":", {}, "application/x-ndjson");
  EXPECT_EQ(invalid.status, 400);
  EXPECT_NE(invalid.body.find("line 2: this is no JSON"), std::string::npos) << invalid.body;
  const Reply unknown = server.post("/api/v1/events?map=shop_order", sale(1), {"Accept-Language: fr"});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.body.find("aucune carte «\u00a0shop_order\u00a0» dans l'espace"), std::string::npos)
      << unknown.body;
  EXPECT_NE(unknown.body.find("shop_orders"), std::string::npos) << "the nearest one";
  EXPECT_EQ(server.post("/api/v1/events?map=shop_orders", sale(1), {}, "text/plain").status, 415);
  EXPECT_EQ(server.get("/api/v1/webhooks/shop").status, 405);
  EXPECT_EQ(server.post("/api/v1/webhooks/shop", "{}").status, 404);
}

TEST_F(Pushed, MayBeTenMebibytesAndNoMore) {
  const Serving server(folder_ / "w");
  std::string lines;
  for (int i = 0; lines.size() < 9'000'000; ++i)
    lines +=
        fmt::format("{{\"id\":{},\"at\":\"2025-06-01\",\"amount\":1,\"note\":\"{}\"}}\n", i, std::string(4'000, 'x'));
  const auto count = std::ranges::count(lines, '\n');
  EXPECT_EQ(server.post("/api/v1/events?map=shop_orders", lines, {}, "application/x-ndjson").status, 202);
  until_revenue_is(fmt::format("{}", count));
  const Reply larger = server.post("/api/v1/events?map=shop_orders", std::string((10U << 20) + 1, ' '));
  EXPECT_EQ(larger.status, 413) << larger.body;
  EXPECT_EQ(server.post("/api/v1/ask", std::string((1U << 20) + 1, ' ')).status, 413)
      << "a question is no longer than it was";
}

TEST_F(Pushed, AFullDiskRefusesAndPasses) {
  const Serving server(folder_ / "w");
  EXPECT_EQ(server.post("/api/v1/events?map=shop_orders", sale(1)).status, 202);
  until_revenue_is("10");
  rlimit before{}, full{};
  ASSERT_EQ(::prlimit(server.process(), RLIMIT_FSIZE, nullptr, &before), 0);
  full = before;
  full.rlim_cur = 64;
  ASSERT_EQ(::prlimit(server.process(), RLIMIT_FSIZE, &full, nullptr), 0);
  const Reply refused = server.post("/api/v1/events?map=shop_orders", sale(2));
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_NE(refused.body.find("\"code\":\"journal.full\""), std::string::npos) << refused.body;
  ASSERT_EQ(::prlimit(server.process(), RLIMIT_FSIZE, &before, nullptr), 0);
  EXPECT_EQ(server.post("/api/v1/events?map=shop_orders", sale(3)).status, 202);
  until_revenue_is("20");
}

TEST_F(Pushed, AWebhookIsTakenWhereItIsSigned) {
  folder_.write("w/webhooks/shop.yaml",
                "scheme: hmac\nsecret: file:shop.secret\nmap: shop_orders\nheader: X-Signature\nid: id\n");
  ::chmod(folder_.write("w/webhooks/shop.secret", "plain").c_str(), 0600);
  const Serving server(folder_ / "w");
  // printf '%s' BODY | openssl dgst -sha256 -hmac plain
  const std::string body = R"({"id":1,"at":"2025-06-01","amount":10})";
  const std::string good = "X-Signature: f5aea0cda6bace577c5e8f645e233da2f2f67d98eb098a0cd27d1a520d7dc660";
  const Reply wrong = server.post("/api/v1/webhooks/shop", body, {"X-Signature: 00"});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_NE(wrong.body.find("this request is not signed as it must be"), std::string::npos) << wrong.body;
  EXPECT_EQ(server.post("/api/v1/webhooks/shop", body, {good}).status, 202);
  until_revenue_is("10");
  EXPECT_EQ(server.post("/api/v1/webhooks/shop", body, {good}).body,
            R"({"sequence":null,"first_sequence":null,"accepted":0,"duplicates":1})");
}

}  // namespace
}  // namespace vigie::doors
