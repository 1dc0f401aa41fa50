#pragma once
#include "checks/judge.h"
#include "kpi/ask.h"
#include "sources/sources.h"

namespace vigie::workspace {

/// Those of which a word stands beside figures.
std::vector<kpi::FailingCheck> failing_of(const std::vector<checks::State>& states, Instant now);
/// The same as findings of `vigie check`.
std::vector<Error> findings_of(const std::vector<checks::State>& states, Instant now);

/// All checks of maps that have brought rows, looked at again in one transaction: as the maps of the workspace, its
/// sources and the presets say them now. Of a map that is gone nothing is expected any more. One that cannot be read
/// keeps those it had (so does one that is not found while some map does not say which it is), and so do all maps while
/// a source cannot be read, which may say some of them.
Result<> look_at_all_again(const ingest::Context& context, const std::filesystem::path& workspace,
                           const std::filesystem::path& presets);

}  // namespace vigie::workspace
