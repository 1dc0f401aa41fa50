#include "insight/handbook.h"

#include "base/text.h"
#include "expr/print.h"
#include "kpi/rests_on.h"
#include "tongue/french.h"

namespace vigie::insight {
namespace {

/// The fixed words of the document, both languages side by side.
struct Words {
  std::string_view title, opening, unit, direction, version, aliases, parameters, parameter, fallback, bounds, variants,
      variant, meaning, formula, levers, owner, board, splits, no_split;
};
constexpr Words kEnglish{
    "The KPI handbook",
    "Written by `vigie kpis --format markdown` from the catalogue (`kpis/`): do not edit by hand. Every figure Vigie "
    "shows has one of these definitions; what holds for all of them is in [the rules](rules.en.md).",
    "Unit",
    "Better",
    "Version",
    "Also called",
    "Parameters",
    "parameter",
    "default",
    "values",
    "Variants",
    "variant",
    "meaning",
    "formula",
    "What moves it",
    "Owner",
    "On the board",
    "Splits and filters",
    "none"};
constexpr Words kFrench{
    "Le manuel des KPI",
    "Écrit par `vigie kpis --format markdown` à partir du catalogue (`kpis/`) : ne pas modifier à la main. Chaque "
    "chiffre que montre Vigie a l'une de ces définitions ; ce qui vaut pour toutes est dans [les règles](rules.fr.md).",
    "Unité",
    "Mieux",
    "Version",
    "Autres noms",
    "Paramètres",
    "paramètre",
    "défaut",
    "valeurs",
    "Variantes",
    "variante",
    "sens",
    "formule",
    "Ce qui le fait bouger",
    "Responsable",
    "Au tableau de bord",
    "Axes et filtres",
    "aucun"};

using tongue::Language;

std::string_view colon_of(Language language) { return language == Language::fr ? " :" : ":"; }
std::string_view semicolon_of(Language language) { return language == Language::fr ? " ; " : "; "; }
const Words& words(Language language) { return language == Language::fr ? kFrench : kEnglish; }
const std::string& in(const Text& text, Language language) { return language == Language::fr ? text.fr : text.en; }

std::string_view unit_name(catalog::Unit unit, Language language) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames{{{"rate", "taux"},
                                                                                        {"amount", "montant"},
                                                                                        {"count", "nombre"},
                                                                                        {"days", "jours"},
                                                                                        {"score", "score"},
                                                                                        {"ratio", "rapport"},
                                                                                        {"months", "mois"},
                                                                                        {"mark", "note"}}};
  const auto& both = kNames.at(static_cast<std::size_t>(unit));
  return language == Language::fr ? both.second : both.first;
}

std::string_view direction_name(catalog::Direction direction, Language language) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNames{
      {{"when it rises", "quand il monte"},
       {"when it falls", "quand il baisse"},
       {"neither way", "ni dans un sens ni dans l'autre"}}};
  const auto& both = kNames.at(static_cast<std::size_t>(direction));
  return language == Language::fr ? both.second : both.first;
}

/// A text inside a table: a bar would end its cell.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

