#include "workspace/adopt.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/yaml_folder.h"
#include "catalog/catalog.h"
#include "workspace/share.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

Result<std::string> text_of_file(const fs::path& file) {
  if (auto bytes = bytes_of(file)) return *std::move(bytes);
  return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()), {},
              "check the rights on the file");
}

/// A file by lines, each with its line end: whatever is not written anew stays byte for byte.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    const std::size_t next = end == std::string::npos ? text.size() : end + 1;
    out.push_back(text.substr(from, next - from));
    from = next;
  }
  return out;
}

/// Puts `value` in the place of the plain scalar that follows "key:" on the line of that scalar. False where it does
/// not stand there once, in so many characters.
bool replace_value(std::vector<std::string>& lines, const YamlNode& node, const std::string& key,
                   const std::string& value) {
  const auto before = node.as_text();
  if (!before || node.quoted() || node.where().line < 1 || node.where().line > std::ssize(lines)) return false;
  std::string& line = lines[static_cast<std::size_t>(node.where().line - 1)];
  const std::size_t named = line.find(key + ":");
  if (named == std::string::npos || line.find(key + ":", named + 1) != std::string::npos) return false;
  const std::size_t begin = line.find_first_not_of(' ', named + key.size() + 1);
  if (begin == std::string::npos || line.compare(begin, before->size(), *before) != 0) return false;
  line.replace(begin, before->size(), value);
  return true;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

std::unexpected<Error> unclear(const std::string& file, const std::string& line) {
  return fail(ErrorKind::usage, "adopt.unclear",
              fmt::format("{} is written in a way that only a person can change", file), {},
              fmt::format("write into it: {}", line));
}

/// The file of the definition: the workspace's own goes before the one that ships, as in the catalogue.
Result<fs::path> file_of(const fs::path& folder, const Adoption& adoption) {
  VIGIE_TRY(const fs::path share, share_folder());
  for (const fs::path& root : {folder, share}) {
    const fs::path file = root / adoption.copy_of;
    std::error_code ignored;
    if (!fs::exists(file, ignored)) continue;
    VIGIE_TRY(const YamlNode node, YamlNode::load_file(file, adoption.copy_of));
    VIGIE_TRY(const std::string id, node.text_or("id", ""));
    VIGIE_TRY(const std::int64_t version, node.int_or("version", 1));
    if (id == adoption.kpi && version == adoption.version) return file;
  }
  return fail(ErrorKind::unavailable, "file.missing",
              fmt::format("{} version {} is not in {}", adoption.kpi, adoption.version, adoption.copy_of));
}

const YamlNode* default_of(const YamlNode& root, const std::string& parameter) {
  const YamlNode* parameters = root.find("parameters");
  const YamlNode* one = parameters ? parameters->find(parameter) : nullptr;
  return one ? one->find("default") : nullptr;
}

/// The definition's text with the three values of a new version.
Result<std::string> next_version(const std::string& text, const Adoption& adoption) {
  VIGIE_TRY(const YamlNode root, YamlNode::parse(text, adoption.copy_of));
  const YamlNode *version = root.find("version"), *from = root.find("effective_from");
  const YamlNode* value = default_of(root, adoption.parameter);
  std::vector<std::string> lines = lines_of(text);
  const bool changed = version && from && value &&
                       replace_value(lines, *version, "version", std::to_string(adoption.next_version)) &&
                       replace_value(lines, *from, "effective_from", to_string(adoption.effective_from)) &&
                       replace_value(lines, *value, "default", std::to_string(adoption.value));
  if (!changed)
    return unclear(adoption.copy_of, fmt::format("parameters.{}.default: {}, in a version {}", adoption.parameter,
                                                 adoption.value, adoption.next_version));
  return joined(lines);
}

/// A folder of its own in that of temporary files, gone with the object.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make() {
    std::error_code problem;
    std::string pattern = (fs::temp_directory_path(problem) / "vigie-adopt-XXXXXX").string();
    if (problem || ::mkdtemp(pattern.data()) == nullptr)
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", pattern), {},
                  "check the rights and the space left");
    return TemporaryFolder(pattern);
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}

  fs::path path_;
};

