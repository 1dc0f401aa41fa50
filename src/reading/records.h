#pragma once
#include <deque>
#include <memory>
#include <span>

#include "reading/dialect.h"
#include "reading/scanner.h"
#include "reading/source.h"

namespace vigie::reading {

enum class RowKind : std::uint8_t {
  data,
  mended,  ///< lost or won a delimiter or a quote, and could be read in one way only
};

/// A row of the table, as long as the reader is not asked for the next.
struct Row {
  std::int64_t line = 0;    ///< of the file, where it begins
  std::int64_t number = 0;  ///< of the table, from 1
  RowKind kind = RowKind::data;
  std::size_t size() const { return columns; }
  std::string value(std::size_t column) const;

  std::size_t columns = 0;
  const Record* record = nullptr;                    ///< where it stands as it is
  const std::vector<std::string>* values = nullptr;  ///< where it was mended
  const Dialect* dialect = nullptr;
};

/// Reads the rows of a table from its file, and holds every one of them against its layout: what is no row (blanks, the
/// header again, what follows the table) is passed over and told, and what cannot be read in one way only ends it.
///
///     VIGIE_TRY(auto rows, Rows::open(file, found));
///     Row row;
///     while (true) {
///       VIGIE_TRY(const bool more, rows->next(row));
///       if (!more) break;
///       …
///     }
///
/// Memory: the record it is at, and the block of the file it stands in. Threads: one. Errors: those of detect.
class Rows {
 public:
  static Result<std::unique_ptr<Rows>> open(const std::filesystem::path& file, const Found& found);
  ~Rows();
  Result<bool> next(Row& row);
  /// What was passed over or mended so far: rows, repeats, blank, totals, footer and notices are filled in.
  const Found& told() const;

 private:
  class Walk;
  explicit Rows(std::unique_ptr<Walk> walk);
  std::unique_ptr<Walk> walk_;
};

}  // namespace vigie::reading
