// While `vigie serve` has a workspace open, every command on it goes through the server and prints what it prints
// alone.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <regex>
#include <set>

#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace json = boost::json;
using Words = std::vector<std::string>;

/// Times differ from run to run, and nothing else may.
std::string without_times(const std::string& text) {
  const std::string tables = std::regex_replace(text, std::regex("[0-9]+ ms"), "N ms");
  return std::regex_replace(tables, std::regex("\"(milliseconds|seconds)\":[0-9.e+-]+"), "\"$1\":0");
}

const Words kYear{"--from", "2025-01-01", "--to", "2026-01-01"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// What a person may ask of a workspace, well and badly.
std::vector<Words> questions() {
  std::vector<Words> out;
  for (const char* format : {"table", "json", "csv"}) {
    const Words as{"--format", format};
    out.push_back(with(with({"board"}, kYear), with(as, {"--grain", "quarter", "--compare", "previous_year"})));
    out.push_back(with(with({"kpi", "average_sale"}, kYear), with(as, {"--grain", "quarter", "--by", "channel",
                                                                       "--compare", "previous_year,previous_period"})));
    out.push_back(with(with({"kpi", "sales_cycle"}, kYear), as));
    out.push_back(with({"kpi", "revenue", "--from", "2025-10-26", "--to", "2025-10-27", "--grain", "hour"}, as));
    out.push_back(with(with({"explain", "average_sale", "--rows", "3"}, kYear), as));
  }
  out.push_back(with({"kpi", "conversion_rate:win_curve", "--grain", "total"}, kYear));
  out.push_back(with({"kpi", "panier_moyen", "--where", "amount_net > 10000", "--param", "q=0.25"}, kYear));
  for (const char* format : {"table", "json"}) {
    const Words as{"--format", format};
    out.push_back(with(with({"why", "revenue", "--compare", "previous_year"}, kYear), as));
    out.push_back(with(with({"reconcile", "churn_rate", "churn_rate:leavers_over_opening_plus_new"}, kYear), as));
    out.push_back(with(with({"kpi", "sales_cycle:time_in_stage", "--by", "owner", "--grain", "total"}, kYear), as));
    out.push_back(
        with(with({"kpi", "sales_cycle:cohort_median", "--by", "channel_group", "--grain", "total"}, kYear), as));
    out.push_back(with({"propose"}, as));
    out.push_back(with({"kpis"}, as));
    out.push_back(with({"model"}, as));
    out.push_back(with({"model", "orders"}, as));
    out.push_back(with({"model", "sales"}, as));
  }
  out.push_back({"kpis", "--format", "markdown"});
  out.push_back({"check"});
  // Exit codes and places of errors travel too.
  out.push_back({"kpi", "revnue"});
  out.push_back({"kpi", "revenue", "--by", "chanel"});
  out.push_back({"kpi", "revenue", "--where", "channel = "});
  out.push_back({"kpi", "revenue", "--from", "2025-03-01", "--to", "2025-02-01"});
  out.push_back({"kpi", "conversion_rate", "--param", "windw=3"});
  out.push_back({"explain", "revenue", "--rows", "100001"});
  out.push_back({"why", "sales_cycle"});
  out.push_back({"reconcile", "churn_rate", "mrr"});
  out.push_back({"model", "ordrs"});
  out.push_back({"board", "--by", "chanel"});
  return out;
}

TEST(Served, EveryCommandPrintsWhatItPrintsAlone) {
  const auto& folder = atelier();
  std::vector<std::pair<Words, Language>> asked;
  std::vector<Ran> alone;
  for (const Words& words : questions())
    for (const Language language : {Language::en, Language::fr}) {
      // JSON speaks both languages at once: one is enough.
      if (language == Language::fr && std::ranges::find(words, "json") != words.end()) continue;
      asked.emplace_back(with(words, {"-w", "."}), language);
      alone.push_back(vigie(asked.back().first, folder, language));
    }
  const Serving server(folder);
  ASSERT_TRUE(server.answers());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto& [words, language] = asked[i];
    const Ran served = vigie(words, folder, language);
    std::string line;
    for (const std::string& word : words) line += " " + word;
    EXPECT_EQ(served.code, alone[i].code) << line << "\n" << served.err;
    EXPECT_EQ(without_times(served.out), without_times(alone[i].out)) << line;
    EXPECT_EQ(served.err, alone[i].err) << line;
    EXPECT_EQ(alone[i].out.empty(), alone[i].code != 0) << line;
  }
}

