// One definition that is wrong: its KPI says so, what rests on it too, and everybody else answers.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "doors/company.h"
#include "doors/definition.h"

namespace vigie::doors {
namespace {

namespace json = boost::json;

constexpr const char* kRight = "{sum: amount_net, from: sales, at: sold_at}";
constexpr const char* kWrong = "{sum: amout_net, from: sales, at: sold_at}";
constexpr const char* kFault = "unknown column \"amout_net\" in sales; did you mean \"amount_net\"?";

class RefusedDefinition : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(vigie({"init", "shop"}, folder_.path()).code, 0); }

  Ran kpi(const std::string& name) const { return vigie({"kpi", name, "-w", "shop"}, folder_.path()); }
  void expect_refused(const std::string& name, const std::string& says) const {
    const Ran ran = kpi(name);
    EXPECT_EQ(ran.code, 2) << name;
    EXPECT_EQ(ran.err, "vigie: " + says + "\n") << name;
    EXPECT_EQ(ran.out, "") << name;
  }
  void expect_answered(const std::string& name, const std::string& warned) const {
    const Ran ran = kpi(name);
    EXPECT_EQ(ran.code, 0) << name << ran.err;
    EXPECT_NE(ran.out.find(warned), std::string::npos) << name << "\n" << ran.out;
  }

  const Folder folder_;
};

TEST_F(RefusedDefinition, StopsItsKpiAndWhatRestsOnIt) {
  folder_.write("shop/kpis/x.yaml", definition("x", kWrong, "m"));
  folder_.write("shop/kpis/y.yaml", definition("y", kRight, "kpi.x"));
  folder_.write("shop/kpis/z.yaml", definition("z", kRight, "m"));
  const std::string fault = "kpis/x.yaml:7:12: " + std::string(kFault);
  expect_refused("x", fault);
  expect_refused("y", fault);
  const std::string warned = "1 definition is wrong, at kpis/x.yaml:7:12: its KPI gives no answer";
  expect_answered("z", warned);
  expect_answered("revenue", warned);
  const Ran kpis = vigie({"kpis", "-w", "shop"}, folder_.path());
  EXPECT_EQ(kpis.code, 0) << kpis.err;
  EXPECT_NE(kpis.out.find("! x: " + fault + "\n! y: " + fault + "\n"), std::string::npos) << kpis.out;
  const Ran check = vigie({"check", "-w", "shop"}, folder_.path());
  EXPECT_EQ(check.code, 2);
  EXPECT_EQ(check.err, "vigie: " + fault + "\n") << "once, however many KPIs rest on it";
}

TEST_F(RefusedDefinition, CheckNamesAllThatAreWrong) {
  folder_.write("shop/kpis/a.yaml", definition("a", kRight, "m"));
  ASSERT_EQ(vigie({"check", "-w", "shop"}, folder_.path()).err, "")
      << "what is wrong below is nothing but the word that is changed";
  folder_.write("shop/kpis/a.yaml", definition("a", kWrong, "m"));
  folder_.write("shop/kpis/b.yaml", definition("b", kRight, "mm"));
  folder_.write("shop/kpis/c.yaml", definition("c", "{sum: amount_net, from: saels, at: sold_at}", "m"));
  const Ran check = vigie({"check", "-w", "shop"}, folder_.path());
  EXPECT_EQ(check.code, 2);
  EXPECT_EQ(check.err, "vigie: kpis/a.yaml:7:12: " + std::string(kFault) +
                           "\nvigie: kpis/b.yaml:14:12: unknown measure \"mm\" in b; did you mean "
                           "\"m\"?\nvigie: kpis/c.yaml:7:30: unknown relation \"saels\"; did you mean \"sales\"?\n");
  expect_answered("revenue", "3 definitions are wrong, the first at kpis/a.yaml:7:12");
}

TEST_F(RefusedDefinition, IsNeverAnsweredByTheShippedOne) {
  folder_.write("shop/kpis/revenue.yaml", definition("revenue", kWrong, "m"));
  for (const char* name : {"revenue", "turnover", "Chiffre_d_affaires"})
    expect_refused(name, "kpis/revenue.yaml:7:12: " + std::string(kFault));
  // Another version, in force from some day on: nobody knows of which days the shipped one still speaks.
  std::string second = definition("nps", kWrong, "m");
  second.replace(second.find("version: 1"), 10, "version: 2");
  folder_.write("shop/kpis/nps.yaml", second);
  expect_refused("nps", "kpis/nps.yaml:7:12: " + std::string(kFault));
}

TEST_F(RefusedDefinition, ThatIsNoYamlStillSaysWhoseItIs) {
  folder_.write("shop/kpis/a.yaml", "# ours\nid: 'revenue'  # instead\nlabel: [\n");
  const Ran ran = kpi("revenue");
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(ran.err.starts_with("vigie: kpis/a.yaml:")) << ran.err;
  folder_.write("shop/kpis/nps.yml", definition("nps", kRight, "m"));
  expect_refused("nps", "kpis/nps.yml is not read: definitions stand in files that end in .yaml; name it nps.yaml");
  expect_answered("average_sale", "2 definitions are wrong, the first at kpis/nps.yml");
}

