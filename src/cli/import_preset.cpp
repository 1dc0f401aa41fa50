// vigie import --preset NAME: the files of a product, given to its objects and imported through its maps.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <map>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/errors.h"
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

constexpr std::string_view kScratchBegins = "preset-";

/// A folder that is gone at the end, inside the workspace: who serves it may read it. Whoever lives has it locked.
class Scratch {
 public:
  static Result<std::unique_ptr<Scratch>> in(const fs::path& workspace) {
    const fs::path data = workspace / "data";
    remove_stale(data);
    std::string pattern = (data / fmt::format("{}XXXXXX", kScratchBegins)).string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", pattern));
    return std::unique_ptr<Scratch>(new Scratch(pattern, locked(pattern)));
  }
  ~Scratch() {
    std::error_code ignored;  // what stays behind is removed by the next
    fs::remove_all(folder_, ignored);
    if (lock_ >= 0) ::close(lock_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  Scratch(fs::path folder, int lock) : folder_(std::move(folder)), lock_(lock) {}

  /// -1: another process has it.
  static int locked(const fs::path& folder) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0 || ::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
    ::close(file);
    return -1;
  }

  /// What a process that was killed left holds rows of customers.
  static void remove_stale(const fs::path& data) {
    std::error_code ignored;
    std::vector<fs::path> left;
    for (fs::directory_iterator at(data, ignored), end; !ignored && at != end; at.increment(ignored))
      if (at->path().filename().string().starts_with(kScratchBegins)) left.push_back(at->path());
    for (const fs::path& one : left)
      if (const int lock = locked(one); lock >= 0) {
        std::error_code stays;  // the next tries again
        fs::remove_all(one, stays);
        ::close(lock);
      }
  }

  fs::path folder_;
  int lock_;
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
        if (std::error_code none; at->is_regular_file(none) && presets::is_export(at->path()))
          out.files.push_back(at->path());
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
    if (receipt) {
      if (table) VIGIE_CHECK(print(receipt_table(*receipt)));
      else ingest::to_json(*receipt, writer);
      continue;
    }
    // The first is told at the end; a map all of whose rows were refused keeps none of the others from theirs.
    if (!done) print_error(receipt.error());
    else done = std::unexpected(receipt.error());
    if (receipt.error().code != "import.nothing_taken") break;
  }
  writer.end_array();
  if (!table) VIGIE_CHECK(print(json + "\n"));
  return done;
}

}  // namespace vigie::cli
