// vigie serve keeps the sources of its workspace up to date.
#include <sqlite3.h>

#include <fstream>
#include <thread>

#include "doors/program.h"

namespace vigie::doors {
namespace {

using std::chrono::steady_clock;

class ServedSources : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "co"}, folder_.path()).code, 0);
    folder_.write(
        "co/maps/orders.yaml",
        "map: orders\nsource: shop\ntable: orders\ninput: {from_source: true}\ncolumns: {key: id, ordered_at: "
        "placed, amount_net: amount, status: {value: confirmed}}\n");
    folder_.write("co/maps/till.yaml",
                  "map: till\nsource: till\ntable: orders\ninput: {files: '*.csv'}\ncolumns: {key: id, ordered_at: "
                  "placed, amount_net: amount, status: {value: confirmed}}\n");
    std::filesystem::create_directories(folder_ / "co/drop");
    run("CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, amount NUMERIC)");
    run("INSERT INTO orders VALUES (1, '2025-06-01', 10)");
  }
  void shop(const std::string& rows = "table: orders, cursor: id") {
    folder_.write(
        "co/sources/shop.yaml",
        "source: shop\nkind: sqlite\nfile: shop.db\nschedule: every day\nmaps:\n  - {map: maps/orders.yaml, " + rows +
            "}\n");
  }
  void till(const std::string& more) {
    folder_.write("co/sources/till.yaml", "source: till\nkind: files\nfolder: drop\n" + more +
                                              "\nmaps:\n  - {map: maps/till.yaml, files: 'till-*.csv'}\n");
  }
  void run(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "co/shop.db").c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  /// The revenue of June as the server answers it, with what it says beside.
  static Reply revenue(const Serving& server) {
    return server.get("/api/v1/kpis/revenue?from=2025-06-01&to=2025-07-01&grain=total");
  }
  static bool is_revenue(const Serving& server, const std::string& exact) {
    return revenue(server).body.find("\"value_exact\":\"" + exact + "\"") != std::string::npos;
  }
  static bool within(std::chrono::seconds time, const std::function<bool()>& holds) {
    const auto end = steady_clock::now() + time;
    while (!holds() && steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return holds();
  }
  static bool says(const Serving& server, const std::string& text) {
    return server.get("/api/v1/sources").body.find(text) != std::string::npos;
  }
  Folder folder_;
  static constexpr std::chrono::seconds kSoon{20};
};

TEST_F(ServedSources, AreReadWhenDueAndWhenAsked) {
  shop();
  const Serving server(folder_ / "co");
  EXPECT_TRUE(within(kSoon, [&] { return is_revenue(server, "10"); })) << "one that was never read is due";
  EXPECT_TRUE(within(kSoon, [&] { return says(server, "\"state\":\"fine\""); }));
  run("INSERT INTO orders VALUES (2, '2025-06-02', 20)");
  EXPECT_EQ(server.post("/api/v1/sources/shop/sync", "").body, R"({"source":"shop","state":"asked"})");
  EXPECT_TRUE(within(kSoon, [&] { return is_revenue(server, "30"); }));
  const Reply unknown = server.post("/api/v1/sources/shp/sync", "{}", {"Accept-Language: fr"});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.body.find("aucune source «\u00a0shp\u00a0»"), std::string::npos) << unknown.body;
  EXPECT_EQ(server.post("/api/v1/sources/shop/sync", "", {}, "text/plain").status, 415) << "no page of the web asks";
  const Ran stands = vigie({"sources", "-w", "co"}, folder_.path());
  EXPECT_NE(stands.out.find("every day"), std::string::npos) << stands.out << stands.err;
}

TEST_F(ServedSources, OneThatFailsIsToldBesideTheFiguresAndRecovers) {
  shop("table: sales, cursor: id");
  const Serving server(folder_ / "co");
  EXPECT_TRUE(within(kSoon, [&] { return says(server, "\"state\":\"failing\""); }));
  EXPECT_TRUE(within(kSoon, [&] { return revenue(server).body.find("\"source_never_read\"") != std::string::npos; }))
      << revenue(server).body;
  EXPECT_EQ(server.get("/api/v1/kpis/nps?from=2025-06-01&to=2025-07-01&grain=total").body.find("source_never_read"),
            std::string::npos)
      << "surveys do not rest on it";
  const Reply french = server.get("/api/v1/sources?language=fr");
  EXPECT_NE(french.body.find("ce qui ne va pas est dit sur la machine même"), std::string::npos) << french.body;
  shop();  // mended: no restart, nobody has to say so
  EXPECT_TRUE(within(kSoon, [&] { return is_revenue(server, "10"); }));
  EXPECT_TRUE(within(kSoon, [&] { return revenue(server).body.find("source_never_read") == std::string::npos; }));
}

