// A customer goes: nothing of them is left in the workspace's folder, every figure is as it was, and they do not come
// back with the next export.
#include <fstream>

#include "base/file.h"
#include "base/json_text.h"
#include "ingest/privacy.h"
#include "kpi/answer_json.h"
#include "workspace/workspace_fixture.h"

namespace vigie::workspace {
namespace {

const Instant kNow = *parse_instant("2025-07-01T09:00:00Z");

class ErasureTest : public WorkspaceTest {
 protected:
  void SetUp() override {
    WorkspaceTest::SetUp();
    map("people", "customers",
        "  key: id\n  name: name\n  city: town\n  customer_since: {from: since, as: date}\n"
        "  x_mail: {from: mail, privacy: personal}\n  x_shop: shop\n  segment: segment\n  employees: size\n");
    map("leads", "leads",
        "  key: id\n  name: name\n  created_at: day\n  customer_key: client\n  source_channel: channel\n");
    map("deals", "opportunities",
        "  key: id\n  name: title\n  created_at: day\n  closed_at: closed\n  customer_key: client\n  lead_key: lead\n"
        "  outcome: outcome\n  amount: net\n");
    map("sales", "orders",
        "  key: id\n  ordered_at: day\n  customer_key: client\n  amount_net: net\n  channel: channel\n"
        "  status: {from: state, values: {ok: confirmed}}\n");
    map("visits", "touchpoints",
        "  key: id\n  occurred_at: day\n  visitor_key: visitor\n  customer_key: client\n  channel: channel\n"
        "  click_id: click\n");
    map("answers", "survey_responses",
        "  key: mail\n  respondent_key: mail\n  customer_key: client\n  score: score\n  answered_at: day\n"
        "  comment: words\n");
    map("calls", "activities", "  key: id\n  occurred_at: day\n  opportunity_key: deal\n  outcome: words\n");
    write("people.csv",
          "id,name,town,since,mail,shop,segment,size\n"
          "C1,Ada Byron,Lyon,2024-01-05,ada.byron@example.org,north,PME,3\n"
          "C2,Bob Stone,Paris,2024-02-05,bob@example.org,south,PME,9\n"
          "C3,Cleo Park,Lyon,2024-03-05,cleo@example.org,north,ETI,5\n"
          "C9,Ada Byron,Lyon,2024-03-06,other.ada@example.org,ada.byron@example.org,ETI,many\n");
    write("leads.csv", "id,name,day,client,channel\nL1,Ada B.,2024-01-01,C1,web\nL2,Bob,2024-01-02,C2,fair\n");
    write("deals.csv",
          "id,title,day,closed,client,lead,outcome,net\nD1,Ada Byron - renewal,2024-05-01,2024-06-01,C1,L1,won,500\n"
          "D2,Stone,2024-05-02,2024-06-20,C2,L2,lost,300\n");
    write("sales.csv",
          "id,day,client,net,channel,state\nS1,2024-02-01,C1,100,web,ok\nS2,2024-07-01,C1,150,web,ok\n"
          "S3,2024-03-01,C2,80,fair,ok\nS4,2025-02-01,C3,60,web,ok\nS5,2025-03-01,C1,70,web,odd\n");
    write("visits.csv",
          "id,day,visitor,client,channel,click\nV1,2024-01-20,vis-ada-77,,search,g-123\nV2,2024-01-25,vis-ada-77,C1,"
          "web,g-124\n"
          "V3,2024-02-20,vis-bob-78,C2,fair,g-125\n");
    write("answers.csv",
          "mail,client,score,day,words\nada.byron@example.org,C1,10,2025-01-10,\"I am Ada, call 0612345678\"\n"
          "bob@example.org,C2,6,2025-01-11,meh: ask ada.byron@example.org\n");
    write("calls.csv", "id,day,deal,words\nA1,2024-05-03,D1,Ada was pleased\nA2,2024-05-04,D2,Bob was not\n");
  }

  void map(const std::string& name, const std::string& table, const std::string& columns) const {
    write(name + ".yaml",
          fmt::format("map: {0}\nsource: shop\ntable: {1}\ninput: {0}.csv\ncolumns:\n{2}", name, table, columns));
  }
  void import_all(Workspace& workspace) const {
    for (const char* name : {"people", "leads", "deals", "sales", "visits", "answers", "calls"}) {
      const auto receipt = workspace.import(request(std::string(name) + ".yaml"));
      EXPECT_TRUE(receipt) << name << ": " << receipt.error().text();
    }
  }

