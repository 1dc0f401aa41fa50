#pragma once
// catalog/ — what the KPIs mean: definitions in YAML, loaded, checked against the model, versioned.
//
//   settings.h    vigie.yaml: company, currency, calendar, sale event
//   definition.h  one version of a KPI: measures (measure.h), variants, intervals (interval.h), parameters, words;
//                 known_figure.h: what the company knows that it must give
//   catalog.h     all of them, by id, alias and version; kpi_name.h: those that a formula names
//
// A definition is refused whole, with file:line:column, when it names a column that is not there, adds money across
// types, divides unlike things or refers to itself in a circle. No text of it ever reaches a database: it is parsed
// into checked trees here.
#include <array>
#include <filesystem>

#include "catalog/definition.h"
#include "catalog/settings.h"
#include "model/model.h"

namespace vigie::catalog {

struct SharedMeasures;

class Catalog {
 public:
  /// Reads the folders in order (built-in first, then the workspace's): a later file with the same id and version
  /// replaces the earlier one, a new version stands beside. Missing folders are skipped.
  static Result<Catalog> load(const std::vector<std::filesystem::path>& folders, const model::Model& model);

  /// By id or alias, spelt in any case, with or without accents. `version` empty: the one in force on `today`.
  /// Errors: kpi.unknown (nearest name), kpi.version.
  Result<const Definition*> find(std::string_view name, std::optional<int> version, Date today) const;
  /// The version in force of every KPI, in file-name order; the ten first.
  std::vector<const Definition*> in_force(Date today) const;
  /// The first day after this one on which another version of a KPI comes into force.
  std::optional<Date> next_change(Date today) const;
  /// The figures that are known of every version of every KPI, in the order of their names.
  std::vector<KnownFigure> known_figures() const;
  /// What people call a dimension; its id where no file names it.
  Text dimension_label(std::string_view dimension) const;
  /// What people call a measure, for the steps of a bridge and the parts of an explanation; else its name, spaced.
  Text measure_label(std::string_view measure) const;
  /// The sentence of a warning, with its count (and the whole that it is a part of) written in and in its grammar; the
  /// code and the count where no file has one.
  Text warning(std::string_view code, std::int64_t count, std::int64_t all = 0) const;
  /// Why a value is null, in words; the code where no file has it.
  Text reason(std::string_view code) const;

 private:
  /// A file without a definition: measures that several share, and what people are told.
  Result<> take_shared(const YamlNode& root, SharedMeasures& shared);
  Result<> settle();  ///< once all definitions are there: their names, and what is wrong between them
  Result<> take_aliases(const Definition& definition);
  Result<> check_reason(const KnownFigure& known) const;

  std::map<std::string, std::map<int, Definition>> definitions_;
  std::array<std::map<std::string, Text>, 3> phrases_;  ///< dimensions, reasons, labels of measures
  std::map<std::string, CountedText> warnings_;
  std::map<std::string, std::string> names_;  ///< folded id or alias → id
};

/// The KPIs and variants that the targets of vigie.yaml name are there, by id. Errors: settings.target, kpi.unknown.
Result<> check_targets(const Settings& settings, const Catalog& catalog);

/// Resolves the names of a definition's expressions in a relation: its columns, and dotted paths through references.
class RelationScope final : public expr::Scope {
 public:
  RelationScope(const model::Model& model, const model::Relation& relation, const std::vector<Parameter>& parameters);
  std::string subject() const override;
  std::optional<expr::ColumnInfo> column(std::string_view name) const override;
  std::vector<std::string> column_names() const override;
  std::optional<expr::Type> parameter(std::string_view name) const override;
  std::vector<std::string> parameter_names() const override;

 private:
  const model::Model& model_;
  const model::Relation& relation_;
  const std::vector<Parameter>& parameters_;
};

}  // namespace vigie::catalog
