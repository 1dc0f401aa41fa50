#pragma once
#include <string>

#include "demo/world.h"

namespace vigie::demo {

/// The company's vigie.yaml: what it is, what makes a sale, and targets for the months, quarters and years around the
/// end of the data. The revenue to reach is that of a year before and a tenth more.
std::string settings_text(const World& world);

}  // namespace vigie::demo
