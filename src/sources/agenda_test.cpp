// What is to be read when: schedules, files of sources/ that change, folders that are watched. The clock is ours.
#include "sources/agenda.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

class Scheduled : public SyncTest {
 protected:
  void SetUp() override {
    SyncTest::SetUp();
    folder_.write("maps/orders.yaml", kOrdersMap);
    run("CREATE TABLE orders(id INTEGER PRIMARY KEY, placed TEXT, customer TEXT, amount NUMERIC, updated TEXT, gone "
        "TEXT, "
        "note TEXT)");
    run("INSERT INTO orders VALUES (1, '2025-06-01', 'ann', 10, '2025-07-01 08:30:00', NULL, NULL)");
    source("every 15 minutes");
    agenda_ = std::make_unique<Agenda>(folder_.path(), std::filesystem::path(VIGIE_SOURCE_DIR) / "presets",
                                       calendar_->zone(), std::chrono::milliseconds(0));
  }
  void run(const char* sql) {
    sqlite3* shop = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "shop.db").c_str(), &shop), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(shop, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(shop);
    sqlite3_close(shop);
  }
  void source(const std::string& schedule, const std::string& table = "orders") {
    folder_.write("sources/shop.yaml", "source: shop\nkind: sqlite\nfile: shop.db\nschedule: " + schedule +
                                           "\nmaps:\n  - {map: maps/orders.yaml, table: " + table +
                                           ", cursor: updated}\n");
  }
  /// The sources that are due, which are then read; "shop!" one that fails.
  std::string round(const std::set<std::string>& under_way = {}) {
    std::string out;
    for (const Agenda::Task& task : agenda_->due(now_, under_way)) {
      whole_ = task.whole;
      const auto report = sync(task.source);
      out += (out.empty() ? "" : " ") + task.source + (report && report->first_error() == nullptr ? "" : "!");
    }
    return out;
  }
  std::unique_ptr<Agenda> agenda_;
};

TEST_F(Scheduled, IsReadWhenItIsDueAndOnceAfterDowntime) {
  EXPECT_EQ(round(), "shop");
  EXPECT_EQ(round(), "");
  at("2025-07-01T09:14:59Z");
  EXPECT_EQ(round(), "");
  at("2025-07-01T09:15:00Z");
  EXPECT_EQ(round({"shop"}), "") << "it is under way";
  EXPECT_EQ(round(), "shop");
  at("2025-07-08T17:03:00Z");
  EXPECT_EQ(round(), "shop");
  EXPECT_EQ(round(), "");
  const Status stands = status();
  EXPECT_EQ(stands.state, State::fine);
  EXPECT_EQ(to_string(*stands.due), "2025-07-08T17:18:00Z");
}

TEST_F(Scheduled, TakesUpWhatChangesInSources) {
  EXPECT_EQ(round(), "shop");
  source("every 5 minutes");
  at("2025-07-01T09:05:00Z");
  EXPECT_EQ(round(), "shop");
  folder_.write("sources/other.yaml", "source: other\nkind: sqlite\n");
  EXPECT_EQ(round(), "");
  const auto wrong = agenda_->news_of_files();
  ASSERT_EQ(wrong.size(), 1U);
  EXPECT_EQ(wrong.front().where.file, "sources/other.yaml");
  folder_.write("sources/third.yaml",
                "source: third\nkind: sqlite\nfile: shop.db\nschedule: every day\nmaps:\n  - {map: "
                "maps/orders.yaml, table: orders, cursor: updated}\n");
  EXPECT_EQ(round(), "third") << "one that was never read";
  EXPECT_TRUE(agenda_->news_of_files().empty()) << "what is known is not told again";
  std::filesystem::remove(folder_ / "sources/shop.yaml");
  at("2025-07-01T11:00:00Z");
  EXPECT_EQ(round(), "");
}

TEST_F(Scheduled, BacksOffAndTriesAgainWhenSomebodyHasMendedIt) {
  source("every 15 minutes", "sales");
  EXPECT_EQ(round(), "shop!");
  at("2025-07-01T09:02:00Z");
  EXPECT_EQ(round(), "") << "a table that is not there is not there in two minutes";
  EXPECT_EQ(status().state, State::failing);
  source("every 15 minutes", "orders");
  EXPECT_EQ(round(), "shop");
  EXPECT_EQ(status().state, State::fine);
  EXPECT_EQ(status().failures, 0);
  // The file is gone, and comes back by itself.
  std::filesystem::rename(folder_ / "shop.db", folder_ / "away.db");
  at("2025-07-01T09:20:00Z");
  EXPECT_EQ(round(), "shop!");
  at("2025-07-01T09:21:00Z");
  EXPECT_EQ(round(), "");
  std::filesystem::rename(folder_ / "away.db", folder_ / "shop.db");
  at("2025-07-01T09:21:10Z");
  EXPECT_EQ(round(), "shop");
}

