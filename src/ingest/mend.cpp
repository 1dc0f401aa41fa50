#include "ingest/mend.h"

#include <set>

#include "base/json_writer.h"
#include "base/text.h"
#include "ingest/functions.h"
#include "ingest/map.h"
#include "ingest/queue.h"
#include "ingest/waiting_rows.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

std::string list_of_ids(const std::vector<std::int64_t>& ids) {
  std::string out;
  for (const std::int64_t id : ids) out += fmt::format("{}{}", out.empty() ? "" : ", ", id);
  return out;
}

/// Why a row that was named does not wait.
Result<> refuse_left(store::Connection& connection, std::int64_t id) {
  VIGIE_TRY(
      const store::ResultSet rows,
      connection.query(fmt::format("SELECT outcome, settled_at, coalesce(into_batch, 0) FROM _settled WHERE id = {} "
                                   "ORDER BY settled_at DESC LIMIT 1",
                                   id)));
  if (rows.rows() == 0)
    return fail(ErrorKind::usage, "quarantine.none", fmt::format("there is no row {} in the quarantine", id), {},
                "vigie quarantine list prints those that wait");
  return fail(
      ErrorKind::usage, "quarantine.left",
      fmt::format("row {} has left the quarantine: {}, {}", id, rows.text(0, 0), to_string(Instant{rows.int64(0, 1)})),
      {}, fmt::format("vigie quarantine show {} tells more", id));
}

Result<> refuse_unknown_ids(store::Connection& connection, const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return {};
  VIGIE_TRY(
      const store::ResultSet unknown,
      connection.query(fmt::format("SELECT id FROM (SELECT unnest([{}]::BIGINT[]) AS id) WHERE id NOT IN (SELECT id "
                                   "FROM _waiting) LIMIT 1",
                                   list_of_ids(ids))));
  if (unknown.rows() > 0) return refuse_left(connection, unknown.int64(0, 0));
  return {};
}

/// That every row that is meant has these columns.
Result<> check_columns(store::Connection& connection, const QueueOrder& order) {
  VIGIE_TRY(
      const store::ResultSet torn,
      connection.query(fmt::format("SELECT count(*), min(id) FROM _waiting WHERE id IN (SELECT id FROM {}) AND kept "
                                   "<> 'row' AND fixed IS NULL",
                                   kMeant)));
  if (torn.int64(0, 0) > 0)
    return fail(ErrorKind::usage, "quarantine.torn",
                fmt::format("row {} is a record that was not taken apart: it has no columns to set", torn.int64(0, 1)),
                {}, "write it out with --out rows.csv, fill in its columns, and vigie quarantine replay rows.csv");
  for (const auto& [column, text] : order.set) {
    VIGIE_TRY(const store::ResultSet lacking,
              connection.query(fmt::format("SELECT w.id, coalesce(array_to_string({0}, chr(31)), '') FROM _waiting AS "
                                           "w WHERE w.id IN (SELECT id FROM {1}) AND "
                                           "NOT list_contains({0}, {2}) ORDER BY w.id LIMIT 1",
                                           columns_of_waiting(), kMeant, quote_text(column))));
    if (lacking.rows() == 0) continue;
    const std::vector<std::string> known = split(lacking.text(0, 1), '\x1f');
    std::string hint = suggestion(column, known);
    if (hint.empty()) hint = "it has: " + join(known, ", ").substr(0, 400);
    return fail(ErrorKind::usage, "quarantine.column",
                fmt::format("row {} has no column \"{}\"", lacking.int64(0, 0), column), {}, hint);
  }
  return {};
}

std::string object_of(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  for (const auto& [name, text] : members)
    if (writer.key(name); text.empty()) writer.null();
    else writer.text(text);
  writer.end_object();
  return out;
}

/// Input columns whose values are to be digests.
std::vector<std::string> hashed_columns(const Map& map) {
  std::set<std::string> out;
  const auto add = [&](const std::vector<Named>& names) {
    for (const Named& one : names)
      if (map.is_hashed(one.name)) out.insert(one.name);
  };
  add(map.key);
  for (const ColumnMap& column : map.columns) add(column.from), add(column.join);
  return {out.begin(), out.end()};
}

}  // namespace

bool is_narrowed(const QuarantineFilter& filter) {
  return filter.batch != 0 || !filter.ids.empty() || !filter.map.empty() || !filter.code.empty() ||
         !filter.column.empty() || !filter.file.empty();
}

std::string is_meant(const QuarantineFilter& filter) {
  std::string out = "true";
  if (!filter.ids.empty()) out += fmt::format(" AND w.id IN ({})", list_of_ids(filter.ids));
  if (filter.batch != 0) out += fmt::format(" AND w.batch = {}", filter.batch);
  if (!filter.map.empty()) out += fmt::format(" AND w.map = {}", quote_text(filter.map));
  if (!filter.file.empty()) out += fmt::format(" AND w.file = {}", quote_text(filter.file));
  if (filter.code.empty() && filter.column.empty()) return out;
  std::string line = lines_of_waiting("q", "w");
  if (!filter.code.empty()) line += fmt::format(" AND q.code = {}", quote_text(filter.code));
  if (!filter.column.empty()) line += fmt::format(" AND q.column_name = {}", quote_text(filter.column));
  return out + fmt::format(" AND EXISTS (SELECT 1 FROM _quarantine AS q WHERE {})", line);
}

std::string columns_of_waiting() {
  return "CASE WHEN w.read_as IS NULL OR w.read_as = '' THEN []::VARCHAR[] ELSE from_json(json_extract(w.read_as, "
         "'$.columns'), '[\"VARCHAR\"]') END";
}

