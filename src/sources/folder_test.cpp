// A folder into which somebody puts a file a day.
#include <fcntl.h>
#include <sys/stat.h>

#include "sources/sync_fixture.h"

namespace vigie::sources {
namespace {

class FolderSync : public SyncTest {
 protected:
  void SetUp() override {
    SyncTest::SetUp();
    write_map("");
    std::filesystem::create_directories(folder_ / "drop [1]");
    follow("");
  }
  void follow(const std::string& more) {
    folder_.write("sources/till.yaml",
                  "source: till\nkind: files\nfolder: drop [1]\n" + more +
                      "maps:\n  - {map: maps/till.yaml, files: ['till-*.csv', 'till-*.csv.gz']}\n");
  }
  /// A file that was last written so many seconds ago.
  void file(const std::string& name, const std::string& text, int seconds_ago = 3600) {
    const auto path = folder_.write(std::filesystem::path("drop [1]") / name, text);
    const timespec then{now_.micros / kMicrosPerSecond - seconds_ago, 0};
    const timespec both[2] = {then, then};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), both, 0), 0);
  }
  void expect_amounts_below(int most) {
    write_map(fmt::format("checks:\n  - {{range: amount_net, max: {}, severity: error}}\n", most));
  }
  void write_map(const std::string& more) {
    folder_.write("maps/till.yaml",
                  "map: till\nsource: till\ntable: orders\ninput: {files: '*.csv', delimiter: ';'}\ndecimal: ','\n"
                  "columns: {key: id, ordered_at: day, customer_key: who, amount_net: amount}\n" +
                      more);
  }
  std::string missing() { return rows("SELECT refused_files FROM _checks WHERE refused_files IS NOT NULL"); }
  std::string amounts() { return rows("SELECT source_key || '=' || amount_net FROM orders ORDER BY source_key"); }
};

constexpr const char* kHead = "id;day;who;amount\n";

TEST_F(FolderSync, TakesEachFileOnce) {
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1,50\n");
  file("other.csv", "nothing to do with it\n");
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
  file("till-02.csv", std::string(kHead) + "1;2025-06-01;ann;2,50\n2;2025-06-02;bob;3\n");
  EXPECT_EQ(told(), "till brought 1+1=0-0!0");
  // The same bytes under another name, or touched, are no news: today's row 1 stays as the later file told it.
  file("till-03.csv", std::string(kHead) + "1;2025-06-01;ann;1,50\n");
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1,50\n", 7200);
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
  EXPECT_EQ(amounts(), "1=2.5000\n2=3.0000");
}

// Nobody's clock needs a folder of gigabytes to be read each time because a copy of it was made once.
TEST_F(FolderSync, AFileWhoseContentIsKnownIsReadOnce) {
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1,50\n");
  told();
  file("till-02.csv", std::string(kHead) + "1;2025-06-01;ann;1,50\n");
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1,50\n", 7200);
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
  EXPECT_EQ(rows("SELECT name || ' ' || split_part(value, ' ', 2) FROM _syncs WHERE kind = 'file' ORDER BY name"),
            "till-01.csv 40\ntill-02.csv 40");
  const std::string before = rows("SELECT name, value, noted_at::VARCHAR FROM _syncs ORDER BY name");
  at("2025-07-01T10:00:00Z");
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
  EXPECT_EQ(rows("SELECT name, value, noted_at::VARCHAR FROM _syncs ORDER BY name"), before) << "nothing is written";
  // A file that could not be taken is not known by another that says the same.
  file("till-03.csv", std::string(kHead) + "x;rubbish;ann;1\n");
  file("till-04.csv", std::string(kHead) + "x;rubbish;ann;1\n");
  for (int n = 0; n < 2; ++n) EXPECT_EQ(sync()->feeds.front().error->code, "import.nothing_taken");
  EXPECT_EQ(rows("SELECT count(*)::VARCHAR FROM _syncs WHERE kind = 'file'"), "2");
}

TEST_F(FolderSync, AContentThatReturnsToAFileIsTakenAgain) {
  const std::string before = std::string(kHead) + "1;2025-06-01;ann;1\n2;2025-06-01;bob;10\n";
  for (const char* mode : {"upsert", "snapshot"}) {
    folder_.write("maps/till.yaml",
                  fmt::format("map: till_{0}\nsource: till_{0}\nmode: {0}\ntable: orders\ninput: {{files: '*.csv', "
                              "delimiter: ';'}}\ndecimal: ','\ncolumns: {{key: id, ordered_at: day, customer_key: who, "
                              "amount_net: amount}}\n",
                              mode));
    const std::string source = fmt::format(" FROM orders WHERE source = 'till_{}' AND source_key = '2'", mode);
    file("till-export.csv", before);
    EXPECT_EQ(told(), fmt::format("till_{} brought 2+0=0-0!0", mode));
    file("till-export.csv", std::string(kHead) + "1;2025-06-01;ann;1\n2;2025-06-01;bob;99\n", 3000);
    EXPECT_EQ(told(), fmt::format("till_{} brought 0+1=1-0!0", mode));
    file("till-export.csv", before, 2000);
    EXPECT_EQ(told(), fmt::format("till_{} brought 0+1=1-0!0", mode));
    EXPECT_EQ(rows("SELECT amount_net::VARCHAR" + source), "10.0000");
    EXPECT_EQ(told(), fmt::format("till_{} nothing_new 0+0=0-0!0", mode));
    std::filesystem::remove(folder_ / "drop [1]/till-export.csv");
  }
}

