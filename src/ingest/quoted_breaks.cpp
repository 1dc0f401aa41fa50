#include "ingest/quoted_breaks.h"

#include "ingest/inputs.h"
#include "ingest/text_of_file.h"

namespace vigie::ingest {

bool QuotedBreaks::opens(std::string_view before) const {
  const auto at = before.find_last_not_of(' ');
  const char last = at == std::string_view::npos ? last_ : before[at];
  return last == delimiter_ || last == '\n' || last == '\r';
}

void QuotedBreaks::keep_last(std::string_view read) {
  if (const auto at = read.find_last_not_of(' '); at != std::string_view::npos) last_ = read[at];
}

bool QuotedBreaks::read(std::string_view piece) {
  if (quote_ == '\0') return false;
  if (delimiter_ == '\0') return found_ = found_ || piece.contains(quote_);
  std::size_t at = 0;
  while (at < piece.size() && !found_) {
    if (place_ == Place::plain) {
      const auto next = piece.find(quote_, at);
      if (next == std::string_view::npos) break;
      if (opens(piece.substr(0, next))) place_ = Place::quoted;
      at = next + 1;
    } else if (place_ == Place::quoted) {
      while (at < piece.size() && piece[at] != quote_ && piece[at] != '\n' && piece[at] != '\r') ++at;
      if (at == piece.size()) break;
      if (piece[at] == quote_) place_ = Place::after_quote;
      else found_ = true;
      ++at;
    } else {  // two quotes stand for one
      place_ = piece[at] == quote_ ? Place::quoted : Place::plain;
      at += place_ == Place::quoted ? 1 : 0;
    }
  }
  keep_last(piece);
  return found_;
}

Result<bool> is_read_in_one_thread(const SourceFile& file) {
  if (file.format == Format::csv && file.input->fills_short_rows) return true;  // else the engine refuses to
  if (file.format != Format::csv || file.input->quote.empty() || !has_text(file)) return false;
  QuotedBreaks breaks(file.delimiter, file.input->quote);
  bool found = false;
  VIGIE_CHECK(read_text(file, nullptr, [&](std::string_view piece) { return !(found = breaks.read(piece)); }));
  return found;
}

}  // namespace vigie::ingest
