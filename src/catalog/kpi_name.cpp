#include "catalog/kpi_name.h"

#include "base/text.h"

namespace vigie::catalog {

std::string name_meant(std::string_view typed) {
  constexpr std::string_view kCurled = "\u2019";
  std::string out(typed);
  for (auto at = out.find(kCurled); at != std::string::npos; at = out.find(kCurled))
    out.replace(at, kCurled.size(), "_");
  std::ranges::replace_if(out, [](char c) { return c == ' ' || c == '-' || c == '\''; }, '_');
  return fold_name(out);
}

std::string hint_for_unknown(std::string_view name, std::span<const std::string> known, const std::string& nameless) {
  std::string hint = suggestion(name, known);
  if (!nameless.empty())
    hint += fmt::format("{}{} was refused, and may define it: see vigie check", hint.empty() ? "" : "; ", nameless);
  return hint;
}

std::optional<KpiName> kpi_named(std::string_view name) {
  constexpr std::string_view kPrefix = "kpi.";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return KpiName{std::string(name), "default"};
  return KpiName{std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

Result<NamedFigure> figure_named(const Catalog& catalog, const KpiName& name, Date today) {
  VIGIE_TRY(const Definition* definition, catalog.find(name.kpi, std::nullopt, today));
  if (const Variant* variant = definition->variant(name.variant)) return NamedFigure{definition, variant};
  return fail(ErrorKind::usage, "variant.unknown",
              fmt::format("{} has no variant \"{}\"", definition->id, name.variant));
}

}  // namespace vigie::catalog
