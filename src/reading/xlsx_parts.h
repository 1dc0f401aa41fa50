#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "reading/cell_value.h"
#include "reading/workbook.h"
#include "reading/zip_archive.h"

namespace vigie::reading {

/// Where a part of a package points to.
struct XlsxTarget {
  std::string type;  ///< the last word of its type: "worksheet", "sharedStrings"
  std::string path;  ///< "xl/worksheets/sheet1.xml"
};

/// What a workbook says before any sheet is read.
struct XlsxOutline {
  struct Sheet {
    SheetInfo info;
    std::string part;
  };
  std::vector<Sheet> sheets;           ///< those of cells: no charts, no dialogs
  std::string styles, shared_strings;  ///< their parts; "" there are none
  DateSystem dates = DateSystem::from_1900;
  bool calculated_on_load = false;
};

/// The texts of a workbook, each once, end to end.
class XlsxStrings {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{1} << 30;

  std::size_t size() const { return ends_.size(); }
  std::string_view at(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
  }
  bool add(std::string_view text);  ///< false: no more fit

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

Result<XlsxOutline> read_outline(const ZipArchive& archive);
/// By the number that cells give as their style.
Result<std::vector<CellFormat>> read_number_formats(const ZipArchive& archive, const std::string& part);
Result<XlsxStrings> read_shared_strings(const ZipArchive& archive, const std::string& part);

/// Begins to read a part. Errors: xlsx.damaged where it is not there.
Result<std::unique_ptr<ByteSource>> open_part(const ZipArchive& archive, const std::string& part);

/// A text as Excel writes it: "_x000D_" is the character of that number. Without xml:space="preserve" the blanks at its
/// ends are those of the XML, not of the text.
std::string xlsx_text(std::string_view written, bool preserved);

}  // namespace vigie::reading
