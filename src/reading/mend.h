#pragma once
#include <optional>

#include "reading/dialect.h"
#include "reading/scanner.h"

namespace vigie::reading {

/// A record that lost or won a delimiter or a quote, read in the only way in which its values are what the columns have
/// elsewhere.
struct Mended {
  std::vector<std::string> values;
  bool first_line_only = false;  ///< its quote was none: what follows the first line is records of their own
};

/// The ways that are tried: one empty field too many; one left out; a text cut by a delimiter that belongs to it; two
/// fields grown together; quotes that are letters, as few as can be. Errors: csv.fields, csv.quote, where there is no
/// such way, or more than one, or too few rows to judge by.
Result<Mended> mend(const Record& record, const Dialect& dialect, const std::vector<Column>& columns);

/// A whole row, of so many fields, that stands quoted in its first field, as after a trip through a spreadsheet.
bool stands_in_one_field(const Record& record, const Dialect& dialect, std::size_t fields);
Result<Mended> unpack(const Record& record, const Dialect& dialect, const std::vector<Column>& columns);

/// A quoted field that holds a line break and, after it, a line that would be a row of the table by itself.
bool swallows_a_row(const Record& record, const Dialect& dialect, const std::vector<Column>& columns);

/// Whether values are what the columns have.
bool fit(const std::vector<std::string>& values, const std::vector<Column>& columns);

/// ="0012": a text that was to stay one in a spreadsheet, as 0012.
std::optional<std::string_view> text_of_formula(std::string_view value);

}  // namespace vigie::reading
