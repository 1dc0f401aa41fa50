#pragma once
#include <filesystem>
#include <functional>
#include <vector>

#include "model/model.h"
#include "store/result_set.h"

namespace vigie::workspace {

/// What stands in clear although a map hashes it now: rows that came before it did, and copies of files that the map
/// reads.
std::vector<Error> check_hashed(const std::function<Result<store::ResultSet>(const std::string&)>& query,
                                const std::filesystem::path& folder, const model::Model& model,
                                const std::string& time_zone);

}  // namespace vigie::workspace
