// Levels of the SELECT, each a subquery of the next:
//   reader   c0 … cN, broken[, ordinal]     as the file has them
//   clean    t0 … tN                        blanks off, nothing is null; only the columns that are used; the filter
//            h0 … hN                        of those that are hashed, what stands in their place from here on
//   base     b0 … bK                        of each mapped column, the text of the source
//   text     r0 … rK                        after values and defaults
//   value    v0 … vK                        cast
//   row      the physical columns           checks across columns
#include "ingest/row_sql.h"

#include "base/text.h"
#include "expr/check.h"
#include "ingest/fault.h"
#include "ingest/functions.h"
#include "ingest/map_reader.h"
#include "ingest/quarantine.h"
#include "store/print_rel.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

/// Between the parts of a key, as SQL and as it stands in the text.
constexpr std::string_view kPartJoint = " || chr(31) || ";
constexpr char kJoint = '\x1f';

/// The columns of a file, all texts, as an expression sees them.
class InputScope final : public expr::Scope {
 public:
  explicit InputScope(const RowSource& source) : source_(source) {}
  std::string subject() const override { return source_.file; }
  std::optional<expr::ColumnInfo> column(std::string_view name) const override {
    if (std::ranges::find(source_.columns, name) == source_.columns.end()) return std::nullopt;
    return expr::ColumnInfo{expr::Type::text, 0};
  }
  std::vector<std::string> column_names() const override { return source_.columns; }
  std::optional<expr::Type> parameter(std::string_view) const override { return std::nullopt; }
  std::vector<std::string> parameter_names() const override { return {}; }

 private:
  const RowSource& source_;
};

/// The separator that a header of one column was probably written with.
std::string_view likely_delimiter(std::string_view header) {
  for (const std::string_view mark : {";", "\t", "|", ","})
    if (header.find(mark) != std::string_view::npos) return mark;
  return "";
}

/// Between quotes a number is a text, which is right where something equals it, and wrong where it is less or more.
Error with_hint_of_texts(Error error) {
  if (error.code == "expr.type" && error.hint.starts_with("write '"))
    error.hint += "; columns are texts here, and < and > compare texts letter by letter: compare numbers in a query";
  return error;
}

std::string nulls_of(const Map& map) {
  std::vector<std::string> all;
  for (const Input& input : map.inputs)
    if (input.name.empty()) all = input.null_values;  // those of named inputs apply before the query
  return joined_texts(all);
}

/// Codes whose sentence does not depend on the column.
std::string general_sentences() {
  std::string out;
  for (const Fault fault : {Fault::number, Fault::precision, Fault::overflow, Fault::integer, Fault::date,
                            Fault::date_range, Fault::boolean, Fault::currency})
    out += fmt::format(" WHEN {} THEN {}", quote_text(code_of(fault)), quote_text(sentence_of(fault)));
  return out;
}

bool is_free_text(const ColumnMap& column) {
  return type_of(column) == model::ColumnType::text && column.name != "currency";
}

}  // namespace

std::string key_as_read(std::string_view natural) { return join(split(natural, kJoint), " / "); }

std::unexpected<Error> RowSql::unknown_column(const Named& name) const {
  if (!source_.columns.empty() && lower_ascii(source_.columns[0]).starts_with("sep="))
    return fail(ErrorKind::usage, "map.input_column",
                fmt::format("no column \"{}\": the first line of {} names a separator, as Excel writes it", name.name,
                            source_.file),
                name.where, "say under input: skip: 1, and that separator as delimiter");
  if (source_.columns.size() == 1) {
    const std::string_view mark = likely_delimiter(source_.columns[0]);
    if (!mark.empty() && mark != source_.delimiter) {
      const std::string shown = mark == "\t" ? "\\t" : std::string(mark);
      return fail(ErrorKind::usage, "map.input_column",
                  fmt::format("no column \"{}\": the header of {} is one column \"{}\"", name.name, source_.file,
                              source_.columns[0]),
                  name.where, fmt::format("is the delimiter \"{0}\"? Then say under input: delimiter: \"{0}\"", shown));
    }
  }
  std::string hint = suggestion(name.name, source_.columns);
  if (hint.empty()) hint = "it has: " + join(source_.columns, ", ").substr(0, 400);
  return fail(ErrorKind::usage, "map.input_column", fmt::format("no column \"{}\" in {}", name.name, source_.file),
              name.where, hint);
}