Result<> check_queue(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet known,
            connection.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = '_settled'"));
  if (known.int64(0, 0) > 0) return {};
  return fail(ErrorKind::unavailable, "store.layout",
              "the store has the layout of an earlier version, and can only be read", {},
              "open it once where it can be written: vigie check -w FOLDER");
}

std::string joined_columns() { return fmt::format("coalesce(array_to_string({}, chr(31)), '')", columns_of_waiting()); }

std::string record_of_waiting() {
  return fmt::format("(SELECT any_value(q.record) FROM _quarantine AS q WHERE {})", lines_of_waiting("q", "w"));
}

/// As a map: a member that is null stays in it.
std::string with_noted(std::string_view noted, std::string_view more) {
  return fmt::format("to_json(map_concat(coalesce({}, '{{}}')::JSON::MAP(VARCHAR, VARCHAR), {}))::VARCHAR", noted,
                     more);
}

Result<std::int64_t> choose(store::Connection& connection, const QuarantineFilter& filter) {
  VIGIE_CHECK(refuse_unknown_ids(connection, filter.ids));
  VIGIE_CHECK(connection.execute(fmt::format(
      "CREATE OR REPLACE TEMP TABLE {} AS SELECT w.id FROM _waiting AS w WHERE {}", kMeant, is_meant(filter))));
  VIGIE_TRY(const store::ResultSet rows, connection.query(fmt::format("SELECT count(*) FROM {}", kMeant)));
  if (rows.int64(0, 0) > 0 || !is_narrowed(filter)) return rows.int64(0, 0);
  return fail(ErrorKind::usage, "quarantine.none", "no row that waits in the quarantine is like that", {},
              "vigie quarantine list prints those that wait");
}

Result<> hash_fixed(const Context& context, store::Connection& connection) {
  if (context.privacy == nullptr) return {};
  VIGIE_TRY(const store::ResultSet maps,
            connection.query(fmt::format("SELECT DISTINCT map, coalesce(map_file, '') FROM _waiting WHERE fixed IS NOT "
                                         "NULL AND id IN (SELECT id FROM {})",
                                         kMeant)));
  for (std::size_t row = 0; row < maps.rows(); ++row) {
    const auto map = Map::load(maps.text(row, 1), context.model, context.calendar.zone().name());
    if (!map || !map->hashes()) continue;  // one that has gone hashes nothing, and is told of when they run again
    VIGIE_CHECK(context.privacy->know_secret(connection));
    for (const std::string& column : hashed_columns(*map))
      VIGIE_CHECK(connection.execute(fmt::format(
          "UPDATE _waiting SET fixed = json_merge_patch(fixed, json_object({0}, vigie_hash(vigie_json(fixed, "
          "{0}))))::VARCHAR WHERE map = {1} AND vigie_json(fixed, {0}) IS NOT NULL AND id IN (SELECT id FROM {2})",
          quote_text(column), quote_text(maps.text(row, 0)), kMeant)));
  }
  return {};
}

Result<FixReport> fix(const Context& context, const QueueOrder& order) {
  if (order.set.empty() && !order.file)
    return fail(ErrorKind::usage, "quarantine.order", "no value is given for a column of those rows", {},
                "--set 'country=FR', or a file of rows that was written with --out");
  VIGIE_CHECK(register_functions(context.database, context.privacy));
  VIGIE_TRY(store::Connection connection, context.database.connect());
  FixReport out;
  VIGIE_CHECK(connection.transaction([&]() -> Result<> {
    QuarantineFilter meant = order.which;
    if (order.file) {
      VIGIE_TRY(out, fix_from_file(connection, *order.file, meant));
      return hash_fixed(context, connection);
    }
    if (!is_narrowed(meant))
      return fail(ErrorKind::usage, "quarantine.order", "it is not said of which rows", {},
                  "name them by their numbers, or say --where code=cast.enum, --map or --batch");
    VIGIE_TRY(out.rows, choose(connection, meant));
    VIGIE_CHECK(check_columns(connection, order));
    for (const auto& [column, text] : order.set) out.columns[column] = out.rows;
    VIGIE_CHECK(connection.execute(fmt::format(
        "UPDATE _waiting SET fixed = {} WHERE id IN (SELECT id FROM {})",
        with_noted("_waiting.fixed", quote_text(object_of(order.set)) + "::JSON::MAP(VARCHAR, VARCHAR)"), kMeant)));
    return hash_fixed(context, connection);
  }));
  return out;
}

Result<DropReport> drop(const Context& context, const QueueOrder& order) {
  if (trim(order.why).empty())
    return fail(ErrorKind::usage, "quarantine.order", "it is not said why these rows are not wanted", {},
                "say --why 'test orders': it is kept with them");
  if (!is_narrowed(order.which))
    return fail(ErrorKind::usage, "quarantine.order", "it is not said of which rows", {},
                "name them by their numbers, or say --where code=cast.enum, --map or --batch");
  VIGIE_TRY(store::Connection connection, context.database.connect());
  DropReport out;
  VIGIE_CHECK(connection.transaction([&]() -> Result<> {
    VIGIE_TRY(out.rows, choose(connection, order.which));
    VIGIE_TRY(
        const store::ResultSet maps,
        connection.query(fmt::format("SELECT map, count(*) FROM _waiting WHERE id IN (SELECT id FROM {}) GROUP BY "
                                     "map ORDER BY map",
                                     kMeant)));
    for (std::size_t row = 0; row < maps.rows(); ++row) out.maps.emplace_back(maps.text(row, 0), maps.int64(row, 1));
    return settle(connection, fmt::format("SELECT id FROM {}", kMeant),
                  {"dropped", std::nullopt, context.clock.now(), order.by, order.why});
  }));
  return out;
}

}  // namespace vigie::ingest
