#pragma once
#include <filesystem>
#include <functional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/model.h"
#include "store/engine.h"

namespace vigie::workspace {

class Workspace;

/// What rooms below this one find in the texts of a workspace.
using MoreTexts = std::function<std::vector<Error>(const std::filesystem::path& folder, const model::Model& model,
                                                   const std::string& time_zone)>;

/// How long a reading of the whole warehouse may take, where nobody sets less.
constexpr std::chrono::hours kLongestAudit{1};

/// Reads everything in a workspace folder and gives each thing that is wrong, with its place: vigie.yaml, its own
/// definitions (kpis/), its maps (maps/) and sources, `more`, and, where those are right, the figures that definitions
/// know (`tests`) and the warehouse: keys of two rows, rows in doubt. Empty: nothing is. A workspace that another
/// process has open is one finding: its warehouse could not be looked at.
std::vector<Error> check(const std::filesystem::path& folder, const Clock& clock, const MoreTexts& more = {});

/// The same of a workspace that is open here; it reads the warehouse whole, within these limits.
std::vector<Error> check(Workspace& workspace, const store::QueryLimits& limits, const MoreTexts& more = {});

}  // namespace vigie::workspace