  /// Every variant of every KPI, and some of them split, as JSON.
  static std::map<std::string, std::string> figures(Workspace& workspace) {
    std::vector<plan::Question> questions;
    std::vector<std::string> names;
    const auto add = [&](const plan::Fields& fields) {
      const auto question = plan::question_from_fields(fields, workspace.calendar());
      ASSERT_TRUE(question) << question.error().text();
      questions.push_back(*question);
      std::string name;
      for (const auto& [field, value] : fields) name += field + "=" + value + " ";
      names.push_back(name);
    };
    for (const catalog::Definition* definition : workspace.catalog().in_force(workspace.today()))
      for (const catalog::Variant& variant : definition->variants) {
        const std::string kpi = definition->id + ":" + variant.name;
        add({{"kpi", kpi}, {"from", "2024-01-01"}, {"to", "2025-07-01"}, {"grain", "quarter"}});
        for (const char* by : {"channel", "x_shop"})
          add({{"kpi", kpi}, {"from", "2024-01-01"}, {"to", "2025-07-01"}, {"grain", "total"}, {"by", by}});
      }
    const auto answers = workspace.ask(questions, {.deadline = std::chrono::minutes(5)});
    std::map<std::string, std::string> out;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      std::string text;
      JsonWriter writer(text);
      if (answers[i]) kpi::to_json(*answers[i], writer);
      else text = answers[i].error().text();
      out[names[i]] = text;
    }
    return out;
  }

  /// The files of the workspace that hold these bytes, in any case.
  std::string files_with(std::string_view text) const {
    std::string out;
    for (const auto& entry : fs::recursive_directory_iterator(home_)) {
      if (!entry.is_regular_file()) continue;
      std::string bytes = bytes_of(entry.path()).value_or("");
      std::ranges::transform(bytes, bytes.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
      if (bytes.find(text) != std::string::npos) out += entry.path().filename().string() + " ";
    }
    return out;
  }

  static std::string rows(const std::string& sql, const fs::path& home) {
    auto database = store::Database::open({.file = home / "data/warehouse.duckdb"});
    if (!database) return database.error().text();
    const auto found = (*database)->connect()->query(sql);
    if (!found) return found.error().text();
    std::string out;
    for (std::size_t row = 0; row < found->rows(); ++row)
      for (std::size_t column = 0; column < found->columns().size(); ++column)
        out += (column > 0 ? "|"
                : row > 0  ? "\n"
                           : "") +
               (found->is_null(row, column) ? "-" : found->text(row, column));
    return out;
  }

  const FixedClock clock_{kNow};
};

TEST_F(ErasureTest, NothingIsLeftAndEveryFigureIsAsItWas) {
  const auto workspace = open(clock_);
  import_all(*workspace);
  const auto before = figures(*workspace);
  ASSERT_GT(before.size(), 100U);
  ASSERT_NE(files_with("ada.byron@example.org"), "");

  const auto foreseen = workspace->erase({"C1", "", true, "dpo", 0});
  ASSERT_TRUE(foreseen) << foreseen.error().text();
  EXPECT_EQ(foreseen->id, 0);
  EXPECT_NE(files_with("ada.byron@example.org"), "") << "a dry run changes nothing";
  EXPECT_FALSE(fs::exists(home_ / "privacy.key"));

  const auto receipt = workspace->erase({"C1", "", false, "dpo", 0});
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->id, 1);
  EXPECT_TRUE(ingest::is_erased(receipt->pseudonym));
  const auto after = figures(*workspace);
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [question, answer] : before) EXPECT_EQ(after.at(question), answer) << question;

  for (const char* text : {"ada.byron", "vis-ada-77", "0612345678", "ada was pleased", "i am ada", "g-124", "ada b."})
    EXPECT_EQ(files_with(text), "") << text;
  const auto listed = workspace->erasures();
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(json_member(listed->front(), "pseudonym"), receipt->pseudonym);
  ASSERT_FALSE(receipt->beyond.empty());
  EXPECT_NE(receipt->beyond.front().files.front().find(".csv"), std::string::npos);
}

