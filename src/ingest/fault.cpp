#include "ingest/fault.h"

namespace vigie::ingest {

std::string_view code_of(Fault fault) {
  switch (fault) {
    case Fault::none: return "";
    case Fault::number: return "cast.number";
    case Fault::precision: return "cast.precision";
    case Fault::overflow: return "cast.overflow";
    case Fault::integer: return "cast.integer";
    case Fault::date: return "cast.date";
    case Fault::date_range: return "cast.date_range";
    case Fault::boolean: return "cast.boolean";
    case Fault::currency: return "cast.currency";
  }
  return "";
}

std::string_view sentence_of(Fault fault) {
  switch (fault) {
    case Fault::none: return "";
    case Fault::number:
      return "not a number as the map says they are written (decimal, thousands, symbols, parentheses)";
    case Fault::precision: return "more decimals than the column keeps; `round: true` rounds half to even";
    case Fault::overflow: return "more digits than the column holds";
    case Fault::integer: return "a whole number was expected";
    case Fault::date: return "not a date in the declared format, or a day that does not exist";
    case Fault::date_range: return "a year outside 1800-2199; if it stands for \"none\", add it to null_values";
    case Fault::boolean: return "neither a yes nor a no (true/false, yes/no, oui/non, 1/0)";
    case Fault::currency: return "a currency is three letters of ISO 4217, such as EUR";
  }
  return "";
}

}  // namespace vigie::ingest
