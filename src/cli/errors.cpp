#include "cli/errors.h"

#include <cstdio>

#include "cli/language.h"
#include "tongue/french.h"

namespace vigie::cli {

namespace {

/// A word of thousands of letters is told back by its beginning: what is wrong with it must stay in sight.
std::string with_short_words(const std::string& text) {
  constexpr std::size_t kLongest = 300, kKept = 200;
  constexpr std::string_view kBetween = " \"\n";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find_first_of(kBetween, at), text.size());
    std::size_t kept = end;
    if (end - at > kLongest) {
      kept = at + kKept;
      while (kept > at && (static_cast<unsigned char>(text[kept]) & 0xC0U) == 0x80U) --kept;
    }
    out += text.substr(at, kept - at);
    if (kept < end) out += "…";
    while (end < text.size() && kBetween.contains(text[end])) out += text[end++];
    at = end;
  }
  return out;
}

}  // namespace

void print_notice(const std::string& sentence) {
  std::fprintf(stderr, "vigie: %s\n", with_short_words(tongue::said(sentence, language())).c_str());
}

void print_error(const Error& error) {
  const std::string text = language() == Language::fr ? tongue::in_french(error) : error.text();
  std::fprintf(stderr, "vigie: %s\n", with_short_words(text).c_str());
}

}  // namespace vigie::cli
