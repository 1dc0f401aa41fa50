#include "catalog/catalog.h"

#include "base/text.h"
#include "base/yaml.h"
#include "catalog/load.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

/// The ten, in the order in which the board shows them.
const std::vector<std::string> kTheTen{"conversion_rate", "average_sale", "sales_cycle", "churn_rate", "cac",
                                       "retention_rate", "nps", "revenue_per_employee", "ltv", "channel_roi"};

/// Keys of the files that name things, in the order of Catalog::phrases_.
constexpr std::array<std::string_view, 3> kPhrases{"dimensions", "reasons", "labels"};

/// "open_deal_in_future" → "open deal in future": how a name reads where no file has words for it.
Text spaced(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return {text, text};
}

Result<std::vector<YamlNode>> read_folder(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<YamlNode> documents;
  for (const fs::path& file : files) {
    VIGIE_TRY(YamlNode root, YamlNode::load_file(file, (folder.filename() / file.filename()).string()));
    documents.push_back(std::move(root));
  }
  return documents;
}

/// The KPIs that a definition's formulas name.
std::set<std::string> named_kpis(const Definition& definition) {
  std::vector<std::string> columns;
  for (const Variant& variant : definition.variants) {
    if (variant.value) expr::columns_of(variant.value, columns);
    for (const auto& [name, value] : variant.beside) expr::columns_of(value, columns);
    for (const auto& [code, condition] : variant.warns_when) expr::columns_of(condition, columns);
    if (variant.null_when) expr::columns_of(variant.null_when, columns);
    for (const TableRow& row : variant.table) {
      expr::columns_of(row.value, columns);
      for (const auto& [name, value] : row.beside) expr::columns_of(value, columns);
    }
  }
  std::set<std::string> out;
  for (const std::string& column : columns)
    if (column.starts_with("kpi.")) out.insert(split(column, '.')[1]);
  return out;
}

using Definitions = std::map<std::string, std::map<int, Definition>>;

class CycleFinder {
 public:
  explicit CycleFinder(const Definitions& definitions) : definitions_(definitions) {}
  Result<> visit(const std::string& id, const Definition& from) {
    if (done_.contains(id)) return {};
    path_.push_back(id);
    for (const std::string& next : named_kpis(from)) {
      const SourcePosition where{from.file, from.variants.front().written.line, from.variants.front().written.column};
      if (std::ranges::find(path_, next) != path_.end()) {
        path_.push_back(next);
        return fail(ErrorKind::usage, "definition.cycle", "the definition refers to itself: " + join(path_, " → "), where,
                    "define one of them from measures alone");
      }
      const auto found = definitions_.find(next);
      if (found == definitions_.end()) {
        std::vector<std::string> known;
        for (const auto& [name, versions] : definitions_) known.push_back(name);
        return fail(ErrorKind::usage, "definition.unknown_kpi", fmt::format("unknown KPI \"{}\"", next), where, suggestion(next, known));
      }
      VIGIE_CHECK(visit(next, found->second.rbegin()->second));
    }
    path_.pop_back();
    done_.insert(id);
    return {};
  }

 private:
  const Definitions& definitions_;
  std::vector<std::string> path_;
  std::set<std::string> done_;
};

}  // namespace

