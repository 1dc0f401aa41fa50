#include "catalog/definition.h"

namespace vigie::catalog {

std::string_view name_of(Unit unit) {
  switch (unit) {
    case Unit::rate: return "rate";
    case Unit::money: return "money";
    case Unit::count: return "count";
    case Unit::days: return "days";
    case Unit::score: return "score";
    case Unit::ratio: return "ratio";
    case Unit::months: return "months";
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
