// An open workspace with several people at it.
#include "workspace/workspace.h"

#include <sys/stat.h>
#include <unistd.h>

#include <barrier>
#include <future>

#include "workspace/check.h"
#include "workspace/workspace_fixture.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

class OpenWorkspace : public WorkspaceTest {
 protected:
  void SetUp() override {
    WorkspaceTest::SetUp();
    workspace_ = open(clock_);
    ASSERT_TRUE(workspace_);
    WorkspaceTest::spend("web,2025-03-03,10\n");
  }
  ingest::Request spend() const { return request("spend.yaml"); }

  const SystemClock clock_;
  std::unique_ptr<Workspace> workspace_;
};

TEST_F(OpenWorkspace, ASecondImportIsToldAtOnce) {
  ingest::Request first = spend();
  std::future<Result<ingest::Receipt>> second;
  std::future_status status = std::future_status::deferred;
  first.progress = [&](std::string_view, double) {
    if (second.valid()) return;
    second = std::async(std::launch::async, [&] { return workspace_->import(spend()); });
    status = second.wait_for(std::chrono::seconds(10));
  };
  const auto receipt = workspace_->import(first);
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->loaded, 1);
  EXPECT_EQ(status, std::future_status::ready) << "it waited for the first";
  const auto refused = second.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "import.busy");
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(refused.error().message,
            "another import into this workspace is under way: " + (folder_ / "spend.yaml").string());
  EXPECT_TRUE(workspace_->import(spend())) << "and when that has ended, it may";
}

TEST_F(OpenWorkspace, WhoHasLeftIsAnsweredNothing) {
  const std::atomic<bool> left = true;
  const store::QueryLimits limits{.cancelled = &left};
  plan::Question question;
  question.kpi = "revenue";
  EXPECT_EQ(workspace_->ask({question}, limits).front().error().code, "engine.cancelled");
  EXPECT_EQ(workspace_->explain(question, 0, limits).error().code, "engine.cancelled");
  EXPECT_EQ(workspace_->summary(limits).error().code, "engine.cancelled");
  EXPECT_EQ(workspace_->dimension_values("channel", "", 10, limits).error().code, "engine.cancelled");
  const auto found = check(*workspace_, limits);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().code, "engine.cancelled");
}

// March: two sales of channel a, 10 and 30, one of b. February: one sale of 40 of a, and one of each of 300 other
// channels. Beside a's 20 stand the 12 months: (10 + 30 + 40) / 3.
TEST_F(OpenWorkspace, WhatOnlyStandsBesideAnAnswerDoesNotEndIt) {
  write("orders.yaml",
        "map: orders\nsource: shop\ntable: orders\ncomplete_until: 2025-03-31\ninput: orders.csv\ncolumns: {key: id, "
        "customer_key: id, ordered_at: {from: day, as: date}, amount_net: amount, channel: channel}\n");
  std::string orders =
      "id,day,amount,channel\n1,2025-03-03,10,a\n2,2025-03-04,30,a\n3,2025-03-05,5,b\n4,2025-02-03,40,a\n";
  for (int i = 0; i < 300; ++i) orders += fmt::format("o{0},2025-02-04,1,o{0}\n", i);
  write("orders.csv", orders);
  ASSERT_TRUE(workspace_->import(request("orders.yaml")));
  plan::Question question;
  question.kpi = "average_sale";
  question.from = date_of(2025, 3, 1);
  question.to = date_of(2025, 4, 1);
  question.grain = calendar::Grain::total;
  question.by = {"channel"};
  const auto of_a = [&](const store::QueryLimits& limits) -> std::optional<kpi::Row> {
    const auto answer = workspace_->ask({question}, limits).front();
    if (!answer) ADD_FAILURE() << answer.error().text();
    if (!answer) return std::nullopt;
    for (const kpi::Row& row : answer->totals)
      if (row.by.front().second == "a") return row;
    return std::nullopt;
  };
  const store::QueryLimits few{.max_rows = 100};  // enough for March by channel, not for February
  const auto beside = of_a({});
  ASSERT_TRUE(beside && beside->trailing);
  EXPECT_EQ(beside->value, 20);
  EXPECT_EQ(beside->trailing->n, 3);
  EXPECT_NEAR(*beside->trailing->value, 80.0 / 3, 1e-9);
  const auto alone = of_a(few);
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->value, 20);
  EXPECT_FALSE(alone->trailing);
  // With `top`, the twelve months are asked for what it keeps, and the rest is one.
  question.top = 1;
  const auto kept = of_a(few);
  ASSERT_TRUE(kept && kept->trailing);
  EXPECT_EQ(kept->trailing->n, 3);
  // All 302 channels would have to be listed to find the nearest.
  question.by.clear();
  question.top.reset();
  question.where = "channel = 'o9999'";
  const auto told = [&](const store::QueryLimits& limits) {
    const auto answer = workspace_->ask({question}, limits).front();
    std::vector<std::string> codes;
    if (!answer) codes.push_back(answer.error().text());
    else
      for (const kpi::Warning& warning : answer->warnings)
        if (warning.code.starts_with("value")) codes.push_back(warning.code);
    return codes;
  };
  EXPECT_EQ(told({}), std::vector<std::string>{"value_of_no_row"});
  EXPECT_EQ(told(few), std::vector<std::string>{"values_not_looked_for"});
}

