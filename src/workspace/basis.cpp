#include "workspace/basis.h"

#include <link.h>
#include <sys/stat.h>

#include <fstream>
#include <optional>
#include <vector>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "calendar/zone_files.h"
#include "workspace/share.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

/// Which file it is, how long, and when it was last written: another one put in its place is told apart.
std::optional<std::string> identity(const std::string& path) {
  struct stat told{};
  if (::stat(path.c_str(), &told) != 0) return std::nullopt;
  return fmt::format("{} {} {} {}.{}", told.st_dev, told.st_ino, told.st_size, told.st_mtim.tv_sec,
                     told.st_mtim.tv_nsec);
}

std::optional<std::string> head_of(const fs::path& file, std::size_t most) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string bytes(most, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(most));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

/// Of what is no file (a pipe keeps its reader waiting), nothing.
std::optional<std::string> bytes_of_file(const fs::path& file) {
  if (std::error_code problem; !fs::is_regular_file(file, problem)) return std::nullopt;
  return bytes_of(file);
}

std::string state_of_program() {
  std::vector<std::string> loaded;
  ::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* into) {
        static_cast<std::vector<std::string>*>(into)->emplace_back(object->dlpi_name);
        return 0;
      },
      &loaded);
  std::string text;
  for (const std::string& path : loaded) {
    if (path.starts_with("linux-vdso")) continue;  // the kernel's, which is no file
    const auto found = identity(path.empty() ? "/proc/self/exe" : path);
    if (!found) return {};
    text += fmt::format("{} {}\n", path, *found);
  }
  return text_digest(text);
}

bool is_definition(const fs::path& file) {
  const std::string ending = lower_ascii(file.extension().string());
  return ending == ".yaml" || ending == ".yml";
}

/// The files of a folder that a catalogue or a model is read from, by name: its *.yaml, and *.yml, which are refused. A
/// folder that is not there has none.
bool add_folder(const fs::path& folder, std::string& text) {
  std::error_code problem;
  if (!fs::exists(folder, problem)) return !problem;
  std::vector<fs::path> files;
  for (auto entry = fs::directory_iterator(folder, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem))
    if (is_definition(entry->path())) files.push_back(entry->path());
  if (problem) return false;
  std::ranges::sort(files);
  for (const fs::path& file : files) {
    const auto told = identity(file.string());
    const auto bytes = bytes_of_file(file);
    if (!told || !bytes) return false;
    text += fmt::format("{} {} {}\n{}\n", file.string(), *told, bytes->size(), *bytes);
  }
  return true;
}

std::string state_of_definitions(const fs::path& workspace) {
  const auto share = share_folder();
  const auto settings = bytes_of_file(workspace / "vigie.yaml");
  const auto told = identity((workspace / "vigie.yaml").string());
  if (!share || !settings || !told) return {};
  std::string text = fmt::format("{} {}\n{}\n", *told, settings->size(), *settings);
  for (const fs::path& folder : {*share / "model", *share / "model" / "relations", *share / "kpis", workspace / "kpis"})
    if (!add_folder(folder, text)) return {};
  return text_digest(text);
}

/// The engine counts its checkpoints in the head of the file. What is not in the file yet stands in a log beside it:
/// such a state has no version.
std::string state_of_data(const fs::path& workspace) {
  constexpr std::size_t kHead = 3 * 4096;
  const fs::path file = workspace / "data" / "warehouse.duckdb";
  std::error_code problem;
  const bool logged = fs::exists(file.string() + ".wal", problem);
  if (logged || problem) return {};
  const auto told = identity(file.string());
  const auto head = head_of(file, kHead);
  if (!told || !head || head->size() < kHead) return {};
  return text_digest(*told + "\n" + *head);
}

}  // namespace

Basis basis_of(const fs::path& workspace) {
  return {state_of_program(), state_of_definitions(workspace), state_of_data(workspace)};
}

std::string zone_version(const std::string& name) {
  std::string text;
  for (const std::string& file : calendar::zone_files(name))
    if (const auto bytes = bytes_of_file(file)) text += fmt::format("{} {}\n{}\n", file, bytes->size(), *bytes);
  return text.empty() ? text : text_digest(text);
}

}  // namespace vigie::workspace
