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

Result<MapFolder> maps_in(const fs::path& folder) {
  VIGIE_TRY(YamlFolder found, yaml_folder(folder));
  MapFolder out{std::move(found.files), {}};
  for (const fs::path& file : found.nearly)
    out.passed_over.push_back(
        {"map.file_name",
         fmt::format("{} is not read: the maps of a folder stand in files that end in .yaml", shown(file)),
         ErrorKind::usage,
         {},
         fmt::format("name it {}.yaml, or name the file itself with --map", file.stem().string())});
  for (const fs::path& file : found.no_files)
    out.passed_over.push_back({"map.no_file",
                               fmt::format("{} is not read: it is no file", shown(file)),
                               ErrorKind::usage,
                               {},
                               "put a file in its place, or give it another name"});
  return out;
}

std::vector<Error> repeated_maps(const std::vector<fs::path>& maps) {
  std::vector<Error> out;
  std::map<std::string, fs::path> seen;
  for (const fs::path& file : maps) {
    const auto root = YamlNode::load_file(file, file.string());
    const YamlNode* const named = root ? root->find("map") : nullptr;
    const auto id = named ? named->as_text() : Result<std::string>("");
    if (!id || id->empty()) continue;
    const auto [first, is_new] = seen.emplace(*id, file);
    std::error_code ignored;
    if (!is_new && !fs::equivalent(first->second, file, ignored))
      out.push_back(named
                        ->error("map.id_taken",
                                fmt::format("the map \"{}\" is in {} already", *id, shown(first->second)),
                                "give one of the two another id: what one brings in would count as the other's")
                        .error());
  }
  return out;
}

}  // namespace vigie::workspace
