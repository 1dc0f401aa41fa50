#include "checks/look.h"

#include "checks/condition.h"
#include "store/print_rel.h"

namespace vigie::checks {
namespace {

using store::NamedExpr;
using store::quote_identifier;
using store::quote_text;

/// Rows that are there, of a map.
std::string in_scope(const Where& where) {
  if (where.only_new) return fmt::format("t.deleted_at IS NULL AND t.batch = {}", where.batch);
  return fmt::format(
      "t.deleted_at IS NULL AND (t.batch = {} OR t.batch IN (SELECT batch FROM _batches WHERE map = {}))", where.batch,
      quote_text(where.map));
}

/// A SELECT over the table with what every look needs, and further columns.
std::string rows_with(const Subject& subject, const std::vector<NamedExpr>& more) {
  const store::RelPtr rows = store::table_scan(subject.model, subject.table.name, subject.attributes);
  std::vector<NamedExpr> columns;
  for (const char* name : {"key", "source_key", "batch", "deleted_at"})
    columns.push_back({name, store::col(rows, name)});
  if (!subject.table.time.empty()) columns.push_back({"told_at", store::col(rows, subject.table.time)});
  columns.insert(columns.end(), more.begin(), more.end());
  return store::print(store::project(rows, std::move(columns)), store::duckdb_dialect());
}

/// How many rows fail, of them those of the batch, one of each, the least moment, and how many tell none; five columns.
std::string counts_of(const std::string& fails, const Subject& subject, const Where& where) {
  const std::string time = subject.table.time.empty() ? "NULL::BIGINT" : "t.told_at";
  const std::string key = "replace(t.source_key, chr(31), ' / ')";
  return fmt::format(
      "count(*) FILTER ({0}), count(*) FILTER ({0} AND t.batch = {1}), min({2}) FILTER ({0}), min({2}) FILTER ({0} AND "
      "t.batch = {1}), min({3}) FILTER ({0}), count(*) FILTER ({0} AND {3} IS NULL)",
      fails, where.batch, key, time);
}
constexpr std::size_t kCounts = 6;

/// The start of that day, or that moment.
Instant moment_of(const World& world, const model::Table& table, std::int64_t value) {
  if (table.find(table.time)->type == model::ColumnType::instant) return Instant{value};
  return world.calendar.zone().start_of(Date{static_cast<std::int32_t>(value)});
}

Found found_in(const World& world, const Subject& subject, const store::ResultSet& rows, std::size_t at) {
  Found out{rows.int64(0, at), rows.int64(0, at + 1), rows.text(0, at + 2), rows.text(0, at + 3), {}};
  const bool all_dated = rows.int64(0, at + 5) == 0;
  if (all_dated && !rows.is_null(0, at + 4)) out.from = moment_of(world, subject.table, rows.int64(0, at + 4));
  return out;
}

Result<std::vector<NamedExpr>> chosen(const Check& check, const Subject& subject, std::string_view base) {
  if (check.where.empty()) return std::vector<NamedExpr>{};
  VIGIE_TRY(expr::Expr rows, rows_of(check.where, subject, check.at, base));
  return std::vector<NamedExpr>{{"chosen", std::move(rows)}};
}

std::string if_chosen(const Check& check) { return check.where.empty() ? "" : " AND t.chosen"; }

}  // namespace

Result<std::vector<Found>> look_at_rows(const World& world, const Subject& subject,
                                        const std::vector<const Check*>& checks, const Where& where) {
  std::vector<NamedExpr> fails;
  std::string counts;
  for (const Check* check : checks) {
    const std::string name = fmt::format("fails_{}", fails.size());
    VIGIE_TRY(expr::Expr failure, failure_of(*check, subject, world.base_currency));
    counts += fmt::format("{}{}", counts.empty() ? "" : ", ", counts_of("t." + name, subject, where));
    fails.push_back({name, std::move(failure)});
  }
  VIGIE_TRY(const store::ResultSet rows,
            world.connection.query(
                fmt::format("SELECT {} FROM ({}) AS t WHERE {}", counts, rows_with(subject, fails), in_scope(where))));
  std::vector<Found> out;
  for (std::size_t i = 0; i < checks.size(); ++i) out.push_back(found_in(world, subject, rows, i * kCounts));
  return out;
}

Result<Found> look_for_repeated(const World& world, const Subject& subject, const Check& check, const Where& where) {
  const store::RelPtr rel = store::table_scan(subject.model, subject.table.name, subject.attributes);
  VIGIE_TRY(std::vector<NamedExpr> more, chosen(check, subject, world.base_currency));
  std::string list, given, same;
  for (std::size_t i = 0; i < check.columns.size(); ++i) {
    const std::string name = fmt::format("u{}", i);
    more.push_back({name, store::col(rel, as_given(subject, check.columns[i]))});
    list += fmt::format("{}t.{}", list.empty() ? "" : ", ", name);
    given += fmt::format(" AND t.{} IS NOT NULL", name);
    same += fmt::format("{0}other.{1} = t.{1}", same.empty() ? "" : " AND ", name);
  }
  Where whole = where;
  whole.only_new = false;
  const std::string rows = fmt::format("(SELECT * FROM ({}) AS t WHERE {}{}{})", rows_with(subject, more),
                                       in_scope(whole), given, if_chosen(check));
  // Where all were apart before, only what the batch brings can be like another one.
  const std::string near =
      where.only_new
          ? fmt::format(" SEMI JOIN (SELECT * FROM {} AS t WHERE t.batch = {}) AS other ON {}", rows, where.batch, same)
          : std::string();
  const std::string repeated =
      fmt::format("(SELECT {0} FROM {1} AS t{2} GROUP BY {0} HAVING count(*) > 1)", list, rows, near);
  VIGIE_TRY(const store::ResultSet found,
            world.connection.query(fmt::format("SELECT {} FROM {} AS t SEMI JOIN {} AS other ON {}",
                                               counts_of("true", subject, where), rows, repeated, same)));
  return found_in(world, subject, found, 0);
}

Result<Found> look_for_strays(const World& world, const Subject& subject, const Check& check, const Where& where) {
  const store::RelPtr rel = store::table_scan(subject.model, subject.table.name, subject.attributes);
  VIGIE_TRY(std::vector<NamedExpr> more, chosen(check, subject, world.base_currency));
  more.push_back({"leads_to", store::col(rel, check.columns.front())});
  VIGIE_TRY(const store::ResultSet found,
            world.connection.query(fmt::format(
                "SELECT {} FROM (SELECT * FROM ({}) AS t WHERE {} AND t.leads_to IS NOT NULL{}) AS t ANTI JOIN {} AS "
                "other ON other.key = t.leads_to",
                counts_of("true", subject, where), rows_with(subject, more), in_scope(where), if_chosen(check),
                quote_identifier(check.refers))));
  return found_in(world, subject, found, 0);
}

Result<std::optional<Instant>> newest_of(const World& world, const Subject& subject, const Check& check,
                                         const Where& where) {
  const calendar::Zone& zone = world.calendar.zone();
  const std::string& name = check.columns.front();
  const model::Column* column = subject.table.find(name);
  const bool is_instant = column != nullptr && column->type == model::ColumnType::instant;
  const std::string at = quote_identifier(name), day = is_instant ? quote_identifier(name + "_day") : at,
                    bare = is_instant ? quote_identifier(name + "_bare") : "true";
  std::string which = in_scope(where);
  if (!check.where.empty()) {
    VIGIE_TRY(const auto more, chosen(check, subject, world.base_currency));
    which += fmt::format(" AND t.key IN (SELECT key FROM ({}) WHERE chosen)", rows_with(subject, more));
  }
  // What is dated ahead tells nothing of today.
  const std::string known = is_instant ? fmt::format("{} <= {}", at, world.now.micros)
                                       : fmt::format("{} <= {}", at, zone.day_of(world.now).days);
  VIGIE_TRY(
      const store::ResultSet rows,
      world.connection.query(fmt::format(
          "SELECT max({}) FILTER (NOT {}), max({}) FILTER ({}) FROM {} AS t WHERE {} AND {}",
          is_instant ? at : "NULL::BIGINT", bare, day, bare, quote_identifier(subject.table.name), which, known)));
  std::optional<Instant> out;
  if (!rows.is_null(0, 0)) out = Instant{rows.int64(0, 0)};
  if (rows.is_null(0, 1)) return out;
  const Instant end = std::min(world.now, zone.start_of(Date{static_cast<std::int32_t>(rows.int64(0, 1))} + 1));
  return std::max(out.value_or(end), end);
}

namespace {

/// The exact sum of a column of rows of a table, how many there are, and in how many currencies.
Result<Sums> sum_of(const World& world, const Subject& subject, const std::string& column, const std::string& currency,
                    const std::string& which, const std::string& rows) {
  const bool has_currency = is_money(subject, column) && subject.table.find("currency") != nullptr;
  std::string where = which + (rows.empty() ? "" : fmt::format(" AND t.key IN ({})", rows));
  if (has_currency && !currency.empty()) where += fmt::format(" AND t.currency = {}", quote_text(currency));
  VIGIE_TRY(
      const store::ResultSet found,
      world.connection.query(fmt::format(
          "SELECT coalesce(sum(t.{0}), 0)::DECIMAL(38,8), count(t.{0}), {1} FROM {2} AS t WHERE {3}",
          quote_identifier(column),
          has_currency ? fmt::format("count(DISTINCT t.currency) FILTER (t.{} IS NOT NULL)", quote_identifier(column))
                       : "0",
          quote_identifier(subject.table.name), where)));
  Sums out;
  out.ours = found.decimal(0, 0);
  out.rows = found.int64(0, 1);
  out.several_currencies = found.int64(0, 2) > 1;
  return out;
}

/// Those of which a text is true, as SQL over t.
Result<std::string> those_of(const World& world, const Subject& subject, const std::string& text,
                             const SourcePosition& at) {
  if (text.empty()) return std::string();
  VIGIE_TRY(expr::Expr rows, rows_of(text, subject, at, world.base_currency));
  return fmt::format(" AND t.key IN (SELECT key FROM ({}) WHERE chosen)",
                     rows_with(subject, {{"chosen", std::move(rows)}}));
}

}  // namespace

Result<Sums> sums_of(const World& world, const Subject& subject, const Check& check, const Where& where,
                     const std::string& rows, const std::optional<Decimal>& control) {
  VIGIE_TRY(const std::string chosen_rows, those_of(world, subject, check.where, check.at));
  const std::string which = rows.empty() ? in_scope(where) : "t.deleted_at IS NULL";
  VIGIE_TRY(Sums out, sum_of(world, subject, check.columns.front(), check.currency, which + chosen_rows, rows));
  if (control) {
    out.theirs = *control;
    return out;
  }
  VIGIE_TRY(const auto attributes, store::attributes(world.connection));
  const Subject other{world.model, *world.model.table(check.control.table), attributes};
  VIGIE_TRY(const std::string others, those_of(world, other, check.control.where, check.at));
  VIGIE_TRY(const Sums theirs,
            sum_of(world, other, check.control.column, check.currency, "t.deleted_at IS NULL" + others, ""));
  out.theirs = theirs.ours;
  out.several_currencies = out.several_currencies || theirs.several_currencies;
  return out;
}

Result<std::optional<Instant>> first_of(const World& world, const model::Table& table, const Where& where) {
  if (table.time.empty()) return std::nullopt;
  VIGIE_TRY(
      const store::ResultSet rows,
      world.connection.query(fmt::format("SELECT min(t.{0}), count(*) FILTER (t.{0} IS NULL) FROM {1} AS t WHERE {2}",
                                         quote_identifier(table.time), quote_identifier(table.name), in_scope(where))));
  if (rows.is_null(0, 0) || rows.int64(0, 1) > 0) return std::nullopt;
  return moment_of(world, table, rows.int64(0, 0));
}

}  // namespace vigie::checks
