#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"

namespace vigie::events {

/// A secret as a file of the workspace may name it: `env:NAME`, or `file:PATH` (from `folder` where it is relative)
/// that nobody but its owner can read; never the secret itself. A line break at its end is none of it.
///
/// Errors: secret.form, secret.missing, secret.rights.
Result<std::string> read_secret(const std::string& named, const std::filesystem::path& folder);

}  // namespace vigie::events
