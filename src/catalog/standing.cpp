#include "catalog/standing.h"

#include "base/text.h"
#include "catalog/kpi_name.h"
#include "catalog/load.h"

namespace vigie::catalog {
namespace {

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

/// What measures a default in days is a single figure in days, in every version.
Result<> check_measured(const Definition& from, const Definitions& definitions) {
  for (const Variant& variant : from.variants)
    for (const auto& [parameter, figures] : variant.measured)
      for (const KpiName& name : figures)
        for (const auto& [number, definition] : definitions.at(name.kpi)) {
          const Variant& figure = *definition.variant(name.variant);
          if (figure.is_one_figure() && figure.unit.value_or(definition.unit) == Unit::days) continue;
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

SourcePosition place_in(const Definition& from) {
  return {from.file, from.variants.front().written.line, from.variants.front().written.column};
}

std::unexpected<Error> without_variant(const KpiName& next, const Definition& definition, const Definition& from) {
  std::vector<std::string> known;
  for (const Variant& variant : definition.variants) known.push_back(variant.name);
  return fail(ErrorKind::usage, "variant.unknown", fmt::format("{} has no variant \"{}\"", next.kpi, next.variant),
              place_in(from), suggestion(next.variant, known));
}

}  // namespace

Result<> Standing::check(const Definition& definition) {
  path_.clear();
  return visit(definition);
}

Result<> Standing::visit(const Definition& from) {
  const Node here{from.id, from.version};
  if (done_.contains(here)) return {};
  path_.push_back(here);
  for (const KpiName& next : named_kpis(from)) {
    if (const auto refused = refused_.find(next.kpi); refused != refused_.end())
      return std::unexpected(refused->second.why);
    const auto found = definitions_.find(next.kpi);
    if (found == definitions_.end()) return unknown(next.kpi, from);
    for (const auto& [number, definition] : found->second) {
      if (std::ranges::find(path_, Node{next.kpi, number}) != path_.end()) return circle({next.kpi, number}, from);
      if (!definition.variant(next.variant)) return without_variant(next, definition, from);
      VIGIE_CHECK(visit(definition));
    }
  }
  VIGIE_CHECK(check_measured(from, definitions_));
  VIGIE_CHECK(check_units(from, [&](const KpiName& name) { return unit_in(definitions_, name); }));
  path_.pop_back();
  done_.insert(here);
  return {};
}

/// Named from where it closes: who comes to it from outside rests on it, and is no part of it.
std::unexpected<Error> Standing::circle(const Node& closed_at, const Definition& from) const {
  std::vector<std::string> names;
  for (auto at = std::ranges::find(path_, closed_at); at != path_.end(); ++at) names.push_back(at->first);
  names.push_back(closed_at.first);
  return fail(ErrorKind::usage, "definition.cycle", "the definition refers to itself: " + join(names, " → "),
              place_in(from), "define one of them from measures alone");
}

std::unexpected<Error> Standing::unknown(const std::string& kpi, const Definition& from) const {
  std::vector<std::string> known;
  for (const auto& [name, versions] : definitions_) known.push_back(name);
  return fail(ErrorKind::usage, "definition.unknown_kpi", fmt::format("unknown KPI \"{}\"", kpi), place_in(from),
              hint_for_unknown(kpi, known, nameless_));
}

}  // namespace vigie::catalog
