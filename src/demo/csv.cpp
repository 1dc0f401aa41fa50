#include "demo/csv.h"

#include <cstdio>

namespace vigie::demo {
namespace {

constexpr std::size_t kFlushAt = 1 << 20;

/// Our texts hold letters of Latin-1 and the euro sign beside ASCII.
std::string to_windows1252(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      out += text[i];
    } else if (byte == 0xC2 || byte == 0xC3) {
      const auto next = static_cast<unsigned char>(text[++i]);
      out += static_cast<char>(((byte & 0x03) << 6) | (next & 0x3F));
    } else {  // the euro sign, three bytes
      out += static_cast<char>(0x80);
      i += 2;
    }
  }
  return out;
}

}  // namespace

CsvFile::CsvFile(std::filesystem::path path, Shape shape, const std::vector<std::string>& header)
    : path_(std::move(path)), shape_(shape), file_(std::fopen(path_.c_str(), "wb")) {
  failed_ = file_ == nullptr;
  if (shape_.encoding == Encoding::utf8_with_bom) buffer_ = "\xEF\xBB\xBF";
  for (const std::string& name : header) field(name);
  end_row();
  rows_ = 0;
}

CsvFile& CsvFile::field(std::string_view text) {
  if (row_begun_) buffer_ += shape_.delimiter;
  row_begun_ = true;
  std::string converted;
  if (shape_.encoding == Encoding::windows1252) text = converted = to_windows1252(text);
  const char special[] = {shape_.delimiter, '"', '\n', '\r', '\0'};
  if (text.find_first_of(special) == std::string_view::npos) {
    buffer_ += text;
    return *this;
  }
  buffer_ += '"';
  for (const char c : text) {
    if (c == '"') buffer_ += '"';
    buffer_ += c;
  }
  buffer_ += '"';
  return *this;
}

CsvFile& CsvFile::field(std::int64_t number) { return field(std::to_string(number)); }

void CsvFile::end_row() {
  buffer_ += shape_.line_end;
  row_begun_ = false;
  ++rows_;
  if (buffer_.size() >= kFlushAt) flush();
}

void CsvFile::flush() {
  if (!failed_ && std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size()) failed_ = true;
  buffer_.clear();
}

Result<std::int64_t> CsvFile::close() {
  flush();
  if (file_ && std::fclose(file_.release()) != 0) failed_ = true;
  if (failed_)
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", path_.string()), {},
                "check the rights on the folder and the space left on the disk");
  return rows_;
}

std::string money(std::int64_t cents) {
  const std::int64_t size = cents < 0 ? -cents : cents;
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", size / 100, size % 100);
}

std::string french_money(std::int64_t cents) {
  const std::int64_t size = cents < 0 ? -cents : cents;
  std::string whole = std::to_string(size / 100);
  for (int at = static_cast<int>(whole.size()) - 3; at > 0; at -= 3) whole.insert(static_cast<std::size_t>(at), " ");
  return fmt::format("{}{},{:02}", cents < 0 ? "-" : "", whole, size % 100);
}

}  // namespace vigie::demo
