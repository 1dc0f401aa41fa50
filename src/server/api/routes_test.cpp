#include "server/api/routes.h"

#include <gtest/gtest.h>

#include "exports/out_file.h"
#include "server/api/question_json.h"

namespace vigie::api {
namespace {

/// A workspace with two KPIs that answers with the fields it was asked.
class FakePort final : public Port {
 public:
  std::vector<Result<AnswerText>> answers(const std::vector<Fields>& questions, const http::CancelToken&) override {
    std::vector<Result<AnswerText>> out;
    for (const Fields& fields : questions) {
      std::string text;
      for (const auto& [name, value] : fields) {
        if (name == "kpi" && value == "revnue")
          out.push_back(
              fail(ErrorKind::usage, "kpi.unknown", "no KPI \"revnue\"", {"kpi", 1, 1}, "did you mean \"revenue\"?"));
        if (name == "kpi" && value == "slow")
          out.push_back(fail(ErrorKind::unavailable, "engine.deadline", "over 30 s"));
        text += name + "=" + value + ";";
      }
      if (out.size() < static_cast<std::size_t>(&fields - questions.data()) + 1)
        out.push_back(AnswerText{"{\"kpi\":\"" + text + "\"}", "2026-11-22T23:00:00Z"});
    }
    return out;
  }
  std::vector<std::string> headline() override { return {"conversion_rate", "revenue"}; }
  Result<std::string> workspace(const http::CancelToken&) override { return "{\"name\":\"demo\"}"; }
  Result<std::string> catalogue() override { return "{\"kpis\":[]}"; }
  std::string handbook(tongue::Language language) override {
    return language == tongue::Language::fr ? "# Les KPI" : "# The KPIs";
  }
  Result<std::string> model(const std::string& name) override { return "{\"table\":\"" + name + "\"}"; }
  Result<std::string> explanation(const Fields& question, const http::CancelToken&) override {
    return "{\"of\":\"" + question.back().second + "\"}";
  }
  Result<std::string> why(const Fields& question, const http::CancelToken&) override {
    return "{\"why\":\"" + question.back().second + "\"}";
  }
  Result<std::string> reconciliation(const Fields& first, const Fields& last, const http::CancelToken&) override {
    std::string text;
    for (const Fields* one : {&first, &last})
      for (const auto& [name, value] : *one) text += name + "=" + value + ";";
    return text;
  }
  Result<std::string> proposals(const http::CancelToken&) override { return "{\"window\":{}}"; }
  std::vector<Error> check(const http::CancelToken&) override {
    return {{"expr.unknown", "unknown column", ErrorKind::usage, {"kpis/x.yaml", 7, 12}, "did you mean \"amount\"?"}};
  }
  Result<std::string> checks(bool again, tongue::Language language) override {
    return fmt::format("{{\"again\":{},\"fr\":{}}}", again, language == tongue::Language::fr);
  }
  Result<std::string> dimension_values(const std::string& dimension, const std::string& typed, int limit,
                                       const http::CancelToken&) override {
    if (dimension != "channel") return fail(ErrorKind::usage, "split.unknown", "no dimension");
    return fmt::format("{} {} {}", dimension, typed, limit);
  }
  Result<std::string> quarantine(const Fields& fields, const http::CancelToken&) override {
    std::string text;
    for (const auto& [name, value] : fields) text += name + "=" + value + ";";
    return text;
  }
  Result<std::string> quarantined_row(const std::string& id) override { return "{\"id\":\"" + id + "\"}"; }
  Result<std::string> change_quarantine(QuarantineVerb verb, const QuarantineOrder& order,
                                        const http::CancelToken&) override {
    return fmt::format("{} {}", static_cast<int>(verb), quarantine_order_to_json(order));
  }
  Result<exports::Exported> export_to(const ExportOrder& order, const exports::Destination& to,
                                      const http::CancelToken&) override {
    if (order.name == "busy") return fail(ErrorKind::unavailable, "export.busy", "another table is being exported");
    std::string text = order.name + ";";
    for (const auto& [name, value] : order.fields) text += name + "=" + value + ";";
    VIGIE_CHECK(exports::write_all(to.descriptor, text, to.shown_as));
    return exports::Exported{3, {"a note"}};
  }
  Result<std::string> return_maps(const ExportOrder& order, const std::string& file,
                                  const http::CancelToken&) override {
    return order.name + " " + file;
  }
  std::filesystem::path scratch() const override { return std::filesystem::temp_directory_path(); }
  Result<std::string> erase(const EraseOrder& order) override { return "{\"erased\":\"" + order.id + "\"}"; }
  Result<std::string> erasures() override { return "{\"erasures\":[]}"; }
  Result<std::string> import(const ImportOrder& order, const http::CancelToken&) override {
    return "{\"map\":\"" + order.map_file + "\"}";
  }
  Result<std::string> sync(const std::string& source, const http::CancelToken&) override {
    return "{\"sync\":\"" + source + "\"}";
  }
  Result<std::string> sources(tongue::Language, http::Arrival) override { return "{\"sources\":[]}"; }
  Result<std::string> singer(const std::string&) override { return ""; }
};

class Api : public testing::Test {
 protected:
  http::Response get(std::string path, std::vector<http::Parameter> query = {}) {
    request_.method = "GET";
    request_.path = std::move(path);
    request_.query = std::move(query);
    return routes_.handle(request_, {});
  }
  http::Response post(std::string path, std::string body, std::string type = "application/json; charset=utf-8") {
    request_.method = "POST";
    request_.path = std::move(path);
    request_.body = std::move(body);
    request_.headers.push_back({"Content-Type", std::move(type)});
    return routes_.handle(request_, {});
  }
  FakePort port_;
  Routes routes_{port_, std::nullopt, "0.1.0"};
  http::Request request_;
};

TEST_F(Api, TakesTheQuestionFromPathAndQueryString) {
  const auto answer =
      get("/api/v1/kpis/revenue:net", {{"by", "channel,country"}, {"where", ""}, {"param.window", "30"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text(), R"({"kpi":"by=channel,country;param.window=30;kpi=revenue:net;"})");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(get("/api/v1/kpis/revenue", {{"kpi", "orders"}}).status, 400);
}

TEST_F(Api, SendsAnswersAndTablesAsFiles) {
  const auto answer = get("/api/v1/export/kpis/revenue:net", {{"format", "csv"}, {"by", "channel"}, {"guard", "yes"}});
  EXPECT_EQ(answer.status, 200);
  ASSERT_TRUE(answer.file);
  EXPECT_EQ(answer.file->piece(0, 1000), "revenue:net;by=channel;kpi=revenue:net;")
      << "what is about the file is no field";
  EXPECT_EQ(answer.file->piece(8, 3), "net") << "from anywhere";
  EXPECT_EQ(answer.size(), 39U);
  EXPECT_EQ(answer.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"revenue-net.csv\"");
  EXPECT_EQ(answer.header("Vigie-Rows"), "3");
  EXPECT_EQ(answer.header("Vigie-Note"), "a note");
  EXPECT_EQ(get("/api/v1/export/tables/orders", {{"format", "parquet"}}).header("Content-Disposition"),
            "attachment; filename=\"orders.parquet\"");
  EXPECT_EQ(get("/api/v1/export/board", {{"format", "docx"}}).status, 400);
  const auto busy = get("/api/v1/export/tables/busy");
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("Retry-After"), "1");
  EXPECT_EQ(get("/api/v1/export/tables/orders/maps", {{"file", "a/b.csv"}}).text(), "orders a/b.csv");
}

TEST_F(Api, ProposesForTheWholeWorkspaceAndTakesNoFields) {
  EXPECT_EQ(get("/api/v1/propose").text(), R"({"window":{}})");
  EXPECT_EQ(get("/api/v1/propose", {{"language", "fr"}}).status, 200);
  EXPECT_EQ(get("/api/v1/propose", {{"from", "2025-01-01"}}).status, 400);
}

TEST_F(Api, AsksWhatIsBehindAFigureAtTheFigure) {
  EXPECT_EQ(get("/api/v1/kpis/revenue/explain").text(), R"({"of":"revenue"})");
  EXPECT_EQ(get("/api/v1/kpis/revenue:net/why").text(), R"({"why":"revenue:net"})");
  EXPECT_EQ(get("/api/v1/kpis/revenue/reconcile", {{"from", "2025-01-01"}, {"with", "revenue:net"}}).text(),
            "from=2025-01-01;kpi=revenue;from=2025-01-01;kpi=revenue:net;");
  const auto alone = get("/api/v1/kpis/revenue/reconcile");
  EXPECT_EQ(alone.status, 400);
  EXPECT_NE(alone.text().find(R"("code":"reconcile.with")"), std::string::npos) << alone.text();
  EXPECT_EQ(get("/api/v1/kpis/revenue/reconcile", {{"with", "a"}, {"with", "b"}}).status, 400);
  EXPECT_EQ(get("/api/v1/kpis/revenue/why", {{"kpi", "orders"}}).status, 400);
  EXPECT_EQ(get("/api/v1/kpis/revenue/whi").status, 404);
}

TEST_F(Api, GivesTheDocumentsOfTheWorkspace) {
  EXPECT_EQ(get("/api/v1/handbook").text(), "# The KPIs");
  const auto french = get("/api/v1/handbook", {{"language", "fr"}});
  EXPECT_EQ(french.text(), "# Les KPI");
  EXPECT_EQ(french.header("Content-Type"), "text/markdown; charset=utf-8");
  EXPECT_EQ(get("/api/v1/handbook", {{"language", "de"}}).status, 400);
  EXPECT_EQ(get("/api/v1/handbook", {{"lang", "fr"}}).status, 400);
  EXPECT_EQ(get("/api/v1/model/orders").text(), R"({"table":"orders"})");
  EXPECT_EQ(get("/api/v1/model").text(), R"({"table":""})");
}

TEST_F(Api, ChecksForTheOwnerOnly) {
  EXPECT_EQ(get("/api/v1/check").status, 404) << "it reads the whole warehouse";
  request_.arrival = http::Arrival::local;
  request_.headers.push_back({"Vigie-Protocol", "1"});
  const auto found = get("/api/v1/check");
  EXPECT_EQ(found.status, 200);
  EXPECT_NE(found.text().find(R"("kind":"usage","where":{"parameter":"kpis/x.yaml","line":7,"column":12})"),
            std::string::npos)
      << found.text();
}

TEST_F(Api, SaysWhichKpiItDoesNotKnow) {
  request_.id = "r1";
  const auto answer = get("/api/v1/kpis/revnue");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(
      answer.text(),
      R"({"type":"https://vigie.example/errors/kpi.unknown","title":"Unknown KPI","status":404,"detail":"no KPI \"revnue\"",)"
      R"("code":"kpi.unknown","kind":"usage","where":{"parameter":"kpi","line":1,"column":1},"hint":"did you mean \"revenue\"?","request_id":"r1"})");
}

TEST_F(Api, SaysItsProblemsInTheLanguageAskedFor) {
  constexpr std::string_view kHint = "\"hint\":\"vouliez-vous dire «\u00a0revenue\u00a0»\u00a0?\"";
  const auto by_field = get("/api/v1/kpis/revnue", {{"language", "fr"}});
  EXPECT_NE(by_field.text().find(kHint), std::string::npos) << by_field.text();
  EXPECT_EQ(by_field.header("Content-Language"), "fr");
  request_.headers = {{"Accept-Language", "de, fr-FR;q=0.9, en;q=0.8"}};
  const auto by_header = get("/api/v1/kpis/revnue");
  EXPECT_NE(by_header.text().find("\"title\":\"KPI inconnu\""), std::string::npos) << by_header.text();
  EXPECT_EQ(get("/api/v1/kpis/revnue", {{"language", "en"}}).header("Content-Language"), "en")
      << "the field goes before the header";
  request_.query.clear();
  const auto batch = post("/api/v1/ask", questions_to_json({{{"kpi", "a"}}, {{"kpi", "revnue"}}}));
  EXPECT_NE(batch.text().find(kHint), std::string::npos) << "a problem in a batch too: " << batch.text();
  EXPECT_EQ(get("/api/v1/handbook").text(), "# Les KPI");
}

TEST_F(Api, KnowsTheLanguagesItSpeaks) {
  EXPECT_EQ(get("/api/v1/kpis/revenue", {{"language", "fr"}}).text(), R"({"kpi":"kpi=revenue;"})")
      << "no field of the question";
  EXPECT_EQ(get("/api/v1/kpis/revenue", {{"language", "de"}}).status, 400);
  EXPECT_EQ(get("/api/v1/workspace", {{"language", ""}}).status, 400);
  EXPECT_EQ(get("/api/v1/kpis/revenue", {{"language", "fr"}, {"language", "en"}}).status, 400);
  EXPECT_EQ(get("/api/v1/dimensions/channel/values", {{"language", "fr"}}).status, 200);
}

TEST_F(Api, AnswersABatchInOrderWithEachFailureInItsPlace) {
  const auto answer = post("/api/v1/ask", questions_to_json({{{"kpi", "a"}}, {{"kpi", "revnue"}}, {{"kpi", "b"}}}));
  EXPECT_EQ(answer.status, 200);
  const std::string text(answer.text());
  EXPECT_TRUE(text.starts_with(R"({"answers":[{"kpi":"kpi=a;"},{"type":)")) << text;
  EXPECT_TRUE(text.ends_with(R"(},{"kpi":"kpi=b;"}],"as_of":"2026-11-22T23:00:00Z"})")) << text;
}

TEST_F(Api, GivesTheProblemItselfWhenNothingCouldBeAnswered) {
  const auto late = post("/api/v1/ask", questions_to_json({{{"kpi", "slow"}}, {{"kpi", "slow"}}}));
  EXPECT_EQ(late.status, 503);
  EXPECT_EQ(late.header("Retry-After"), "1");
}

TEST_F(Api, TakesQuestionsAsJsonOnly) {
  EXPECT_EQ(post("/api/v1/ask", questions_to_json({{{"kpi", "a"}}}), "text/plain").status, 415)
      << "any web page may send text/plain";
}

TEST_F(Api, AsksTheBoardForTheTenAtOnce) {
  EXPECT_EQ(
      get("/api/v1/board", {{"grain", "month"}}).text(),
      R"({"answers":[{"kpi":"grain=month;kpi=conversion_rate;split=optional;stand_in=allowed;"},{"kpi":"grain=month;kpi=revenue;split=optional;stand_in=allowed;"}],"as_of":"2026-11-22T23:00:00Z"})");
  EXPECT_EQ(get("/api/v1/board", {{"variant", "x"}}).status, 400);
  EXPECT_EQ(get("/api/v1/board", {{"split", "optional"}}).status, 400) << "it always is";
}

TEST_F(Api, ListsTheValuesOfADimension) {
  EXPECT_EQ(get("/api/v1/dimensions/channel/values", {{"q", "pa"}, {"limit", "7"}}).text(), "channel pa 7");
  EXPECT_EQ(get("/api/v1/dimensions/chanel/values").status, 400);
  EXPECT_EQ(get("/api/v1/dimensions/channel/values", {{"limit", "0"}}).status, 400);
  EXPECT_EQ(get("/api/v1/dimensions/channel/values", {{"limt", "5"}}).status, 400);
}

TEST_F(Api, TakesNoFieldThatItDoesNotReadAndNoneTwice) {
  const auto refused = [&](const std::string& path, std::vector<http::Parameter> query) {
    const auto reply = get(path, std::move(query));
    EXPECT_EQ(reply.status, 400) << path;
    return std::string(reply.text());
  };
  for (const char* path : {"/api/v1/workspace", "/api/v1/kpis", "/api/v1/model", "/api/v1/model/orders",
                           "/api/v1/propose", "/api/v1/handbook"}) {
    EXPECT_NE(refused(path, {{"from", "2025-01-01"}})
                  .find(R"("detail":"unknown field \"from\"","code":"question.unknown_field")"),
              std::string::npos)
        << path;
    EXPECT_EQ(get(path, {{"language", "fr"}}).status, 200) << path;
  }
  request_.query = {{"kpi", "revenue"}};
  EXPECT_EQ(post("/api/v1/ask", questions_to_json({{{"kpi", "a"}}})).status, 400) << "its questions stand in the body";
  for (const char* field : {"q", "limit"})
    EXPECT_NE(refused("/api/v1/dimensions/channel/values", {{field, "1"}, {field, "2"}})
                  .find(R"("code":"question.repeated")"),
              std::string::npos)
        << field;
  EXPECT_NE(refused("/api/v1/dimensions/channel/values", {{"limt", "5"}}).find(R"("hint":"known: q, limit, language")"),
            std::string::npos);
  EXPECT_EQ(get("/api/v1/dimensions/channel/values", {{"limit", ""}}).text(), "channel  50") << "empty is not given";
}

TEST_F(Api, NamesTheNearestAddressAndTheRightMethod) {
  const auto unknown = get("/api/v1/kpi");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.text().find(R"(did you mean \"/api/v1/kpis\"?)"), std::string::npos) << unknown.text();
  const auto method = get("/api/v1/ask");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.header("Allow"), "POST");
  EXPECT_NE(method.text().find("GET is not answered at /api/v1/ask; it takes POST"), std::string::npos)
      << method.text();
  EXPECT_EQ(get("/api/v1/kpis/").status, 404);
  EXPECT_EQ(get("/").header("Content-Type"), "application/problem+json") << "there is no web app here";
}

