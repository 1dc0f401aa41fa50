#include "kpi/filled.h"

#include <algorithm>

namespace vigie::kpi {

Text filled(const Text& sentence, std::initializer_list<std::pair<std::string_view, Text>> places) {
  const auto in_one = [&](const std::string& text, std::string Text::* language) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text[at] == '{' ? text.find('}', at) : std::string::npos;
      const auto named = [&](const auto& place) { return place.first == text.substr(at + 1, end - at - 1); };
      const auto* const place = end == std::string::npos ? places.end() : std::ranges::find_if(places, named);
      if (place == places.end()) out += text[at++];
      else out += place->second.*language, at = end + 1;
    }
    return out;
  };
  return {in_one(sentence.en, &Text::en), in_one(sentence.fr, &Text::fr)};
}

}  // namespace vigie::kpi
