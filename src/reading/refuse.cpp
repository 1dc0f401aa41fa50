#include "reading/refuse.h"

namespace vigie::reading {

std::unexpected<Error> refuse(std::int64_t line, std::string code, std::string message, std::string hint) {
  return fail(ErrorKind::data, std::move(code), std::move(message), {"", static_cast<int>(line), 0}, std::move(hint));
}

std::unexpected<Error> refuse_quotes(std::int64_t line, Fault fault) {
  switch (fault) {
    case Fault::open_quote:
      return refuse(line, "csv.quote", "a quote is opened in this line and never closed", "close it, or take it away");
    case Fault::quote_within:
      return refuse(line, "csv.quote",
                    "quotes stand within fields that do not begin with one: a delimiter seems to be lost",
                    "mend the line");
    default:
      return refuse(line, "csv.quote", "a quoted field goes on after its closing quote", "double the quotes within it");
  }
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return text;
  std::size_t end = kMost;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace vigie::reading