TEST_F(Api, ImportsForTheOwnerOnlyAndForItsOwnVersion) {
  const std::string order = import_order_to_json({"/m.yaml", {}, {}, {}});
  EXPECT_EQ(post("/api/v1/import", order).status, 404) << "over the network there is no such address";
  request_.arrival = http::Arrival::local;
  const auto other = post("/api/v1/import", order);
  EXPECT_EQ(other.status, 409) << "no Vigie-Protocol";
  EXPECT_NE(other.text().find(R"("kind":"unavailable")"), std::string::npos)
      << "nothing is wrong with the question: " << other.text();
  request_.headers.push_back({"Vigie-Protocol", "1"});
  EXPECT_EQ(post("/api/v1/import", order).text(), R"({"map":"/m.yaml"})");
}

TEST_F(Api, TakesNoPathWhoseFolderItDoesNotKnow) {
  request_.arrival = http::Arrival::local;
  request_.headers.push_back({"Vigie-Protocol", "1"});
  for (const ImportOrder& order :
       {ImportOrder{"m.yaml", {}, {}, {}}, ImportOrder{"/m.yaml", "in", {}, {}},
        ImportOrder{"/m.yaml", {}, {"x.csv"}, {}}, ImportOrder{"/m.yaml", {}, {}, {{"a", "x.csv"}}}}) {
    const auto refused = post("/api/v1/import", import_order_to_json(order));
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(refused.text().find(R"("code":"import.relative_path")"), std::string::npos) << refused.text();
  }
}

