// What is expected of rows, looked at again as the maps say it now: also of maps that cannot be read, or are elsewhere.
#include "workspace/current_checks.h"

#include "workspace/workspace_fixture.h"

namespace vigie::workspace {
namespace {

class CurrentChecks : public WorkspaceTest {
 protected:
  void SetUp() override {
    WorkspaceTest::SetUp();
    workspace_ = open(clock_);
    ASSERT_TRUE(workspace_);
  }
  /// Writes a map of what advertising cost, with what is expected of it.
  void map(const fs::path& name, const std::string& id, const std::string& checks,
           const std::string& spend = "spend") const {
    write(name, fmt::format("map: {0}\nsource: {0}\ntable: channel_spend\ninput: spend.csv\n"
                            "columns: {{channel: channel, date: {{from: day, as: date}}, {1}: cost}}\n{2}",
                            id, spend, checks));
  }
  /// Whether a file of these rows was taken.
  bool takes(const std::string& map, const std::string& rows, const std::string& file) const {
    ingest::Request order = request(map);
    write(file, "channel,day,cost\n" + rows);
    order.files = {folder_ / file};
    return workspace_->import(order).has_value();
  }
  /// "ads not_null channel=fine" of each, looked at again.
  std::string again() const {
    const auto states = workspace_->look_at_checks_again();
    if (!states) return states.error().text();
    std::string out;
    for (const checks::State& one : *states)
      out +=
          fmt::format("{}{} {}={}", out.empty() ? "" : " | ", one.map, one.name, name_of(stands_at(one, clock_.now())));
    return out;
  }

  const SystemClock clock_;
  std::unique_ptr<Workspace> workspace_;
};

constexpr const char* kAtMost = "checks:\n  - {range: spend, max: 50, severity: error}\n";

TEST_F(CurrentChecks, OfAMapElsewhereTheyStandUntilItIsGone) {
  map("elsewhere/ads.yaml", "ads", kAtMost);
  ASSERT_TRUE(takes("elsewhere/ads.yaml", "web,2025-05-01,10\n", "may.csv"));
  ASSERT_FALSE(takes("elsewhere/ads.yaml", "web,2025-06-01,60\n", "june.csv"));
  EXPECT_EQ(again(), "ads range spend=refused") << "june.csv is missing, wherever its map stands";
  map("elsewhere/ads.yaml", "ads", "checks:\n  - {range: spend, max: 5}\n");
  EXPECT_EQ(again(), "ads range spend=refused") << "looked at as it says now";
  EXPECT_EQ(workspace_->check_states()->front().rows, 1) << "10 is more than 5";
  map("elsewhere/ads.yaml", "other", kAtMost);
  EXPECT_EQ(again(), "") << "it is another map's now";
}

TEST_F(CurrentChecks, OfAMapOnADiskThatIsNotThereTheyStand) {
  map("disk/ads.yaml", "ads", kAtMost);
  ASSERT_FALSE(takes("disk/ads.yaml", "web,2025-06-01,60\n", "june.csv"));
  fs::rename(folder_ / "disk", folder_ / "unplugged");
  EXPECT_EQ(again(), "ads range spend=refused");
  fs::create_directory(folder_ / "disk");
  EXPECT_EQ(again(), "") << "its folder is there, and holds it no more";
}

TEST_F(CurrentChecks, OfAMapOfWhichNobodyNotedWhereItStoodTheyStandUntilItIsGone) {
  map("w/maps/ads.yaml", "ads", kAtMost);
  map("w/maps/till/other.yaml", "other", "");
  ASSERT_FALSE(takes("w/maps/ads.yaml", "web,2025-06-01,60\n", "june.csv"));
  workspace_.reset();
  {
    const auto database = store::Database::open({.file = folder_ / "w/data/warehouse.duckdb"});
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->connect()->execute("ALTER TABLE _checks DROP COLUMN map_file"));
  }
  workspace_ = open(clock_);
  fs::rename(folder_ / "w/maps/ads.yaml", folder_ / "ads.yaml");
  write("w/maps/till/other.yaml", "map: [ads\n");
  EXPECT_EQ(again(), "ads range spend=refused") << "this may be it";
  map("w/maps/till/other.yaml", "other", "");
  EXPECT_EQ(again(), "") << "it is gone";
}

TEST_F(CurrentChecks, OfAMapThatCannotBeReadTheyStand) {
  map("w/maps/till/ads.yaml", "ads", kAtMost);
  ASSERT_FALSE(takes("w/maps/till/ads.yaml", "web,2025-06-01,60\n", "june.csv"));
  map("w/maps/till/ads.yaml", "ads", kAtMost, "spent");
  EXPECT_EQ(again(), "ads range spend=refused") << "a misspelt column";
  write("w/maps/till/ads.yaml", "map: [ads\n");
  EXPECT_EQ(again(), "ads range spend=refused") << "no YAML";
  map("w/maps/ads.yaml", "ads", kAtMost);
  fs::remove(folder_ / "w/maps/till/ads.yaml");
  EXPECT_EQ(again(), "ads range spend=refused") << "it has moved";
  fs::remove(folder_ / "w/maps/ads.yaml");
  EXPECT_EQ(again(), "") << "it is gone";
}

TEST_F(CurrentChecks, ThatASourceSaysStandWhileItCannotBeRead) {
  map("w/maps/ads.yaml", "ads", "");
  const std::string source =
      "source: ads\nkind: files\nfolder: ../in\nsettled: 0 seconds\nmaps:\n  - {map: maps/ads.yaml, files: \"*.csv\"}\n"
      "checks:\n  - {map: ads, range: spend, max: 50}\n";
  write("w/sources/ads.yaml", source);
  write("in/a.csv", "channel,day,cost\nweb,2025-06-01,60\n");
  ASSERT_TRUE(workspace_->sync({}));
  EXPECT_EQ(again(), "ads range spend=failing");
  write("w/sources/ads.yaml", source + "shedule: every day\n");
  EXPECT_EQ(again(), "ads range spend=failing") << "who knows what it says";
  fs::remove(folder_ / "w/sources/ads.yaml");
  EXPECT_EQ(again(), "") << "nothing does any more";
}

}  // namespace
}  // namespace vigie::workspace
