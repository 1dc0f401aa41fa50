#pragma once
#include <optional>
#include <string>
#include <vector>

#include "propose/propose.h"

namespace vigie::propose {

enum class Kind { empty, yes_no, whole, decimal, day, moment, currency, email, link, few, code, text };
bool is_number(Kind kind);
bool is_date(Kind kind);

/// What a column holds and how it is written: the verdicts of its tallies, together with what the user said and what
/// other columns of the same file tell (one program wrote them all). Numbers and dates are told of any column that has
/// one: a name may say that a column is one of amounts though a third of it is words.
struct Written {
  Kind kind = Kind::empty;
  // Numbers.
  ingest::NumberFormat number;
  bool number_undecided = false, percent = false;
  std::string undecided_number;  ///< which has decimals or thousands
  std::int64_t numbers = 0;      ///< texts that are numbers so
  std::string serial;            ///< numbers that may be dates, where a name says so: excel, unix, unix_ms
  // Dates.
  std::int64_t dates = 0;  ///< texts that are dates so
  std::vector<std::string> date_formats;
  bool date_undecided = false, date_contradicted = false;
  bool date_only = false;     ///< its times mean nothing
  bool without_days = false;  ///< months or weeks
  /// A date of another form, all of whose days a spreadsheet of the other order may have taken for months; "" none.
  std::string swapped_with;
  std::string told_by;   ///< the text that decides the order of day and month; "" none was needed
  std::string as_in;     ///< the column of the same file that decides
  bool as_said = false;  ///< the user decided
  std::optional<DateOrder> order;
  DateTally::Times times = DateTally::Times::none;
};

/// At least half of the texts are dates, or numbers: what is named so is read so, and the others wait in the
/// quarantine.
bool reads_as_dates(const Written& how, const ColumnSketch& column);
bool reads_as_numbers(const Written& how, const ColumnSketch& column);

std::vector<Written> written(const TableSketch& sketch, const Wishes& wishes);

}  // namespace vigie::propose
