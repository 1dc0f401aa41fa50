// Stage changes of a source that keeps no log of them.
#include "ingest/import_fixture.h"

namespace vigie::ingest {
namespace {

class SeenStages : public ImportTest {
 protected:
  void SetUp() override {
    ImportTest::SetUp();
    open("UTC", "EUR");
  }
  /// Imports deals at that hour of 1 March 2025.
  Receipt sync(int hour, const std::string& deals, std::string_view map = kDeals) {
    now_ = parse_instant(fmt::format("2025-03-01T{:02}:00:00Z", hour)).value();
    file("deals.csv", "id,made,stage,changed\n" + deals);
    return take(map);
  }
  std::string log() {
    return rows(
        "SELECT o.source_key, f.source_key, s.source_key, strftime(make_timestamp(l.entered_at), '%d %H:%M'), "
        "l.origin, "
        "l.is_reentry, l.nth FROM opportunity_stage_changes l JOIN opportunities o ON o.key = l.opportunity_key JOIN "
        "_keys_stages s ON s.key = l.stage_key LEFT JOIN _keys_stages f ON f.key = l.from_stage_key WHERE l.deleted_at "
        "IS "
        "NULL ORDER BY o.source_key, l.entered_at");
  }
  static constexpr std::string_view kLog =
      "map: log\nsource: crm\ntable: opportunity_stage_changes\ninput: log.csv\n"
      "columns: {opportunity_key: deal, stage_key: stage, entered_at: day}\n";
  static constexpr std::string_view kDeals =
      "map: deals\nsource: crm\ntable: opportunities\ninput: deals.csv\nstage_changes: from_syncs\n"
      "columns: {key: id, created_at: made, stage_key: stage, updated_at: changed}\n";
};

TEST_F(SeenStages, AreWhatDiffersFromOneImportToTheNext) {
  EXPECT_EQ(sync(8, "1,2025-02-01,lead,\n2,2025-02-01,offer,\n").stages_seen, 0);
  EXPECT_EQ(log(), "") << "nobody knows since when they stand there";
  EXPECT_EQ(sync(9, "1,2025-02-01,offer,\n2,2025-02-01,offer,\n3,2025-03-01T08:30:00Z,lead,\n").stages_seen, 2);
  EXPECT_EQ(log(), "1|lead|offer|01 09:00|seen|false|1\n3|-|lead|01 08:30|seen|false|1")
      << "1 moved, and 3 was made since";
  EXPECT_EQ(sync(10, "1,2025-02-01,lead,\n3,2025-03-01T08:30:00Z,lead,\n").stages_seen, 1);
  EXPECT_EQ(sync(11, "1,2025-02-01,lead,\n").stages_seen, 0);
  EXPECT_EQ(log(),
            "1|lead|offer|01 09:00|seen|false|1\n1|offer|lead|01 10:00|seen|true|2\n"
            "3|-|lead|01 08:30|seen|false|1");
}

TEST_F(SeenStages, AreDatedByTheRowWhereItSaysWhen) {
  sync(8, "1,2025-02-01,lead,2025-02-01\n");
  sync(9, "1,2025-02-01,offer,2025-03-01T08:20:00Z\n");
  EXPECT_EQ(log(), "1|lead|offer|01 08:20|seen|false|1");
}

/// What its history no longer says is no move any more: nobody dated the offer, and by its date the deal was won first.
TEST_F(SeenStages, FollowTheHistoryThatIsToldOtherwise) {
  sync(8, "1,2025-02-01,lead,2025-02-01\n");
  sync(9, "1,2025-02-01,offer,\n");
  EXPECT_EQ(log(), "1|lead|offer|01 09:00|seen|false|1");
  sync(10, "1,2025-02-01,won,2025-03-01T07:00:00Z\n");
  EXPECT_EQ(log(), "1|lead|won|01 07:00|seen|false|1");
}

TEST_F(SeenStages, StandWhileADealHasNone) {
  sync(8, "1,2025-02-01,lead,\n2,2025-02-01,,\n");
  sync(9, "1,2025-02-01,,\n2,2025-02-01,offer,\n");
  EXPECT_EQ(sync(10, "1,2025-02-01,offer,\n2,2025-02-01,offer,\n").stages_seen, 1);
  EXPECT_EQ(log(), "1|lead|offer|01 10:00|seen|false|1") << "where 2 stood before nobody knows";
}

TEST_F(SeenStages, GiveWayToALog) {
  file("log.csv", "deal,stage,day\n1,lead,2025-02-01\n");
  take(kLog);
  sync(8, "1,2025-02-01,lead,\n2,2025-02-01,lead,\n");
  sync(9, "1,2025-02-01,offer,\n2,2025-02-01,offer,\n");
  EXPECT_EQ(log(), "1|-|lead|01 00:00|log|-|1\n2|lead|offer|01 09:00|seen|false|1");
  // A log that comes later tells of the other one too.
  file("log.csv", "deal,stage,day\n2,lead,2025-02-02\n2,offer,2025-02-03\n");
  take(kLog);
  EXPECT_EQ(log(), "1|-|lead|01 00:00|log|-|1\n2|-|lead|02 00:00|log|-|1\n2|-|offer|03 00:00|log|-|2");
}

/// What runs rows of the queue, or was refused whole, is no import that the deal was not in.
TEST_F(SeenStages, CountImportsThatTookAFileAlone) {
  sync(8, "1,2025-02-01,lead,\n");
  EXPECT_EQ(sync(10, "2,a day,lead,\n").quarantined, 1);
  EXPECT_EQ(sync(11, "1,2025-02-01,lead,\n3,2025-03-01T09:00:00Z,lead,\n").stages_seen, 1);
  EXPECT_EQ(log(), "3|-|lead|01 09:00|seen|false|1") << "made since 8, for at 10 nothing was taken";
}

/// A first stay begins with its deal, also where its day is told otherwise later; never after the deal has moved on.
TEST_F(SeenStages, BeginWithTheDeal) {
  sync(8, "1,2025-02-01,lead,\n");
  sync(9, "1,2025-02-01,lead,\n2,2025-03-01T08:30:00Z,lead,\n");
  sync(10, "2,2025-03-01T08:40:00Z,lead,\n");
  EXPECT_EQ(log(), "2|-|lead|01 08:40|seen|false|1");
  sync(11, "2,2025-03-01T08:20:00Z,offer,\n");
  EXPECT_EQ(log(), "2|-|lead|01 08:20|seen|false|1\n2|lead|offer|01 11:00|seen|false|2");
  sync(12, "2,2025-03-01T11:30:00Z,offer,\n");
  EXPECT_EQ(log(), "2|lead|offer|01 11:00|seen|false|1") << "it moved before it was made";
}

/// A log that leaves the origin empty is a log.
TEST_F(SeenStages, GiveWayToALogThatDoesNotSayWhatItIs) {
  sync(8, "1,2025-02-01,lead,\n");
  sync(9, "1,2025-02-01,offer,\n");
  file("log.csv", "deal,stage,day,how\n1,lead,2025-02-01,\n");
  take(
      "map: log\nsource: crm\ntable: opportunity_stage_changes\ninput: log.csv\n"
      "columns: {opportunity_key: deal, stage_key: stage, entered_at: day, origin: how}\n");
  sync(10, "1,2025-02-01,won,\n");
  EXPECT_EQ(rows("SELECT count(*) FROM opportunity_stage_changes WHERE deleted_at IS NULL"), "1");
}

/// Versions that a loader kept are no looks of ours: a user's log of that origin stays.
TEST_F(SeenStages, LeaveTheVersionsOfALoader) {
  file("log.csv", "deal,stage,day\n1,lead,2025-02-01\n");
  take(
      "map: log\nsource: crm\ntable: opportunity_stage_changes\ninput: log.csv\n"
      "columns: {opportunity_key: deal, stage_key: stage, entered_at: day, origin: {value: snapshot}}\n");
  sync(8, "1,2025-02-01,lead,\n");
  sync(9, "1,2025-02-01,offer,\n");
  EXPECT_EQ(log(), "1|-|lead|01 00:00|snapshot|-|1");
}

TEST_F(SeenStages, AreAskedOfDealsWithAStageAlone) {
  file("deals.csv", "id,made,stage,changed\n");
  const auto refused = import(
      "map: deals\nsource: crm\ntable: opportunities\ninput: deals.csv\nstage_changes: from_syncs\n"
      "columns: {key: id, created_at: made}\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "map.option");
  const auto other = import(
      "map: deals\nsource: crm\ntable: opportunities\ninput: deals.csv\nstage_changes: from_sync\n"
      "columns: {key: id, created_at: made, stage_key: stage}\n");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().where.line, 5);
}

}  // namespace
}  // namespace vigie::ingest
