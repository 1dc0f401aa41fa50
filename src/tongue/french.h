#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tongue/language.h"

namespace vigie::tongue {

/// One sentence of the program in both languages. {} and {NAME} stand for what differs from time to time, in the order
/// of the English; {0}, {1}, … in the French take them in another one.
struct Sentence {
  std::string_view en, fr;
};

/// The sentences of questions, workspaces and servers; those of expressions, definitions and the model; those of maps,
/// files and stores; those of sources; those of HTTP and its addresses, titles of problems among them; why a figure is
/// not there; those of pushed events; those of the quarantine; those of checks; those of what is personal.
std::span<const Sentence> question_sentences();
std::span<const Sentence> definition_sentences();
std::span<const Sentence> import_sentences();
std::span<const Sentence> source_sentences();
std::span<const Sentence> file_sentences();
std::span<const Sentence> sheet_sentences();
std::span<const Sentence> problem_sentences();
std::span<const Sentence> proposal_sentences();
std::span<const Sentence> reason_sentences();
std::span<const Sentence> event_sentences();
std::span<const Sentence> quarantine_sentences();
std::span<const Sentence> check_sentences();
std::span<const Sentence> privacy_sentences();

/// What the rooms say in English, as a French reader should have it. A sentence that is not listed (an
/// engine's or a system's own) stays as it is: what it says is worth more than its language.
std::string in_french(std::string_view sentence);
/// Its sentence and its hint, with the place left alone: "kpis/x.yaml:7:12: colonne inconnue …".
std::string in_french(const Error& error);

/// The sentence in the reader's language.
inline std::string said(std::string_view sentence, Language language) {
  return language == Language::fr ? in_french(sentence) : std::string(sentence);
}

}  // namespace vigie::tongue
