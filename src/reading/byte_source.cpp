#include "reading/byte_source.h"

#include <cstdio>

namespace vigie::reading {
namespace {

struct CloseBytes {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error unreadable_bytes(const std::filesystem::path& file) {
  return Error{"file.unreadable",
               fmt::format("the file {} cannot be read", file.filename().string()),
               ErrorKind::unavailable,
               {file.string()},
               ""};
}

class FileBytes : public ByteSource {
 public:
  FileBytes(std::filesystem::path path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  Result<std::size_t> read(std::span<char> into) override {
    const std::size_t got = std::fread(into.data(), 1, into.size(), file_.get());
    if (got == 0 && std::ferror(file_.get()) != 0) return std::unexpected(unreadable_bytes(path_));
    return got;
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, CloseBytes> file_;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::filesystem::path& file) {
  const std::string shown = file.filename().string();
  std::error_code ignored;  // what cannot be looked at cannot be opened either
  if (!std::filesystem::exists(file, ignored))
    return fail(ErrorKind::unavailable, "file.missing", fmt::format("there is no file {}", shown), {file.string()});
  if (std::filesystem::is_directory(file, ignored))
    return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("{} is a folder", shown), {file.string()});
  if (!std::filesystem::is_regular_file(file, ignored))
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("{} is a pipe: what it gives can be read only once", shown), {file.string()},
                "write it to a file, and import that");
  std::FILE* opened = std::fopen(file.c_str(), "rb");
  if (opened == nullptr) return std::unexpected(unreadable_bytes(file));
  return std::make_unique<FileBytes>(file, opened);
}

}  // namespace vigie::reading
