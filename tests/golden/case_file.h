#pragma once
// tests/golden/ — one readable file, one case: a small data set, questions, the expected tables, with the arithmetic
// written out. README.md is the manual of the format; the runner is golden_test.cpp.
//
//   case_file.h   a .kpi file, parsed
//   fixture.h     a temporary workspace with the case's tables imported through the real ingest
//   verdict.h     an answer against the table a person wrote
#include <filesystem>
#include <map>
#include <variant>

#include "base/result.h"

namespace vigie::golden {

/// A cell as written. Quotes keep blanks, bars and words such as null or * as plain text.
struct Cell {
  std::string text;
  bool quoted = false;
  bool is(std::string_view word) const { return !quoted && text == word; }
  bool empty() const { return text.empty() && !quoted; }
};

/// A table between bars: one header line, then rows. `open`: a line "..." says that there may be other rows.
struct Sheet {
  struct Line {
    int number = 0;
    std::vector<Cell> cells;
  };
  std::vector<std::string> header;
  std::vector<Line> lines;
  bool open = false;
  int first_line = 0, last_line = 0;  ///< in the file, header included, from 1; 0: no table
};

using Words = std::vector<std::pair<std::string, std::string>>;

/// `table orders source shop complete_until 2025-06-30` and its rows; `receipt read=3 loaded=2` under it is checked.
struct TableStep {
  std::string table;
  Words options, receipt;
  Sheet rows;
  int line = 0;
};

/// `file kpis/mine.yaml` and indented text: written into the workspace before it is opened.
struct FileStep {
  std::string path, text;
};

/// `ask revenue from … to …` and the expected rows; then `answer FIELD TEXT` and `warns CODE COUNT` lines.
struct AskStep {
  Words fields;
  Sheet expected;
  Words facts, warnings;
  bool no_warnings = false;  ///< `warns nothing`
  int line = 0;
};

/// `error revnue …` and the one line it must say.
struct ErrorStep {
  Words fields;
  std::string expected;
  int line = 0, expected_line = 0;
};

using Step = std::variant<TableStep, AskStep, ErrorStep>;

struct CaseFile {
  std::filesystem::path path;
  std::vector<std::string> lines;  ///< as read, for --rewrite
  Words settings;                  ///< of vigie.yaml
  std::string now = "2030-01-01T00:00:00Z", complete_until;
  bool history_complete = false;
  std::vector<FileStep> files;
  std::vector<Step> steps;
};

/// Errors: `case.syntax` with file and line.
Result<CaseFile> read_case(const std::filesystem::path& file);

}  // namespace vigie::golden