TEST_F(OpenWorkspace, RegionsOfHolidaysAreThoseThatWereImported) {
  write("days.yaml",
        "map: days\nsource: hr\ntable: holidays\ninput: days.csv\ncolumns: {day: {from: day, as: date}, region: "
        "where}\n");
  write("days.csv", "day,where\n2025-06-09,north\n2025-06-10,south\n2025-06-11,\n");
  const auto receipt = workspace_->import(request("days.yaml"));
  ASSERT_TRUE(receipt) << receipt.error().text();
  const auto found = [&](const std::string& setting) {
    workspace_.reset();
    write("w/vigie.yaml", "format: 1\n" + setting);
    std::vector<std::string> out;
    for (const Error& error : check(home_, clock_)) out.push_back(error.text());
    return out;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(found(""), Texts{"holidays of 2 regions were imported, and all of them hold; name those of the company in "
                             "vigie.yaml, such as holiday_regions: [north]"});
  EXPECT_EQ(found("holiday_regions: [north, south]\n"), Texts());
  EXPECT_EQ(found("holiday_regions: [noth]\n"),
            Texts{"vigie.yaml:2:18: no holiday of the region \"noth\" was imported; did you mean \"north\"?"});
}

TEST_F(OpenWorkspace, ItsDataAreNobodyElses) {
  struct stat seen{};
  ASSERT_EQ(::stat((home_ / "data").c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777U, 0700U);
  ::chmod((home_ / "data").c_str(), 0750);  // a person who lets a group in
  workspace_.reset();
  workspace_ = open(clock_);
  ASSERT_EQ(::stat((home_ / "data").c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777U, 0750U);
}

TEST_F(OpenWorkspace, ASettingIsOneLine) {
  workspace::InitOptions currency, company;
  currency.currency = "EUR\nmargin_rate: 0.9";
  company.company = "a\tb";
  const auto made = Workspace::init(folder_ / "x", currency);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, "settings.text");
  EXPECT_FALSE(Workspace::init(folder_ / "x", company));
  EXPECT_FALSE(fs::exists(folder_ / "x"));
}

/// Where its draft would be written stands a folder: as on a full disk, all is made but vigie.yaml.
TEST_F(OpenWorkspace, WhatItsMakingCannotFinishIsTakenAwayAgainAndNothingElse) {
  const fs::path mine = folder_ / "mine";
  fs::create_directories(mine / "maps");
  fs::create_directories(mine / ("vigie.yaml" + std::string(kDraftEnding)));
  ASSERT_FALSE(Workspace::init(mine, {}));
  EXPECT_TRUE(fs::exists(mine / "maps")) << "empty, and made by somebody else";
  EXPECT_FALSE(fs::exists(mine / "kpis"));
  EXPECT_FALSE(fs::exists(mine / "data"));

  const fs::path far = folder_ / "a" / "b";
  folder_.write("a/b/maps", "a file where a folder is wanted");
  ASSERT_FALSE(Workspace::init(far, {}));
  EXPECT_EQ(folder_.read("a/b/maps"), "a file where a folder is wanted");
  EXPECT_FALSE(fs::exists(far / "kpis"));
}

/// Whichever is the later one finds a workspace there, or no draft of its own to put in place; it may not undo the
/// first.
TEST_F(OpenWorkspace, OfTwoMadeAtOnceOneIsWhole) {
  for (int round = 0; round < 200; ++round) {
    const fs::path place = folder_ / fmt::format("at-once-{}", round);
    std::barrier both(2);
    const auto make = [&] {
      both.arrive_and_wait();
      return Workspace::init(place, {}).has_value();
    };
    auto other = std::async(std::launch::async, make);
    const bool mine = make(), theirs = other.get();
    ASSERT_TRUE(mine || theirs);
    for (const char* inside : {"kpis", "maps", "data", "vigie.yaml"})
      ASSERT_TRUE(fs::exists(place / inside)) << inside << " in round " << round;
  }
}

/// Somebody who may read and not write: root may write everywhere.
class AsReader {
 public:
  AsReader() : root_(::geteuid() == 0 && ::seteuid(kNobody) == 0) {}
  AsReader(const AsReader&) = delete;
  AsReader& operator=(const AsReader&) = delete;
  ~AsReader() {
    if (root_) EXPECT_EQ(::seteuid(0), 0);
  }

 private:
  static constexpr uid_t kNobody = 65'534;
  bool root_;
};

TEST_F(OpenWorkspace, AFolderThatCannotBeWrittenIsRead) {
  ASSERT_TRUE(workspace_->import(spend()));
  const auto only_read = [&](bool yes) {
    fs::permissions(folder_.path(), fs::perms(0755));
    for (const auto& entry : fs::recursive_directory_iterator(home_))
      fs::permissions(entry.path(), fs::perms(entry.is_directory() ? (yes ? 0555 : 0755) : (yes ? 0444 : 0644)));
    fs::permissions(home_, fs::perms(yes ? 0555 : 0755));
  };
  only_read(true);
  {
    const AsReader reader;
    const auto during = Workspace::open(home_, clock_);
    ASSERT_FALSE(during);
    EXPECT_EQ(during.error().code, "workspace.locked") << during.error().text();
  }
  workspace_.reset();
  {
    const AsReader reader;
    const auto opened = Workspace::open(home_, clock_);
    ASSERT_TRUE(opened) << opened.error().text();
    const auto values = (*opened)->dimension_values("channel", "", 10, {});
    ASSERT_TRUE(values) << values.error().text();
    ASSERT_EQ(values->size(), 1U);
    EXPECT_EQ(values->front().value, "web");
    EXPECT_TRUE(Workspace::open(home_, clock_)) << "several may read";
    const auto written = (*opened)->import(spend());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, "file.unwritable") << written.error().text();
  }
  only_read(false);
  EXPECT_TRUE(Workspace::open(home_, clock_)) << "and who may write still does";
}

}  // namespace
}  // namespace vigie::workspace
