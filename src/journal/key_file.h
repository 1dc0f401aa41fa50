#pragma once
// Private to journal/: the keys of segments that are gone, in a file of their own.
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "journal/known_keys.h"

namespace vigie::journal {

/// Replaces the file as a whole: whoever reads it finds the one before or this one. Durable when it returns.
Result<> write_key_file(const std::filesystem::path& folder, const std::deque<KnownKeys::Entry>& keys);
/// Nothing where there is no such file. Errors: journal.keys_damaged.
Result<std::vector<KnownKeys::Entry>> read_key_file(const std::filesystem::path& folder);

}  // namespace vigie::journal
