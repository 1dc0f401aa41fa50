#include "sources/folder.h"

#include <glob.h>
#include <sys/stat.h>

#include <set>

#include "base/hash.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

struct Standing {
  std::int64_t size = 0;
  std::int64_t changed = 0;  ///< ns since 1970, as somebody may have set it
  std::int64_t moved = 0;    ///< when the system last saw anything of it change
  bool operator==(const Standing&) const = default;
};

std::optional<Standing> standing_of(const fs::path& file) {
  struct stat known{};
  if (::stat(file.c_str(), &known) != 0 || !S_ISREG(known.st_mode)) return std::nullopt;
  const auto nanoseconds = [](const timespec& at) { return at.tv_sec * 1'000'000'000 + at.tv_nsec; };
  return Standing{known.st_size, nanoseconds(known.st_mtim), nanoseconds(known.st_ctim)};
}

/// The folder's own name may hold signs of a pattern; they mean themselves.
std::string pattern_of(const fs::path& folder, const std::string& written) {
  std::string out;
  for (const char c : folder.string()) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') out += '\\';
    out += c;
  }
  return out + "/" + written;
}

Result<std::vector<fs::path>> named(const Source& source, const Feed& feed) {
  std::set<fs::path> out;
  for (const std::string& written : feed.files) {
    glob_t found{};
    const int code = ::glob(pattern_of(source.place, written).c_str(), GLOB_ERR, nullptr, &found);
    if (code == 0)
      for (std::size_t i = 0; i < found.gl_pathc; ++i) out.insert(found.gl_pathv[i]);
    ::globfree(&found);
    if (code == 0 || code == GLOB_NOMATCH) continue;
    return fail(ErrorKind::unavailable, "source.unreachable",
                fmt::format("cannot look for {} in the folder {}", written, source.place.string()), feed.rows_where,
                "check the rights on the folders in it");
  }
  return std::vector<fs::path>(out.begin(), out.end());
}

/// Whether what writes it may not have ended.
bool may_grow(const Source& source, const fs::path& path, const Standing& stands, Instant now) {
  std::error_code ignored;
  if (!source.done.empty()) return !fs::exists(path.string() + source.done, ignored);
  const std::int64_t settled = now.micros * 1000 - std::chrono::nanoseconds(source.settled).count();
  // A time that is yet to come was set by somebody else's clock; when that was done, this system knows.
  return std::min(stands.changed, stands.moved) > settled;
}

bool is_whole_truth(ingest::Mode mode) {
  return mode == ingest::Mode::snapshot || mode == ingest::Mode::snapshot_of_dates;
}

bool is_news(const NewFile& file, ingest::Mode mode, const TakenFiles& taken, const std::vector<NewFile>& before) {
  if (const auto same_name = taken.find(file.name); same_name != taken.end())
    return same_name->second.digest != file.digest;
  if (is_whole_truth(mode)) return before.empty() || before.back().digest != file.digest;
  return std::ranges::find(before, file.digest, &NewFile::digest) == before.end() &&
         std::ranges::none_of(taken, [&](const auto& one) { return one.second.digest == file.digest; });
}

}  // namespace

Result<std::vector<NewFile>> new_files(const Source& source, const Feed& feed, ingest::Mode mode,
                                       const TakenFiles& taken, Instant now) {
  std::error_code problem;
  fs::directory_iterator listed(source.place, problem);
  if (problem)
    return fail(ErrorKind::unavailable, "source.unreachable",
                fmt::format("cannot read the folder {}: {}", source.place.string(), problem.message()),
                source.place_where, "check the path and the rights on it; relative ones start at the workspace");
  VIGIE_TRY(const std::vector<fs::path> files, named(source, feed));
  std::vector<NewFile> out;
  for (const fs::path& path : files) {
    const auto before = standing_of(path);
    if (!before || (!source.done.empty() && path.string().ends_with(source.done))) continue;
    NewFile file{
        path, path.lexically_relative(source.place).string(), {}, fmt::format("{} {}", before->size, before->changed)};
    const auto known = taken.find(file.name);
    if (known != taken.end() && known->second.stands == file.stands) continue;
    if (may_grow(source, path, *before, now)) continue;
    auto digest = file_digest(path);
    if (standing_of(path) != before) continue;  // it grew while it was read: the next sync looks again
    if (!digest) return std::unexpected(digest.error());
    file.digest = std::move(*digest);
    if (is_news(file, mode, taken, out)) out.push_back(std::move(file));
  }
  return out;
}

}  // namespace vigie::sources
