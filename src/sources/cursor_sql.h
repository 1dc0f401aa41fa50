#pragma once
#include "sources/reader.h"

namespace vigie::sources {

/// A column of a server, in what its values are to a cursor: each reader says it once of each of its own types. Texts
/// with {} stand around SQL: the column, or a literal of ours.
struct Column {
  enum class Kind { moment, number, text, bytes };
  std::string name;
  Kind kind = Kind::text;
  std::string to_text = "{}";    ///< the column as the text that is kept of it
  std::string from_text = "{}";  ///< such a text as a value of the column's type
  std::string no_place = {};     ///< whether a value stands nowhere in the order of the others ("NaN"); "": none does
};

ingest::Supply::Written written_as(Column::Kind kind);
/// A text of ours that reads the same under every setting: the readers see to it that \ is a letter.
std::string literal(std::string_view text);

/// What a server is asked for the rows of a feed.
struct CursorSql {
  std::string rows;  ///< what is to be read
  std::string last;  ///< cursor and tie break, as texts, of the row that is furthest; "" of a feed without a cursor
};

/// Beyond `since`, and with the overlap; all where there is no such position. Whatever stands at no place is read each
/// time and moves the place nowhere: nulls, what `no_place` says, and the tie break's nulls at the place reached. A
/// time more than a day ahead is read and does not move it either: all that follows would be lost behind a slip.
///
/// Errors: source.rows (no such column), source.value (an overlap that the cursor cannot have).
Result<CursorSql> cursor_sql(const Dialect& dialect, const Feed& feed, std::span<const Column> columns,
                             const std::optional<Position>& since);

}  // namespace vigie::sources
