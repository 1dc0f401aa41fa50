#include "workspace/check.h"

#include "ingest/map.h"
#include "workspace/share.h"
#include "workspace/workspace.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

void check_maps(const fs::path& folder, const model::Model& model, const std::string& time_zone, std::vector<Error>& found) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files)
    if (const auto map = ingest::Map::load(file, model, time_zone); !map) found.push_back(map.error());
}

/// The texts of the workspace: what a person wrote.
Result<> check_texts(const fs::path& folder, std::vector<Error>& found) {
  VIGIE_TRY(const fs::path share, share_folder());
  VIGIE_TRY(const model::Model model, model::Model::load(share / "model"));
  const auto settings = catalog::load_settings(folder / "vigie.yaml");
  if (!settings) found.push_back(settings.error());
  else if (const auto groups = catalog::check_channel_groups(*settings, model); !groups) found.push_back(groups.error());
  if (const auto catalog = catalog::Catalog::load({share / "kpis", folder / "kpis"}, model); !catalog) found.push_back(catalog.error());
  check_maps(folder / "maps", model, settings ? settings->calendar.time_zone : "UTC", found);
  return {};
}

}  // namespace

std::vector<Error> check(const fs::path& folder, const Clock& clock) {
  std::vector<Error> found;
  std::error_code ignored;
  if (fs::exists(folder / "vigie.yaml", ignored))
    if (const auto read = check_texts(folder, found); !read) found.push_back(read.error());
  if (!found.empty()) return found;
  const auto opened = Workspace::open(folder, clock);
  if (!opened) return {opened.error()};
  const auto audited = (*opened)->audit();
  return audited ? *audited : std::vector<Error>{audited.error()};
}

}  // namespace vigie::workspace