TEST_F(RefusedDefinition, WithoutAnIdIsToldWhereAKpiIsNotFound) {
  folder_.write("shop/kpis/ours.yaml", "version: 1\nlabel: {en: Ours, fr: Nous}\n");
  const std::string warned =
      "1 file of definitions is wrong, at kpis/ours.yaml:1:1, and does not say of which KPI it is";
  expect_answered("revenue", warned);
  expect_refused("revnue",
                 "no KPI \"revnue\"; did you mean \"revenue\"?; kpis/ours.yaml was refused, and may define it: see "
                 "vigie check");
  std::string settings = text_of(folder_.path() / "shop/vigie.yaml");
  settings += "targets:\n  - {kpi: ours, from: 2025-01-01, to: 2026-01-01, value: 3}\n";
  folder_.write("shop/vigie.yaml", settings);
  expect_answered("revenue", warned);  // the settings are not to blame
}

TEST_F(RefusedDefinition, ThatTakesTheNameOfAShippedKpiLeavesThatOneAlone) {
  folder_.write("shop/kpis/churn.yaml", definition("churn", kRight, "m"));
  std::string settings = text_of(folder_.path() / "shop/vigie.yaml");
  settings += "targets:\n  - {kpi: churn, from: 2025-01-01, to: 2026-01-01, value: 3}\n";
  folder_.write("shop/vigie.yaml", settings);
  for (const char* name : {"churn_rate", "churn", "ltv"})
    expect_answered(name, "1 definition is wrong, at kpis/churn.yaml:1:5");
  const Ran check = vigie({"check", "-w", "shop"}, folder_.path());
  EXPECT_EQ(check.err, "vigie: kpis/churn.yaml:1:5: \"churn\" is a name of churn_rate already; choose another id\n");
}

TEST_F(RefusedDefinition, OfMeasuresOrWordsForAllStopsAll) {
  for (const char* text : {"dimensions: [\n", "measures: {m: {sum: a}}\nmeasure: {}\n", "warnings: {x: 3}\n"}) {
    folder_.write("shop/kpis/words.yaml", text);
    const Ran ran = kpi("revenue");
    EXPECT_EQ(ran.code, 2) << text;
    EXPECT_TRUE(ran.err.starts_with("vigie: kpis/words.yaml:")) << ran.err;
  }
}

TEST_F(RefusedDefinition, StandsOnTheBoardWithItsReason) {
  folder_.write("shop/kpis/churn.yaml", definition("churn_rate", kWrong, "m"));
  const Ran board = vigie({"board", "-w", "shop"}, folder_.path());
  EXPECT_EQ(board.code, 0) << board.err;
  const auto line = board.out.find("\nchurn_rate ");
  ASSERT_NE(line, std::string::npos) << board.out;
  const std::string told = board.out.substr(line + 1, board.out.find('\n', line + 1) - line - 1);
  EXPECT_TRUE(told.ends_with("–  kpis/churn.yaml:7:12: " + std::string(kFault))) << told;
  EXPECT_NE(board.out.find("1 definition is wrong, at kpis/churn.yaml:7:12"), std::string::npos) << board.out;
}

TEST_F(RefusedDefinition, IsAProblemOfTheServer) {
  folder_.write("shop/kpis/churn.yaml", definition("churn_rate", kWrong, "m"));
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  const Reply reply = server.get("/api/v1/kpis/churn_rate");
  EXPECT_EQ(reply.status, 400);
  const json::value problem = json::parse(reply.body);
  EXPECT_EQ(problem.at("code"), json::value("expr.unknown_column"));
  EXPECT_EQ(problem.at("where"), json::value({{"parameter", "kpis/churn.yaml"}, {"line", 7}, {"column", 12}}));
  const Reply other = server.get("/api/v1/kpis/revenue");
  EXPECT_EQ(other.status, 200);
  const json::value answer = json::parse(other.body);
  const json::array& warnings = answer.at("warnings").as_array();
  const auto is_of_definitions = [](const json::value& one) { return one.at("code") == "definitions_refused"; };
  ASSERT_EQ(std::ranges::count_if(warnings, is_of_definitions), 1) << other.body;
  EXPECT_EQ(std::ranges::find_if(warnings, is_of_definitions)->at("count"), json::value(1));
  const json::value board = json::parse(server.get("/api/v1/board").body);
  ASSERT_EQ(board.at("answers").as_array().size(), 10U);
  EXPECT_EQ(board.at("answers").as_array()[3].at("code"), json::value("expr.unknown_column"));
  EXPECT_EQ(board.at("answers").as_array()[4].at("kpi"), json::value("cac"));
  const json::value kpis = json::parse(server.get("/api/v1/kpis").body);
  ASSERT_EQ(kpis.at("refused").as_array().size(), 1U);
  EXPECT_EQ(kpis.at("refused").as_array()[0].at("id"), json::value("churn_rate"));
  expect_refused("churn_rate", "kpis/churn.yaml:7:12: " + std::string(kFault));
}

