#pragma once
#include <filesystem>
#include <vector>

#include "model/model.h"

namespace vigie::events {

/// What is wrong in `webhooks/` and `maps/events/`, for vigie check: files that cannot be read, maps that take no
/// events, webhooks whose map or secret is not there. A secret in the environment is that of the server, and not looked
/// for.
std::vector<Error> check(const std::filesystem::path& workspace, const model::Model& model,
                         const std::string& time_zone);

}  // namespace vigie::events
