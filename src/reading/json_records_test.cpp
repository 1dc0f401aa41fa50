#include "reading/json_records.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "reading/test_archive.h"
#include "reading/zip_archive.h"

namespace vigie::reading {
namespace {

std::string records_of(std::string_view text, const JsonWishes& wishes = {}, const char* name = "a.json") {
  const TestFolder folder;
  const auto records = JsonRecords::open(folder.write(name, text), wishes);
  if (!records) return records.error().code + ": " + records.error().message;
  std::string out = join((*records)->columns(), "|") + "\n" + all_of(**records);
  for (const SourceNotice& one : (*records)->notices())
    out += one.code + (one.place.empty() ? "" : " " + one.place) + ": " + one.message + "\n";
  return out;
}

TEST(JsonRecords, OfAList) {
  EXPECT_EQ(records_of(R"([{"id": 1, "name": "Dupont", "paid": true}, {"id": 2, "name": null, "paid": false}])"),
            "id|name|paid\n1: number:1 text:Dupont boolean:true\n2: number:2 - boolean:false\n");
  EXPECT_EQ(records_of("\xEF\xBB\xBF [ {\"a\": \"\\u00e9\\n\\ud83d\\ude00\"} ]\n"), "a\n1: text:é\n😀\n");
}

TEST(JsonRecords, OfLines) {
  EXPECT_EQ(records_of("{\"id\": 1}\n\n{\"id\": 2,\n \"b\": 3}\n"), "id|b\n1: number:1 -\n3: number:2 number:3\n");
  EXPECT_EQ(
      records_of("{\"id\": 1, \"items\": [{\"sku\": 7}]}\n", {}, "a.jsonl"),
      "id|items\n1: number:1 text:[{\"sku\":7}]\njson.lists line 1: lists of objects, left as JSON in \"items\": 1\n");
}

TEST(JsonRecords, WithinAnObject) {
  EXPECT_EQ(records_of(R"({"meta": {"count": 2, "tags": [1, 2]}, "data": [{"id": 1}, {"id": 2}], "next": null})"),
            "id\n1: number:1\n2: number:2\njson.list: the records are those of \"data\"\n");
  EXPECT_EQ(records_of(R"({"response": {"docs": [{"id": 1}]}})"),
            "id\n1: number:1\njson.list: the records are those of \"response.docs\"\n");
  const char* two = R"({"orders": [{"id": 1}], "customers": [{"id": 2}]})";
  EXPECT_EQ(records_of(two), "json.which: a.json holds 2 lists of objects: orders, customers");
  EXPECT_EQ(records_of(two, {.records = "customers"}),
            "id\n1: number:2\njson.list: the records are those of \"customers\"\n");
  EXPECT_EQ(records_of(two, {.records = "customer"}),
            "json.unknown_list: a.json holds no list of objects \"customer\"");
  EXPECT_EQ(records_of(R"({"c1": {"n": 1}, "c2": {"n": 2}})"),
            "json.keyed: a.json holds objects under 2 keys, and no list of them");
  EXPECT_EQ(records_of(R"({"id": 1, "n": 2})"), "id|n\n1: number:1 number:2\n") << "one record alone";
}

TEST(JsonRecords, ObjectsWithinBecomeColumns) {
  EXPECT_EQ(records_of(R"([{"id": 1, "customer": {"name": "D", "address": {"city": "Paris"}}, "empty": {}},
                           {"id": 2, "customer": "E", "tags": ["a", {"b": [1.50, null, true, "q\"\\"]}]}])"),
            "id|customer.name|customer.address.city|customer|tags\n"
            "1: number:1 text:D text:Paris - -\n"
            "2: number:2 - - text:E text:[\"a\",{\"b\":[1.50,null,true,\"q\\\"\\\\\"]}]\n"
            "json.lists record 2: lists of objects, left as JSON in \"tags\": 1\n");
}

TEST(JsonRecords, NumbersKeepTheirDigits) {
  EXPECT_EQ(
      records_of(R"([{"a": 12345678901234567890123, "b": 0.30000000000000004, "c": 1.50, "d": 1e3, "e": -0.0}])"),
      "a|b|c|d|e\n1: number:12345678901234567890123 number:0.30000000000000004 number:1.50 number:1000 number:-0.0\n");
}

TEST(JsonRecords, MembersThatComeLateAndTypesThatMix) {
  std::string text = "[";
  for (int i = 0; i < 3'000; ++i) text += fmt::format("{{\"id\": {}}},", i);
  text += "{\"id\": \"x\", \"late\": 1}]";
  const std::string all = records_of(text);
  EXPECT_TRUE(all.starts_with("id|late\n1: number:0 -\n"));
  EXPECT_TRUE(
      all.ends_with("3001: text:x number:1\njson.mixed record 3001: \"id\" holds values of more than one type\n"));
}

TEST(JsonRecords, WhatIsNoListIsRefused) {
  EXPECT_EQ(records_of(""), "json.empty: a.json holds no JSON at all");
  EXPECT_EQ(records_of("[]"), "json.empty: there is no record in a.json");
  EXPECT_EQ(records_of("12"), "json.no_list: a.json is no list of objects");
  EXPECT_EQ(records_of("a;b\n1;2\n"), "json.no_list: a.json is no list of objects");
  EXPECT_EQ(records_of("[\n{\"a\": 1},\n7]"), "json.not_object: line 3 of a.json holds a value that is no object");
  EXPECT_EQ(records_of("[[1, 2], [3, 4]]"), "json.not_object: line 1 of a.json holds a value that is no object");
  EXPECT_EQ(records_of("[{\"a\": 1, \"a\": 2}]"), "json.twice: the object in line 1 of a.json holds \"a\" twice");
  EXPECT_EQ(records_of("[{\"a.b\": 1, \"a\": {\"b\": 2}}]"),
            "json.twice: the object in line 1 of a.json holds \"a.b\" twice");
  EXPECT_EQ(records_of(std::string_view("\xFF\xFE[\0{\0", 6)),
            "json.encoding: a.json is not in UTF-8, as JSON has to be");
}

TEST(JsonRecords, DamageIsToldWithItsLine) {
  EXPECT_EQ(records_of("[\n{\"a\": 1},\n{\"a\": tru}\n]"),
            "json.damaged: line 3 of a.json is no JSON: expected a value, found \"tru\"");
  EXPECT_EQ(records_of("[\n{\"a\": 1},\n{\"a\": 2"),
            "json.damaged: line 3 of a.json is no JSON: it ends in the middle of a value");
  EXPECT_EQ(records_of("{\"a\": 1}\n{\"a\": \n{\"a\": 3}\n{\"a\": 4}\n"),
            "json.damaged: line 2 of a.json is no JSON: it ends in the middle of a value")
      << "where it begins: the end of the file is nobody's fault";
  EXPECT_EQ(records_of("[{\"a\": 1} {\"a\": 2}]"),
            "json.damaged: line 1 of a.json is no JSON: expected \",\", found \"{\"");
  EXPECT_EQ(records_of("[{\"a\": 1},]"), "json.damaged: line 1 of a.json is no JSON: expected a value, found \"]\"");
  EXPECT_EQ(records_of("[{\"a\": 1)]").substr(0, 13), "json.damaged:");
  EXPECT_EQ(records_of("[{\"a\": \"\xC3\x28\"}]").substr(0, 13), "json.damaged:") << "no UTF-8";
  EXPECT_EQ(records_of("[{\"a\": 1}"), "json.damaged: line 1 of a.json is no JSON: it ends in the middle of a value");
  EXPECT_EQ(records_of("[{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}]").substr(0, 13),
            "json.damaged:");
}

TEST(JsonRecords, NothingStandsAfterTheList) {
  const std::string after = "json.damaged: line 2 of a.json is no JSON: something stands after the end of the list";
  EXPECT_EQ(records_of("[{\"id\": 1, \"sum\": 10.5}]\n[{\"id\": 2, \"sum\": 1000.5}]"), after)
      << "two lists are not one";
  EXPECT_EQ(records_of("[{\"id\": 1}]\nhello"), after);
  EXPECT_EQ(records_of("{\"data\": [{\"id\": 1}]}\n]").substr(0, 21), "json.damaged: line 2 ");
  EXPECT_EQ(records_of("{\"data\": [{\"id\": 1}]}\n{\"data\": [{\"id\": 2}]}", {.records = "data"}),
            "json.damaged: line 2 of a.json is no JSON: something stands after the object that holds the list");
  EXPECT_EQ(records_of("{\"a\": {\"data\": [{\"id\": 1}], \"n\": 1}, \"m\": {}}\n"),
            "id\n1: number:1\njson.list: the records are those of \"a.data\"\n");
  EXPECT_EQ(records_of("{\"id\": 1}{\"id\": 2}", {}, "a.jsonl"), "id\n1: number:1\n1: number:2\n")
      << "two in one line are two";
  EXPECT_EQ(records_of(R"({"donn\u00e9es": [{"id": 1}], "b": [{"id": 2}]})", {.records = "données"}),
            "id\n1: number:1\njson.list: the records are those of \"données\"\n");
}

TEST(JsonRecords, OfAMemberOfAnArchive) {
  const TestFolder folder;
  write_archive(folder / "a.zip", {{"orders.json", "[{\"id\": 7}]"}});
  const auto archive = ZipArchive::open(folder / "a.zip");
  ASSERT_TRUE(archive);
  const auto open = [&] { return archive->read(archive->members()[0]); };
  const auto records = JsonRecords::open(open, "orders.json in a.zip", {});
  ASSERT_TRUE(records) << records.error().text();
  EXPECT_EQ(all_of(**records), "1: number:7\n");
}

TEST(JsonRecords, AreWrittenAsCsv) {
  const TestFolder folder;
  const auto records = JsonRecords::open(
      folder.write("a.json", R"([{"row": "a,b", "x": "say \"hi\"\nnow"}, {"row": " z ", "x": null}])"), JsonWishes{});
  ASSERT_TRUE(records);
  EXPECT_EQ(write_csv(**records, folder / "a.csv", "row").value_or(0), 2);
  EXPECT_EQ(folder.read("a.csv"), "row,row (2),x\n1,\"a,b\",\"say \"\"hi\"\"\nnow\"\n2,\" z \",\n");
  const auto lone = JsonRecords::open(folder.write("b.json", R"([{"x": "1"}, {"x": ""}, {"x": "2"}])"), JsonWishes{});
  EXPECT_EQ(write_csv(**lone, folder / "b.csv", "").value_or(0), 3);
  EXPECT_EQ(folder.read("b.csv"), "x\n1\n\"\"\n2\n") << "an empty line would be no record";
}

}  // namespace
}  // namespace vigie::reading
