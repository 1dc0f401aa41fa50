#pragma once
#include <optional>

#include "base/result.h"

namespace vigie::store {

/// The error of what could not be written, where there was no room for it: engine.disk_full, and engine.file_limit of a
/// file that may not grow as large. `words` are the system's or DuckDB's, `sentence` tells them to people, `shown_as`
/// names what lies on the disk. Nothing: they tell of something else.
std::optional<Error> no_room(std::string_view words, std::string_view sentence, std::string_view shown_as);

/// Whether such an error tells of what the engine puts aside while it works, beside the warehouse, and not of what it
/// writes.
bool is_of_what_is_put_aside(const Error& error);

}  // namespace vigie::store
