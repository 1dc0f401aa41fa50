// What is proposed, written into a workspace: nothing else in its files changes.
#include "workspace/adopt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "workspace/workspace.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

class Adopting : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "vigie-adopt-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return out.str();
  }
  static Adoption window() {
    return {"conversion_rate", 1,  2,      "kpis/conversion_rate.yaml", "kpis/conversion_rate.v2.yaml",
            "window",          57, Date{0}};
  }

  fs::path folder_;
};

TEST_F(Adopting, ChangesTheNumberAndKeepsTheComments) {
  write("vigie.yaml", "# Ours.\nformat: 1\ninactivity_days:  365   # a year\r\ncurrency: EUR # euro");
  ASSERT_TRUE(adopt_inactivity(folder_, 182));
  EXPECT_EQ(read("vigie.yaml"), "# Ours.\nformat: 1\ninactivity_days:  182   # a year\r\ncurrency: EUR # euro");
  EXPECT_FALSE(fs::exists(folder_ / "vigie.yaml.new"));
}

TEST_F(Adopting, AddsALineWhereThereIsNone) {
  write("vigie.yaml", "format: 1\n# inactivity_days: 365   # customers");
  EXPECT_FALSE(is_written(folder_, "inactivity_days"));
  ASSERT_TRUE(adopt_inactivity(folder_, 63));
  EXPECT_EQ(read("vigie.yaml"), "format: 1\n# inactivity_days: 365   # customers\ninactivity_days: 63\n");
  EXPECT_TRUE(is_written(folder_, "inactivity_days"));
}

TEST_F(Adopting, KeepsTheRightsOfTheFileAndALinkToIt) {
  write("elsewhere.yaml", "format: 1\n");
  fs::permissions(folder_ / "elsewhere.yaml", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(folder_ / "elsewhere.yaml", folder_ / "vigie.yaml");
  ASSERT_TRUE(adopt_inactivity(folder_, 63));
  EXPECT_TRUE(fs::is_symlink(folder_ / "vigie.yaml"));
  EXPECT_EQ(read("elsewhere.yaml"), "format: 1\ninactivity_days: 63\n");
  EXPECT_EQ(fs::status(folder_ / "elsewhere.yaml").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Adopting, LeavesAloneWhatOneNumberDoesNotChange) {
  const std::string text = "format: 1\ninactivity_days:\n  365\n";
  write("vigie.yaml", text);
  const auto found = adopt_inactivity(folder_, 63);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "adopt.unclear");
  EXPECT_EQ(found.error().hint, "write into it: inactivity_days: 63");
  EXPECT_EQ(read("vigie.yaml"), text);
  EXPECT_FALSE(adopt_inactivity(folder_, 0));  // no setting that a workspace takes
  EXPECT_EQ(read("vigie.yaml"), text);
}

TEST_F(Adopting, AVersionOfADefinitionStandsBesideTheOneBefore) {
  const SystemClock clock;
  ASSERT_TRUE(Workspace::init(folder_ / "w", {}));
  ASSERT_TRUE(adopt_definition(folder_ / "w", window()));
  {
    const auto opened = Workspace::open(folder_ / "w", clock);
    ASSERT_TRUE(opened) << opened.error().text();
    const auto& catalog = (*opened)->catalog();
    const auto now = catalog.find("conversion_rate", std::nullopt, (*opened)->today());
    ASSERT_TRUE(now);
    EXPECT_EQ((*now)->version, 2);
    EXPECT_EQ((*now)->parameter("window")->fallback, "57");
    const auto before = catalog.find("conversion_rate", 1, (*opened)->today());
    ASSERT_TRUE(before);
    EXPECT_EQ((*before)->parameter("window")->fallback, "90");
    EXPECT_EQ((*before)->variants.size(), (*now)->variants.size());
  }
  EXPECT_EQ(adopt_definition(folder_ / "w", window()).error().code, "adopt.exists");
}

TEST_F(Adopting, AVersionThatNoWorkspaceCouldOpenIsTakenBack) {
  ASSERT_TRUE(Workspace::init(folder_ / "w", {}));
  write("w/kpis/broken.yaml", "id: broken\nversoin: 1\n");
  Adoption adoption = window();
  EXPECT_EQ(adopt_definition(folder_ / "w", adoption).error().code, "yaml.unknown_key");
  EXPECT_FALSE(fs::exists(folder_ / "w" / adoption.file));
  adoption = window();
  adoption.version = 7;
  EXPECT_EQ(adopt_definition(folder_ / "w", adoption).error().code, "file.missing");
}

}  // namespace
}  // namespace vigie::workspace
