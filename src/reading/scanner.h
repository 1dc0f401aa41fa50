#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reading/dialect.h"

namespace vigie::reading {

/// What is wrong with the quotes of a record.
enum class Fault : std::uint8_t {
  none,
  text_after_quote,  ///< a quoted field goes on after its closing quote
  open_quote,        ///< a quote is opened and never closed
  quote_within,      ///< several fields hold quotes that do not begin them: a delimiter between is lost
};

/// A field of a record, without its quotes.
struct Field {
  std::uint32_t begin = 0, size = 0;
  bool quoted = false, escaped = false;  ///< escaped: quotes within are written in another way than they are
};

/// One record of a text, as long as the scanner that made it stands there.
struct Record {
  std::int64_t line = 0;  ///< where it begins
  std::string_view text;  ///< without what ends it
  std::vector<Field> fields;
  Fault fault = Fault::none;
  bool stray_quote = false;      ///< a field holds a quote that is a letter
  std::int64_t line_breaks = 0;  ///< within it

  std::string_view raw(std::size_t i) const { return text.substr(fields[i].begin, fields[i].size); }
};

/// What a field says: its raw text, with the quotes within as they are meant.
std::string value_of(std::string_view raw, const Field& field, const Dialect& dialect);
bool is_blank(const Record& record);
bool ends_line(char c, const Dialect& dialect);

/// Takes a text apart into records, strictly by a dialect: a quoted field ends at a quote before a delimiter or the end
/// of a line. Holds no more of the text than the record and the block it stands in.
class Scanner {
 public:
  /// More of the text, appended; false at its end.
  using More = std::function<Result<bool>(std::string&)>;

  Scanner(const Dialect& dialect, More more);
  /// Of a text that is all there.
  Scanner(const Dialect& dialect, std::string_view text);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  /// The next record; false at the end. The record before is gone then. A quote that is not closed within 8 MB is a
  /// fault, and no more is held for it. Errors: those of More, csv.line_too_long.
  Result<bool> next(Record& record);
  /// Goes back to the line after the one in which the last record began: its quote was none.
  void return_to_second_line(const Record& last);
  /// Passes over whole lines, without a look at their quotes. Errors: those of More.
  Result<> skip_lines(std::int64_t lines);
  /// Whether the last record stands at the end of the text without an end of line.
  bool ended_without_line_end() const { return at_ == text_.size() && !last_had_end_; }
  std::int64_t line() const { return line_; }

 private:
  bool scan(Record& record);
  bool scan_plain(Record& record);
  bool quoted_field(Record& record, std::size_t& at);
  std::size_t unquoted_end(std::size_t at) const;
  bool closes(std::size_t after) const;
  bool is_delimiter(std::size_t at) const;
  Result<bool> refill();
  void look_for_lost_quotes(Record& record) const;

  Dialect dialect_;
  More more_;
  std::string buffer_;
  std::string_view text_;
  std::size_t at_ = 0, begin_ = 0;
  std::int64_t line_ = 1;
  bool complete_ = false, last_had_end_ = true;
  bool plain_ = false;  ///< no field of the last record holds a quote that does not begin it
  char end_ = '\n';
};

}  // namespace vigie::reading
