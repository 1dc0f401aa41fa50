#include <algorithm>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "reading/letters.h"
#include "reading/source.h"

namespace vigie::reading {
namespace {

std::unexpected<Error> at_line(const std::filesystem::path& file, std::int64_t line, std::string code,
                               std::string message, std::string hint) {
  return fail(ErrorKind::data, std::move(code), std::move(message), {file.string(), static_cast<int>(line), 0},
              std::move(hint));
}

/// How many bytes from the first on are ASCII, as far as that is quick to see.
std::size_t ascii_run(std::string_view text) {
  std::size_t out = 0;
#ifdef __SSE2__
  for (; out + 16 <= text.size(); out += 16) {
    const int high = _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + out)));
    if (high != 0) return out + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(high)));
  }
#endif
  return out;
}

/// Reads all bytes of a file and says what letters they are.
class EncodingWatch {
 public:
  void read(std::string_view bytes) {
    if (total_ == 0) head_ = bytes.substr(0, 4);
    const bool odd_start = total_ % 2 != 0;
    returns_ += times_in(bytes, '\r');
    total_ += bytes.size();
    if (std::memchr(bytes.data(), 0, bytes.size()) != nullptr) {
      for (std::size_t i = 0; i < bytes.size(); ++i)
        if (bytes[i] == 0) {
          if (first_zero_line_ == 0) first_zero_line_ = line_ + std::ranges::count(bytes.substr(0, i), '\n');
          (((i % 2 != 0) != odd_start) ? odd_zeros_ : even_zeros_)++;
        }
    }
    if (!any_letter_ && bytes.find_first_not_of(" \t\r\n") != std::string_view::npos) any_letter_ = true;
    if (pending_ == 0 && all_ascii(bytes)) {
      line_ += line_feeds_in(bytes);
      if (!bytes.empty()) before_ = static_cast<unsigned char>(bytes.back());
      high_run_ = 0, last_four_ = 0;
      return;
    }
    while (!bytes.empty()) {
      const std::size_t plain = pending_ == 0 && !sign_ && before_ < 0x80 ? ascii_run(bytes) : 0;
      if (plain > 0) {
        line_ += line_feeds_in(bytes.substr(0, plain));
        before_ = static_cast<unsigned char>(bytes[plain - 1]);
        last_four_ = 0;
        bytes.remove_prefix(plain);
      } else {
        letter(static_cast<unsigned char>(bytes.front()));
        bytes.remove_prefix(1);
      }
    }
  }

  std::string_view head() const { return head_; }
  bool blank() const { return !any_letter_; }
  bool mixed_ends() const { return returns_ > 0 && line_ > 1 && returns_ != line_ - 1; }
  std::size_t total() const { return total_; }
  std::size_t zeros_at_odd() const { return odd_zeros_; }
  std::size_t zeros_at_even() const { return even_zeros_; }
  std::int64_t first_zero_line() const { return first_zero_line_; }
  std::int64_t first_bad_line() const { return pending_ > 0 && bad_line_ == 0 ? line_ : bad_line_; }
  std::int64_t first_letter_line() const { return letter_line_; }
  std::int64_t first_odd_line() const { return odd_line_; }
  bool has_holes() const { return holes_; }
  std::int64_t first_dos_line() const { return dos_line_; }
  std::int64_t first_twice_line() const { return twice_line_; }

 private:
  void letter(unsigned char byte) {
    if (byte >= 0x80) {
      if (byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D) holes_ = true;
      // In windows-1252 these are low quotes, daggers, ƒ, ˆ, ‰, ‹, ”, •, ™, the capitals Š, Œ, Ž, Ÿ, or nothing: none
      // stands between two small letters of a word, where the code pages of DOS have é, â, ä, å, ç, ê, ë, ï and è, and
      // the Macintosh é, è, ê, ç, ä, å, ï, ô, î and ü.
      constexpr std::string_view kNoWord =
          "\x82\x83\x84\x86\x87\x88\x89\x8A\x8B\x8C\x8D\x8E\x8F\x90\x94\x95\x99\x9D\x9F";
      const bool sign = kNoWord.contains(static_cast<char>(byte));
      sign_ = sign && small(before_);
    } else {
      if (sign_ && small(byte) && dos_line_ == 0) dos_line_ = line_;
      sign_ = false;
    }
    odd_letter(byte);
    read_twice(byte);
    utf8(byte);
    if (byte == '\n') ++line_;
    before_ = byte;
  }
  /// What other code pages of Windows have letters for, windows-1252 has signs for: £ódź, Ìîñêâà.
  void odd_letter(unsigned char byte) {
    const auto is_letter = [](unsigned char c) { return small(c) || (c >= 0xC0 && c != 0xD7 && c != 0xF7); };
    const bool sign_of_word = before_ == 0xA3 || before_ == 0xA5 || before_ == 0xAF || before_ == 0xB3 ||
                              before_ == 0xB9 || before_ == 0xBC || before_ == 0xBE;
    high_run_ = byte >= 0x80 ? high_run_ + 1 : 0;
    constexpr int kNoWord = 5;  // letters with accents after each other
    const bool odd = (sign_of_word && is_letter(byte)) || high_run_ == kNoWord;
    if (odd && odd_line_ == 0) odd_line_ = line_;
  }
  /// UTF-8 that was read as windows-1252 and written as UTF-8 again: Ã©, Â°, â€™.
  void read_twice(unsigned char byte) {
    last_four_ = (last_four_ << 8U) | byte;
    const std::uint32_t three = last_four_ & 0xFFFFFFU;
    const bool begins = three == 0xC383C2U || three == 0xC382C2U || last_four_ == 0xC3A2E282U;
    if (begins && twice_line_ == 0) twice_line_ = line_;
  }
  static bool small(unsigned char byte) { return byte >= 'a' && byte <= 'z'; }

