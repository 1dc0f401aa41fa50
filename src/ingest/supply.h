#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "store/database.h"

namespace vigie::ingest {

struct Context;

/// Rows that a source gave (sources/), in place of the map's files: separated by commas, in UTF-8, under a header; a
/// null is written as nothing, an empty text as "".
struct Supply {
  std::filesystem::path file;
  std::string shown_as;  ///< in receipts and in the quarantine: "erp: orders, 2025-07-01T09:00:00Z"
  std::string label;     ///< with which all that came from there begins: "erp: orders"
  bool whole = false;    ///< all of it comes now: what was refused of it before is told by what is refused today
  /// Of its columns, in their order: what is no text is written in one way, whatever the map says of its files.
  enum class Written { text, number, time };
  std::vector<Written> written = {};
};

/// How far a source has been read: one line of _syncs, kept in the transaction of the rows or not at all. It takes the
/// place of the line of that source, map, kind and name.
struct Note {
  std::string source, map, kind, name, value;
};

/// Notes that no row goes with. In one transaction; the right to write is the caller's. Errors: store.*.
Result<> note(const Context& context, std::span<const Note> notes);

/// What was noted of a source, in the order in which it was.
Result<std::vector<Note>> notes_of(store::Database& database, const std::string& source);

}  // namespace vigie::ingest
