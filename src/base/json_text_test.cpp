#include "base/json_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace vigie {
namespace {

TEST(JsonText, GivesMembersAsTheyAreWritten) {
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

TEST(JsonText, GivesAllMembersInTheirOrder) {
  using Members = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(json_members(R"({"b": 1.50, "a": null, "o": {"x": [1]}, "t": "é"})"),
            (Members{{"b", "1.50"}, {"a", ""}, {"o", R"({"x": [1]})"}, {"t", "é"}}));
  EXPECT_EQ(json_members("{}"), Members{});
  EXPECT_EQ(json_members("[1]"), Members{});
}

TEST(JsonText, IsHeldAgainstItsGrammar) {
  const auto fault = [](std::string_view text) {
    const auto found = json_fault(text);
    return found ? std::to_string(found->at) + ": " + found->what : "";
  };
  for (const char* good :
       {R"({})", R"([])", R"( {"a": [1, -0.5e+3, {"b": null}], "c": "\u00e9\ud83d\ude00\n/"} )", "0", "true", R"("x")"})
    EXPECT_EQ(fault(good), "") << good;
  EXPECT_EQ(fault(R"({"a": 1}{"b": 2})"), "8: more than one value");
  EXPECT_EQ(fault(R"({"a": tru})"), "6: expected a value, found \"tru\"");
  EXPECT_EQ(fault(R"([1,])"), "3: expected a value, found \"]\"");
  EXPECT_EQ(fault(R"({"a" 1})"), "5: expected \":\", found \"1\"");
  EXPECT_EQ(fault(R"({"a": 1,})"), "8: expected the name of a member");
  EXPECT_EQ(fault(R"([1 2])"), "3: expected \",\", found \"2\"");
  EXPECT_EQ(fault(R"([1})"), "2: expected \",\", found \"}\"");
  for (const char* number : {"01", "1.", ".5", "+1", "1e", "0x1", "NaN", "--1"})
    EXPECT_EQ(fault(number), std::string("0: expected a value, found \"") + number + "\"");
  EXPECT_EQ(fault("\"a\tb\""), "2: a control code stands in a text");
  EXPECT_EQ(fault(R"("\x")"), "2: an escape that JSON does not have");
  EXPECT_EQ(fault(R"("\ud83d")"), "6: half of a letter stands in a text");
  EXPECT_EQ(fault("\"\xC3\x28\""), "0: bytes that are no text in UTF-8");
  EXPECT_EQ(fault("{\"a\": \"x"), "8: it ends in the middle of a value");
  EXPECT_EQ(fault(""), "0: it ends in the middle of a value");
  EXPECT_EQ(fault(std::string(65, '[') + std::string(65, ']')), "64: brackets within brackets, more than 64 deep");
  EXPECT_EQ(fault(std::string(64, '[') + std::string(64, ']')), "");
}

TEST(JsonText, IsShownWithoutBlanks) {
  EXPECT_EQ(json_compact(R"([ "a b\" c", { "x" : 1.50 } ])"), R"(["a b\" c",{"x":1.50}])");
}

RC_GTEST_PROP(JsonText, NoBytesBreakIt, (const std::string& text)) {
  json_member(text, "a");
  json_members(text);
  if (!json_fault(text)) RC_ASSERT(!json_fault("[" + text + "]") || text.size() > 60);
  json_member("{\"a\":" + text, "a");
  json_member("{\"a\":\"\\u" + text, "b");
}

}  // namespace
}  // namespace vigie
