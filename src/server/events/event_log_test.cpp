// Events on their way into a real workspace.
#include "server/events/event_log.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/test_folder.h"

namespace vigie::events {
namespace {

namespace fs = std::filesystem;

constexpr const char* kShop =
    "map: shop_orders\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
    "columns: {key: id, ordered_at: at, amount_net: amount, status: {value: confirmed}}\n";
constexpr const char* kLeads =
    "map: web_leads\nsource: web\ntable: leads\ninput: {files: none.jsonl, format: jsonl}\n"
    "columns: {key: id, created_at: at}\n";

class EventLogTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(workspace::Workspace::init(folder_ / "w", {}));
    folder_.write("w/maps/shop.yaml", kShop);
    folder_.write("w/maps/events/leads.yaml", kLeads);
    open();
  }
  void TearDown() override { close(); }

  void open(const journal::Options& options = {}) {
    auto opened = workspace::Workspace::open(folder_ / "w", clock_);
    ASSERT_TRUE(opened) << opened.error().text();
    workspace_ = std::move(*opened);
    log_ = std::make_unique<EventLog>(
        *workspace_, clock_,
        [this](const Error& error) {
          const std::lock_guard guard(told_mutex_);
          told_.push_back(error);
        },
        options);
  }
  void close() {
    log_.reset();
    workspace_.reset();
  }
  std::string codes_told() {
    const std::lock_guard guard(told_mutex_);
    std::string out;
    for (const Error& one : told_) out += (out.empty() ? "" : " ") + one.code;
    return out;
  }

  static Posted order(int id, const std::string& key = {}) {
    return {"shop_orders", key, fmt::format(R"({{"id":{},"at":"2025-06-01","amount":10}})", id), 1};
  }
  static Posted lead(int id) { return {"web_leads", {}, fmt::format(R"({{"id":{},"at":"2025-06-01"}})", id), 1}; }

