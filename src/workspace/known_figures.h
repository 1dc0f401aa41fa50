#pragma once
#include <vector>

#include "base/result.h"
#include "store/engine.h"

namespace vigie::workspace {

class Workspace;

/// Asks what the definitions' `tests` ask, and gives each figure that comes out otherwise: definition.test, at its
/// place, with kind check_failed; and every error of a question that cannot be asked.
std::vector<Error> check_known_figures(Workspace& workspace, const store::QueryLimits& limits);

}  // namespace vigie::workspace
