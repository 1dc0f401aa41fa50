#include "ingest/rows_ahead.h"

#include "ingest/quarantine.h"

namespace vigie::ingest {

std::vector<RowsAhead> columns_of_events(const Map& map) {
  std::vector<RowsAhead> out;
  for (const ColumnMap& column : map.columns) {
    if (column.column == nullptr || !column.column->event) continue;
    RowsAhead& one = out.emplace_back();
    one.column = column.column->type == model::ColumnType::instant ? column.name + "_day" : column.name;
    one.input_column = column.from.empty() ? column.name : column.from.front().name;
  }
  return out;
}

Result<> count_rows_ahead(Job& job, std::string_view stage, const RowSql& sql, const std::string& numbered,
                          std::int64_t first_row, std::string_view rejects, const std::string& file,
                          std::vector<RowsAhead>& ahead) {
  if (ahead.empty()) return {};
  const Date today = job.context.calendar.zone().day_of(job.now);
  const auto is_ahead = [&](const RowsAhead& one) {
    return fmt::format("{} > {}", store::quote_identifier(one.column), today.days);
  };
  std::string list;
  for (const RowsAhead& one : ahead)
    list += fmt::format("{}count(*) FILTER ({}), max({})", list.empty() ? "" : ", ", is_ahead(one),
                        store::quote_identifier(one.column));
  VIGIE_TRY(const store::ResultSet counts,
            job.connection.query(fmt::format("SELECT {} FROM {} WHERE NOT s_bad", list, stage)));
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    RowsAhead& one = ahead[i];
    if (counts.is_null(0, 2 * i + 1)) {
      one.rows = 0;
      continue;
    }
    const Date latest{static_cast<std::int32_t>(counts.int64(0, 2 * i + 1))};
    one.last = std::max(one.last.value_or(latest), latest);
    const std::int64_t before = std::exchange(one.rows, counts.int64(0, 2 * i));
    if (one.rows == 0) continue;
    one.latest = latest;
    if (before > 0) continue;
    VIGIE_TRY(const std::int64_t ordinal, job.number(sql.first_ordinal(numbered, is_ahead(one))));
    VIGIE_TRY(one.first_row, row_of(job, ordinal, first_row, rejects));
    one.first_file = file;
  }
  return {};
}

void warn_of_rows_ahead(const Map& map, const std::vector<RowsAhead>& ahead, Receipt& receipt) {
  const std::string_view then = map.complete_until ? "); what is asked as of today does not see it"
                                                   : "); the data now count as whole up to today; correct the date in "
                                                     "the source, or say complete_until in the map";
  for (const RowsAhead& one : ahead)
    if (one.rows == 1)
      receipt.warnings.push_back(fmt::format("1 row is dated after today in {}: {} ({}:{}{}", one.input_column,
                                             to_string(one.latest), one.first_file, one.first_row, then));
    else if (one.rows > 1)
      receipt.warnings.push_back(fmt::format("{} rows are dated after today in {}, up to {} (the first: {}:{}{}",
                                             one.rows, one.input_column, to_string(one.latest), one.first_file,
                                             one.first_row, then));
}

void warn_of_rows_undeclared(const Job& job, const std::vector<RowsAhead>& ahead) {
  const auto& until = job.map.complete_until;
  const auto& zone = job.context.calendar.zone();
  const Date today = zone.day_of(job.now);
  if (!until) return;
  for (const RowsAhead& one : ahead)
    if (one.last && *one.last <= today && zone.start_of(*one.last) >= *until)
      job.receipt.warnings.push_back(
          fmt::format("rows are dated up to {} in {}, after the end that the map says (complete_until: the data are "
                      "whole before {}): what is asked without --as-of does not see them",
                      to_string(*one.last), one.input_column, to_string(*until)));
}

}  // namespace vigie::ingest
