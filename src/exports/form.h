#pragma once
#include "base/result.h"
#include "exports/exports.h"
#include "tongue/language.h"

namespace vigie::exports {

enum class Format { csv, xlsx, parquet };
std::string_view name_of(Format format);       ///< also the ending of its files
std::string_view content_type(Format format);  ///< for HTTP

/// How texts of a CSV look, by who opens it.
enum class Reader {
  program,   ///< RFC 4180: comma, decimal point, ISO 8601 in UTC, texts to the letter
  excel,     ///< with a byte order mark; times on the workspace's clock; texts that a spreadsheet would run are held
  excel_fr,  ///< the same as a French Excel opens it: semicolon, decimal comma, VRAI and FAUX
};

/// What people ask for. `labels`: the header says what people call a column, not its name.
struct Form {
  Format format = Format::csv;
  Reader reader = Reader::program;
  bool labels = false;
  /// Before a text that a spreadsheet would take for a formula (= + - @, a tab, a line break) stands an apostrophe. Of
  /// CSV alone: a text in a workbook is a text.
  bool guard_formulas = false;
  tongue::Language language = tongue::Language::en;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Takes what is about the file out of the fields of a request: format, for, headers, guard. `path`: where the format
/// is not said, its ending says it; elsewhere it is CSV.
///
/// Errors: export.format, export.for, export.headers, export.guard, each with what is known; question.repeated.
Result<Form> take_form(Fields& fields, std::string_view path, tongue::Language language);
/// The fields that say the same form again.
Fields fields_of(const Form& form);
/// The format that the ending of a file's name tells.
std::optional<Format> format_of_ending(std::string_view path);

}  // namespace vigie::exports
