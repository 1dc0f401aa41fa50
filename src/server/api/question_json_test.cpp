#include "server/api/question_json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"

namespace vigie::api {
namespace {

TEST(QuestionJson, GivesTheFieldsAQueryStringWouldGive) {
  const auto questions = questions_from_json(R"({"questions":[
    {"kpi":"revenue","from":"2025-01-01","by":["channel","country"],"compare":["previous_year"],"top":5,"where":"","currency":null,
     "params":{"window":30,"share":0.5,"method":"linear"}},
    {"kpi":"orders","by":"channel"}]})");
  ASSERT_TRUE(questions) << questions.error().text();
  const Fields first = {
      {"kpi", "revenue"}, {"from", "2025-01-01"}, {"by", "channel,country"}, {"compare", "previous_year"},
      {"top", "5"},       {"param.window", "30"}, {"param.share", "0.5"},    {"param.method", "linear"}};
  EXPECT_EQ(questions->at(0).value(), first);
  EXPECT_EQ(questions->at(1).value(), (Fields{{"kpi", "orders"}, {"by", "channel"}}));
}

TEST(QuestionJson, WritesNumbersPlainly) {
  const auto read = [](const std::string& number) {
    const auto questions = questions_from_json("{\"questions\":[{\"params\":{\"x\":" + number + "}}]}");
    return questions ? questions->front().value().front().second : questions.error().text();
  };
  EXPECT_EQ(read("0.0000001"), "0.0000001");
  EXPECT_EQ(read("1e16"), "10000000000000000");
  EXPECT_EQ(read("-2.5e-9"), "-0.0000000025");
  EXPECT_EQ(read("0.1"), "0.1");
  EXPECT_EQ(read("30"), "30");
  EXPECT_EQ(read("30.0"), "30");
  EXPECT_EQ(read("1e300").size(), 301U);
  EXPECT_EQ(read("5e-324").substr(0, 3), "0.0");
}

TEST(QuestionJson, NamesThePlaceOfWhatIsWrong) {
  const auto error = [](std::string_view body) {
    const auto questions = questions_from_json(body);
    if (questions)
      for (const auto& one : *questions)
        if (!one) return fmt::format("{}: {}", one.error().code, one.error().message);
    return questions ? std::string("fine") : fmt::format("{}: {}", questions.error().code, questions.error().message);
  };
  EXPECT_EQ(error(R"({"questions":[{"kpi":["a"]}]})"),
            "question.type: questions[0].kpi: found array, expected a text or a number");
  EXPECT_EQ(error(R"({"questions":[{"by":["a",{}]}]})"),
            "question.type: questions[0].by[1]: found object, expected a text or a number");
  EXPECT_EQ(error(R"({"questions":[{"by":["a,b"]}]})"),
            "question.type: questions[0].by[0]: \"a,b\" is no name: it is empty or holds a comma");
  EXPECT_EQ(error(R"({"questions":[{},{"params":3}]})"),
            "question.type: questions[1].params: found int64, expected an object of names and values");
  EXPECT_EQ(error(R"({"questions":{}})"), "question.type: questions: found object, expected a list");
  EXPECT_EQ(error(R"({"questions":[]})"), "question.none: \"questions\" is empty");
  EXPECT_EQ(error(R"({})"), "question.none: the body holds no \"questions\"");
  EXPECT_EQ(error(R"({"question":[]})"), "question.unknown_field: unknown field \"question\" beside \"questions\"");
  EXPECT_EQ(error(R"([])"), "question.type: body: found array, expected an object with \"questions\"");
}

TEST(QuestionJson, AQuestionThatIsNoneFailsInItsOwnPlace) {
  const auto questions = questions_from_json(R"({"questions":[{"kpi":"revenue"},null,{"kpi":"orders"}]})");
  ASSERT_TRUE(questions) << questions.error().text();
  ASSERT_EQ(questions->size(), 3u);
  EXPECT_TRUE(questions->at(0) && questions->at(2));
  EXPECT_EQ(questions->at(1).error().message, "questions[1]: found null, expected an object");
}

