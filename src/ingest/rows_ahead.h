#pragma once
#include "ingest/job.h"

namespace vigie::ingest {

/// Rows that say, in one column that dates events, that something happened after today: a slip of the year, most
/// likely. Such a row moves the end of the data that is assumed for its source, so that the receipt warns.
struct RowsAhead {
  std::string column;        ///< physical, of days
  std::string input_column;  ///< as the file calls it
  std::int64_t rows = 0;
  Date latest;
  std::optional<Date> last;  ///< of all rows, those that are not ahead too
  std::string first_file;
  std::int64_t first_row = 0;
};

/// One for each mapped column of the table that dates events, without rows yet.
std::vector<RowsAhead> columns_of_events(const Map& map);

/// Counts those in `stage`, and finds the first in the file just read by reading it once more, which is seldom needed.
Result<> count_rows_ahead(Job& job, std::string_view stage, const RowSql& sql, const std::string& numbered,
                          std::int64_t first_row, std::string_view rejects, const std::string& file,
                          std::vector<RowsAhead>& ahead);

void warn_of_rows_ahead(const Map& map, const std::vector<RowsAhead>& ahead, Receipt& receipt);
/// Events after what the map calls the end of its data: what is asked as of then, which is the default, leaves them
/// out.
void warn_of_rows_undeclared(const Job& job, const std::vector<RowsAhead>& ahead);

}  // namespace vigie::ingest
