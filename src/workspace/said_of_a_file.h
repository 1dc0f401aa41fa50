#pragma once
#include <string>
#include <utility>
#include <vector>

#include "reading/json_records.h"
#include "reading/reading.h"
#include "reading/table_extent.h"

namespace vigie::workspace {

/// What a person says of how a file is to be read, where it does not say so itself: the same words as in what errors
/// and questions of the reader ask for ("say header_rows: 1").
struct SaidOfAFile {
  std::string sheet, member, table_in;  ///< of a workbook, an archive, a database; "": the only one
  reading::Wanted text;
  reading::TableWishes table;  ///< where it stands in a sheet
  reading::JsonWishes json;

  /// From pairs of a word and a value: sheet, encoding, delimiter, quote, escape, header_rows, first_line, last_line,
  /// short_rows, totals; of sheets header_row, header, columns, last_row; of JSON records; of archives member; of
  /// databases table. Errors: look.word (unknown, with the nearest), look.value (with what the word takes).
  static Result<SaidOfAFile> of(const std::vector<std::pair<std::string, std::string>>& words);
};

/// The reader's error, with how this is said to the command: `--read header_rows=1`.
Error with_the_way_to_say_it(Error error);

}  // namespace vigie::workspace
