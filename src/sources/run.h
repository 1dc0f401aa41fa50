#pragma once
#include "sources/sources.h"

namespace vigie::sources {

/// One source on its way: read from one state, then each of its maps into the warehouse with the place that was
/// reached. How it goes is put on record (last_runs.h) when it begins and when it ends. A report for each of its maps.
std::vector<FeedReport> run(const Context& context, const Order& order, const Source& source);

}  // namespace vigie::sources