Result<Catalog> Catalog::load(const std::vector<fs::path>& folders, const model::Model& model) {
  Catalog catalog;
  std::vector<YamlNode> files;
  SharedMeasures shared;
  for (const fs::path& folder : folders) {
    VIGIE_TRY(std::vector<YamlNode> found, read_folder(folder));
    for (YamlNode& root : found) {
      if (root.find("id")) {
        files.push_back(std::move(root));
        continue;
      }
      VIGIE_CHECK(root.known_keys({"measures", "dimensions", "warnings", "reasons", "labels"}));
      if (const YamlNode* measures = root.find("measures"))
        for (const auto& [name, node] : measures->entries()) {
          VIGIE_TRY(const std::string id, name.as_text());
          shared.nodes.insert_or_assign(id, node);
        }
      if (const YamlNode* warnings = root.find("warnings"))
        for (const auto& [name, node] : warnings->entries()) {
          VIGIE_TRY(const std::string id, name.as_text());
          VIGIE_TRY(catalog.warnings_[id], read_counted_text(node));
        }
      for (std::size_t kind = 0; kind < kPhrases.size(); ++kind) {
        const YamlNode* phrases = root.find(std::string(kPhrases[kind]));
        if (!phrases) continue;
        for (const auto& [name, node] : phrases->entries()) {
          VIGIE_TRY(const std::string id, name.as_text());
          VIGIE_TRY(catalog.phrases_[kind][id], read_text(node));
        }
      }
    }
  }
  for (const YamlNode& root : files) {
    VIGIE_TRY(Definition definition, read_definition(root, shared, model));
    std::map<int, Definition>& versions = catalog.definitions_[definition.id];
    versions.insert_or_assign(definition.version, std::move(definition));
  }
  CycleFinder cycles(catalog.definitions_);
  for (const auto& [id, versions] : catalog.definitions_)
    for (const auto& [number, definition] : versions) {
      VIGIE_CHECK(cycles.visit(id, definition));
      catalog.names_[fold_name(id)] = id;
      for (const std::string& alias : definition.aliases) catalog.names_.emplace(fold_name(alias), id);
    }
  return catalog;
}

Result<const Definition*> Catalog::find(std::string_view name, std::optional<int> version, Date today) const {
  const auto id = names_.find(fold_name(name));
  if (id == names_.end()) {
    std::vector<std::string> known;
    for (const auto& [alias, target] : names_) known.push_back(alias);
    return fail(ErrorKind::usage, "kpi.unknown", fmt::format("no KPI \"{}\"", name), {}, suggestion(name, known));
  }
  const std::map<int, Definition>& versions = definitions_.at(id->second);
  if (version) {
    const auto found = versions.find(*version);
    if (found == versions.end())
      return fail(ErrorKind::usage, "kpi.version", fmt::format("{} has no version {}", id->second, *version), {},
                  fmt::format("it has versions {} to {}", versions.begin()->first, versions.rbegin()->first));
    return &found->second;
  }
  const Definition* in_force = &versions.begin()->second;
  for (const auto& [number, definition] : versions)
    if (definition.effective_from <= today) in_force = &definition;
  return in_force;
}

std::vector<const Definition*> Catalog::in_force(Date today) const {
  std::vector<const Definition*> out;
  for (const std::string& id : kTheTen)
    if (definitions_.contains(id)) out.push_back(find(id, std::nullopt, today).value());
  for (const auto& [id, versions] : definitions_)
    if (std::ranges::find(kTheTen, id) == kTheTen.end()) out.push_back(find(id, std::nullopt, today).value());
  return out;
}

std::vector<const Definition*> Catalog::versions(std::string_view id) const {
  std::vector<const Definition*> out;
  if (const auto found = definitions_.find(std::string(id)); found != definitions_.end())
    for (const auto& [number, definition] : found->second) out.push_back(&definition);
  return out;
}

Text Catalog::dimension_label(std::string_view dimension) const {
  const auto found = phrases_[0].find(std::string(dimension));
  return found == phrases_[0].end() ? Text{std::string(dimension), std::string(dimension)} : found->second;
}

Text Catalog::warning(std::string_view code, std::int64_t count) const {
  const auto found = warnings_.find(std::string(code));
  if (found == warnings_.end()) return {fmt::format("{}: {}", spaced(code).en, count), fmt::format("{} : {}", spaced(code).fr, count)};
  return found->second.with(count);
}

Text Catalog::reason(std::string_view code) const {
  const auto found = phrases_[1].find(std::string(code));
  return found == phrases_[1].end() ? spaced(code) : found->second;
}

Text Catalog::measure_label(std::string_view measure) const {
  const auto found = phrases_[2].find(std::string(measure));
  return found == phrases_[2].end() ? spaced(measure) : found->second;
}

}  // namespace vigie::catalog
