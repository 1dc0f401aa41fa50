#include "workspace/find_map.h"

#include "base/yaml.h"
#include "workspace/map_folder.h"
#include "workspace/share.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

/// The id that a file says it has as a map; nothing where it says none, or cannot be read.
std::optional<std::string> id_in(const fs::path& file) {
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored)) return std::nullopt;
  const auto root = YamlNode::load_file(file, file.string());
  const YamlNode* const named = root ? root->find("map") : nullptr;
  const auto found = named != nullptr ? named->as_text() : Result<std::string>("");
  return found && !found->empty() ? std::optional(*found) : std::nullopt;
}

bool is_map_of(const fs::path& file, const std::string& id) { return id_in(file) == id; }

/// The folder, and those in it.
std::vector<fs::path> with_folders_in(const fs::path& folder) {
  std::vector<fs::path> out{folder};
  std::error_code ended;
  for (fs::directory_iterator one(folder, ended), end; !ended && one != end; one.increment(ended))
    if (std::error_code ignored; one->is_directory(ignored)) out.push_back(one->path());
  std::ranges::sort(out.begin() + 1, out.end());
  return out;
}

}  // namespace

ingest::FindMap map_finder(const fs::path& workspace) {
  return [workspace](const std::string& id, const std::string& as_imported) -> Result<fs::path> {
    if (!as_imported.empty() && is_map_of(as_imported, id)) return fs::path(as_imported);
    std::vector<fs::path> roots{workspace / "maps"};
    if (const auto share = share_folder()) roots.push_back(*share / "presets");
    for (const fs::path& root : roots)
      for (const fs::path& folder : with_folders_in(root)) {
        const auto maps = maps_in(folder);
        if (!maps) continue;  // it is not there
        for (const fs::path& file : maps->maps)
          if (is_map_of(file, id)) return file;
      }
    return fail(ErrorKind::unavailable, "quarantine.map",
                as_imported.empty() ? fmt::format("the map \"{}\" is not in the workspace", id)
                                    : fmt::format("the map \"{}\" is not where it was: {}", id, as_imported),
                {}, "name its file with --map-file, or put it into maps/ of the workspace");
  };
}

bool is_another_map(const fs::path& workspace, const fs::path& file, const std::string& id) {
  std::error_code problem;
  const fs::path folder = fs::absolute(workspace, problem).lexically_normal();
  const bool is_ours = !problem && !file.lexically_relative(folder).string().starts_with("..");
  if (fs::status(file, problem).type() == fs::file_type::not_found)
    return is_ours || fs::is_directory(file.parent_path(), problem);
  const auto said = id_in(file);
  return said && *said != id;
}

bool says_no_id(const fs::path& file) { return !id_in(file); }

bool any_says_no_id(const fs::path& workspace) {
  return std::ranges::any_of(with_folders_in(workspace / "maps"), [](const fs::path& folder) {
    const auto maps = maps_in(folder);
    return !maps || std::ranges::any_of(maps->maps, says_no_id);
  });
}

}  // namespace vigie::workspace
