// What is proposed, written into a workspace: nothing else in its files changes.
#include "workspace/adopt.h"

#include "workspace/share.h"
#include "workspace/workspace_fixture.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

class Adopting : public WorkspaceTest {
 protected:
  std::string read(const std::string& name) const { return folder_.read(name); }
  Result<> adopt_inactivity(int days) const {
    const auto draft = draft_inactivity(folder_.path(), days);
    return draft ? write_drafts({&*draft, 1}) : std::unexpected(draft.error());
  }
  static Result<> adopt_definition(const fs::path& folder, const Adoption& adoption) {
    const auto draft = draft_definition(folder, adoption);
    return draft ? write_drafts({&*draft, 1}) : std::unexpected(draft.error());
  }
  static Adoption window() {
    return {"conversion_rate", 1,  2,      "kpis/conversion_rate.yaml", "kpis/conversion_rate.v2.yaml",
            "window",          57, Date{0}};
  }
};

TEST_F(Adopting, ChangesTheNumberAndKeepsTheComments) {
  write("vigie.yaml", "# Ours.\nformat: 1\ninactivity_days:  365   # a year\r\ncurrency: EUR # euro");
  ASSERT_TRUE(adopt_inactivity(182));
  EXPECT_EQ(read("vigie.yaml"), "# Ours.\nformat: 1\ninactivity_days:  182   # a year\r\ncurrency: EUR # euro");
  EXPECT_FALSE(fs::exists(folder_ / "vigie.yaml.new"));
}

TEST_F(Adopting, AddsALineWhereThereIsNone) {
  write("vigie.yaml", "format: 1\n# inactivity_days: 365   # customers");
  EXPECT_FALSE(is_written(folder_.path(), "inactivity_days"));
  ASSERT_TRUE(adopt_inactivity(63));
  EXPECT_EQ(read("vigie.yaml"), "format: 1\n# inactivity_days: 365   # customers\ninactivity_days: 63\n");
  EXPECT_TRUE(is_written(folder_.path(), "inactivity_days"));
}

