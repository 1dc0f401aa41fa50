// A customer asks to be forgotten, at the command line and through the server that has the workspace open.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <thread>

#include "base/file.h"
#include "doors/company.h"

namespace vigie::doors {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Erase : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(vigie({"init", "shop"}, folder_.path()).code, 0);
    folder_.write("in/people.csv", "id,name,mail\nA1,Ada Byron,ada.byron@example.org\nB2,Bob Stone,bob@example.org\n");
    folder_.write("in/people.yaml",
                  "map: people\nsource: shop\ntable: customers\ninput: people.csv\ncolumns: {key: id, name: name, "
                  "x_mail: {from: mail, privacy: personal}}\n");
    folder_.write("in/sales.csv", "id,day,client,net\n1,2025-01-01,A1,10\n2,2025-01-02,B2,20\n");
    folder_.write("in/sales.yaml",
                  "map: sales\nsource: shop\ntable: orders\ninput: sales.csv\ncolumns: {key: id, ordered_at: day, "
                  "customer_key: client, amount_net: net}\n");
    const Ran ran = vigie({"import", "-w", "shop", "--map", "in"}, folder_.path());
    ASSERT_EQ(ran.code, 0) << ran.err;
  }
  Ran erase(std::vector<std::string> words, Language language = Language::en) const {
    words.insert(words.begin(), "erase");
    words.insert(words.end(), {"-w", "shop"});
    return vigie(words, folder_.path(), language);
  }
  bool holds(std::string_view text) const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path() / "shop"))
      if (entry.is_regular_file() && bytes_of(entry.path()).value_or("").contains(text)) return true;
    return false;
  }
  std::string revenue() const {
    return vigie({"kpi", "revenue", "-w", "shop", "--from", "2025-01-01", "--to", "2025-02-01", "--format", "csv"},
                 folder_.path())
        .out;
  }

  const Folder folder_;
};

TEST_F(Erase, TellsFirstAndAsks) {
  const Ran dry = erase({"customer", "A1", "--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  for (const char* said :
       {"What would go; nothing was changed.", "customers.name", "customers.x_mail", "in/people.csv"})
    EXPECT_TRUE(dry.out.contains(said)) << said << "\n" << dry.out;
  EXPECT_TRUE(
      erase({"customer", "A1", "--dry-run"}, Language::fr).out.contains("valeurs personnelles qui partiraient"));
  const Ran refused = shell("echo no | vigie erase customer A1 -w shop", folder_.path());
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(holds("ada.byron@example.org"));
  EXPECT_EQ(erase({"list"}).out, "Nobody was erased here.\n");
  const std::string before = revenue();
  const Ran done = shell("echo erase | vigie erase customer A1 -w shop --who dpo --format json", folder_.path());
  ASSERT_EQ(done.code, 0) << done.err;
  const json::value receipt = json::parse(done.out);
  EXPECT_EQ(receipt.at("by"), json::value("dpo"));
  EXPECT_FALSE(holds("ada.byron@example.org"));
  EXPECT_FALSE(holds("Ada Byron"));
  EXPECT_TRUE(holds("Bob Stone"));
  EXPECT_EQ(revenue(), before);
  const json::value listed = json::parse(erase({"list", "--format", "json"}).out);
  EXPECT_EQ(listed.at("erasures").at(0).at("pseudonym"), receipt.at("pseudonym"));
  EXPECT_EQ(erase({"customer", "A1", "--yes"}).code, 2);
  EXPECT_TRUE(erase({"customer", "A1", "--yes"}, Language::fr).err.contains("ce client de shop a déjà été effacé"));
}

TEST_F(Erase, GoesThroughTheServerThatHasTheWorkspaceOpen) {
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  const std::string before = revenue();
  std::atomic<bool> stop = false;
  std::atomic<int> asked = 0, wrong = 0;
  std::jthread reader([&] {
    while (!stop) {
      const Reply reply = server.get("/api/v1/kpis/revenue?from=2025-01-01&to=2025-02-01");
      ++asked;
      if (reply.status != 200) ++wrong;
    }
  });
  const Ran done = erase({"customer", "A1", "--yes"});
  stop = true;
  reader.join();
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_GT(asked, 0);
  EXPECT_EQ(wrong, 0) << "who asks meanwhile waits";
  EXPECT_EQ(revenue(), before);
  EXPECT_FALSE(holds("ada.byron@example.org"));
  EXPECT_EQ(server.post("/api/v1/erase", R"({"id":"B2"})").status, 404) << "nobody signs in at that address";
  // What comes next is imported by the same server, into the file that took the other's place.
  folder_.write("in/people.csv", "id,name,mail\nA1,Ada Byron,ada.byron@example.org\nB2,Bob Stone,bob@new.example\n");
  const Ran again = vigie({"import", "-w", "shop", "--map", "in/people.yaml"}, folder_.path());
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_TRUE(again.out.contains("1 of somebody who was erased")) << again.out;
  EXPECT_FALSE(holds("ada.byron@example.org"));
}

TEST_F(Erase, EventsOfTheErasedBringNoNameAndTheJournalForgets) {
  folder_.write(
      "shop/maps/people.yaml",
      "map: people_events\nsource: shop\ntable: customers\ninput: {files: none.jsonl, format: jsonl}\ncolumns: "
      "{key: id, name: name, x_mail: {from: mail, privacy: personal}}\n");
  folder_.write("shop/maps/readers.yaml",
                "map: readers\nsource: news\ntable: touchpoints\ninput: {files: none.jsonl, format: jsonl}\ncolumns: "
                "{key: id, occurred_at: at, visitor_key: {from: reader, privacy: hash}}\n");
  const Serving server(folder_.path() / "shop");
  ASSERT_TRUE(server.answers());
  const auto push = [&](const std::string& map, const std::string& event) {
    EXPECT_EQ(server.post("/api/v1/events?map=" + map, event).status / 100, 2);
    for (int i = 0; i < 100; ++i) {
      const Reply status = server.get("/api/v1/events");
      if (status.body.contains("\"lag\":{\"events\":0")) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "the event was not applied";
  };
  push("readers", R"({"id":"r1","at":"2025-01-01T10:00:00Z","reader":"secret.reader@example.org"})");
  EXPECT_FALSE(holds("secret.reader@example.org")) << "hashed before the journal keeps it";
  push("people_events", R"({"id":"A1","name":"Ada Byron","mail":"ada.byron@example.org"})");
  EXPECT_TRUE(holds("ada.byron@example.org"));
  const Ran done = erase({"customer", "A1", "--yes"});
  ASSERT_EQ(done.code, 0) << done.err;
  bool gone = false;
  for (int i = 0; i < 60 && !gone; ++i) {
    gone = !holds("ada.byron@example.org");
    if (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(gone) << "what is applied is removed from the journal";
}

}  // namespace
}  // namespace vigie::doors
