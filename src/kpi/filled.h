#pragma once
#include <map>

#include "base/bilingual.h"

namespace vigie::kpi {

/// A sentence with words in the places that are named for them: "no row has {value}". What no word is for stays.
Text filled(const Text& sentence, const std::map<std::string, std::string>& words);

}  // namespace vigie::kpi
