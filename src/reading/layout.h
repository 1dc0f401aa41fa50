#pragma once
#include <vector>

#include "reading/dialect.h"
#include "reading/scanner.h"

namespace vigie::reading {

/// A record of the sample with its values, kept while the layout is found.
struct Line {
  std::int64_t line = 0;
  std::vector<std::string> values;
  Fault fault = Fault::none;

  bool blank() const;
  std::size_t filled() const;
  std::string text() const;  ///< its values, for a person
};
/// The records of a sample; its last one is left out where the sample is cut.
std::vector<Line> lines_of(std::string_view sample, bool complete, const Dialect& dialect);

struct LaidOut {
  Layout layout;
  std::vector<Column> columns;
  std::vector<std::string> reasons;
  std::vector<Notice> notices;
};

/// Tells titles, header rows and rows of data apart among the first records of a file, `fields` being what most of its
/// records have. A header is what stands as text above columns of numbers or days; where all is text, the first line is
/// one unless it comes again below. Errors, by line: csv.header, csv.fields, csv.tables, csv.quote.
Result<LaidOut> lay_out(const std::vector<Line>& lines, std::size_t fields, const Wanted& wanted);

/// What the columns look like in those of the lines that have so many fields.
std::vector<Column> columns_of(const std::vector<Line>& lines, std::size_t from, std::size_t fields);

}  // namespace vigie::reading