/// Of a name given twice the last would count, and the first be passed over.
TEST(QuestionJson, ANameStandsOnceInAnObject) {
  const auto refused = [](std::string_view body) {
    const auto questions = questions_from_json(body);
    return questions ? std::string("fine")
                     : fmt::format("{}: {} ({})", questions.error().code, questions.error().message,
                                   questions.error().where.line);
  };
  EXPECT_EQ(refused("{\"questions\":[{\"kpi\":\"a\",\n\"from\":\"2025-01-01\",\"kpi\":\"b\"}]}"),
            "question.repeated: the field \"kpi\" is given twice (2)");
  EXPECT_EQ(refused(R"({"questions":[{"kpi":"a","params":{"x":1,"\u0078":2}}]})"),
            "question.repeated: the field \"x\" is given twice (1)");
  EXPECT_EQ(refused(R"({"questions":[],"questions":[{"kpi":"a"}]})"),
            "question.repeated: the field \"questions\" is given twice (1)");
  EXPECT_EQ(refused(R"({"questions":[{"kpi":"a","params":{"kpi":1}},{"kpi":"a"}]})"), "fine");
}

TEST(QuestionJson, PointsAtTheCharacterWhereJsonEnds) {
  const auto broken = questions_from_json("{\n  \"questions\": [,]}");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, "json.invalid");
  EXPECT_EQ(broken.error().where.line, 2);
  EXPECT_EQ(broken.error().where.column, 17);
  for (const char* bad : {"", "{", "{\"questions\":[]} x", "{\"a\":\"\xff\"}", "nul"})
    EXPECT_EQ(questions_from_json(bad).error().code, "json.invalid") << bad;
}

TEST(QuestionJson, BoundsDepthNumberAndLength) {
  std::string deep = R"({"questions":[{"kpi":)" + std::string(1000, '[') + std::string(1000, ']') + "}]}";
  EXPECT_EQ(questions_from_json(deep).error().code, "json.invalid");
  std::string many = R"({"questions":[{})";
  for (std::size_t i = 0; i < kMostQuestions; ++i) many += ",{}";
  EXPECT_EQ(questions_from_json(many + "]}").error().message, "65 questions in one request, at most 64");
  const std::string longest(kLongestText + 1, 'x');
  EXPECT_EQ(questions_from_json(R"({"questions":[{"where":")" + longest + "\"}]}")->front().error().code,
            "question.type");
}

RC_GTEST_PROP(QuestionJson, SurvivesAnyBytes, ()) {
  const auto body = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("{}[]\",:questionskpiby0123456789.-eE\\u \n\xC3\xFF")));
  const auto questions = questions_from_json(body);
  RC_ASSERT(!questions || !questions->empty());
}

RC_GTEST_PROP(QuestionJson, ReadsBackWhatTheCommandLineSends, ()) {
  // Any UTF-8 text, quotes and line breaks included.
  const auto words = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(rc::gen::string<std::string>())));
  Fields fields = {{"kpi", "revenue"}};
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_utf8(words[i])) fields.emplace_back(fmt::format("param.p{}", i), words[i]);
  RC_ASSERT(questions_from_json(questions_to_json({fields})).value().front().value() == fields);
}

TEST(ImportOrder, ReadsBackWhatTheCommandLineSends) {
  ImportOrder order;
  order.map_file = "/maps/a \"b\".yaml";
  order.folder = "/in";
  order.files = {"/in/x.csv"};
  order.named_files = {{"items", "/in/i.csv"}};
  const ImportOrder read = import_order_from_json(import_order_to_json(order)).value();
  EXPECT_EQ(read.map_file, order.map_file);
  EXPECT_EQ(read.folder, order.folder);
  EXPECT_EQ(read.files, order.files);
  EXPECT_EQ(read.named_files, order.named_files);
  EXPECT_EQ(import_order_from_json("{}").error().code, "question.none");
  EXPECT_EQ(import_order_from_json(R"({"map_file":1})").error().code, "question.type");
}

}  // namespace
}  // namespace vigie::api
