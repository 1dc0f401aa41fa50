#include "ingest/torn_record.h"

#include <gtest/gtest.h>

namespace vigie::ingest {
namespace {

/// "a|b|-" of its fields, - of none; or its code.
std::string told(std::string_view record, const Separation& how) {
  const TornRecord found = taken_apart(record, how);
  if (!found.code.empty()) return found.code;
  std::string out;
  for (const auto& field : found.fields) out += (out.empty() ? "" : "|") + field.value_or("-");
  return out;
}

TEST(TornRecord, IsTakenApartByItself) {
  const Separation three{",", "\"", 3, false};
  EXPECT_EQ(told("a,b,c", three), "a|b|c");
  EXPECT_EQ(told("a,,c\r\n", three), "a|-|c") << "an end of line is none of it";
  EXPECT_EQ(told("\"a,\"\"1\"\"\",\"\",\"two\nlines\"", three), "a,\"1\"||two\nlines");
  EXPECT_EQ(told("a,b", three), "csv.columns");
  EXPECT_EQ(told("a,b,c,d", three), "csv.columns");
  EXPECT_EQ(told("\"a\"b,c,d", three), "csv.quote");
  EXPECT_EQ(told("a,b,\"c", three), "csv.quote") << "it does not swallow what comes after";
  EXPECT_EQ(told("a\"b,c,d", three), "a\"b|c|d") << "a quote within a value that has none round it is a letter";
  EXPECT_EQ(told(",,", three), "-|-|-");
}

TEST(TornRecord, GoesByWhatTheMapSaysNow) {
  EXPECT_EQ(told("a,b", {",", "\"", 3, true}), "a|b|-") << "short_rows: fill";
  EXPECT_EQ(told("\"a\"b,c,d", {",", "", 3, false}), "\"a\"b|c|d") << "quote: \"\"";
  EXPECT_EQ(told("a;;b;;c", {";;", "\"", 3, false}), "a|b|c") << "a separator of several letters";
  EXPECT_EQ(taken_apart("a", {",", "\"", 3, false}).message,
            "the record has 1 of 3 columns; where those that are not written are empty, say short_rows: fill");
  EXPECT_EQ(taken_apart("a,b,c,d", {",", "\"", 3, false}).message,
            "the record has more columns than the 3 of the header");
}

}  // namespace
}  // namespace vigie::ingest