TEST(Served, TheServersDefinitionsCount) {
  const Folder folder;
  make_shop(folder);
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  std::string copy = text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "kpis/nps.yaml");
  copy.replace(copy.find("id: nps"), 7, "id: nps_of_ours");
  copy = std::regex_replace(copy, std::regex("\naliases:[^\n]*"), "");
  folder.write("shop/kpis/ours.yaml", copy);
  EXPECT_EQ(vigie({"kpis", "-w", "shop"}, folder.path()).out.find("nps_of_ours"), std::string::npos)
      << "the server has not read it yet";
  EXPECT_EQ(vigie({"check", "-w", "shop"}, folder.path()).code, 0) << "it is right, and the next start will read it";
  folder.write("shop/kpis/ours.yaml", "id: broken\nversion: one\n");
  const Ran check = vigie({"check", "-w", "shop"}, folder.path());
  EXPECT_EQ(check.code, 2);
  EXPECT_TRUE(check.err.starts_with("vigie: kpis/ours.yaml:2:10: ")) << check.err;
  EXPECT_EQ(vigie({"kpi", "nps", "-w", "shop"}, folder.path()).code, 0) << "what the server has read stays in force";
}

TEST(Served, AttributesThatMapsAddedAreDimensions) {
  const Folder folder;
  make_shop(folder);
  folder.write("exports/customers.csv",
               "key,size,since\no1,small,2020-01-01\no2,big,2021-01-01\no3,small,2021-01-01\n");
  folder.write("own/customers.yaml",
               "map: customers\nsource: books\ntable: customers\ninput: customers.csv\n"
               "columns: {key: key, x_company_size: size, x_since: {from: since, as: date}}\n");
  const Ran imported = vigie({"import", "-w", "shop", "--map", "own", "--from", "exports"}, folder.path());
  ASSERT_EQ(imported.code, 0) << imported.err;
  const auto label = [](const Serving& server) {
    const json::value workspace = json::parse(server.get("/api/v1/workspace").body);
    for (const json::value& one : workspace.at("dimensions").as_array()) {
      EXPECT_NE(one.at("id"), json::value("x_since")) << "days are no parts";
      if (one.at("id") == json::value("x_company_size")) return std::string(one.at("label").at("fr").as_string());
    }
    return std::string("none");
  };
  {
    const Serving server(folder.path() / "shop");
    ASSERT_TRUE(server.answers());
    EXPECT_EQ(label(server), "company size") << "nobody named it";
    // Of the sales of o1, o2, o3 and o4, two each: small of two customers, big of one, not given of one.
    const json::value found = json::parse(server.get("/api/v1/dimensions/x_company_size/values").body);
    std::map<std::string, std::int64_t> rows;
    for (const json::value& one : found.at("values").as_array())
      rows[one.at("value").is_null() ? "" : std::string(one.at("value").as_string())] =
          one.at("rows").to_number<std::int64_t>();
    EXPECT_EQ(rows, (std::map<std::string, std::int64_t>{{"small", 4}, {"big", 2}, {"", 2}}))
        << "the sales alone have customers here";
    const json::value march = json::parse(
        server.get("/api/v1/kpis/revenue?by=x_company_size&from=2025-03-01&to=2025-04-01&grain=total").body);
    for (const json::value& row : march.at("totals").as_array())
      if (row.at("by").at("x_company_size") == json::value("small"))
        EXPECT_EQ(row.at("value").to_number<double>(), 170);  // 120 of o1, 50 of o3
    EXPECT_EQ(march.at("totals").as_array().size(), 3U);
  }
  folder.write("shop/kpis/names.yaml", "dimensions:\n  x_company_size: {en: Size, fr: Taille}\n");
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  EXPECT_EQ(label(server), "Taille");
}

