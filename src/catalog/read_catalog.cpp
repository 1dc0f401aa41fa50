#include <set>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "base/yaml_folder.h"
#include "catalog/kpi_name.h"
#include "catalog/load.h"
#include "catalog/standing.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

/// Keys of the files that name things, in the order of Catalog::phrases_.
constexpr std::array<std::string_view, 3> kPhrases{"dimensions", "reasons", "labels"};

/// Keys of the files that are of no one KPI.
constexpr std::initializer_list<std::string_view> kShared{"measures", "dimensions", "warnings", "reasons", "labels"};

bool is_shared(std::string_view key) { return std::ranges::find(kShared, key) != kShared.end(); }

std::string_view without_quotes(std::string_view text) {
  constexpr std::string_view kAround = " \t\r'\"";
  const auto begin = text.find_first_not_of(kAround);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

/// What a file seems to be to a person, where no reader of YAML finds an id in it.
struct Glance {
  std::string id;       ///< behind `id:` at the margin, in whatever case or quotes; empty: nowhere
  bool shared = false;  ///< its first key is one of the files that are of no one KPI
};

Glance glance_at(const fs::path& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  Glance out;
  std::string first;
  std::string text = bytes_of(file).value_or("");
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  for (const std::string_view line : split(text, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.front() == ' ' || line.front() == '#') continue;
    const std::string key = lower_ascii(without_quotes(line.substr(0, colon)));
    if (first.empty()) first = key;
    if (key != "id" || !out.id.empty()) continue;
    const std::string_view rest = line.substr(colon + 1);
    out.id = name_meant(without_quotes(rest.substr(0, rest.find('#'))));
  }
  out.shared = out.id.empty() && is_shared(first);
  return out;
}

/// What a file is named after: kpis/revenue.v2.yaml after revenue.
std::string stem_of(const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  return name_meant(std::string_view(name).substr(0, name.find('.')));
}

/// A file that is of every KPI, as far as one can see: what is wrong in it is wrong for all.
bool is_of_all(const YamlNode& root) {
  const auto shared = [](const auto& entry) {
    const auto name = entry.first.as_text();
    return name && is_shared(*name);
  };
  return root.kind() == YamlNode::Kind::mapping && std::ranges::any_of(root.entries(), shared) &&
         !root.find("variants");
}

std::string name_in(const fs::path& folder, const fs::path& file) {
  return (folder.filename() / file.filename()).string();
}

/// What a wrong definition says of the board: nothing, or what it asks.
std::string headline_of(const YamlNode& root, const std::string& id) {
  const YamlNode* node = root.find("headline");
  const auto text = node ? node->as_text() : Result<std::string>("false");
  if (!text || *text == "false") return {};
  return *text == "true" ? id : id + ":" + *text;
}

}  // namespace

/// Fills a catalogue from its folders, and takes out again what is wrong.
class CatalogReader {
 public:
  explicit CatalogReader(const model::Model& model) : model_(model) {}

  Result<Catalog> read(const std::vector<fs::path>& folders);

 private:
  /// One file of a definition, and the number of its folder.
  struct DefinitionFile {
    std::size_t folder;
    YamlNode root;
  };

  /// The id that a file has, as questions write it, and where; of its folder the number.
  struct WrittenId {
    std::size_t folder;
    std::string id;
    SourcePosition where;
  };
  /// A file in which no reader of YAML finds an id; `id`: the one that it seems to have, or empty.
  struct Unclear {
    std::string file, id;
    Error error;
  };

  Result<> read_folder(const fs::path& folder, std::size_t number);
  void put_aside(std::size_t folder, const std::string& file, const Glance& glance, const Error& error);
  Result<> put_aside_unread(std::size_t number, const fs::path& folder, const fs::path& file, const Error& error);
  Result<> read_words(const YamlNode& root);
  void read_definitions();
  Result<> take(std::size_t folder, const YamlNode& root);
  Result<> check_shared() const;
  Result<> check_shared(const std::string& name, const YamlNode& node) const;
  void name_all();
  Result<> take_id(const WrittenId& written);
  Result<> take_aliases(const Definition& definition, std::size_t folder);
  void check_all();
  Result<> check_reasons(const Definition& definition) const;
  Result<> check_reason(const std::string& reason, const char* code, const SourcePosition& written) const;
  std::string kpi_of(const std::string& id, const std::string& file) const;
  void refuse(const std::string& id, const std::string& file, const Error& error, const std::string& headline = {});
  void take_out_refused();

