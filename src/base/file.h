#pragma once
#include <filesystem>
#include <optional>
#include <string>

namespace vigie {

/// All that a file holds, as it stands there; nothing where it cannot be read to its end (it is not there, a folder,
/// somebody else's). Of a pipe, what comes until it is closed.
std::optional<std::string> bytes_of(const std::filesystem::path& file);

}  // namespace vigie
