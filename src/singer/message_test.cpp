// Lines of a tap, whole and broken.
#include "singer/message.h"

#include <gtest/gtest.h>

namespace vigie::singer {
namespace {

TEST(Message, KeepsWhatTheTapWrote) {
  const auto record = parse_message(
      R"({"type": "RECORD", "stream": "deals", "record": {"id": 7, "amount": 10.10000000000000001, "name": "Müller \"& Co\""}, "version": 3, "time_extracted": "2025-06-01T10:00:00Z"})",
      4);
  ASSERT_TRUE(record) << record.error().text();
  EXPECT_EQ(record->type, Message::Type::record);
  EXPECT_EQ(record->stream, "deals");
  EXPECT_EQ(record->json, R"({"id": 7, "amount": 10.10000000000000001, "name": "Müller \"& Co\""})");
  EXPECT_EQ(record->version, 3);
  EXPECT_EQ(record->time_extracted, "2025-06-01T10:00:00Z");
  EXPECT_EQ(key_of(record->json, {"id"}), R"(["7"])");
  EXPECT_EQ(key_of(record->json, {"id", "nobody"}), "");
  const auto state = parse_message(R"({"type":"STATE","value":{"bookmarks":{"deals":{"updated":"x"}}}})", 5);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->json, R"({"bookmarks":{"deals":{"updated":"x"}}})");
  const auto activated = parse_message(R"({"type":"ACTIVATE_VERSION","stream":"deals","version":1748770000000})", 6);
  ASSERT_TRUE(activated);
  EXPECT_EQ(activated->version, 1748770000000);
}

TEST(Message, ReadsWhatASchemaSays) {
  const auto schema = parse_message(
      R"({"type":"SCHEMA","stream":"deals","key_properties":["id"],"schema":{"properties":{"id":{"type":["null","integer"]},"properties":{"properties":{"amount":{"type":"string"}}},"mixed":{"type":["number","string"]}}}})",
      1);
  ASSERT_TRUE(schema) << schema.error().text();
  EXPECT_EQ(schema->keys, std::vector<std::string>{"id"});
  const auto columns = columns_of(schema->json);
  ASSERT_EQ(columns.size(), 3U);
  EXPECT_TRUE(columns[0].number);
  EXPECT_FALSE(columns[1].number);
  EXPECT_FALSE(columns[2].number) << "it may be a text";
  EXPECT_EQ(sample_of(schema->json), R"({"id":"x","properties":{"amount":"x"},"mixed":"x"})");
}

TEST(Message, TellsTheLineAndWhatStandsThere) {
  const auto text_of = [](std::string_view line) { return parse_message(line, 12).error().text(); };
  EXPECT_EQ(
      text_of("INFO sync started"),
      "line 12 is no message of Singer: INFO sync started; only messages may come on a tap's standard output, one "
      "JSON object a line: let it log to standard error");
  EXPECT_TRUE(text_of("{\"type\": \"RECORD\", \"str").starts_with("line 12 is no message of Singer: {\"type\""));
  EXPECT_TRUE(text_of("[1, 2]").starts_with("line 12 is no message of Singer"));
  EXPECT_EQ(parse_message(R"({"type":"BATCH","stream":"deals","manifest":[]})", 3).error().code, "singer.batch");
  EXPECT_TRUE(text_of(R"({"type":"RECORDS","stream":"deals"})").starts_with("line 12: unknown message \"RECORDS\""));
  EXPECT_TRUE(text_of(R"({"type":"RECORD","stream":"deals"})").starts_with("line 12: RECORD without \"record\""));
  EXPECT_TRUE(text_of(R"({"type":"RECORD","record":{}})").starts_with("line 12: RECORD without \"stream\""));
  EXPECT_TRUE(text_of(R"({"type":"STATE"})").starts_with("line 12: STATE without \"value\""));
  EXPECT_TRUE(text_of(R"({"type":"ACTIVATE_VERSION","stream":"a"})").starts_with("line 12: ACTIVATE_VERSION without"));
}

}  // namespace
}  // namespace vigie::singer
