#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reading/typed_records.h"

namespace vigie::reading {

/// A number as a file writes it, in plain digits: "1.5E+3" is "1500". Empty where it is no number.
///
/// Whole numbers keep every digit. Spreadsheets keep numbers as binary doubles and write 17 digits of them, of which
/// people know 15: 274.65999999999997 is what they see as 274.66, and is "274.66" here. That is done where 15 digits
/// end in zeros (the tail is an error of the binary form, as in 0.30000000000000004); any other number of more than 15
/// digits is the shortest one that makes the same double.
std::optional<std::string> plain_number(std::string_view written);

/// What a format of numbers makes of one.
enum class NumberFormat : std::uint8_t { number, date, date_time, time, duration };

NumberFormat format_built_in(int id);  ///< those every workbook has: 14 is a date
/// "dd/mm/yyyy hh:mm" is date_time, "[h]:mm" duration, "#,##0.00 [$€]" number.
NumberFormat format_of_code(std::string_view code);
/// The money that a format shows beside its numbers: "€" of "#,##0.00 [$€-40C]", "USD" of "[$$-409]#,##0", "$" of
/// "\"$\"#,##0", whose country nobody says. Empty: none; so are the formats that every workbook has, which show the
/// money of whoever looks at them.
std::string currency_of_code(std::string_view code);

/// Both of a style.
struct CellFormat {
  NumberFormat kind = NumberFormat::number;
  std::string currency;
};
CellFormat cell_format_of_code(std::string_view code);

/// Where days are counted from. 1900: day 1 is 1900-01-01, and day 60 is 1900-02-29, which never was.
enum class DateSystem : std::uint8_t { from_1900, from_1904 };

/// A number of a sheet in the light of its format. A day that never was is an error with its text; a number that is no
/// day (negative, 0, beyond 9999) stays a number. Empty where `written` is no number.
std::optional<Cell> cell_of_number(std::string_view written, NumberFormat format, DateSystem system);
/// The same, with the money of its format behind a number: "1100.5 €".
std::optional<Cell> cell_of_number(std::string_view written, const CellFormat& format, DateSystem system);

/// Rows and columns count from 1 and from 0.
struct CellReference {
  std::int64_t row = 0;
  std::size_t column = 0;
};

inline constexpr std::size_t kMostColumns = 16'384;
inline constexpr std::int64_t kMostRows = 1'048'576;

std::string column_letters(std::size_t column);                       ///< 0 is "A", 27 "AB"
std::optional<std::size_t> column_of_letters(std::string_view text);  ///< "AB" is 27
std::optional<CellReference> parse_reference(std::string_view text);  ///< "B7", "$B$7"
std::string reference(std::int64_t row, std::size_t column);          ///< "B7"

}  // namespace vigie::reading