TEST(Served, ASecondServerIsRefused) {
  const Folder folder;
  make_shop(folder);
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  const Ran second = vigie({"serve", "-w", "shop", "--port", "0"}, folder.path());
  EXPECT_EQ(second.code, 4);
  EXPECT_NE(second.err.find(fmt::format("is open in another process (number {}, a server)", server.process())),
            std::string::npos)
      << second.err;
}

/// Stops a server that has the workspace and has no socket yet, runs a command meanwhile and lets the server go on.
/// Where the server was quicker it is tried again.
Ran beside_a_starting_server(const Folder& folder, const std::string& command) {
  return shell(
      "for i in $(seq 50); do\n"
      "  vigie serve -w shop --port 0 >served 2>&1 & server=$!\n"
      "  while kill -0 $server; do read -r word <shop/data/lock; [ \"$word\" = \"$server server\" ] && break; done\n"
      "  kill -STOP $server || exit 90; sleep 0.05\n"
      "  [ -e shop/data/vigie.sock ] || break\n"
      "  kill -CONT $server; kill $server; wait $server\n"
      "done\n"
      "[ -e shop/data/vigie.sock ] && exit 91\n"
      "vigie " +
          command +
          " & asked=$!\n"
          "sleep 1.5; kill -0 $asked || echo did not wait\n"
          "kill -CONT $server; wait $asked; code=$?\n"
          "kill -0 $server || echo the server is gone\n"
          "kill $server; wait $server; exit $code",
      folder.path());
}

TEST(Served, AServerThatIsJustStartingIsWaitedFor) {
  const Folder folder;
  make_shop(folder);
  folder.write("more.csv", "key,customer,day,amount,channel\nnew,o9,2025-03-09,10,web\n");
  const Ran imported = beside_a_starting_server(folder, "import -w shop --map maps/sales.yaml more.csv");
  EXPECT_EQ(imported.code, 0) << imported.out << imported.err;
  EXPECT_NE(imported.out.find("loaded 1"), std::string::npos) << imported.out;
  EXPECT_NE(imported.err.find("does not answer yet; this waits for it"), std::string::npos) << imported.err;
  EXPECT_EQ(imported.out.find("did not wait"), std::string::npos) << imported.err;
  EXPECT_EQ(imported.out.find("the server is gone"), std::string::npos) << imported.err;
  const Ran checked = beside_a_starting_server(folder, "check -w shop");
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

class Routes : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    make_shop(*folder_);
    const auto workspace = folder_->path() / "shop";
    for (const Words& words : asked())
      printed_.push_back(without_times(vigie(with(words, {"-w", "shop", "--format", "json"}), folder_->path()).out));
    server_ = new Serving(workspace);
  }
  static void TearDownTestSuite() {
    delete server_;
    delete folder_;
    printed_.clear();
  }
  static std::vector<Words> asked() {
    const Words march{"--from", "2025-03-01", "--to", "2025-04-01"};
    return {with({"explain", "average_sale", "--rows", "2"}, march),
            with({"why", "average_sale", "--by", "channel"}, march),
            with({"reconcile", "churn_rate", "churn_rate:leavers_over_opening_plus_new"}, march),
            with({"kpi", "average_sale", "--by", "channel"}, march)};
  }
  static void expect_printed(std::size_t which, const std::string& target) {
    const Reply reply = server_->get(target);
    EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
    EXPECT_EQ(without_times(reply.body) + "\n", printed_.at(which)) << target;
  }
  /// The problem's status and code, and whether it says what to do.
  static void expect_problem(const std::string& target, int status, const std::string& code, const std::string& hint) {
    const Reply reply = server_->get(target);
    EXPECT_EQ(reply.status, status) << target << "\n" << reply.body;
    EXPECT_NE(reply.head.find("Content-Type: application/problem+json"), std::string::npos) << reply.head;
    boost::system::error_code error;
    const json::value problem = json::parse(reply.body, error);
    ASSERT_TRUE(problem.is_object()) << reply.body;
    EXPECT_EQ(problem.at("code"), json::value(code)) << target;
    EXPECT_EQ(problem.at("status").to_number<int>(), status);
    EXPECT_EQ(problem.at("type"), json::value("https://vigie.example/errors/" + code));
    EXPECT_NE(std::string(problem.at("hint").as_string()).find(hint), std::string::npos) << reply.body;
  }

  static inline Folder* folder_ = nullptr;
  static inline Serving* server_ = nullptr;
  static inline std::vector<std::string> printed_;
};

