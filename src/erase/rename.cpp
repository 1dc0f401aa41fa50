// Keys that tell who it is: each gets another text and another number, wherever it stands.
#include <set>

#include "base/keyed_digest.h"
#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

using model::ColumnType;
using store::quote_identifier;
using store::quote_text;

struct Numbered {
  std::int64_t old;
  std::string source, text;
};

Result<std::vector<Numbered>> known_keys(const Erasing& erasing, const std::string& sql) {
  VIGIE_TRY(const store::ResultSet rows, erasing.connection.query(sql));
  std::vector<Numbered> out;
  for (std::size_t row = 0; row < rows.rows(); ++row)
    if (!ingest::is_erased(rows.text(row, 2)))
      out.push_back({rows.int64(row, 0), rows.text(row, 1), rows.text(row, 2)});
  return out;
}

/// An address has one stand-in wherever it stands, so that records that refer to it still meet.
Result<std::string> pseudonym_of(const Erasing& erasing, const std::string& space, const Numbered& key) {
  constexpr std::size_t kBytes = 8;
  std::string fresh = std::string(ingest::kErased) + random_hex(kBytes);
  if (!ingest::is_address(key.text)) return fresh;
  std::string stand_in = erasing.privacy.stand_in(key.text);
  VIGIE_TRY(const std::int64_t taken,
            count(erasing.connection,
                  fmt::format("SELECT (SELECT count(*) FROM {0} WHERE key = {1}) + (SELECT count(*) "
                              "FROM {2} WHERE new = {1} AND space = {3})",
                              quote_identifier(store::key_table(space)),
                              store::natural_key(key.source, space, stand_in), kRenamed, quote_text(space))));
  return taken == 0 ? stand_in : fresh;
}

Result<> add_name(const Erasing& erasing, std::string_view space, const Numbered& key, const std::string& text) {
  return erasing.connection.execute(fmt::format("INSERT INTO {} VALUES ({}, {}, {}, {}, {}, {})", kRenamed,
                                                quote_text(space), key.old, store::natural_key(key.source, space, text),
                                                quote_text(key.source), quote_text(key.text), quote_text(text)));
}

Result<> suppress(const Erasing& erasing, std::string_view space, const Numbered& key, const std::string& pseudonym,
                  std::int64_t erasure) {
  VIGIE_CHECK(add_name(erasing, space, key, pseudonym));
  return erasing.connection.execute(fmt::format("INSERT INTO _erased VALUES ('key', {}, {}, {})",
                                                quote_text(erasing.privacy.key_digest(key.source, space, key.text)),
                                                quote_text(pseudonym), erasure));
}

/// Rows that are no person and are called by an address: an answer, say, by who gave it.
Result<> name_rows_anew(const Erasing& erasing, const model::Table& table) {
  VIGIE_TRY(const std::vector<Numbered> all,
            known_keys(erasing, fmt::format("SELECT key, source, source_key FROM {} WHERE key IN {} AND "
                                            "(contains(source_key, '@') OR regexp_matches(source_key, '[0-9]{{3}}'))",
                                            quote_identifier(table.name), rows_of(table.name))));
  for (const Numbered& one : all)
    if (const std::string text = erasing.privacy.without_addresses(one.text); text != one.text)
      VIGIE_CHECK(add_name(erasing, table.name, one, text));
  return {};
}

std::string renamed_in(std::string_view space) {
  return fmt::format("(SELECT old, new, new_text FROM {} WHERE space = {})", kRenamed, quote_text(space));
}

Result<> replace_key(const Erasing& erasing, const std::string& table, const std::string& column,
                     std::string_view space, const std::string& text_column = {}) {
  const std::string also = text_column.empty() ? "" : fmt::format(", {} = r.new_text", text_column);
  return erasing.connection.execute(fmt::format("UPDATE {0} SET {1} = r.new{2} FROM {3} AS r WHERE {0}.{1} = r.old",
                                                quote_identifier(table), quote_identifier(column), also,
                                                renamed_in(space)));
}

