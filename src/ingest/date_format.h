#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ingest/fault.h"

namespace vigie::ingest {

/// What a text says about time: a local day and, where it has one, a time of day and an offset from UTC.
struct Moment {
  Date day;
  std::int64_t micros_of_day = 0;
  bool has_time = false;
  std::optional<int> offset_minutes;  ///< the text carries its own zone
  Fault fault = Fault::none;
};

/// One way of writing dates: "iso", "excel", "unix", "unix_ms", or a pattern of directives (%d/%m/%Y …).
///
///   %G %V year and week of ISO 8601 (2025-W07 is "%G-W%V")
///   %Y year of four digits  %y of two (see year_pivot)  %m month  %d day  %H hour  %I hour of twelve  %p AM/PM,
///   a.m./p.m.  %M minute %S second  %f fraction  %z offset (+02:00, +0200, Z)  %b or %B name of a month, English or
///   French, short or whole %a or %A name of a weekday (read, not checked)  %% a percent sign
///
/// Without %d the month stands for its first day, a week for its Monday. Numbers may lack their leading zero.
/// Everything else must stand in the text as it stands in the pattern.
class DatePattern {
 public:
  /// `date_format.unknown` with the directive that is not known; a pattern must give month and year, and has %I
  /// and %p together or neither (`date_format.incomplete`).
  static Result<DatePattern> parse(std::string_view text);
  Moment read(std::string_view text, int year_pivot) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The formats a column may be written in, tried in order: the first that fits is taken.
struct DateFormat {
  std::vector<DatePattern> patterns;  ///< empty: iso
  /// Two-digit years up to this one are 20xx, later ones 19xx.
  int year_pivot = 68;
  int plus_days = 0;       ///< added on the calendar
  bool date_only = false;  ///< a time of day, if there is one, means nothing
  std::string zone;        ///< of times without an offset

  std::string to_text() const;  ///< one line that from_text reads back
  static DateFormat from_text(std::string_view text);
};

/// The moment, days added, in a year from 1800 to 2199 (else date_range).
Moment read_moment(std::string_view text, const DateFormat& format);

}  // namespace vigie::ingest