TEST_F(FolderSync, EachFileOfASnapshotIsTheTruthOfItsDay) {
  folder_.write("maps/till.yaml",
                "map: till\nsource: till\nmode: snapshot\ntable: orders\ninput: {files: '*.csv', delimiter: "
                "';'}\ndecimal: ','\ncolumns: {key: id, ordered_at: day, customer_key: who, amount_net: amount}\n");
  const std::string even = std::string(kHead) + "1;2025-06-01;ann;1\n",
                    odd = std::string(kHead) + "1;2025-06-01;ann;2\n";
  file("till-01.csv", even), file("till-02.csv", odd);
  EXPECT_EQ(told(), "till brought 1+1=0-0!0");
  file("till-03.csv", even);
  EXPECT_EQ(told(), "till brought 0+1=0-0!0") << "as on the first day";
  EXPECT_EQ(amounts(), "1=1.0000");
  file("till-01.csv", even, 100), file("till-02.csv", odd, 100);
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0") << "touched, or brought back from a copy: no news";
  EXPECT_EQ(amounts(), "1=1.0000");
}

TEST_F(FolderSync, ATimeThatIsYetToComeKeepsNoFileWaiting) {
  now_ = SystemClock().now();
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1\n", -86'400);  // of a machine whose clock is ahead
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0") << "it was put there just now";
  now_.micros += 61 * kMicrosPerSecond;
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
}

TEST_F(FolderSync, WaitsForAFileThatMayStillGrow) {
  file("till-01.csv", kHead, 30);
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0") << "a minute must pass";
  now_.micros += 60 * kMicrosPerSecond;
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1\n", 61);
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
  follow("done: .done\n");
  file("till-02.csv", std::string(kHead) + "2;2025-06-02;ann;2\n");
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
  file("till-02.csv.done", "", 0);
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
}

TEST_F(FolderSync, GoesOnBehindAFileThatCannotBeTaken) {
  file("till-01.csv", "id;day\n1;2025-06-01\n");
  file("till-02.csv", std::string(kHead) + "2;2025-06-02;ann;2\n");
  EXPECT_TRUE(told().starts_with("till failed 1+0=0-0!0 map.input_column")) << "the second is in";
  EXPECT_EQ(amounts(), "2=2.0000");
  EXPECT_TRUE(told().starts_with("till failed 0+0=0-0!0 map.input_column")) << "the first is asked again";
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;1\n", 300);
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
}

TEST_F(FolderSync, AFileThatIsAgainAsItWasTakenIsMissingNoMore) {
  expect_amounts_below(50);
  const std::string good = std::string(kHead) + "1;2025-06-01;ann;1\n",
                    bad = std::string(kHead) + "1;2025-06-01;ann;60\n";
  file("till-01.csv", good), file("till-02.csv", std::string(kHead) + "2;2025-06-01;ann;2\n");
  EXPECT_EQ(told(), "till brought 2+0=0-0!0");
  file("till-01.csv", bad, 3000);
  for (int n = 0; n < 2; ++n) EXPECT_EQ(sync()->feeds.front().error->code, "check.range");
  EXPECT_EQ(missing(), "till-01.csv");
  file("till-01.csv", good);
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0") << "as it stood when it was taken";
  EXPECT_EQ(missing(), "");
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
}

/// What was refused got nowhere, so that a file put back as it was has nothing to put right: what came since stands.
TEST_F(FolderSync, AFileThatIsPutBackOverwritesNothing) {
  expect_amounts_below(50);
  const std::string first = std::string(kHead) + "1;2025-06-01;ann;1\n";
  file("till-01.csv", first);
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
  file("till-02.csv", std::string(kHead) + "1;2025-06-01;ann;2\n3;2025-06-01;ann;3\n");
  EXPECT_EQ(told(), "till brought 1+1=0-0!0");
  file("till-01.csv", std::string(kHead) + "1;2025-06-01;ann;60\n", 3000);
  EXPECT_EQ(sync()->feeds.front().error->code, "check.range");
  file("till-01.csv", first);
  EXPECT_EQ(told(), "till nothing_new 0+0=0-0!0");
  EXPECT_EQ(missing(), "");
  EXPECT_EQ(amounts(), "1=2.0000\n3=3.0000");
}

TEST_F(FolderSync, FilesOfOneNameAreMissingEachInItsFolder) {
  expect_amounts_below(50);
  folder_.write("sources/till.yaml",
                "source: till\nkind: files\nfolder: drop [1]\nmaps:\n  - {map: maps/till.yaml, files: '*/day.csv'}\n");
  file("lyon/day.csv", std::string(kHead) + "1;2025-06-01;ann;60\n");
  file("paris/day.csv", std::string(kHead) + "2;2025-06-01;ann;2\n");
  for (int n = 0; n < 2; ++n) {
    EXPECT_EQ(sync()->feeds.front().error->code, "check.range");
    EXPECT_EQ(missing(), "lyon/day.csv");
  }
  file("lyon/day.csv", std::string(kHead) + "1;2025-06-01;ann;6\n");
  EXPECT_EQ(told(), "till brought 1+0=0-0!0");
  EXPECT_EQ(missing(), "");
}

TEST_F(FolderSync, SaysThatTheFolderIsNotThere) {
  std::filesystem::remove_all(folder_ / "drop [1]");
  EXPECT_TRUE(told().find("source.unreachable: cannot read the folder") != std::string::npos) << told();
}

}  // namespace
}  // namespace vigie::sources
