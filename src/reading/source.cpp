#include "reading/source.h"

#include <algorithm>

#include "reading/letters.h"

namespace vigie::reading {

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