Result<std::size_t> RowSql::find(const Named& name) {
  const auto found = std::ranges::find(source_.columns, name.name);
  if (found == source_.columns.end()) return unknown_column(name);
  const auto index = static_cast<std::size_t>(found - source_.columns.begin());
  used_[index] = true;
  return index;
}

Result<std::string> RowSql::text_of(const Named& name) {
  VIGIE_TRY(const std::size_t index, find(name));
  return fmt::format("{}{}", map_->is_hashed(name.name) ? 'h' : 't', index);
}

bool RowSql::is_personal(const ColumnMap& column) const {
  return std::ranges::find(settings_.privacy.personal, column.name) != settings_.privacy.personal.end();
}

/// A text that an erasure changed in one of the table's places (ingest/privacy.h) comes again as it was: the whole of
/// it is known.
std::string RowSql::known_text(std::string_view name, const std::string& text) const {
  const std::string place = fmt::format("{}.{}", map_->table->name, name);
  const bool is_known = std::ranges::find(settings_.privacy.personal, place) != settings_.privacy.personal.end();
  return is_known ? fmt::format("vigie_pseudonym('value', {}, {})", quote_text(place), text) : text;
}

std::string RowSql::text_of_anybody(const ColumnMap& column, const std::string& text) const {
  return known_text(kAnybodys, known_text(column.name, text));
}

/// First as it stood in theirs; what is left may be what somebody else's row said, or theirs after another erasure.
std::string RowSql::text_of_erased(const ColumnMap& column, const std::string& text) const {
  return known_text(kTheirs, text_of_anybody(column, known_text(kTheirs, text)));
}

/// Over v_k and natural_text, in which pseudonyms stand already: of rows that are a person, or about one. Where a map
/// tells of nobody, whom its row is about already.
std::string RowSql::is_of_erased() const {
  const auto is_pseudonym = [](const std::string& text) {
    return fmt::format("coalesce(starts_with({}, '{}'), false)", text, kErased);
  };
  std::string out = natural_.empty() ? "false" : is_pseudonym("natural_text");
  bool tells = map_->table->person || natural_.empty() || map_->keyed_by_row();
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const model::Column* column = columns_[k].map->column;
    if (column == nullptr || column->type != model::ColumnType::key || !column->subject) continue;
    out += " OR " + is_pseudonym(fmt::format("v{}", k));
    tells = tells || !column->references.empty();
    if (!column->references.empty())
      out += fmt::format(
          " OR coalesce({} IN (SELECT key FROM vigie_erased_rows WHERE t = {}), false)",
          store::natural_key_sql(quote_text(columns_[k].map->source), store::key_space(*column), fmt::format("v{}", k)),
          quote_text(column->references));
  }
  if (!tells)
    out += fmt::format(" OR coalesce({} IN (SELECT key FROM vigie_erased_rows WHERE t = {}), false)",
                       store::natural_key_sql(quote_text(map_->source), map_->table->name, "natural_text"),
                       quote_text(map_->table->name));
  return out;
}

Result<std::string> RowSql::condition(const std::string& text, const SourcePosition& where) {
  const InputScope scope(source_);
  auto parsed = expr::parse_and_check(text, scope, where, expr::Type::boolean);
  if (!parsed) return std::unexpected(with_hint_of_texts(std::move(parsed).error()));
  const expr::Expr checked = *std::move(parsed);
  std::vector<std::string> names;
  expr::columns_of(checked, names);
  for (const std::string& name : names) VIGIE_CHECK(find({name, where}));
  const expr::Expr renamed = expr::map_columns(checked, [&](const expr::Node& node) -> expr::Expr {
    const auto index = std::ranges::find(source_.columns, node.name) - source_.columns.begin();
    return expr::column(fmt::format("t{}", index), expr::Type::text);
  });
  return "(" + expr::print_condition(renamed, store::duckdb_dialect()) + ")";
}

