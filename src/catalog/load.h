#pragma once
#include <functional>

#include "base/yaml.h"
#include "catalog/definition.h"
#include "model/model.h"

namespace vigie::catalog {

using Measures = std::map<std::string, Measure>;

/// Reads a file that holds shared measures only (`measures:` at the top, no `id`). Parameters used by a shared measure
/// are checked against the definition that uses it.
struct SharedMeasures {
  std::map<std::string, YamlNode> nodes;
};

/// Reads one definition file. Errors: yaml.*, expr.*, definition.* with file:line:column.
Result<Definition> read_definition(const YamlNode& root, const SharedMeasures& shared, const model::Model& model);

/// Reads one measure. `parameters` are those of the definition that uses it.
Result<Measure> read_measure(const std::string& name, const YamlNode& node, const model::Model& model,
                             const std::vector<Parameter>& parameters);

/// Reads the variants of a definition whose measures and parameters are in place.
Result<std::vector<Variant>> read_variants(const YamlNode& node, Definition& definition, const SharedMeasures& shared,
                                           const model::Model& model);

/// `stand_in: {reason: no_margin, variant: revenue}`, of a definition whose variants and headline are in place: another
/// variant than the headline, and one figure. Errors: definition.stand_in, at the variant.
Result<> read_stand_in(const YamlNode& root, Definition& out);
/// Is its reason one that the headline gives? Errors: definition.stand_in, at the reason.
Result<> check_stand_in(const Definition& definition);

/// Is the interval of a share asked of what is one? Errors: definition.share, definition.populations.
Result<> check_populations(const YamlNode& node, const Definition& definition, const Variant& variant);

/// What is read entry by entry, or item by item: anything else written there would be read as nothing. Errors:
/// yaml.type
Result<> check_mapping(const YamlNode& node);
Result<> check_list(const YamlNode& node);

/// Is it what questions, addresses and formulas can spell? `refusal` is said of a name that
/// it is not, as in "\"{}\" is no id of a KPI". Errors: definition.id
Result<> check_spelling(const YamlNode& node, std::string_view name, std::string_view refusal);

/// Is what a column of a few values is compared with one of them? Errors: definition.value, at the value.
Result<> check_values(const expr::Expr& e, const model::Relation& relation, const model::Model& model);

/// The unit of another KPI that a formula names; empty: not known.
using UnitOf = std::function<std::optional<Unit>(const KpiName& name)>;
/// Does each variant make what its unit says: a share is no sum of money? What nobody can tell passes.
/// Errors: definition.unit, at the formula.
Result<> check_units(const Definition& definition, const UnitOf& unit_of);

/// {en: …, fr: …}, both required, each language either one sentence or {one: …, other: …}; one that holds {count} must
/// have both.
Result<CountedText> read_counted_text(const YamlNode& node);
SourcePosition inside(const YamlNode& node);  ///< of the first character of a scalar's text

}  // namespace vigie::catalog
