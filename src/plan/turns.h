#pragma once
#include <algorithm>
#include <vector>

#include "base/time.h"

namespace vigie::plan {

/// From which as-ofs on something is seen, and from which on it is no more, in turn (kinds.h): one sees it if an odd
/// number of these instants lies before it.
struct Turns {
  std::vector<Instant> at;
  bool are_seen_by(Instant as_of) const { return (std::ranges::lower_bound(at, as_of) - at.begin()) % 2 == 1; }
};

}  // namespace vigie::plan
