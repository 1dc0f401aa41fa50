#pragma once
#include "ingest/inputs.h"

namespace vigie::ingest {

/// What helps where rows cannot be taken apart, nobody knows why.
inline constexpr std::string_view kCheckReading = "check its encoding, delimiter and quote against what the map says";

/// The file cannot be taken apart (csv.unreadable): the line at which, where it mixes ends of lines, else what the
/// engine says of it, but for what only those who talk to the engine can do.
std::unexpected<Error> csv_unreadable(const SourceFile& file, const Error& because, const SourcePosition& where);

}  // namespace vigie::ingest
