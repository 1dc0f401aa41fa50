#include "reading/scanner.h"

#include <algorithm>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "reading/refuse.h"

namespace vigie::reading {
namespace {

/// A field longer than this was opened by a quote that is none.
constexpr std::size_t kLongestField = 8U << 20;
/// What is longer is no line of a table; and a field's place is kept in 32 bits.
constexpr std::size_t kLongestLine = 16U << 20;

/// The first of two letters, or the end.
const char* first_of(const char* at, const char* end, char one, char two) {
#ifdef __SSE2__
  const __m128i a = _mm_set1_epi8(one), b = _mm_set1_epi8(two);
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const int found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, a), _mm_cmpeq_epi8(block, b)));
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
  }
#endif
  while (at != end && *at != one && *at != two) ++at;
  return at;
}

}  // namespace

std::string value_of(std::string_view raw, const Field& field, const Dialect& dialect) {
  if (!field.escaped) return std::string(raw);
  const bool doubled = dialect.escape == Escape::doubled || dialect.escape == Escape::both;
  const bool backslash = dialect.escape == Escape::backslash || dialect.escape == Escape::both;
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool pair = i + 1 < raw.size();
    if (backslash && pair && raw[i] == '\\' && (raw[i + 1] == dialect.quote || raw[i + 1] == '\\')) ++i;
    else if (doubled && pair && raw[i] == dialect.quote && raw[i + 1] == dialect.quote) ++i;
    out += raw[i];
  }
  return out;
}

bool is_blank(const Record& record) {
  for (std::size_t i = 0; i < record.fields.size(); ++i)
    if (record.fields[i].size > 0 && !is_blank(record.raw(i))) return false;
  return true;
}

bool ends_line(char c, const Dialect& dialect) { return c == (dialect.ends == Ends::line_feed ? '\n' : '\r'); }

Scanner::Scanner(const Dialect& dialect, More more)
    : dialect_(dialect), more_(std::move(more)), end_(dialect.ends == Ends::line_feed ? '\n' : '\r') {}

Scanner::Scanner(const Dialect& dialect, std::string_view text)
    : dialect_(dialect), text_(text), complete_(true), end_(dialect.ends == Ends::line_feed ? '\n' : '\r') {}

Result<bool> Scanner::refill() {
  if (complete_) return false;
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    at_ -= begin_;
    begin_ = 0;
  }
  VIGIE_TRY(const bool more, more_(buffer_));
  text_ = buffer_;
  if (!more) complete_ = true;
  return true;
}

Result<bool> Scanner::next(Record& record) {
  begin_ = at_;
  while (true) {
    if (at_ == text_.size() && complete_) return false;
    if (scan_plain(record)) {
      plain_ = true;
      break;
    }
    if (at_ < text_.size() && scan(record)) break;
    at_ = begin_;
    if (text_.size() - begin_ > kLongestLine)
      return refuse(line_, "csv.line_too_long",
                    fmt::format("a record begins here that has not ended after {} MB", kLongestLine >> 20),
                    "is it a table at all? its lines may end in another way, or its quotes not pair");
    VIGIE_TRY(const bool more, refill());
    if (!more && at_ == text_.size()) return false;
  }
  if (!plain_ && dialect_.quote != 0 && record.fault == Fault::none) look_for_lost_quotes(record);
  return true;
}

bool Scanner::is_delimiter(std::size_t at) const {
  const std::string& delimiter = dialect_.delimiter;
  if (delimiter.empty() || at >= text_.size() || text_[at] != delimiter.front()) return false;
  return delimiter.size() == 1 || text_.substr(at, delimiter.size()) == delimiter;
}

/// Whether a field may end here, after its quote.
bool Scanner::closes(std::size_t after) const {
  if (after >= text_.size() || text_[after] == end_ || is_delimiter(after)) return true;
  return end_ == '\n' && text_[after] == '\r' && (after + 1 >= text_.size() || text_[after + 1] == '\n');
}

