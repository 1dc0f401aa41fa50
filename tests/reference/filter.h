#pragma once
#include <map>

#include "reference/dice.h"
#include "reference/world.h"

namespace vigie::reference {

/// What a filter and a split can see of a row.
struct Attributes {
  std::map<std::string, Name> names;  ///< channel, segment, country, nps_group
  std::optional<Decimal> amount;      ///< amount_net, where the rows have one
};

/// A condition: its text, and what it says of a row. Kleene logic: empty is "not known", and a filter keeps what is
/// true.
class Filter {
 public:
  /// A random one over these names; `amounts`: the rows have an amount_net.
  static Filter random(Dice& dice, const std::vector<std::string>& names, bool amounts, int depth = 2);

  const std::string& text() const { return text_; }
  std::optional<bool> holds(const Attributes& row) const;

 private:
  enum class Kind { equal, not_equal, in, not_in, missing, present, like, above, both, either, opposite };
  static Filter leaf(Dice& dice, const std::vector<std::string>& names, bool amounts);
  std::optional<bool> combined(const Attributes& row) const;

  Kind kind_ = Kind::equal;
  std::string text_, name_;
  std::vector<std::string> values_;
  Decimal bound_;
  std::vector<Filter> parts_;
};

}  // namespace vigie::reference