  void utf8(unsigned char byte) {
    if (pending_ > 0) {
      if (byte >= least_ && byte <= most_) {
        least_ = 0x80, most_ = 0xBF;
        if (--pending_ == 0 && letter_line_ == 0) letter_line_ = line_;
        return;
      }
      bad();
      pending_ = 0;
    }
    if (byte < 0x80) return;
    least_ = 0x80, most_ = 0xBF;
    if (byte >= 0xC2 && byte <= 0xDF) pending_ = 1;
    else if (byte >= 0xE0 && byte <= 0xEF) pending_ = 2;
    else if (byte >= 0xF0 && byte <= 0xF4) pending_ = 3;
    else bad();
    if (byte == 0xE0) least_ = 0xA0;
    if (byte == 0xED) most_ = 0x9F;
    if (byte == 0xF0) least_ = 0x90;
    if (byte == 0xF4) most_ = 0x8F;
  }
  void bad() {
    if (bad_line_ == 0) bad_line_ = line_;
  }

  std::string head_;
  std::size_t total_ = 0, odd_zeros_ = 0, even_zeros_ = 0;
  std::int64_t returns_ = 0;
  std::int64_t line_ = 1, first_zero_line_ = 0, bad_line_ = 0, letter_line_ = 0, dos_line_ = 0, odd_line_ = 0,
               twice_line_ = 0;
  std::uint32_t last_four_ = 0;
  int pending_ = 0, high_run_ = 0;
  unsigned char least_ = 0x80, most_ = 0xBF, before_ = 0;
  bool holes_ = false, any_letter_ = false, sign_ = false;
};

Result<Examined> judged(const std::filesystem::path& file, const EncodingWatch& watch, std::optional<Encoding> wanted) {
  using namespace std::string_view_literals;
  Examined out;
  out.empty = watch.blank();
  out.mixed_ends = watch.mixed_ends();
  if (watch.head().starts_with("\xFF\xFE\0\0"sv) || watch.head().starts_with("\0\0\xFE\xFF"sv))
    return at_line(file, 1, "csv.encoding", "the file is in UTF-32, which is not read",
                   "export the file again as UTF-8");
  if (watch.head().starts_with("\xFF\xFE"sv))
    return Examined{Encoding::utf16_le, watch.total() <= 2, "its mark", watch.mixed_ends()};
  if (watch.head().starts_with("\xFE\xFF"sv))
    return Examined{Encoding::utf16_be, watch.total() <= 2, "its mark", watch.mixed_ends()};
  const std::size_t zeros = watch.zeros_at_even() + watch.zeros_at_odd(), half = watch.total() / 2;
  if (zeros > 0 && !(wanted && *wanted != Encoding::utf8)) {
    if (watch.zeros_at_odd() * 5 > half * 3 && watch.zeros_at_even() * 20 < half)
      return Examined{Encoding::utf16_le, false, "every other byte is 0", watch.mixed_ends()};
    if (watch.zeros_at_even() * 5 > half * 3 && watch.zeros_at_odd() * 20 < half)
      return Examined{Encoding::utf16_be, false, "every other byte is 0", watch.mixed_ends()};
    return at_line(file, watch.first_zero_line(), "csv.encoding", "a byte 0 stands here, which no text has",
                   "export the file again as text");
  }
  if (wanted) {
    out.encoding = *wanted;
    out.reason = "it was said";
    if (*wanted == Encoding::utf8 && watch.first_bad_line() > 0)
      return at_line(file, watch.first_bad_line(), "csv.encoding", "bytes that are no text in UTF-8",
                     "say encoding: windows-1252, or export the file again as UTF-8");
    const bool one_byte = *wanted == Encoding::windows1252 || *wanted == Encoding::latin1;
    if (one_byte && watch.first_bad_line() == 0 && watch.first_letter_line() > 0)
      return at_line(file, watch.first_letter_line(), "csv.encoding",
                     "the letters beyond ASCII are whole in UTF-8, from here to the end: the file is not in the "
                     "encoding that was said",
                     "say encoding: utf-8");
    return out;
  }
  if (watch.first_bad_line() == 0) {
    out.read_twice_line = watch.first_twice_line();
    out.reason = watch.first_letter_line() > 0 ? "every letter beyond ASCII is whole in UTF-8" : "all of it is ASCII";
    return out;
  }
  if (watch.first_letter_line() > 0)
    return at_line(
        file, watch.first_bad_line(), "csv.encoding",
        fmt::format("bytes that are no text in UTF-8, while line {} has letters in UTF-8", watch.first_letter_line()),
        "the file was put together from two: export it again in one encoding, or say which one is meant");
  if (watch.first_dos_line() > 0)
    return at_line(file, watch.first_dos_line(), "csv.encoding",
                   "letters of a code page of DOS, or of a Macintosh, stand in a word here",
                   "export the file again as UTF-8");
  out.odd_letters_line = watch.first_odd_line();
  out.encoding = watch.has_holes() ? Encoding::latin1 : Encoding::windows1252;
  out.reason = fmt::format("line {} is no text in UTF-8", watch.first_bad_line());
  return out;
}

}  // namespace

Result<Examined> examine(const std::filesystem::path& file, std::optional<Encoding> wanted) {
  VIGIE_TRY(Bytes bytes, Bytes::open(file));
  EncodingWatch watch;
  std::string block;
  while (true) {
    block.clear();
    VIGIE_TRY(const bool more, bytes.read(block));
    if (!more) break;
    watch.read(block);
  }
  return judged(file, watch, wanted);
}

}  // namespace vigie::reading