Result<std::string> RowSql::base_of(const ColumnMap& column) {
  std::string out;
  if (column.constant) {
    out = quote_text(*column.constant) + "::VARCHAR";
  } else if (!column.join.empty()) {
    std::string parts;
    for (const Named& name : column.join) {
      VIGIE_TRY(const std::string text, text_of(name));
      parts.append(parts.empty() ? "" : kPartJoint).append(text);
    }
    out = "(" + parts + ")";  // null as soon as one part is
  } else {
    std::string list;
    for (const Named& name : column.from) {
      VIGIE_TRY(const std::string text, text_of(name));
      list += (list.empty() ? "" : ", ") + text;
    }
    out = column.from.size() == 1 ? list : "coalesce(" + list + ")";
  }
  if (column.privacy == Protection::hash && !column.null_values.empty()) {
    std::string nulls;  // said of the text, of which a digest is all that is left
    for (const std::string& null : column.null_values)
      nulls += fmt::format("{}vigie_hash({})", nulls.empty() ? "" : ", ", quote_text(null));
    return fmt::format("CASE WHEN {0} IN ({1}) THEN NULL ELSE {0} END", out, nulls);
  }
  for (const std::string& null : column.null_values) out = fmt::format("nullif({}, {})", out, quote_text(null));
  return out;
}

Result<> RowSql::add(const ColumnMap& column) {
  const std::size_t k = columns_.size();
  OwnWriting typed;
  for (const Named& name : column.from) {
    VIGIE_TRY(const std::size_t index, find(name));
    const std::string& type = source_.types[index];
    typed.numbers = typed.numbers || (type != "VARCHAR" && type != kTimeText);
    typed.times = typed.times || (type != "VARCHAR" && type != kNumberText);
  }
  ColumnSql sql;
  VIGIE_TRY(sql.base, base_of(column));
  const std::string currency = map_->currency.empty() ? settings_.base_currency : map_->currency;
  set_cast(column, k, typed, settings_, currency, sql);
  if (!column.when.empty()) {
    VIGIE_TRY(const std::string when, condition(column.when, column.when_where));
    sql.base = fmt::format("CASE WHEN {} THEN {} END", when, sql.base);
    sql.text = fmt::format("CASE WHEN {} THEN {} END", when, sql.text);
  }
  if (column.column != nullptr && column.column->type == model::ColumnType::key) {
    references_.push_back({column.name, std::string(store::key_space(*column.column)), column.source});
    if (settings_.privacy.any_erased) {
      sql.value = fmt::format("vigie_pseudonym({}, {}, {})", quote_text(column.source),
                              quote_text(store::key_space(*column.column)), sql.value);
      if (column.column->references.empty()) sql.value = fmt::format("vigie_without_addresses({})", sql.value);
    }
  } else if (settings_.privacy.any_erased && is_free_text(column)) {
    const std::string theirs = text_of_erased(column, sql.value);
    sql.value = text_of_anybody(column, sql.value);
    if (theirs != sql.value && !is_personal(column))
      for (auto& [physical, value] : sql.physical)
        value = fmt::format("CASE WHEN is_of_erased THEN {} ELSE {} END", theirs, value);
  }
  if (settings_.privacy.any_erased && is_personal(column) && type_of(column) != model::ColumnType::key)
    for (auto& [physical, value] : sql.physical) value = fmt::format("CASE WHEN NOT is_of_erased THEN {} END", value);
  columns_.push_back(std::move(sql));
  return {};
}

/// The text of one column of the table's own key; empty where the row has none.
std::string RowSql::key_part(const std::string& column) const {
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    if (columns_[k].map->name != column) continue;
    switch (columns_[k].map->column->type) {
      case model::ColumnType::date: return fmt::format("coalesce((DATE '1970-01-01' + v{})::VARCHAR, '')", k);
      case model::ColumnType::instant: return fmt::format("coalesce(v{}.at::VARCHAR, '')", k);
      default: return fmt::format("coalesce(v{}::VARCHAR, '')", k);
    }
  }
  const std::string currency = map_->currency.empty() ? settings_.base_currency : map_->currency;
  return column == "currency" ? quote_text(currency) : "''";
}

Result<> RowSql::set_key() {
  if (map_->keyed_by_row()) {
    natural_ = source_.row_key;
    return {};  // no person's
  }
  if (map_->key.empty()) {
    for (const std::string& column : map_->table->key)
      natural_.append(natural_.empty() ? "" : kPartJoint).append(key_part(column));
    return {};  // of parts in which pseudonyms stand
  }
  for (const Named& name : map_->key) {
    VIGIE_TRY(const std::string text, text_of(name));
    natural_.append(natural_.empty() ? "" : kPartJoint).append(text);
    empty_parts_ += fmt::format(", CASE WHEN {} IS NULL THEN {} END", text, quote_text(name.name));
  }
  natural_ = "nfc_normalize(" + natural_ + ")";
  if (settings_.privacy.any_erased)
    natural_ = map_->table->person ? fmt::format("vigie_pseudonym({}, {}, {})", quote_text(map_->source),
                                                 quote_text(map_->table->name), natural_)
                                   : fmt::format("vigie_without_addresses({})", natural_);
  return {};
}

