#include "catalog/catalog.h"

#include "base/text.h"
#include "base/yaml.h"
#include "base/yaml_folder.h"
#include "catalog/kpi_name.h"
#include "catalog/load.h"

namespace vigie::catalog {
namespace {

namespace fs = std::filesystem;

/// The ten, in the order in which the board shows them.
const std::vector<std::string> kTheTen{
    "conversion_rate", "average_sale", "sales_cycle",          "churn_rate", "cac",
    "retention_rate",  "nps",          "revenue_per_employee", "ltv",        "channel_roi"};

/// Keys of the files that name things, in the order of Catalog::phrases_.
constexpr std::array<std::string_view, 3> kPhrases{"dimensions", "reasons", "labels"};

/// "open_deal_in_future" → "open deal in future": how a name reads where no file has words for it.
Text spaced(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return {text, text};
}

Result<std::vector<YamlNode>> read_folder(const fs::path& folder) {
  VIGIE_TRY(const YamlFolder found, yaml_folder(folder));
  if (found.nearly)
    return fail(ErrorKind::usage, "definition.file_name",
                fmt::format("{} is not read: definitions stand in files that end in .yaml",
                            (folder.filename() / found.nearly->filename()).string()),
                {}, fmt::format("name it {}.yaml", found.nearly->stem().string()));
  std::vector<YamlNode> documents;
  for (const fs::path& file : found.files) {
    VIGIE_TRY(YamlNode root, YamlNode::load_file(file, (folder.filename() / file.filename()).string()));
    documents.push_back(std::move(root));
  }
  return documents;
}

/// The KPIs that a definition names: in formulas, as kpi.ID or kpi.ID.VARIANT, and as what measures a default.
std::set<KpiName> named_kpis(const Definition& definition) {
  std::vector<std::string> columns;
  for (const Variant& variant : definition.variants) {
    if (variant.value) expr::columns_of(variant.value, columns);
    for (const auto& [name, value] : variant.beside) expr::columns_of(value, columns);
    for (const expr::Expr& number : {variant.n, variant.unpriced})
      if (number) expr::columns_of(number, columns);
    for (const Warned& warned : variant.warns)
      if (warned.count) expr::columns_of(warned.count, columns);
    for (const auto& [code, condition] : variant.warns_when) expr::columns_of(condition, columns);
    for (const NullReason& reason : variant.null_reasons)
      if (reason.when) expr::columns_of(reason.when, columns);
    if (variant.drivers.needs) expr::columns_of(variant.drivers.needs, columns);
    for (const Driver& driver : variant.drivers.of) {
      expr::columns_of(driver.shown, columns);
      for (const auto& [name, part] : driver.parts) expr::columns_of(part, columns);
    }
    for (const TableRow& row : variant.table) {
      expr::columns_of(row.value, columns);
      for (const auto& [name, value] : row.beside) expr::columns_of(value, columns);
    }
  }
  std::set<KpiName> out;
  for (const Variant& variant : definition.variants)
    for (const auto& [parameter, figures] : variant.measured) out.insert(figures.begin(), figures.end());
  for (const std::string& column : columns)
    if (auto named = kpi_named(column)) out.insert(*std::move(named));
  return out;
}

using Definitions = std::map<std::string, std::map<int, Definition>>;

/// Follows what formulas name. Which version of a KPI answers depends on the day, so each of them must hold.
class CycleFinder {
 public:
  explicit CycleFinder(const Definitions& definitions) : definitions_(definitions) {}

  Result<> visit(const Definition& from) {
    const Node here{from.id, from.version};
    if (done_.contains(here)) return {};
    path_.push_back(here);
    for (const KpiName& next : named_kpis(from)) {
      const auto found = definitions_.find(next.kpi);
      if (found == definitions_.end()) return unknown(next, from);
      for (const auto& [number, definition] : found->second) {
        if (std::ranges::find(path_, Node{next.kpi, number}) != path_.end()) return circle(next.kpi, from);
        if (!definition.variant(next.variant)) return without_variant(next, definition, from);
        VIGIE_CHECK(visit(definition));
      }
    }
    path_.pop_back();
    done_.insert(here);
    return {};
  }

 private:
  using Node = std::pair<std::string, int>;  ///< id, version

  static SourcePosition place_in(const Definition& from) {
    return {from.file, from.variants.front().written.line, from.variants.front().written.column};
  }
  std::unexpected<Error> circle(const std::string& next, const Definition& from) const {
    std::vector<std::string> names;
    for (const auto& [id, version] : path_) names.push_back(id);
    names.push_back(next);
    return fail(ErrorKind::usage, "definition.cycle", "the definition refers to itself: " + join(names, " → "),
                place_in(from), "define one of them from measures alone");
  }
  std::unexpected<Error> unknown(const KpiName& next, const Definition& from) const {
    std::vector<std::string> known;
    for (const auto& [name, versions] : definitions_) known.push_back(name);
    return fail(ErrorKind::usage, "definition.unknown_kpi", fmt::format("unknown KPI \"{}\"", next.kpi), place_in(from),
                suggestion(next.kpi, known));
  }
  static std::unexpected<Error> without_variant(const KpiName& next, const Definition& definition,
                                                const Definition& from) {
    std::vector<std::string> known;
    for (const Variant& variant : definition.variants) known.push_back(variant.name);
    return fail(ErrorKind::usage, "variant.unknown", fmt::format("{} has no variant \"{}\"", next.kpi, next.variant),
                place_in(from), suggestion(next.variant, known));
  }

