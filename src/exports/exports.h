#pragma once
// exports/ — answers and canonical tables as files that people keep and other programs read: CSV, XLSX, Parquet.
//
// A room of its own, above workspace/: what a file looks like is no business of who computes the figures in it (kpi/),
// of who types the command (cli/) or of who carries it over a wire (server/), and both of these want the same file.
// Nothing is computed here: a value goes out as the answer or the warehouse has it, to its last digit.
//
// One way through: rows of Cells under Columns go into a Writer, one at a time, and are forgotten. An answer becomes
// such rows (answer_rows.h); so do the rows of a table, as the engine makes them (table_export.h), so that ten million
// of them take no more memory than ten. Parquet alone is written by the engine itself, which keeps its decimals and
// timestamps as they are.
//
//   exports.h       what a file holds: columns, cells, rows, and what is said about them
//   form.h          which file is wanted: format, for whom, headers
//   writer.h        rows → a file; csv_writer.cpp, xlsx_writer.cpp, parquet_writer.cpp
//   out_file.h      a file that is there whole or not at all
//   answer_rows.h   Answers as rows, and about them
//   table_export.h  a canonical table; table_query.h: its rows as SQL; table_maps.h: the maps that bring it back
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bilingual.h"
#include "base/decimal.h"
#include "base/time.h"

namespace vigie::exports {

/// An instant as its source gave it: a moment, or a bare date, which stands for its first instant.
struct Moment {
  Instant at;
  std::optional<Date> bare = std::nullopt;
  bool operator==(const Moment&) const = default;
};

/// Nothing is nothing: never 0, and never an empty text.
using Cell = std::variant<std::monostate, bool, std::int64_t, Decimal, double, std::string, Date, Moment>;

enum class Kind { text, boolean, integer, number, exact, date, moment };

/// `unit` is one of those of an Answer (money, rate, count, days…), or kOfItsRow.
struct Column {
  std::string name;  ///< for programs, and for importing again
  Text label;        ///< for people
  Kind kind = Kind::text;
  std::string unit = {};
  int width = 12;             ///< in letters, of a sheet
  std::string currency = {};  ///< of amounts; empty: that of their row
};
/// Of a column whose values have the unit of their row: a board holds rates beside amounts.
constexpr std::string_view kOfItsRow = "row";

/// One cell a column; what its values are in, where the columns leave that to it.
struct Row {
  std::vector<Cell> cells;
  std::string unit = {}, currency = {};
};

/// What stands beside the rows: in a sheet of its own, and nowhere in the formats that have no place for it. A line
/// without a value is a heading.
struct About {
  struct Line {
    Text name;
    Cell value = {};
  };
  std::vector<Line> lines;
  void heading(Text name) { lines.push_back({std::move(name), {}}); }
  void add(Text name, Cell value) { lines.push_back({std::move(name), std::move(value)}); }
};

/// What was written.
struct Exported {
  std::int64_t rows = 0;
  std::vector<std::string> notes = {};  ///< what the reader of the file should know, in English
};

}  // namespace vigie::exports