/// A check may name columns that the map does not give: those hold what the model puts there.
void RowSql::set_checks() {
  for (const model::RowCheck& check : map_->table->checks) {
    checks_.emplace_back(&check, fmt::format("NOT ({})", expr::print(check.holds, store::duckdb_dialect())));
    std::vector<std::string> names;
    expr::columns_of(check.holds, names);
    for (const std::string& name : names) {
      const model::Column* column = map_->table->find(name);
      if (column == nullptr || map_->find(name) != nullptr) continue;
      for (const store::PhysicalColumn& physical : store::physical_columns(*map_->table, *column)) {
        const bool filled = !column->fallback.empty() && physical.name == name;
        std::string sql = fmt::format("{}::{} AS {}", filled ? quote_text(column->fallback) : "NULL", physical.type,
                                      store::quote_identifier(physical.name));
        if (std::ranges::find(unmapped_, sql) == unmapped_.end()) unmapped_.push_back(std::move(sql));
      }
    }
  }
}

Result<RowSql> RowSql::make(const Map& map, RowSource source, const RowSettings& settings) {
  RowSql out(map, std::move(source), settings);
  for (const ColumnMap& column : map.columns) VIGIE_CHECK(out.add(column));
  VIGIE_CHECK(out.set_key());
  out.set_checks();
  if (!map.filter.empty()) {
    VIGIE_TRY(out.filter_, out.condition(map.filter, map.filter_where));
  }
  return out;
}

std::string RowSql::cast_rows(std::string_view reader) const {
  std::string clean = "*";
  const std::string nulls = quote_text(nulls_of(*map_));
  for (const auto& [index, used] : used_) {
    const std::string text = fmt::format(
        "vigie_trim({}, {})",
        source_.types[index] == "VARCHAR" ? fmt::format("c{}", index) : fmt::format("c{}::VARCHAR", index), nulls);
    clean += fmt::format(", {} AS t{}", text, index);
    if (map_->is_hashed(source_.columns[index]))
      clean += fmt::format(", vigie_hash(nfc_normalize({})) AS h{}", text, index);
  }
  std::string base = "*", text = "*", value = "*";
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    base += fmt::format(", {} AS b{}", columns_[k].base, k);
    text += fmt::format(", {} AS r{}", columns_[k].text, k);
    value += fmt::format(", {} AS v{}", columns_[k].value, k);
  }
  std::string rows = fmt::format("SELECT {} FROM ({})", clean, reader);
  if (!filter_.empty()) rows = fmt::format("SELECT * FROM ({}) WHERE broken IS NOT NULL OR {}", rows, filter_);
  rows = fmt::format("SELECT {} FROM (SELECT {} FROM (SELECT {} FROM ({})))", value, text, base, rows);
  std::string row = fmt::format("*, {} AS natural_text", natural_.empty() ? "NULL::VARCHAR" : natural_);
  if (settings_.privacy.any_erased) {
    rows = fmt::format("SELECT *, {} AS is_of_erased FROM (SELECT {} FROM ({}))", is_of_erased(), row, rows);
    row = "*";
  }
  for (const ColumnSql& column : columns_)
    for (const auto& [physical, sql] : column.physical)
      row += fmt::format(", {} AS {}", sql, store::quote_identifier(physical.name));
  for (const std::string& column : unmapped_) row += ", " + column;
  return fmt::format("SELECT {} FROM ({})", row, rows);
}

std::string RowSql::is_bad() const {
  std::string out = "broken IS NOT NULL";
  if (!natural_.empty()) out += " OR natural_text IS NULL";
  for (const ColumnSql& column : columns_)
    for (const auto& [condition, code] : column.faults) out += fmt::format(" OR ({})", condition);
  for (const auto& [check, fails] : checks_) out += fmt::format(" OR ({})", fails);
  return "coalesce(" + out + ", false)";
}

