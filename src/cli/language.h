#pragma once
#include "tongue/language.h"

namespace vigie::cli {

using tongue::Language;
/// From LC_ALL, LC_MESSAGES, LANG: French where it begins with "fr", else English.
Language language();
inline bool french() { return language() == Language::fr; }
inline std::string either(const char* en, const char* fr) { return french() ? fr : en; }

}  // namespace vigie::cli