Result<> rename_in_table(const Erasing& erasing, const model::Table& table, const std::set<std::string>& spaces) {
  for (const model::Column& column : table.columns)
    if (column.type == ColumnType::key && spaces.contains(std::string(store::key_space(column))))
      VIGIE_CHECK(replace_key(erasing, table.name, column.name, store::key_space(column)));
  const std::vector<store::PhysicalColumn> versions = store::history_columns(table);
  for (const store::PhysicalColumn& physical : versions) {
    const model::Column* column = table.find(physical.name);
    if (column != nullptr && column->type == ColumnType::key && spaces.contains(std::string(store::key_space(*column))))
      VIGIE_CHECK(replace_key(erasing, store::history_table(table.name), column->name, store::key_space(*column)));
  }
  if (!spaces.contains(table.name)) return {};
  VIGIE_CHECK(replace_key(erasing, table.name, "key", table.name, "source_key"));
  if (table.neighbours)
    for (const char* beside : {"prev_key", "next_key"})
      VIGIE_CHECK(replace_key(erasing, table.name, beside, table.name));
  if (!versions.empty()) VIGIE_CHECK(replace_key(erasing, store::history_table(table.name), "key", table.name));
  return {};
}

}  // namespace

Result<> name_anew(const Erasing& erasing, std::int64_t customer, const std::string& pseudonym, std::int64_t erasure) {
  VIGIE_CHECK(erasing.connection.execute(
      fmt::format("CREATE OR REPLACE TEMP TABLE {}(space VARCHAR, old BIGINT, new BIGINT, source VARCHAR, old_text "
                  "VARCHAR, new_text VARCHAR)",
                  kRenamed)));
  for (const std::string& space : store::key_spaces(erasing.model)) {
    const model::Table* table = erasing.model.table(space);
    if (table != nullptr && !table->person) continue;
    const std::string keys = quote_identifier(store::key_table(space));
    std::string sql = fmt::format("SELECT key, source, source_key FROM {} WHERE key IN {}", keys, rows_of(space));
    if (table != nullptr)
      sql = fmt::format("SELECT key, source, source_key FROM {} WHERE key IN {} UNION {}", quote_identifier(space),
                        rows_of(space), sql);
    VIGIE_TRY(const std::vector<Numbered> found, known_keys(erasing, sql));
    for (const Numbered& one : found) {
      const bool is_asked = space == "customers" && one.old == customer;
      VIGIE_TRY(const std::string fresh, pseudonym_of(erasing, space, one));
      VIGIE_CHECK(suppress(erasing, space, one, is_asked ? pseudonym : fresh, erasure));
    }
  }
  for (const model::Table& table : erasing.model.tables())
    if (!table.person) VIGIE_CHECK(name_rows_anew(erasing, table));
  return {};
}

Result<> pair_keys(const Erasing& erasing, ingest::Person& person) {
  VIGIE_TRY(const store::ResultSet rows,
            erasing.connection.query(fmt::format("SELECT old_text, min(new_text) FROM {} GROUP BY old_text HAVING "
                                                 "count(DISTINCT new_text) = 1",
                                                 kRenamed)));
  for (std::size_t row = 0; row < rows.rows(); ++row)
    for (auto& [key, pseudonym] : person.keys)
      if (key == rows.text(row, 0)) pseudonym = rows.text(row, 1);
  return {};
}

Result<> rename(const Erasing& erasing, Receipt& receipt) {
  VIGIE_TRY(const std::vector<std::string> list,
            texts(erasing.connection, fmt::format("SELECT DISTINCT space FROM {} ORDER BY space", kRenamed)));
  const std::set<std::string> spaces(list.begin(), list.end());
  for (const model::Table& table : erasing.model.tables()) VIGIE_CHECK(rename_in_table(erasing, table, spaces));
  const std::vector<std::string> referred_to = store::key_spaces(erasing.model);
  for (const std::string& space : spaces) {
    if (std::ranges::find(referred_to, space) != referred_to.end())
      VIGIE_CHECK(replace_key(erasing, store::key_table(space), "key", space, "source_key"));
    VIGIE_TRY(const std::int64_t rows,
              count(erasing.connection, fmt::format("SELECT count(*) FROM {}", renamed_in(space))));
    note(receipt.keys, space, "", rows);
  }
  for (const char* queue : {"_waiting", "_settled"}) {
    const bool waits = std::string_view(queue) == "_waiting";
    VIGIE_CHECK(erasing.connection.execute(
        fmt::format("UPDATE {0} SET key = r.new{1} FROM {2} AS r WHERE {0}.key = r.old AND {0}.table_name = r.space",
                    queue, waits ? ", own_key = r.new_text" : "", kRenamed)));
  }
  return {};
}

}  // namespace vigie::erase
