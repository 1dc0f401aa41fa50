// vigie import --preset NAME: the files of a product, given to its objects and imported through its maps.
#include <stdlib.h>

#include <map>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/language.h"
#include "cli/render.h"
#include "ingest/receipt_json.h"
#include "presets/bind.h"
#include "presets/file_rows.h"
#include "tongue/french.h"
#include "workspace/share.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;

/// A folder that is gone at the end, inside the workspace: who serves it may read it.
class Scratch {
 public:
  static Result<std::unique_ptr<Scratch>> in(const fs::path& workspace) {
    std::string pattern = (workspace / "data" / "preset-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", pattern));
    return std::unique_ptr<Scratch>(new Scratch(pattern));
  }
  ~Scratch() {
    std::error_code ignored;  // what stays behind harms nobody
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
};

struct Sorted {
  std::vector<fs::path> files;
  std::map<std::string, fs::path> named;
};

Result<Sorted> sorted(const std::vector<std::string>& given) {
  Sorted out;
  for (const std::string& one : given) {
    std::error_code problem;
    const auto equals = one.find('=');
    if (fs::is_directory(one, problem)) {
      for (fs::directory_iterator at(one, problem), end; !problem && at != end; at.increment(problem))
        if (at->is_regular_file() && presets::is_export(at->path())) out.files.push_back(at->path());
      if (problem)
        return fail(ErrorKind::unavailable, "file.unreadable",
                    fmt::format("{} cannot be read: {}", one, problem.message()));
    } else if (equals != std::string::npos && !fs::exists(one, problem)) {
      out.named[one.substr(0, equals)] = one.substr(equals + 1);
    } else {
      out.files.emplace_back(one);
    }
  }
  std::ranges::sort(out.files);
  return out;
}

std::string text_of(const presets::Binding& binding) {
  std::string out;
  for (const presets::Bound& one : binding.bound) {
    out += fmt::format("  {} → {} ({})", one.file.filename().string(), one.object, one.rows);
    if (!one.absent.empty()) out += fmt::format("; {} {}", either("without", "sans"), join(one.absent, ", "));
    out += '\n';
  }
  for (const Error& one : binding.left_alone)
    out += fmt::format("! {}\n", french() ? tongue::in_french(one) : one.text());
  return out;
}

}  // namespace

Result<> run_import_preset(const ImportOptions& options) {
  if (!options.maps.empty())
    return fail(ErrorKind::usage, "import.preset", "a preset has its own maps", {}, "say --map or --preset");
  VIGIE_TRY(const presets::Preset preset, workspace::preset_called(options.preset));
  VIGIE_TRY(const Sorted given, sorted(options.files));
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const auto scratch, Scratch::in(fs::absolute(options.workspace)));
  VIGIE_TRY(const presets::Binding binding, presets::bind(preset, given.files, given.named, scratch->folder()));
  const bool table = options.format == Format::table;
  if (table) VIGIE_CHECK(print(text_of(binding)));
  std::string json;
  JsonWriter writer(json);
  writer.begin_array();
  Result<> done;
  for (const fs::path& map : binding.maps) {
    ingest::Request request;
    request.map_file = map;
    request.folder = scratch->folder();
    const Result<ingest::Receipt> receipt = backend->import(request);
    // A map all of whose rows were refused says so; the others may do without it.
    if (!receipt && receipt.error().code != "import.nothing_taken") {
      done = std::unexpected(receipt.error());
      break;
    }
    if (!receipt) done = std::unexpected(receipt.error());
    else if (table) VIGIE_CHECK(print(receipt_table(*receipt)));
    else ingest::to_json(*receipt, writer);
  }
  writer.end_array();
  if (!table) VIGIE_CHECK(print(json + "\n"));
  return done;
}

}  // namespace vigie::cli
