#include "golden/fixture.h"

#include <cstdlib>
#include <fstream>

#include "base/text.h"

namespace vigie::golden {
namespace {

namespace fs = std::filesystem;

std::string settings_yaml(const Words& settings) {
  std::string out = "format: 1\n", targets;
  for (const auto& [name, value] : settings) {
    if (name == "target") {
      const auto parts = split(value, ' ');
      const std::string relation = parts.size() > 4 ? fmt::format(", relation: {}", parts.at(4)) : "";
      targets += fmt::format("  - {{kpi: \"{}\", from: {}, to: {}, value: {}{}}}\n", parts.at(0), parts.at(1),
                             parts.at(2), parts.at(3), relation);
    } else if (name == "profile") {
      out += fmt::format("profile: [{}]\n", value);
    } else if (value.starts_with('{') || value.starts_with('[')) {
      out += fmt::format("{}: {}\n", name, value);
    } else {
      out += fmt::format("{}: \"{}\"\n", name, value);
    }
  }
  return targets.empty() ? out : out + "targets:\n" + targets;
}

/// "100.00 EUR" → amount and currency.
std::pair<std::string, std::string> money_of(const std::string& cell) {
  const auto space = cell.rfind(' ');
  if (space == std::string::npos) return {cell, ""};
  return {cell.substr(0, space), cell.substr(space + 1)};
}

std::string csv_cell(const Cell& cell) {
  if (cell.empty()) return "";
  std::string out = "\"";
  for (const char c : cell.text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// The rows as CSV, the currencies of money cells in a column of their own.
Result<std::string> csv_of(const TableStep& step, const model::Table& table, bool& has_currency) {
  std::set<std::size_t> money;
  for (std::size_t i = 0; i < step.rows.header.size(); ++i)
    if (const auto* column = table.find(step.rows.header[i]); column && column->type == model::ColumnType::money)
      money.insert(i);
  const auto in_cell = [&](const Sheet::Line& line) {
    return std::ranges::any_of(money, [&](std::size_t i) { return !money_of(line.cells[i].text).second.empty(); });
  };
  has_currency = std::ranges::any_of(step.rows.lines, in_cell);
  std::string out = join(step.rows.header, ",") + (has_currency ? ",currency\n" : "\n");
  for (const Sheet::Line& line : step.rows.lines) {
    std::string row, currency;
    for (std::size_t i = 0; i < line.cells.size(); ++i) {
      Cell cell = line.cells[i];
      if (money.contains(i)) {
        const auto [amount, of] = money_of(cell.text);
        if (!of.empty() && !currency.empty() && of != currency)
          return fail(ErrorKind::usage, "case.currency", fmt::format("line {}: one row has one currency", line.number));
        if (!of.empty()) currency = of;
        cell.text = amount;
      }
      row += (i ? "," : "") + csv_cell(cell);
    }
    // A row of one empty cell would read as a blank line.
    out += row + (has_currency ? "," + currency : "") + "\n";
  }
  return out;
}

std::string option(const Words& words, std::string_view name, const std::string& fallback) {
  const auto found = std::ranges::find(words, name, &std::pair<std::string, std::string>::first);
  return found == words.end() ? fallback : found->second;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "vigie-golden-XXXXXX").string();
  if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty() && !std::getenv("VIGIE_KEEP")) fs::remove_all(path_, ignored);
}

Result<> Fixture::write(const fs::path& name, const std::string& text) const {
  const fs::path file = folder_.path() / name;
  std::error_code problem;
  fs::create_directories(file.parent_path(), problem);
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  if (!out) return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", file.string()));
  return {};
}

Result<std::unique_ptr<Fixture>> Fixture::make(const Setup& setup) {
  VIGIE_TRY(const Instant now, parse_instant(setup.now));
  std::unique_ptr<Fixture> out(new Fixture(setup, now));
  VIGIE_CHECK(out->write("vigie.yaml", settings_yaml(setup.settings)));
  for (const FileStep& file : setup.files) VIGIE_CHECK(out->write(file.path, file.text));
  VIGIE_TRY(out->workspace_, workspace::Workspace::open(out->folder_.path(), out->clock_));
  return out;
}

Result<ingest::Receipt> Fixture::import(const TableStep& step) {
  const model::Table* table = workspace_->model().table(step.table);
  if (!table)
    return fail(ErrorKind::usage, "case.table", fmt::format("no table \"{}\"", step.table), {},
                suggestion(step.table, workspace_->model().table_names()));
  bool has_currency = false;
  VIGIE_TRY(const std::string csv, csv_of(step, *table, has_currency));
  const std::string name = fmt::format("{}_{}", ++imports_, step.table);
  VIGIE_CHECK(write("in/" + name + ".csv", csv));

  std::string map =
      fmt::format("map: {}\nsource: {}\ntable: {}\ninput: {{files: {}.csv, format: csv}}\n",
                  option(step.options, "map", name), option(step.options, "source", "books"), step.table, name);
  if (const auto until = option(step.options, "complete_until", setup_.complete_until); !until.empty())
    map += "complete_until: " + until + "\n";
  if (option(step.options, "history_complete", setup_.history_complete ? "true" : "false") == "true")
    map += "history_complete: true\n";
  for (const char* plain : {"mode", "currency", "time_zone", "stage_changes", "checks"})
    if (const auto value = option(step.options, plain, ""); !value.empty())
      map += fmt::format("{}: {}\n", plain, value);
  map += "columns:\n";
  for (const std::string& column : step.rows.header) {
    const bool number = column.starts_with("x_n_");
    map += number ? fmt::format("  {0}: {{from: {0}, as: number}}\n", column) : fmt::format("  {0}: {0}\n", column);
  }
  if (has_currency) map += "  currency: currency\n";
  VIGIE_CHECK(write("in/" + name + ".yaml", map));
  ingest::Request request;
  request.map_file = folder_.path() / "in" / (name + ".yaml");
  return workspace_->import(request);
}

}  // namespace vigie::golden
