#include "base/yaml_folder.h"

#include <algorithm>

#include "base/text.h"

namespace vigie {

namespace fs = std::filesystem;

Result<YamlFolder> yaml_folder(const fs::path& folder) {
  YamlFolder out;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    const fs::path& file = at->path();
    const std::string ending = lower_ascii(file.extension().string());
    if (file.extension() == ".yaml") out.files.push_back(file);
    else if (ending == ".yaml" || ending == ".yml") out.nearly.push_back(file);
  }
  if (problem && problem != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", folder.string(), problem.message()), {},
                "check the path and the rights on it");
  std::ranges::sort(out.files);
  std::ranges::sort(out.nearly);
  return out;
}

}  // namespace vigie
