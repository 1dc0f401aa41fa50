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

/// What a pattern fits, in the order of names.
void add_found(const std::string& pattern, std::set<fs::path>& out) {
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) out.insert(found.gl_pathv[i]);
  ::globfree(&found);
}

std::set<fs::path> named(const Source& source, const Feed& feed) {
  std::set<fs::path> out;
  for (const std::string& written : feed.files) add_found(pattern_of(source.place, written), out);
  return out;
}

std::string stands(const Standing& standing, const fs::path& folder, const fs::path& file) {
  return fmt::format("{} {} {}", standing.size, standing.changed, file.lexically_relative(folder).string());
}

}  // namespace

std::vector<FolderFile> whole_files(const Source& source, const Feed& feed, const std::set<std::string>& whole,
                                    Instant now) {
  std::vector<FolderFile> out;
  for (const fs::path& path : named(source, feed)) {
    const auto found = standing_of(path);
    if (!found || (!source.done.empty() && path.string().ends_with(source.done))) continue;
    FolderFile file{path, stands(*found, source.place, path), Instant{found->changed / 1000}};
    std::error_code ignored;
    const bool is_settled = now.micros * 1000 - found->changed >= std::chrono::nanoseconds(source.settled).count();
    const bool is_whole = source.done.empty() ? is_settled || whole.contains(file.stands)
                                              : fs::exists(path.string() + source.done, ignored);
    if (is_whole) out.push_back(std::move(file));
  }
  return out;
}

std::optional<std::string> stands_as(const fs::path& folder, const fs::path& file) {
  const auto found = standing_of(file);
  return found ? std::optional(stands(*found, folder, file)) : std::nullopt;
}

std::set<fs::path> folders_of(const Source& source, const Feed& feed) {
  std::set<fs::path> out;
  for (const std::string& written : feed.files) {
    const std::string inner = fs::path(written).parent_path().string();
    if (inner.empty()) out.insert(source.place);
    else add_found(pattern_of(source.place, inner), out);
  }
  return out;
}

Result<std::vector<NewFile>> new_files(const Source& source, const Feed& feed,
                                       const std::map<std::string, std::string>& known,
                                       const std::set<std::string>& whole, Instant now) {
  std::error_code problem;
  fs::directory_iterator listed(source.place, problem);
  if (problem)
    return fail(ErrorKind::unavailable, "source.unreachable",
                fmt::format("cannot read the folder {}: {}", source.place.string(), problem.message()),
                source.place_where, "check the path and the rights on it; relative ones start at the workspace");
  std::set<std::string> taken;
  for (const auto& [digest, stood] : known) taken.insert(stood);
  std::vector<NewFile> out;
  for (FolderFile& file : whole_files(source, feed, whole, now)) {
    if (taken.contains(file.stands)) continue;
    auto digest = file_digest(file.path);
    if (stands_as(source.place, file.path) != file.stands) continue;  // it grew meanwhile: the next sync looks again
    if (!digest) return std::unexpected(digest.error());
    if (known.contains(*digest) || std::ranges::find(out, *digest, &NewFile::digest) != out.end()) continue;
    out.push_back({std::move(file.path), std::move(*digest), std::move(file.stands), file.changed});
  }
  return out;
}

}  // namespace vigie::sources
