// What is personal in the rows about the person, and names and addresses in texts beside it.
#include "base/text.h"
#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

using store::quote_identifier;
using store::quote_text;

/// A column of a table, or of its versions (`of`).
struct Place {
  std::string table, column, of;
  std::int64_t erasure = 0;
};

/// A pattern that finds any of the texts where it stands as a word of its own: what is before, and behind it, is kept.
std::string pattern_of(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words)
    if (word.find("\\E") == std::string::npos) out += fmt::format("{}\\Q{}\\E", out.empty() ? "" : "|", word);
  return out.empty() ? out : "(^|[^\\pL\\pN])(?:" + out + ")($|[^\\pL\\pN])";
}

/// Where the source sends such a text again, it is known as a whole (by its digest), and what stands in its place.
Result<> remember(const Erasing& erasing, const Place& place, const std::string& texts_and_others) {
  VIGIE_TRY(const store::ResultSet rows, erasing.connection.query(texts_and_others));
  if (rows.rows() == 0) return {};
  const std::string name = place.table + "." + place.column;
  VIGIE_CHECK(erasing.connection.execute(fmt::format(
      "INSERT INTO _personal SELECT {0}, {1} WHERE NOT EXISTS (SELECT 1 FROM _personal WHERE column_name = {1})",
      quote_text(place.table), quote_text(name))));
  for (std::size_t row = 0; row < rows.rows(); ++row)
    VIGIE_CHECK(erasing.connection.execute(
        fmt::format("UPDATE _erased SET pseudonym = {2} WHERE pseudonym = {1}; INSERT INTO _erased VALUES ('key', {0}, "
                    "{2}, {3})",
                    quote_text(erasing.privacy.key_digest("value", name, rows.text(row, 0))),
                    quote_text(rows.text(row, 0)), quote_text(rows.text(row, 1)), place.erasure)));
  return {};
}

/// Takes them out of a column, in the rows for which `where` holds.
Result<std::int64_t> take_out(const Erasing& erasing, const Place& out, const std::vector<std::string>& words,
                              const std::string& by, const std::string& where) {
  const std::string table = quote_identifier(out.of.empty() ? out.table : out.of),
                    column = quote_identifier(out.column);
  const std::string pattern = pattern_of(words);
  if (pattern.empty()) return 0;
  std::string held;
  for (const std::string& word : words)
    held += fmt::format("{}contains(lower({}), lower({}))", held.empty() ? "" : " OR ", column, quote_text(word));
  const std::string changed =
      fmt::format("regexp_replace({}, {}, {}, 'gi')", column, quote_text(pattern), quote_text("\\1" + by + "\\2"));
  const std::string found =
      fmt::format("({}) AND ({}) AND regexp_matches({}, {}, 'i')", where, held, column, quote_text(pattern));
  VIGIE_CHECK(
      remember(erasing, out, fmt::format("SELECT DISTINCT {}, {} FROM {} WHERE {}", column, changed, table, found)));
  return erasing.connection.execute_count(fmt::format("UPDATE {} SET {} = {} WHERE {}", table, column, changed, found));
}

/// Names of one letter or two would be found everywhere.
std::vector<std::string> telling(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names)
    if (name.size() > 2) out.push_back(name);
  return out;
}

Result<> clear_column(const Erasing& erasing, const ingest::Traces& traces, const model::Table& table,
                      const TextColumn& column, Receipt& receipt) {
  const std::string of = quote_identifier(table.name), name = quote_identifier(column.name);
  const ingest::Person& person = traces.person();
  if (column.personal) {
    VIGIE_TRY(const std::int64_t gone,
              erasing.connection.execute_count(fmt::format(
                  "UPDATE {0} SET {1} = NULL WHERE key IN {2} AND {1} IS NOT NULL", of, name, rows_of(table.name))));
    note(receipt.fields, table.name, column.name, gone);
  } else {
    VIGIE_TRY(const std::int64_t named,
              take_out(erasing, {table.name, column.name, "", receipt.id}, telling(person.names), person.pseudonym,
                       "key IN " + rows_of(table.name)));
    note(receipt.texts, table.name, column.name, named);
  }
  for (const std::string& address : person.addresses) {
    VIGIE_TRY(const std::int64_t taken, take_out(erasing, {table.name, column.name, "", receipt.id}, {address},
                                                 erasing.privacy.stand_in(address), "true"));
    note(receipt.texts, table.name, column.name, taken);
  }
  return {};
}