/// The workspace's own definitions as they will be, elsewhere: the draft among links to all that the catalogue looks
/// at, which may be such that nobody can read them.
Result<> links_with(const fs::path& own, const fs::path& to, const Draft& draft) {
  std::error_code problem;
  fs::create_directories(to, problem);
  VIGIE_TRY(const YamlFolder found, yaml_folder(own));
  for (const auto* paths : {&found.files, &found.nearly, &found.no_files})
    for (const fs::path& path : *paths)
      if (!problem) fs::create_symlink(fs::absolute(path), to / path.filename(), problem);
  if (problem)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("cannot read {}: {}", own.string(), problem.message()));
  return write_file(to / draft.file.filename(), draft.text);
}

/// The catalogue is read as it will be, before anything is written: the new version answers, and nothing is wrong that
/// was not before. What was wrong already is of other KPIs, and no reason to wait.
Result<> check_definition(const fs::path& folder, const Adoption& adoption, const Draft& draft) {
  VIGIE_TRY(const TemporaryFolder temporary, TemporaryFolder::make());
  const fs::path own = temporary.path() / "kpis";
  VIGIE_CHECK(links_with(folder / "kpis", own, draft));
  VIGIE_TRY(const fs::path share, share_folder());
  VIGIE_TRY(const model::Model model, model::Model::load(share / "model"));
  VIGIE_TRY(const auto before, catalog::Catalog::read({share / "kpis", folder / "kpis"}, model));
  VIGIE_TRY(const auto after, catalog::Catalog::read({share / "kpis", own}, model));
  for (const catalog::Fault& fault : after.faults()) {
    const auto is_this = [&](const catalog::Fault& one) { return one.error.text() == fault.error.text(); };
    if (std::ranges::none_of(before.faults(), is_this)) return std::unexpected(fault.error);
  }
  VIGIE_CHECK(after.find(adoption.kpi, adoption.next_version, adoption.effective_from));
  return {};
}

Result<> write_draft(const Draft& draft) {
  std::error_code problem;
  fs::create_directories(draft.file.parent_path(), problem);
  if (problem)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}: {}", draft.file.string(), problem.message()));
  return write_file(draft.file, draft.text);
}

}  // namespace

Result<Draft> draft_inactivity(const fs::path& folder, int days) {
  const fs::path file = folder / "vigie.yaml";
  const std::string line = fmt::format("inactivity_days: {}", days);
  VIGIE_TRY(std::string text, text_of_file(file));
  VIGIE_TRY(const YamlNode root, YamlNode::parse(text, "vigie.yaml"));
  if (const YamlNode* set = root.find("inactivity_days")) {
    std::vector<std::string> lines = lines_of(text);
    if (!replace_value(lines, *set, "inactivity_days", std::to_string(days))) return unclear("vigie.yaml", line);
    text = joined(lines);
  } else {
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += line + "\n";
  }
  // Read again as the workspace will read it, before anything is written.
  const auto written = YamlNode::parse(text, "vigie.yaml");
  const auto settings = written ? catalog::read_settings(*written) : std::unexpected(written.error());
  if (!settings || settings->inactivity_days != days) return unclear("vigie.yaml", line);
  return Draft{file, "vigie.yaml", std::move(text)};
}

Result<Draft> draft_definition(const fs::path& folder, const Adoption& adoption) {
  Draft draft{folder / adoption.file, adoption.file, {}};
  // A link that leads nowhere is there too: writing would go through it.
  std::error_code problem;
  if (fs::exists(fs::symlink_status(draft.file, problem)))
    return fail(ErrorKind::usage, "adopt.exists", fmt::format("{} is there already", adoption.file), {},
                "remove it, or change it by hand");
  VIGIE_TRY(const fs::path source, file_of(folder, adoption));
  VIGIE_TRY(const std::string before, text_of_file(source));
  VIGIE_TRY(draft.text, next_version(before, adoption));
  VIGIE_CHECK(check_definition(folder, adoption, draft));
  return draft;
}

Result<> write_drafts(std::span<const Draft> drafts) {
  std::string written;
  for (const Draft& draft : drafts) {
    if (Result<> done = write_draft(draft); !done) {
      if (!written.empty()) done.error().hint = fmt::format("what is written already stays: {}", written);
      return done;
    }
    written += (written.empty() ? "" : ", ") + draft.name;
  }
  return {};
}

bool is_written(const fs::path& folder, const std::string& key) {
  const auto root = YamlNode::load_file(folder / "vigie.yaml");
  return root && root->find(key);
}

}  // namespace vigie::workspace
