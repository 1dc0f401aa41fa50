#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie {

/// The integer behind a natural key: XXH64 (seed 0) of its bytes, as a signed 64-bit number so that every engine can
/// hold it. The same on every machine and at every import.
std::int64_t key_hash(std::string_view natural_key);

/// BLAKE2b-256 of a file's bytes, in hex: what makes an import idempotent. Fails with `file.unreadable`, `file.packed`.
Result<std::string> file_digest(const std::filesystem::path& path);
std::string text_digest(std::string_view text);

}  // namespace vigie
