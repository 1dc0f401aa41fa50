#include "reading/source.h"

#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/utf8.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kBlock = 1 << 20;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::unexpected<Error> unreadable(const std::filesystem::path& file) {
  return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()));
}

std::unexpected<Error> at_line(const std::filesystem::path& file, std::int64_t line, std::string code,
                               std::string message, std::string hint) {
  return fail(ErrorKind::data, std::move(code), std::move(message), {file.string(), static_cast<int>(line), 0},
              std::move(hint));
}

/// Files of other kinds, by their first bytes.
Result<> is_no_other_kind(const std::filesystem::path& file, std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("PK\x03\x04"sv))
    return at_line(file, 1, "csv.packed", "the file is a zip archive or a workbook, not a text",
                   "unpack it, or save the sheet as CSV");
  if (head.starts_with("\xD0\xCF\x11\xE0"sv))
    return at_line(file, 1, "csv.packed", "the file is an old workbook (.xls), not a text", "save the sheet as CSV");
  if (head.starts_with("PAR1"sv))
    return at_line(file, 1, "csv.packed", "the file is a Parquet file, not a text", "read it as what it is");
  if (head.starts_with("\x28\xB5\x2F\xFD"sv))
    return at_line(file, 1, "csv.packed", "the file is packed with zstd", "unpack it first");
  return {};
}

std::int64_t times_in(std::string_view text, char letter) {
  std::int64_t out = 0;
#ifdef __SSE2__
  const __m128i feed = _mm_set1_epi8(letter);
  while (text.size() >= 16) {
    __m128i sums = _mm_setzero_si128();  // a byte a place: no more than 255 blocks at once
    for (int i = 0; i < 255 && text.size() >= 16; ++i, text.remove_prefix(16))
      sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data())), feed));
    const __m128i halves = _mm_sad_epu8(sums, _mm_setzero_si128());
    out += _mm_cvtsi128_si64(halves) + _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves));
  }
#endif
  return out + std::ranges::count(text, letter);
}

std::int64_t line_feeds_in(std::string_view text) { return times_in(text, '\n'); }

bool all_ascii(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t any = 0;
  for (; left >= 32; at += 32, left -= 32) {
    std::uint64_t words[4];
    std::memcpy(words, at, 32);
    any |= words[0] | words[1] | words[2] | words[3];
  }
  for (; left > 0; ++at, --left) any |= static_cast<unsigned char>(*at) & 0x80U;
  return (any & 0x8080808080808080ULL) == 0;
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
    if (!blank_seen_over_ && bytes.find_first_not_of(" \t\r\n") != std::string_view::npos) blank_seen_over_ = true;
    if (pending_ == 0 && all_ascii(bytes)) {
      line_ += line_feeds_in(bytes);
      return;
    }
    while (!bytes.empty()) {
      const std::size_t plain = pending_ == 0 && !sign_ ? ascii_run(bytes) : 0;
      if (plain > 0) {
        line_ += line_feeds_in(bytes.substr(0, plain));
        before_ = static_cast<unsigned char>(bytes[plain - 1]);
        bytes.remove_prefix(plain);
      } else {
        letter(static_cast<unsigned char>(bytes.front()));
        bytes.remove_prefix(1);
      }
    }
  }

  std::string_view head() const { return head_; }
  bool blank() const { return !blank_seen_over_; }
  bool mixed_ends() const { return returns_ > 0 && line_ > 1 && returns_ != line_ - 1; }
  std::size_t total() const { return total_; }
  std::size_t zeros_at_odd() const { return odd_zeros_; }
  std::size_t zeros_at_even() const { return even_zeros_; }
  std::int64_t first_zero_line() const { return first_zero_line_; }
  std::int64_t first_bad_line() const { return pending_ > 0 && bad_line_ == 0 ? line_ : bad_line_; }
  std::int64_t first_letter_line() const { return letter_line_; }
  bool has_holes() const { return holes_; }
  std::int64_t first_dos_line() const { return dos_line_; }

 private:
  void letter(unsigned char byte) {
    if (byte >= 0x80) {
      if (byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D) holes_ = true;
      // In windows-1252 these are low quotes, daggers, ƒ, ˆ, ‰ and ‹: none stands between two letters of a word, where
      // the code pages of DOS have é, â, ä, å, ç, ê, ë and ï.
      const bool sign = byte == 0x82 || byte == 0x83 || byte == 0x84 || byte == 0x86 || byte == 0x87 || byte == 0x88 ||
                        byte == 0x89 || byte == 0x8B;
      sign_ = sign && small(before_);
    } else {
      if (sign_ && small(byte) && dos_line_ == 0) dos_line_ = line_;
      sign_ = false;
    }
    utf8(byte);
    if (byte == '\n') ++line_;
    before_ = byte;
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
  std::int64_t line_ = 1, first_zero_line_ = 0, bad_line_ = 0, letter_line_ = 0, dos_line_ = 0;
  int pending_ = 0;
  unsigned char least_ = 0x80, most_ = 0xBF, before_ = 0;
  bool holes_ = false, blank_seen_over_ = false, sign_ = false;
};

