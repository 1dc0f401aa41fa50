#pragma once
#include <atomic>
#include <functional>
#include <string_view>

#include "base/result.h"

namespace vigie::ingest {

struct SourceFile;

/// Whether its text can be had here, and not from the engine alone: it is not packed, or by gzip.
bool has_text(const SourceFile& file);

/// Gives a file's text in UTF-8, without its mark, piece by piece, until `take` says that it has enough (false).
///
/// Errors: file.unreadable, engine.cancelled (`cancelled` may be null). Not for a file without has_text().
Result<> read_text(const SourceFile& file, const std::atomic<bool>* cancelled,
                   const std::function<bool(std::string_view piece)>& take);

}  // namespace vigie::ingest
