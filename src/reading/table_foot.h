#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
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
  bool after_gap = false;      ///< a blank row, or a total that was left out, stands before it
  bool names_another = false;  ///< it looks like the names of another table

  std::size_t filled() const;
  std::vector<bool> pattern() const;  ///< which of its cells are filled
};

/// What stands under a table, or between its records, and is no record: totals and remarks. Of any source: cells that
/// are texts (all those of a CSV file) are read as amounts with either mark of decimals.
///
/// A row may be a total when its first filled cell says so ("Total", "Sous-total Lyon", "Summe"). Then its other cells
/// are the evidence: an amount that is the sum of those above (since the last total, or of all) is one of a total; a
/// day, a text of its own or a key that goes on, in a column that every record fills, is one of a record. Both, or
/// neither, is doubtful: for a person to say.
class TableFoot {
 public:
  explicit TableFoot(std::size_t columns);

  enum class Verdict : std::uint8_t { record, total, doubtful };
  Verdict judge(const FootRow& row) const;

  /// Takes account of a record: its sums, and what its columns hold.
  void add(const FootRow& row);
  void leave_out_total(const FootRow& row);
  void leave_out_remark(const FootRow& row);

  /// Names where the records have other values, or texts that fill other columns than any record, side by side.
  bool looks_like_names(const FootRow& row) const;
  /// One text and nothing else, in a table of several columns.
  bool is_lone_text(const FootRow& row) const;
  /// From which of the last rows on there are remarks only: texts alone, the first of them under a gap or a total.
  std::size_t begin_in(const std::deque<FootRow>& last) const;
  /// The first record is called a total, and is the sum of all that follow: its number.
  std::optional<std::int64_t> total_on_top() const;

  std::int64_t totals() const { return totals_; }
  std::int64_t remarks() const { return remarks_; }
  std::int64_t first_total() const { return first_total_; }
  std::int64_t first_remark() const { return first_remark_; }

 private:
  /// With a point and with a comma before its decimals; nothing where a text is no number so.
  struct Amount {
    std::optional<long double> by_mark[2];
    bool any() const { return by_mark[0] || by_mark[1]; }
  };
  struct Sums {
    long double all = 0, since_total = 0;
    bool readable = true;  ///< by this mark
  };
  struct Column {
    Sums by_mark[2];
    std::int64_t filled = 0, days = 0, texts = 0;
    std::string first_text;
    bool one_text = true;  ///< its texts are all the same: a currency, a country
    bool rises = true;     ///< whole numbers, each above the last: a key that counts
    long double last = 0, longest_step = 0;
  };
  enum class Sum : std::uint8_t { none, near, of_one, of_several };
  static Amount amount_of(const Cell& cell);
  static bool is_day(const Cell& cell);
  static void add_text(Column& column, const Cell& cell);
  static void add_amount(Column& column, const Amount& amount);
  bool lacks_what_all_have(const FootRow& row) const;
  bool looks_like_a_record(const FootRow& row, const Cell* label) const;
  static bool goes_on(const Column& column, const Amount& amount);
  Sum of_column(const Column& column, const Amount& amount) const;
  Sum sum_in(const FootRow& row) const;

  std::vector<Column> columns_;
  std::int64_t records_ = 0, totals_ = 0, remarks_ = 0, first_total_ = 0, first_remark_ = 0;
  std::set<std::vector<bool>> patterns_;  ///< which columns records fill; not all, where there are very many
  std::optional<FootRow> top_;            ///< the first record, where it is called a total
};

/// "Total", "Totaux 2024", "Sous-total", "Grand total", "Summe", "Gesamt": the word a total begins with; and whether
/// the text is such a word alone.
bool begins_like_total(std::string_view text);
bool is_word_of_total(std::string_view text);

}  // namespace vigie::reading
