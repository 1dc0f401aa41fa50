#pragma once
#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "propose/date_tally.h"
#include "propose/number_tally.h"
#include "propose/vocabulary.h"
#include "reading/typed_records.h"

namespace vigie::propose {

/// What all values of one column leave behind: counts, the few distinct texts there are, whether any came twice. Some
/// 40 bytes a text while every text is new, and a few kB from the first that comes again on.
class ColumnSketch {
 public:
  explicit ColumnSketch(std::string name) : name_(std::move(name)) {}
  void add(std::string_view text, reading::CellKind kind, const Vocabulary& vocabulary);

  const std::string& name() const { return name_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t filled() const { return filled_; }  ///< neither empty nor a text that means nothing
  const std::map<std::string, std::int64_t>& nothing() const { return nothing_; }
  const NumberTally& numbers() const { return numbers_; }
  const DateTally& dates() const { return dates_; }
  /// The distinct texts and how often each stands, where they are few; else empty.
  const std::map<std::string, std::int64_t>& values() const { return values_; }
  bool few() const { return !many_; }
  /// Filled on every row, and no text twice (of those that were looked at: at most a million).
  bool unique() const { return unique_ && filled_ == rows_ && rows_ > 0; }
  /// No text came twice, though some rows have none.
  bool unique_where_filled() const { return unique_ && filled_ > 1; }
  bool looked_at_all() const { return !stopped_looking_; }
  std::size_t looking_at() const { return seen_.size(); }  ///< texts that are kept to know one that comes again
  void stop_looking();
  std::int64_t emails() const { return emails_; }
  std::int64_t links() const { return links_; }
  std::int64_t codes() const { return codes_; }              ///< one word with digits in it, or a long hexadecimal one
  std::int64_t currencies() const { return currencies_; }    ///< codes of ISO 4217
  std::int64_t long_digits() const { return long_digits_; }  ///< more than 15 digits: beyond exact doubles
  std::int64_t yes_no() const { return yes_no_; }
  /// Whole numbers that a spreadsheet has written short, so that their last digits are gone: 1.23457E+15.
  std::int64_t shortened() const { return shortened_; }
  /// The first three digits of texts that begin with three: of accounts, which classes there are.
  const std::bitset<1000>& starts() const { return starts_; }
  std::size_t longest() const { return longest_; }
  double mean_length() const { return filled_ > 0 ? static_cast<double>(letters_) / static_cast<double>(filled_) : 0; }
  const std::vector<std::string>& examples() const { return examples_; }

  static constexpr std::size_t kFew = 60;

 private:
  std::string name_;
  std::int64_t rows_ = 0, filled_ = 0, emails_ = 0, links_ = 0, codes_ = 0, currencies_ = 0, long_digits_ = 0,
               yes_no_ = 0, letters_ = 0, shortened_ = 0;
  std::size_t longest_ = 0;
  std::bitset<1000> starts_;
  bool many_ = false, unique_ = true, stopped_looking_ = false;
  std::map<std::string, std::int64_t> nothing_, values_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<std::string> examples_;
  NumberTally numbers_;
  DateTally dates_;
};

/// Columns whose rows fall into groups: those of one text in another column, or in several.
struct Groups {
  std::int64_t several = 0;  ///< groups of more than one row
  std::vector<bool> same;    ///< of each column: every group has one text in it, as far as it was looked at
};

/// One table, fed row by row as texts by whoever reads it: a CSV, a sheet, a database.
///
///   TableSketch sketch({"N° commande", "Date"}, vocabulary);
///   while (…) sketch.add(cells);            // fewer cells than columns: the last are empty
///
/// Memory is bounded for the table, however wide it is: the texts of the first rows, a number for each cell of as many
/// rows as have room in 64 MB, and two million texts of columns without a repeated one. The vocabulary must outlive it.
class TableSketch {
 public:
  TableSketch(const std::vector<std::string>& names, const Vocabulary& vocabulary);
  /// `kinds`: of cells that have one in their file; empty: all are texts.
  void add(std::span<const std::string_view> cells, std::span<const reading::CellKind> kinds = {});

  const std::vector<ColumnSketch>& columns() const { return columns_; }
  std::int64_t rows() const { return rows_; }
  /// The texts of the first rows (200 of a table that is not very wide), long ones cut.
  const std::vector<std::vector<std::string>>& first_rows() const { return first_rows_; }
  /// No two of the rows that are compared have the same texts in all of these columns. `filled`: of rows that have a
  /// text in that column alone.
  bool unique_together(std::span<const std::size_t> columns, std::optional<std::size_t> filled = {}) const;
  /// The rows that are compared, grouped by these columns; rows without one of them are in no group.
  Groups groups(std::span<const std::size_t> by) const;
  /// Two columns with the same text on each of the rows that are compared.
  bool same_texts(std::size_t one, std::size_t other) const;
  std::int64_t compared() const { return compared_; }  ///< rows of which each cell is known

  static constexpr std::size_t kFirstRows = 200, kFirstCells = 100'000, kLongestCell = 200;
  static constexpr std::size_t kMostCompared = 8'000'000, kMostLooked = 2'000'000;

 private:
  const Vocabulary& vocabulary_;
  std::vector<ColumnSketch> columns_;
  std::int64_t rows_ = 0, compared_ = 0;
  std::vector<std::vector<std::string>> first_rows_;
  std::vector<std::uint64_t> cells_;  ///< hashes of the first rows, row by row
};

}  // namespace vigie::propose