TEST_F(Api, IsHealthyAtOnce) {
  request_.method = "GET";
  request_.path = "/healthz";
  EXPECT_EQ(routes_.immediate(request_)->text(), R"({"status":"ok","version":"0.1.0"})");
  request_.path = "/api/v1/kpis";
  EXPECT_FALSE(routes_.immediate(request_));
}

TEST_F(Api, OrdersOfTheQuarantineAreOfThisMachineAlone) {
  const std::string order =
      R"({"ids":[3,7],"where":{"code":"cast.enum"},"set":{"country":"FR"},"by":"anna","why":"x"})";
  for (const char* what : {"fix", "replay", "drop"})
    EXPECT_EQ(post(std::string("/api/v1/quarantine/") + what, order).status, 404) << what;
  request_.arrival = http::Arrival::local;
  request_.headers.push_back({"Vigie-Protocol", "1"});
  EXPECT_EQ(post("/api/v1/quarantine/fix", order).text(),
            R"(0 {"where":{"ids":"3,7","code":"cast.enum"},"set":{"country":"FR"},"by":"anna","why":"x"})");
  EXPECT_EQ(post("/api/v1/quarantine/replay", "").text(), R"(1 {"where":{},"set":{},"by":"","why":""})");
  EXPECT_NE(post("/api/v1/quarantine/replay", R"({"file":"rows.csv"})").text().find("import.relative_path"),
            std::string::npos);
  EXPECT_NE(post("/api/v1/quarantine/drop", R"({"all":true})").text().find("question.unknown_field"),
            std::string::npos);
  EXPECT_NE(post("/api/v1/quarantine/drop", R"({"where":["code"]})").text().find("question.type"), std::string::npos);
  EXPECT_EQ(get("/api/v1/quarantine/12").text(), R"({"id":"12"})");
  EXPECT_EQ(get("/api/v1/quarantine", {{"group", "reason"}, {"from", "5"}}).text(), "from=5;group=reason;");
}

}  // namespace
}  // namespace vigie::api
