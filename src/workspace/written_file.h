#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::workspace {

/// Of what is written beside a file, to take its place: one that is there later was left by a crash.
constexpr std::string_view kDraftEnding = ".new";

/// Writes a whole file, beside its place and then renamed, so that a full disk leaves nothing half-written. A file that
/// is there keeps its rights, and a link to it stays one. Fails with file.unwritable.
Result<> write_file(const std::filesystem::path& file, const std::string& text);

}  // namespace vigie::workspace
