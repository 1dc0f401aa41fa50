#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace vigie::demo {

enum class Encoding { utf8, utf8_with_bom, windows1252 };

/// How one of the company's tools writes its exports.
struct Shape {
  char delimiter = ',';
  Encoding encoding = Encoding::utf8;
  std::string_view line_end = "\n";
};

/// Writes one delimited file, field by field; quotes what needs it. Errors are kept and told by `close`.
///
///   CsvFile file(folder / "orders.csv", {}, {"id", "date"});
///   file.field("A-1").field("2025-01-31").end_row();
///   VIGIE_TRY(const std::int64_t rows, file.close());
class CsvFile {
 public:
  CsvFile(std::filesystem::path path, Shape shape, const std::vector<std::string>& header);

  CsvFile& field(std::string_view text);
  CsvFile& field(std::int64_t number);
  CsvFile& empty() { return field(std::string_view()); }
  void end_row();
  /// Rows written, without the header. Fails with `file.unwritable`.
  Result<std::int64_t> close();

 private:
  void flush();

  std::filesystem::path path_;
  Shape shape_;
  std::string buffer_;
  std::int64_t rows_ = 0;
  bool row_begun_ = false, failed_ = false;
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Closer> file_;
};

/// 123456 cents as "1234.56", or with the marks of a French tool as "1 234,56".
std::string money(std::int64_t cents);
std::string french_money(std::int64_t cents);

}  // namespace vigie::demo