TEST_F(Adopting, KeepsTheRightsOfTheFileAndALinkToIt) {
  write("elsewhere.yaml", "format: 1\n");
  fs::permissions(folder_ / "elsewhere.yaml", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(folder_ / "elsewhere.yaml", folder_ / "vigie.yaml");
  ASSERT_TRUE(adopt_inactivity(63));
  EXPECT_TRUE(fs::is_symlink(folder_ / "vigie.yaml"));
  EXPECT_EQ(read("elsewhere.yaml"), "format: 1\ninactivity_days: 63\n");
  EXPECT_EQ(fs::status(folder_ / "elsewhere.yaml").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Adopting, LeavesAloneWhatOneNumberDoesNotChange) {
  const std::string text = "format: 1\ninactivity_days:\n  365\n";
  write("vigie.yaml", text);
  const auto found = adopt_inactivity(63);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "adopt.unclear");
  EXPECT_EQ(found.error().hint, "write into it: inactivity_days: 63");
  EXPECT_EQ(read("vigie.yaml"), text);
  EXPECT_FALSE(adopt_inactivity(0));  // no setting that a workspace takes
  EXPECT_EQ(read("vigie.yaml"), text);
}

TEST_F(Adopting, AVersionOfADefinitionStandsBesideTheOneBefore) {
  const SystemClock clock;
  ASSERT_TRUE(adopt_definition(home_, window()));
  {
    const auto workspace = open(clock);
    ASSERT_TRUE(workspace);
    const auto& catalog = workspace->catalog();
    const auto now = catalog.find("conversion_rate", std::nullopt, workspace->today());
    ASSERT_TRUE(now);
    EXPECT_EQ((*now)->version, 2);
    EXPECT_EQ((*now)->parameter("window")->fallback, "57");
    const auto before = catalog.find("conversion_rate", 1, workspace->today());
    ASSERT_TRUE(before);
    EXPECT_EQ((*before)->parameter("window")->fallback, "90");
    EXPECT_EQ((*before)->variants.size(), (*now)->variants.size());
  }
  EXPECT_EQ(adopt_definition(home_, window()).error().code, "adopt.exists");
}

/// The shipped definition, its version another one.
std::string shipped_as(const std::string& version) {
  std::string copy = bytes_of(*share_folder() / "kpis/conversion_rate.yaml").value();
  return copy.replace(copy.find("version: 1"), 10, version);
}

TEST_F(Adopting, AVersionThatWouldBeRefusedIsNotWritten) {
  write("w/kpis/ours.yaml", shipped_as("version: 2"));
  Adoption adoption = window();
  EXPECT_EQ(adopt_definition(home_, adoption).error().code, "definition.twice");
  EXPECT_FALSE(fs::exists(home_ / adoption.file));
  adoption.version = 7;
  EXPECT_EQ(adopt_definition(home_, adoption).error().code, "file.missing");
}

TEST_F(Adopting, AVersionOfAKpiThatIsRefusedIsNotWritten) {
  write("w/kpis/ours.yaml", shipped_as("versoin: 3"));
  EXPECT_EQ(adopt_definition(home_, window()).error().code, "yaml.unknown_key");
  EXPECT_FALSE(fs::exists(home_ / window().file));
}

TEST_F(Adopting, WhatIsWrongWithOtherKpisIsNoReasonToWait) {
  write("w/kpis/broken.yaml", "id: broken\nversoin: 1\n");
  write("w/kpis/other.yml", "id: other\n");
  fs::create_symlink(folder_ / "nowhere", folder_ / "w/kpis/unreadable.yaml");
  ASSERT_TRUE(adopt_definition(home_, window()));
  const SystemClock clock;
  const auto workspace = open(clock);
  ASSERT_TRUE(workspace);
  EXPECT_EQ((*workspace->catalog().find("conversion_rate", std::nullopt, workspace->today()))->version, 2);
  EXPECT_EQ(workspace->catalog().faults().size(), 3U);
  EXPECT_EQ(read("w/kpis/broken.yaml"), "id: broken\nversoin: 1\n");
}

TEST_F(Adopting, AFileThatNearlyEndsAsDefinitionsDoCounts) {
  // Refused before and after: the fault is no new one, and yet the version would not answer.
  write("w/kpis/conversion_rate.YAML", shipped_as("version: 3"));
  EXPECT_EQ(adopt_definition(home_, window()).error().code, "definition.file_name");
  EXPECT_FALSE(fs::exists(home_ / window().file));
}

TEST_F(Adopting, ALinkThatLeadsNowhereIsThereAlready) {
  write("w/kpis/other.yaml.txt", "");  // makes the folder
  fs::create_symlink(folder_ / "nowhere", folder_ / "w/kpis/conversion_rate.v2.yaml");
  const auto draft = draft_definition(home_, window());
  ASSERT_FALSE(draft);
  EXPECT_EQ(draft.error().code, "adopt.exists");
  EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
}

TEST_F(Adopting, NothingIsWrittenBeforeItIsAsked) {
  const std::string before = read("w/vigie.yaml");
  ASSERT_TRUE(draft_inactivity(home_, 63));
  ASSERT_TRUE(draft_definition(home_, window()));
  EXPECT_EQ(read("w/vigie.yaml"), before);
  EXPECT_FALSE(fs::exists(folder_ / "w/kpis/conversion_rate.v2.yaml"));
}

TEST_F(Adopting, WhatIsWrittenIsToldWhereTheNextCannotBe) {
  const auto first = draft_inactivity(home_, 63), second = draft_definition(home_, window());
  ASSERT_TRUE(first && second);
  fs::create_directories(folder_ / "w/kpis/conversion_rate.v2.yaml.new");  // where its text would go first
  const auto done = write_drafts(std::vector{*first, *second});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "file.unwritable");
  EXPECT_EQ(done.error().hint, "what is written already stays: vigie.yaml");
  EXPECT_NE(read("w/vigie.yaml").find("inactivity_days: 63"), std::string::npos);
  const auto alone = write_drafts({&*second, 1});
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().hint.find("vigie.yaml"), std::string::npos) << "nothing was written before it";
}

TEST_F(Adopting, ALinkThatLeadsNowhereIsNotWrittenThrough) {
  fs::create_symlink(folder_ / "b", folder_ / "a");
  fs::create_symlink(folder_ / "a", folder_ / "b");
  const fs::path here = fs::current_path();
  fs::current_path(folder_.path());
  const auto done = write_file(folder_ / "a", "text");
  fs::current_path(here);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "file.unwritable");
  EXPECT_TRUE(fs::is_symlink(fs::symlink_status(folder_ / "a")));
  EXPECT_FALSE(fs::exists(folder_ / ".new"));
}

}  // namespace
}  // namespace vigie::workspace
