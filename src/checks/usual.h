#pragma once
#include <span>

#include "checks/check.h"

namespace vigie::checks {

/// How many rows an earlier batch of the map brought, and on which weekday (ISO).
struct EarlierBatch {
  int weekday = 1;
  std::int64_t rows = 0;
};

/// From how many rows to how many a batch is usual.
struct Expected {
  std::int64_t low = 0, high = 0, median = 0;
  std::int64_t batches = 0;  ///< that it was compared with
  bool same_weekday = false;
};

/// Batches before this one, the last one first. Where at least `least` of the last 7 × `last` are of its weekday it is
/// compared with those alone: a Monday brings what a weekend sold. Nothing where there are too few.
///
/// Counts scatter the more the larger they are; their square roots do not. So it is y = 2·√rows that is compared, with
/// the median of y and the median of |y − that| (× 1.4826, a standard deviation where nothing is odd): one absurd batch
/// among them moves neither. That deviation is at least 1, what chance alone gives counts (Poisson), and at least what
/// five rows in a hundred are.
std::optional<Expected> usual_rows(std::span<const EarlierBatch> before, int weekday, const Usual& asked);

}  // namespace vigie::checks
