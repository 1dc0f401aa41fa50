#include "tongue/language.h"

#include <charconv>

#include "base/text.h"

namespace vigie::tongue {
namespace {

/// The weight of "fr;q=0.8": 1 where none is given, 0 (not wanted) where it is no number from 0 to 1.
double weight_of(const std::vector<std::string>& parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string part = lower_ascii(trim(parts[i]));
    if (!part.starts_with("q=")) continue;
    double weight = 0;
    const char* end = part.data() + part.size();
    const auto read = std::from_chars(part.data() + 2, end, weight);
    return read.ec == std::errc() && read.ptr == end && weight >= 0 && weight <= 1 ? weight : 0;
  }
  return 1;
}

}  // namespace

std::string_view name_of(Language language) { return language == Language::fr ? "fr" : "en"; }

std::optional<Language> language_named(std::string_view name) {
  for (const Language language : {Language::en, Language::fr})
    if (name == name_of(language)) return language;
  return std::nullopt;
}

Language wanted_language(std::string_view accept_language) {
  Language best = Language::en;
  double most = 0;
  for (const std::string& item : split(accept_language, ',')) {
    const auto parts = split(item, ';');
    const std::string tag = lower_ascii(trim(parts.front()));
    // A region says the same as its language: "fr-CA".
    const auto language = language_named(std::string_view(tag).substr(0, tag.find('-')));
    const double weight = weight_of(parts);
    // Of two that are wanted alike, the first one.
    if (!language || weight <= most) continue;
    best = *language;
    most = weight;
  }
  return best;
}

}  // namespace vigie::tongue
