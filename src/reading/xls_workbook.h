#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "reading/workbook.h"

namespace vigie::reading {

/// A compound file, which is where Excel 97 to 2003 put its workbooks (BIFF8), and where later ones put those that are
/// protected by a password.
///
/// Formulas give the result that was saved with them. The file is held whole while it is read.
///
/// Errors: xls.damaged, workbook.encrypted, workbook.format (Excel 5 and 95; what is no workbook at all).
Result<std::unique_ptr<Workbook>> open_xls(const std::filesystem::path& file);
/// The same of bytes that are there; `file` is what errors call them.
Result<std::unique_ptr<Workbook>> read_xls(std::string bytes, const std::filesystem::path& file);

}  // namespace vigie::reading
