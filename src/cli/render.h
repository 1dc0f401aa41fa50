#pragma once
#include <set>

#include "base/json_writer.h"
#include "cli/figures.h"
#include "cli/notes.h"
#include "ingest/ingest.h"
#include "kpi/answer.h"

namespace vigie::cli {

enum class Words { workspace_made, workspace_fine, serving, serving_without_page, rows_imported };
std::string words(Words which, std::string_view about);

/// Numbers in the reader's language.
Figures figures();
/// The value in full, or "–".
std::string figure_text(const std::optional<double>& value, std::string_view unit, std::string_view currency);

/// Lines of aligned columns; `right`: which are numbers. What a cell holds stays in it: no line break, and nothing that
/// a terminal would obey.
std::string table_text(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right);
std::string csv_field(const std::string& text);

std::string answer_table(const kpi::Answer& answer);
/// The rows of the answers, under the columns that they have between them.
std::string answers_csv(const std::vector<kpi::Answer>& answers);
/// The measures that some row carries beside its value, and the comparisons, in the order of their names.
std::set<std::string> measures_of(const kpi::Answer& answer);
std::set<std::string> comparisons_of(const kpi::Answer& answer);
/// The range of a board and the instant that it is seen at: those of most of its answers.
struct BoardView {
  Date from, to;
  Instant as_of;
  auto operator<=>(const BoardView&) const = default;
};
BoardView view_of(const std::vector<kpi::Answer>& answers);
std::string board_heading(const std::vector<kpi::Answer>& answers);  ///< range, as of when, against what
/// Label, total, change, sparkline; its own range or instant where it is not the board's.
std::string board_line(const kpi::Answer& answer, const BoardView& board, Notes& notes);
std::string board_refusal(const std::string& label, const Error& error);  ///< the line of one that has no answer
std::string board_warnings(const std::vector<kpi::Answer>& answers);      ///< each with the KPI it is about
std::string receipt_table(const ingest::Receipt& receipt);
/// Why a row was refused, in the reader's language; a check of the model is written there in both.
std::string refusal_text(const std::string& code, const std::string& message);

/// ▁▂▃▄▅▆▇█ of the values; a blank where there is none. Of more than 60 values, one for the mean of each run of them.
std::string sparkline(const std::vector<std::optional<double>>& values);

}  // namespace vigie::cli
