#include "workspace/map_folder.h"

#include <map>

#include "base/text.h"
#include "base/yaml.h"
#include "base/yaml_folder.h"

namespace vigie::workspace {

namespace fs = std::filesystem;

namespace {

/// With its folder, as definitions are named: "maps/orders.yaml".
std::string shown(const fs::path& file) { return (file.parent_path().filename() / file.filename()).string(); }

}  // namespace

Result<std::vector<fs::path>> maps_in(const fs::path& folder) {
  VIGIE_TRY(YamlFolder found, yaml_folder(folder));
  if (found.nearly)
    return fail(
        ErrorKind::usage, "map.file_name",
        fmt::format("{} is not read: the maps of a folder stand in files that end in .yaml", shown(*found.nearly)), {},
        fmt::format("name it {}.yaml, or name the file itself with --map", found.nearly->stem().string()));
  return std::move(found.files);
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
