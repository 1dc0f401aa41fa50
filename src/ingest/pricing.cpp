#include "ingest/aftermath.h"
#include "model/money.h"

namespace vigie::ingest {
namespace {

using model::money_columns;
using store::quote_identifier;
using store::quote_text;

std::string day_column(const model::Column& column) {
  return column.type == model::ColumnType::instant ? column.name + "_day" : column.name;
}

/// The day that prices a row of `t`, and the joins it takes. Tables that name none are priced by the latest rate known.
struct PricingDay {
  std::string sql, joins;
};

PricingDay pricing_day(const model::Model& model, const model::Table& table) {
  PricingDay out;
  std::string list;
  for (const std::string& path : table.priced_at) {
    const std::size_t dot = path.find('.');
    std::string term;
    if (dot == std::string::npos) {
      term = "t." + quote_identifier(day_column(*table.find(path)));
    } else {
      const model::Column& key = *table.find(path.substr(0, dot));
      const model::Table& parent = *model.table(key.references);
      const std::string alias = quote_identifier("p_" + key.name);
      if (out.joins.find(alias) == std::string::npos)
        out.joins += fmt::format(" LEFT JOIN {} AS {} ON {}.key = t.{}", quote_identifier(parent.name), alias, alias,
                                 quote_identifier(key.name));
      term = fmt::format("{}.{}", alias, quote_identifier(day_column(*parent.find(path.substr(dot + 1)))));
    }
    list += (list.empty() ? "" : ", ") + term;
  }
  // Far in the future: the last quote on or before it is the latest one.
  out.sql = list.empty() ? "999999" : fmt::format("coalesce({})", list);
  return out;
}

/// vigie_quotes(currency, day, per_euro): one quote a currency and day, that of the last batch.
Result<> make_quotes(Job& job) {
  return job.connection.execute(
      "CREATE OR REPLACE TEMP TABLE vigie_quotes AS SELECT currency, date AS day, arg_max(per_euro, batch) AS per_euro "
      "FROM "
      "fx_rates WHERE deleted_at IS NULL AND per_euro > 0 GROUP BY ALL");
}

/// per_euro of a currency on a day, by the last quote that is not too old (any age for tables without a day).
std::string rate(std::string_view alias, bool dated) {
  return fmt::format("CASE WHEN {0}_currency = {1} THEN 1::DECIMAL(18,8) WHEN {2} THEN {0}.per_euro END", alias,
                     quote_text(model::kQuoteBase),
                     dated ? fmt::format("n.day - {}.day <= {}", alias, model::kOldestQuote) : "true");
}

enum class Which { this_batch, all };

/// Amounts of a table that may be in other currencies: of its rows, or of the earlier versions of its rows, which are
/// priced by the day of the row as it is now.
struct Amounts {
  std::string target;                ///< table that holds them
  std::string rows;                  ///< FROM: the row itself is t
  std::string owner;                 ///< alias of the target in `rows`
  std::vector<std::string> columns;  ///< money columns
};

Amounts amounts_of_rows(const model::Table& table) {
  const std::string name = quote_identifier(table.name);
  return {name, name + " AS t", "t", money_columns(table)};
}

Amounts amounts_of_history(const model::Table& table) {
  const std::string name = quote_identifier(store::history_table(table.name));
  Amounts out{name, fmt::format("{} AS h JOIN {} AS t ON t.key = h.key", name, quote_identifier(table.name)), "h", {}};
  for (const model::Column& column : table.columns)
    if (column.tracked && column.type == model::ColumnType::money) out.columns.push_back(column.name);
  return out;
}

/// vigie_foreign(target, currency, day): the chosen amounts in other currencies. Gives their number.
Result<std::int64_t> find_foreign(Job& job, const model::Table& table, const Amounts& amounts, Which which) {
  const std::string foreign = fmt::format("{}.currency <> {}", amounts.owner, quote_text(job.context.base_currency));
  const std::string chosen = which == Which::all ? "true" : fmt::format("t.batch = {}", job.receipt.batch);
  // Most tables have none, which a look at one column tells.
  VIGIE_TRY(const std::int64_t some, job.number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} AND {} "
                                                            "LIMIT 1)",
                                                            amounts.rows, foreign, chosen)));
  if (some == 0) return 0;
  std::string known;
  for (const std::string& column : amounts.columns)
    known += fmt::format("{}{}.{} IS NOT NULL", known.empty() ? "" : " OR ", amounts.owner, quote_identifier(column));
  const PricingDay day = pricing_day(job.context.model, table);
  VIGIE_CHECK(job.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE vigie_foreign AS SELECT {}.rowid AS target, {}.currency AS currency, "
                  "{}::INTEGER AS day FROM {}{} WHERE {} AND ({}) AND {}",
                  amounts.owner, amounts.owner, day.sql, amounts.rows, day.joins, foreign, known, chosen)));
  return job.number("SELECT count(*) FROM vigie_foreign");
}