std::size_t Scanner::unquoted_end(std::size_t at) const {
  const char* const data = text_.data();
  const char* const end = data + text_.size();
  if (dialect_.delimiter.empty()) {
    const void* found = std::memchr(data + at, end_, text_.size() - at);
    return found == nullptr ? text_.size() : static_cast<std::size_t>(static_cast<const char*>(found) - data);
  }
  const char first = dialect_.delimiter.front();
  for (const char* p = data + at;; ++p) {
    p = first_of(p, end, first, end_);
    const auto place = static_cast<std::size_t>(p - data);
    if (p == end || *p == end_ || is_delimiter(place)) return place;
  }
}

/// The common case, in one go: one letter separates, and no quote stands in the line. False where that is not so, or
/// the block ends within the next letters.
bool Scanner::scan_plain(Record& record) {
#ifdef __SSE2__
  if (dialect_.delimiter.size() != 1 || dialect_.blanks_after_delimiter) return false;
  constexpr std::size_t kStep = 32;
  const char* const data = text_.data();
  const char delimiter = dialect_.delimiter.front();
  const __m128i delimiters = _mm_set1_epi8(delimiter), ends = _mm_set1_epi8(end_),
                quotes = _mm_set1_epi8(dialect_.quote != 0 ? dialect_.quote : delimiter);
  const auto found_in = [&](const char* at) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(block, delimiters), _mm_cmpeq_epi8(block, ends)), _mm_cmpeq_epi8(block, quotes))));
  };
  record.fields.clear();
  std::size_t start = at_;
  for (std::size_t at = at_; at + kStep <= text_.size(); at += kStep) {
    for (unsigned found = found_in(data + at) | found_in(data + at + 16) << 16; found != 0; found &= found - 1) {
      const std::size_t place = at + static_cast<std::size_t>(__builtin_ctz(found));
      const char letter = data[place];
      if (letter != delimiter && letter != end_) return false;
      record.fields.push_back({static_cast<std::uint32_t>(start - at_), static_cast<std::uint32_t>(place - start)});
      start = place + 1;
      if (letter == delimiter) continue;
      std::size_t size = place - at_;
      if (Field& last = record.fields.back(); end_ == '\n' && last.size > 0 && data[place - 1] == '\r') {
        --last.size;
        --size;
      }
      record.text = text_.substr(at_, size);
      record.line = line_++;
      record.line_breaks = 0;
      record.fault = Fault::none;
      record.stray_quote = false;
      last_had_end_ = true;
      at_ = place + 1;
      return true;
    }
  }
#else
  (void)record;
#endif
  return false;
}

/// One record from at_; false where the text that is there may not hold all of it.
bool Scanner::scan(Record& record) {
  record.fields.clear();
  record.fault = Fault::none;
  record.stray_quote = false;
  record.line = line_;
  record.line_breaks = 0;
  const std::size_t begin = at_;
  const std::size_t step = dialect_.delimiter.size();
  bool stray = false, given_up = false;
  std::size_t at = at_;
  while (true) {
    std::size_t start = at;
    if (dialect_.blanks_after_delimiter)
      while (start < text_.size() && text_[start] == ' ' && !is_delimiter(start)) ++start;
    if (dialect_.quote != 0 && start < text_.size() && text_[start] == dialect_.quote) {
      at = start;
      const std::size_t first = record.fields.size();
      if (!quoted_field(record, at)) return false;
      record.fields[first].begin -= static_cast<std::uint32_t>(begin);
    } else {
      at = unquoted_end(start);
      if (dialect_.quote != 0 && !stray && std::memchr(text_.data() + start, dialect_.quote, at - start) != nullptr)
        stray = true;
      record.fields.push_back({static_cast<std::uint32_t>(start - begin), static_cast<std::uint32_t>(at - start)});
    }
    given_up = record.fault == Fault::open_quote;
    if (at + step > text_.size() && !complete_ && !given_up) return false;
    if (!is_delimiter(at)) break;
    at += step;
  }
  if (at == text_.size() && !complete_ && !given_up) return false;
  std::size_t size = at - begin;
  Field& last = record.fields.back();
  if (end_ == '\n' && !last.quoted && last.size > 0 && text_[at - 1] == '\r') {
    --last.size;
    --size;
  } else if (end_ == '\n' && last.quoted && at < text_.size() && text_[at] == '\r') {
    ++at;  // a quoted field ends before it
  }
  record.text = text_.substr(begin, size);
  // What ends lines stands only within quoted fields here.
  if (record.text.contains(end_)) record.line_breaks = std::ranges::count(record.text, end_);
  plain_ = !stray;
  last_had_end_ = at < text_.size();
  at_ = last_had_end_ ? at + 1 : at;
  line_ += record.line_breaks + (last_had_end_ ? 1 : 0);
  return true;
}

