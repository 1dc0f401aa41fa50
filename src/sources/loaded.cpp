#include "sources/loaded.h"

#include "base/yaml_folder.h"
#include "sources/database_preset.h"

namespace vigie::sources {

namespace fs = std::filesystem;

std::string shown_file(const fs::path& file) { return (file.parent_path().filename() / file.filename()).string(); }

std::vector<Error> passed_over(const fs::path& workspace) {
  const auto folder = yaml_folder(workspace / "sources");
  if (!folder) return {folder.error()};
  std::vector<Error> out;
  for (const fs::path& file : folder->nearly)
    out.push_back({"source.file_name",
                   fmt::format("{} is not read: sources stand in files that end in .yaml", shown_file(file)),
                   ErrorKind::usage,
                   {},
                   fmt::format("name it {}.yaml", file.stem().string())});
  for (const fs::path& file : folder->no_files)
    out.push_back({"source.file_name",
                   fmt::format("{} is not read: it is no file", shown_file(file)),
                   ErrorKind::usage,
                   {},
                   "put a file in its place, or give it another name"});
  return out;
}

Result<std::vector<Loaded>> load_all(const fs::path& workspace, const fs::path& presets) {
  VIGIE_TRY(const YamlFolder folder, yaml_folder(workspace / "sources"));
  std::vector<Loaded> out;
  for (const fs::path& file : folder.files) {
    auto source = Source::load(file, workspace, presets);
    for (const Loaded& other : out)
      if (source && other.source && source->preset && other.source->preset &&
          source->preset->folder == other.source->preset->folder)
        source =
            fail(ErrorKind::usage, "preset.taken",
                 fmt::format("{} reads with the preset {} already: the rows of both would be one system's",
                             shown_file(other.file), source->preset->id),
                 source->where,
                 "copy the preset's folder into the workspace, give its maps another source, and name that folder");
      else if (source && other.source && other.source->id == source->id)
        source = fail(ErrorKind::usage, "source.id_taken",
                      fmt::format("the source \"{}\" is in {} already", source->id, shown_file(other.file)),
                      source->where, "give one of the two another name");
    out.push_back({file, std::move(source)});
  }
  return out;
}

std::set<std::string> names_of_all(const fs::path& workspace) {
  std::set<std::string> out;
  const auto folder = yaml_folder(workspace / "sources");
  if (!folder) return out;
  for (const fs::path& file : folder->files) {
    const auto root = YamlNode::load_file(file);
    const YamlNode* name = root ? root->find("source") : nullptr;
    const auto text = name == nullptr ? std::nullopt : std::optional(name->as_text());
    out.insert(text && *text ? **text : file.stem().string());
  }
  return out;
}

}  // namespace vigie::sources
