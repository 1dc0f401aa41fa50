#include "catalog/catalog.h"

#include "base/text.h"
#include "catalog/kpi_name.h"

namespace vigie::catalog {
namespace {

/// The ten, in the order in which the board shows them.
const std::vector<std::string> kTheTen{
    "conversion_rate", "average_sale", "sales_cycle",          "churn_rate", "cac",
    "retention_rate",  "nps",          "revenue_per_employee", "ltv",        "channel_roi"};

/// "open_deal_in_future" → "open deal in future": how a name reads where no file has words for it.
Text spaced(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', ' ');
  return {text, text};
}

}  // namespace

Result<const Definition*> Catalog::find(std::string_view name, std::optional<int> version, Date today) const {
  const auto id = names_.find(name_meant(name));
  if (id == names_.end()) {
    std::vector<std::string> known;
    for (const auto& [alias, target] : names_) known.push_back(alias);
    return fail(ErrorKind::usage, "kpi.unknown", fmt::format("no KPI \"{}\"", name), {},
                hint_for_unknown(name, known, nameless_));
  }
  if (const auto refused = refused_.find(id->second); refused != refused_.end())
    return std::unexpected(refused->second.why);
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

std::vector<std::string> Catalog::other_names(const std::string& id) const {
  std::vector<std::string> out;
  for (const auto& [name, named] : names_)
    if (named == id && name != id) out.push_back(name);
  return out;
}

bool Catalog::may_be_refused(std::string_view name) const {
  if (refused_.contains(name_meant(name))) return true;
  const auto id = names_.find(name_meant(name));
  return id == names_.end() ? !nameless_.empty() : refused_.contains(id->second);
}

/// Of every KPI, refused or not: the ten first.
std::vector<std::string> Catalog::ids() const {
  std::set<std::string> all;
  for (const auto& [id, versions] : definitions_) all.insert(id);
  for (const auto& [id, kpi] : refused_) all.insert(id);
  std::vector<std::string> out;
  for (const std::string& id : kTheTen)
    if (all.erase(id) > 0) out.push_back(id);
  out.insert(out.end(), all.begin(), all.end());
  return out;
}

std::vector<const Definition*> Catalog::in_force(Date today) const {
  std::vector<const Definition*> out;
  for (const std::string& id : ids())
    if (definitions_.contains(id)) out.push_back(find(id, std::nullopt, today).value());
  return out;
}

std::vector<std::string> Catalog::headline(Date today) const {
  std::vector<std::string> out;
  for (const std::string& id : ids()) {
    if (const auto refused = refused_.find(id); refused != refused_.end()) {
      if (!refused->second.headline.empty()) out.push_back(refused->second.headline);
    } else if (const Definition* definition = find(id, std::nullopt, today).value(); definition->headline) {
      out.push_back(headline_name(*definition));
    }
  }
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

}  // namespace vigie::catalog
