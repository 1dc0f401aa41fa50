#pragma once
#include "kpi/ask.h"

namespace vigie::kpi {

/// The instant up to which the data under some tables are known: the earliest of now and of what each source covers.
/// Of tables that hold nothing it is the latest that anything is known to, so that what stands beside the others has
/// their range.
expr::InstantLiteral horizon(const Session& session, const std::vector<std::string>& tables);

/// A source that ends long before the others under the same figures, as far as is known: its map does not say so.
struct SourceBehind {
  std::string source;
  Date last;    ///< the last day that it tells of
  Date others;  ///< that of the source which goes on longest
};

/// The source that decides the horizon of some tables, where it is behind the others.
std::optional<SourceBehind> source_behind(const Session& session, const std::vector<std::string>& tables);

/// The sources of some tables that are not read as they should be.
std::vector<LateSource> late_sources(const Session& session, const std::vector<std::string>& tables);

/// The checks of some tables that fail as of a moment.
std::vector<FailingCheck> failing_checks(const Session& session, const std::vector<std::string>& tables, Instant at);

}  // namespace vigie::kpi
