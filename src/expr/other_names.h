#pragma once
#include <string>
#include <string_view>

namespace vigie::expr {

/// A scope whose names are no columns says itself that there is none of that name.
class OtherNames {
 public:
  virtual ~OtherNames() = default;
  virtual std::string unknown(std::string_view name) const = 0;
};

}  // namespace vigie::expr
