#include "ingest/torn_record.h"

#include <fmt/format.h>

namespace vigie::ingest {
namespace {

/// Takes a field in quotes off the beginning of `rest`, with what ends it left there; none where they do not end.
std::optional<std::string> quoted_field(std::string_view& rest, char mark) {
  std::string out;
  rest.remove_prefix(1);
  while (!rest.empty()) {
    if (rest.front() != mark) {
      out += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(1);
    if (rest.empty() || rest.front() != mark) return out;
    out += mark;  // a doubled one
    rest.remove_prefix(1);
  }
  return std::nullopt;
}

std::string too_few(std::size_t found, std::size_t wanted) {
  return fmt::format(
      "the record has {} of {} columns; where those that are not written are empty, say short_rows: fill", found,
      wanted);
}

}  // namespace

TornRecord taken_apart(std::string_view record, const Separation& how) {
  const TornRecord torn{{}, "csv.quote", "a quote that does not end where the value ends"};
  while (record.ends_with('\n') || record.ends_with('\r')) record.remove_suffix(1);
  TornRecord out;
  for (std::string_view rest = record;;) {
    if (!how.quote.empty() && !rest.empty() && rest.front() == how.quote[0]) {
      auto field = quoted_field(rest, how.quote[0]);
      if (!field || !(rest.empty() || rest.starts_with(how.delimiter))) return torn;
      out.fields.emplace_back(std::move(field));
    } else {
      const std::string_view field = rest.substr(0, rest.find(how.delimiter));
      out.fields.emplace_back(field.empty() ? std::nullopt : std::optional(std::string(field)));
      rest.remove_prefix(field.size());
    }
    if (rest.empty()) break;
    rest.remove_prefix(how.delimiter.size());
  }
  const std::size_t found = out.fields.size();
  if (found > how.columns)
    return {{}, "csv.columns", fmt::format("the record has more columns than the {} of the header", how.columns)};
  if (found < how.columns && !how.fills_short_rows) return {{}, "csv.columns", too_few(found, how.columns)};
  out.fields.resize(how.columns);
  return out;
}

}  // namespace vigie::ingest