  const model::Model& model_;
  Catalog catalog_;
  SharedMeasures shared_;
  std::vector<DefinitionFile> files_;
  std::vector<WrittenId> ids_;  ///< in the order of the folders; of all files, wrong or not
  std::vector<Unclear> unclear_;
  std::map<std::pair<std::string, int>, std::size_t> folder_of_;  ///< of the version of a KPI that counts
  /// The first folder in which a KPI has another name, by its id and that name: a copy of one's own keeps it.
  std::map<std::pair<std::string, std::string>, std::size_t> named_in_;
};

Result<Catalog> CatalogReader::read(const std::vector<fs::path>& folders) {
  for (std::size_t number = 0; number < folders.size(); ++number) VIGIE_CHECK(read_folder(folders[number], number));
  for (const Unclear& one : unclear_) refuse(one.id, one.file, one.error);
  read_definitions();
  VIGIE_CHECK(check_shared());
  name_all();
  take_out_refused();
  check_all();
  take_out_refused();
  return std::move(catalog_);
}

Result<> CatalogReader::read_folder(const fs::path& folder, std::size_t number) {
  VIGIE_TRY(const YamlFolder found, yaml_folder(folder));
  for (const fs::path& file : found.nearly)
    VIGIE_CHECK(put_aside_unread(
        number, folder, file,
        {"definition.file_name",
         fmt::format("{} is not read: definitions stand in files that end in .yaml", name_in(folder, file)),
         ErrorKind::usage,
         {},
         fmt::format("name it {}.yaml", file.stem().string())}));
  for (const fs::path& file : found.no_files)
    put_aside(number, name_in(folder, file), {},
              {"definition.no_file",
               fmt::format("{} is not read: it is no file", name_in(folder, file)),
               ErrorKind::usage,
               {},
               "put a file in its place, or give it another name"});
  for (const fs::path& file : found.files) {
    auto root = YamlNode::load_file(file, name_in(folder, file));
    if (!root) {
      VIGIE_CHECK(put_aside_unread(number, folder, file, root.error()));
    } else if (const YamlNode* id = root->find("id")) {
      if (const std::string meant = name_meant(id->as_text().value_or("")); !meant.empty())
        ids_.push_back({number, meant, id->where()});
      files_.push_back({number, *std::move(root)});
    } else if (is_of_all(*root)) {
      VIGIE_CHECK(read_words(*root));
    } else {
      put_aside(number, root->where().file, glance_at(file), root->require("id").error());
    }
  }
  return {};
}

/// Of which KPI it is shows when all ids are known.
void CatalogReader::put_aside(std::size_t folder, const std::string& file, const Glance& glance, const Error& error) {
  if (!glance.id.empty()) ids_.push_back({folder, glance.id, {file, 0, 0}});
  unclear_.push_back({file, glance.id, error});
}

/// What no reader of YAML understands still shows to a person whose it is.
Result<> CatalogReader::put_aside_unread(std::size_t number, const fs::path& folder, const fs::path& file,
                                         const Error& error) {
  const Glance glance = glance_at(file);
  if (glance.shared) return std::unexpected(error);
  put_aside(number, name_in(folder, file), glance, error);
  return {};
}

Result<> CatalogReader::read_words(const YamlNode& root) {
  VIGIE_CHECK(root.known_keys(kShared));
  for (const auto& [name, section] : root.entries()) VIGIE_CHECK(check_mapping(section));
  if (const YamlNode* measures = root.find("measures"))
    for (const auto& [name, node] : measures->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_CHECK(check_spelling(name, id, "\"{}\" is no name of a measure"));
      const auto [there, is_new] = shared_.nodes.try_emplace(id, node);
      if (!is_new)
        return name.error(
            "definition.shared_twice",
            fmt::format("the shared measure \"{}\" is there already, in {}", id, there->second.where().file),
            "choose another name: whoever uses that one would count something else");
    }
  if (const YamlNode* warnings = root.find("warnings"))
    for (const auto& [name, node] : warnings->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_TRY(catalog_.warnings_[id], read_counted_text(node));
    }
  for (std::size_t kind = 0; kind < kPhrases.size(); ++kind) {
    const YamlNode* phrases = root.find(std::string(kPhrases[kind]));
    if (!phrases) continue;
    for (const auto& [name, node] : phrases->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_TRY(catalog_.phrases_[kind][id], read_text(node));
    }
  }
  return {};
}

