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

}  // namespace
}  // namespace vigie::doors