TEST_F(ErasureTest, TheNextExportBringsNumbersAndNoName) {
  {
    const auto workspace = open(clock_);
    import_all(*workspace);
    ASSERT_TRUE(workspace->erase({"C1", "", false, "dpo", 0}));
    write(
        "people.csv",
        "id,name,town,since,mail,shop,segment,size\nC1,Ada Byron,Lyon,2024-01-05,ada.byron@example.org,north,PME,4\n");
    write("sales.csv", "id,day,client,net,channel,state\nS1,2024-02-01,C1,111,web,ok\nS6,2025-04-01,C1,20,web,ok\n");
    write("answers.csv",
          "mail,client,score,day,words\nada.byron@example.org,C1,9,2025-01-10,\"I am Ada, call 0612345678\"\n");
    for (const char* name : {"people", "sales", "answers"}) {
      const auto receipt = workspace->import(request(std::string(name) + ".yaml"));
      ASSERT_TRUE(receipt) << receipt.error().text();
      EXPECT_EQ(receipt->erased, std::string_view(name) == "sales" ? 2 : 1) << name;
      EXPECT_EQ(receipt->updated, 1) << name;
    }
  }
  EXPECT_EQ(files_with("ada.byron@"), "");
  EXPECT_EQ(rows("SELECT starts_with(c.source_key, 'erased-')::VARCHAR, c.name, c.x_mail, c.employees::VARCHAR, "
                 "sum(o.amount_net)::VARCHAR FROM customers AS c JOIN orders AS o ON o.customer_key = c.key WHERE "
                 "starts_with(c.source_key, 'erased-') GROUP BY ALL",
                 home_),
            "true|-|-|4|281.0000");
  EXPECT_EQ(
      rows("SELECT score::VARCHAR, comment, starts_with(source_key, 'erased-')::VARCHAR FROM survey_responses ORDER "
           "BY score DESC",
           home_)
          .substr(0, 13),
      "9.0000|-|true");
}

TEST_F(ErasureTest, WhoIsNotThereIsToldWithTheNearest) {
  const auto workspace = open(clock_);
  import_all(*workspace);
  const auto unknown = workspace->erase({"C11", "", true, "dpo", 0});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "erase.unknown");
  EXPECT_EQ(unknown.error().hint, "did you mean \"C1\"?");

  write("people2.csv", "id,name\nC1,Somebody Else\n");
  write("people2.yaml",
        "map: people2\nsource: crm\ntable: customers\ninput: people2.csv\ncolumns: {key: id, name: name}\n");
  ASSERT_TRUE(workspace->import(request("people2.yaml")));
  EXPECT_EQ(workspace->erase({"C1", "", true, "dpo", 0}).error().code, "erase.several_sources");
  ASSERT_TRUE(workspace->erase({"C1", "shop", false, "dpo", 0}));
  EXPECT_EQ(workspace->erase({"C1", "shop", false, "dpo", 0}).error().code, "erase.already");
}

TEST_F(ErasureTest, FilesThatTheWorkspaceHoldsAreWrittenAnew) {
  fs::create_directories(home_ / "files");
  fs::create_directories(home_ / "data/syncs");
  write("w/data/syncs/till.json",
        R"({"maps":[{"map":"people","outcome":"failed","error":{"code":"cast.date","detail":"no date: Ada Byron"}}]})");
  write("w/files/people.xlsx-00000000.csv",
        "town,name,mail\nLyon,Ada Byron,ada.byron@example.org\nParis,Bob Stone,bob@example.org\n");
  write("w/maps/notes.yaml", "# the column \"size\" is not understood: 3, Ada Byron\n");
  write("w/maps/others.yaml", "# the column \"size\" is not understood: 3, Bob Stone\n");
  write("w/data/warehouse.duckdb.before-upgrade-1", "Ada Byron, as an earlier version kept her");
  write("w/data/singer-a1b2c3/piece", "rows on their way");
  write("w/data/journal/applying/people.1-1.jsonl", R"({"id":"C1","name":"Ada Byron"})");
  const fs::path held = home_ / "files/people.xlsx-00000000.csv";
  fs::permissions(held, fs::perms::owner_read | fs::perms::owner_write);
  const auto workspace = open(clock_);
  import_all(*workspace);
  const auto foreseen = workspace->erase({"C1", "", true, "dpo", 0});
  ASSERT_TRUE(foreseen) << foreseen.error().text();
  EXPECT_EQ(foreseen->removed, std::vector<std::string>{"data/warehouse.duckdb.before-upgrade-1"});
  EXPECT_TRUE(fs::exists(home_ / "data/warehouse.duckdb.before-upgrade-1")) << "a dry run removes nothing";
  const auto receipt = workspace->erase({"C1", "", false, "dpo", 0});
  ASSERT_TRUE(receipt) << receipt.error().text();
  ASSERT_EQ(receipt->copies.size(), 1U);
  EXPECT_EQ(receipt->removed, foreseen->removed);
  EXPECT_EQ(receipt->beyond.back().source, "");
  EXPECT_EQ(receipt->beyond.back().files, (std::vector<std::string>{"data/singer-a1b2c3", "maps/notes.yaml"}));
  EXPECT_FALSE(fs::exists(held));
  for (const auto& entry : fs::directory_iterator(home_ / "files"))
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << entry.path();
  EXPECT_EQ(files_with("ada byron"), "notes.yaml ") << "what a person wrote is theirs to change, and is told";
  EXPECT_NE(files_with("bob stone"), "");
  EXPECT_NE(files_with("no date: erased-"), "") << "what an error said of the last run";
}

