#include "catalog/definition.h"

#include "base/text.h"
#include "base/thousands.h"
#include "catalog/load.h"

namespace vigie::catalog {

namespace {

std::string grouped(std::int64_t count, bool french) {
  return with_thousands(fmt::format("{}", count), french ? "\u202f" : ",");
}

void write_in(std::string& text, std::string_view name, const std::string& value) {
  if (const auto place = text.find(name); place != std::string::npos) text.replace(place, name.size(), value);
}

/// To a tenth of a per cent: "0.1%", "0,1 %"; what is less is no 0.
std::string percent(std::int64_t count, std::int64_t all, bool french) {
  const double share = all > 0 ? 100.0 * static_cast<double>(count) / static_cast<double>(all) : 0;
  const bool less = count > 0 && share < 0.1;
  std::string digits = fmt::format("{:.1f}", less ? 0.1 : share);
  if (french) std::ranges::replace(digits, '.', ',');
  return fmt::format("{}{}{}", less ? (french ? "moins de " : "less than ") : "", digits, french ? "\u00a0%" : "%");
}

std::string counted(std::string text, std::int64_t count, std::int64_t all, bool french) {
  write_in(text, "{count}", grouped(count, french));
  write_in(text, "{all}", grouped(all, french));
  write_in(text, "{share}", percent(count, all, french));
  return text;
}

}  // namespace

Text CountedText::with(std::int64_t count, std::int64_t all) const {
  return {counted(count == 1 ? one.en : other.en, count, all, false),
          counted(count == 0 || count == 1 ? one.fr : other.fr, count, all, true)};
}

Result<> check_mapping(const YamlNode& node) {
  if (node.kind() == YamlNode::Kind::mapping) return {};
  return node.error("yaml.type", "a mapping (key: value) was expected here");
}

Result<> check_list(const YamlNode& node) {
  if (node.kind() == YamlNode::Kind::sequence) return {};
  return node.error("yaml.type", "a list was expected here", "write each behind a dash, or all in [ ]");
}

Result<> check_spelling(const YamlNode& node, std::string_view name, std::string_view refusal) {
  constexpr std::size_t kLongest = 64;
  if (is_plain_name(name) && name.size() <= kLongest && name[0] >= 'a' && name[0] <= 'z') return {};
  return node.error(
      "definition.id", fmt::format(fmt::runtime(refusal), name),
      fmt::format("write lower-case letters, digits and _, beginning with a letter, {} at most", kLongest));
}

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::rate: return "rate";
    case Unit::money: return "money";
    case Unit::count: return "count";
    case Unit::days: return "days";
    case Unit::score: return "score";
    case Unit::ratio: return "ratio";
    case Unit::months: return "months";
    case Unit::mark: return "mark";
  }
  return "";
}

std::string_view name_of(Direction direction) {
  switch (direction) {
    case Direction::up: return "up";
    case Direction::down: return "down";
    case Direction::neutral: return "neutral";
  }
  return "";
}

std::string headline_name(const Definition& definition) {
  return definition.headline_variant == "default" ? definition.id : definition.id + ":" + definition.headline_variant;
}

bool Variant::is_one_figure() const {
  return form != Form::curve && form != Form::cohort && form != Form::table && axes.empty();
}

const Variant* Definition::variant(std::string_view wanted) const {
  const auto found = std::ranges::find(variants, wanted, &Variant::name);
  return found == variants.end() ? nullptr : &*found;
}

const Parameter* Definition::parameter(std::string_view wanted) const {
  const auto found = std::ranges::find(parameters, wanted, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

}  // namespace vigie::catalog
