#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"

namespace vigie::sources {

/// The rows of one reading on their way to ingest: a file of separated values that nobody else can read, gone with the
/// object. A null is written as nothing and an empty text as "": they stay apart.
///
///   VIGIE_TRY(RowsFile rows, RowsFile::make(folder));
///   VIGIE_CHECK(rows.header({"id", "note"}));
///   VIGIE_CHECK(rows.row({"7", std::nullopt}));
///   VIGIE_CHECK(rows.close());
class RowsFile {
 public:
  /// What is left of one that a killed process wrote is removed by remove_stale. Fails with file.unwritable.
  static Result<RowsFile> make(const std::filesystem::path& folder);
  static void remove_stale(const std::filesystem::path& folder);
  RowsFile(RowsFile&& other) noexcept;
  RowsFile& operator=(RowsFile&&) = delete;
  ~RowsFile();

  const std::filesystem::path& path() const { return path_; }
  std::int64_t rows() const { return rows_; }

  // Each fails with engine.disk_full or file.unwritable.
  Result<> header(std::span<const std::string> names);
  Result<> row(std::span<const std::optional<std::string_view>> values);
  /// A whole record that is written already, with its line break.
  Result<> record(std::string_view text);
  Result<> close();

 private:
  RowsFile(std::filesystem::path path, int file) : path_(std::move(path)), file_(file) {}
  Result<> flush();

  std::filesystem::path path_;
  int file_ = -1;
  std::string buffer_;
  std::int64_t rows_ = 0;
  bool one_column_ = false;
};

}  // namespace vigie::sources
