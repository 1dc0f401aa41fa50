#include "propose/preview.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "ingest/map_reader.h"

namespace vigie::propose {
namespace {

std::string number_as_read(std::string_view text, const ingest::NumberFormat& format, model::ColumnType type) {
  const int scale = type == model::ColumnType::rate ? 8 : type == model::ColumnType::integer ? 0 : 4;
  const ingest::Units units = ingest::read_number(text, format, scale);
  if (units.fault != ingest::Fault::none) return fmt::format("? {}", text);
  std::string shown = Decimal(units.value, scale).to_string();
  if (const auto dot = shown.find('.'); dot != std::string::npos) {
    while (shown.ends_with('0')) shown.pop_back();
    if (shown.ends_with('.')) shown.pop_back();
  }
  return shown;
}

std::string date_as_read(std::string_view text, const ingest::DateFormat& format) {
  const ingest::Moment moment = ingest::read_moment(text, format);
  if (moment.fault != ingest::Fault::none) return fmt::format("? {}", text);
  const auto day = civil(moment.day);
  std::string out = fmt::format("{:04}-{:02}-{:02}", day.year, day.month, day.day);
  if (!moment.has_time) return out;
  const std::int64_t seconds = moment.micros_of_day / kMicrosPerSecond;
  return out + fmt::format(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string as_read(const ingest::ColumnMap& column, std::string text) {
  text = std::string(trim(text));
  if (std::ranges::find(column.null_values, text) != column.null_values.end()) text.clear();
  if (text.empty() && column.fallback) text = *column.fallback;
  if (text.empty()) return "";
  if (!column.values.empty()) {
    const auto found = std::ranges::find(column.values, text, [](const auto& pair) { return pair.first; });
    if (found != column.values.end()) return found->second;
    if (column.otherwise == ingest::Otherwise::refuse) return fmt::format("? {}", text);
    if (column.otherwise == ingest::Otherwise::null) return "";
    return column.otherwise == ingest::Otherwise::constant ? column.otherwise_value : text;
  }
  const model::ColumnType type = ingest::type_of(column);
  if (model::is_number(type)) return number_as_read(text, column.number, type);
  if (model::is_time(type)) return date_as_read(text, column.date);
  return text;
}

}  // namespace

void preview(const ingest::Map& map, const Material& material, ProposedMap& out) {
  if (map.query) return;
  const auto cell = [&](const std::vector<std::string>& row, const std::string& name) -> std::string {
    for (std::size_t i = 0; i < material.sketch.columns().size(); ++i)
      if (material.column(i).name() == name) return row[i];
    return "";
  };
  if (!map.key.empty()) out.preview_columns.emplace_back("key");
  for (const ingest::ColumnMap& column : map.columns) out.preview_columns.push_back(column.name);
  constexpr std::size_t kShown = 5;
  for (const std::vector<std::string>& row : material.sketch.first_rows()) {
    if (out.preview.size() == kShown) break;
    std::vector<std::string> line;
    if (!map.key.empty()) {
      std::vector<std::string> parts;
      for (const ingest::Named& part : map.key) parts.emplace_back(trim(cell(row, part.name)));
      line.push_back(join(parts, " / "));
    }
    for (const ingest::ColumnMap& column : map.columns) {
      if (column.constant) {
        line.push_back(*column.constant);
        continue;
      }
      std::string text;
      for (const ingest::Named& from : column.from)
        if (text.empty()) text = cell(row, from.name);
      line.push_back(as_read(column, std::move(text)));
    }
    out.preview.push_back(std::move(line));
  }
}

}  // namespace vigie::propose
