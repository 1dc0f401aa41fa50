#include <fstream>

#include "demo/demo.h"
#include "demo/map_files.h"
#include "workspace/workspace.h"

namespace vigie::demo {
namespace {

namespace fs = std::filesystem;

/// The folder in which the demo is made; gone at the end unless it was moved to its place.
class Draft {
 public:
  explicit Draft(fs::path folder) : folder_(std::move(folder)) {}
  ~Draft() {
    std::error_code ignored;
    if (!moved_) fs::remove_all(folder_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const fs::path& folder() const { return folder_; }
  Result<> move_to(const fs::path& place) {
    std::error_code problem;
    fs::rename(folder_, place, problem);
    if (problem)
      return fail(ErrorKind::unavailable, "file.unwritable",
                  fmt::format("cannot make {}: {}", place.string(), problem.message()));
    moved_ = true;
    return {};
  }

 private:
  fs::path folder_;
  bool moved_ = false;
};

Result<> refuse_what_is_there(const fs::path& folder) {
  std::error_code problem;
  const bool there = fs::exists(fs::symlink_status(folder, problem));
  if (!there || (fs::is_directory(folder, problem) && fs::is_empty(folder, problem))) return {};
  return fail(ErrorKind::usage, "demo.not_empty", fmt::format("{} is there already and is not empty", folder.string()),
              {}, "name a new folder, or remove that one first");
}

Result<> import_all(const fs::path& folder, const Clock& clock, const Progress& progress) {
  VIGIE_TRY(const auto opened, workspace::Workspace::open(folder, clock));
  const auto maps = map_files();
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const std::string_view name = maps[i].name.substr(0, maps[i].name.find('.'));
    if (progress) progress(name, static_cast<double>(i + 1) / static_cast<double>(maps.size() + 1));
    ingest::Request request;
    request.map_file = folder / "maps" / maps[i].name;
    VIGIE_TRY(const ingest::Receipt receipt, opened->import(request));
    if (receipt.quarantined > 0)
      return fail(ErrorKind::internal, "demo.quarantined",
                  fmt::format("{} of {} rows of {} were refused: {}", receipt.quarantined, receipt.read, name,
                              receipt.refusals.front().message));
  }
  return {};
}

}  // namespace

Result<Written> make(const fs::path& folder, const Options& options, const Clock& clock, const Progress& progress) {
  VIGIE_CHECK(refuse_what_is_there(folder));
  std::error_code problem;
  const fs::path place = fs::absolute(folder, problem).lexically_normal();
  const fs::path named = place.has_filename() ? place : place.parent_path();
  Draft draft(named.string() + ".making");
  fs::remove_all(draft.folder(), problem);
  if (progress) progress("generate", 0);
  VIGIE_CHECK(workspace::Workspace::init(draft.folder(), {.company = "Atelier Nord",
                                                          .currency = "EUR",
                                                          .time_zone = "Europe/Paris",
                                                          .fiscal_start = "01-01",
                                                          .week_start = "monday"}));
  VIGIE_TRY(Written written, generate(options, clock, draft.folder()));
  std::ofstream settings(draft.folder() / "vigie.yaml", std::ios::binary);
  settings << written.settings << std::flush;
  if (!settings)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}", (draft.folder() / "vigie.yaml").string()));
  VIGIE_CHECK(import_all(draft.folder(), clock, progress));
  fs::remove(named, problem);  // an empty folder; rename needs its place
  VIGIE_CHECK(draft.move_to(named));
  return written;
}

}  // namespace vigie::demo
