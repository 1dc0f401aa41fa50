#pragma once
#include "plan/relations.h"
#include "workspace/remembered.h"

namespace vigie::workspace {

/// Which customers replaced which: how long the way to the last one is, and who stands in a circle.
plan::Merges merges_of(const std::map<std::int64_t, std::int64_t>& merged_into);
Result<plan::Merges> read_merges(RememberedQueries& queries);

}  // namespace vigie::workspace
