#include "golden/verdict.h"

#include <charconv>
#include <cmath>

#include "base/text.h"
#include "golden/reading.h"

namespace vigie::golden {
namespace {

using kpi::Row;

struct Shown {
  const Row* row;
  bool total;
};

/// What of a row says which one it is.
bool identifies(const std::string& column) {
  return column == "period" || column == "period_to" || column.starts_with("by.");
}

/// Rows an answer offers to a table: all periods, and the totals where the table shows any.
std::vector<Shown> offered(const Sheet& expected, const std::vector<std::string>& columns, const kpi::Answer& answer) {
  std::vector<Shown> out;
  for (const Row& row : answer.rows) out.push_back({&row, false});
  const auto period = static_cast<std::size_t>(std::ranges::find(columns, "period") - columns.begin());
  if (period == columns.size()) return out;
  bool wants_total = false, wants_totals = false;
  for (const Sheet::Line& line : expected.lines) {
    if (!line.cells[period].is("total")) continue;
    bool split = false;
    for (std::size_t i = 0; i < line.cells.size(); ++i)
      split |= i != period && identifies(columns[i]) && !line.cells[i].empty();
    (split ? wants_totals : wants_total) = true;
  }
  if (wants_totals)
    for (const Row& row : answer.totals) out.push_back({&row, true});
  if (wants_total) out.push_back({&answer.total, true});
  return out;
}

std::string padded(const std::vector<std::vector<std::string>>& rows, std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], row[i].size());
    }
  std::string out;
  for (const auto& row : rows) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{}{:<{}}", i ? " | " : "", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string written(const Cell& cell) { return cell.quoted ? "\"" + cell.text + "\"" : cell.text; }

/// The sheet's header with "by." in front of names that are splits or axes of the answer.
Result<std::vector<std::string>> columns_of(const Sheet& sheet, const kpi::Answer& answer) {
  std::vector<std::string> out;
  for (const std::string& name : sheet.header) {
    const bool split = std::ranges::find(answer.by, name) != answer.by.end();
    out.push_back(split && !is_figure(name) ? "by." + name : name);
    if (!out.back().starts_with("by.") && !is_figure(out.back()))
      return fail(ErrorKind::usage, "case.column", fmt::format("an answer has no \"{}\"", name), {},
                  "see tests/golden/README.md");
  }
  return out;
}

class Comparison {
 public:
  Comparison(const Sheet& expected, std::vector<std::string> columns, std::vector<Shown> rows)
      : expected_(expected), columns_(std::move(columns)), rows_(std::move(rows)), used_(rows_.size(), false) {}

  Verdict judge() {
    std::vector<std::vector<std::string>> wanted{expected_.header}, found{expected_.header};
    bool differs = false;
    for (const Sheet::Line& line : expected_.lines) {
      std::vector<std::string> asked, got;
      const Shown* row = match(line);
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        asked.push_back(written(line.cells[i]));
        if (!row) continue;
        const Reading reading = read(*row->row, columns_[i], row->total);
        const bool same = agrees(line.cells[i], reading);
        differs |= !same;
        got.push_back(same ? asked.back() : shown(reading) + " <<");
      }
      if (!row) differs = true, got.emplace_back("(no such row) <<");
      wanted.push_back(std::move(asked));
      found.push_back(std::move(got));
    }
    differs |= add_others(found);
    Verdict out;
    for (const auto& line : split(padded(stripped(found), ""), '\n'))
      if (!line.empty()) out.replacement.push_back(line);
    if (differs) out.difference = "expected\n" + padded(wanted, "    ") + "found\n" + padded(found, "    ");
    return out;
  }

 private:
  const Shown* match(const Sheet::Line& line) {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (used_[r]) continue;
      bool same = true;
      for (std::size_t i = 0; i < columns_.size() && same; ++i)
        if (identifies(columns_[i])) same = agrees(line.cells[i], read(*rows_[r].row, columns_[i], rows_[r].total));
      if (!same) continue;
      used_[r] = true;
      return &rows_[r];
    }
    return nullptr;
  }

  /// Rows of the answer that the table does not have.
  bool add_others(std::vector<std::vector<std::string>>& found) const {
    if (expected_.open) return false;
    bool any = false;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (used_[r]) continue;
      any = true;
      std::vector<std::string> cells;
      for (const std::string& column : columns_) cells.push_back(shown(read(*rows_[r].row, column, rows_[r].total)));
      cells.back() += " <<";
      found.push_back(std::move(cells));
    }
    return any;
  }

  static std::vector<std::vector<std::string>> stripped(std::vector<std::vector<std::string>> rows) {
    std::erase_if(rows, [](const auto& row) { return row.size() == 1 && row[0].starts_with("(no such row)"); });
    for (auto& row : rows)
      for (std::string& cell : row)
        if (cell.ends_with(" <<")) cell.resize(cell.size() - 3);
    return rows;
  }

  const Sheet& expected_;
  std::vector<std::string> columns_;
  std::vector<Shown> rows_;
  std::vector<bool> used_;
};

}  // namespace

Result<Verdict> judge_rows(const Sheet& expected, const kpi::Answer& answer) {
  if (expected.header.empty()) return Verdict{};
  VIGIE_TRY(auto columns, columns_of(expected, answer));
  auto rows = offered(expected, columns, answer);
  return Comparison(expected, std::move(columns), std::move(rows)).judge();
}

Verdict judge_facts(const AskStep& step, const kpi::Answer& answer) {
  Verdict out;
  for (const auto& [name, value] : step.facts)
    if (const std::string found = fact(answer, name); found != value)
      out.difference += fmt::format("answer {}\n    expected \"{}\"\n    found    \"{}\"\n", name, value, found);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> counts;  // and the whole that they are a part of
  for (const kpi::Warning& warning : answer.warnings)
    counts[warning.code].first += warning.count, counts[warning.code].second += warning.of;
  std::map<std::string, std::string> found;
  for (const auto& [code, told] : counts)
    found[code] = fmt::format("{}{}", told.first, told.second > 0 ? fmt::format(" of {}", told.second) : "");
  for (const auto& [code, count] : step.warnings)
    if (!found.contains(code) || (!count.empty() && found[code] != count))
      out.difference += fmt::format("warns {} {}\n    found {}\n", code, count,
                                    found.contains(code) ? found[code] : "no such warning");
  if (step.no_warnings)
    for (const auto& [code, count] : found)
      out.difference += fmt::format("warns nothing\n    found {} {}\n", code, count);
  return out;
}

std::string error_line(const Error& error) {
  std::string out = error.code;
  if (error.where.line > 0) out += fmt::format(" at {}:{}", error.where.line, error.where.column);
  out += ": " + error.message;
  if (!error.hint.empty()) out += "; " + error.hint;
  return out;
}

}  // namespace vigie::golden
