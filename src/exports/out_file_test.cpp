// How a file gets its name, also on disks that know less than this one.
#include "exports/out_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "base/test_folder.h"
#include "exports/writer.h"
#include "store/full_disk.h"

namespace vigie::exports {
namespace {

namespace fs = std::filesystem;

/// From now on this process finds no nameless files and no flags of a rename, as on NFS; and without `links`, no second
/// names either, as on some disks behind FUSE.
bool be_on_a_plainer_disk(bool links) {
  constexpr std::uint32_t kNumber = offsetof(seccomp_data, nr);
  const auto argument = [](std::size_t n) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + n * sizeof(std::uint64_t));
  };
  const auto load = [](std::uint32_t from) { return sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, from); };
  const auto answer = [](std::uint32_t what) { return sock_filter BPF_STMT(BPF_RET | BPF_K, what); };
  const auto failing = [&](int reason) { return answer(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(reason)); };
  const auto unless_call = [](std::uint32_t call, std::uint8_t skip) {
    return sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, skip);
  };
  constexpr std::uint32_t kNameless = O_TMPFILE & ~O_DIRECTORY;
  std::vector<sock_filter> program{
      load(kNumber),
      unless_call(SYS_openat, 4),
      load(argument(2)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kNameless, 0, 1),
      failing(EOPNOTSUPP),
      answer(SECCOMP_RET_ALLOW),
      unless_call(SYS_renameat2, 4),
      load(argument(4)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
      failing(EINVAL),
      answer(SECCOMP_RET_ALLOW),
  };
  if (!links) {
#ifdef SYS_link
    program.insert(program.end(), {unless_call(SYS_link, 1), failing(EPERM)});
#endif
    program.insert(program.end(), {unless_call(SYS_linkat, 1), failing(EPERM)});
  }
  program.push_back(answer(SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

class OutFiles : public ::testing::Test {
 protected:
  /// Writes a file; "" or the code of why not, and what helps.
  static std::string wrote(const fs::path& place, OutFile::Existing existing) {
    auto file = OutFile::begin(place, existing);
    if (!file) return file.error().code;
    if (!write_all(file->descriptor(), "new", place)) return "write_all";
    const Result<> done = file->put();
    return done ? "" : done.error().code + ": " + done.error().hint;
  }
  /// The same, on a plainer disk: in a process of its own.
  std::string wrote_there(const fs::path& place, OutFile::Existing existing, bool links) const {
    int pipe[2];
    if (::pipe(pipe) != 0) return "pipe";
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string told = be_on_a_plainer_disk(links) ? wrote(place, existing) : "seccomp";
      ::_exit(::write(pipe[1], told.data(), told.size()) == static_cast<ssize_t>(told.size()) ? 0 : 1);
    }
    ::close(pipe[1]);
    std::string out;
    char piece[512];
    for (ssize_t got; (got = ::read(pipe[0], piece, sizeof piece)) > 0;)
      out.append(piece, static_cast<std::size_t>(got));
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0 ? out : fmt::format("ended with {}", status);
  }
  /// Names and contents.
  std::string held() const {
    std::vector<std::string> all;
    for (const auto& one : fs::directory_iterator(folder_.path()))
      all.push_back(fmt::format("{}={}", one.path().filename().string(), bytes_of(one.path()).value_or("?")));
    std::ranges::sort(all);
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : " ") + one;
    return out;
  }

  const TestFolder folder_;
  const fs::path place_ = folder_ / "a.csv";
};

TEST_F(OutFiles, OnADiskWithoutFlagsAFreeNameIsTakenAndATakenOneIsLeft) {
  EXPECT_EQ(wrote_there(place_, OutFile::Existing::keep, true), "");
  EXPECT_EQ(held(), "a.csv=new");
  EXPECT_EQ(wrote_there(place_, OutFile::Existing::keep, true), "export.exists");
  folder_.write("a.csv", "old");
  EXPECT_EQ(wrote_there(place_, OutFile::Existing::replace, true), "");
  EXPECT_EQ(held(), "a.csv=new");
}

TEST_F(OutFiles, OnADiskWithoutSecondNamesOnlyForceIsSure) {
  EXPECT_EQ(wrote_there(place_, OutFile::Existing::keep, false),
            "file.unwritable: say --force, which replaces what does, or write to another disk");
  EXPECT_EQ(held(), "");
  EXPECT_EQ(wrote_there(place_, OutFile::Existing::replace, false), "");
  EXPECT_EQ(held(), "a.csv=new");
}

// Only the system sees it: who looks through the link finds nothing.
TEST_F(OutFiles, ALinkToNothingIsSomethingThatIsThere) {
  fs::create_symlink("nowhere", place_);
  const std::string there = "export.exists: name another file, or say --force to replace it";
  EXPECT_EQ(wrote(place_, OutFile::Existing::keep), there);
  EXPECT_EQ(wrote_there(place_, OutFile::Existing::keep, true), there);
  EXPECT_EQ(held(), "a.csv=?");
  EXPECT_EQ(wrote(place_, OutFile::Existing::replace), "");
  EXPECT_EQ(held(), "a.csv=new");
}

// In a container each process is called 7, and opens the same files in the same order.
TEST_F(OutFiles, WhatAKilledProcessLeftIsInNobodysWay) {
  constexpr int kDescriptors = 64;
  for (int n = 0; n < kDescriptors; ++n) folder_.write(fmt::format(".vigie-export-{}-{}", ::getpid(), n), "");
  folder_.write("a.csv", "old");
  EXPECT_EQ(wrote(place_, OutFile::Existing::replace), "");
  EXPECT_EQ(folder_.read("a.csv"), "new");
}

TEST_F(OutFiles, WhatAKilledProcessLeftADayAgoIsGoneWithTheNext) {
  const fs::path dead = folder_.write(".vigie-export-0123456789abcdef", "half"),
                 under_way = folder_.write(".vigie-export-fedcba9876543210", "half"),
                 of_people = folder_.write("vigie-export.csv", "whole");
  const auto days_ago = fs::file_time_type::clock::now() - std::chrono::days(2);
  for (const fs::path& one : {dead, of_people}) fs::last_write_time(one, days_ago);
  EXPECT_EQ(wrote(place_, OutFile::Existing::keep), "");
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_TRUE(fs::exists(under_way) && fs::exists(of_people));
}

TEST(OfFile, WhatTheEnginePutsAsideDoesNotLieWhereTheExportGoes) {
  const auto code = [](std::string_view words) {
    return of_file(*store::no_room(words, words, "w.duckdb"), "a.csv").code;
  };
  EXPECT_EQ(code("failed to offload data block of size 256.0 KiB"), "engine.disk_full");
  EXPECT_EQ(code("No space left on device"), "file.unwritable");
}

}  // namespace
}  // namespace vigie::exports
