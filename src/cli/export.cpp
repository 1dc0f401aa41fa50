// vigie export: answers and tables as files. What is in them is exports/; here is where they go.
#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/render.h"
#include "exports/out_file.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;
using exports::OutFile;

OutFile::Existing existing(const ExportOptions& options) {
  return options.force ? OutFile::Existing::replace : OutFile::Existing::keep;
}

std::string summary(const std::string& file, std::int64_t rows) {
  const std::string count = figures().integer(rows);
  return french() ? fmt::format("{}\u00a0: {} {}\n", file, count, rows < 2 ? "ligne" : "lignes")
                  : fmt::format("{}: {} {}\n", file, count, rows == 1 ? "row" : "rows");
}

/// A text on its way to its place.
struct MapFile {
  fs::path place;
  OutFile file;
};

/// The maps, which name the file by the way that leads to it from where they stand. Before the table is written: what
/// is wrong with either is told before there is the other.
Result<std::vector<MapFile>> begin_maps(Backend& backend, const ExportOptions& options, const api::ExportOrder& order) {
  std::vector<MapFile> out;
  if (options.maps.empty()) return out;
  std::error_code problem;
  const fs::path way = fs::proximate(fs::absolute(options.file), fs::weakly_canonical(options.maps, problem), problem);
  VIGIE_TRY(const std::string json, backend.return_maps(order, way.empty() ? options.file : way.string()));
  fs::create_directories(options.maps, problem);
  if (problem) return std::unexpected(exports::unwritable(options.maps, problem.value()));
  VIGIE_TRY(const boost::json::value root, parsed(json));
  for (const boost::json::value& map : list_at(root, "maps")) {
    const fs::path place = fs::path(options.maps) / (text_at(map, "map") + ".yaml");
    VIGIE_TRY(OutFile file, OutFile::begin(place, existing(options)));
    VIGIE_CHECK(exports::write_all(file.descriptor(), text_at(map, "yaml"), place));
    out.push_back({place, std::move(file)});
  }
  return out;
}

}  // namespace

Result<> run_export(const ExportOptions& options) {
  api::ExportOrder order = options.order;
  VIGIE_TRY(order.form, exports::take_form(order.fields, options.file, language()));
  const SystemClock clock;
  if (options.file.empty()) {
    if (order.form.format != exports::Format::csv || !options.maps.empty())
      return fail(ErrorKind::usage, "export.no_file", "standard output takes CSV alone", {},
                  "name a file with -o FILE");
    VIGIE_TRY(const auto backend, connect(options.workspace, clock, options.time_limit));
    VIGIE_TRY(const exports::Exported done, backend->export_to(order, {1, "", "standard output", "."}));
    for (const std::string& note : done.notes) print_notice(note);
    return {};
  }
  // Before anything is asked: an hour's work is not to end at a file that is there.
  VIGIE_TRY(OutFile file, OutFile::begin(options.file, existing(options)));
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, options.time_limit));
  VIGIE_TRY(std::vector<MapFile> maps, begin_maps(*backend, options, order));
  VIGIE_TRY(const exports::Exported done,
            backend->export_to(order, {file.descriptor(), file.path(), options.file, file.folder()}));
  VIGIE_CHECK(file.put());
  for (const std::string& note : done.notes) print_notice(note);
  VIGIE_CHECK(print(summary(options.file, done.rows)));
  for (MapFile& map : maps) {
    VIGIE_CHECK(map.file.put());
    VIGIE_CHECK(print(map.place.string() + "\n"));
  }
  return {};
}

}  // namespace vigie::cli
