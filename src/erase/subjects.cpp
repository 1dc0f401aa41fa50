// Which rows are about the person. A row is, where a key of it names the person, or a row that is about them (an order
// of theirs, the deal behind it, a visitor's mark on a contact that was theirs), unless it names another customer.
#include <set>

#include "base/text.h"
#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

using model::ColumnType;
using store::quote_identifier;
using store::quote_text;

constexpr std::string_view kCustomers = "customers";
constexpr std::string_view kAsRead = "replace(source_key, chr(31), ' / ')";

/// Everybody who has a number as a customer, with a row or without.
std::string all_customers() {
  return fmt::format("(SELECT key, source, source_key FROM customers UNION SELECT key, source, source_key FROM {})",
                     quote_identifier(store::key_table(kCustomers)));
}

/// Always an error: which.
Result<std::int64_t> unknown(const Erasing& erasing, const Order& order) {
  const std::string of_source = order.source.empty() ? "true" : "source = " + quote_text(order.source);
  VIGIE_TRY(const std::vector<std::string> sources,
            texts(erasing.connection, fmt::format("SELECT DISTINCT source FROM {}", all_customers())));
  if (!order.source.empty() && std::ranges::find(sources, order.source) == sources.end())
    return fail(ErrorKind::usage, "erase.unknown", fmt::format("no customer comes from \"{}\"", order.source), {},
                suggestion(order.source, sources));
  for (const std::string& source : sources)
    if (const auto before = erasing.privacy.pseudonym(source, kCustomers, order.id);
        before && (order.source.empty() || order.source == source))
      return fail(ErrorKind::usage, "erase.already",
                  fmt::format("that customer of {} was erased before, and is {} since", source, *before), {},
                  "vigie erase list prints what was erased");
  VIGIE_TRY(const std::vector<std::string> near,
            texts(erasing.connection, fmt::format("SELECT text FROM (SELECT {0} AS text FROM {1} WHERE {2}) ORDER BY "
                                                  "damerau_levenshtein(lower(text), lower({3})), text LIMIT 1",
                                                  kAsRead, all_customers(), of_source, quote_text(order.id))));
  return fail(ErrorKind::usage, "erase.unknown", fmt::format("no customer has the id \"{}\"", order.id), {},
              near.empty() ? "the id is what the source calls the customer" : did_you_mean(near.front()));
}

/// The references of a table by which its rows are about somebody, and its keys that no table has.
std::vector<const model::Column*> leading_keys(const model::Table& table) {
  std::vector<const model::Column*> out;
  for (const model::Column& column : table.columns)
    if (column.type == ColumnType::key && column.subject && (!column.references.empty() || column.personal))
      out.push_back(&column);
  return out;
}

/// True of rows that name no other customer.
std::string names_no_other(const model::Table& table) {
  std::string out = "true";
  if (table.name == kCustomers) return out;
  for (const model::Column& column : table.columns)
    if (column.references == kCustomers && column.subject)
      out += fmt::format(" AND ({0} IS NULL OR {0} IN {1})", quote_identifier(column.name), rows_of(kCustomers));
  return out;
}

/// Numbers that a SELECT gives, of a table or a name space; how many are new.
Result<std::int64_t> add(const Erasing& erasing, std::string_view t, const std::string& keys) {
  return erasing.connection.execute_count(
      fmt::format("INSERT INTO {0} SELECT DISTINCT {1}, k FROM ({2}) AS s(k) WHERE k IS NOT NULL AND k NOT IN {3}",
                  kRows, quote_text(t), keys, rows_of(t)));
}

/// A mark of a visitor, say, that stands on a row of theirs and on none of another customer's.
Result<std::int64_t> add_mark(const Erasing& erasing, const model::Table& table, const model::Column& column) {
  const std::string name = quote_identifier(column.name), of = quote_identifier(table.name);
  std::string others;
  for (const model::Table& other : erasing.model.tables())
    for (const model::Column& same : other.columns)
      if (same.type == ColumnType::key && store::key_space(same) == column.name)
        others += fmt::format(" AND {0} NOT IN (SELECT {1} FROM {2} WHERE {1} IS NOT NULL AND NOT ({3}))", name,
                              quote_identifier(same.name), quote_identifier(other.name), names_no_other(other));
  return add(erasing, column.name,
             fmt::format("SELECT {0} FROM {1} WHERE key IN {2} AND {0} IS NOT NULL{3}", name, of, rows_of(table.name),
                         others));
}

