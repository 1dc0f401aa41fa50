#include "workspace/check.h"

#include "ingest/map.h"
#include "workspace/known_figures.h"
#include "workspace/map_folder.h"
#include "workspace/share.h"
#include "workspace/workspace.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

void check_maps(const fs::path& folder, const model::Model& model, const std::string& time_zone,
                std::vector<Error>& found) {
  // Named as the workspace's own file, wherever the workspace is: "maps/orders.yaml:7:3", as definitions are.
  const auto add = [&](Error error) {
    if (!error.where.file.empty())
      error.where.file = (folder.filename() / fs::path(error.where.file).filename()).string();
    found.push_back(std::move(error));
  };
  const auto found_maps = maps_in(folder);
  if (!found_maps) return add(found_maps.error());
  for (const Error& error : found_maps->passed_over) add(error);
  for (const fs::path& file : found_maps->maps)
    if (const auto map = ingest::Map::load(file, model, time_zone); !map) add(map.error());
  for (const Error& error : repeated_maps(found_maps->maps)) add(error);
}

/// The texts of the workspace: what a person wrote.
Result<> check_texts(const fs::path& folder, const MoreTexts& more, std::vector<Error>& found) {
  VIGIE_TRY(const fs::path share, share_folder());
  VIGIE_TRY(const model::Model model, model::Model::load(share / "model"));
  const auto settings = catalog::load_settings(folder / "vigie.yaml");
  if (!settings) found.push_back(settings.error());
  else if (const auto groups = catalog::check_channel_groups(*settings, model); !groups)
    found.push_back(groups.error());
  const auto catalog = catalog::Catalog::read({share / "kpis", folder / "kpis"}, model);
  if (!catalog) found.push_back(catalog.error());
  else {
    for (const catalog::Fault& fault : catalog->faults()) found.push_back(fault.error);
    if (const auto targets = settings ? catalog::check_targets(*settings, *catalog) : Result<>{}; !targets)
      found.push_back(targets.error());
  }
  const std::string zone = settings ? settings->calendar.time_zone : "UTC";
  check_maps(folder / "maps", model, zone, found);
  std::ranges::move(sources::check(folder, share / "presets", model, zone), std::back_inserter(found));
  if (more) std::ranges::move(more(folder, model, zone), std::back_inserter(found));
  return {};
}

std::vector<Error> texts_of(const fs::path& folder, const MoreTexts& more) {
  std::vector<Error> found;
  if (const auto read = check_texts(folder, more, found); !read) found.push_back(read.error());
  return found;
}

std::vector<Error> audited(Workspace& workspace, const store::QueryLimits& limits) {
  std::vector<Error> found = check_known_figures(workspace, limits);
  const auto of_warehouse = workspace.audit(limits);
  if (!of_warehouse) found.push_back(of_warehouse.error());
  else found.insert(found.end(), of_warehouse->begin(), of_warehouse->end());
  return found;
}

}  // namespace

std::vector<Error> check(const fs::path& folder, const Clock& clock, const MoreTexts& more) {
  std::error_code ignored;
  if (fs::exists(folder / "vigie.yaml", ignored))
    if (auto found = texts_of(folder, more); !found.empty()) return found;
  const auto opened = Workspace::open(folder, clock);
  if (!opened) return {opened.error()};
  return audited(**opened, {.deadline = kLongestAudit});
}

std::vector<Error> check(Workspace& workspace, const store::QueryLimits& limits, const MoreTexts& more) {
  auto found = texts_of(workspace.folder(), more);
  return found.empty() ? audited(workspace, limits) : found;
}

}  // namespace vigie::workspace