void CatalogReader::read_definitions() {
  for (const auto& [folder, root] : files_) {
    const Result<> taken = take(folder, root);
    if (taken) continue;
    const std::string id = name_meant(root.text("id").value_or(""));
    refuse(id, root.where().file, taken.error(), headline_of(root, id));
    // Who asks by another name of it means it, and nothing else.
    const YamlNode* aliases = root.find("aliases");
    for (const std::string& alias :
         aliases ? aliases->as_texts().value_or(std::vector<std::string>()) : std::vector<std::string>())
      if (!id.empty()) catalog_.names_.try_emplace(name_meant(alias), id);
  }
}

/// What all may use is right for all, used or not.
Result<> CatalogReader::check_shared() const {
  for (const auto& [name, node] : shared_.nodes) VIGIE_CHECK(check_shared(name, node));
  return {};
}

/// With parameters that only its users have it is right where one of them can read it. What nobody has yet is a matter
/// of who comes to use it: the others are not to wait for that.
Result<> CatalogReader::check_shared(const std::string& name, const YamlNode& node) const {
  const Result<Measure> alone = read_measure(name, node, model_, {});
  if (alone) return {};
  std::vector<Parameter> all;
  for (const auto& [id, versions] : catalog_.definitions_)
    for (const auto& [number, definition] : versions) {
      if (definition.parameters.empty()) continue;
      if (read_measure(name, node, model_, definition.parameters)) return {};
      all.insert(all.end(), definition.parameters.begin(), definition.parameters.end());
    }
  const Result<Measure> read = read_measure(name, node, model_, all);
  if (read || read.error().code == "expr.unknown_parameter" || read.error().code == "definition.span") return {};
  return std::unexpected(read.error());
}

/// The version of a KPI that a file defines, in the place of that of an earlier folder.
Result<> CatalogReader::take(std::size_t folder, const YamlNode& root) {
  VIGIE_TRY(Definition definition, read_definition(root, shared_, model_));
  VIGIE_CHECK(check_reasons(definition));
  std::map<int, Definition>& versions = catalog_.definitions_[definition.id];
  const auto [known, is_first] = folder_of_.try_emplace({definition.id, definition.version}, folder);
  if (!is_first && known->second == folder)
    return root.find("id")->error("definition.twice",
                                  fmt::format("{} version {} is defined twice: in {} too", definition.id,
                                              definition.version, versions.at(definition.version).file),
                                  "give the later one another version, or remove one of the two files");
  known->second = folder;
  for (const std::string& alias : definition.aliases) named_in_.try_emplace({definition.id, name_meant(alias)}, folder);
  versions.insert_or_assign(definition.version, std::move(definition));
  return {};
}

/// In the order of the folders, and of each its ids before its other names: what a built-in KPI is called is not to be
/// taken from it.
void CatalogReader::name_all() {
  std::map<std::string, std::string> of_refused;
  std::swap(of_refused, catalog_.names_);
  const std::size_t last = ids_.empty() ? 0 : ids_.back().folder;
  for (std::size_t number = 0; number <= last; ++number) {
    for (const WrittenId& one : ids_)
      if (one.folder == number)
        if (const Result<> taken = take_id(one); !taken) refuse(one.id, one.where.file, taken.error());
    for (const auto& [version, folder] : folder_of_) {
      // Who cannot be called by its id is not called by other names of it either.
      const auto called = catalog_.names_.find(version.first);
      if (called == catalog_.names_.end() || called->second != version.first) continue;
      const Definition& definition = catalog_.definitions_.at(version.first).at(version.second);
      if (const Result<> taken = take_aliases(definition, number); !taken)
        refuse(definition.id, definition.file, taken.error());
    }
  }
  catalog_.names_.merge(of_refused);
}

/// What is wrong with a definition already is enough to tell of it.
Result<> CatalogReader::take_id(const WrittenId& written) {
  const auto named = catalog_.names_.emplace(written.id, written.id).first;
  if (named->second == written.id || catalog_.refused_.contains(written.id)) return {};
  return fail(ErrorKind::usage, "definition.id",
              fmt::format("\"{}\" is a name of {} already", written.id, named->second), written.where,
              "choose another id");
}