Result<std::int64_t> follow(const Erasing& erasing, const model::Table& table) {
  std::int64_t found = 0;
  for (const model::Column* column : leading_keys(table)) {
    const std::string name = quote_identifier(column->name), of = quote_identifier(table.name);
    const std::string_view space = store::key_space(*column);
    VIGIE_TRY(std::int64_t more, add(erasing, table.name,
                                     fmt::format("SELECT key FROM {} WHERE {} IN {} AND {}", of, name, rows_of(space),
                                                 names_no_other(table))));
    found += more;
    if (column->references.empty()) {
      VIGIE_TRY(more, add_mark(erasing, table, *column));
      found += more;
    } else if (table.person && column->references == table.name) {  // one person in two records
      VIGIE_TRY(more, add(erasing, table.name,
                          fmt::format("SELECT {} FROM {} WHERE key IN {}", name, of, rows_of(table.name))));
      found += more;
    }
  }
  // A deal's lead is the person too.
  for (const model::Column* column : leading_keys(table)) {
    const model::Table* other = erasing.model.table(column->references);
    if (other == nullptr || !other->person || other == &table || other->name == kCustomers) continue;
    VIGIE_TRY(const std::int64_t more,
              add(erasing, other->name,
                  fmt::format("SELECT p.key FROM {} AS p WHERE p.key IN (SELECT {} FROM {} WHERE key IN {}) AND {}",
                              quote_identifier(other->name), quote_identifier(column->name),
                              quote_identifier(table.name), rows_of(table.name), names_no_other(*other))));
    found += more;
  }
  return found;
}

Result<> follow_all(const Erasing& erasing) {
  for (std::int64_t found = 1; found > 0;) {
    found = 0;
    for (const model::Table& table : erasing.model.tables()) {
      VIGIE_TRY(const std::int64_t more, follow(erasing, table));
      found += more;
    }
  }
  return {};
}

}  // namespace

std::string rows_of(std::string_view table) {
  return fmt::format("(SELECT key FROM {} WHERE t = {})", kRows, quote_text(table));
}

Result<std::int64_t> count(store::Connection& connection, const std::string& sql) {
  VIGIE_TRY(const store::ResultSet rows, connection.query(sql));
  return rows.rows() == 0 ? 0 : rows.int64(0, 0);
}

Result<std::vector<std::string>> texts(store::Connection& connection, const std::string& sql) {
  VIGIE_TRY(const store::ResultSet rows, connection.query(sql));
  std::vector<std::string> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    if (!rows.is_null(row, 0)) out.push_back(rows.text(row, 0));
  return out;
}

void note(std::vector<Cleared>& list, std::string place, std::string column, std::int64_t rows) {
  if (rows == 0) return;
  for (Cleared& one : list)
    if (one.place == place && one.column == column) {
      one.rows += rows;
      return;
    }
  list.push_back({std::move(place), std::move(column), rows});
}

Result<std::int64_t> find_customer(const Erasing& erasing, const Order& order, Receipt& receipt) {
  VIGIE_TRY(
      const store::ResultSet rows,
      erasing.connection.query(fmt::format(
          "SELECT key, source, {0} FROM {1} WHERE (source_key = {2} OR {0} = {2}) AND {3} ORDER BY source, source_key",
          kAsRead, all_customers(), quote_text(order.id),
          order.source.empty() ? "true" : "source = " + quote_text(order.source))));
  if (rows.rows() == 0) return unknown(erasing, order);
  std::vector<std::string> sources;
  for (std::size_t row = 0; row < rows.rows(); ++row) sources.push_back(rows.text(row, 1));
  if (rows.rows() > 1)
    return fail(ErrorKind::usage, "erase.several_sources",
                fmt::format("\"{}\" is the id of a customer in several sources: {}", order.id, join(sources, ", ")), {},
                fmt::format("say which is meant: --source {}", sources.front()));
  if (ingest::is_erased(rows.text(0, 2)))
    return fail(ErrorKind::usage, "erase.already",
                fmt::format("that customer of {} was erased before, and is {} since", sources.front(), rows.text(0, 2)),
                {}, "vigie erase list prints what was erased");
  receipt.source = sources.front();
  return rows.int64(0, 0);
}

