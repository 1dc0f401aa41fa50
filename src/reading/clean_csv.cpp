#include "reading/clean_csv.h"

#include <cerrno>
#include <cstdio>

namespace vigie::reading {
namespace {

struct CloseOutput {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void append_field(std::string& out, std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

/// What is written so far, and is written out when it is much.
class Output {
 public:
  explicit Output(std::filesystem::path path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {}
  Result<> opened() const {
    if (file_) return {};
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot write {}", path_.string()));
  }
  std::string& text() { return text_; }
  Result<> flush(std::size_t beyond) {
    if (text_.size() <= beyond) return {};
    const bool written =
        std::fwrite(text_.data(), 1, text_.size(), file_.get()) == text_.size() && std::fflush(file_.get()) == 0;
    text_.clear();
    if (written) return {};
    return fail(ErrorKind::unavailable, errno == ENOSPC ? "engine.disk_full" : "file.unreadable",
                fmt::format("cannot write {}", path_.string()));
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, CloseOutput> file_;
  std::string text_;
};

Result<Found> write_rows(const std::filesystem::path& file, const Found& found, Output& out) {
  constexpr std::size_t kBlock = 1U << 20;
  const auto& names = found.layout.names;
  if (names.empty()) return found;
  for (std::size_t j = 0; j < names.size(); ++j) {
    if (j > 0) out.text() += ',';
    append_field(out.text(), names[j]);
  }
  if (names.size() == 1 && names.front().empty()) out.text() += "\"\"";
  out.text() += '\n';
  VIGIE_TRY(auto rows, Rows::open(file, found));
  Row row;
  while (true) {
    VIGIE_TRY(const bool more, rows->next(row));
    if (!more) break;
    for (std::size_t j = 0; j < names.size(); ++j) {
      if (j > 0) out.text() += ',';
      append_field(out.text(), row.value(j));
    }
    out.text() += '\n';
    VIGIE_CHECK(out.flush(kBlock));
  }
  VIGIE_CHECK(out.flush(0));
  return rows->told();
}

}  // namespace

Result<Found> write_clean(const std::filesystem::path& file, const Found& found, const std::filesystem::path& into) {
  Output out(into);
  VIGIE_CHECK(out.opened());
  auto told = write_rows(file, found, out);
  if (!told) {
    std::error_code ignored;  // what stays behind is told by the error
    std::filesystem::remove(into, ignored);
  }
  return told;
}

}  // namespace vigie::reading
