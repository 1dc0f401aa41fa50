#include "cli/notes.h"

#include <algorithm>

namespace vigie::cli {
namespace {

/// "¹", "¹²": the number in raised digits.
std::string raised(std::size_t number) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  for (const char digit : std::to_string(number)) out += kDigits[digit - '0'];
  return out;
}

}  // namespace

std::string Notes::mark(const std::string& said) {
  const auto found = std::ranges::find(said_, said);
  if (found != said_.end()) return raised(static_cast<std::size_t>(found - said_.begin()) + 1);
  said_.push_back(said);
  return raised(said_.size());
}

std::string Notes::lines() const {
  std::string out;
  for (std::size_t i = 0; i < said_.size(); ++i) out += raised(i + 1) + " " + said_[i] + "\n";
  return out;
}

}  // namespace vigie::cli
