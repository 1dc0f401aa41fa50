#include "ingest/events.h"

#include "expr/check.h"

namespace vigie::ingest {
namespace {

/// Any name is a column here.
class AnyColumn final : public expr::Scope {
 public:
  std::string subject() const override { return {}; }
  std::optional<expr::ColumnInfo> column(std::string_view) const override {
    return expr::ColumnInfo{expr::Type::text, 0};
  }
  std::vector<std::string> column_names() const override { return {}; }
  std::optional<expr::Type> parameter(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }
};

/// What a condition names. One that does not check is told of later, when the rows are read.
void add_names_of(const std::string& condition, std::vector<std::string>& names) {
  if (condition.empty()) return;
  if (const auto checked = expr::parse_and_check(condition, AnyColumn(), {}, expr::Type::boolean))
    expr::columns_of(*checked, names);
}

std::vector<std::string> names_in(const Map& map) {
  std::vector<std::string> out;
  for (const Named& one : map.key) out.push_back(one.name);
  for (const ColumnMap& column : map.columns) {
    for (const Named& one : column.from) out.push_back(one.name);
    for (const Named& one : column.join) out.push_back(one.name);
    add_names_of(column.when, out);
  }
  add_names_of(map.filter, out);
  return out;
}

}  // namespace

void add_absent_columns(const Map& map, SourceFile& file) {
  if (map.query) return;  // its columns are those of what it selects
  for (const std::string& name : names_in(map)) {
    if (std::ranges::find(file.columns, name) != file.columns.end()) continue;
    file.columns.push_back(name);
    file.types.emplace_back("VARCHAR");
  }
}

Result<> record_applied(Job& job) {
  if (job.request.applied.empty()) return {};
  // Whoever asks may not have heard that it was done: a row without a key would count twice.
  const Applied& own = job.request.applied.front();
  VIGIE_TRY(const std::int64_t before, job.number(fmt::format("SELECT coalesce(max(applied), 0) FROM _journals WHERE "
                                                              "journal = {}",
                                                              store::quote_text(own.journal))));
  if (before >= own.sequence)
    return fail(ErrorKind::internal, "events.applied_already",
                fmt::format("the events of {} are applied up to {} already, and those up to {} came again", own.journal,
                            before, own.sequence),
                {}, "start Vigie again: it goes on where the warehouse is");
  for (const Applied& one : job.request.applied)
    VIGIE_CHECK(job.connection.execute(
        fmt::format("DELETE FROM _journals WHERE journal = {0}; INSERT INTO _journals VALUES ({0}, {1})",
                    store::quote_text(one.journal), one.sequence)));
  return {};
}

Result<std::map<std::string, std::int64_t>> applied(store::Database& database) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_TRY(const store::ResultSet rows, connection.query("SELECT journal, applied FROM _journals"));
  std::map<std::string, std::int64_t> out;
  for (std::size_t row = 0; row < rows.rows(); ++row) out[rows.text(row, 0)] = rows.int64(row, 1);
  return out;
}

}  // namespace vigie::ingest
