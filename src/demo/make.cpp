#include <cstdlib>
#include <fstream>

#include "demo/demo.h"
#include "demo/map_files.h"
#include "workspace/workspace.h"

namespace vigie::demo {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> is_there_already(const fs::path& folder) {
  return fail(ErrorKind::usage, "demo.not_empty", fmt::format("{} is there already and is not empty", folder.string()),
              {}, "name a new folder, or remove that one first");
}

std::unexpected<Error> cannot_make(const fs::path& place, const std::error_code& problem) {
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot make {}: {}", place.string(), problem.message()));
}

/// The folder in which the demo is made: in one of its own beside its place, so that two may be made at once. Gone at
/// the end, with what was not moved to its place.
class Draft {
 public:
  static Result<std::unique_ptr<Draft>> beside(const fs::path& place) {
    std::error_code problem;
    fs::create_directories(place.parent_path(), problem);
    std::string around = place.string() + ".making-XXXXXX";
    if (problem || ::mkdtemp(around.data()) == nullptr)
      return cannot_make(place, problem ? problem : std::error_code(errno, std::generic_category()));
    return std::unique_ptr<Draft>(new Draft(around));
  }
  ~Draft() {
    std::error_code ignored;  // what stays behind harms nobody
    fs::remove_all(around_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  fs::path folder() const { return around_ / "demo"; }
  Result<> move_to(const fs::path& place) {
    std::error_code problem;
    fs::rename(folder(), place, problem);
    if (problem == std::errc::directory_not_empty || problem == std::errc::file_exists) return is_there_already(place);
    if (problem) return cannot_make(place, problem);
    return {};
  }

 private:
  explicit Draft(fs::path around) : around_(std::move(around)) {}
  fs::path around_;
};

/// Where the demo is moved to in the end. A link stays: what it leads to is the folder.
Result<fs::path> place_of(const fs::path& folder) {
  if (folder.empty())
    return fail(ErrorKind::usage, "workspace.unnamed", "the folder of the workspace has no name", {},
                "name one, or write . for the current folder");
  std::error_code problem;
  const fs::path place = fs::absolute(folder, problem).lexically_normal();
  if (problem) return cannot_make(folder, problem);
  const fs::path named = place.has_filename() ? place : place.parent_path();
  if (!fs::is_symlink(fs::symlink_status(named, problem))) return named;
  const fs::path behind = fs::canonical(named, problem);
  if (problem) return cannot_make(named, problem);
  return behind;
}

Result<> refuse_what_is_there(const fs::path& folder) {
  std::error_code problem;
  const bool there = fs::exists(fs::symlink_status(folder, problem));
  if (!there || (fs::is_directory(folder, problem) && fs::is_empty(folder, problem))) return {};
  return is_there_already(folder);
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
  VIGIE_TRY(const fs::path place, place_of(folder));
  VIGIE_TRY(const std::unique_ptr<Draft> draft, Draft::beside(place));
  if (progress) progress("generate", 0);
  VIGIE_CHECK(workspace::Workspace::init(draft->folder(), {.company = "Atelier Nord",
                                                           .currency = "EUR",
                                                           .time_zone = "Europe/Paris",
                                                           .fiscal_start = "01-01",
                                                           .week_start = "monday"}));
  VIGIE_TRY(Written written, generate(options, clock, draft->folder()));
  std::ofstream settings(draft->folder() / "vigie.yaml", std::ios::binary);
  settings << written.settings << std::flush;
  if (!settings)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}", (draft->folder() / "vigie.yaml").string()));
  VIGIE_CHECK(import_all(draft->folder(), clock, progress));
  VIGIE_CHECK(draft->move_to(place));
  return written;
}

}  // namespace vigie::demo
