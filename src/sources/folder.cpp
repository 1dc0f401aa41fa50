#include "sources/folder.h"

#include <glob.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "base/hash.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

struct Standing {
  std::int64_t size = 0;
  std::int64_t changed = 0;  ///< ns since 1970
  bool operator==(const Standing&) const = default;
};

std::optional<Standing> standing_of(const fs::path& file) {
  struct stat known{};
  if (::stat(file.c_str(), &known) != 0 || !S_ISREG(known.st_mode)) return std::nullopt;
  return Standing{known.st_size, known.st_mtim.tv_sec * 1'000'000'000 + known.st_mtim.tv_nsec};
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

std::vector<fs::path> named(const Source& source, const Feed& feed) {
  std::set<fs::path> out;
  for (const std::string& written : feed.files) {
    glob_t found{};
    if (::glob(pattern_of(source.place, written).c_str(), 0, nullptr, &found) == 0)
      for (std::size_t i = 0; i < found.gl_pathc; ++i) out.insert(found.gl_pathv[i]);
    ::globfree(&found);
  }
  return {out.begin(), out.end()};
}

}  // namespace

Result<std::vector<NewFile>> new_files(const Source& source, const Feed& feed,
                                       const std::map<std::string, std::string>& known, Instant now) {
  std::error_code problem;
  fs::directory_iterator listed(source.place, problem);
  if (problem)
    return fail(ErrorKind::unavailable, "source.unreachable",
                fmt::format("cannot read the folder {}: {}", source.place.string(), problem.message()),
                source.place_where, "check the path and the rights on it; relative ones start at the workspace");
  std::set<std::string> taken;
  for (const auto& [digest, stands] : known) taken.insert(stands);
  std::vector<NewFile> out;
  for (const fs::path& path : named(source, feed)) {
    const auto before = standing_of(path);
    if (!before || (!source.done.empty() && path.string().ends_with(source.done))) continue;
    const std::string stands =
        fmt::format("{} {} {}", before->size, before->changed, path.lexically_relative(source.place).string());
    if (taken.contains(stands)) continue;
    std::error_code ignored;
    if (!source.done.empty()) {
      if (!fs::exists(path.string() + source.done, ignored)) continue;
    } else if (now.micros * 1000 - before->changed < std::chrono::nanoseconds(source.settled).count()) {
      continue;
    }
    auto digest = file_digest(path);
    if (standing_of(path) != before) continue;  // it grew while it was read: the next sync looks again
    if (!digest) return std::unexpected(digest.error());
    if (known.contains(*digest) || std::ranges::find(out, *digest, &NewFile::digest) != out.end()) continue;
    out.push_back({path, std::move(*digest), stands});
  }
  return out;
}

}  // namespace vigie::sources
