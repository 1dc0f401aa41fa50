#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "journal/journal_fixture.h"

namespace vigie::journal {
namespace {

/// In a process of its own no file may grow beyond `most` bytes; 0 where what is done there holds.
int with_files_of_at_most(rlim_t most, const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{most, most};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(holds() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(FullDisk, RefusesWhatItCannotKeepAndKeepsTheRest) {
  const TestFolder folder;
  const SystemClock clock;
  EXPECT_EQ(with_files_of_at_most(2'000,
                                  [&] {
                                    auto journal = Journal::open(folder / "j", clock, {});
                                    if (!journal || !(*journal)->append(std::vector<Entry>{{"s", "1", "first"}}))
                                      return false;
                                    const auto large =
                                        (*journal)->append(std::vector<Entry>{{"s", "2", std::string(3'000, 'x')}});
                                    if (large || large.error().code != "journal.full") return false;
                                    // There is room for a small one, and the key of what was refused is not taken.
                                    const auto small = (*journal)->append(std::vector<Entry>{{"s", "2", "second"}});
                                    return small && small->front().sequence == 2 && !small->front().duplicate &&
                                           read(**journal) == "1:first 2:second";
                                  }),
            0);
  const auto journal = opened(folder / "j", clock);
  EXPECT_EQ(notes_of(*journal), "") << "nothing of the refused one is left";
  EXPECT_EQ(read(*journal), "1:first 2:second");
}

TEST(FullDisk, NoRoomForAnotherFileIsToldAndPasses) {
  const TestFolder folder;
  const SystemClock clock;
  EXPECT_EQ(with_files_of_at_most(10,
                                  [&] {
                                    auto journal = Journal::open(folder / "j", clock, {});
                                    const auto out = journal ? (*journal)->append(std::vector<Entry>{{"s", "", "x"}})
                                                             : fail(ErrorKind::internal, "no", "");
                                    return !out && out.error().code == "journal.full";
                                  }),
            0);
  const auto journal = opened(folder / "j", clock);
  EXPECT_EQ(kept(*journal, "now there is").sequence, 1U);
}

}  // namespace
}  // namespace vigie::journal