TEST_F(Routes, GiveWhatTheCommandPrints) {
  const std::string march = "from=2025-03-01&to=2025-04-01";
  expect_printed(0, "/api/v1/kpis/average_sale/explain?rows=2&grain=total&" + march);
  expect_printed(1, "/api/v1/kpis/average_sale/why?by=channel&" + march);
  expect_printed(2, "/api/v1/kpis/churn_rate/reconcile?with=churn_rate:leavers_over_opening_plus_new&" + march);
  expect_printed(3, "/api/v1/kpis/average_sale?by=channel&" + march);
}

TEST_F(Routes, HoldTheFigures) {
  const json::value bridge =
      json::parse(server_
                      ->get("/api/v1/kpis/churn_rate/"
                            "reconcile?with=churn_rate:leavers_over_opening_plus_new&from=2025-03-01&to=2025-04-01")
                      .body);
  EXPECT_EQ(bridge.at("first").at("value").to_number<double>(), 0.05);  // 5 / 100
  ASSERT_EQ(bridge.at("steps").as_array().size(), 2U);
  EXPECT_EQ(bridge.at("steps").at(0).at("value").to_number<double>(), 0.08);  // (5 + 3) / 100
  EXPECT_NEAR(bridge.at("last").at("value").to_number<double>(), 8.0 / 120, 1e-12);
  const json::value why =
      json::parse(server_->get("/api/v1/kpis/average_sale/why?by=channel&from=2025-03-01&to=2025-04-01").body);
  EXPECT_EQ(why.at("before").to_number<double>(), 75);   // 300 / 4
  EXPECT_EQ(why.at("after").to_number<double>(), 67.5);  // 270 / 4
  const json::value explained =
      json::parse(server_->get("/api/v1/kpis/revenue/explain?rows=1&from=2025-03-01&to=2025-04-01&grain=total").body);
  for (const json::value& measure : explained.at("measures").as_array())
    if (measure.at("name") == "sales_amount") {
      EXPECT_EQ(measure.at("value_exact"), json::value("270"));
      EXPECT_EQ(measure.at("row_count").to_number<int>(), 4);
      EXPECT_EQ(measure.at("rows").as_array().size(), 1U);
    }
}

TEST_F(Routes, RefuseBadQuestionsWithTheirPlaceAndARemedy) {
  expect_problem("/api/v1/kpis/revnue", 404, "kpi.unknown", "revenue");
  expect_problem("/api/v1/kpis/revnue/explain", 404, "kpi.unknown", "revenue");
  expect_problem("/api/v1/kpis/churn_rate:grss", 400, "variant.unknown", "revenue_gross");
  expect_problem("/api/v1/kpis/revenue?by=chanel", 400, "split.unknown", "channel");
  expect_problem("/api/v1/kpis/revenue?where=channel%20%3D%20'x'%3B%20drop%20table%20orders", 400, "expr.syntax",
                 "not several statements");
  expect_problem("/api/v1/kpis/revenue?from=2025-03-01&to=2025-02-01", 400, "period.reversed", "from is the first day");
  expect_problem("/api/v1/kpis/revenue?from=yesterday", 400, "date.invalid", "2025-01-31");
  expect_problem("/api/v1/kpis/revenue?gran=month", 400, "question.unknown_field", "grain");
  expect_problem("/api/v1/kpis/conversion_rate?param.windw=3", 400, "parameter.unknown", "window");
  expect_problem("/api/v1/kpis/churn_rate/reconcile?from=2025-03-01", 400, "reconcile.with", "reconcile?with=");
  expect_problem("/api/v1/kpis/churn_rate/reconcile?with=mrr&from=2025-03-01&to=2025-04-01", 400, "reconcile.units",
                 "");
  expect_problem("/api/v1/dimensions/chanel/values", 400, "split.unknown", "channel");
  expect_problem("/api/v1/model/ordrs", 404, "model.unknown", "orders");
}