/// A field from its opening quote on; `at` moves to what ends it. False where more text is needed.
bool Scanner::quoted_field(Record& record, std::size_t& at) {
  const char quote = dialect_.quote;
  const bool doubled = dialect_.escape == Escape::doubled || dialect_.escape == Escape::both;
  const bool backslash = dialect_.escape == Escape::backslash || dialect_.escape == Escape::both;
  Field field{static_cast<std::uint32_t>(at + 1), 0, true, false};
  const std::size_t opened = at + 1;
  std::size_t from = opened;
  bool alone = false;
  const auto finish = [&](std::size_t size_end, std::size_t stop) {
    field.size = static_cast<std::uint32_t>(size_end - opened);
    record.fields.push_back(field);
    at = stop;
    return true;
  };
  while (true) {
    const std::size_t close = text_.find(quote, from);
    if (close == std::string_view::npos) {
      if (!complete_ && text_.size() - at_ < kLongestField) return false;
      record.fault = Fault::open_quote;
      return finish(text_.size(), text_.size());
    }
    if (close + 1 + dialect_.delimiter.size() + 1 > text_.size() && !complete_) return false;
    if (backslash && close > opened && text_[close - 1] == '\\') {
      std::size_t first = close;
      while (first > opened && text_[first - 1] == '\\') --first;
      field.escaped = true;
      if ((close - first) % 2 != 0) {
        from = close + 1;
        continue;
      }
    }
    if (doubled && close + 1 < text_.size() && text_[close + 1] == quote) {
      field.escaped = true;
      from = close + 2;
      continue;
    }
    std::size_t after = close + 1;
    if (dialect_.blanks_after_delimiter)
      while (after < text_.size() && text_[after] == ' ' && !is_delimiter(after)) ++after;
    if (closes(after)) {
      // Quotes that are letters, and a line's end: it is rather the next row that the last one closes.
      record.stray_quote |= alone;
      if (alone && text_.substr(opened, close - opened).contains(end_)) record.fault = Fault::text_after_quote;
      return finish(close, after);
    }
    if (dialect_.escape == Escape::none) {
      alone = true;
      from = close + 1;
      continue;
    }
    record.fault = Fault::text_after_quote;
    const std::size_t stop = unquoted_end(after);
    if (stop == text_.size() && !complete_) return false;
    return finish(stop, stop);
  }
}

/// x"a, b" with the delimiter before the quote lost reads as two fields with one quote each.
void Scanner::look_for_lost_quotes(Record& record) const {
  if (dialect_.quote != '"' || record.text.find('"') == std::string_view::npos) return;
  std::int64_t odd = 0, with = 0;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const std::int64_t quotes = std::ranges::count(record.raw(i), '"');
    if (quotes == 0) continue;
    ++with;
    if (!record.fields[i].quoted && quotes % 2 != 0) ++odd;
  }
  record.stray_quote |= odd > 0;
  if (odd > 0 && with > 1) record.fault = Fault::quote_within;
}

void Scanner::return_to_second_line(const Record& last) {
  const std::size_t end = text_.find(end_, begin_);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
  last_had_end_ = end != std::string_view::npos;
  line_ = last.line + (last_had_end_ ? 1 : 0);
}

Result<> Scanner::skip_lines(std::int64_t lines) {
  while (lines > 0) {
    const std::size_t end = text_.find(end_, at_);
    if (end != std::string_view::npos) {
      at_ = end + 1;
      ++line_;
      --lines;
      continue;
    }
    at_ = begin_ = text_.size();
    VIGIE_TRY(const bool more, refill());
    if (!more) return {};
  }
  return {};
}

}  // namespace vigie::reading
