#include <gtest/gtest.h>

#include "cli/render.h"

namespace vigie::cli {
namespace {

TEST(AnswerCsv, AFieldThatCouldEndItsLineIsQuoted) {
  EXPECT_EQ(csv_field("web"), "web");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_field("an\rold Mac"), "\"an\rold Mac\"");
}

TEST(AnswerCsv, WhatIsNotGivenIsNotWhatIsEmpty) {
  kpi::Answer answer;
  answer.kpi = "revenue";
  answer.variant = "default";
  for (const std::optional<std::string>& channel :
       {std::optional<std::string>("web"), std::optional<std::string>(""), std::optional<std::string>()}) {
    kpi::Row row;
    row.by.emplace_back("channel", channel);
    answer.rows.push_back(row);
  }
  std::vector<std::string> fields;  // the fifth of each line
  std::string text = answers_csv({answer});
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    std::size_t begin = at;
    for (int i = 0; i < 4; ++i) begin = text.find(',', begin) + 1;
    fields.push_back(text.substr(begin, text.find(',', begin) - begin));
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"channel", "web", "\"\"", ""})) << text;
}

}  // namespace
}  // namespace vigie::cli
