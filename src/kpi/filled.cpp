#include "kpi/filled.h"

namespace vigie::kpi {
namespace {

std::string filled_in(const std::string& sentence, const std::map<std::string, std::string>& words) {
  std::string out;
  for (std::size_t at = 0; at < sentence.size();) {
    const auto end = sentence[at] == '{' ? sentence.find('}', at) : std::string::npos;
    const auto word = end == std::string::npos ? words.end() : words.find(sentence.substr(at + 1, end - at - 1));
    if (word == words.end()) out += sentence[at++];
    else out += word->second, at = end + 1;
  }
  return out;
}

}  // namespace

Text filled(const Text& sentence, const std::map<std::string, std::string>& words) {
  return {filled_in(sentence.en, words), filled_in(sentence.fr, words)};
}

}  // namespace vigie::kpi
