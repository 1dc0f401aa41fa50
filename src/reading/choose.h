#pragma once
#include <string_view>

#include "reading/dialect.h"

namespace vigie::reading {

/// What a sample of a text is best read by, and why.
struct Choice {
  Dialect dialect;
  std::size_t fields = 1;  ///< of most records
  double score = 0, runner_up = 0;
  std::vector<std::string> reasons;
  std::vector<Notice> notices;
};

/// Tries the delimiters that stand in the sample, with the quotes and escapes that do. A reading is good as far as its
/// records have one number of fields, as this number is more than one, and as the fields are something one knows:
/// numbers, days, addresses, plain words. (Pollock and CleverCSV hold the same two against each other.)
///
/// `complete`: the sample is the whole text; else its last record is left out. Errors, by line: csv.delimiter,
/// csv.quote.
Result<Choice> choose(std::string_view sample, bool complete, const Wanted& wanted);

}  // namespace vigie::reading
