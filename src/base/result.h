#pragma once
// base/ — the ground everything else stands on: errors as values, exact decimals, days and instants, text, hashing,
// strict YAML, a JSON writer. Nothing here knows a word of commerce, reads a clock in the middle of a computation or
// touches a database.
//
//   result.h       Error and Result<T>: what every function that can fail returns
//   decimal.h      Decimal: money and quantities, exact, overflow-checked; thousands.h: digits with marks between them
//   time.h         Date (days) and Instant (µs UTC): two types, never mixed; floor.h: division that rounds down
//   text.h         folding, trimming, the nearest known name for a misspelt one; utf8.h: is it text at all?
//                  encodings.h: windows-1252 and UTF-16 as UTF-8
//   hash.h         the 64-bit key hash, the content hash of files; file.h: all of a file; file_digests.h: of several;
//                  packed.h: is a packed file whole?
//   yaml.h         YAML with positions, no duplicate keys, no unknown ones; yaml_folder.h: the files of a folder
//   secret.h       passwords and keys, found in the environment or in a file of their own
//   json_writer.h  streaming JSON; bilingual.h: what people are told, in both languages
//   clock.h        "now", passed in, so that tests stand still; test_folder.h: where tests put their files
//   threads.h      work that waits for its asker where no thread is to be had
#include <expected>
#include <string>
#include <utility>

namespace vigie {

/// Who has to act on an error; also the exit code of the command line.
enum class ErrorKind {
  check_failed = 1,  ///< the question was answered, and the answer is "no"
  usage = 2,         ///< a bad argument, definition, map, filter or name
  data = 3,          ///< data that cannot be taken as it is
  unavailable = 4,   ///< a file, lock, server or engine that is not there
  internal = 5,      ///< our own mistake
};

/// A place in a text a person wrote. Lines and columns count from 1; 0 means "not known".
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;
  bool known() const { return line > 0 || !file.empty(); }
};

/// What went wrong, for a person: a stable code for programs, one sentence with what was found and what was expected,
/// the place, and what to do about it.
struct Error {
  std::string code;     ///< e.g. "filter.unknown_column"
  std::string message;  ///< one sentence, no trailing stop
  ErrorKind kind = ErrorKind::usage;
  SourcePosition where;
  std::string hint;  ///< what to do; may be empty

  /// "kpis/x.yaml:7:12: unknown column "amout" in orders; did you mean "amount"?"
  std::string text() const;
};

template <class T = void>
using Result = std::expected<T, Error>;

/// Builds the failing side of a Result.
std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message, SourcePosition where = {},
                            std::string hint = {});

}  // namespace vigie

#define VIGIE_CONCAT_(a, b) a##b
#define VIGIE_CONCAT(a, b) VIGIE_CONCAT_(a, b)

/// VIGIE_TRY(auto x, f()); — takes the value of a Result or returns its error from this function.
#define VIGIE_TRY(declaration, ...) VIGIE_TRY_(VIGIE_CONCAT(vigie_try_, __LINE__), declaration, __VA_ARGS__)
#define VIGIE_TRY_(temporary, declaration, ...)                         \
  auto temporary = (__VA_ARGS__);                                       \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  declaration = std::move(*temporary)

/// VIGIE_CHECK(f()); — returns the error of a Result<void> (or drops a value that is not needed).
#define VIGIE_CHECK(...)                                                                                \
  do {                                                                                                  \
    if (auto vigie_check_ = (__VA_ARGS__); !vigie_check_) return std::unexpected(vigie_check_.error()); \
  } while (false)