std::string code(const std::string& text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

std::string formula_of(const catalog::Variant& variant) { return variant.value ? expr::to_text(variant.value) : ""; }

/// What a variant means, and its rows where it is a table of named ones.
std::string meaning_of(const catalog::Variant& variant, Language language) {
  std::string out = cell(in(variant.words, language));
  const std::string_view colon = colon_of(language);
  for (const catalog::TableRow& row : variant.table)
    out += fmt::format("{} {} {}", &row == &variant.table.front() ? colon : ",", code(row.key),
                       cell(in(row.label, language)));
  return out;
}

std::string bounds_of(const catalog::Parameter& parameter) {
  if (!parameter.values.empty()) return join(parameter.values, ", ");
  if (!parameter.min && !parameter.max) return "";
  return fmt::format("{} … {}", parameter.min ? fmt::format("{}", *parameter.min) : "",
                     parameter.max ? fmt::format("{}", *parameter.max) : "");
}

std::string parameters_of(const catalog::Definition& definition, Language language) {
  if (definition.parameters.empty()) return "";
  const Words& w = words(language);
  std::string out = fmt::format("**{}**\n\n| {} | {} | {} | {} |\n|---|---|---|---|\n", w.parameters, w.parameter,
                                w.meaning, w.fallback, w.bounds);
  for (const catalog::Parameter& one : definition.parameters)
    out += fmt::format("| {} | {} | {} | {} |\n", code(one.name), cell(in(one.label, language)), cell(one.fallback),
                       cell(bounds_of(one)));
  return out + "\n";
}

std::string variants_of(const catalog::Definition& definition, Language language) {
  const Words& w = words(language);
  std::string out =
      fmt::format("**{}**\n\n| {} | | {} | {} |\n|---|---|---|---|\n", w.variants, w.variant, w.meaning, w.formula);
  for (const catalog::Variant& one : definition.variants) {
    std::string label = cell(in(one.label, language));
    if (one.unit && *one.unit != definition.unit) label += fmt::format(" ({})", unit_name(*one.unit, language));
    out +=
        fmt::format("| {} | {} | {} | {} |\n", code(one.name), label, meaning_of(one, language), code(formula_of(one)));
  }
  return out + "\n";
}

/// The drivers that a change is split over, of each variant that has any.
std::string drivers_of(const catalog::Definition& definition, Language language) {
  std::string out;
  for (const catalog::Variant& one : definition.variants) {
    if (one.drivers.of.empty()) continue;
    std::vector<std::string> labels;
    for (const catalog::Driver& driver : one.drivers.of) labels.push_back(in(driver.label, language));
    const std::string_view opening = language == Language::fr ? "Facteurs entre lesquels `vigie why` partage l'écart de"
                                                              : "Drivers over which `vigie why` splits a change of";
    out += fmt::format("**{} {}**{} {}.\n\n", opening, code(one.name), colon_of(language),
                       join(labels, semicolon_of(language)));
  }
  return out;
}

/// What the variants can be split and filtered by, those that know the same together, in the order of the definition.
std::string splits_of(const catalog::Catalog& catalog, const model::Model& model, const catalog::Definition& definition,
                      Language language, Date today) {
  std::vector<std::pair<std::set<std::string>, std::vector<std::string>>> alike;
  for (const catalog::Variant& one : definition.variants) {
    const std::set<std::string> known = kpi::dimensions_of(catalog, model, definition, one, today);
    auto with = std::ranges::find(alike, known, &std::pair<std::set<std::string>, std::vector<std::string>>::first);
    if (with == alike.end()) with = alike.insert(alike.end(), {known, {}});
    with->second.push_back(code(one.name));
  }
  const Words& w = words(language);
  std::string out = fmt::format("**{}**{}", w.splits, colon_of(language));
  for (const auto& [known, variants] : alike) {
    const std::string names =
        known.empty() ? std::string(w.no_split) : join(std::vector(known.begin(), known.end()), ", ");
    out += &known == &alike.front().first
               ? " " + names
               : fmt::format("{}{}{} {}", semicolon_of(language), join(variants, ", "), colon_of(language), names);
  }
  return out + ".\n\n";
}

std::string chapter(const catalog::Catalog& catalog, const model::Model& model, const catalog::Definition& definition,
                    Language language, Date today) {
  const Words& w = words(language);
  const std::string_view colon = colon_of(language);
  std::string out = fmt::format("## {}\n\n`{}`{} {}\n\n", in(definition.label, language), definition.id, colon,
                                in(definition.description, language));
  const auto add = [&](std::string_view what, std::string_view is) {
    out += fmt::format("{}{}{} {}.", out.ends_with('\n') ? "" : " ", what, colon, is);
  };
  add(w.unit, unit_name(definition.unit, language));
  add(w.direction, direction_name(definition.direction, language));
  add(w.version, fmt::format("{} ({})", definition.version, to_string(definition.effective_from)));
  if (!definition.owner.empty()) add(w.owner, definition.owner);
  if (definition.headline_variant != "default") add(w.board, code(definition.headline_variant));
  if (!definition.aliases.empty()) add(w.aliases, join(definition.aliases, ", "));
  out += "\n\n" + variants_of(definition, language) + parameters_of(definition, language) +
         splits_of(catalog, model, definition, language, today) + drivers_of(definition, language);
  const auto& levers = language == Language::fr ? definition.levers_fr : definition.levers_en;
  if (!levers.empty())
    out += fmt::format("**{}**{} {}.\n\n", w.levers, colon_of(language), join(levers, semicolon_of(language)));
  return out;
}

}  // namespace

std::string handbook(const catalog::Catalog& catalog, const model::Model& model, Language language, Date today) {
  std::string out = fmt::format("# {}\n\n{}\n\n", words(language).title, words(language).opening);
  for (const catalog::Definition* definition : catalog.in_force(today))
    out += chapter(catalog, model, *definition, language, today);
  for (const auto& [id, kpi] : catalog.refused())
    out += fmt::format("## {0}\n\n`{0}`: {1}\n\n", id,
                       language == Language::fr ? tongue::in_french(kpi.why) : kpi.why.text());
  out.pop_back();
  return out;
}

}  // namespace vigie::insight
