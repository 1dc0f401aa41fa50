// What imports could not take, as a person finds it again.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "doors/company.h"
#include "server/http/http_client.h"
#include "store/database.h"

namespace vigie::doors {
namespace {

namespace json = boost::json;
using Words = std::vector<std::string>;

class Quarantine : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "shop"}, folder_.path()).code, 0);
    folder_.write("in/spend.csv",
                  "channel,day,cost\nweb,03/03/2025,10\nshop,31/02/2025,5\n\"we,b\",04/03/2025,x\nweb\n");
    folder_.write("in/spend.yaml",
                  "map: spend\nsource: ads\ntable: channel_spend\ninput: spend.csv\ndate_format: \"%d/%m/%Y\"\n"
                  "columns: {channel: channel, date: day, spend: cost}\n");
    folder_.write("in/products.csv", "id,name\nA,Apples\n,Pears\n");
    folder_.write(
        "in/products.yaml",
        "map: products\nsource: till\ntable: products\ninput: products.csv\ncolumns: {key: id, name: name}\n");
    const Ran ran = vigie({"import", "-w", "shop", "--map", "in"}, folder_.path());
    ASSERT_EQ(ran.code, 0) << ran.err;
  }
  Ran quarantine(Words words) const {
    words.insert(words.begin(), {"quarantine", "-w", "shop"});
    return vigie(words, folder_.path());
  }

  const Folder folder_;
};

TEST_F(Quarantine, ListsEachRowWithItsReason) {
  const Ran all = quarantine({});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(std::ranges::count(all.out, '\n'), 5) << "a head and four rows\n" << all.out;
  EXPECT_NE(all.out.find("31/02/2025"), std::string::npos) << all.out;
  EXPECT_NE(all.out.find("not a date in the declared format, or a day that does not exist"), std::string::npos);
  const Ran first = quarantine({"--map", "spend", "--rows", "1"});
  EXPECT_TRUE(first.out.ends_with("\n2 more, not shown: say --rows\n")) << first.out;
  EXPECT_EQ(quarantine({"--map", "spend", "--rows", "1", "--format", "csv"}).err,
            "vigie: 2 more, not shown: say --rows\n");
  EXPECT_TRUE(vigie({"quarantine", "-w", "shop", "--rows", "1"}, folder_.path(), Language::fr)
                  .out.ends_with("\nencore 3, sans être montrées\u00a0: dites --rows\n"));
  const Ran head = quarantine({"--rows", "0"});
  EXPECT_TRUE(head.out.ends_with("\n4 more, not shown: say --rows\n")) << head.out;
  EXPECT_FALSE(head.out.contains("No row was refused")) << head.out;
  const Ran batch = quarantine({"--batch", "1", "--format", "csv"});
  EXPECT_EQ(batch.out,
            "id,batch,map,file,row,column,code,value,message,record\n"
            "1,1,products,in/products.csv,3,id,key.missing,,the key of the row is "
            "empty,\"{\"\"id\"\":null,\"\"name\"\":\"\"Pears\"\"}\"\n");
  const Ran none = quarantine({"--map", "spnd"});
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.err, "vigie: nothing was imported with a map \"spnd\"; did you mean \"spend\"?\n");
  EXPECT_EQ(quarantine({"--batch", "9"}).err, "vigie: there is no batch 9; the last one is 2\n");
  EXPECT_EQ(quarantine({"--rows", "some"}).err, "vigie: rows: \"some\" is no number from 0 to 100000\n");
}

