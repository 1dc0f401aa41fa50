#pragma once
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/bilingual.h"

namespace vigie::kpi {

/// A sentence of the catalogue with what its places stand for: {day} by what is said of "day". A place of which nothing
/// is said stays, and what is put in is not looked at again.
Text filled(const Text& sentence, std::initializer_list<std::pair<std::string_view, Text>> places);

inline Text in_both(const std::string& text) { return {text, text}; }

}  // namespace vigie::kpi
