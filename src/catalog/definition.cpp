#include "catalog/definition.h"

namespace vigie::catalog {

namespace {

std::string counted(std::string text, std::int64_t count) {
  const auto place = text.find("{count}");
  if (place != std::string::npos) text.replace(place, 7, fmt::format("{}", count));
  return text;
}

}  // namespace

Text CountedText::with(std::int64_t count) const {
  return {counted(count == 1 ? one.en : other.en, count), counted(count == 0 || count == 1 ? one.fr : other.fr, count)};
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
