#pragma once
#include <optional>

#include "calendar/zone.h"
#include "ingest/map.h"

namespace vigie::sources {

/// What a cursor's column said last.
struct CursorText {
  std::string text, column;
  bool in_utc = false;
};

/// The time that it is, read as the map reads that column; nothing where it is none (a number that rows have in turn).
std::optional<Instant> told_until(const CursorText& cursor, const ingest::Map& map, const calendar::Zone& zone);

}  // namespace vigie::sources
