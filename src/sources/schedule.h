#pragma once
#include <bitset>
#include <optional>

#include "base/time.h"
#include "base/yaml.h"
#include "calendar/zone.h"

namespace vigie::sources {

/// When a source is to be asked again: "every 15 minutes", or the five fields of cron, in the reporting zone.
///
///   every N minutes | hours | days; every minute | hour | day
///   MINUTE HOUR DAY MONTH WEEKDAY: *, a number, a-b, any of them /n, lists with commas; weekdays 0 to 7, 0 and 7
///   Sunday. Where both a day and a weekday are said, either will do, as in cron.
class Schedule {
 public:
  /// Errors: schedule.unreadable (which part, and what it may be), schedule.never (31 February).
  static Result<Schedule> parse(std::string_view text);

  const std::string& text() const { return text_; }
  /// The first moment after `last` at which it is due. A local time that daylight saving skips is due when it would
  /// have been; one that occurs twice is due once.
  Instant next_after(Instant last, const calendar::Zone& zone) const;

 private:
  struct Cron {
    std::bitset<60> minutes;
    std::bitset<24> hours;
    std::bitset<32> days;
    std::bitset<13> months;
    std::bitset<7> weekdays;  ///< 0 Sunday
    bool any_day = true, any_weekday = true;
    bool fits(Date day) const;
  };
  static Result<Cron> read_cron(std::string_view text);

  std::string text_;
  std::int64_t every_minutes_ = 0;  ///< 0: by cron_
  Cron cron_;
};

}  // namespace vigie::sources
