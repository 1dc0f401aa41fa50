#pragma once
#include <string>
#include <vector>

namespace vigie::calendar {

/// Where a machine may keep a zone of the tz database, in the order in which it is looked for.
std::vector<std::string> zone_files(const std::string& name);

}  // namespace vigie::calendar
