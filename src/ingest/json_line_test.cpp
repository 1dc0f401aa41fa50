#include "ingest/json_line.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vigie::ingest {
namespace {

TEST(JsonLine, GivesMembersAsTheyAreWritten) {
  const std::string_view line =
      R"( {"a": "x\"y\u00e9\n", "n": 99999999999999.9999, "big":12345678901234567890, "t":true,
    "none": null, "o": {"a": [1, "},"]}, "a/b" : "slash", "smile": "\ud83d\ude00"} )";
  EXPECT_EQ(json_member(line, "a"), "x\"y\xC3\xA9\n");
  EXPECT_EQ(json_member(line, "n"), "99999999999999.9999") << "no double in between";
  EXPECT_EQ(json_member(line, "big"), "12345678901234567890");
  EXPECT_EQ(json_member(line, "t"), "true");
  EXPECT_EQ(json_member(line, "none"), std::nullopt);
  EXPECT_EQ(json_member(line, "o"), R"({"a": [1, "},"]})");
  EXPECT_EQ(json_member(line, "a/b"), "slash");
  EXPECT_EQ(json_member(line, "smile"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(json_member(line, "missing"), std::nullopt);
}

TEST(JsonLine, GivesAllMembersInTheirOrder) {
  using Members = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(json_members(R"({"b": 1.50, "a": null, "o": {"x": [1]}, "t": "é"})"),
            (Members{{"b", "1.50"}, {"a", ""}, {"o", R"({"x": [1]})"}, {"t", "é"}}));
  EXPECT_EQ(json_members("{}"), Members{});
  EXPECT_EQ(json_members("[1]"), Members{});
}

RC_GTEST_PROP(JsonLine, NoBytesBreakIt, (const std::string& text)) {
  json_member(text, "a");
  json_members(text);
  json_member("{\"a\":" + text, "a");
  json_member("{\"a\":\"\\u" + text, "b");
}

}  // namespace
}  // namespace vigie::ingest
