#include "base/yaml_folder.h"

#include <algorithm>

#include "base/text.h"

namespace vigie {

namespace fs = std::filesystem;

namespace {

/// A link that leads nowhere is told by who opens it.
bool is_no_file(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.exists(ignored) && !entry.is_regular_file(ignored);
}

}  // namespace

Result<YamlFolder> yaml_folder(const fs::path& folder) {
  YamlFolder out;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    const fs::path& file = at->path();
    const std::string ending = lower_ascii(file.extension().string());
    if (file.filename().string().starts_with('.') || (ending != ".yaml" && ending != ".yml")) continue;
    if (is_no_file(*at)) out.no_files.push_back(file);
    else if (file.extension() == ".yaml") out.files.push_back(file);
    else out.nearly.push_back(file);
  }
  if (problem && problem != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", folder.string(), problem.message()), {},
                "check the path and the rights on it");
  for (auto* paths : {&out.files, &out.nearly, &out.no_files}) std::ranges::sort(*paths);
  return out;
}

}  // namespace vigie