  std::string code_of(const std::vector<Posted>& events) {
    const auto taken = log_->take(events);
    return taken ? "taken" : taken.error().code;
  }
  /// Waits until the answer is this, or gives up.
  template <class Asked>
  static void becomes(const Asked& asked, const std::string& expected) {
    std::string found;
    for (int i = 0; i < 400 && (found = asked()) != expected; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    EXPECT_EQ(found, expected);
  }
  std::string orders() {
    plan::Question question;
    const auto parsed = plan::question_from_fields(
        {{"kpi", "orders"}, {"from", "2025-06-01"}, {"to", "2025-07-01"}, {"grain", "total"}}, workspace_->calendar());
    if (!parsed) return parsed.error().text();
    const auto answer =
        workspace_->ask({*parsed}, {.deadline = std::chrono::seconds(30), .cancelled = nullptr}).front();
    if (!answer) return answer.error().text();
    return answer->total.value ? fmt::format("{}", *answer->total.value) : "none";
  }
  std::string status() { return log_->status(tongue::Language::en); }
  bool status_has(const std::string& text) { return status().find(text) != std::string::npos; }

  TestFolder folder_;
  SystemClock clock_;
  std::mutex told_mutex_;
  std::vector<Error> told_;
  std::unique_ptr<workspace::Workspace> workspace_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(EventLogTest, EventsAreInTheAnswersWithinAMoment) {
  const auto taken = log_->take({order(1), order(2)});
  ASSERT_TRUE(taken) << taken.error().text();
  EXPECT_EQ(taken->accepted, 2U);
  EXPECT_EQ(taken->first, 1U);
  EXPECT_EQ(taken->last, 2U);
  becomes([&] { return orders(); }, "2");
  // The first makes the workspace warm; then the promise holds, on a machine that keeps up: one that has others to
  // serve takes long for the question alone. The median of five.
  const auto asked = std::chrono::steady_clock::now();
  orders();
  const auto of_question = std::chrono::steady_clock::now() - asked;
  std::vector<std::chrono::steady_clock::duration> took;
  for (int i = 3; i < 8; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(log_->take({order(i)}));
    becomes([&] { return orders(); }, fmt::format("{}", i));
    took.push_back(std::chrono::steady_clock::now() - begun);
  }
  std::ranges::sort(took);
  EXPECT_LT(took[2], std::max<std::chrono::steady_clock::duration>(std::chrono::seconds(1), 20 * of_question));
  becomes([&] { return status().substr(0, 58); }, R"({"last":7,"applied":7,"lag":{"events":0,"seconds":0},"byte)");
}

TEST_F(EventLogTest, AWorkspaceThatNobodyPushesToHasNoJournal) {
  EXPECT_TRUE(status_has(R"("last":0,"applied":0)"));
  EXPECT_FALSE(fs::exists(folder_ / "w/data/journal"));
}

TEST_F(EventLogTest, AKeyComesInOnce) {
  ASSERT_TRUE(log_->take({order(1, "a")}));
  const auto again = log_->take({order(1, "a"), order(2, "b")});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->duplicates, 1U);
  EXPECT_EQ(again->accepted, 1U);
  close();
  open();
  EXPECT_EQ(log_->take({order(1, "a")})->duplicates, 1U);
  becomes([&] { return orders(); }, "2");
}

TEST_F(EventLogTest, WhatWasNotAppliedIsAtTheNextStart) {
  ASSERT_TRUE(log_->take({order(1)}));
  becomes([&] { return orders(); }, "1");
  close();
  {
    // As if the server had been killed between the acknowledgement and the warehouse.
    auto journal = journal::Journal::open(folder_ / "w/data/journal", clock_, {.applied = 1});
    ASSERT_TRUE(journal);
    ASSERT_TRUE((*journal)->append(std::vector<journal::Entry>{{"shop_orders", "", order(2).payload},
                                                               {"web_leads", "", lead(1).payload},
                                                               {"shop_orders", "", order(3).payload}}));
  }
  open();
  becomes([&] { return orders(); }, "3");
  becomes([&] { return std::string(status_has(R"("last":4,"applied":4)") ? "applied" : status()); }, "applied");
  EXPECT_EQ(codes_told(), "");
}

TEST_F(EventLogTest, AMapThatIsUnknownOrTakesNoEventsIsTold) {
  Posted unknown = order(1);
  unknown.map = "shop_order";
  unknown.line = 4;
  const auto refused = log_->take({order(1), unknown});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "body:4:1: no map \"shop_order\" in the workspace; did you mean \"shop_orders\"?");
  EXPECT_FALSE(fs::exists(folder_ / "w/data/journal")) << "none of a request is kept where one is refused";
  folder_.write("w/maps/csv.yaml",
                "map: of_csv\nsource: s\ntable: orders\ninput: a.csv\ncolumns: {key: id, ordered_at: at, status: "
                "{value: confirmed}}\n");
  folder_.write("w/maps/snap.yaml",
                "map: of_snap\nmode: snapshot\nsource: s\ntable: orders\ninput: {files: a, format: jsonl}\n"
                "columns: {key: id, ordered_at: at, status: {value: confirmed}}\n");
  folder_.write("w/maps/events/also_leads.yaml", kLeads);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  for (const char* map : {"of_csv", "of_snap", "web_leads"}) {
    const std::string code = code_of({{"none", "", "{}", 1}});  // what is not known has the folder read
    EXPECT_EQ(code, "events.unknown_map");
    EXPECT_EQ(code_of({{map, "", "{}", 1}}), "events.map") << map;
  }
}

