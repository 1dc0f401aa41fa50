#include "cli/read_json.h"

#include <gtest/gtest.h>

namespace vigie::cli {
namespace {

TEST(ReadJson, WhatIsOfAnotherShapeIsAnErrorAndNoThrow) {
  for (const char* body :
       {"", "[]", "7", R"({"answers":7})", R"({"answers":[7]})", R"({"answers":[null]})", R"({"problems":{}})"}) {
    const auto answers = answers_from_json(body);
    ASSERT_FALSE(answers) << body;
    EXPECT_EQ(answers.error().code, "server.answer") << body;
    EXPECT_EQ(answers.error().kind, ErrorKind::unavailable);
    ASSERT_FALSE(errors_from_json(body)) << body;
  }
  EXPECT_EQ(receipt_from_json("[1]").error().code, "server.answer");
}

TEST(ReadJson, AMemberOfAnotherShapeIsAsIfMissing) {
  const auto answers = answers_from_json(
      R"({"answers":[{"kpi":"revenue","rows":[7,{"value":"x","by":3,"comparisons":{"previous_year":5},"measures":{"a":"b","c":2}}],"total":[],)"
      R"("by":[3,"channel"],"headline":1,"warnings":[null],"measure_labels":{"a":1},"reasons":7,"params":[1],"label":"Revenue","counted":null}]})");
  ASSERT_TRUE(answers) << answers.error().text();
  const kpi::Answer& answer = *answers->front();
  EXPECT_EQ(answer.kpi, "revenue");
  ASSERT_EQ(answer.rows.size(), 2U);
  EXPECT_FALSE(answer.rows[1].value);
  EXPECT_TRUE(answer.rows[1].complete);
  EXPECT_EQ(answer.rows[1].measures, (std::map<std::string, double>{{"c", 2.0}}));
  EXPECT_FALSE(answer.total.value);
  EXPECT_EQ(answer.by.back(), "channel");
  const auto receipt = receipt_from_json(R"({"batch":3,"files":[1],"refusals":{"a":1},"warnings":[2]})");
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->batch, 3);
  EXPECT_EQ(errors_from_json(R"({"problems":[3,{"code":"a","detail":"b","where":4}]})")->size(), 2U);
}

TEST(ReadJson, AProblemIsTheErrorItWas) {
  const Error error = error_from_problem(
      R"({"code":"expr.unknown","kind":"usage","detail":"unknown column","hint":"h","where":{"parameter":"where","line":1,"column":7}})",
      400);
  EXPECT_EQ(error.code, "expr.unknown");
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.where.file, "where");
  EXPECT_EQ(error.where.column, 7);
  EXPECT_EQ(error_from_problem("<html>", 503).kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace vigie::cli