std::string RowSql::staged(std::string_view reader) const {
  std::string list =
      natural_.empty()
          ? "NULL::BIGINT AS s_key"
          : store::natural_key_sql(quote_text(map_->source), map_->table->name, "natural_text") + " AS s_key";
  list += ", natural_text AS s_natural";
  for (const ColumnSql& column : columns_)
    for (const auto& [physical, sql] : column.physical) list += ", " + store::quote_identifier(physical.name);
  for (std::size_t k = 0; k < columns_.size(); ++k)
    if (columns_[k].map->column != nullptr && columns_[k].map->column->type == model::ColumnType::key)
      list += fmt::format(", {} AS {}", reference_text(k), store::quote_identifier("n_" + columns_[k].map->name));
  if (settings_.numbered) list += ", ordinal AS s_ordinal";
  if (settings_.privacy.any_erased) list += ", is_of_erased AS s_erased";
  return fmt::format("SELECT {}, s_bad FROM (SELECT *, {} AS s_bad FROM ({}))", list, is_bad(), cast_rows(reader));
}

/// A bad row tells no news: its reference might come again, in a row that stays.
std::string RowSql::reference_text(std::size_t k) const {
  if (settings_.seen.empty()) return fmt::format("v{}", k);
  return fmt::format("CASE WHEN s_bad THEN NULL WHEN vigie_seen_news({0}, {1}, v{2}) THEN v{2} END", settings_.seen,
                     store::quote_identifier(columns_[k].map->name), k);
}

std::string RowSql::shown_name(std::size_t k) const {
  const ColumnMap& map = *columns_[k].map;
  return map.from.empty() ? map.name : map.from.front().name;
}

/// The input columns that a check across columns reads, and their texts as SQL, each "a, b".
std::pair<std::string, std::string> RowSql::compared_by(const model::RowCheck& check) const {
  std::vector<std::string> names;
  expr::columns_of(check.holds, names);
  std::string columns, values;
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    if (std::ranges::find(names, columns_[k].map->name) == names.end()) continue;
    columns += (columns.empty() ? "" : ", ") + shown_name(k);
    values += fmt::format("{}b{}", values.empty() ? "" : ", ", k);
  }
  return {columns, values.empty() ? "NULL::VARCHAR" : fmt::format("concat_ws(', ', {})", values)};
}

std::string RowSql::defect_list() const {
  const auto entry_of = [](const std::string& column, const std::string& code, const std::string& message,
                           std::string_view value) {
    return fmt::format("{{'column_name': {}, 'code': {}, 'message': {}, 'value': left({}, 200)}}", column, code,
                       message, value);
  };
  const auto entry = [&](std::string_view column, const std::string& code, const std::string& message,
                         std::string_view value) { return entry_of(quote_text(column), code, message, value); };
  const std::string torn =
      map_->hashes() ? "NULL::VARCHAR" : "CASE broken WHEN 'csv.collapsed' THEN c0 ELSE unparsed END";
  std::string out = entry(
      "", "broken",
      fmt::format("CASE broken WHEN 'csv.collapsed' THEN {} ELSE {} END",
                  quote_text(sentence_of_record("csv.collapsed")), quote_text(sentence_of_record("json.invalid"))),
      torn);
  if (!natural_.empty())
    out += ", " + entry_of(empty_parts_.empty() ? quote_text("key") : fmt::format("concat_ws(', '{})", empty_parts_),
                           "CASE WHEN broken IS NULL AND natural_text IS NULL THEN 'key.missing' END",
                           quote_text(map_->key.size() > 1 ? "a part of the key of the row is empty"
                                                           : "the key of the row is empty"),
                           "NULL::VARCHAR");
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const ColumnSql& column = columns_[k];
    if (column.faults.empty()) continue;
    std::string code = "CASE WHEN broken IS NOT NULL THEN NULL";
    for (const auto& [condition, name] : column.faults) code += fmt::format(" WHEN {} THEN {}", condition, name);
    code += " END";
    const std::string message = fmt::format(
        "CASE {} {} WHEN 'cast.enum' THEN {} WHEN 'check.range' THEN {} WHEN 'check.required' THEN {} END", code,
        general_sentences(), quote_text("not one of: " + column.expected), quote_text("expected " + column.expected),
        quote_text(fmt::format("{} is empty; {} needs it on every row", column.map->name, map_->table->name)));
    const bool hidden = settings_.privacy.any_erased && is_personal(*column.map);
    out += ", " + entry(shown_name(k), code, message,
                        hidden ? fmt::format("CASE WHEN NOT is_of_erased THEN b{} END", k) : fmt::format("b{}", k));
  }
  for (const auto& [check, fails] : checks_) {
    const auto [columns, values] = compared_by(*check);
    out += ", " +
           entry(columns,
                 fmt::format("CASE WHEN broken IS NULL AND {} THEN {} END", fails, quote_text("check." + check->name)),
                 quote_text(check->message.en), values);
  }
  return "[" + out + "]";
}

