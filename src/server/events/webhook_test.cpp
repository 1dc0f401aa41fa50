#include "server/events/webhook.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/test_folder.h"

namespace vigie::events {
namespace {

// Signatures as `printf … | openssl dgst -sha256 -hmac SECRET` gives them, not as the code under test does.
constexpr Instant kSigned{1'764'500'000'000'000};
constexpr std::int64_t kMinute = 60 * kMicrosPerSecond;

constexpr const char* kStripeBody =
    R"({"id":"evt_1","type":"invoice.paid","created":1764500000,"data":{"object":{"id":"in_1","amount_paid":12000}}})";
constexpr const char* kStripeSignature = "b8e130d5b0abc4fcd4b7098280e82adcfc488ec49b00be1b68b9c8b2bc930c42";
constexpr const char* kHubspotBody = R"([{"eventId":1,"subscriptionId":2,"occurredAt":1764500000000,"objectId":9}])";
constexpr const char* kHubspotSignature = "c/n9Tpc9FTcuBG576x4LPCUNg+BSxVPvJGXXce5Xh0k=";
constexpr const char* kShopifyBody = R"({"id":450789469,"total_price":"199.00"})";
constexpr const char* kShopifySignature = "11BGfkXrtWA7NdZcoEo4p2Lol7kxewZIEwXbPaP+mrY=";

class Webhooks : public testing::Test {
 protected:
  void SetUp() override {
    secret("stripe", "whsec_test");
    secret("hubspot", "client-secret\n");
    secret("shopify", "shpss_test");
    secret("plain", "plain");
    file("stripe",
         "scheme: stripe\nsecret: file:stripe.secret\nmap: stripe_invoices\ntake: data.object\n"
         "keep: {event_type: type, event_created: created}\n");
    file("hubspot",
         "scheme: hubspot\nsecret: file:hubspot.secret\nmap: deals\n"
         "url: https://hooks.example.com/api/v1/webhooks/crm\n");
    file("shopify", "scheme: shopify\nsecret: file:shopify.secret\nmap: shop_orders\n");
  }
  void file(const std::string& name, const std::string& text) { folder_.write(name + ".yaml", text); }
  void secret(const std::string& name, const std::string& text, mode_t rights = 0600) {
    ::chmod(folder_.write(name + ".secret", text).c_str(), rights);
  }
  static http::Request sent(std::string body, std::vector<http::Header> headers) {
    http::Request out;
    out.method = "POST";
    out.body = std::move(body);
    out.headers = std::move(headers);
    return out;
  }
  static http::Request of_stripe(const std::string& signature) {
    return sent(kStripeBody, {{"Stripe-Signature", signature}});
  }
  /// "map|key|payload", or the code of the error.
  std::string got(const std::string& name, const http::Request& request, Instant now = kSigned) {
    const auto found = delivered(folder_.path(), name, request, now);
    if (!found) return found.error().code;
    std::string out;
    for (const Posted& one : *found)
      out += fmt::format("{}{}|{}|{}", out.empty() ? "" : "\n", one.map, one.key, one.payload);
    return out;
  }
  static Instant after(std::int64_t minutes) { return {kSigned.micros + minutes * kMinute}; }

  TestFolder folder_;
};

TEST_F(Webhooks, TakesWhatStripeSigns) {
  const std::string good = fmt::format("t=1764500000,v1={},v0=6ffbb59b", kStripeSignature);
  EXPECT_EQ(got("stripe", of_stripe(good)),
            R"(stripe_invoices|stripe:evt_1|{"event_type":"invoice.paid","event_created":"1764500000",)"
            R"("id":"in_1","amount_paid":12000})");
  EXPECT_EQ(got("stripe", of_stripe(fmt::format("t=1764500000,v1={},v1={}", std::string(64, '0'), kStripeSignature)))
                .substr(0, 15),
            "stripe_invoices")
      << "while its secret is replaced it signs with both";
}

TEST_F(Webhooks, RefusesWhatStripeDidNotSign) {
  const std::string good = fmt::format("t=1764500000,v1={}", kStripeSignature);
  http::Request changed = of_stripe(good);
  changed.body.back() = ' ';
  EXPECT_EQ(got("stripe", changed), "webhooks.signature");
  for (const std::string& wrong :
       {std::string(), std::string("t=1764500000"), fmt::format("v1={}", kStripeSignature),
        fmt::format("t=1764500001,v1={}", kStripeSignature), fmt::format("t=1764500000,v0={}", kStripeSignature),
        fmt::format("t=1764500000,v1={}0", kStripeSignature), good.substr(0, good.size() - 2),
        std::string("t=99999999999999999999,v1="), std::string("t=-1,v1=zz")})
    EXPECT_EQ(got("stripe", of_stripe(wrong)), "webhooks.signature") << wrong;
  secret("stripe", "another");
  EXPECT_EQ(got("stripe", of_stripe(good)), "webhooks.signature");
}

TEST_F(Webhooks, RefusesWhatComesLate) {
  const http::Request good = of_stripe(fmt::format("t=1764500000,v1={}", kStripeSignature));
  EXPECT_NE(got("stripe", good, after(5)), "webhooks.signature");
  EXPECT_EQ(got("stripe", good, {after(5).micros + 1}), "webhooks.signature");
  EXPECT_NE(got("stripe", good, after(-5)), "webhooks.signature") << "their clock may be ahead of ours";
  EXPECT_EQ(got("stripe", good, {after(-5).micros - 1}), "webhooks.signature");
  file("stripe", "scheme: stripe\nsecret: file:stripe.secret\nmap: m\ntolerance_seconds: 3600\n");
  EXPECT_NE(got("stripe", good, after(59)), "webhooks.signature");
}

TEST_F(Webhooks, TakesWhatHubspotSigns) {
  const auto request = [](const char* time, const char* signature) {
    return sent(kHubspotBody, {{"x-hubspot-request-timestamp", time}, {"X-HubSpot-Signature-v3", signature}});
  };
  EXPECT_EQ(
      got("hubspot", request("1764500000000", kHubspotSignature)),
      R"(deals|hubspot:1/2/1764500000000|{"eventId":1,"subscriptionId":2,"occurredAt":1764500000000,"objectId":9})");
  EXPECT_EQ(got("hubspot", request("1764500000000", kHubspotSignature), after(6)), "webhooks.signature");
  EXPECT_EQ(got("hubspot", request("1764500000001", kHubspotSignature)), "webhooks.signature");
  EXPECT_EQ(got("hubspot", request("1764500000000", kShopifySignature)), "webhooks.signature");
  file("hubspot", "scheme: hubspot\nsecret: file:hubspot.secret\nmap: deals\nurl: https://other.example.com/\n");
  EXPECT_EQ(got("hubspot", request("1764500000000", kHubspotSignature)), "webhooks.signature")
      << "it signs the address";
}

TEST_F(Webhooks, TakesWhatShopifySigns) {
  EXPECT_EQ(got("shopify", sent(kShopifyBody,
                                {{"X-Shopify-Hmac-Sha256", kShopifySignature}, {"X-Shopify-Webhook-Id", "b54557e4"}})),
            got("shopify", sent(kShopifyBody, {{"X-Shopify-Hmac-Sha256", kShopifySignature},
                                               {"X-Shopify-Webhook-Id", "another, by who overheard it"}})))
      << "no header is signed: an id in one makes no other delivery of the same body";
  EXPECT_EQ(got("shopify", sent(kShopifyBody, {{"X-Shopify-Hmac-Sha256", kHubspotSignature}})), "webhooks.signature");
  // Without an id the body is its own: a second delivery of it has the same key.
  const auto nameless = sent(kShopifyBody, {{"X-Shopify-Hmac-Sha256", kShopifySignature}});
  EXPECT_EQ(got("shopify", nameless), got("shopify", nameless));
  EXPECT_NE(got("shopify", nameless).find("|shopify:"), std::string::npos);
}

TEST_F(Webhooks, TakesWhatAnySystemSignsInAHeader) {
  file("plain", "scheme: hmac\nsecret: file:plain.secret\nmap: m\nheader: X-Signature\nprefix: sha256=\nid: id\n");
  constexpr const char* kBody = "41429ab2fe734a90bd0fdec2103d594c430de9f98c209836f93f6a35cefb92a4";
  constexpr const char* kTimed = "75a223e7bf3cef5712172c50b21fef8851e3d3066010d738a5f7b547e2b0611c";
  EXPECT_EQ(got("plain", sent(R"({"id":1})", {{"X-Signature", fmt::format("sha256={}", kBody)}})),
            R"(m|plain:1|{"id":1})");
  EXPECT_EQ(got("plain", sent(R"({"id":1})", {{"X-Signature", kBody}})), "webhooks.signature") << "without its prefix";
  file("plain", "scheme: hmac\nsecret: file:plain.secret\nmap: m\nheader: X-Signature\ntimestamp_header: X-Time\n");
  const auto timed = sent(R"({"id":1})", {{"X-Signature", kTimed}, {"X-Time", "1764500000"}});
  EXPECT_EQ(got("plain", timed).substr(0, 8), "m|plain:");
  EXPECT_EQ(got("plain", timed, after(6)), "webhooks.signature");
}

TEST_F(Webhooks, TellsNothingOfItselfToWhoIsNotSigned) {
  const auto refused = delivered(folder_.path(), "stripe", of_stripe("t=1,v1=00"), kSigned);
  EXPECT_EQ(refused.error().message, "this request is not signed as it must be");
  EXPECT_EQ(refused.error().hint, "");
  http::Request junk = of_stripe("t=1,v1=00");
  junk.body = "no JSON";
  EXPECT_EQ(got("stripe", junk), "webhooks.signature") << "the body is not looked at before";
  for (const char* name : {"none", "../stripe", "", "Stripe", "stripe.yaml"})
    EXPECT_EQ(got(name, of_stripe("")), "webhooks.unknown") << name;
}

TEST_F(Webhooks, ASecretIsItsOwnersAlone) {
  secret("stripe", "whsec_test", 0640);
  EXPECT_EQ(got("stripe", of_stripe("")), "webhooks.unusable");
  file("clear", "scheme: stripe\nsecret: whsec_written_down\nmap: m\n");
  const auto found = Webhook::load(folder_ / "clear.yaml");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "secret.form");
}

TEST_F(Webhooks, AWrongFileIsToldWithItsPlace) {
  const auto error_of = [&](const std::string& text) {
    file("bad", text);
    const auto found = Webhook::load(folder_ / "bad.yaml");
    return found ? "none" : found.error().text();
  };
  EXPECT_EQ(error_of("scheme: paypal\nsecret: env:X\nmap: m\n").substr(0, 54),
            "webhooks/bad.yaml:1:9: scheme: \"paypal\" is not known; ");
  EXPECT_NE(error_of("scheme: stripe\nsecret: env:X\nmap: m\nmpa: x\n").find("bad.yaml:4:1"), std::string::npos);
  EXPECT_NE(error_of("scheme: hubspot\nsecret: env:X\nmap: m\n").find("HubSpot signs the address"), std::string::npos);
  EXPECT_NE(error_of("scheme: stripe\nsecret: env:X\nmap: m\nheader: X\n").find("bad.yaml:4:9"), std::string::npos);
  EXPECT_NE(error_of("scheme: stripe\nsecret: env:X\nmap: m\ntolerance_seconds: 0\n").find("from 1 to 86400"),
            std::string::npos);
  EXPECT_NE(error_of("scheme: hmac\nsecret: env:X\nmap: m\n").find("header"), std::string::npos);
  for (const char* scheme : {"shopify", "hmac\nheader: X"})
    EXPECT_NE(error_of(fmt::format("scheme: {}\nsecret: env:X\nmap: m\nid_header: X-Id\n", scheme))
                  .find("neither headers nor a time are signed here"),
              std::string::npos)
        << scheme;
  EXPECT_EQ(error_of("scheme: hmac\nheader: X\ntimestamp_header: X-Time\nsecret: env:X\nmap: m\nid_header: X-Id\n"),
            "none");
}

TEST_F(Webhooks, WhatIsTakenMustBeThere) {
  file("shopify", "scheme: shopify\nsecret: file:shopify.secret\nmap: m\ntake: data.object\n");
  EXPECT_EQ(got("shopify", sent(kShopifyBody, {{"X-Shopify-Hmac-Sha256", kShopifySignature}})), "webhooks.member");
}

}  // namespace
}  // namespace vigie::events
