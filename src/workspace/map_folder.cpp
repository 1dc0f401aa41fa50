#include "workspace/map_folder.h"

#include <map>

#include "base/text.h"
#include "base/yaml.h"

namespace vigie::workspace {

namespace fs = std::filesystem;

namespace {

/// With its folder, as definitions are named: "maps/orders.yaml".
std::string shown(const fs::path& file) { return (file.parent_path().filename() / file.filename()).string(); }

}  // namespace

Result<std::vector<fs::path>> maps_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    const fs::path& file = at->path();
    const std::string ending = lower_ascii(file.extension().string());
    if (file.extension() == ".yaml") out.push_back(file);
    else if (ending == ".yaml" || ending == ".yml")
      return fail(ErrorKind::usage, "map.file_name",
                  fmt::format("{} is not read: the maps of a folder stand in files that end in .yaml", shown(file)), {},
                  fmt::format("name it {}.yaml, or name the file itself with --map", file.stem().string()));
  }
  if (problem && problem != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", folder.string(), problem.message()), {},
                "check the path and the rights on it");
  std::ranges::sort(out);
  return out;
}

Result<> check_distinct_maps(const std::vector<fs::path>& maps) {
  std::map<std::string, fs::path> seen;
  for (const fs::path& file : maps) {
    const auto root = YamlNode::load_file(file, file.string());
    const YamlNode* const named = root ? root->find("map") : nullptr;
    const auto id = named ? named->as_text() : Result<std::string>("");
    if (!id || id->empty()) continue;
    const auto [first, is_new] = seen.emplace(*id, file);
    std::error_code ignored;
    if (!is_new && !fs::equivalent(first->second, file, ignored))
      return named->error("map.id_taken", fmt::format("the map \"{}\" is in {} already", *id, shown(first->second)),
                          "give one of the two another id: what one brings in would count as the other's");
  }
  return {};
}

}  // namespace vigie::workspace
