#pragma once
#include <map>
#include <string>

#include "demo/world.h"

namespace vigie::demo {

/// The true parameters as JSON, with what follows from them exactly (chances of conversion, removal effects, expected
/// counts) and the number of rows of each file. `rows` by path.
std::string truth_json(const World& world, const std::map<std::string, std::int64_t>& rows);

}  // namespace vigie::demo
