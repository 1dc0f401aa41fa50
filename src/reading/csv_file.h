#pragma once
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vigie::reading {

/// A file of plain CSV under way: UTF-8, commas, line feeds, quotes where they are needed (a value with a comma, a
/// quote, a line break, or a blank at its edge; the only value of a line, where it is empty). One that is not finished
/// goes away with it.
///
/// Errors: file.unwritable, engine.disk_full.
class CsvFile {
 public:
  explicit CsvFile(const std::filesystem::path& path);
  ~CsvFile();
  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  void value(std::string_view text, bool lone);  ///< lone: the line has no other
  Result<> end_line();
  Result<> finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Result<> flush();
  Result<> unwritable(int why) const;

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> out_;
  std::string buffer_;
  bool first_ = true, finished_ = false;
  int failed_ = 0;
};

}  // namespace vigie::reading
