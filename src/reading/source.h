#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/encodings.h"
#include "reading/byte_source.h"
#include "reading/dialect.h"
#include "reading/zip_archive.h"

namespace vigie::reading {

/// When it is the same again, nobody has written to the file. Nothing where it cannot be looked at.
std::optional<FileStamp> stamp_of(const std::filesystem::path& file);
/// Errors: file.changed.
Result<> is_still(const std::filesystem::path& file, const std::optional<FileStamp>& before);

/// The bytes of a file, unpacked where it is a gzip file, though not where that is a bomb.
class Bytes {
 public:
  /// Errors: file.unreadable.
  static Result<Bytes> open(const std::filesystem::path& file, ZipLimits limits = {});
  Bytes(Bytes&&) noexcept;
  Bytes& operator=(Bytes&&) noexcept;
  ~Bytes();

  /// Appends up to about a megabyte; false at the end. Errors: file.unreadable, csv.packed.
  Result<bool> read(std::string& into);

 private:
  struct State;
  explicit Bytes(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The same as a ByteSource: a file's bytes, unpacked where it is a gzip file. Errors: those of Bytes and open_bytes.
Result<std::unique_ptr<ByteSource>> open_unpacked(const std::filesystem::path& file);

/// What the bytes of a whole file say about its encoding.
struct Examined {
  Encoding encoding = Encoding::utf8;
  bool empty = false;  ///< no byte, or blanks only
  std::string reason;
  bool mixed_ends = false;  ///< carriage returns and line feeds, and not one of each a line
  /// The first line with letters that no word of windows-1252 has: the code page may be another one. 0: none.
  std::int64_t odd_letters_line = 0;
  /// The first line with letters that look like UTF-8 read as windows-1252 and written again: Ã© for é. 0: none.
  std::int64_t read_twice_line = 0;
};

/// Reads the whole file once. Errors: those of Bytes, csv.encoding.
Result<Examined> examine(const std::filesystem::path& file, std::optional<Encoding> wanted);

/// The text of a file in UTF-8, without its mark. Control codes that windows-1252 has punctuation for, and that
/// somebody turned into UTF-8 as if they were Latin-1, become that punctuation, and marks that nobody sees (of no
/// width, of the direction of writing) are left out: in numbers and keys they would be letters. The first line of each
/// is kept.
class Text {
 public:
  static Result<Text> open(const std::filesystem::path& file, Encoding encoding);

  /// Appends some more; false at the end. Errors: those of Bytes.
  Result<bool> read(std::string& into);
  std::int64_t mended_line() const { return mended_line_; }
  std::int64_t unseen_line() const { return unseen_line_; }

 private:
  Text(Bytes bytes, Encoding encoding);
  void append(std::string& into, std::string_view bytes);
  void append_utf8_text(std::string& into, std::string_view text);

  Bytes bytes_;
  Encoding encoding_;
  Utf16Reader utf16_;
  std::string block_, half_;  ///< half_: a letter that the block cut
  bool first_ = true, ended_ = false;
  std::int64_t line_ = 1, mended_line_ = 0, unseen_line_ = 0;
};

}  // namespace vigie::reading
