#include "exports/out_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>

namespace vigie::exports {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kRights = 0666;  // less what the user's mask takes
constexpr std::string_view kDraft = ".vigie-export-";

/// What a kill left here, between the name beside its place and the place: nobody writes a day at one file.
void remove_leftovers(const fs::path& folder) {
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::days(1);
  std::error_code ended, problem;
  for (fs::directory_iterator one(folder, ended), end; !ended && one != end; one.increment(ended)) {
    if (!one->path().filename().string().starts_with(kDraft) || !fs::is_regular_file(one->symlink_status(problem)))
      continue;
    const auto written = one->last_write_time(problem);
    if (!problem && written < yesterday) fs::remove(one->path(), problem);
  }
}

std::unexpected<Error> is_there(const fs::path& place) {
  return fail(ErrorKind::usage, "export.exists",
              fmt::format("{} is there already, and is left as it is", place.string()), {},
              "name another file, or say --force to replace it");
}

/// What the place holds already, where that is in the way.
Result<> check_place(const fs::path& place, OutFile::Existing existing) {
  std::error_code ignored;
  const fs::file_status there = fs::status(place, ignored);
  if (there.type() == fs::file_type::not_found || there.type() == fs::file_type::none) return {};
  if (there.type() != fs::file_type::regular)
    return fail(ErrorKind::usage, "export.not_a_file", fmt::format("{} is there and is no file", place.string()), {},
                "name a file; CSV goes to standard output where none is named");
  if (existing == OutFile::Existing::replace) return {};
  return is_there(place);
}

/// Why it got no name there. What came to stand there meanwhile, or is a link to nothing, is told as what was there.
std::unexpected<Error> not_put(const fs::path& place, int error_number) {
  return error_number == EEXIST ? is_there(place) : std::unexpected(unwritable(place, error_number));
}

/// A name in the folder for a file that has none.
Result<fs::path> name_draft(const fs::path& folder, const std::string& descriptor, const fs::path& place) {
  constexpr int kTries = 100;
  std::random_device random;
  for (int n = 0; n < kTries; ++n) {
    fs::path name = folder / fmt::format("{}{:08x}{:08x}", kDraft, random(), random());
    if (::linkat(AT_FDCWD, descriptor.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return name;
    if (errno != EEXIST) break;
  }
  return std::unexpected(unwritable(place, errno));
}

/// A file without a name in the folder; where there is no such thing, one with a name that no other has.
int open_draft(const fs::path& folder, fs::path& draft) {
  const int nameless = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kRights);
  if (nameless >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return nameless;
  std::string name = (folder / fmt::format("{}XXXXXX", kDraft)).string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) return named;
  draft = name;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(named, kRights & ~mask);
  return named;
}

}  // namespace

Error unwritable(const fs::path& file, int error_number) {
  const auto refused = [&](const char* hint) {
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}: {}", file.string(), std::strerror(error_number)), {}, hint)
        .error();
  };
  // Room is of no use to a file that may not grow.
  if (error_number == EFBIG)
    return refused(
        "raise the limit on the size of files (ulimit -f), or write to a file system that takes larger ones, then "
        "export again; nothing was left half-written");
  if (error_number == ENOSPC || error_number == EDQUOT)
    return refused("make room on that disk, or write to another one, then export again; nothing was left half-written");
  return refused("check that the folder is there and may be written, or write to another one");
}

Result<OutFile> OutFile::begin(const fs::path& place, Existing existing) {
  VIGIE_CHECK(check_place(place, existing));
  OutFile out;
  out.existing_ = existing;
  out.place_ = place;
  if (std::error_code ignored; existing == Existing::replace && fs::exists(place, ignored))
    out.place_ = fs::weakly_canonical(place, ignored);  // a link to a file stays one
  out.folder_ = out.place_.parent_path().empty() ? "." : out.place_.parent_path();
  remove_leftovers(out.folder_);
  out.descriptor_ = open_draft(out.folder_, out.draft_);
  if (out.descriptor_ < 0) return std::unexpected(unwritable(place, errno));
  // Who may not read what it replaces shall not read it.
  if (struct stat before{}; existing == Existing::replace && ::stat(out.place_.c_str(), &before) == 0)
    if (::fchmod(out.descriptor_, before.st_mode & 07777) != 0) return std::unexpected(unwritable(place, errno));
  return out;
}

Result<OutFile> OutFile::nameless(const fs::path& folder) {
  OutFile out;
  out.folder_ = folder;
  out.descriptor_ = open_draft(folder, out.draft_);
  if (out.descriptor_ < 0) return std::unexpected(unwritable(folder, errno));
  if (!out.draft_.empty()) ::unlink(out.draft_.c_str());
  out.draft_.clear();
  return out;
}

OutFile::OutFile(OutFile&& other) noexcept { *this = std::move(other); }

OutFile& OutFile::operator=(OutFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(existing_, other.existing_);
  place_.swap(other.place_);
  folder_.swap(other.folder_);
  draft_.swap(other.draft_);
  return *this;
}

OutFile::~OutFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!draft_.empty()) ::unlink(draft_.c_str());
}

std::string OutFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

Result<std::int64_t> OutFile::size() const {
  struct stat known{};
  if (::fstat(descriptor_, &known) != 0) return std::unexpected(unwritable(place_, errno));
  return known.st_size;
}

int OutFile::release() { return std::exchange(descriptor_, -1); }

Result<> OutFile::put() {
  if (::fsync(descriptor_) != 0) return std::unexpected(unwritable(place_, errno));
  if (draft_.empty()) {
    // Straight to its place, which the system refuses where something is; else beside it, to take its place.
    if (::linkat(AT_FDCWD, path().c_str(), AT_FDCWD, place_.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
    if (errno != EEXIST) return std::unexpected(unwritable(place_, errno));
    VIGIE_CHECK(check_place(place_, existing_));
    VIGIE_TRY(draft_, name_draft(folder_, path(), place_));
  }
  VIGIE_CHECK(check_place(place_, existing_));
  const unsigned flags = existing_ == Existing::keep ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, draft_.c_str(), AT_FDCWD, place_.c_str(), flags) == 0) {
    draft_.clear();
    return {};
  }
  // Some file systems (NFS) know no flags: there a second name, which the system refuses where something is, does.
  if (flags == 0 || (errno != EINVAL && errno != ENOSYS)) return not_put(place_, errno);
  if (::link(draft_.c_str(), place_.c_str()) == 0) return {};
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) return not_put(place_, errno);
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: its disk cannot tell whether something comes to stand there meanwhile",
                          place_.string()),
              {}, "say --force, which replaces what does, or write to another disk");
}

Result<> write_all(int descriptor, std::string_view bytes, const fs::path& shown_as) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR) return std::unexpected(unwritable(shown_as, errno));
  }
  return {};
}

}  // namespace vigie::exports
