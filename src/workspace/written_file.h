#pragma once
#include <filesystem>

#include "base/result.h"

namespace vigie::workspace {

/// Writes a whole file, beside its place and then renamed, so that a full disk leaves nothing half-written. A file that
/// is there keeps its rights, and a link to it stays one. Fails with file.unwritable.
Result<> write_file(const std::filesystem::path& file, const std::string& text);

}  // namespace vigie::workspace
