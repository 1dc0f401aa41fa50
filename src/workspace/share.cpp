#include "workspace/share.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace vigie::workspace {

namespace fs = std::filesystem;

Result<fs::path> share_folder() {
  std::vector<fs::path> places;
  if (const char* given = std::getenv("VIGIE_SHARE")) places.emplace_back(given);
  std::error_code ignored;
  if (const fs::path program = fs::read_symlink("/proc/self/exe", ignored); !program.empty())
    places.push_back(program.parent_path().parent_path() / "share" / "vigie");
  places.emplace_back(VIGIE_SOURCE_DIR);
  for (const fs::path& place : places)
    if (fs::is_directory(place / "model", ignored) && fs::is_directory(place / "kpis", ignored)) return place;
  return fail(ErrorKind::unavailable, "share.missing", "the canonical model and the KPI catalogue were not found", {},
              "set VIGIE_SHARE to the folder that holds model/ and kpis/");
}

Result<presets::Preset> preset_called(const std::string& name) {
  VIGIE_TRY(const std::filesystem::path share, share_folder());
  VIGIE_TRY(const std::vector<std::string> known, presets::names_in(share / "presets"));
  std::error_code ignored;
  if (std::filesystem::exists(share / "presets" / name / "source.yaml", ignored))
    return fail(ErrorKind::usage, "preset.unknown", fmt::format("the preset {} is of a database, not of files", name),
                {}, fmt::format("name it in a source of the workspace, with preset: {}, and sync it", name));
  if (std::ranges::find(known, name) == known.end())
    return fail(ErrorKind::usage, "preset.unknown", fmt::format("no preset \"{}\"", name), {},
                nearest_name(name, known).empty() ? "known: " + join(known, ", ") : suggestion(name, known));
  return presets::load(share / "presets" / name);
}

}  // namespace vigie::workspace