// A newer export without a map of its own is copied into the workspace: the person stands in the copy again.
TEST_F(ErasureTest, ACopyOfANewerFileIsTold) {
  const auto workspace = open(clock_);
  import_all(*workspace);
  write(
      "w/maps/people.yaml",
      "map: people_again\nsource: shop\ntable: customers\ninput: ../files/people.xlsx-????????.csv\ncolumns: {key: id, "
      "name: name}\n");
  write("w/files/people.xlsx-00000000.csv", "id,name\nC2,Bob Stone\n");
  ASSERT_TRUE(workspace->erase({"C1", "", false, "dpo", 0}));
  // The clock of the test stands in 2025: it was there before.
  fs::last_write_time(home_ / "files/people.xlsx-00000000.csv",
                      fs::file_time_type::clock::now() - std::chrono::years(10));
  const auto others = workspace->import(request("w/maps/people.yaml"));
  ASSERT_TRUE(others) << others.error().text();
  EXPECT_TRUE(others->warnings.empty()) << others->warnings.front();
  write("w/files/people.xlsx-11111111.csv", "id,name\nC1,Ada Byron\n");
  const auto hers = workspace->import(request("w/maps/people.yaml"));
  ASSERT_TRUE(hers) << hers.error().text();
  EXPECT_EQ(hers->erased, 1);
  ASSERT_FALSE(hers->warnings.empty());
  EXPECT_TRUE(hers->warnings.front().contains("people.xlsx-11111111.csv")) << hers->warnings.front();
}

// The receipt that is printed calls files as they are called; the one that is kept does not, where that is a name.
TEST_F(ErasureTest, AFileThatIsCalledAfterThePersonIsToldOnce) {
  const auto workspace = open(clock_);
  import_all(*workspace);
  write("ada.byron@example.org.csv", "id,day,client,net\nG1,2024-02-01,C1,1\n");
  write("gifts.yaml",
        "map: gifts\nsource: gifts\ntable: orders\ninput: ada.byron@example.org.csv\ncolumns: {key: id, ordered_at: "
        "day, customer_key: {from: client, source: shop}, amount_net: net}\n");
  ASSERT_TRUE(workspace->import(request("gifts.yaml")));
  const auto receipt = workspace->erase({"C1", "", false, "dpo", 0});
  ASSERT_TRUE(receipt) << receipt.error().text();
  const auto gifts = std::ranges::find(receipt->beyond, "gifts", &erase::Beyond::source);
  ASSERT_NE(gifts, receipt->beyond.end());
  EXPECT_TRUE(gifts->files.front().ends_with("ada.byron@example.org.csv")) << gifts->files.front();
  const auto kept = workspace->erasures();
  ASSERT_TRUE(kept);
  EXPECT_FALSE(kept->front().contains("ada.byron")) << kept->front();
  EXPECT_EQ(files_with("ada.byron"), "");
}

// Killed between the warehouse, which is the moment, and what lies beside it.
TEST_F(ErasureTest, WhatAKilledErasureLeftIsDoneAtTheNextOpening) {
  {
    const auto workspace = open(clock_);
    import_all(*workspace);
    ASSERT_TRUE(workspace->erase({"C1", "", false, "dpo", 0}));
  }
  const auto left = [&](const std::string& pending) {
    fs::create_directories(home_ / "data/boards");
    write("w/data/boards/x.board", "Ada Byron");
    {
      const auto database = store::Database::open({.file = home_ / "data/warehouse.duckdb"});
      ASSERT_TRUE(database);
      ASSERT_TRUE((*database)->connect()->execute("UPDATE _erasures SET pending = '" + pending + "'"));
    }
    open(clock_);
    EXPECT_EQ(files_with("ada byron"), "") << pending;
    EXPECT_EQ(rows("SELECT count(pending)::VARCHAR FROM _erasures", home_), "0");
  };
  left("[]");
  fs::create_directories(home_ / "files");
  write("w/files/old.csv", "Ada Byron\n");
  write("w/files/.erased-1", "Bob Stone\n");
  left(R"([{"draft":"files/.erased-1","file":"files/new.csv","old":"files/old.csv"}])");
  EXPECT_EQ(bytes_of(home_ / "files/new.csv"), "Bob Stone\n");
  EXPECT_FALSE(fs::exists(home_ / "files/old.csv"));
}

}  // namespace
}  // namespace vigie::workspace
