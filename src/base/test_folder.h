#pragma once
// For tests: where they put their files.
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/file.h"

namespace vigie {

/// A folder of its own, gone with the object. Throws where none can be made, or a file not be written in it.
class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vigie-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  ~TestFolder() {
    std::error_code ignored;  // a folder that stays behind harms nobody
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }
  /// Writes a file, its folders with it; gives its path.
  std::filesystem::path write(const std::filesystem::path& name, std::string_view text) const {
    std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    out << text << std::flush;
    if (!out) throw std::system_error(std::make_error_code(std::errc::io_error), file.string());
    return file;
  }
  /// What a file of it holds; nothing where it is not there.
  std::string read(const std::filesystem::path& name) const { return bytes_of(path_ / name).value_or(""); }

 private:
  std::filesystem::path path_;
};

}  // namespace vigie