Result<Examined> judged(const std::filesystem::path& file, const EncodingWatch& watch, std::optional<Encoding> wanted) {
  using namespace std::string_view_literals;
  Examined out;
  out.empty = watch.blank();
  out.mixed_ends = watch.mixed_ends();
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
  out.encoding = watch.has_holes() ? Encoding::latin1 : Encoding::windows1252;
  out.reason = fmt::format("line {} is no text in UTF-8", watch.first_bad_line());
  return out;
}

}  // namespace

struct Bytes::State {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, CloseFile> file;
  bool started = false, gzip = false, whole = true;
  z_stream zip{};
  std::string packed;
  ~State() {
    if (gzip) inflateEnd(&zip);
  }

  Result<std::size_t> raw(std::string& into) {
    const std::size_t before = into.size();
    into.resize_and_overwrite(before + kBlock, [&](char* data, std::size_t) {
      return before + std::fread(data + before, 1, kBlock, file.get());
    });
    if (std::ferror(file.get()) != 0) return unreadable(path);
    return into.size() - before;
  }

  Result<bool> unpack(std::string& into) {
    const std::size_t before = into.size();
    while (into.size() == before) {
      if (zip.avail_in == 0) {
        packed.clear();
        VIGIE_TRY(const std::size_t n, raw(packed));
        if (n == 0) {
          if (!whole)
            return at_line(path, 0, "csv.packed", "the gzip file is cut: its end is missing", "fetch it again");
          return false;
        }
        feed();
      }
      if (whole && inflateReset(&zip) == Z_OK) whole = false;  // another member follows
      const std::size_t had = into.size();
      int state = Z_OK;
      into.resize_and_overwrite(had + kBlock, [&](char* data, std::size_t) {
        zip.next_out = reinterpret_cast<Bytef*>(data + had);
        zip.avail_out = kBlock;
        state = inflate(&zip, Z_NO_FLUSH);
        return had + kBlock - zip.avail_out;
      });
      if (state == Z_STREAM_END) whole = true;
      else if (state != Z_OK && state != Z_BUF_ERROR)
        return at_line(path, 0, "csv.packed", "the gzip file is damaged", "fetch it again");
    }
    return true;
  }
  void feed() {
    zip.next_in = reinterpret_cast<Bytef*>(packed.data());
    zip.avail_in = static_cast<uInt>(packed.size());
  }
};

namespace {

class UnpackedBytes : public ByteSource {
 public:
  explicit UnpackedBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  Result<std::size_t> read(std::span<char> into) override {
    while (at_ == block_.size()) {
      block_.clear();
      at_ = 0;
      VIGIE_TRY(const bool more, bytes_.read(block_));
      if (!more) return 0;
    }
    const std::size_t now = std::min(into.size(), block_.size() - at_);
    std::memcpy(into.data(), block_.data() + at_, now);
    at_ += now;
    return now;
  }

 private:
  Bytes bytes_;
  std::string block_;
  std::size_t at_ = 0;
};

}  // namespace

Bytes::Bytes(std::unique_ptr<State> state) : state_(std::move(state)) {}
Bytes::Bytes(Bytes&&) noexcept = default;
Bytes& Bytes::operator=(Bytes&&) noexcept = default;
Bytes::~Bytes() = default;

Result<Bytes> Bytes::open(const std::filesystem::path& file) {
  auto state = std::make_unique<State>();
  state->path = file;
  state->file.reset(std::fopen(file.c_str(), "rb"));
  if (!state->file || std::filesystem::is_directory(file)) return unreadable(file);
  return Bytes(std::move(state));
}