TEST_F(ServedSources, AFileIsTakenWithinSecondsAndNeverWhileItGrows) {
  till("settled: 2 seconds");
  const Serving server(folder_ / "co");
  {
    std::ofstream growing(folder_ / "co/drop/till-1.csv");
    growing << "id,placed,amount\n" << std::flush;
    for (int i = 1; i <= 40; ++i) {
      growing << i << ",2025-06-01,1\n" << std::flush;
      std::this_thread::sleep_for(std::chrono::milliseconds(75));
      EXPECT_FALSE(i % 10 == 0 && revenue(server).body.find("\"value_exact\":\"") != std::string::npos &&
                   !is_revenue(server, "0"))
          << "row " << i;
    }
  }
  EXPECT_TRUE(within(kSoon, [&] { return is_revenue(server, "40"); })) << revenue(server).body;
  // Under another name first, then moved in: at once.
  till("settled: 1 hour");
  folder_.write("co/drop/till-2.part", "id,placed,amount\n99,2025-06-02,60\n");
  std::this_thread::sleep_for(std::chrono::seconds(3));  // the server has taken up the new file of the source
  std::filesystem::rename(folder_ / "co/drop/till-2.part", folder_ / "co/drop/till-2.csv");
  const auto moved = steady_clock::now();
  EXPECT_TRUE(within(kSoon, [&] { return is_revenue(server, "100"); }));
  EXPECT_LT(steady_clock::now() - moved, std::chrono::seconds(10));
}

TEST_F(ServedSources, WhileOneIsReadAnswersAndImportsGoOn) {
  // A database that thinks for half a minute before its first row.
  shop(
      "query: \"SELECT id, placed, amount FROM orders WHERE (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
      "FROM n WHERE i < 300000000) SELECT max(i) FROM n) > 0\"");
  till("done: .done");
  const Serving server(folder_ / "co");
  EXPECT_TRUE(within(kSoon, [&] { return says(server, "\"state\":\"running\""); }));
  EXPECT_EQ(revenue(server).status, 200);
  folder_.write("co/drop/till-1.csv", "id,placed,amount\n99,2025-06-02,60\n");
  folder_.write("co/drop/till-1.csv.done", "");
  EXPECT_TRUE(within(kSoon, [&] { return is_revenue(server, "60"); })) << "another source has its turn";
  EXPECT_TRUE(says(server, "\"state\":\"running\"")) << "it still thinks";
  // And the server stops at once all the same: Serving waits for it.
}

TEST_F(ServedSources, AreStoppedOnTheirWayAndReadAgainAtTheNextStart) {
  run("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) INSERT INTO orders SELECT i, "
      "'2025-06-01', 1 FROM n");
  shop();
  {
    const Serving server(folder_ / "co");
    EXPECT_TRUE(within(kSoon, [&] { return says(server, "\"state\":\"running\""); }));
  }
  const Ran stands = vigie({"sources", "-w", "co", "--format", "json"}, folder_.path());
  EXPECT_NE(stands.out.find("\"state\":\"never_run\""), std::string::npos) << stands.out;
  const Serving server(folder_ / "co");
  EXPECT_TRUE(within(std::chrono::seconds(60), [&] { return is_revenue(server, "300009"); })) << revenue(server).body;
}

TEST_F(ServedSources, AreCheckedWithWebhooksAndTheMapsOfEvents) {
  folder_.write("co/maps/events/visits.yaml",
                "map: visits\nsource: web\ntable: orders\ninput: {files: none.csv}\ncolumns: {key: id, ordered_at: at, "
                "amount_net: amount}\n");
  folder_.write("co/webhooks/shop.yaml", "scheme: hmac\nsecret: env:NOT_HERE\nmap: visit\nheader: X-Signature\n");
  folder_.write("co/webhooks/pay.yaml", "scheme: stripes\nsecret: env:NOT_HERE\nmap: visits\n");
  folder_.write("co/webhooks/old.yml", "");
  const Ran found = vigie({"check", "-w", "co"}, folder_.path());
  EXPECT_EQ(found.code, 2) << found.err;
  EXPECT_NE(found.err.find("maps/events/visits.yaml:1:1: the map \"visits\" does not read JSON lines"),
            std::string::npos)
      << found.err;
  EXPECT_NE(found.err.find("webhooks/old.yml is not read"), std::string::npos);
  EXPECT_NE(found.err.find("webhooks/pay.yaml:1:9: scheme: \"stripes\" is not known"), std::string::npos);
  EXPECT_NE(found.err.find("webhooks/shop.yaml:3:6: no map \"visit\" in the workspace"), std::string::npos);
  const Serving server(folder_ / "co");
  EXPECT_EQ(vigie({"check", "-w", "co"}, folder_.path()).err, found.err) << "through the server, the same";
}

}  // namespace
}  // namespace vigie::doors