/// What the quarantine keeps of an input column.
std::string RowSql::shown_input(std::size_t index) const {
  if (map_->is_hashed(source_.columns[index])) return fmt::format("h{}", index);
  if (!settings_.privacy.any_erased) return fmt::format("c{}", index);
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const ColumnMap& column = *columns_[k].map;
    const bool is_text_of_it = column.from.size() == 1 && column.from.front().name == source_.columns[index] &&
                               column.values.empty() && column.when.empty();
    if (is_text_of_it && !is_personal(column) && is_free_text(column) && text_of_erased(column, "") != "")
      return columns_[k].physical.front().second;
  }
  return fmt::format("CASE WHEN is_of_erased THEN {} ELSE c{}{} END", kept_of_erased(index), index,
                     source_.types[index] == "VARCHAR" ? "" : "::VARCHAR");
}

/// Of a row of somebody who was erased: what is mapped and not personal; in place of a key, its pseudonym.
std::string RowSql::kept_of_erased(std::size_t index) const {
  const std::string& name = source_.columns[index];
  const auto is_it = [&](const std::vector<Named>& names) {
    return std::ranges::find(names, name, &Named::name) != names.end();
  };
  if (is_it(map_->key)) return map_->key.size() == 1 ? "natural_text" : fmt::format("c{}::VARCHAR", index);
  std::string kept = "NULL";
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const ColumnMap& column = *columns_[k].map;
    if (is_it(column.join)) kept = fmt::format("c{}::VARCHAR", index);
    if (!is_it(column.from)) continue;
    if (is_personal(column)) return "NULL";
    if (column.column != nullptr && column.column->type == model::ColumnType::key) return fmt::format("v{}", k);
    kept = fmt::format("c{}::VARCHAR", index);
    if (is_free_text(column) && column.from.size() == 1 && text_of_erased(column, "") != "")
      kept = text_of_erased(column, fmt::format("trim({})", kept));
  }
  return kept;
}

std::string RowSql::defects(std::string_view reader) const {
  std::string record;
  for (std::size_t i = 0; i < source_.columns.size(); ++i)
    record += fmt::format("{}{}, {}", i > 0 ? ", " : "", quote_text(source_.columns[i]), shown_input(i));
  const bool dated = map_->find("updated_at") != nullptr;
  return fmt::format(
      "SELECT ordinal, d.column_name, d.code, d.message, d.value, record, own_key, told, is_text FROM (SELECT ordinal, "
      "{} AS record, unparsed IS NOT NULL AS is_text, natural_text AS "
      "own_key, {} AS told, unnest({}) AS d FROM ({}) WHERE {}) WHERE d.code IS NOT NULL",
      map_->hashes() ? fmt::format("CASE WHEN unparsed IS NULL THEN json_object({})::VARCHAR END", record)
                     : fmt::format("coalesce(unparsed, json_object({})::VARCHAR)", record),
      dated ? "updated_at" : "NULL::BIGINT", defect_list(), cast_rows(reader), is_bad());
}

std::string RowSql::first_ordinal(std::string_view reader, std::string_view condition) const {
  return fmt::format("SELECT min(ordinal) FROM ({}) WHERE NOT {} AND {}", cast_rows(reader), is_bad(), condition);
}

std::string RowSql::filtered_count(std::string_view reader) const {
  if (filter_.empty()) return "";
  const std::string nulls = quote_text(nulls_of(*map_));
  std::string clean = "*";
  for (const auto& [index, used] : used_)
    clean += fmt::format(", vigie_trim(c{0}::VARCHAR, {1}) AS t{0}", index, nulls);
  return fmt::format("SELECT count(*) FROM (SELECT {} FROM ({})) WHERE broken IS NULL AND NOT coalesce({}, false)",
                     clean, reader, filter_);
}

}  // namespace vigie::ingest
