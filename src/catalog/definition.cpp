#include "catalog/definition.h"

namespace vigie::catalog {

namespace {

/// 12,345: with the thousands mark of the language.
std::string grouped(std::int64_t count, std::string_view mark) {
  std::string out = fmt::format("{}", count);
  const std::ptrdiff_t first = count < 0 ? 1 : 0;
  for (auto at = std::ssize(out) - 3; at > first; at -= 3) out.insert(static_cast<std::size_t>(at), mark);
  return out;
}

std::string counted(std::string text, const std::string& count) {
  const auto place = text.find("{count}");
  if (place != std::string::npos) text.replace(place, 7, count);
  return text;
}

}  // namespace

Text CountedText::with(std::int64_t count) const {
  return {counted(count == 1 ? one.en : other.en, grouped(count, ",")),
          counted(count == 0 || count == 1 ? one.fr : other.fr, grouped(count, "\u202f"))};
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

const Variant* Definition::variant(std::string_view wanted) const {
  const auto found = std::ranges::find(variants, wanted, &Variant::name);
  return found == variants.end() ? nullptr : &*found;
}

const Parameter* Definition::parameter(std::string_view wanted) const {
  const auto found = std::ranges::find(parameters, wanted, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

}  // namespace vigie::catalog
