#pragma once
// reading/ — files as people have them, made one clean table. A file is read in the only way that it can be read in, or
// it is refused with the line, what was found there and what to say; what is put right is told, with its line.
//
//   encoding   source.h (bytes.cpp, examine.cpp): bytes (unpacked where they are a gzip file) → text in UTF-8. A byte
//   order mark, bytes 0 at
//              every other place, letters that are whole in UTF-8 from the first to the last, else windows-1252. The
//              whole file is looked at: a letter in its last line can say what its first line is.
//   dialect    choose.h: a sample → delimiter, quote, escape. The reading whose records have one number of fields, and
//              whose fields are something one knows. Two that are as good: refused.
//   records    scanner.h: text → records, strictly; the one place that knows quotes and line ends, also for reading.
//   layout     layout.h: titles, header rows, rows. What stands as text above columns of numbers is a header.
//   rows       records.h: the whole file held against its layout, in one pass. mend.h: a row that lost a delimiter is
//              read in the only way that fits its columns, or refused.
//   the door   dialect.h: detect(file) → Found; Rows::open(file, found) → its rows; clean_csv.h: the same as plain CSV;
//              found_json.h: what was found, for programs.
//
// The rules, one sentence each:
//   * Lines of another width before the table, and one text at the left above it, are titles.
//   * Texts above numbers are a header; so are further rows of texts, or of texts that fill gaps; all text: the first
//     line, unless it comes again below. Numbers in the first line are values, but years that rise are names.
//   * A row of another width, or whose quotes do not pair, is read if exactly one reading has what the columns have
//     elsewhere: at most one row in twenty. Three lines of one other width after each other are another table.
//   * A blank line and then texts at the left, to the end of the file, are notes; when rows follow, another table.
//   * Several tables are never one: it is for a person to say which lines are meant (Wanted::first_line, last_line).
//   * Rows that say "Total" are left out where the sums above them say so too, and told; they are records where a day,
//   a
//     key or a text of theirs says so; else the file is refused until a person says which (Wanted::totals).
#include "reading/clean_csv.h"
#include "reading/dialect.h"
#include "reading/found_json.h"
#include "reading/records.h"
