#pragma once
#include "checks/look.h"
#include "checks/usual.h"

namespace vigie::checks {

// What is said of a check that fails: one sentence, in English; src/tongue/ has the French.

/// Of rows, and one of them.
std::string of_rows(const Check& check, const std::string& map, std::int64_t rows, const std::string& example);
std::string of_age(const Check& check, const std::string& map, const std::optional<Instant>& newest,
                   const calendar::Zone& zone);
std::string of_volume(const Check& check, const std::string& map, std::int64_t rows, const Expected& usual);
std::string of_sum(const Check& check, const std::string& map, const Sums& found);

}  // namespace vigie::checks