TEST_F(RefusedDefinition, HidesNoTypoOfWhoAsks) {
  folder_.write("shop/kpis/nps.yaml", "id: nps\nlabel: [\n");
  const Ran wrong = kpi("nps");
  ASSERT_TRUE(wrong.err.starts_with("vigie: kpis/nps.yaml:")) << wrong.err;
  const std::string typo = "unknown column \"chanel\" in prospects; did you mean \"channel\"?";
  const std::vector<std::string> board{"board", "-w", "shop", "--where", "chanel = 'web'"};
  const Ran alone = vigie(board, folder_.path());
  EXPECT_EQ(alone.code, 2);
  EXPECT_EQ(alone.err, "vigie: 1:1: " + typo + "\n");
  // Of two that tell of the same question, that which knows a name like it.
  const auto asked = [](const std::string& first, const std::string& second) {
    return R"({"questions":[{"kpi":")" + first + R"(","where":"chanel = 'web'"},{"kpi":")" + second +
           R"(","where":"chanel = 'web'"}]})";
  };
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  EXPECT_EQ(vigie(board, folder_.path()).err, alone.err);
  for (const auto& body : {asked("nps", "conversion_rate"), asked("employee_turnover", "conversion_rate")}) {
    const Reply reply = server.post("/api/v1/ask", body);
    EXPECT_EQ(reply.status, 400) << reply.body;
    const json::value problem = json::parse(reply.body);
    EXPECT_EQ(problem.at("detail"), json::value("unknown column \"chanel\" in prospects")) << reply.body;
    EXPECT_EQ(problem.at("hint"), json::value("did you mean \"channel\"?"));
  }
}

TEST(WrongDefinitions, AreToldBesideTheReasonsAndTheBridgeOfOthers) {
  const Folder folder;
  make_shop(folder);
  folder.write("shop/kpis/x.yaml", definition("x", kWrong, "m"));
  folder.write("shop/kpis/ours.yaml", "version: 1\nlabel: {en: Ours, fr: Nous}\n");
  const std::string known = "! 1 definition is wrong, at kpis/x.yaml:7:12",
                    nameless = "! 1 file of definitions is wrong, at kpis/ours.yaml:1:1";
  const std::vector<std::string> march{"-w", "shop", "--from", "2025-03-01", "--to", "2025-04-01"};
  for (std::vector<std::string> words :
       {std::vector<std::string>{"why", "average_sale"}, {"reconcile", "churn_rate", "retention_rate"}}) {
    words.insert(words.end(), march.begin(), march.end());
    const Ran ran = vigie(words, folder.path());
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(ran.out.contains(known)) << ran.out;
    EXPECT_TRUE(ran.out.contains(nameless)) << ran.out;
    words.insert(words.end(), {"--format", "json"});
    const json::value told = json::parse(vigie(words, folder.path()).out);
    const json::array& warnings = told.at("warnings").as_array();
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_EQ(warnings[0].at("code"), json::value("definitions_refused"));
    EXPECT_EQ(warnings[0].at("count"), json::value(1));
    EXPECT_EQ(warnings[1].at("code"), json::value("definitions_nameless"));
  }
}

// What `kpi` understands, `kpis` does: names with blanks, apostrophes and capitals, also of a KPI that is refused.
TEST_F(RefusedDefinition, IsFoundInTheCatalogueByEveryNameOfIt) {
  folder_.write("shop/kpis/revenue.yaml", definition("revenue", kWrong, "m") + "aliases: [umsatz]\n");
  const std::string why = "kpis/revenue.yaml:7:12: " + std::string(kFault);
  const auto id_of = [&](const std::string& name) {
    const Ran ran = vigie({"kpis", name, "-w", "shop", "--format", "json"}, folder_.path());
    EXPECT_EQ(ran.code, 0) << name << ran.err;
    return ran.code == 0 ? std::string(json::parse(ran.out).at("id").as_string()) : "";
  };
  const auto everywhere = [&] {
    for (const char* name : {"Revenue", "umsatz", "Chiffre d'affaires", "chiffre d’affaires"})
      EXPECT_EQ(id_of(name), "revenue") << name;
    for (const char* name : {"Panier moyen", "average-sale"}) EXPECT_EQ(id_of(name), "average_sale") << name;
    const Ran unknown = vigie({"kpis", "umsaz", "-w", "shop"}, folder_.path());
    EXPECT_EQ(unknown.code, 2);
    EXPECT_EQ(unknown.err,
              "vigie: no KPI \"umsaz\"; did you mean \"umsatz\"?; kpis/ours.yaml was refused, and may define "
              "it: see vigie check\n");
    EXPECT_EQ(kpi("umsaz").err, unknown.err);
  };
  folder_.write("shop/kpis/ours.yaml", "version: 1\nlabel: {en: Ours, fr: Nous}\n");
  everywhere();
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  everywhere();
}

}  // namespace
}  // namespace vigie::doors
