#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::ingest {

struct SourceFile;

/// Reads a text of separated values piece by piece, and tells whether a line break may stand inside a quoted value. In
/// doubt it may: behind blanks, in a line that is skipped, and wherever a quote stands if the delimiter has more
/// letters than one, or is a blank.
class QuotedBreaks {
 public:
  QuotedBreaks(std::string_view delimiter, std::string_view quote)
      : delimiter_(delimiter.size() == 1 && delimiter != " " ? delimiter.front() : '\0'),
        quote_(quote.empty() ? '\0' : quote.front()) {}

  /// The answer for all that was read so far; once yes, it stays so.
  bool read(std::string_view piece);

 private:
  /// Where the next character stands.
  enum class Place { plain, quoted, after_quote };
  bool opens(std::string_view before) const;
  void keep_last(std::string_view read);

  char delimiter_;  ///< 0: not looked for
  char quote_;
  char last_ = '\n';  ///< of what was read, blanks apart
  Place place_ = Place::plain;
  bool found_ = false;
};

/// Whether one thread has to read a file of separated values from its beginning. The engine hands pieces of it to
/// several; one that begins within a quoted value takes the next line for a record where it looks like one, and so
/// rows come out that the file does not hold. Of a file whose text only the engine has nobody knows (told in the docs).
///
/// Errors: file.unreadable.
Result<bool> is_read_in_one_thread(const SourceFile& file);

}  // namespace vigie::ingest
