#include "sources/folder.h"

#include <glob.h>
#include <sys/stat.h>

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

/// What a pattern fits, in the order of names. Nothing: there is a folder that cannot be read. One that is not there
/// holds no file.
bool add_found(const std::string& pattern, std::set<fs::path>& out) {
  glob_t found{};
  const auto matters = [](const char*, int reason) { return reason == ENOENT || reason == ENOTDIR ? 0 : 1; };
  const int code = ::glob(pattern.c_str(), 0, matters, &found);
  if (code == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) out.insert(found.gl_pathv[i]);
  ::globfree(&found);
  return code == 0 || code == GLOB_NOMATCH;
}

Result<std::set<fs::path>> named(const Source& source, const Feed& feed) {
  std::set<fs::path> out;
  for (const std::string& written : feed.files)
    if (!add_found(pattern_of(source.place, written), out))
      return fail(ErrorKind::unavailable, "source.unreachable",
                  fmt::format("cannot look for {} in the folder {}", written, source.place.string()), feed.rows_where,
                  "check the rights on the folders in it");
  return out;
}

FolderFile file_of(const fs::path& folder, const fs::path& path, const Standing& standing) {
  const std::string name = path.lexically_relative(folder).string();
  return {path, name, fmt::format("{} {} {}", standing.size, standing.changed, name), Instant{standing.changed / 1000}};
}

/// Whether what writes it may not have ended.
bool may_grow(const Source& source, const fs::path& path, const Standing& standing, Instant now) {
  std::error_code ignored;
  if (!source.done.empty()) return !fs::exists(path.string() + source.done, ignored);
  const std::int64_t settled = now.micros * 1000 - std::chrono::nanoseconds(source.settled).count();
  // A time that is yet to come was set by somebody else's clock; when that was done, this system knows.
  return std::min(standing.changed, standing.moved) > settled;
}

bool is_whole_truth(ingest::Mode mode) {
  return mode == ingest::Mode::snapshot || mode == ingest::Mode::snapshot_of_dates;
}

/// Whether what it holds was taken: under its name, or, of a file that is not the whole truth, under any.
bool is_taken(const NewFile& file, ingest::Mode mode, const TakenFiles& taken) {
  if (const auto same_name = taken.find(file.file.name); same_name != taken.end())
    return same_name->second.digest == file.digest;
  return !is_whole_truth(mode) &&
         std::ranges::any_of(taken, [&](const auto& one) { return one.second.digest == file.digest; });
}

/// Whether another file that is to be taken says the same.
bool is_said(const NewFile& file, ingest::Mode mode, const std::vector<NewFile>& before) {
  if (is_whole_truth(mode)) return !before.empty() && before.back().digest == file.digest;
  return std::ranges::find(before, file.digest, &NewFile::digest) != before.end();
}

}  // namespace

Result<std::vector<FolderFile>> whole_files(const Source& source, const Feed& feed, const std::set<std::string>& whole,
                                            Instant now) {
  VIGIE_TRY(const std::set<fs::path> paths, named(source, feed));
  std::vector<FolderFile> out;
  for (const fs::path& path : paths) {
    const auto standing = standing_of(path);
    if (!standing || (!source.done.empty() && path.string().ends_with(source.done))) continue;
    FolderFile file = file_of(source.place, path, *standing);
    const bool is_known_whole = source.done.empty() && whole.contains(file.stands);
    if (is_known_whole || !may_grow(source, path, *standing, now)) out.push_back(std::move(file));
  }
  return out;
}

std::optional<std::string> stands_as(const fs::path& folder, const fs::path& file) {
  const auto found = standing_of(file);
  return found ? std::optional(file_of(folder, file, *found).stands) : std::nullopt;
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

Result<Found> look_for_news(const Source& source, const Feed& feed, ingest::Mode mode, const TakenFiles& taken,
                            const std::set<std::string>& missing, const std::set<std::string>& whole, Instant now) {
  std::error_code problem;
  fs::directory_iterator listed(source.place, problem);
  if (problem)
    return fail(ErrorKind::unavailable, "source.unreachable",
                fmt::format("cannot read the folder {}: {}", source.place.string(), problem.message()),
                source.place_where, "check the path and the rights on it; relative ones start at the workspace");
  VIGIE_TRY(std::vector<FolderFile> files, whole_files(source, feed, whole, now));
  Found out;
  for (FolderFile& file : files) {
    const auto known = taken.find(file.name);
    const bool is_missing = missing.contains(file.name);
    if (!is_missing && known != taken.end() && known->second.stands == file.stands) continue;
    const auto before = standing_of(file.path);
    auto digest = file_digest(file.path);
    // It grew meanwhile: the next sync looks again.
    if (!before || file_of(source.place, file.path, *before).stands != file.stands) continue;
    if (standing_of(file.path) != before) continue;
    if (!digest) return std::unexpected(digest.error());
    NewFile found{std::move(file), std::move(*digest)};
    if (is_taken(found, mode, taken)) out.known.push_back(std::move(found));
    else if (is_missing || !is_said(found, mode, out.news)) out.news.push_back(std::move(found));
  }
  return out;
}

}  // namespace vigie::sources