TEST_F(Quarantine, IsTheSameThroughAServer) {
  const std::vector<Words> asked{{},
                                 {"--format", "csv"},
                                 {"--format", "json"},
                                 {"--map", "spend", "--rows", "1", "--format", "csv"},
                                 {"--map", "spnd"},
                                 {"--batch", "-1"},
                                 {"list", "--by", "reason"},
                                 {"list", "--where", "column=day", "--skip", "1"},
                                 {"show", "3"},
                                 {"show", "3", "--format", "json"},
                                 {"fix", "99", "--set", "day=1"},
                                 {"drop", "1"},
                                 {"replay", "--map", "spend"}};
  std::vector<Ran> alone;
  for (const Words& words : asked) alone.push_back(quarantine(words));
  const json::value listed = json::parse(alone[2].out);
  EXPECT_EQ(listed.at("rows").as_array().size(), 4U);
  EXPECT_EQ(listed.at("left_out"), json::value(0));
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Ran served = quarantine(asked[i]);
    EXPECT_EQ(served.code, alone[i].code) << i;
    EXPECT_EQ(served.out, alone[i].out) << i;
    EXPECT_EQ(served.err, alone[i].err) << i;
  }
  EXPECT_EQ(server.get("/api/v1/quarantine").status, 404) << "input rows are for who is on this machine";
}

