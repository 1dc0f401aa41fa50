#pragma once
#include "tongue/language.h"

namespace vigie::cli {

using tongue::Language;
/// From LC_ALL, LC_MESSAGES, LANG: French where it begins with "fr", else English.
Language language();

}  // namespace vigie::cli
