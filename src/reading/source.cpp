#include "reading/source.h"

#include <algorithm>

#include "reading/letters.h"

namespace vigie::reading {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

/// U+200B, U+200E, U+200F, U+202A to U+202E, U+2060, U+2066 to U+2069.
bool is_unseen(std::string_view letter) {
  if (letter.size() < 3 || letter[0] != '\xE2') return false;
  const auto last = static_cast<unsigned char>(letter[2]);
  if (letter[1] == '\x80') return last == 0x8B || last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE);
  return letter[1] == '\x81' && (last == 0xA0 || (last >= 0xA6 && last <= 0xA9));
}

/// The beginning at the end of a block of what may be a letter to change.
std::string cut_letter(std::string_view text) {
  if (text.ends_with('\xC2') || text.ends_with('\xE2')) return std::string(text.substr(text.size() - 1));
  if (text.ends_with("\xE2\x80") || text.ends_with("\xE2\x81")) return std::string(text.substr(text.size() - 2));
  return {};
}

}  // namespace

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
      if (first && bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
      for (; first && bytes.starts_with(kMark); unseen_line_ = 1) bytes.remove_prefix(kMark.size());
      return append_utf8_text(into, bytes);
    case Encoding::utf16_le:
    case Encoding::utf16_be:
      if (first && (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))) bytes.remove_prefix(2);
      return append_utf8_text(into, utf16_.read(bytes));
    case Encoding::windows1252: into += utf8_of_windows1252(bytes); return;
    case Encoding::latin1:
      for (const char c : bytes) vigie::append_utf8(into, static_cast<unsigned char>(c));
      return;
  }
}

void Text::append_utf8_text(std::string& into, std::string_view text) {
  const bool lines_count = mended_line_ == 0 || unseen_line_ == 0;
  if (half_.empty() && all_ascii(text)) {
    into += text;
    if (lines_count) line_ += line_feeds_in(text);
    return;
  }
  std::string joined;
  if (!half_.empty()) {
    joined = std::exchange(half_, {});
    joined += text;
    text = joined;
  }
  half_ = cut_letter(text);
  text.remove_suffix(half_.size());
  constexpr std::string_view kBegins = "\xC2\xE2";
  std::size_t from = 0;
  const auto line_at = [&](std::size_t at) { return line_ + std::ranges::count(text.substr(0, at), '\n'); };
  for (std::size_t at = text.find_first_of(kBegins); at != std::string_view::npos;) {
    std::size_t past = at + 1;
    if (const auto code = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : '\0');
        text[at] == '\xC2' && (code == 0x80 || code == 0x85 || (code >= 0x91 && code <= 0x97))) {
      into += text.substr(from, at - from);
      vigie::append_utf8(into, letter_of_windows1252(code));
      if (mended_line_ == 0) mended_line_ = line_at(at);
      from = past = at + 2;
    } else if (is_unseen(text.substr(at, 3))) {
      into += text.substr(from, at - from);
      if (unseen_line_ == 0) unseen_line_ = line_at(at);
      from = past = at + 3;
    }
    at = text.find_first_of(kBegins, past);
  }
  into += text.substr(from);
  if (lines_count) line_ += line_feeds_in(text);
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