/// Writes the base amounts of rows in other currencies, where they are other now. Gives how many rows it wrote.
Result<std::int64_t> price(Job& job, const model::Table& table, const Amounts& amounts, Which which) {
  if (amounts.columns.empty()) return 0;
  VIGIE_TRY(const std::int64_t foreign, find_foreign(job, table, amounts, which));
  if (foreign == 0) return 0;
  const bool dated = !table.priced_at.empty();
  VIGIE_CHECK(make_quotes(job));
  const std::string needed = fmt::format(
      "(SELECT currency AS f_currency, {} AS b_currency, day FROM (SELECT DISTINCT currency, day FROM vigie_foreign))",
      quote_text(job.context.base_currency));
  VIGIE_CHECK(
      job.connection.execute(fmt::format("CREATE OR REPLACE TEMP TABLE vigie_rates AS SELECT n.f_currency AS currency, "
                                         "n.day, {} AS per_document, {} AS per_base FROM "
                                         "{} AS n ASOF LEFT JOIN vigie_quotes AS f ON f.currency = n.f_currency AND "
                                         "n.day >= f.day ASOF LEFT JOIN vigie_quotes AS b "
                                         "ON b.currency = n.b_currency AND n.day >= b.day",
                                         rate("f", dated), rate("b", dated), needed)));
  std::string sets, differs, values;
  for (const std::string& column : amounts.columns) {
    const std::string name = quote_identifier(column + "_base");
    values += fmt::format(", vigie_price(t.{}, r.per_document, r.per_base) AS {}", quote_identifier(column), name);
    sets += fmt::format("{}{} = n.{}", sets.empty() ? "" : ", ", name, name);
    differs += fmt::format("{}t.{} IS DISTINCT FROM n.{}", differs.empty() ? "" : " OR ", name, name);
  }
  return job.connection.execute_count(
      fmt::format("UPDATE {0} AS t SET {1} FROM (SELECT f.target{2} FROM vigie_foreign AS f JOIN {0} AS t ON t.rowid = "
                  "f.target LEFT JOIN "
                  "vigie_rates AS r ON r.currency = f.currency AND r.day IS NOT DISTINCT FROM f.day) AS n WHERE "
                  "t.rowid = n.target AND ({3})",
                  amounts.target, sets, values, differs));
}

Result<std::int64_t> price(Job& job, const model::Table& table, Which which) {
  VIGIE_CHECK(price(job, table, amounts_of_history(table), which));
  return price(job, table, amounts_of_rows(table), which);
}

/// Only amounts in other currencies can lack a rate.
Result<> count_unpriced(Job& job, const model::Table& table) {
  std::string missing;
  for (const std::string& column : money_columns(table))
    missing += fmt::format("{}({} IS NOT NULL AND {} IS NULL)", missing.empty() ? "" : " OR ", quote_identifier(column),
                           quote_identifier(column + "_base"));
  VIGIE_TRY(job.receipt.unpriced,
            job.number(fmt::format("SELECT count(*) FROM {} WHERE currency <> {} AND batch = {} AND deleted_at IS NULL "
                                   "AND ({})",
                                   quote_identifier(table.name), quote_text(job.context.base_currency),
                                   job.receipt.batch, missing)));
  return {};
}

/// Rows of `table` take their pricing day from rows of `parent`.
bool is_dated_by(const model::Table& table, const model::Table& parent) {
  return std::ranges::any_of(table.priced_at, [&](const std::string& path) {
    const std::size_t dot = path.find('.');
    const model::Column* key = dot == std::string::npos ? nullptr : table.find(path.substr(0, dot));
    return key != nullptr && key->references == parent.name;
  });
}

}  // namespace

Result<> price_rows(Job& job) {
  const model::Table& mine = *job.map.table;
  if (!money_columns(mine).empty()) {
    VIGIE_CHECK(price(job, mine, Which::this_batch));
    VIGIE_CHECK(count_unpriced(job, mine));
  }
  if (job.receipt.loaded + job.receipt.updated + job.receipt.deleted == 0) return {};
  for (const model::Table& table : job.context.model.tables()) {
    const bool affected = mine.name == "fx_rates" || is_dated_by(table, mine);
    if (!affected || money_columns(table).empty()) continue;
    VIGIE_TRY(const std::int64_t rows, price(job, table, Which::all));
    job.receipt.repriced += rows;
  }
  return job.connection.execute(
      "DROP TABLE IF EXISTS vigie_foreign; DROP TABLE IF EXISTS vigie_quotes; DROP TABLE IF EXISTS vigie_rates");
}

}  // namespace vigie::ingest
