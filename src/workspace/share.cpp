#include "workspace/share.h"

#include <cstdlib>

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

}  // namespace vigie::workspace
