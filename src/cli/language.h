#pragma once

namespace vigie::cli {

enum class Language { en, fr };
/// From LC_ALL, LC_MESSAGES, LANG: French where it begins with "fr", else English.
Language language();

}  // namespace vigie::cli
