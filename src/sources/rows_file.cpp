#include "sources/rows_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = std::size_t{1} << 20;
constexpr std::string_view kBegins = "sync-", kEnds = ".csv";

std::unexpected<Error> unwritable(const fs::path& path, int problem) {
  if (problem == ENOSPC || problem == EDQUOT || problem == EFBIG)
    return fail(ErrorKind::unavailable, "engine.disk_full",
                fmt::format("the disk is full: the rows of a source do not fit into {}", path.parent_path().string()),
                {}, "make room, and sync again; nothing was changed");
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: {}", path.string(), std::strerror(problem)), {},
              "check the rights on the folder");
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos || text.front() == ' ' ||
         text.back() == ' ';
}

}  // namespace

Result<RowsFile> RowsFile::make(const fs::path& folder) {
  std::string pattern = (folder / fmt::format("{}XXXXXX{}", kBegins, kEnds)).string();
  const int file = ::mkostemps(pattern.data(), static_cast<int>(kEnds.size()), O_CLOEXEC);  // mode 600
  if (file < 0) return unwritable(folder / "sync", errno);
  return RowsFile(pattern, file);
}

void RowsFile::remove_stale(const fs::path& folder) {
  std::error_code ignored;  // what cannot be removed is told by who writes there
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    std::error_code stays;
    if (name.starts_with(kBegins) && name.ends_with(kEnds)) fs::remove(at->path(), stays);
  }
}

RowsFile::RowsFile(RowsFile&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      buffer_(std::move(other.buffer_)),
      rows_(other.rows_),
      one_column_(other.one_column_) {
  other.path_.clear();
}

RowsFile::~RowsFile() {
  if (file_ >= 0) ::close(file_);
  std::error_code ignored;  // remove_stale finds it
  if (!path_.empty()) fs::remove(path_, ignored);
}

Result<> RowsFile::header(std::span<const std::string> names) {
  one_column_ = names.size() == 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) buffer_ += ',';
    append_quoted(buffer_, names[i]);
  }
  buffer_ += '\n';
  return {};
}

Result<> RowsFile::row(std::span<const std::optional<std::string_view>> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) buffer_ += ',';
    if (!values[i]) {
      if (one_column_) buffer_ += "\"\"";  // a blank line is no row
    } else if (needs_quotes(*values[i])) {
      append_quoted(buffer_, *values[i]);
    } else {
      buffer_ += *values[i];
    }
  }
  buffer_ += '\n';
  ++rows_;
  return buffer_.size() < kBuffer ? Result<>() : flush();
}

Result<> RowsFile::record(std::string_view text) {
  buffer_ += one_column_ && text == "\n" ? std::string_view("\"\"\n") : text;
  ++rows_;
  return buffer_.size() < kBuffer ? Result<>() : flush();
}

Result<> RowsFile::flush() {
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t n = ::write(file_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return unwritable(path_, errno);
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  buffer_.clear();
  return {};
}

Result<> RowsFile::close() {
  VIGIE_CHECK(flush());
  const int closed = ::close(std::exchange(file_, -1));
  return closed == 0 ? Result<>() : unwritable(path_, errno);
}

}  // namespace vigie::sources