TEST_F(Scheduled, IsReadWhenSomebodyAsks) {
  EXPECT_EQ(round(), "shop");
  EXPECT_TRUE(agenda_->ask("shop"));
  EXPECT_EQ(round({"shop"}), "") << "once more when that has ended";
  EXPECT_EQ(round(), "shop");
  EXPECT_EQ(agenda_->ask("shp").error().text(), "no source \"shp\"; did you mean \"shop\"?");
}

TEST_F(Scheduled, TellsHowOldTheDataAre) {
  EXPECT_EQ(round(), "shop");
  // 08:30 by a clock in Paris, in summer.
  EXPECT_EQ(to_string(*status().feeds.front().run->data_until), "2025-07-01T06:30:00Z");
  at("2025-07-01T09:15:00Z");
  run("INSERT INTO orders VALUES (2, '2025-06-01', 'ann', 10, '2025-07-01 11:10:00', NULL, NULL)");
  EXPECT_EQ(round(), "shop");
  EXPECT_EQ(to_string(*status().feeds.front().run->data_until), "2025-07-01T09:10:00Z");
  at("2025-07-01T09:30:00Z");
  EXPECT_EQ(round(), "shop");
  EXPECT_EQ(to_string(*status().feeds.front().run->data_until), "2025-07-01T09:10:00Z") << "nothing newer is there";
}

TEST_F(Scheduled, FiguresAreToldOfASourceThatIsBehind) {
  EXPECT_EQ(round(), "shop");
  EXPECT_TRUE(behind().empty());
  std::filesystem::remove(folder_ / "shop.db");
  at("2025-07-01T09:15:00Z");
  EXPECT_EQ(round(), "shop!");
  EXPECT_TRUE(behind().empty()) << "one time may be missed";
  at("2025-07-01T09:30:00Z");
  ASSERT_EQ(behind().size(), 1U);
  EXPECT_EQ(behind().front().source, "shop");
  EXPECT_EQ(behind().front().tables, std::set<std::string>{"orders"});
  EXPECT_EQ(to_string(*behind().front().last_good), "2025-07-01T09:00:00Z");
  EXPECT_TRUE(behind().front().fails);
  std::filesystem::remove(folder_ / "sources/shop.yaml");
  EXPECT_TRUE(behind().empty());
  EXPECT_FALSE(may_be_behind(folder_.path(), now_)) << "nobody's source is behind nothing";
}

TEST_F(Scheduled, NobodyWhoReadsItIsToldToo) {
  EXPECT_EQ(round(), "shop");
  at("2025-07-01T10:29:59Z");
  EXPECT_TRUE(behind().empty());
  at("2025-07-01T10:30:00Z");
  ASSERT_EQ(behind().size(), 1U);
  EXPECT_FALSE(behind().front().fails);
  EXPECT_EQ(status().state, State::behind);
}

TEST_F(Scheduled, ARunThatIsStoppedNeverWas) {
  EXPECT_EQ(round(), "shop");
  const std::string before = rows("SELECT count(*)::VARCHAR FROM orders");
  run("INSERT INTO orders VALUES (2, '2025-06-01', 'ann', 10, '2025-07-01 11:10:00', NULL, NULL)");
  const std::atomic<bool> stopped = true;
  cancelled_ = &stopped;
  at("2025-07-01T09:15:00Z");
  EXPECT_EQ(round(), "shop!");
  cancelled_ = nullptr;
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM orders"), before);
  EXPECT_EQ(status().state, State::fine);
  EXPECT_EQ(to_string(status().feeds.front().run->began), "2025-07-01T09:00:00Z");
  EXPECT_EQ(round(), "shop") << "and so it is due";
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM orders"), "2");
}

