#pragma once
#include <bitset>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "propose/date_tally.h"
#include "propose/number_tally.h"
#include "propose/vocabulary.h"

namespace vigie::propose {

/// What all values of one column leave behind: counts, the few distinct texts there are, whether any came twice. At
/// most some 16 MB a column while every text is new, and a few kB from the first that comes again on.
class ColumnSketch {
 public:
  explicit ColumnSketch(std::string name) : name_(std::move(name)) {}
  void add(std::string_view text, const Vocabulary& vocabulary);

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
  std::int64_t emails() const { return emails_; }
  std::int64_t links() const { return links_; }
  std::int64_t codes() const { return codes_; }              ///< one word with digits in it, or a long hexadecimal one
  std::int64_t currencies() const { return currencies_; }    ///< codes of ISO 4217
  std::int64_t long_digits() const { return long_digits_; }  ///< more than 15 digits: beyond exact doubles
  std::int64_t yes_no() const { return yes_no_; }
  /// The first three digits of texts that begin with three: of accounts, which classes there are.
  const std::bitset<1000>& starts() const { return starts_; }
  std::size_t longest() const { return longest_; }
  double mean_length() const { return filled_ > 0 ? static_cast<double>(letters_) / static_cast<double>(filled_) : 0; }
  const std::vector<std::string>& examples() const { return examples_; }

  static constexpr std::size_t kFew = 60;
  static constexpr std::size_t kMostLooked = 1'000'000;

 private:
  std::string name_;
  std::int64_t rows_ = 0, filled_ = 0, emails_ = 0, links_ = 0, codes_ = 0, currencies_ = 0, long_digits_ = 0,
               yes_no_ = 0, letters_ = 0;
  std::size_t longest_ = 0;
  std::bitset<1000> starts_;
  bool many_ = false, unique_ = true, stopped_looking_ = false;
  std::map<std::string, std::int64_t> nothing_, values_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<std::string> examples_;
  NumberTally numbers_;
  DateTally dates_;
};

/// One table, fed row by row as texts by whoever reads it: a CSV, a sheet, a database.
///
///   TableSketch sketch({"N° commande", "Date"}, vocabulary);
///   while (…) sketch.add(cells);            // fewer cells than columns: the last are empty
///
/// Memory is bounded: columns as above, the texts of the first rows, and one number for each cell of the first 20,000.
/// The vocabulary must outlive it.
class TableSketch {
 public:
  TableSketch(const std::vector<std::string>& names, const Vocabulary& vocabulary);
  void add(std::span<const std::string_view> cells);

  const std::vector<ColumnSketch>& columns() const { return columns_; }
  std::int64_t rows() const { return rows_; }
  /// The texts of the first 200 rows, long ones cut.
  const std::vector<std::vector<std::string>>& first_rows() const { return first_rows_; }
  /// No two of the first rows (at most 20,000) have the same texts in all of these columns.
  bool unique_together(std::span<const std::size_t> columns) const;

  static constexpr std::size_t kFirstRows = 200, kCompared = 20'000, kLongestCell = 200;

 private:
  const Vocabulary& vocabulary_;
  std::vector<ColumnSketch> columns_;
  std::int64_t rows_ = 0;
  std::vector<std::vector<std::string>> first_rows_;
  std::vector<std::uint64_t> cells_;  ///< hashes of the first rows, row by row
};

}  // namespace vigie::propose
