#include "ingest/encoding.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/encodings.h"
#include "base/utf8.h"
#include "store/full_disk.h"

namespace vigie::ingest {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// A file of its own in the system's temporary folder. One that cannot be written to its end goes away.
class TemporaryCopy {
 public:
  /// Errors: file.unreadable.
  static Result<TemporaryCopy> make(const std::filesystem::path& of) {
    std::string pattern = (std::filesystem::temp_directory_path() / "vigie-utf8-XXXXXX.csv").string();
    const int descriptor = mkstemps(pattern.data(), 4);
    TemporaryCopy out(of, pattern, descriptor < 0 ? nullptr : fdopen(descriptor, "wb"));
    if (out.out_ == nullptr)
      return fail(ErrorKind::unavailable, "file.unreadable",
                  fmt::format("no temporary file can be made in {}", std::filesystem::temp_directory_path().string()));
    return out;
  }

  Result<> write(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), out_.get()) == text.size() && std::fflush(out_.get()) == 0) return {};
    const char* why = std::strerror(errno);
    drop();
    const std::string what =
        fmt::format("the copy of {} in UTF-8 cannot be written to {}: {}", of_.string(), path_, why);
    if (auto full = store::no_room(why, what, std::filesystem::temp_directory_path().string()))
      return std::unexpected(*std::move(full));
    return fail(ErrorKind::unavailable, "file.unreadable", what);
  }
  void drop() const { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  TemporaryCopy(std::filesystem::path of, std::string path, std::FILE* out)
      : of_(std::move(of)), path_(std::move(path)), out_(out) {}
  std::filesystem::path of_;
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> out_;
};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The word of a line that goes beyond ASCII first.
std::string word_beyond_ascii(const std::filesystem::path& file, std::int64_t line) {
  std::ifstream in(file, std::ios::binary);
  std::string text;
  for (std::int64_t i = 0; i < line; ++i) std::getline(in, text);
  const auto in_word = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; };
  const auto first = std::ranges::find_if(text, [](unsigned char c) { return c >= 0x80; });
  const auto begin = std::find_if_not(std::reverse_iterator(first), text.rend(), in_word).base();
  const auto end = std::find_if_not(first, text.end(), in_word);
  constexpr std::ptrdiff_t kLongest = 60;  // bytes; what has no blanks for so long is no word
  return end - begin > kLongest ? std::string() : std::string(begin, end);
}

std::unexpected<Error> is_utf8_already(const std::filesystem::path& file, bool marked, std::int64_t line) {
  std::string found = "it begins with the byte order mark of UTF-8";
  if (!marked) {
    const std::string word = word_beyond_ascii(file, line);
    found = word.empty() ? fmt::format("see line {}", line)
                         : fmt::format("line {} holds \"{}\", which would be read as \"{}\"", line, word,
                                       utf8_of_windows1252(word));
  }
  return fail(ErrorKind::data, "csv.encoding",
              fmt::format("{} is in UTF-8, not in the encoding that the map says: {}", file.string(), found), {},
              "say encoding: utf-8 for it, or leave it out");
}

/// Counts the lines with letters beyond ASCII that are whole in UTF-8.
class LinesInUtf8 {
 public:
  void read(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = bytes.find('\n', at);
      watch_.read(bytes.substr(at, end - at));
      if (end == std::string_view::npos) return;
      end_line();
      at = end + 1;
    }
  }
  void end_line() {
    if (watch_.is_valid() && watch_.first_line_beyond_ascii() > 0 && count_++ == 0) first_ = line_;
    watch_ = {};
    ++line_;
  }
  std::int64_t count() const { return count_; }
  std::int64_t first() const { return first_; }

 private:
  Utf8Watch watch_;
  std::int64_t line_ = 1, count_ = 0, first_ = 0;
};

}  // namespace

Result<Utf8Copy> utf8_copy(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()));
  VIGIE_TRY(TemporaryCopy out, TemporaryCopy::make(file));
  Utf8Watch watch;
  LinesInUtf8 lines;
  bool marked = false, first = true;
  std::vector<char> block(1 << 20);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
    const std::string_view bytes(block.data(), static_cast<std::size_t>(in.gcount()));
    if (std::exchange(first, false)) marked = bytes.starts_with(kByteOrderMark);
    watch.read(bytes);
    lines.read(bytes);
    const std::string text = utf8_of_windows1252(bytes);
    VIGIE_CHECK(out.write(text));
  }
  if (in.bad()) {
    out.drop();
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()));
  }
  if (marked || (watch.is_valid() && watch.first_line_beyond_ascii() > 0)) {
    out.drop();
    return is_utf8_already(file, marked, watch.first_line_beyond_ascii());
  }
  lines.end_line();
  Utf8Copy copy{out.path(), lines.count(), lines.first(), {}};
  if (copy.first_line > 0) copy.read_as = utf8_of_windows1252(word_beyond_ascii(file, copy.first_line));
  return copy;
}

Result<std::filesystem::path> utf8_copy_of_utf16(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  VIGIE_TRY(TemporaryCopy out, TemporaryCopy::make(file));
  Utf16Reader reader;
  std::vector<char> block(1 << 20);
  in.ignore(2);  // the mark
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
    VIGIE_CHECK(out.write(reader.read({block.data(), static_cast<std::size_t>(in.gcount())})));
  VIGIE_CHECK(out.write(reader.end()));
  if (in.bad()) {
    out.drop();
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()));
  }
  return std::filesystem::path(out.path());
}

}  // namespace vigie::ingest
