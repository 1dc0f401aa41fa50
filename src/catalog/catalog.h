#pragma once
// catalog/ — what the KPIs mean: definitions in YAML, loaded, checked against the model, versioned.
//
//   settings.h    vigie.yaml: company, currency, calendar, sale event
//   definition.h  one version of a KPI: measures (measure.h), variants, intervals (interval.h), parameters, words;
//                 known_figure.h: what the company knows that it must give
//   catalog.h     all of them, by id, alias and version; standing.h: does each stand on those that its formulas name?
//   kpi_name.h    how people and formulas call a KPI; question_parameters.h: what the question gives formulas
//
// A definition is refused whole, with file:line:column, when it names a column that is not there, adds money across
// types, divides unlike things or refers to itself in a circle: its KPI gives no answer, nor does what rests on it, and
// all others do. No text of it ever reaches a database: it is parsed into checked trees here.
#include <array>
#include <filesystem>

#include "catalog/definition.h"
#include "catalog/settings.h"
#include "model/model.h"

namespace vigie::catalog {

/// All versions of each KPI, by id.
using Definitions = std::map<std::string, std::map<int, Definition>>;

/// A KPI that gives no answer: its definition, or one that it rests on, is wrong.
struct RefusedKpi {
  Error why;
  std::string headline;  ///< where it is one of the ten: what the board asks; else empty
};

/// Something wrong in a file of definitions, told once however many KPIs rest on it.
struct Fault {
  std::string file;
  Error error;
  bool nameless = false;  ///< the file does not say of which KPI it is
};

class Catalog {
 public:
  /// Reads the folders in order (built-in first, then the workspace's): a later file with the same id and version
  /// replaces the earlier one, a new version stands beside. Missing folders are skipped. What is wrong in a definition
  /// is held against its KPI, all versions of it, and what rests on that. Fails with what concerns every KPI: a folder
  /// that cannot be read, a wrong file of shared measures, dimensions, warnings, reasons or labels.
  static Result<Catalog> read(const std::vector<std::filesystem::path>& folders, const model::Model& model);
  /// The same, whole: fails with the first fault too.
  static Result<Catalog> load(const std::vector<std::filesystem::path>& folders, const model::Model& model);

  /// By id or alias, spelt in any case, with or without accents. `version` empty: the one in force on `today`.
  /// Errors: kpi.unknown (nearest name), kpi.version; of a refused KPI what is wrong with it.
  Result<const Definition*> find(std::string_view name, std::optional<int> version, Date today) const;
  const std::map<std::string, RefusedKpi>& refused() const { return refused_; }  ///< by id
  const std::vector<Fault>& faults() const { return faults_; }
  /// The first file that does not say of which KPI its definition is; empty: each does.
  const std::string& nameless() const { return nameless_; }
  /// What a KPI is called beside its id, as the catalogue keeps names; of a refused one what its file says.
  std::vector<std::string> other_names(const std::string& id) const;
  /// Does the name stand for a refused KPI, or may it, because a file does not say whose it is?
  bool may_be_refused(std::string_view name) const;
  /// What the board asks, the ten first: "id", or "id:variant" where that is not the default; refused ones too.
  std::vector<std::string> headline(Date today) const;
  /// The version in force of every KPI that is not refused, in file-name order; the ten first.
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
  friend class CatalogReader;
  std::vector<std::string> ids() const;

  Definitions definitions_;  ///< of those that are not refused
  std::map<std::string, RefusedKpi> refused_;
  std::vector<Fault> faults_;
  std::string nameless_;  ///< the first file that does not say whose definition it is; empty: none
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
