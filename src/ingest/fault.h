#pragma once
#include <cstdint>
#include <string_view>

namespace vigie::ingest {

/// Why a text could not become a value. One byte, because it is computed for millions of values; code and sentence are
/// looked up only for those that are refused.
enum class Fault : std::uint8_t {
  none,
  number,      ///< not a number written in the declared way
  precision,   ///< more decimals than the column keeps
  overflow,    ///< more digits than the column holds
  integer,     ///< a whole number was expected
  date,        ///< not a date in the declared format, or a day that does not exist
  date_range,  ///< a year outside 1800…2199
  boolean,     ///< neither a yes nor a no
  currency,    ///< not three letters
};

std::string_view code_of(Fault fault);      ///< "cast.date"; empty for none
std::string_view sentence_of(Fault fault);  ///< what was expected, for a person

}  // namespace vigie::ingest