Result<> find_rows(const Erasing& erasing, std::int64_t customer) {
  VIGIE_CHECK(erasing.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {0}(t VARCHAR, key BIGINT); INSERT INTO {0} VALUES ({1}, {2})", kRows,
                  quote_text(kCustomers), customer)));
  return follow_all(erasing);
}

/// A survey that somebody answered under the address alone, a lead that is called by it.
Result<> find_rows_by_address(const Erasing& erasing, const std::vector<std::string>& addresses) {
  if (addresses.empty()) return {};
  std::string list;
  for (const std::string& one : addresses)
    list += fmt::format("{}{}", list.empty() ? "" : ", ", quote_text(lower_ascii(one)));
  std::set<std::string_view> spaces;
  for (const model::Table& table : erasing.model.tables()) {
    // A customer of another source is asked for by itself: whose figures that are is not to be guessed.
    if (table.person && table.name != kCustomers)
      VIGIE_CHECK(add(erasing, table.name,
                      fmt::format("SELECT key FROM {} WHERE lower(source_key) IN ({}) AND {}",
                                  quote_identifier(table.name), list, names_no_other(table))));
    for (const model::Column* column : leading_keys(table))
      if (column->references.empty() && spaces.insert(column->name).second)
        VIGIE_CHECK(add(erasing, column->name,
                        fmt::format("SELECT key FROM {} WHERE lower(source_key) IN ({})",
                                    quote_identifier(store::key_table(column->name)), list)));
  }
  return follow_all(erasing);
}

Result<ingest::Person> person_of(const Erasing& erasing, const std::string& pseudonym) {
  ingest::Person out;
  out.pseudonym = pseudonym;
  std::set<std::string> keys, names, addresses;
  const auto take = [&](std::vector<std::string> found, std::set<std::string>& into) {
    for (std::string& one : found) {
      if (ingest::is_erased(one) || ingest::is_hashed(one)) continue;
      if (ingest::is_address(one)) addresses.insert(one);
      into.insert(std::move(one));
    }
  };
  for (const model::Table& table : erasing.model.tables()) {
    if (table.person) {
      VIGIE_TRY(auto found, texts(erasing.connection,
                                  fmt::format("SELECT DISTINCT source_key FROM {0} WHERE key IN {1} UNION SELECT "
                                              "source_key FROM {2} WHERE key IN {1}",
                                              quote_identifier(table.name), rows_of(table.name),
                                              quote_identifier(store::key_table(table.name)))));
      take(std::move(found), keys);
      VIGIE_TRY(const auto columns, text_columns(erasing, table));
      for (const TextColumn& column : columns) {
        if (!column.personal) continue;
        const std::string name = quote_identifier(column.name), of = quote_identifier(table.name);
        VIGIE_TRY(auto values, texts(erasing.connection,
                                     fmt::format("SELECT DISTINCT {0} FROM {1} WHERE key IN {2} AND {0} IS NOT NULL",
                                                 name, of, rows_of(table.name))));
        take(std::move(values), names);
        // What another person has as well says nothing of this one.
        VIGIE_TRY(const auto shared,
                  texts(erasing.connection,
                        fmt::format("SELECT DISTINCT {0} FROM {1} WHERE key NOT IN {2} AND {0} IN (SELECT {0} FROM {1} "
                                    "WHERE key IN {2})",
                                    name, of, rows_of(table.name))));
        for (const std::string& one : shared) addresses.erase(one);
      }
    }
    for (const model::Column* column : leading_keys(table))
      if (column->references.empty()) {
        VIGIE_TRY(auto found, texts(erasing.connection, fmt::format("SELECT source_key FROM {} WHERE key IN {}",
                                                                    quote_identifier(store::key_table(column->name)),
                                                                    rows_of(column->name))));
        take(std::move(found), keys);
      }
  }
  for (const std::string& address : addresses) names.erase(address);
  for (const std::string& key : keys) out.keys.emplace_back(key, "");
  out.names.assign(names.begin(), names.end());
  out.addresses.assign(addresses.begin(), addresses.end());
  return out;
}

}  // namespace vigie::erase
