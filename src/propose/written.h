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
/// other columns of the same file tell (one program wrote them all).
struct Written {
  Kind kind = Kind::empty;
  // Numbers.
  ingest::NumberFormat number;
  bool number_undecided = false, percent = false, magnitudes = false;
  std::int64_t unread = 0;  ///< texts that are not of this kind
  std::string serial;       ///< numbers that may be dates, where a name says so: excel, unix, unix_ms
  // Dates.
  std::vector<std::string> date_formats;
  bool date_undecided = false, date_contradicted = false;
  bool date_only = false;  ///< its times mean nothing
  std::string told_by;     ///< the text that decides; "" none was needed
  std::string as_in;       ///< the column of the same file that decides
  bool as_said = false;    ///< the user decided
  std::optional<DateOrder> order;
  DateTally::Times times = DateTally::Times::none;
};

std::vector<Written> written(const TableSketch& sketch, const Wishes& wishes);

}  // namespace vigie::propose