TEST_F(EventLogTest, AMapThatBreaksKeepsItsOwnEventsWaitingAndNobodyElses) {
  ASSERT_TRUE(log_->take({order(1), lead(1)}));
  becomes([&] { return orders(); }, "1");
  becomes([&] { return std::string(status_has(R"("last":2,"applied":2)") ? "applied" : status()); }, "applied");
  folder_.write("w/maps/shop.yaml", "map: shop_orders\nsource: shop\ntable: oders\n");
  {
    // They were taken while the map was right: the journal has them.
    close();
    auto journal = journal::Journal::open(folder_ / "w/data/journal", clock_, {.applied = 2});
    ASSERT_TRUE((*journal)->append(std::vector<journal::Entry>{{"shop_orders", "", order(2).payload},
                                                               {"web_leads", "", lead(2).payload},
                                                               {"shop_orders", "", order(3).payload}}));
  }
  open();
  becomes([&] { return std::string(status_has(R"("map":"web_leads","applied":4,"waiting":0)") ? "yes" : status()); },
          "yes");
  becomes([&] { return std::string(status_has(R"("map":"shop_orders","applied":1,"waiting":2)") ? "yes" : status()); },
          "yes");
  EXPECT_TRUE(status_has(R"("code":"map.unknown_table")")) << status();
  EXPECT_TRUE(status_has(R"("last":5,"applied":2,"lag":{"events":3)")) << status();
  EXPECT_EQ(codes_told(), "map.unknown_table") << "once, however often it is tried";
  ASSERT_TRUE(log_->take({lead(3)}));
  close();
  open();
  folder_.write("w/maps/shop.yaml", kShop);
  becomes([&] { return orders(); }, "3");
  becomes([&] { return std::string(status_has(R"("last":6,"applied":6,"lag":{"events":0)") ? "yes" : status()); },
          "yes");
}