/// The names of all members, but of those whose names are the data's own.
void collect_names(const json::value& value, std::set<std::string>& out) {
  static const std::set<std::string> kOwn{"by",          "params",  "headline_variants", "measures",
                                          "comparisons", "reasons", "measure_labels"};
  if (value.is_array())
    for (const json::value& one : value.as_array()) collect_names(one, out);
  if (!value.is_object()) return;
  for (const auto& member : value.as_object()) {
    out.insert(std::string(member.key()));
    const bool own = kOwn.contains(std::string(member.key())) && member.value().is_object();
    if (!own) collect_names(member.value(), out);
    else
      for (const auto& inner : member.value().as_object()) collect_names(inner.value(), out);
  }
}

TEST_F(Routes, AreDescribedFieldByField) {
  const std::string guide = text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "docs/api.md");
  const std::string march = "from=2025-03-01&to=2025-04-01";
  for (const std::string& target :
       {std::string("/api/v1/workspace"), std::string("/api/v1/kpis"), std::string("/api/v1/model"),
        std::string("/api/v1/dimensions/channel/values"),
        "/api/v1/kpis/average_sale?by=channel&compare=previous_period&" + march, "/api/v1/kpis/churn_rate?" + march,
        "/api/v1/kpis/average_sale/explain?rows=1&" + march, "/api/v1/kpis/pipeline_velocity/explain?rows=1&" + march,
        "/api/v1/kpis/average_sale/why?by=channel&" + march,
        "/api/v1/kpis/churn_rate/reconcile?with=retention_rate&" + march, "/api/v1/board?" + march,
        std::string("/api/v1/kpis/revnue")}) {
    const Reply reply = server_->get(target);
    boost::system::error_code error;
    const json::value value = json::parse(reply.body, error);
    ASSERT_FALSE(error) << target << "\n" << reply.body;
    std::set<std::string> names;
    collect_names(value, names);
    for (const std::string& name : names)
      EXPECT_NE(guide.find("\"" + name + "\""), std::string::npos)
          << "docs/api.md does not name \"" << name << "\" of " << target;
  }
}

TEST_F(Routes, AreAllInTheGuide) {
  const std::string guide = text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "docs/api.md");
  const std::string routes = text_of(std::filesystem::path(VIGIE_SOURCE_DIR) / "src/server/api/routes.cpp");
  const std::regex route("\\{\"(GET|POST)\", \"(/api/[^\"]*)\"");
  int found = 0;
  for (std::sregex_iterator it(routes.begin(), routes.end(), route), end; it != end; ++it, ++found) {
    // The guide names what stands for the name.
    const std::string pattern = std::regex_replace((*it)[2].str(), std::regex("\\{name\\}"), "{");
    const std::string stem =
        pattern.substr(0, pattern.find('{') == std::string::npos ? pattern.size() : pattern.find('{') + 1);
    EXPECT_NE(guide.find((*it)[1].str() + " " + stem), std::string::npos) << "docs/api.md does not name " << (*it)[0];
  }
  EXPECT_GE(found, 14);
}

