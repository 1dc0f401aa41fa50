#include "reading/csv_file.h"

#include <cerrno>

namespace vigie::reading {
namespace {

bool is_blank_at_edge(char c) { return c == ' ' || c == '\t'; }
bool wants_quotes(std::string_view text) {
  return text.find_first_of(",\"\r\n") != std::string_view::npos ||
         (!text.empty() && (is_blank_at_edge(text.front()) || is_blank_at_edge(text.back())));
}

}  // namespace

CsvFile::CsvFile(const std::filesystem::path& path) : path_(path), out_(std::fopen(path.c_str(), "wb")) {
  if (!out_) failed_ = errno;
}

CsvFile::~CsvFile() {
  if (finished_ || failed_ != 0) return;
  out_.reset();
  std::error_code ignored;  // it is ours, and what matters has been told
  std::filesystem::remove(path_, ignored);
}

void CsvFile::value(std::string_view text, bool lone) {
  if (!first_) buffer_ += ',';
  first_ = false;
  if (!wants_quotes(text) && !(lone && text.empty())) {
    buffer_ += text;
    return;
  }
  buffer_ += '"';
  for (const char c : text) {
    if (c == '"') buffer_ += '"';
    buffer_ += c;
  }
  buffer_ += '"';
}

Result<> CsvFile::end_line() {
  constexpr std::size_t kBuffer = 1 << 18;
  buffer_ += '\n';
  first_ = true;
  return buffer_.size() < kBuffer ? Result<>() : flush();
}

/// What a disk has no room for may be told no earlier than by closing the file.
Result<> CsvFile::finish() {
  VIGIE_CHECK(flush());
  if (std::fclose(out_.release()) != 0) return unwritable(errno);
  finished_ = true;
  return {};
}

Result<> CsvFile::flush() {
  if (!out_) return unwritable(failed_);
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), out_.get()) != buffer_.size()) return unwritable(errno);
  buffer_.clear();
  return {};
}

Result<> CsvFile::unwritable(int why) const {
  return fail(ErrorKind::unavailable, why == ENOSPC ? "engine.disk_full" : "file.unwritable",
              fmt::format("the records cannot be written to {}", path_.string()));
}

}  // namespace vigie::reading
