// What imports could not take, as a person finds it again.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <future>

#include "doors/company.h"
#include "server/http/http_client.h"

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
            "batch,map,file,row,column,code,value,message,record\n"
            "1,products,in/products.csv,3,id,key.missing,,the key of the row is "
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
                                 {"--batch", "-1"}};
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
