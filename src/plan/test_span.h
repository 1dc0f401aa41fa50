#pragma once
// For tests: days and spans as a test writes them.
#include "plan/spans.h"

namespace vigie::plan {

inline Date day(std::string_view text) { return *parse_date(text); }
inline Span span(std::string_view from, std::string_view to, std::int64_t to_tod = 0) {
  return {day(from), day(to), to_tod};
}

}  // namespace vigie::plan
