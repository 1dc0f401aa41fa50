#include "demo/demo.h"

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <sstream>

#include "base/hash.h"
#include "workspace/workspace.h"

namespace vigie::demo {
namespace {

namespace fs = std::filesystem;

constexpr int kFew = 400;

class DemoTest : public ::testing::Test {
 protected:
  DemoTest()
      : folder_(fs::temp_directory_path() /
                fmt::format("vigie-demo-{}-{}", ::getpid(),
                            ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~DemoTest() override { fs::remove_all(folder_); }

  /// Of every file below a folder, by path in order.
  static std::string digest_of(const fs::path& folder) {
    std::map<std::string, std::string> digests;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file())
        digests[fs::relative(entry.path(), folder).string()] = file_digest(entry.path()).value_or("unreadable");
    std::string all;
    for (const auto& [path, digest] : digests) all += path + " " + digest + "\n";
    return text_digest(all);
  }

  static std::vector<std::string> entries(const fs::path& folder) {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path().filename().string());
    std::ranges::sort(out);
    return out;
  }

  fs::path folder_;
  FixedClock clock_{*parse_instant("2026-09-15T08:00:00Z")};
};

TEST_F(DemoTest, OneSeedIsOneCompanyOnEveryMachine) {
  ASSERT_TRUE(generate({.customers = kFew, .seed = 1}, clock_, folder_ / "one"));
  ASSERT_TRUE(generate({.customers = kFew, .seed = 1}, clock_, folder_ / "again"));
  ASSERT_TRUE(generate({.customers = kFew, .seed = 2}, clock_, folder_ / "other"));
  EXPECT_EQ(digest_of(folder_ / "one"), digest_of(folder_ / "again"));
  EXPECT_NE(digest_of(folder_ / "one"), digest_of(folder_ / "other"));
  // Changes only with the generator itself: then put the new one here.
  EXPECT_EQ(digest_of(folder_ / "one"), "fb04b38ee408f76d68414e0a3082652682488b525b092428fd7988f145943d4a");
}

TEST_F(DemoTest, TheTenKpisHaveAValueAndASecondImportChangesNothing) {
  const auto made = make(folder_ / "demo", {.customers = kFew}, clock_, {});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(to_string(made->end_date), "2026-09-14");
  EXPECT_TRUE(fs::exists(folder_ / "demo" / "exports" / "truth.json"));
  EXPECT_EQ(entries(folder_), std::vector<std::string>{"demo"});
  const auto opened = workspace::Workspace::open(folder_ / "demo", clock_);
  ASSERT_TRUE(opened) << opened.error().text();
  std::vector<plan::Question> questions;
  for (const catalog::Definition* definition : (*opened)->catalog().in_force((*opened)->today())) {
    if (!definition->headline) continue;
    const auto question = plan::question_from_fields(
        {{"kpi", catalog::headline_name(*definition)}, {"compare", "previous_year,target"}}, (*opened)->calendar());
    ASSERT_TRUE(question) << question.error().text();
    questions.push_back(*question);
  }
  ASSERT_EQ(questions.size(), 10U);
  const auto answers = (*opened)->ask(questions, {});
  for (std::size_t i = 0; i < answers.size(); ++i) {
    ASSERT_TRUE(answers[i]) << questions[i].kpi << ": " << answers[i].error().text();
    EXPECT_TRUE(answers[i]->total.value) << questions[i].kpi << ": " << answers[i]->total.reason;
    EXPECT_EQ(to_string(answers[i]->as_of), "2026-09-14T22:00:00Z") << questions[i].kpi;
    for (const kpi::Row& row : answers[i]->rows)
      EXPECT_TRUE(row.value || !row.reason.empty()) << questions[i].kpi << " " << to_string(row.period);
  }
  for (const auto& entry : fs::directory_iterator(folder_ / "demo" / "maps")) {
    const auto receipt =
        (*opened)->import({.map_file = entry.path(), .folder = {}, .files = {}, .named_files = {}, .progress = {}});
    ASSERT_TRUE(receipt) << entry.path() << receipt.error().text();
    EXPECT_TRUE(receipt->already_imported) << entry.path();
  }
}

TEST_F(DemoTest, NeverTakesAFolderThatHoldsSomething) {
  std::ofstream(folder_ / "mine.txt") << "mine";
  const auto made = make(folder_, {.customers = kFew}, clock_, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "demo.not_empty");
  EXPECT_TRUE(fs::exists(folder_ / "mine.txt"));
}

TEST_F(DemoTest, AFailureLeavesNothing) {
  for (const Options& options :
       {Options{.customers = 3}, Options{.months = 2}, Options{.end_date = date_of(2030, 1, 1)}}) {
    const auto made = make(folder_ / "demo", options, clock_, {});
    ASSERT_FALSE(made);
    EXPECT_TRUE(made.error().code.starts_with("demo.")) << made.error().code;
    EXPECT_TRUE(entries(folder_).empty());
  }
}

TEST_F(DemoTest, WhatStandsBesideItIsNotTouched) {
  fs::create_directories(folder_ / "demo.making");
  std::ofstream(folder_ / "demo.making" / "mine.txt") << "mine";
  EXPECT_FALSE(make(folder_ / "demo", {.customers = 3}, clock_, {}));
  EXPECT_TRUE(make(folder_ / "demo", {.customers = 100, .months = 15}, clock_, {}));
  EXPECT_EQ(entries(folder_), (std::vector<std::string>{"demo", "demo.making"}));
  EXPECT_TRUE(fs::exists(folder_ / "demo.making" / "mine.txt"));
}

TEST_F(DemoTest, OfTwoMadeAtOnceOneIsThere) {
  auto first = std::async(std::launch::async,
                          [&] { return make(folder_ / "demo", {.customers = 100, .months = 15}, clock_, {}); });
  const auto second = make(folder_ / "demo", {.customers = 100, .months = 15}, clock_, {});
  const auto other = first.get();
  EXPECT_NE(static_cast<bool>(other), static_cast<bool>(second));
  EXPECT_EQ((other ? second : other).error().code, "demo.not_empty");
  EXPECT_TRUE(workspace::Workspace::open(folder_ / "demo", clock_));
  EXPECT_EQ(entries(folder_), std::vector<std::string>{"demo"});
}

TEST_F(DemoTest, WhereTheCurrentFolderIsGoneSaysSo) {
  const fs::path before = fs::current_path();
  fs::create_directories(folder_ / "gone");
  fs::current_path(folder_ / "gone");
  fs::remove(folder_ / "gone");
  const auto made = make("shop", {.customers = kFew}, clock_, {});
  fs::current_path(before);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "cannot make shop: No such file or directory");
}

TEST_F(DemoTest, AnEmptyFolderIsTaken) {
  fs::create_directories(folder_ / "demo");
  EXPECT_TRUE(make(folder_ / "demo", {.customers = 100, .months = 15}, clock_, {}));
  EXPECT_TRUE(fs::exists(folder_ / "demo" / "vigie.yaml"));
}

TEST_F(DemoTest, ALinkToAnEmptyFolderStaysAndLeadsToIt) {
  fs::create_directories(folder_ / "there");
  fs::create_directory_symlink("there", folder_ / "demo");
  const auto made = make(folder_ / "demo", {.customers = 100, .months = 15}, clock_, {});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_TRUE(fs::is_symlink(folder_ / "demo"));
  EXPECT_TRUE(fs::exists(folder_ / "there" / "vigie.yaml"));
  EXPECT_EQ(entries(folder_), (std::vector<std::string>{"demo", "there"}));
}

}  // namespace
}  // namespace vigie::demo