/// Those that the KPI first had in that folder.
Result<> CatalogReader::take_aliases(const Definition& definition, std::size_t folder) {
  for (const std::string& alias : definition.aliases) {
    if (named_in_.at({definition.id, name_meant(alias)}) != folder) continue;
    const auto named = catalog_.names_.emplace(name_meant(alias), definition.id).first;
    if (named->second != definition.id)
      return fail(ErrorKind::usage, "definition.alias",
                  fmt::format("\"{}\" is a name of {} already", alias, named->second), definition.aliases_written,
                  "choose another alias");
  }
  return {};
}

void CatalogReader::check_all() {
  Standing standing(catalog_.definitions_, catalog_.refused_, catalog_.nameless_);
  for (const auto& [id, versions] : catalog_.definitions_)
    for (const auto& [number, definition] : versions) {
      const Result<> stands = standing.check(definition);
      if (!stands) refuse(id, definition.file, stands.error());
    }
}

Result<> CatalogReader::check_reasons(const Definition& definition) const {
  VIGIE_CHECK(check_reason(definition.stand_in.reason, "definition.stand_in", definition.stand_in.written));
  VIGIE_CHECK(check_stand_in(definition));
  for (const KnownFigure& known : definition.tests)
    VIGIE_CHECK(check_reason(known.reason, "definition.test", known.written));
  return {};
}

Result<> CatalogReader::check_reason(const std::string& reason, const char* code, const SourcePosition& written) const {
  const std::map<std::string, Text>& reasons = catalog_.phrases_[1];
  if (reason.empty() || reasons.contains(reason)) return {};
  std::vector<std::string> codes;
  for (const auto& [known, words] : reasons) codes.push_back(known);
  std::string hint = suggestion(reason, codes);
  if (hint.empty()) hint = "known: " + join(codes, ", ");
  return fail(ErrorKind::usage, code, fmt::format("unknown reason \"{}\"", reason), written, std::move(hint));
}

/// The KPI that a wrong file is of: by its id, or where it has none the one that it is named after; empty: none.
std::string CatalogReader::kpi_of(const std::string& id, const std::string& file) const {
  if (!id.empty()) return id;
  const std::string stem = stem_of(file);
  return std::ranges::find(ids_, stem, &WrittenId::id) == ids_.end() ? "" : stem;
}

void CatalogReader::refuse(const std::string& id, const std::string& file, const Error& error,
                           const std::string& headline) {
  const std::string kpi = kpi_of(id, file);
  const auto is_this = [&](const Fault& one) { return one.error.text() == error.text(); };
  if (std::ranges::none_of(catalog_.faults_, is_this))
    catalog_.faults_.push_back({error.where.file.empty() ? file : error.where.file, error, kpi.empty()});
  if (!kpi.empty()) catalog_.refused_.try_emplace(kpi, RefusedKpi{error, headline});
  else if (catalog_.nameless_.empty()) catalog_.nameless_ = file;
}

/// All versions of a KPI: which of them the wrong one was to replace, or from which day on, nobody knows.
void CatalogReader::take_out_refused() {
  for (auto& [id, kpi] : catalog_.refused_) {
    if (const auto found = catalog_.definitions_.find(id); found != catalog_.definitions_.end()) {
      for (const auto& [number, definition] : found->second) {
        if (definition.headline && kpi.headline.empty()) kpi.headline = headline_name(definition);
        folder_of_.erase({id, number});
      }
      catalog_.definitions_.erase(found);
    }
    // The board asks by that name, and another KPI would answer.
    if (catalog_.names_.at(id) != id) kpi.headline.clear();
  }
}

Result<Catalog> Catalog::read(const std::vector<fs::path>& folders, const model::Model& model) {
  return CatalogReader(model).read(folders);
}

Result<Catalog> Catalog::load(const std::vector<fs::path>& folders, const model::Model& model) {
  VIGIE_TRY(Catalog catalog, read(folders, model));
  if (!catalog.faults().empty()) return std::unexpected(catalog.faults().front().error);
  return catalog;
}

}  // namespace vigie::catalog
