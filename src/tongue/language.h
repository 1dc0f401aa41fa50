#pragma once
// tongue/ — what the program says, in the reader's language.
//
//   language.h  which languages there are, and which one a reader asked for
//   french.h    the sentences of every room in French
//
// The rooms say what they have to say in English, once; whoever stands between them and a reader (a terminal, a server)
// has it said in the reader's language.
#include <optional>
#include <string_view>

namespace vigie::tongue {

enum class Language { en, fr };

/// "en" or "fr"; and back: none for another one.
std::string_view name_of(Language language);
std::optional<Language> language_named(std::string_view name);

/// The language that a reader wants most of those spoken here, by an Accept-Language header ("fr-CA, en;q=0.8");
/// English where it names none of them, or is none.
Language wanted_language(std::string_view accept_language);

}  // namespace vigie::tongue
