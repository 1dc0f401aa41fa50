// What is personal in the rows about the person, and names and addresses in texts beside it.
#include <set>

#include "base/text.h"
#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

using store::quote_identifier;
using store::quote_text;

/// A column of a table, or of its versions (`of`); how what is taken out of it is known again (Reworded::place).
struct Place {
  std::string table, column, of, known_as;
  std::int64_t erasure = 0;
};

/// A pattern that finds any of the texts where it stands as a word of its own: what is before, and behind it, is kept.
std::string pattern_of(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words)
    if (word.find("\\E") == std::string::npos) out += fmt::format("{}\\Q{}\\E", out.empty() ? "" : "|", word);
  return out.empty() ? out : "(^|[^\\pL\\pN])(?:" + out + ")($|[^\\pL\\pN])";
}

/// As SQL, that a column holds one of them, as a word or as part of one.
std::string holds_any(const std::string& column, const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words)
    out += fmt::format("{}contains(lower({}), lower({}))", out.empty() ? "" : " OR ", column, quote_text(word));
  return out.empty() ? "false" : out;
}

/// Takes them out of a column, in the rows for which `where` holds.
Result<std::int64_t> take_out(const Erasing& erasing, const Place& out, const std::vector<std::string>& words,
                              const std::string& by, const std::string& where) {
  const std::string table = quote_identifier(out.of), column = quote_identifier(out.column);
  const std::string pattern = pattern_of(words);
  if (pattern.empty()) return 0;
  const std::string held = holds_any(column, words);
  // Twice: what stands between two of them is taken with the first.
  std::string changed = column;
  for (int times = 0; times < 2; ++times)
    changed =
        fmt::format("regexp_replace({}, {}, {}, 'gi')", changed, quote_text(pattern), quote_text("\\1" + by + "\\2"));
  const std::string found =
      fmt::format("({}) AND ({}) AND regexp_matches({}, {}, 'i')", where, held, column, quote_text(pattern));
  VIGIE_TRY(
      const store::ResultSet reworded,
      erasing.connection.query(fmt::format("SELECT DISTINCT {}, {} FROM {} WHERE {}", column, changed, table, found)));
  for (std::size_t row = 0; row < reworded.rows(); ++row)
    VIGIE_CHECK(
        remember(erasing, {out.table, out.known_as, reworded.text(row, 0), reworded.text(row, 1), out.erasure}));
  return erasing.connection.execute_count(fmt::format("UPDATE {} SET {} = {} WHERE {}", table, column, changed, found));
}

/// Names of one letter or two would be found everywhere.
std::vector<std::string> telling(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names)
    if (name.size() > 2) out.push_back(name);
  return out;
}

/// What is looked for in a table, so that a column that holds none of it is read once.
std::vector<std::string> words_of(const ingest::Person& person) {
  std::vector<std::string> out = telling(person.names);
  out.insert(out.end(), person.addresses.begin(), person.addresses.end());
  return out;
}

using Columns = std::set<std::string>;

/// Those of the columns of a table, or of its versions, in which some row may name the person.
Result<Columns> columns_that_name(const Erasing& erasing, const ingest::Traces& traces, const std::string& of,
                                  const std::vector<TextColumn>& columns) {
  Columns out;
  if (columns.empty()) return out;
  const std::vector<std::string> words = words_of(traces.person());
  std::string list;
  for (const TextColumn& column : columns)
    list += fmt::format("{}coalesce(bool_or({}), false)", list.empty() ? "" : ", ",
                        holds_any(quote_identifier(column.name), words));
  VIGIE_TRY(const store::ResultSet found,
            erasing.connection.query(fmt::format("SELECT {} FROM {}", list, quote_identifier(of))));
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (found.boolean(0, i)) out.insert(columns[i].name);
  return out;
}

/// Rows about the person whose text may be taken for theirs: what other people's rows say too in a column of the model
/// (a channel that is called as somebody is) tells of nobody, and figures are split by it.
std::string theirs_alone(const model::Table& table, const TextColumn& column, const std::string& of) {
  const std::string own = "key IN " + rows_of(table.name);
  if (column.attribute) return own;
  return fmt::format("{0} AND {1} NOT IN (SELECT {1} FROM {2} WHERE {1} IS NOT NULL AND NOT ({0}))", own,
                     quote_identifier(column.name), quote_identifier(of));
}

