#include "tongue/french.h"

#include "base/text.h"

namespace vigie::tongue {
namespace {

/// The literal pieces of a sentence around its {…}; "{{" is a brace.
std::vector<std::string> pieces_of(std::string_view pattern) {
  std::vector<std::string> out{""};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{' && pattern[i] != '}') {
      out.back() += pattern[i];
    } else if (i + 1 < pattern.size() && pattern[i + 1] == pattern[i]) {
      out.back() += pattern[i++];
    } else {
      i = pattern.find('}', i);
      out.emplace_back();
    }
  }
  return out;
}

/// What stood for each {…}, if the text is of that sentence. The shortest match for each but the last.
std::optional<std::vector<std::string>> arguments_of(const std::vector<std::string>& pieces, std::string_view text) {
  if (!text.starts_with(pieces.front())) return std::nullopt;
  if (pieces.size() == 1) return text == pieces.front() ? std::optional(std::vector<std::string>()) : std::nullopt;
  std::vector<std::string> out;
  std::size_t at = pieces.front().size();
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const std::string& piece = pieces[i];
    const bool last = i + 1 == pieces.size();
    if (last && text.size() < at + piece.size()) return std::nullopt;
    const std::size_t found = last ? text.size() - piece.size() : text.find(piece, at);
    if (found == std::string_view::npos || found < at || text.substr(found, piece.size()) != piece) return std::nullopt;
    out.emplace_back(text.substr(at, found - at));
    at = found + piece.size();
  }
  return out;
}

/// No line may break before ; : ! ? or inside « », and none before a %.
std::string set_in_type(std::string_view french) {
  std::string out(french);
  for (const auto& [from, to] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"« ", "«\u00a0"},
                                                                            {" »", "\u00a0»"},
                                                                            {" ;", "\u00a0;"},
                                                                            {" : ", "\u00a0: "},
                                                                            {" ?", "\u00a0?"},
                                                                            {" %", "\u00a0%"}})
    for (std::size_t at = 0; (at = out.find(from, at)) != std::string::npos; at += to.size())
      out.replace(at, from.size(), to);
  return out;
}

/// What somebody typed stands between « », or between quotes: it is theirs, also when it reads like a word of ours.
bool is_quoted(std::string_view pattern, std::size_t at) {
  return pattern.substr(0, at).ends_with("«\u00a0") || pattern.substr(0, at).ends_with("'");
}

std::string filled(std::string_view french, const std::vector<std::string>& arguments) {
  std::string out;
  std::size_t next = 0;
  const std::string pattern = set_in_type(french);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if ((pattern[i] == '{' || pattern[i] == '}') && i + 1 < pattern.size() && pattern[i + 1] == pattern[i]) {
      out += pattern[i++];
    } else if (pattern[i] == '{') {
      const std::size_t end = pattern.find('}', i);
      const std::size_t which = end == i + 1 ? next++ : static_cast<std::size_t>(pattern[i + 1] - '0');
      if (which < arguments.size()) out += is_quoted(pattern, i) ? arguments[which] : in_french(arguments[which]);
      i = end;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

/// The sentences, taken apart once.
struct Pattern {
  const Sentence* sentence;
  std::vector<std::string> pieces;
  std::size_t letters = 0;
};

const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> kPatterns = [] {
    std::vector<Pattern> out;
    for (const auto sentences :
         {question_sentences(), definition_sentences(), import_sentences(), source_sentences(), problem_sentences(),
          reason_sentences(), event_sentences(), file_sentences(), sheet_sentences(), proposal_sentences(),
          quarantine_sentences(), check_sentences(), privacy_sentences()})
      for (const Sentence& one : sentences) {
        Pattern pattern{&one, pieces_of(one.en)};
        for (const std::string& piece : pattern.pieces) pattern.letters += piece.size();
        out.push_back(std::move(pattern));
      }
    return out;
  }();
  return kPatterns;
}

/// By the sentence that says most of it in its own words.
std::optional<std::string> translated(std::string_view sentence) {
  const Pattern* best = nullptr;
  std::vector<std::string> arguments;
  for (const Pattern& one : patterns()) {
    if (best && one.letters <= best->letters) continue;
    auto found = arguments_of(one.pieces, sentence);
    if (!found) continue;
    best = &one;
    arguments = std::move(*found);
  }
  if (!best) return std::nullopt;
  return filled(best->sentence->fr, arguments);
}

}  // namespace

std::string in_french(std::string_view sentence) {
  // No sentence of ours is that long: it holds something that was sent, and taking that apart would be work without
  // end.
  constexpr std::size_t kLongest = 2'000;
  if (sentence.empty() || sentence.size() > kLongest) return std::string(sentence);
  if (auto whole = translated(sentence)) return *whole;
  // Several sentences in one: "did you mean "month"?; a range is written …".
  const auto cut = sentence.find("; ");
  if (cut == std::string_view::npos) return std::string(sentence);
  return in_french(sentence.substr(0, cut)) + "\u00a0; " + in_french(sentence.substr(cut + 2));
}

std::string in_french(const Error& error) {
  Error french = error;
  french.message = in_french(error.message);
  french.hint.clear();
  return french.text() + (error.hint.empty() ? "" : "\u00a0; " + in_french(error.hint));
}

}  // namespace vigie::tongue
