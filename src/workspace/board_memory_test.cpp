// Boards that were answered before: found where nothing has changed, and nowhere else.
#include "workspace/board_memory.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include "workspace/share.h"
#include "workspace/workspace_fixture.h"

namespace vigie::workspace {
namespace {

class Memory : public WorkspaceTest {
 protected:
  void SetUp() override {
    WorkspaceTest::SetUp();
    ASSERT_TRUE(open());  // the first opening makes the warehouse
  }

  std::unique_ptr<Workspace> open() const { return WorkspaceTest::open(clock_); }
  std::optional<std::string> find(const std::string& question, Instant now) const {
    return BoardMemory(home_, question).find(now);
  }
  /// As a command does: looks for it, opens the workspace, answers, keeps the answer.
  void answer(const std::string& question, const std::string& board, Instant last) const {
    BoardMemory memory(home_, question);
    ASSERT_EQ(memory.find(now_), std::nullopt);
    memory.keep(open(), now_, last, board);
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(home_ / "data" / "boards")) out.push_back(entry.path());
    return out;
  }

  // Noon of 10 March 2025 in Paris; the data end with the 9th.
  const Instant now_ = *parse_instant("2025-03-10T11:00:00Z"), last_ = *parse_instant("2025-03-09T23:00:00Z");
  const FixedClock clock_{now_};
};

TEST_F(Memory, ABoardIsFoundAsItWas) {
  answer("by=channel", "first\nsecond\n", last_);
  EXPECT_EQ(find("by=channel", now_), "first\nsecond\n");
  EXPECT_EQ(find("by=channel", *parse_instant("2025-03-10T22:59:59Z")), "first\nsecond\n");
  EXPECT_EQ(find("by=segment", now_), std::nullopt);
}

TEST_F(Memory, AnotherDayIsTheSameBoardUntilTheYearEnds) {
  answer("q", "board", last_);
  EXPECT_EQ(find("q", *parse_instant("2025-03-10T23:00:00Z")), "board");  // midnight in Paris
  EXPECT_EQ(find("q", *parse_instant("2025-12-31T23:59:59Z")), "board");
  EXPECT_EQ(find("q", *parse_instant("2026-01-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(find("q", *parse_instant("2025-03-09T22:59:59Z")), std::nullopt);  // a clock set back to the day before
}

TEST_F(Memory, AVersionThatComesIntoForceIsAnotherBoard) {
  std::string text = bytes_of(*share_folder() / "kpis" / "orders.yaml").value();
  text.replace(text.find("version: 1"), 10, "version: 2");
  const std::size_t at = text.find("effective_from: ");
  text.replace(at, text.find('\n', at) - at, "effective_from: 2025-03-20");
  write("w/kpis/orders.v2.yaml", text);
  answer("q", "board", last_);
  EXPECT_EQ(find("q", *parse_instant("2025-03-19T22:59:59Z")), "board");
  EXPECT_EQ(find("q", *parse_instant("2025-03-19T23:00:00Z")), std::nullopt);  // the 20th begins in Paris
}

TEST_F(Memory, NoDayOfTwoYears) {
  const Instant eve = *parse_instant("2024-12-31T23:30:00Z");  // half past midnight in Paris, another year there
  BoardMemory memory(home_, "q");
  memory.find(eve);
  const FixedClock clock(eve);
  memory.keep(WorkspaceTest::open(clock), eve, *parse_instant("2024-12-30T23:00:00Z"), "board");
  EXPECT_EQ(find("q", *parse_instant("2024-12-31T23:59:59Z")), "board");
  EXPECT_EQ(find("q", *parse_instant("2025-01-01T00:00:00Z")), std::nullopt);
}

TEST_F(Memory, WhatSpeaksOfThisVeryInstantIsNotKept) {
  answer("q", "board", now_);
  EXPECT_EQ(find("q", now_), std::nullopt);
}

TEST_F(Memory, AnImportMakesItOld) {
  answer("q", "board", last_);
  ASSERT_TRUE(open()->import(spend("web,2025-03-03,10\n")));
  EXPECT_EQ(find("q", now_), std::nullopt);
  answer("q", "after", last_);
  EXPECT_EQ(find("q", now_), "after");
}

TEST_F(Memory, ADefinitionOrASettingMakesItOld) {
  answer("q", "board", last_);
  std::ofstream(home_ / "vigie.yaml", std::ios::app) << "# another word\n";
  EXPECT_EQ(find("q", now_), std::nullopt);
  answer("q", "after", last_);
  write("w/kpis/own.yaml", "# nothing yet\n");
  EXPECT_EQ(find("q", now_), std::nullopt);
}

TEST_F(Memory, WhatNoCatalogueReadsMakesNothingOld) {
  fs::create_directories(home_ / "kpis" / "old");
  answer("q", "board", last_);
  write("w/kpis/notes.txt", "to do");
  write("w/kpis/old/own.yaml", "# not read");
  ASSERT_EQ(::mkfifo((home_ / "kpis" / "pipe").c_str(), 0600), 0);  // whoever reads it waits for ever
  EXPECT_EQ(find("q", now_), "board");
  ASSERT_EQ(::mkfifo((home_ / "kpis" / "pipe.yaml").c_str(), 0600), 0);  // and this one would be read
  EXPECT_EQ(find("q", now_), std::nullopt);
  fs::remove(home_ / "kpis" / "pipe.yaml");
  EXPECT_EQ(find("q", now_), "board");
}

TEST_F(Memory, WhatShipsMakesItOld) {
  answer("q", "board", last_);
  const fs::path share = folder_ / "share";
  fs::create_directory(share);
  for (const char* part : {"model", "kpis"})
    fs::copy(*share_folder() / part, share / part, fs::copy_options::recursive);
  ASSERT_EQ(::setenv("VIGIE_SHARE", share.c_str(), 1), 0);
  EXPECT_EQ(find("q", now_), std::nullopt) << "another folder";
  answer("q", "after", last_);
  EXPECT_EQ(find("q", now_), "after");
  for (const char* file : {"model/orders.yaml", "model/relations/sales.yaml", "kpis/nps.yaml"}) {
    ASSERT_TRUE(fs::exists(share / file)) << file;
    std::ofstream(share / file, std::ios::app) << "# another word\n";
    EXPECT_EQ(find("q", now_), std::nullopt) << file;
    answer("q", file, last_);
    EXPECT_EQ(find("q", now_), file);
  }
  ASSERT_EQ(::unsetenv("VIGIE_SHARE"), 0);
}

TEST_F(Memory, AnotherLibraryIsAnotherProgram) {
  answer("q", "board", last_);
  EXPECT_EQ(find("q", now_), "board");
  void* const library = ::dlopen("libanl.so.1", RTLD_NOW);  // of the C library, and used by nobody here
  ASSERT_NE(library, nullptr);
  EXPECT_EQ(find("q", now_), std::nullopt);
  ::dlclose(library);
  EXPECT_EQ(find("q", now_), "board");
}

TEST_F(Memory, AnotherProgramOrZoneFileIsAnotherBoard) {
  constexpr std::size_t kProgram = 2, kZoneAt = 6;  // its lines
  for (const std::size_t changed : {kProgram, kZoneAt}) {
    answer("q", "board", last_);
    std::vector<std::string> lines;
    std::ifstream in(files().front(), std::ios::binary);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), 11U);
    EXPECT_EQ(lines[kProgram], basis_of(home_).program);
    EXPECT_EQ(lines[kZoneAt], zone_version("Europe/Paris"));
    const auto put = [&] {
      std::ofstream out(files().front(), std::ios::binary | std::ios::trunc);
      for (std::size_t i = 0; i < lines.size(); ++i) out << lines[i] << (i + 1 < lines.size() ? "\n" : "");
    };
    put();
    EXPECT_EQ(find("q", now_), "board") << "as it was";
    lines[changed].front() = lines[changed].front() == '0' ? '1' : '0';
    put();
    EXPECT_EQ(find("q", now_), std::nullopt) << changed;
  }
  EXPECT_NE(zone_version("Europe/Paris"), zone_version("Europe/London"));
}

TEST_F(Memory, WhatIsLoggedBesideTheWarehouseIsNotInIt) {
  answer("q", "board", last_);
  write("w/data/warehouse.duckdb.wal", "not in the file yet");
  EXPECT_EQ(find("q", now_), std::nullopt);
  fs::remove(home_ / "data" / "warehouse.duckdb.wal");
  EXPECT_EQ(find("q", now_), "board");
}

TEST_F(Memory, DraftsOfACrashGo) {
  answer("q", "board", last_);
  write("w/data/boards/0123.board.new", "half a bo");
  write("w/data/boards/mine.txt.new", "of somebody");
  answer("another", "board", last_);
  EXPECT_FALSE(fs::exists(home_ / "data/boards/0123.board.new"));
  EXPECT_TRUE(fs::exists(home_ / "data/boards/mine.txt.new"));
  EXPECT_EQ(find("q", now_), "board");
}

TEST_F(Memory, DefinitionsThatChangeMeanwhileAreNotThoseThatWereRead) {
  BoardMemory memory(home_, "q");
  memory.find(now_);
  auto workspace = open();
  std::ofstream(home_ / "vigie.yaml", std::ios::app) << "# another word\n";
  memory.keep(std::move(workspace), now_, last_, "board");
  EXPECT_EQ(find("q", now_), std::nullopt);
}

TEST_F(Memory, WhoHoldsTheWorkspaceIsAskedItself) {
  answer("q", "board", last_);
  const auto held = open();
  EXPECT_EQ(find("q", now_), std::nullopt);
}

TEST_F(Memory, WhatIsNotWholeIsNotFound) {
  answer("q", "a board of some length", last_);
  ASSERT_EQ(files().size(), 1U);
  fs::resize_file(files().front(), fs::file_size(files().front()) - 1);
  EXPECT_EQ(find("q", now_), std::nullopt);
  std::ofstream(files().front(), std::ios::trunc) << "vigie board 1\n";
  EXPECT_EQ(find("q", now_), std::nullopt);
  answer("q", "again", last_);
  EXPECT_EQ(find("q", now_), "again");
}

TEST_F(Memory, OnlySoManyAreKept) {
  for (int i = 0; i < 20; ++i) answer(std::to_string(i), "board", last_);
  EXPECT_EQ(files().size(), 16U);
  EXPECT_EQ(find("19", now_), "board");
  answer("large", std::string((4 << 20) + 1, 'x'), last_);
  EXPECT_EQ(find("large", now_), std::nullopt);
}

TEST_F(Memory, WhereNothingCanBeWrittenNothingIsKept) {
  write("w/data/boards", "no folder");
  answer("q", "board", last_);
  EXPECT_EQ(find("q", now_), std::nullopt);
}

}  // namespace
}  // namespace vigie::workspace
