#pragma once
#include "ingest/job.h"

namespace vigie::ingest {

/// Reads a text of separated values piece by piece, and finds the quote that opens a value and does not end: at the end
/// of the text, or within the longest record that is taken.
///
///   QuoteScan scan(",", "\"", 0, file.piece);
///   while (…) scan.read(piece);
///   if (const auto open = scan.open_quote()) …   open->line: the line in which it opens
class QuoteScan {
 public:
  struct Open {
    std::int64_t line;  ///< from 1
    bool too_long;      ///< it may end somewhere, further off than a record may be long
  };

  /// The first `skip` lines are no records; a record has `longest` bytes at the most (SourceFile::piece).
  QuoteScan(std::string delimiter, std::string_view quote, int skip, std::int64_t longest)
      : delimiter_(std::move(delimiter)), quote_(quote.empty() ? '\0' : quote[0]), longest_(longest), skip_(skip) {}

  void read(std::string_view piece);
  /// Of all that was read.
  std::optional<Open> open_quote() const;

 private:
  /// Where in a record the next character stands.
  enum class Place {
    begin,         ///< of a value
    behind_blank,  ///< one blank behind its beginning, where the engine opens a value too; behind two it does not
    plain,         ///< in a value without quotes
    quoted,        ///< in one with quotes
    after_quote,   ///< behind a quote inside it: its end, or the first of two that stand for one
    torn,          ///< behind a value that goes on after its quotes: the rest of the line means nothing
  };
  void read(char c);
  void read_unquoted(char c);

  std::string delimiter_;
  char quote_;
  std::int64_t longest_, skip_, line_ = 1, opened_ = 0, length_ = 0;
  Place place_ = Place::begin;
  std::string tail_;  ///< what may become a delimiter
  std::optional<Open> too_long_;
};

/// A quote that opens and does not end takes the rows after it into one record: what is read of such a file is no
/// longer what it holds, so that it is refused whole (csv.open_quote, with the line). Looks only where the reader has
/// refused records on account of quotes or length (the table `rejects` of `engine`), or never does (in one thread), and
/// there at the file itself, from its beginning; what only the engine can unpack is looked at as far as the reader has
/// cut it out. Other errors: file.unreadable, engine.cancelled.
Result<> refuse_open_quote(store::Connection& engine, const SourceFile& file, std::string_view rejects,
                           const std::atomic<bool>* cancelled);

/// The same, whatever the reader said of it.
Result<> refuse_open_quote(const SourceFile& file, const std::atomic<bool>* cancelled);

}  // namespace vigie::ingest