TEST_F(EventLogTest, ARowThatCannotBeTakenWaitsInTheQuarantine) {
  ASSERT_TRUE(log_->take({{"shop_orders", "", R"({"id":1,"at":"yesterday","amount":10})", 1}, order(2)}));
  becomes([&] { return orders(); }, "1");
  becomes([&] { return std::string(status_has(R"("taken":2,"quarantined":1)") ? "yes" : status()); }, "yes");
  const auto found = workspace_->quarantine({.batch = 0, .map = "shop_orders", .limit = 10, .bytes = 10'000}, {});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->rows.size(), 1U);
  EXPECT_EQ(found->rows[0].code, "cast.date");
  EXPECT_NE(found->rows[0].record.find("\"_sequence\""), std::string::npos) << found->rows[0].record;
  // All of a batch refused: it is applied nonetheless, or it would come again and again.
  ASSERT_TRUE(log_->take({{"shop_orders", "", R"({"id":3,"at":"never","amount":10})", 1}}));
  becomes([&] { return std::string(status_has(R"("last":3,"applied":3)") ? "yes" : status()); }, "yes");
}

TEST_F(EventLogTest, EqualEventsWithoutKeyAreTwo) {
  folder_.write("w/maps/visits.yaml",
                "map: keyless\nsource: shop\ntable: orders\ninput: {files: none.jsonl, format: jsonl}\n"
                "columns: {ordered_at: at, amount_net: amount, status: {value: confirmed}}\n");
  const Posted one{"keyless", "", R"({"at":"2025-06-01","amount":5})", 1};
  ASSERT_TRUE(log_->take({one, one}));
  becomes([&] { return orders(); }, "2");
  ASSERT_TRUE(log_->take({one}));
  becomes([&] { return orders(); }, "3");
}

TEST_F(EventLogTest, AnImportByHandAndEventsWaitForEachOther) {
  folder_.write("w/maps/csv.yaml",
                "map: by_hand\nsource: hand\ntable: orders\ninput: a.csv\n"
                "columns: {key: id, ordered_at: at, status: {value: confirmed}}\n");
  std::atomic<bool> done = false;
  int pushed = 0;
  {
    const std::jthread pushes([&] {
      for (int i = 0; !done; ++i, ++pushed) EXPECT_TRUE(log_->take({order(i)}));
    });
    for (int i = 0; i < 5; ++i) {
      const fs::path file = folder_.write(fmt::format("{}.csv", i), fmt::format("id,at\n{},2025-06-01\n", i));
      const auto receipt = workspace_->import({.map_file = folder_ / "w/maps/csv.yaml",
                                               .folder = {},
                                               .files = {file},
                                               .named_files = {},
                                               .applied = {},
                                               .progress = {}});
      EXPECT_TRUE(receipt) << receipt.error().text();
    }
    done = true;
  }
  becomes([&] { return orders(); }, fmt::format("{}", 5 + pushed));
}

TEST_F(EventLogTest, AWebhookThatCannotBeUsedIsToldAtTheStart) {
  close();
  folder_.write("w/webhooks/good.yaml", "scheme: stripe\nsecret: env:PATH\nmap: shop_orders\n");
  folder_.write("w/webhooks/no_map.yaml", "scheme: stripe\nsecret: env:PATH\nmap: shop_order\n");
  folder_.write("w/webhooks/no_secret.yaml", "scheme: stripe\nsecret: env:VIGIE_TEST_NO_SUCH\nmap: shop_orders\n");
  folder_.write("w/webhooks/wrong.yaml", "scheme: strype\nsecret: env:PATH\nmap: shop_orders\n");
  folder_.write("w/webhooks/Large.yaml", "scheme: stripe\nsecret: env:PATH\nmap: shop_orders\n");
  folder_.write("w/webhooks/short.yml", "scheme: stripe\nsecret: env:PATH\nmap: shop_orders\n");
  open();
  EXPECT_EQ(codes_told(), "webhooks.name webhooks.name events.unknown_map webhooks.unusable webhooks.unusable");
}

TEST_F(EventLogTest, AFileOfTheJournalThatIsAwayForAMomentLosesNoEvent) {
  close();
  open({.segment_bytes = 100});
  int pushed = 0;
  const auto push = [&] { ASSERT_TRUE(log_->take({order(++pushed)})); };
  const auto last_file = [&] {
    fs::path last;
    for (const auto& one : fs::directory_iterator(folder_ / "w/data/journal"))
      if (one.path().extension() == ".log") last = std::max(last, one.path());
    return last;
  };
  // Between two transactions there is time for two files: the first of them is read, and the second is away.
  for (int tries = 0; tries < 20 && codes_told().empty(); ++tries) {
    push(), push(), push();
    const fs::path away = last_file();
    fs::rename(away, folder_ / "away");
    for (int i = 0; i < 40 && codes_told().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(25));
    fs::rename(folder_ / "away", away);
  }
  EXPECT_EQ(codes_told(), "file.unreadable");
  push();
  becomes([&] { return orders(); }, fmt::format("{}", pushed));
  becomes([&] { return std::string(status_has(R"("lag":{"events":0)") ? "yes" : status()); }, "yes");
  EXPECT_EQ(codes_told(), "file.unreadable") << "told once";
}

TEST_F(EventLogTest, WhatIsNotWantedAnyMoreCanGo) {
  // A map was removed on purpose, and its events wait. A map of its name that takes none lets them go.
  ASSERT_TRUE(log_->take({order(1)}));
  becomes([&] { return orders(); }, "1");
  close();
  {
    auto journal = journal::Journal::open(folder_ / "w/data/journal", clock_, {.applied = 1});
    ASSERT_TRUE((*journal)->append(std::vector<journal::Entry>{{"shop_orders", "", order(2).payload}}));
  }
  fs::remove(folder_ / "w/maps/shop.yaml");
  open();
  becomes([&] { return codes_told(); }, "events.unknown_map");
  folder_.write("w/maps/shop.yaml", std::string(kShop) + "filter: \"false\"\n");
  becomes([&] { return std::string(status_has(R"("last":2,"applied":2)") ? "yes" : status()); }, "yes");
  EXPECT_EQ(orders(), "1");
}

TEST_F(EventLogTest, ADamagedJournalClosesTheDoorAndNothingElse) {
  ASSERT_TRUE(log_->take({order(1)}));
  ASSERT_TRUE(log_->take({order(2)}));
  becomes([&] { return orders(); }, "2");
  close();
  const fs::path segment = folder_ / "w/data/journal/00000000000000000001.log";
  std::string bytes = folder_.read("w/data/journal/00000000000000000001.log");
  bytes[40] = static_cast<char>(bytes[40] ^ 1);
  folder_.write("w/data/journal/00000000000000000001.log", bytes);
  open();
  EXPECT_EQ(codes_told(), "journal.damaged");
  EXPECT_EQ(code_of({order(3)}), "journal.damaged");
  EXPECT_TRUE(status_has(R"("error":{"code":"journal.damaged")")) << status();
  EXPECT_EQ(orders(), "2");
}

}  // namespace
}  // namespace vigie::events