Result<bool> Bytes::read(std::string& into) {
  if (state_->gzip) return state_->unpack(into);
  const std::size_t before = into.size();
  VIGIE_TRY(const std::size_t n, state_->raw(into));
  if (std::exchange(state_->started, true)) return n > 0;
  const std::string_view head = std::string_view(into).substr(before);
  VIGIE_CHECK(is_no_other_kind(state_->path, head));
  if (!head.starts_with("\x1F\x8B")) return n > 0;
  constexpr int kGzip = 15 + 16;
  if (inflateInit2(&state_->zip, kGzip) != Z_OK) return unreadable(state_->path);
  state_->gzip = true;
  state_->whole = false;
  state_->packed = head;
  into.resize(before);
  state_->feed();
  return state_->unpack(into);
}

Result<std::unique_ptr<ByteSource>> open_unpacked(const std::filesystem::path& file) {
  VIGIE_CHECK(open_bytes(file));  // what is no file says so
  VIGIE_TRY(Bytes bytes, Bytes::open(file));
  return std::make_unique<UnpackedBytes>(std::move(bytes));
}

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

Text::Text(Bytes bytes, Encoding encoding)
    : bytes_(std::move(bytes)),
      encoding_(encoding),
      utf16_(encoding == Encoding::utf16_le ? Utf16Reader::First::low : Utf16Reader::First::high) {}

Result<Text> Text::open(const std::filesystem::path& file, Encoding encoding) {
  VIGIE_TRY(Bytes bytes, Bytes::open(file));
  return Text(std::move(bytes), encoding);
}

Result<bool> Text::read(std::string& into) {
  if (ended_) return false;
  block_.clear();
  VIGIE_TRY(const bool more, bytes_.read(block_));
  if (!more) {
    ended_ = true;
    std::string rest = std::exchange(half_, {});
    if (encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf16_be) rest += utf16_.end();
    into += rest;
    return !rest.empty();
  }
  append(into, block_);
  return true;
}

void Text::append(std::string& into, std::string_view bytes) {
  const bool first = std::exchange(first_, false);
  switch (encoding_) {
    case Encoding::utf8:
      if (first && bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
      return append_utf8_text(into, bytes);
    case Encoding::utf16_le:
    case Encoding::utf16_be:
      if (first && (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))) bytes.remove_prefix(2);
      into += utf16_.read(bytes);
      return;
    case Encoding::windows1252: into += utf8_of_windows1252(bytes); return;
    case Encoding::latin1:
      for (const char c : bytes) vigie::append_utf8(into, static_cast<unsigned char>(c));
      return;
  }
}

void Text::append_utf8_text(std::string& into, std::string_view text) {
  if (half_.empty() && all_ascii(text)) {
    into += text;
    if (mended_line_ == 0) line_ += line_feeds_in(text);
    return;
  }
  std::string joined;
  if (!half_.empty()) {
    joined = std::exchange(half_, {});
    joined += text;
    text = joined;
  }
  if (!text.empty() && text.back() == '\xC2') {  // the first half of what may be a control code
    half_ = "\xC2";
    text.remove_suffix(1);
  }
  std::size_t from = 0;
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 2)) {
    const auto code = static_cast<unsigned char>(text[at + 1]);
    const bool punctuation = code == 0x80 || code == 0x85 || (code >= 0x91 && code <= 0x97);
    if (!punctuation) continue;
    into += text.substr(from, at - from);
    vigie::append_utf8(into, letter_of_windows1252(code));
    from = at + 2;
    if (mended_line_ == 0) mended_line_ = line_ + std::ranges::count(text.substr(0, at), '\n');
  }
  into += text.substr(from);
  if (mended_line_ == 0) line_ += line_feeds_in(text);
}

std::string_view name_of(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8: return "utf-8";
    case Encoding::utf16_le: return "utf-16-le";
    case Encoding::utf16_be: return "utf-16-be";
    case Encoding::windows1252: return "windows-1252";
    case Encoding::latin1: return "latin-1";
  }
  return "";
}

std::string_view name_of(Escape escape) {
  switch (escape) {
    case Escape::doubled: return "doubled";
    case Escape::backslash: return "backslash";
    case Escape::both: return "both";
    case Escape::none: return "none";
  }
  return "";
}

}  // namespace vigie::reading
