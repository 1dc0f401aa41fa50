#include "ingest/open_quote.h"

#include "ingest/text_of_file.h"

namespace vigie::ingest {
namespace {

/// What was not read to its end tells nothing of its quotes.
Result<std::optional<QuoteScan::Open>> open_quote_of(const SourceFile& file, const std::atomic<bool>* cancelled) {
  QuoteScan scan(file.delimiter, file.input->quote, file.input->skip, file.piece);
  VIGIE_CHECK(read_text(file, cancelled, [&](std::string_view piece) {
    scan.read(piece);
    return true;
  }));
  return scan.open_quote();
}

std::string in_line(const SourceFile& file, std::int64_t line, bool too_long) {
  if (too_long)
    return fmt::format("{} cannot be read whole: the quote that opens a value in its line {} does not end within {} MB",
                       file.shown_as, line, file.piece >> 20);
  return fmt::format("{} cannot be read whole: the quote that opens a value in its line {} does not end", file.shown_as,
                     line);
}
std::string in_row(const SourceFile& file, std::int64_t row, bool too_long) {
  if (too_long)
    return fmt::format("{} cannot be read whole: the quote that opens a value in its row {} does not end within {} MB",
                       file.shown_as, row, file.piece >> 20);
  return fmt::format("{} cannot be read whole: the quote that opens a value in its row {} does not end", file.shown_as,
                     row);
}

std::unexpected<Error> refused(const SourceFile& file, std::string message) {
  return fail(ErrorKind::data, "csv.open_quote", std::move(message), file.input->where,
              "close it there; if the file was cut short, export it again; if quotes mean nothing in this file, say "
              "quote: \"\"");
}

}  // namespace

void QuoteScan::read(std::string_view piece) {
  for (const char c : piece) read(c);
}

void QuoteScan::read(char c) {
  const bool ends_line = c == '\n';
  if (ends_line) ++line_;
  if (skip_ > 0) {
    skip_ -= ends_line ? 1 : 0;
    return;
  }
  if (place_ == Place::quoted) {
    if (c == quote_) place_ = Place::after_quote;
    if (++length_ > longest_ && !too_long_) too_long_ = Open{opened_, true};
    return;
  }
  if (place_ == Place::after_quote && c == quote_) {  // two for one
    place_ = Place::quoted;
    return;
  }
  read_unquoted(c);
}

void QuoteScan::read_unquoted(char c) {
  if (c == '\n' || c == '\r') {
    place_ = Place::begin;
    tail_.clear();
    return;
  }
  if (place_ == Place::torn) return;
  if ((place_ == Place::begin || place_ == Place::behind_blank) && quote_ != '\0' && c == quote_) {
    place_ = Place::quoted;
    opened_ = line_;
    length_ = 0;
    return;
  }
  tail_ += c;
  if (tail_.size() > delimiter_.size()) tail_.erase(0, 1);
  if (tail_ == delimiter_) {
    place_ = Place::begin;
    tail_.clear();
  } else if (place_ == Place::begin || place_ == Place::behind_blank) {
    place_ = place_ == Place::begin && c == ' ' ? Place::behind_blank : Place::plain;
  } else if (place_ == Place::after_quote && !delimiter_.starts_with(tail_) && c != ' ') {
    place_ = Place::torn;
  }
}

std::optional<QuoteScan::Open> QuoteScan::open_quote() const {
  if (too_long_) return too_long_;
  if (place_ == Place::quoted) return Open{opened_, false};
  return std::nullopt;
}

Result<> refuse_open_quote(const SourceFile& file, const std::atomic<bool>* cancelled) {
  if (file.format != Format::csv || !has_text(file)) return {};
  VIGIE_TRY(const auto open, open_quote_of(file, cancelled));
  if (open) return refused(file, in_line(file, open->line, open->too_long));
  return {};
}

Result<> refuse_open_quote(store::Connection& engine, const SourceFile& file, std::string_view rejects,
                           const std::atomic<bool>* cancelled) {
  // The reader takes such a value as it is where it reads in one thread.
  if (file.in_one_thread && has_text(file)) return refuse_open_quote(file, cancelled);
  VIGIE_TRY(const store::ResultSet torn,
            engine.query(fmt::format("SELECT line, csv_line FROM {} WHERE error_type IN ('UNQUOTED VALUE', 'LINE SIZE "
                                     "OVER MAXIMUM') ORDER BY line DESC LIMIT 1",
                                     rejects)));
  if (torn.rows() == 0) return {};
  if (has_text(file)) return refuse_open_quote(file, cancelled);
  QuoteScan scan(file.delimiter, file.input->quote, 0, file.piece);
  scan.read(torn.is_null(0, 1) ? "" : torn.text(0, 1));
  if (const auto open = scan.open_quote()) return refused(file, in_row(file, torn.int64(0, 0), open->too_long));
  return {};
}

}  // namespace vigie::ingest
