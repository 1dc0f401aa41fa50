// What one request may not do to the server that others ask too.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>

#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace json = boost::json;

std::string code_of(const Reply& reply) {
  boost::system::error_code problem;
  const json::value body = json::parse(reply.body, problem);
  return problem || !body.is_object() || !body.as_object().contains("code") ? ""
                                                                            : std::string(body.at("code").as_string());
}

TEST(Limits, ValuesOfAttributesOfEveryTypeAreTold) {
  const Folder folder;
  make_shop(folder);
  folder.write("exports/customers.csv", "key,size,since\no1,12.5,2020-01-01\no2,7,2021-02-01\no3,12.50,2021-02-01\n");
  folder.write("own/customers.yaml",
               "map: customers\nsource: books\ntable: customers\ninput: customers.csv\n"
               "columns: {key: key, x_size: {from: size, as: number}, x_since: {from: since, as: date}}\n");
  const Ran imported = vigie({"import", "-w", "shop", "--map", "own", "--from", "exports"}, folder.path());
  ASSERT_EQ(imported.code, 0) << imported.err;
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  const auto rows = [&](const std::string& dimension) {
    std::map<std::string, std::int64_t> out;
    const Reply reply = server.get("/api/v1/dimensions/" + dimension + "/values");
    EXPECT_EQ(reply.status, 200) << reply.body;
    if (reply.status != 200) return out;
    const json::value found = json::parse(reply.body);
    for (const json::value& one : found.at("values").as_array())
      out[one.at("value").is_null() ? "none" : std::string(one.at("value").as_string())] =
          one.at("rows").to_number<std::int64_t>();
    return out;
  };
  // Of o1, o2, o3 and o4, two sales each: 12.5 of two customers, 7 of one, nothing known of one; the days alike.
  EXPECT_EQ(rows("x_size"), (std::map<std::string, std::int64_t>{{"12.5", 4}, {"7", 2}, {"none", 2}}));
  EXPECT_EQ(rows("x_since"), (std::map<std::string, std::int64_t>{{"2020-01-01", 2}, {"2021-02-01", 4}, {"none", 2}}));
  EXPECT_EQ(server.get("/healthz").status, 200) << "the server still stands";
}

TEST(Limits, NamesOfThousandsOfLettersAreNotLookedFor) {
  const Serving server(atelier());
  ASSERT_TRUE(server.answers());
  const std::string long_name(15'000, 'x');
  std::string questions;
  for (int i = 0; i < 64; ++i)
    questions += fmt::format("{}{{\"kpi\":\"{}\"}}", questions.empty() ? "" : ",", long_name);
  const auto begun = std::chrono::steady_clock::now();
  const Reply reply = server.post("/api/v1/ask", "{\"questions\":[" + questions + "]}");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(code_of(reply), "question.too_long") << reply.body.substr(0, 500);
  for (const std::string& field : {"by", "compare", "currency", "grain"})
    EXPECT_EQ(
        code_of(server.post(
            "/api/v1/ask", fmt::format("{{\"questions\":[{{\"kpi\":\"revenue\",\"{}\":\"{}\"}}]}}", field, long_name))),
        "question.too_long")
        << field;
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST(Limits, ThePeriodOfAQuestionIsBoundedAtEveryGrain) {
  const std::string all = "0001-01-01", end = "9999-12-31";
  const Ran refused =
      vigie({"kpi", "active_customers", "-w", ".", "--from", all, "--to", end, "--grain", "total"}, atelier());
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(
      refused.err,
      "vigie: the period from 0001-01-01 to 9999-12-31 is of 3652058 days; 73050 is the most, 200 years; choose a "
      "shorter range\n");
  EXPECT_EQ(
      vigie({"kpi", "revenue", "-w", ".", "--from", "2025-01-01", "--to", "2025-02-01", "--compare", all + ".." + end},
            atelier())
          .code,
      2);
  EXPECT_EQ(
      vigie({"kpi", "active_customers", "-w", ".", "--from", "1900-01-01", "--to", "2100-01-01", "--grain", "total"},
            atelier())
          .code,
      0);
}

TEST(Limits, AQuestionTakesNoLongerThanItMay) {
  const Folder folder;
  make_shop(folder);
  const std::vector<std::string> late{"kpi", "revenue", "-w", "shop", "--time-limit", "0.001"};
  const Ran stopped = vigie(late, folder.path());
  EXPECT_EQ(stopped.code, 4);
  EXPECT_EQ(stopped.err,
            "vigie: the query took longer than the 1 ms it may take; ask for a shorter range or fewer splits, or allow "
            "more seconds with --time-limit\n");
  EXPECT_EQ(vigie({"kpi", "revenue", "-w", "shop", "--time-limit", "600"}, folder.path()).code, 0);
  const Ran refused = vigie({"board", "-w", "shop", "--time-limit", "soon"}, folder.path());
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(refused.err.contains("\"soon\" is no number of seconds from 0.001 to 86400")) << refused.err;

  // The time of a server is the server's.
  const Serving server(folder.path() / "shop", {"--time-limit", "0.001"});
  ASSERT_TRUE(server.answers());
  EXPECT_EQ(code_of(server.get("/api/v1/kpis/revenue")), "engine.deadline");
  const Ran through = vigie({"kpi", "revenue", "-w", "shop", "--time-limit", "600"}, folder.path());
  EXPECT_EQ(through.code, 4);
  EXPECT_EQ(through.err,
            "vigie: the running server answers, in its own time: --time-limit of this command changes nothing\n"
            "vigie: the query took longer than the 1 ms it may take; ask for a shorter range or fewer splits, or start "
            "the server with a longer --time-limit\n");
}

}  // namespace
}  // namespace vigie::doors