// The story of docs/import.md: a list, a look, a value, another run, and what is not wanted.
TEST_F(Quarantine, IsAQueue) {
  EXPECT_EQ(quarantine({"list", "--by", "reason", "--format", "csv"}).out,
            "rows,map,column,code,message,example_id,example_file,example_row,example\n"
            "1,products,id,key.missing,the key of the row is empty,1,in/products.csv,3,\n"
            "1,spend,day,cast.date,\"not a date in the declared format, or a day that does not "
            "exist\",3,in/spend.csv,3,31/02/2025\n"
            "1,spend,cost,cast.number,\"not a number as the map says they are written (decimal, thousands, symbols, "
            "parentheses)\",4,in/spend.csv,4,x\n"
            "1,spend,,csv.columns,\"the record has 1 of 3 columns; where those that are not written are empty, say "
            "short_rows: fill\",2,in/spend.csv,5,web\n");
  const Ran shown = quarantine({"show", "3"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const char* said : {"in/spend.csv, row 3", "cast.date, day: not a date", "in/spend.yaml:6", "31/02/2025"})
    EXPECT_TRUE(shown.out.contains(said)) << said << "\n" << shown.out;
  EXPECT_EQ(quarantine({"fix", "3", "--set", "day=28/02/2025"}).out, "rows with a value that was given: 1 (day 1)\n");
  const Ran ran = quarantine({"replay", "--map", "spend"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(
      ran.out.starts_with("spend → channel_spend: read 3 = loaded 1 + updated 0 + unchanged 0 + quarantined 2\n"))
      << ran.out;
  EXPECT_TRUE(quarantine({"show", "3"}).out.contains("taken")) << "its trace";
  const Ran again = quarantine({"replay", "3"});
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(again.err.starts_with("vigie: row 3 has left the quarantine: replayed, ")) << again.err;
  EXPECT_EQ(quarantine({"replay", "--map", "spend"}).code, 3) << "the others are as they were";
  EXPECT_EQ(quarantine({"drop", "--where", "code=key.missing"}).code, 2) << "it wants a reason";
  EXPECT_EQ(quarantine({"drop", "--where", "code=key.missing", "--why", "a total", "--who", "anna"}).code, 0);
  EXPECT_TRUE(quarantine({"show", "1"}).out.contains("anna, a total"));
  EXPECT_EQ(quarantine({"list", "--format", "csv"}).out.substr(0, 50).find("1,1,products"), std::string::npos);
  EXPECT_TRUE(vigie({"quarantine", "show", "77", "-w", "shop"}, folder_.path(), Language::fr)
                  .err.starts_with("vigie: il n'y a pas de ligne 77 en quarantaine"));
}

TEST_F(Quarantine, IsWrittenOverInASpreadsheet) {
  const Ran out = quarantine({"fix", "--map", "spend", "--out", "rows.csv"});
  EXPECT_EQ(out.out, "rows written to rows.csv: 3\n") << out.err;
  EXPECT_EQ(folder_.read("rows.csv"),
            "_id,_map,_reasons,_record,channel,day,cost\n"
            "2,spend,csv.columns,web,,,\n"
            "3,spend,cast.date day,,shop,31/02/2025,5\n"
            "4,spend,cast.number cost,,\"we,b\",04/03/2025,x\n");
  folder_.write("rows.csv",
                "_id,_map,_reasons,_record,channel,day,cost\n"
                "2,spend,csv.columns,web,web,05/03/2025,7\n"
                "3,spend,cast.date day,,shop,28/02/2025,5\n"
                "4,spend,cast.number cost,,\"we,b\",04/03/2025,6\n");
  const Ran ran = quarantine({"replay", "rows.csv"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "rows with a value that was given: 3 (channel 1, cost 2, day 2)\n"
            "spend → channel_spend: read 3 = loaded 3 + updated 0 + unchanged 0 + quarantined 0\n");
  const Ran none = quarantine({"replay", "rows.csv"});
  EXPECT_EQ(none.code, 2) << "they have left";
}

// Pushed events wait in the same queue, and commands go through the server that takes them.
TEST_F(Quarantine, HoldsEventsToo) {
  folder_.write(
      "shop/maps/events/carts.yaml",
      "map: carts\nsource: web\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
      "columns: {key: id, ordered_at: at, amount_net: amount, status: {from: state, values: {ok: confirmed}}}\n");
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  ASSERT_EQ(server
                .post("/api/v1/events?map=carts",
                      R"([{"id":1,"at":"2025-06-01","amount":5,"state":"new"},{"id":2,"at":"2025-06-01","amount":6}])")
                .status,
            202);
  for (int i = 0; i < 200 && quarantine({"--map", "carts"}).code != 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(quarantine({"--map", "carts"}).out.contains("cast.enum")) << quarantine({"--map", "carts"}).err;
  folder_.write(
      "shop/maps/events/carts.yaml",
      "map: carts\nsource: web\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
      "columns: {key: id, ordered_at: at, amount_net: amount, status: {from: state, values: {ok: confirmed, new: "
      "test}}}\n");
  const Ran ran = quarantine({"replay", "--where", "code=cast.enum", "--format", "json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const json::value report = json::parse(ran.out);
  EXPECT_EQ(report.at("maps").at(0).at("receipt").at("loaded"), json::value(1)) << ran.out;
  EXPECT_EQ(server.post("/api/v1/quarantine/replay", "{}").status, 404) << "nobody else's";
}

// A workspace as the version before the queue left it opens, and what waits in it has numbers.
TEST_F(Quarantine, TakesOverAWorkspaceOfBefore) {
  {
    auto database = store::Database::open({.file = folder_ / "shop/data/warehouse.duckdb"});
    ASSERT_TRUE(database) << database.error().text();
    ASSERT_TRUE((*database)->connect()->execute("DROP TABLE _waiting; DROP TABLE _settled"));
  }
  EXPECT_EQ(quarantine({"fix", "--where", "code=cast.date", "--set", "day=28/02/2025"}).out,
            "rows with a value that was given: 1 (day 1)\n");
  folder_.write("shop/maps/spend.yaml", folder_.read("in/spend.yaml"));  // where it was is not known
  EXPECT_EQ(quarantine({"replay", "--where", "code=cast.date"}).out,
            "spend → channel_spend: read 1 = loaded 1 + updated 0 + unchanged 0 + quarantined 0\n");
}

TEST_F(Quarantine, TellsATerminalNothing) {
  folder_.write("in/spend.csv", "channel,day,cost\nweb,\x1b]0;gone\x07\u009b2J\x7f,10\n");
  ASSERT_EQ(vigie({"import", "-w", "shop", "--map", "in/spend.yaml"}, folder_.path()).code, 3);
  const std::string out = quarantine({"--map", "spend"}).out;
  EXPECT_TRUE(out.contains(" ]0;gone  2J")) << out;
  for (const char* sent : {"\x1b", "\x07", "\u009b", "\x7f"}) EXPECT_FALSE(out.contains(sent)) << out;
}

TEST_F(Quarantine, IsEmptyOnceTheRowsAreMended) {
  folder_.write("in/spend.csv", "channel,day,cost\nweb,03/03/2025,10\n");
  folder_.write("in/products.csv", "id,name\nA,Apples\nB,Pears\n");
  ASSERT_EQ(vigie({"import", "-w", "shop", "--map", "in"}, folder_.path()).code, 0);
  EXPECT_EQ(quarantine({}).out, "No row was refused.\n");
  EXPECT_EQ(vigie({"quarantine", "-w", "shop"}, folder_.path(), Language::fr).out, "Aucune ligne refusée.\n");
}

TEST_F(Quarantine, SaysHowToSeeTheOthersOnlyWhereSomethingHelps) {
  std::string rows = "channel,day,cost\n";
  for (int i = 0; i < 100'002; ++i) rows += "web,31/02/2025," + std::to_string(i) + "\n";
  folder_.write("in/spend.csv", rows);
  ASSERT_EQ(vigie({"import", "-w", "shop", "--map", "in/spend.yaml"}, folder_.path()).code, 3);
  const auto said = [&](Words narrowed) {
    for (const char* word : {"--format", "csv"}) narrowed.emplace_back(word);
    return quarantine(narrowed).err;
  };
  EXPECT_EQ(said({}), "vigie: 3 more, not shown: say --map or --batch\n");
  EXPECT_EQ(said({"--map", "spend"}), "vigie: 2 more, not shown: say --batch\n");
  EXPECT_EQ(said({"--map", "spend", "--batch", "3"}), "vigie: 2 more, not shown: no more are listed at once\n");
  EXPECT_EQ(said({"--batch", "3", "--rows", "100001"}), "vigie: rows: \"100001\" is no number from 0 to 100000\n");
}

/// Whether the server of the workspace imports something: then it refuses to look at a map that is nowhere.
bool is_importing(const std::filesystem::path& workspace) {
  auto server = http::LocalClient::connect(workspace / "data" / "vigie.sock");
  if (!server) return false;
  const auto answer =
      server->send({.method = "POST", .target = "/api/v1/import", .body = R"({"map_file":"/nowhere.yaml"})"}, {});
  return answer && answer->text().contains("import.busy");
}

TEST(Waiting, AnImportSaysForWhomItWaits) {
  const Folder folder;
  ASSERT_EQ(vigie({"init", "shop"}, folder.path()).code, 0);
  std::string rows = "id,name\n";
  for (int i = 0; i < 3000; ++i) rows += std::to_string(i) + ",x\n";
  folder.write("c.csv", rows);
  // Billions of rows: it ends at its own limit, 4.8 s.
  folder.write("slow.yaml",
               "map: slow\nsource: s\ntable: customers\ninputs: {f: c.csv}\nquery_minutes: 0.08\n"
               "query: SELECT max(a.id || b.id || c.id || d.id) AS id FROM f a, f b, f c, f d\ncolumns: {key: id}\n");
  folder.write("quick.yaml", "map: quick\nsource: s\ntable: products\ninput: c.csv\ncolumns: {key: id, name: name}\n");
  const Serving server(folder.path() / "shop");
  ASSERT_TRUE(server.answers());
  auto first = std::async(std::launch::async,
                          [&] { return vigie({"import", "-w", "shop", "--map", "slow.yaml"}, folder.path()); });
  while (!is_importing(folder.path() / "shop") &&
         first.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready)
    continue;
  const Ran ran = vigie({"import", "-w", "shop", "--map", "quick.yaml"}, folder.path());
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::string said = first.get().err;
  EXPECT_TRUE(
      said.ends_with("the query took longer than the 4.8 s it may take; look for a join without its condition; a "
                     "query that needs longer says so: query_minutes: 60\n"))
      << "nothing of ranges, splits and a limit that holds for questions: " << said;
  EXPECT_EQ(ran.err,
            "vigie: another import into this workspace is under way: " + (folder.path() / "slow.yaml").string() +
                "; this one begins when that has ended, however long it takes\n");
  EXPECT_TRUE(ran.out.starts_with("quick → products: read 3000 = loaded 3000")) << ran.out;
}

}  // namespace
}  // namespace vigie::doors