class Watched : public Scheduled {
 protected:
  void SetUp() override {
    Scheduled::SetUp();
    std::filesystem::remove(folder_ / "sources/shop.yaml");
    folder_.write("maps/till.yaml",
                  "map: till\nsource: till\ntable: orders\ninput: {files: '*.csv'}\n"
                  "columns: {key: id, ordered_at: day, amount_net: amount}\n");
    std::filesystem::create_directories(folder_ / "drop");
    folder("");
  }
  void folder(const std::string& more) {
    folder_.write("sources/till.yaml", "source: till\nkind: files\nfolder: drop\n" + more +
                                           "maps:\n  - {map: maps/till.yaml, files: 'till-*.csv'}\n");
  }
  void file(const std::string& name, int rows, int seconds_ago) {
    std::string text = "id,day,amount\n";
    for (int i = 1; i <= rows; ++i) text += fmt::format("{},2025-06-01,1\n", i);
    const auto path = folder_.write("drop/" + name, text);
    const timespec then{now_.micros / kMicrosPerSecond - seconds_ago, 0};
    const timespec both[2] = {then, then};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), both, 0), 0);
  }
  std::string count() { return rows("SELECT count(*)::VARCHAR FROM orders"); }
};

TEST_F(Watched, AFileIsTakenWhenItHasSettledAndNeverWhileItGrows) {
  EXPECT_EQ(round(), "");
  for (int grown = 1; grown <= 3; ++grown) {
    file("till-1.csv", grown, 1);
    EXPECT_EQ(round(), "");
    now_.micros += 59 * kMicrosPerSecond - 1'000'000;
    EXPECT_EQ(round(), "") << "not a minute since it was written last";
  }
  now_.micros += kMicrosPerSecond + 1'000'000;
  EXPECT_EQ(round(), "till");
  EXPECT_EQ(count(), "3");
  EXPECT_EQ(round(), "");
  EXPECT_EQ(status("till").state, State::fine);
  EXPECT_TRUE(status("till").is_watched);
}

TEST_F(Watched, OneThatIsMovedInIsWholeAtOnce) {
  EXPECT_EQ(round(), "");
  file("till-1.csv.part", 2, 0);
  EXPECT_EQ(round(), "");
  std::filesystem::rename(folder_ / "drop/till-1.csv.part", folder_ / "drop/till-1.csv");
  EXPECT_EQ(round(), "till");
  EXPECT_EQ(count(), "2");
  // Moved in, and written on: it settles first.
  file("elsewhere", 4, 0);
  std::filesystem::rename(folder_ / "drop/elsewhere", folder_ / "drop/till-2.csv");
  file("till-2.csv", 5, 0);
  EXPECT_EQ(round(), "");
  now_.micros += 60 * kMicrosPerSecond;
  EXPECT_EQ(round(), "till");
  EXPECT_EQ(count(), "5");
}

TEST_F(Watched, WithAMarkItIsTakenOnceThatIsThere) {
  folder("done: .done\n");
  file("till-1.csv", 2, 900);
  EXPECT_EQ(round(), "");
  folder_.write("drop/till-1.csv.done", "");
  EXPECT_EQ(round(), "till");
  EXPECT_EQ(count(), "2");
}

TEST_F(Watched, AFileThatCannotBeTakenWaitsUntilItIsAnotherOrTheMapIs) {
  folder_.write("drop/till-0.csv", "id,day\n1,2025-06-01\n");
  now_ = Instant{now_.micros + 366 * kMicrosPerDay * 10};
  EXPECT_EQ(round(), "till!");
  EXPECT_EQ(round(), "");
  now_.micros += 3600 * kMicrosPerSecond;
  EXPECT_EQ(round(), "") << "what somebody must mend is not tried again and again";
  file("till-1.csv", 2, 900);
  EXPECT_EQ(round(), "till!") << "the first is still wrong";
  EXPECT_EQ(count(), "2") << "and the second is in";
  std::filesystem::remove(folder_ / "drop/till-0.csv");
  EXPECT_EQ(round(), "till");
  EXPECT_EQ(status("till").state, State::fine);
}

TEST_F(Watched, AFolderThatIsNotThereIsLookedForAgain) {
  std::filesystem::remove_all(folder_ / "drop");
  EXPECT_EQ(round(), "till!");
  EXPECT_EQ(round(), "");
  std::filesystem::create_directories(folder_ / "drop");
  EXPECT_EQ(round(), "till");
}

TEST_F(Watched, WithAScheduleItIsNotWatched) {
  folder("schedule: every hour\n");
  EXPECT_EQ(round(), "till");
  file("till-1.csv", 2, 900);
  EXPECT_EQ(round(), "");
  now_.micros += 3600 * kMicrosPerSecond;
  EXPECT_EQ(round(), "till");
}

}  // namespace
}  // namespace vigie::sources