TEST_F(Routes, SayTheirProblemsInFrench) {
  const std::regex english(
      "\\b(the|is|not|did|known|write|has|have|of|and|with|no|there|see|an|choose|check|expected|found)\\b");
  for (const std::string target : {"/api/v1/kpis/revnue?",
                                   "/api/v1/kpis/churn_rate:grss?",
                                   "/api/v1/kpis/revenue?by=chanel&",
                                   "/api/v1/kpis/revenue?where=channel%20%3D%20'x'%3B%20drop&",
                                   "/api/v1/kpis/revenue?where=chanel%20%3D%203&",
                                   "/api/v1/kpis/revenue?from=2025-03-01&to=2025-02-01&",
                                   "/api/v1/kpis/revenue?from=hier&",
                                   "/api/v1/kpis/revenue?gran=month&",
                                   "/api/v1/kpis/revenue?top=0&",
                                   "/api/v1/kpis/revenue?split=maybe&",
                                   "/api/v1/kpis/revenue?kpi=orders&",
                                   "/api/v1/kpis/conversion_rate?param.windw=3&",
                                   "/api/v1/kpis/churn_rate/reconcile?",
                                   "/api/v1/kpis/churn_rate/reconcile?with=mrr&from=2025-03-01&to=2025-04-01&",
                                   "/api/v1/kpis/sales_cycle/why?",
                                   "/api/v1/kpis/revenue/explain?rows=many&",
                                   "/api/v1/dimensions/chanel/values?",
                                   "/api/v1/dimensions/channel/values?limit=0&",
                                   "/api/v1/dimensions/channel/values?lim=3&",
                                   "/api/v1/model/ordrs?",
                                   "/api/v1/kpi?",
                                   "/api/v1/ask?",
                                   "/api/v1/board?top=3&",
                                   "/api/v1/handbook?tongue=fr&"}) {
    const Reply reply = server_->get(target + "language=fr");
    EXPECT_GE(reply.status, 400) << target;
    boost::system::error_code error;
    const json::value problem = json::parse(reply.body, error);
    ASSERT_TRUE(problem.is_object()) << target << reply.body;
    // What stands in quotes was typed, or is a name.
    for (const char* part : {"title", "detail", "hint"}) {
      if (!problem.as_object().contains(part)) continue;
      const std::string text = std::regex_replace(std::string(problem.at(part).as_string()),
                                                  std::regex("«.*?»|/api/[^ ]*|\\?with=[^ ]*"), "");
      std::smatch found;
      EXPECT_FALSE(std::regex_search(text, found, english)) << target << "\n"
                                                            << reply.body << "  says \"" << found.str() << "\"";
      EXPECT_FALSE(text.empty());
    }
  }
  const Reply refused = server_->post("/api/v1/ask?language=fr", "[]");
  EXPECT_NE(refused.body.find("il fallait un objet avec «\u00a0questions\u00a0»"), std::string::npos) << refused.body;
  const Reply partly =
      server_->post("/api/v1/ask?language=fr", R"({"questions":[{"kpi":"revenue"},{"kpi":"revnue"}]})");
  EXPECT_EQ(partly.status, 200);
  EXPECT_NE(partly.body.find("aucun KPI «\u00a0revnue\u00a0»"), std::string::npos) << partly.body;
}

TEST_F(Routes, HaveNoSecretDoor) {
  // Reading files by their path is for who owns the workspace's socket.
  EXPECT_EQ(server_->post("/api/v1/import", R"({"map_file":"/etc/passwd"})").status, 404);
  EXPECT_EQ(server_->get("/api/v1/check").status, 404);
}

TEST_F(Routes, TakeTextAsText) {
  const Reply asked = server_->get(
      "/api/v1/kpis/"
      "revenue?where=channel%20%3D%20'x''%3B%20drop%20table%20orders%3B%20--'&from=2025-03-01&to=2025-04-01");
  EXPECT_EQ(asked.status, 200) << asked.body;
  const json::value after = json::parse(server_->get("/api/v1/kpis/revenue?from=2025-03-01&to=2025-04-01").body);
  EXPECT_EQ(after.at("total").at("value").to_number<double>(), 270) << "every row is still there";
}

}  // namespace
}  // namespace vigie::doors
