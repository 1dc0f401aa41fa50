#include "kpi/wrong_definitions.h"

#include <algorithm>

#include "kpi/filled.h"

namespace vigie::kpi {
namespace {

enum class Whose { known, nobody_says };

std::optional<Warning> warned_of(const catalog::Catalog& catalog, Whose whose) {
  const bool nameless = whose == Whose::nobody_says;
  const auto is_such = [&](const catalog::Fault& one) { return one.nameless == nameless; };
  const auto first = std::ranges::find_if(catalog.faults(), is_such);
  if (first == catalog.faults().end()) return std::nullopt;
  const char* const code = nameless ? "definitions_nameless" : "definitions_refused";
  const auto count = static_cast<std::int64_t>(std::ranges::count_if(catalog.faults(), is_such));
  const SourcePosition& where = first->error.where;
  const std::string place =
      where.line > 0 ? fmt::format("{}:{}:{}", first->file, where.line, where.column) : first->file;
  return Warning{code, filled(catalog.warning(code, count), {{"place", in_both(place)}}), count};
}

}  // namespace

std::vector<Warning> told_of_wrong_definitions(const catalog::Catalog& catalog) {
  std::vector<Warning> out;
  for (const Whose whose : {Whose::known, Whose::nobody_says})
    if (auto warning = warned_of(catalog, whose)) out.push_back(*std::move(warning));
  return out;
}

}  // namespace vigie::kpi
