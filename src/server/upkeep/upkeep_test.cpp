// A server that keeps its sources up to date, by a clock of ours.
#include "server/upkeep/upkeep.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/test_folder.h"

namespace vigie::upkeep {
namespace {

using std::chrono::steady_clock;

/// A clock that is set by hand.
class HandClock final : public Clock {
 public:
  explicit HandClock(std::string_view at) { set(at); }
  void set(std::string_view at) { at_ = parse_instant(at)->micros; }
  Instant now() const override { return {at_.load()}; }

 private:
  std::atomic<std::int64_t> at_ = 0;
};

class KeptUp : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(workspace::Workspace::init(folder_ / "co", {.company = "Co"}));
    folder_.write(
        "co/maps/orders.yaml",
        "map: orders\nsource: shop\ntable: orders\ninput: {from_source: true}\ncolumns: {key: id, ordered_at: "
        "placed, amount_net: amount}\n");
    folder_.write("co/sources/shop.yaml",
                  "source: shop\nkind: sqlite\nfile: shop.db\nschedule: every 15 minutes\nmaps:\n  - {map: "
                  "maps/orders.yaml, table: orders, cursor: id}\n");
    run("CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, amount NUMERIC)");
    run("INSERT INTO orders VALUES (1, '2025-06-01', 10)");
    workspace_ = *workspace::Workspace::open(folder_ / "co", clock_);
  }
  void run(const std::string& sql) {
    sqlite3* shop = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "co/shop.db").c_str(), &shop), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(shop, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(shop);
    sqlite3_close(shop);
  }
  Log log() {
    return {[this](const Error& error) { say(error.message); }, [this](const std::string& note) { say(note); }};
  }
  void say(const std::string& text) {
    const std::lock_guard guard(mutex_);
    said_.push_back(text);
  }
  std::vector<std::string> said() {
    const std::lock_guard guard(mutex_);
    return said_;
  }
  sources::Status status() { return workspace_->source_status()->front(); }
  static bool within_seconds(const std::function<bool()>& holds) {
    const auto end = steady_clock::now() + std::chrono::seconds(30);
    while (!holds() && steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return holds();
  }
  /// Waits until the last run began at that time, and is over.
  bool ran_at(std::string_view time) {
    return within_seconds([&] {
      const sources::Status found = status();
      return found.state != sources::State::running && found.feeds.front().run &&
             to_string(found.feeds.front().run->began) == time;
    });
  }

  TestFolder folder_;
  HandClock clock_{"2025-07-01T09:00:00Z"};
  std::unique_ptr<workspace::Workspace> workspace_;
  std::mutex mutex_;
  std::vector<std::string> said_;
  static constexpr Pace kFast{std::chrono::milliseconds(5), std::chrono::milliseconds(5)};
};

TEST_F(KeptUp, ReadsWhatIsDueFailsOnceAndRecovers) {
  const Upkeep upkeep(*workspace_, log(), kFast);
  EXPECT_TRUE(ran_at("2025-07-01T09:00:00Z"));
  EXPECT_EQ(status().feeds.front().run->loaded, 1);
  run("ALTER TABLE orders RENAME TO away");
  clock_.set("2025-07-01T09:15:00Z");
  EXPECT_TRUE(ran_at("2025-07-01T09:15:00Z"));
  EXPECT_EQ(status().state, sources::State::failing);
  clock_.set("2025-07-01T09:30:00Z");
  EXPECT_TRUE(ran_at("2025-07-01T09:30:00Z"));
  EXPECT_EQ(status().failures, 2);
  EXPECT_EQ(said().size(), 1U) << "the same error is told once";
  EXPECT_TRUE(said().front().starts_with("the sync of shop failed: the source shop cannot give these rows"))
      << said().front();
  run("ALTER TABLE away RENAME TO orders");
  run("INSERT INTO orders VALUES (2, '2025-06-02', 20)");
  clock_.set("2025-07-01T09:45:00Z");
  EXPECT_TRUE(ran_at("2025-07-01T09:45:00Z"));
  EXPECT_EQ(status().state, sources::State::fine);
  EXPECT_TRUE(within_seconds([&] { return said().size() == 2; }));
  EXPECT_EQ(said().back(), "the source shop, orders is read again");
}

TEST_F(KeptUp, ReadsWhenItIsAsked) {
  Upkeep upkeep(*workspace_, log(), kFast);
  EXPECT_TRUE(ran_at("2025-07-01T09:00:00Z"));
  clock_.set("2025-07-01T09:01:00Z");
  EXPECT_TRUE(upkeep.ask("shop"));
  EXPECT_TRUE(ran_at("2025-07-01T09:01:00Z"));
  EXPECT_EQ(upkeep.ask("shp").error().code, "source.unknown");
}

TEST_F(KeptUp, IsToldBesideTheFiguresThatRestOnIt) {
  ASSERT_TRUE(workspace_->sync({.source = "shop"}));
  const auto told = [&](const char* kpi) {
    const auto question = plan::question_from_fields({{"kpi", kpi}}, workspace_->calendar());
    const auto answers = workspace_->ask({*question}, {});
    if (!answers.front()) return answers.front().error().text();
    std::string out;
    for (const kpi::Warning& one : answers.front()->warnings)
      if (one.code.starts_with("source_")) out += one.message.en + "\n";
    return out;
  };
  EXPECT_EQ(told("revenue"), "");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // it is looked for once a second
  clock_.set("2025-07-01T10:30:00Z");
  EXPECT_EQ(told("revenue"),
            "the source shop was last read at 2025-07-01 11:00, and its schedule asks for more: vigie serve keeps it, "
            "vigie sync catches up\n");
  EXPECT_EQ(told("nps"), "") << "surveys do not rest on it";
  run("DROP TABLE orders");
  ASSERT_TRUE(workspace_->sync({.source = "shop"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  EXPECT_EQ(told("revenue"),
            "the source shop was last read at 2025-07-01 11:00, and its syncs fail since: vigie sources says why\n");
}

TEST_F(KeptUp, IsStoppedOnItsWayAndLeavesAllAsItWas) {
  {
    const Upkeep upkeep(*workspace_, log(), kFast);
    EXPECT_TRUE(ran_at("2025-07-01T09:00:00Z"));
  }
  run("DELETE FROM orders");
  run("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) INSERT INTO orders SELECT i, "
      "'2025-06-01', 1 FROM n");
  clock_.set("2025-07-01T09:15:00Z");
  {
    const Upkeep upkeep(*workspace_, log(), kFast);
    EXPECT_TRUE(within_seconds([&] { return status().state == sources::State::running; }));
    EXPECT_EQ(workspace_->sync({.source = "shop"}).error().code, "import.busy") << "not twice at a time";
  }
  EXPECT_EQ(to_string(status().feeds.front().run->began), "2025-07-01T09:00:00Z");
  EXPECT_EQ(status().state, sources::State::fine);
  EXPECT_TRUE(said().empty()) << said().front();
  const Upkeep upkeep(*workspace_, log(), kFast);
  EXPECT_TRUE(ran_at("2025-07-01T09:15:00Z"));
  EXPECT_EQ(status().feeds.front().run->loaded, 399'999);
}

}  // namespace
}  // namespace vigie::upkeep
