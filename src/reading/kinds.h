#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::reading {

/// What a cell looks like, as far as a table's layout can be told by it. Nothing is read as a value here: "1.234" is a
/// number whoever is right about its mark.
enum class Kind : std::uint8_t {
  empty,    ///< nothing, or a word for nothing (null, n/a, -, missing)
  number,   ///< also with marks, a currency, %, parentheses
  date,     ///< a day, a month of a year, a time of day, or both
  address,  ///< of the web or of mail
  text,
};
Kind kind_of(std::string_view cell);

/// What is done with rows that may add up others (table_foot.h).
enum class Totals : std::uint8_t {
  judge,      ///< those that do are left out and told; where it cannot be told, the table is refused
  keep,       ///< every row is a record
  leave_out,  ///< what may be a total is none of the table's
};

/// The cell without blanks around it, no-break ones too.
std::string_view trimmed(std::string_view cell);
inline bool is_blank(std::string_view cell) { return trimmed(cell).empty(); }

/// "n/a", "-", "néant": what stands where a value is not known. It names no column.
bool is_word_for_nothing(std::string_view cell);
bool is_year(std::string_view cell);
/// AN-2099 → A-9: what identifiers of one make have in common.
std::string shape_of(std::string_view cell);

}  // namespace vigie::reading
