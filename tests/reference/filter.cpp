#include "reference/filter.h"

namespace vigie::reference {
namespace {

const std::map<std::string, std::vector<std::string>>& known_values() {
  static const std::map<std::string, std::vector<std::string>> kValues{
      {"channel", {"web", "shop", "mail", "none"}},
      {"segment", {"small", "large"}},
      {"country", {"FR", "DE"}},
      {"nps_group", {"promoter", "passive", "detractor"}},
      {"owner", {"ana", "bob", "cid"}},
      {"team", {"north", "south"}}};
  return kValues;
}

}  // namespace

Filter Filter::leaf(Dice& dice, const std::vector<std::string>& names, bool amounts) {
  Filter out;
  if (amounts && dice.once_in(4)) {
    out.kind_ = Kind::above;
    const int euros = dice.between(0, 60);
    out.bound_ = Decimal::integer(euros);
    out.text_ = fmt::format("amount_net > {} EUR", euros);
    return out;
  }
  out.name_ = dice.one_of(names);
  const auto& values = known_values().at(out.name_);
  out.kind_ = dice.one_of<Kind>(
      {Kind::equal, Kind::equal, Kind::not_equal, Kind::in, Kind::not_in, Kind::missing, Kind::present, Kind::like});
  out.values_ = {dice.one_of(values)};
  const std::string first = "'" + out.values_[0] + "'";
  switch (out.kind_) {
    case Kind::equal: out.text_ = out.name_ + " = " + first; break;
    case Kind::not_equal: out.text_ = out.name_ + " != " + first; break;
    case Kind::in:
    case Kind::not_in:
      out.values_.push_back(dice.one_of(values));
      out.text_ =
          fmt::format("{} {} ({}, '{}')", out.name_, out.kind_ == Kind::in ? "in" : "not in", first, out.values_[1]);
      break;
    case Kind::missing: out.text_ = out.name_ + " is null"; break;
    case Kind::present: out.text_ = out.name_ + " is not null"; break;
    default: out.text_ = fmt::format("{} like '{}%'", out.name_, out.values_[0].substr(0, 1)); break;
  }
  return out;
}

Filter Filter::random(Dice& dice, const std::vector<std::string>& names, bool amounts, int depth) {
  if (depth == 0 || dice.once_in(2)) return leaf(dice, names, amounts);
  Filter out;
  out.kind_ = dice.one_of<Kind>({Kind::both, Kind::either, Kind::opposite});
  out.parts_.push_back(random(dice, names, amounts, depth - 1));
  if (out.kind_ == Kind::opposite) {
    out.text_ = "not (" + out.parts_[0].text() + ")";
    return out;
  }
  out.parts_.push_back(random(dice, names, amounts, depth - 1));
  out.text_ =
      fmt::format("({}) {} ({})", out.parts_[0].text(), out.kind_ == Kind::both ? "and" : "or", out.parts_[1].text());
  return out;
}

std::optional<bool> Filter::combined(const Attributes& row) const {
  const auto a = parts_[0].holds(row);
  if (kind_ == Kind::opposite) return a ? std::optional(!*a) : std::nullopt;
  const auto b = parts_[1].holds(row);
  const bool decides = kind_ == Kind::either;  // one true makes an "or" true, one false makes an "and" false
  if ((a && *a == decides) || (b && *b == decides)) return decides;
  if (!a || !b) return std::nullopt;
  return !decides;
}

std::optional<bool> Filter::holds(const Attributes& row) const {
  if (!parts_.empty()) return combined(row);
  if (kind_ == Kind::above) return row.amount ? std::optional(*row.amount > bound_) : std::nullopt;
  const auto found = row.names.find(name_);
  const Name value = found == row.names.end() ? std::nullopt : found->second;
  const bool listed = value && std::ranges::find(values_, *value) != values_.end();
  switch (kind_) {
    case Kind::equal:
    case Kind::in: return listed;
    case Kind::not_equal:
    case Kind::not_in: return !listed;
    case Kind::missing: return !value;
    case Kind::present: return value.has_value();
    default: return value ? std::optional(value->starts_with(values_[0].substr(0, 1))) : std::nullopt;
  }
}

}  // namespace vigie::reference
