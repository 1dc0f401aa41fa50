#include "server/http/target.h"

#include <gtest/gtest.h>

namespace vigie::http {
namespace {

TEST(Target, IsDecodedOnceAndKeepsTheOrderOfItsParameters) {
  const auto target = parse_target("/api/v1/kpis/panier%20moyen?by=channel%2Ccountry&where=amount+%3E+100&empty&x=");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/kpis/panier moyen");
  ASSERT_EQ(target->query.size(), 4u);
  EXPECT_EQ(target->query[0].value, "channel,country");
  EXPECT_EQ(target->query[1].value, "amount > 100");
  EXPECT_EQ(target->query[2].name, "empty");
  EXPECT_EQ(target->query[3].value, "");
  // A percent sign that was itself escaped stays one: nothing is decoded twice.
  EXPECT_EQ(parse_target("/a%252e")->path, "/a%2e");
}

TEST(Target, TakesTheAbsoluteFormAndDropsAFragment) {
  EXPECT_EQ(parse_target("http://localhost:8080/healthz")->path, "/healthz");
  EXPECT_EQ(parse_target("http://localhost:8080")->path, "/");
  EXPECT_EQ(parse_target("/a#b")->path, "/a");
}

TEST(Target, RefusesWhatIsNoPath) {
  for (const char* bad :
       {"", "*", "api/v1", "/a%", "/a%2", "/a%zz", "/a%00b", "/a%0Ab", "/%ff%fe", "/%c0%af", "/%ed%a0%80"}) {
    const auto target = parse_target(bad);
    ASSERT_FALSE(target) << bad;
    EXPECT_EQ(target.error().code, "request.target");
  }
  EXPECT_TRUE(parse_target("/a?where=x%0Aand%09y")) << "a filter may be written over several lines";
}

TEST(Host, IsThisMachineAnAddressOrAListedName) {
  for (const char* ours : {"localhost", "localhost:8080", "LOCALHOST", "vigie.localhost:1", "127.0.0.1:8080",
                           "192.168.1.7", "[::1]:8080", "[::1]"})
    EXPECT_TRUE(host_is_ours(ours, {})) << ours;
  for (const char* foreign :
       {"", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "[::1", ":8080"})
    EXPECT_FALSE(host_is_ours(foreign, {})) << foreign;
  EXPECT_TRUE(host_is_ours("Vigie.Intern:8080", {"vigie.intern"}));
}

}  // namespace
}  // namespace vigie::http