/// Of earlier versions, the columns that are kept with them.
Result<> clear_versions(const Erasing& erasing, const ingest::Traces& traces, const model::Table& table,
                        const std::vector<TextColumn>& columns, Receipt& receipt) {
  for (const store::PhysicalColumn& physical : store::history_columns(table)) {
    const auto column = std::ranges::find(columns, physical.name, &TextColumn::name);
    if (column == columns.end()) continue;
    const std::string of = quote_identifier(store::history_table(table.name)), name = quote_identifier(column->name);
    if (column->personal) {
      VIGIE_TRY(const std::int64_t gone,
                erasing.connection.execute_count(fmt::format(
                    "UPDATE {0} SET {1} = NULL WHERE key IN {2} AND {1} IS NOT NULL", of, name, rows_of(table.name))));
      note(receipt.fields, store::history_table(table.name), column->name, gone);
      continue;
    }
    const ingest::Person& person = traces.person();
    std::vector<std::string> words = telling(person.names);
    words.insert(words.end(), person.addresses.begin(), person.addresses.end());
    VIGIE_TRY(const std::int64_t named,
              take_out(erasing, {table.name, column->name, store::history_table(table.name), receipt.id}, words,
                       person.pseudonym, "key IN " + rows_of(table.name)));
    note(receipt.texts, store::history_table(table.name), column->name, named);
  }
  return {};
}

}  // namespace

Result<std::vector<TextColumn>> text_columns(const Erasing& erasing, const model::Table& table) {
  std::vector<TextColumn> out;
  for (const model::Column& column : table.columns)
    if (column.type == model::ColumnType::text && column.name != "currency")
      out.push_back({column.name, column.personal});
  VIGIE_TRY(const std::vector<store::Attribute> attributes, store::attributes(erasing.connection));
  VIGIE_TRY(const std::vector<std::string> personal,
            texts(erasing.connection, fmt::format("SELECT DISTINCT column_name FROM _personal WHERE table_name = {}",
                                                  quote_text(table.name))));
  for (const store::Attribute& one : attributes) {
    const bool is_personal = std::ranges::find(personal, one.name) != personal.end();
    if (one.table == table.name && (one.type == store::AttributeType::text || is_personal))
      out.push_back({one.name, is_personal});
  }
  return out;
}

Result<> clear_fields(const Erasing& erasing, const ingest::Traces& traces, Receipt& receipt) {
  for (const model::Table& table : erasing.model.tables()) {
    VIGIE_TRY(const std::int64_t rows,
              count(erasing.connection, fmt::format("SELECT count(*) FROM {} WHERE key IN {}",
                                                    quote_identifier(table.name), rows_of(table.name))));
    note(receipt.rows, table.name, "", rows);
    VIGIE_TRY(const std::vector<TextColumn> columns, text_columns(erasing, table));
    for (const TextColumn& column : columns) {
      VIGIE_CHECK(clear_column(erasing, traces, table, column, receipt));
      if (!table.person || column.personal) continue;
      VIGIE_TRY(const std::int64_t held,
                count(erasing.connection,
                      fmt::format("SELECT count(*) FROM {} WHERE key IN {} AND {} IS NOT NULL",
                                  quote_identifier(table.name), rows_of(table.name), quote_identifier(column.name))));
      if (held > 0) receipt.kept.push_back(table.name + "." + column.name);
    }
    VIGIE_CHECK(clear_versions(erasing, traces, table, columns, receipt));
  }
  return {};
}

}  // namespace vigie::erase