/// Of the table, or of its versions (`of`).
Result<> clear_column(const Erasing& erasing, const ingest::Traces& traces, const model::Table& table,
                      const TextColumn& column, const std::string& of, bool names, Receipt& receipt) {
  const ingest::Person& person = traces.person();
  const Place of_name{table.name, column.name, of, std::string(ingest::kTheirs), receipt.id};
  const Place of_address{table.name, column.name, of, column.name, receipt.id};
  if (column.personal) {
    VIGIE_TRY(const std::int64_t gone, erasing.connection.execute_count(fmt::format(
                                           "UPDATE {0} SET {1} = NULL WHERE key IN {2} AND {1} IS NOT NULL",
                                           quote_identifier(of), quote_identifier(column.name), rows_of(table.name))));
    note(receipt.fields, of, column.name, gone);
  } else if (names) {
    VIGIE_TRY(const std::int64_t named,
              take_out(erasing, of_name, telling(person.names), person.pseudonym, theirs_alone(table, column, of)));
    note(receipt.texts, of, column.name, named);
  }
  if (!names) return {};
  for (const std::string& address : person.addresses) {
    VIGIE_TRY(const std::int64_t taken,
              take_out(erasing, of_address, {address}, erasing.privacy.stand_in(address), "true"));
    note(receipt.texts, of, column.name, taken);
  }
  return {};
}

/// Of earlier versions, the columns that are kept with them.
Result<> clear_versions(const Erasing& erasing, const ingest::Traces& traces, const model::Table& table,
                        const std::vector<TextColumn>& columns, Receipt& receipt) {
  std::vector<TextColumn> kept;
  for (const store::PhysicalColumn& physical : store::history_columns(table))
    if (const auto column = std::ranges::find(columns, physical.name, &TextColumn::name); column != columns.end())
      kept.push_back(*column);
  const std::string versions = store::history_table(table.name);
  VIGIE_TRY(const Columns naming, columns_that_name(erasing, traces, versions, kept));
  for (const TextColumn& column : kept)
    VIGIE_CHECK(clear_column(erasing, traces, table, column, versions, naming.contains(column.name), receipt));
  return {};
}

}  // namespace

Result<> remember(const Erasing& erasing, const Reworded& text) {
  const std::string name = text.table + "." + text.place;
  const bool own = text.place == ingest::kTheirs;  // what is left of an address is left of it in everybody's rows
  return erasing.connection.execute(fmt::format(
      "INSERT INTO _personal SELECT {0}, {1} WHERE NOT EXISTS (SELECT 1 FROM _personal WHERE column_name = {1}); "
      "UPDATE _erased SET pseudonym = {4} WHERE pseudonym = {3}{7}; INSERT INTO _erased VALUES ('{6}', {2}, {4}, {5})",
      quote_text(text.table), quote_text(name), quote_text(erasing.privacy.key_digest("value", name, text.before)),
      quote_text(text.before), quote_text(text.now), text.erasure, own ? "own" : "key",
      own ? " AND kind = 'own'" : ""));
}

Result<std::vector<TextColumn>> text_columns(const Erasing& erasing, const model::Table& table) {
  std::vector<TextColumn> out;
  for (const model::Column& column : table.columns)
    if (column.type == model::ColumnType::text && column.name != "currency")
      out.push_back({.name = column.name, .personal = column.personal});
  VIGIE_TRY(const std::vector<store::Attribute> attributes, store::attributes(erasing.connection));
  VIGIE_TRY(const std::vector<std::string> personal,
            texts(erasing.connection, fmt::format("SELECT DISTINCT column_name FROM _personal WHERE table_name = {}",
                                                  quote_text(table.name))));
  for (const store::Attribute& one : attributes) {
    const bool is_personal = std::ranges::find(personal, one.name) != personal.end();
    if (one.table == table.name && (one.type == store::AttributeType::text || is_personal))
      out.push_back({.name = one.name, .personal = is_personal, .attribute = true});
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
    VIGIE_TRY(const Columns naming, columns_that_name(erasing, traces, table.name, columns));
    for (const TextColumn& column : columns) {
      VIGIE_CHECK(clear_column(erasing, traces, table, column, table.name, naming.contains(column.name), receipt));
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
