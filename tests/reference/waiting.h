#pragma once
#include <string_view>

#include "reference/trial.h"

namespace vigie::reference {

/// The case of tests/golden/pending/ that explains a known difference, where the trial touches one; else empty. Such
/// trials are counted and told, and fail nothing until the case leaves the waiting room.
std::string_view waits_for(const Trial& trial, const World& world);

}  // namespace vigie::reference
