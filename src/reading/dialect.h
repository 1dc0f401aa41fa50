#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "reading/kinds.h"

namespace vigie::reading {

enum class Encoding : std::uint8_t { utf8, utf16_le, utf16_be, windows1252, latin1 };
/// How a quote is written within a quoted field: twice, after a backslash, one way or the other, or just so (then only
/// a quote before a delimiter or a line's end closes the field).
enum class Escape : std::uint8_t { doubled, backslash, both, none };
/// What ends a record. Files with line feeds may have carriage returns before them, in some lines or in all.
enum class Ends : std::uint8_t { line_feed, carriage_return };

std::string_view name_of(Encoding encoding);
std::string_view name_of(Escape escape);

/// How the text of a file becomes records of fields.
struct Dialect {
  Encoding encoding = Encoding::utf8;
  std::string delimiter = ",";  ///< one letter or several; empty: each line is one field
  char quote = 0;               ///< 0: quotes are letters like others
  Escape escape = Escape::doubled;
  bool blanks_after_delimiter = false;  ///< they belong to no field, and a quote may follow them
  Ends ends = Ends::line_feed;

  bool operator==(const Dialect&) const = default;
};

/// Where the table stands among the records of the file, and what it looks like.
struct Layout {
  std::int64_t records_before = 0;  ///< the first data record's number, from 0: titles, blanks and headers come before
  std::int64_t first_header_line = 0, header_rows = 0;  ///< 0: the table has no header
  std::int64_t first_data_line = 0;
  std::vector<std::string> names;  ///< of the columns; column_1 … where there is no header
  std::size_t fields = 0;          ///< that a record has; fewer than names where the last columns are left out
  /// The header has fewer names than the records have fields: which column lacks its name, nobody can tell. Who goes by
  /// names must ask first.
  bool names_in_doubt = false;
  std::vector<std::string> preamble;  ///< lines before the header that are not blank

  bool operator==(const Layout&) const = default;
};

/// What the columns of the sample look like; by it a row that lost a delimiter is mended, or refused.
struct Column {
  std::int64_t rows = 0, empty = 0;           ///< rows seen, and those with nothing in the column
  std::int64_t of_kind[5] = {0, 0, 0, 0, 0};  ///< by Kind
  Kind kind = Kind::empty;                    ///< of at least nine in ten of its values; text where there is none such
  std::string shape;                          ///< that all its values share, if they do

  std::int64_t values() const { return rows - of_kind[0]; }
};

/// Something a reader should know of what was read, with the first line it is so.
struct Notice {
  std::int64_t line = 0;
  std::string sentence;  ///< English; tongue knows its French
};

/// What a person says of a file where it does not say it itself, or says it wrongly.
struct Wanted {
  std::optional<Encoding> encoding;
  std::optional<std::string> delimiter;
  std::optional<char> quote;  ///< 0: none
  std::optional<Escape> escape;
  std::optional<std::int64_t> header_rows;  ///< 0: the first line of the table is a row
  std::int64_t first_line = 1;              ///< where to begin and to end, as in an editor
  std::int64_t last_line = 0;               ///< 0: the file's last one
  bool fill_short_rows = false;             ///< fields that a row lacks are its last ones, and empty
  Totals totals = Totals::judge;
  bool names_as_written = false;  ///< those that stand twice stay so
};

/// A file as it stood when it was looked at.
struct FileStamp {
  std::uintmax_t size = 0;
  std::filesystem::file_time_type written;
  bool operator==(const FileStamp&) const = default;
};

/// The table of a file, held against every byte of it.
struct Found {
  Dialect dialect;
  Layout layout;
  std::vector<Column> columns;
  std::int64_t rows = 0;         ///< of data, mended ones among them
  std::int64_t mended = 0;       ///< rows that lost or won a delimiter or a quote, and could be read in one way only
  std::int64_t repeats = 0;      ///< of the header
  std::int64_t blank = 0;        ///< records without a value among the rows
  std::int64_t totals = 0;       ///< rows that add up others, left out
  std::int64_t footer_line = 0;  ///< where what follows the table begins; 0: nothing does
  std::vector<std::string> footer;
  double score = 0, runner_up = 0;   ///< of the delimiter chosen and of the best other one, 0 … 1
  std::vector<std::string> reasons;  ///< why it is read so, a sentence each
  std::vector<Notice> notices;       ///< what was put right or left out; of each kind at most kMostOfAKind, and a count
  bool mixed_ends = false;           ///< some lines may end otherwise than others: fields are looked at for it
  /// Nothing was put right, passed over or left out below the header, a blank line included, and every line ends alike:
  /// set by whoever does such a thing, where it is done.
  bool faithful = true;
  std::vector<std::int64_t> total_lines;  ///< of the rows that add up others
  bool held = false;                      ///< the file was read to its end: who reads it again is told nothing new
  Wanted wanted;
  std::optional<FileStamp> stamp;  ///< of the file; Rows refuse one that has changed since

  /// Of its columns, as others may name them: a name that stands twice is "name (2)" the second time.
  std::vector<std::string> unique_names() const;
  /// Does a reader that is told the delimiter, the quote (doubled within), the encoding and how many lines stand above
  /// the one line of names read the same rows? Then the file needs no copy.
  bool is_plain() const;
};
inline constexpr std::int64_t kMostOfAKind = 10;

/// Finds the table of a CSV file in any dialect, and reads the file to its end to see that it holds.
///
/// Memory: a sample and the longest record. Threads: any, nothing is shared. A file that is empty gives a table without
/// columns. What cannot be read in one way only is refused, with the line, what was found, and what to say.
///
/// Errors: file.unreadable, csv.packed, csv.encoding, csv.delimiter, csv.quote, csv.header, csv.fields, csv.tables,
/// csv.total, csv.line_ends, csv.line_too_long, file.changed.
Result<Found> detect(const std::filesystem::path& file, const Wanted& wanted = {});

}  // namespace vigie::reading