  const Definitions& definitions_;
  std::vector<Node> path_;
  std::set<Node> done_;
};

/// What measures a default in days is a single figure in days, in every version.
Result<> check_measured(const Definition& from, const Definitions& definitions) {
  for (const Variant& variant : from.variants)
    for (const auto& [parameter, figures] : variant.measured)
      for (const KpiName& name : figures)
        for (const auto& [number, definition] : definitions.at(name.kpi)) {
          const Variant& figure = *definition.variant(name.variant);
          const bool single = figure.form != Form::curve && figure.form != Form::cohort && figure.form != Form::table &&
                              figure.axes.empty();
          if (single && figure.unit.value_or(definition.unit) == Unit::days) continue;
          return fail(
              ErrorKind::usage, "definition.measured",
              fmt::format("{}:{} is no single figure in days: it cannot measure {}", name.kpi, name.variant, parameter),
              variant.written);
        }
  return {};
}

/// The unit of a KPI that formulas name: the one that all of its versions have.
std::optional<Unit> unit_in(const Definitions& definitions, const KpiName& name) {
  std::optional<Unit> out;
  for (const auto& [number, definition] : definitions.at(name.kpi)) {
    const Variant& variant = *definition.variant(name.variant);
    const Unit unit = variant.unit.value_or(definition.unit);
    if (out && *out != unit) return std::nullopt;
    out = unit;
  }
  return out;
}

}  // namespace

Result<> Catalog::take_shared(const YamlNode& root, SharedMeasures& shared) {
  VIGIE_CHECK(root.known_keys({"measures", "dimensions", "warnings", "reasons", "labels"}));
  for (const auto& [name, section] : root.entries()) VIGIE_CHECK(check_mapping(section));
  if (const YamlNode* measures = root.find("measures"))
    for (const auto& [name, node] : measures->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      shared.nodes.insert_or_assign(id, node);
    }
  if (const YamlNode* warnings = root.find("warnings"))
    for (const auto& [name, node] : warnings->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_TRY(warnings_[id], read_counted_text(node));
    }
  for (std::size_t kind = 0; kind < kPhrases.size(); ++kind) {
    const YamlNode* phrases = root.find(std::string(kPhrases[kind]));
    if (!phrases) continue;
    for (const auto& [name, node] : phrases->entries()) {
      VIGIE_TRY(const std::string id, name.as_text());
      VIGIE_TRY(phrases_[kind][id], read_text(node));
    }
  }
  return {};
}

Result<Catalog> Catalog::load(const std::vector<fs::path>& folders, const model::Model& model) {
  Catalog catalog;
  std::vector<std::pair<std::size_t, YamlNode>> files;  ///< the number of the folder, and what the file says
  SharedMeasures shared;
  for (std::size_t number = 0; number < folders.size(); ++number) {
    VIGIE_TRY(std::vector<YamlNode> found, read_folder(folders[number]));
    for (YamlNode& root : found) {
      if (root.find("id")) files.emplace_back(number, std::move(root));
      else VIGIE_CHECK(catalog.take_shared(root, shared));
    }
  }
  std::set<std::tuple<std::size_t, std::string, int>> seen;
  for (const auto& [folder, root] : files) {
    VIGIE_TRY(Definition definition, read_definition(root, shared, model));
    std::map<int, Definition>& versions = catalog.definitions_[definition.id];
    if (!seen.insert({folder, definition.id, definition.version}).second)
      return root.find("id")->error("definition.twice",
                                    fmt::format("{} version {} is defined twice: in {} too", definition.id,
                                                definition.version, versions.at(definition.version).file),
                                    "give the later one another version, or remove one of the two files");
    versions.insert_or_assign(definition.version, std::move(definition));
  }
  VIGIE_CHECK(catalog.settle());
  return catalog;
}

Result<> Catalog::settle() {
  CycleFinder cycles(definitions_);
  for (const auto& [id, versions] : definitions_) {
    names_[fold_name(id)] = id;
    for (const auto& [number, definition] : versions) VIGIE_CHECK(cycles.visit(definition));
  }
  for (const auto& [id, versions] : definitions_)
    for (const auto& [number, definition] : versions) {
      VIGIE_CHECK(check_measured(definition, definitions_));
      VIGIE_CHECK(check_units(definition, [&](const KpiName& name) { return unit_in(definitions_, name); }));
      VIGIE_CHECK(take_aliases(definition));
    }
  for (const KnownFigure& known : known_figures()) VIGIE_CHECK(check_reason(known));
  return {};
}

Result<> Catalog::check_reason(const KnownFigure& known) const {
  if (known.reason.empty() || phrases_[1].contains(known.reason)) return {};
  std::vector<std::string> codes;
  for (const auto& [code, words] : phrases_[1]) codes.push_back(code);
  return fail(ErrorKind::usage, "definition.test", fmt::format("unknown reason \"{}\"", known.reason), known.written,
              suggestion(known.reason, codes));
}

Result<> Catalog::take_aliases(const Definition& definition) {
  for (const std::string& alias : definition.aliases) {
    const auto named = names_.emplace(fold_name(alias), definition.id).first;
    if (named->second != definition.id)
      return fail(ErrorKind::usage, "definition.alias",
                  fmt::format("\"{}\" is a name of {} already", alias, named->second), definition.aliases_written,
                  "choose another alias");
  }
  return {};
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

std::optional<Date> Catalog::next_change(Date today) const {
  std::optional<Date> next;
  for (const auto& [id, versions] : definitions_)
    for (const auto& [number, definition] : versions)
      if (definition.effective_from > today)
        next = std::min(next.value_or(definition.effective_from), definition.effective_from);
  return next;
}

std::vector<KnownFigure> Catalog::known_figures() const {
  std::vector<KnownFigure> out;
  for (const auto& [id, versions] : definitions_)
    for (const auto& [number, definition] : versions)
      out.insert(out.end(), definition.tests.begin(), definition.tests.end());
  return out;
}

Text Catalog::dimension_label(std::string_view dimension) const {
  const auto found = phrases_[0].find(std::string(dimension));
  return found == phrases_[0].end() ? Text{std::string(dimension), std::string(dimension)} : found->second;
}

Text Catalog::warning(std::string_view code, std::int64_t count, std::int64_t all) const {
  const auto found = warnings_.find(std::string(code));
  if (found == warnings_.end())
    return {fmt::format("{}: {}", spaced(code).en, count), fmt::format("{} : {}", spaced(code).fr, count)};
  return found->second.with(count, all);
}

Text Catalog::reason(std::string_view code) const {
  const auto found = phrases_[1].find(std::string(code));
  return found == phrases_[1].end() ? spaced(code) : found->second;
}

Text Catalog::measure_label(std::string_view measure) const {
  const auto found = phrases_[2].find(std::string(measure));
  return found == phrases_[2].end() ? spaced(measure) : found->second;
}

namespace {

struct Bounds {
  std::optional<int> least, most;
};

/// Between which values a figure lies whatever happens.
Bounds bounds_of(const Definition& definition, const Variant& variant) {
  const Unit unit = variant.unit.value_or(definition.unit);
  if (variant.interval.kind == IntervalKind::wilson || (variant.form == Form::curve && unit == Unit::rate))
    return {0, 1};
  if (variant.interval.kind == IntervalKind::nps) return {-100, 100};
  if (unit == Unit::days || unit == Unit::mark) return {0, std::nullopt};
  return {};
}

/// 15 for 15 % is what nothing will ever reach.
Result<> check_reachable(const Target& target, const Definition& definition, const Variant& variant) {
  const Bounds bounds = bounds_of(definition, variant);
  const std::string name = fmt::format("{}:{}", definition.id, variant.name);
  if (bounds.least && target.value < Decimal::integer(*bounds.least))
    return fail(
        ErrorKind::usage, "settings.target",
        fmt::format("{} is never below {}: the target {} says nothing", name, *bounds.least, target.value.to_plain()),
        target.where, "mend its value");
  if (bounds.most && target.value > Decimal::integer(*bounds.most))
    return fail(
        ErrorKind::usage, "settings.target",
        fmt::format("{} is never above {}: the target {} is out of reach", name, *bounds.most, target.value.to_plain()),
        target.where, *bounds.most == 1 ? "write a share: 0.15 for 15 %" : "mend its value");
  return {};
}

}  // namespace

Result<> check_targets(const Settings& settings, const Catalog& catalog) {
  constexpr Date kLatest{std::numeric_limits<std::int32_t>::max()};
  for (const Target& target : settings.targets) {
    const auto found = catalog.find(target.kpi, std::nullopt, kLatest);
    if (!found)
      return fail(ErrorKind::usage, found.error().code, found.error().message, target.where, found.error().hint);
    const Definition& definition = **found;
    if (definition.id != target.kpi)
      return fail(ErrorKind::usage, "settings.target",
                  fmt::format("\"{}\" is a name of {}: a target is set by its id", target.kpi, definition.id),
                  target.where, "write kpi: " + definition.id);
    const Variant* const wanted = definition.variant(target.variant);
    if (wanted && !target.relation.empty() && wanted->apart.empty())
      return fail(ErrorKind::usage, "settings.target",
                  fmt::format("{}:{} does not tell customers under contract from others: its target has no relation",
                              definition.id, wanted->name),
                  target.where, "leave relation out");
    if (wanted) {
      VIGIE_CHECK(check_reachable(target, definition, *wanted));
      continue;
    }
    std::vector<std::string> known;
    for (const Variant& variant : definition.variants) known.push_back(variant.name);
    return fail(ErrorKind::usage, "variant.unknown",
                fmt::format("{} has no variant \"{}\"", definition.id, target.variant), target.where,
                suggestion(target.variant, known));
  }
  return {};
}

}  // namespace vigie::catalog
