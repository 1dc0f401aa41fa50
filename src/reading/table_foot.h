#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reading/typed_records.h"

namespace vigie::reading {

/// A row of a table, cut to its columns.
struct FootRow {
  std::int64_t number = 0;
  std::vector<Cell> cells;
  bool after_gap = false;  ///< a blank row stands before it

  std::size_t filled() const;
};

/// What stands under a table, or between its records, and is no record: totals and remarks.
///
/// A row is a total when its first cell says so ("Total", "Sous-total Lyon", "Summe") and either a column that every
/// record fills is empty there, or one of its numbers is the sum of those above it. A row with one text is a remark
/// when it stands under a blank row or a total at the end of the table.
class TableFoot {
 public:
  explicit TableFoot(std::size_t columns);

  enum class Kind : std::uint8_t { record, total, doubtful };
  Kind judge(const FootRow& row) const;

  /// Takes account of a record: its sums, and which columns are filled.
  void add(const FootRow& row);
  void leave_out_total(const FootRow& row);
  void leave_out_remark(const FootRow& row);

  /// From which of the last rows on there is no record. Fails with the place among them where it cannot be told.
  std::expected<std::size_t, std::size_t> begin_in(const std::deque<FootRow>& last) const;

  std::int64_t totals() const { return totals_; }
  std::int64_t remarks() const { return remarks_; }
  std::int64_t first_total() const { return first_total_; }
  std::int64_t first_remark() const { return first_remark_; }

 private:
  struct Column {
    long double sum = 0, since_total = 0;
    std::int64_t filled = 0;
  };
  bool lacks_what_all_have(const FootRow& row) const;
  bool is_sum(const FootRow& row) const;
  bool is_remark(const FootRow& row) const;

  std::vector<Column> columns_;
  std::int64_t records_ = 0, totals_ = 0, remarks_ = 0, first_total_ = 0, first_remark_ = 0;
};

/// "Total", "Totaux 2024", "Sous-total", "Grand total", "Summe", "Gesamt": the word a total begins with; and whether
/// the text is such a word alone.
bool begins_like_total(std::string_view text);
bool is_word_of_total(std::string_view text);

}  // namespace vigie::reading
