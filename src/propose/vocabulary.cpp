#include "propose/vocabulary.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/text.h"
#include "model/currency.h"

namespace vigie::propose {
namespace {

void keep(std::map<std::string, NameSays>& names, const std::string& name, NameSays says) {
  const auto [at, fresh] = names.emplace(name, says);
  NameSays& known = at->second;
  if (!fresh && std::pair(says.strength, -says.rank) > std::pair(known.strength, -known.rank)) known = says;
}

/// "commande" + "date": "datecommande", "datedecommande", "datedelacommande", "commandedate", …
void join_noun(const std::string& noun, const std::string& name, NameSays says, std::map<std::string, NameSays>& out) {
  keep(out, noun + name, says);
  for (const std::string_view between : {"", "de", "dela", "du", "d", "del", "of", "des"})
    keep(out, name + std::string(between) + noun, says);
}

Result<std::vector<std::string>> bare_texts(const YamlNode& node) {
  VIGIE_TRY(const std::vector<std::string> texts, node.as_texts());
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    out.push_back(bare(text));
    if (out.back().empty())
      return node.error("headers.name", fmt::format("\"{}\" has neither letters nor digits", text));
  }
  return out;
}

bool has_column(const model::Model& model, const model::Table& table, const std::string& name) {
  return name == "key" || table.find(name) != nullptr ||
         std::ranges::find(model.common_columns(), name, &model::Column::name) != model.common_columns().end() ||
         (table.attributes && model::is_attribute(name));
}

Result<> read_column_names(const YamlNode& name, const YamlNode& spec, const model::Model& model, TableNames& out) {
  VIGIE_TRY(const std::string column, name.as_text());
  if (!has_column(model, *out.table, column))
    return name.error("headers.column", fmt::format("{} has no column \"{}\"", out.table->name, column),
                      suggestion(column, out.table->column_names()));
  VIGIE_CHECK(spec.known_keys({"own", "usual"}));
  std::map<std::string, NameSays>& names = out.columns[column];
  constexpr std::size_t kNamesShown = 3;
  for (const char* kind : {"own", "usual"})
    if (const YamlNode* node = spec.find(kind)) {
      VIGIE_TRY(const std::vector<std::string> texts, node->as_texts());
      for (const std::string& text : texts)
        if (out.as_written[column].size() < kNamesShown) out.as_written[column].push_back(text);
    }
  int rank = 0;
  if (const YamlNode* own = spec.find("own")) {
    VIGIE_TRY(const std::vector<std::string> texts, bare_texts(*own));
    for (const std::string& text : texts) keep(names, text, {Strength::own, rank++});
  }
  if (const YamlNode* usual = spec.find("usual")) {
    VIGIE_TRY(const std::vector<std::string> texts, bare_texts(*usual));
    for (const std::string& text : texts) {
      keep(names, text, {Strength::usual, rank});
      for (const std::string& noun : out.nouns) join_noun(noun, text, {Strength::own, rank}, names);
      ++rank;
    }
  }
  return {};
}

Result<TableNames> read_table_names(const YamlNode& name, const YamlNode& spec, const model::Model& model) {
  TableNames out;
  VIGIE_TRY(const std::string table, name.as_text());
  out.table = model.table(table);
  if (out.table == nullptr)
    return name.error("headers.table", fmt::format("unknown table \"{}\"", table),
                      suggestion(table, model.table_names()));
  VIGIE_CHECK(spec.known_keys({"nouns", "columns", "apart"}));
  VIGIE_TRY(const YamlNode* nouns, spec.require("nouns"));
  VIGIE_TRY(out.nouns, bare_texts(*nouns));
  VIGIE_TRY(out.nouns_as_written, nouns->as_texts());
  if (const YamlNode* apart = spec.find("apart")) {
    VIGIE_TRY(const std::vector<std::string> texts, bare_texts(*apart));
    out.apart.insert(texts.begin(), texts.end());
  }
  VIGIE_TRY(const YamlNode* columns, spec.require("columns"));
  for (const auto& [column, names] : columns->entries()) VIGIE_CHECK(read_column_names(column, names, model, out));
  return out;
}

/// What says that a column is the number of something, and its name.
struct KeyWords {
  std::vector<std::string> numbers, names;
};

void add_keys(const KeyWords& words, std::vector<TableNames>& tables) {
  const auto find = [&](const std::string& name) {
    return std::ranges::find(tables, name, [](const TableNames& one) { return one.table->name; });
  };
  for (TableNames& one : tables) {
    std::map<std::string, NameSays>& own = one.columns["key"];
    for (const std::string& noun : one.nouns) {
      keep(own, noun, {Strength::weak, 0});
      // "Affaire" beside "Réf.": what the deal is called.
      if (one.table->find("name") != nullptr) keep(one.columns["name"], noun, {Strength::weak, 1000});
      for (const std::string& word : words.numbers) join_noun(noun, word, {Strength::own, 0}, own);
    }
    for (const std::string& word : words.numbers) keep(own, word, {Strength::usual, 0});
    for (const model::Column& column : one.table->columns) {
      // A column may name the table it belongs to (a customer's parent): that takes names of its own.
      if (column.references.empty() || column.references == one.table->name) continue;
      const auto other = find(column.references);
      if (other == tables.end()) continue;
      // Managers of employees are employees, and no "employee id".
      if (column.references == "employees" && column.name != "owner_key" && column.name != "employee_key") continue;
      if (column.name == "from_stage_key") continue;
      // The company that a lead works for is no customer that it became.
      const bool by_number_alone = one.table->name == "leads" && column.name == "customer_key";
      std::map<std::string, NameSays>& names = one.columns[column.name];
      int rank = 0;
      for (const std::string& noun : other->nouns) {
        if (!by_number_alone) keep(names, noun, {Strength::by_name, rank});
        std::map<std::string, NameSays> joined;
        for (const std::string& word : words.numbers) join_noun(noun, word, {Strength::reference, rank}, joined);
        if (!by_number_alone)
          for (const std::string& word : words.names) join_noun(noun, word, {Strength::by_name, rank}, joined);
        for (const auto& [name, says] : joined) keep(names, name, says);
        ++rank;
      }
    }
  }
}

Result<> load_tables(const std::filesystem::path& file, const model::Model& model, Vocabulary& out) {
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file));
  VIGIE_CHECK(root.known_keys({"key_words", "name_words", "every_table", "tables"}));
  KeyWords words;
  VIGIE_TRY(const YamlNode* numbers, root.require("key_words"));
  VIGIE_TRY(words.numbers, bare_texts(*numbers));
  out.key_words.insert(words.numbers.begin(), words.numbers.end());
  VIGIE_TRY(const YamlNode* names, root.require("name_words"));
  VIGIE_TRY(words.names, bare_texts(*names));
  VIGIE_TRY(const YamlNode* every, root.require("every_table"));
  VIGIE_TRY(const YamlNode* tables, root.require("tables"));
  for (const auto& [name, spec] : tables->entries()) {
    VIGIE_TRY(TableNames one, read_table_names(name, spec, model));
    for (const auto& [column, common] : every->entries()) VIGIE_CHECK(read_column_names(column, common, model, one));
    out.tables.push_back(std::move(one));
  }
  add_keys(words, out.tables);
  return {};
}

Result<> load_values(const YamlNode& name, const YamlNode& values, const model::Model& model, Vocabulary& out) {
  VIGIE_TRY(const std::string path, name.as_text());
  const std::vector<std::string> parts = split(path, '.');
  const model::Table* table = parts.size() == 2 ? model.table(parts[0]) : nullptr;
  const model::Column* column = table != nullptr ? table->find(parts[1]) : nullptr;
  if (column == nullptr)
    return name.error("headers.column", fmt::format("no table has a column \"{}\"", path), "orders.status");
  for (const auto& [value, words] : values.entries()) {
    VIGIE_TRY(const std::string canonical, value.as_text());
    if (!column->values.empty() && std::ranges::find(column->values, canonical) == column->values.end())
      return value.error("headers.value", fmt::format("\"{}\" is not a value for {}", canonical, path),
                         suggestion(canonical, column->values));
    VIGIE_TRY(const std::vector<std::string> texts, bare_texts(words));
    for (const std::string& text : texts) {
      const auto [at, fresh] = out.words[path].emplace(text, canonical);
      if (!fresh && at->second != canonical)
        return words.error("headers.value", fmt::format("\"{}\" is both {} and {}", text, at->second, canonical));
    }
    out.words[path].emplace(bare(canonical), canonical);
  }
  return {};
}

Result<> load_currencies(const YamlNode& root, Vocabulary& out) {
  VIGIE_TRY(const YamlNode* currencies, root.require("currencies"));
  for (const auto& [code, names] : currencies->entries()) {
    VIGIE_TRY(const std::string currency, code.as_text());
    if (!model::is_currency(currency))
      return code.error("headers.value", fmt::format("\"{}\" is not a currency", currency),
                        model::currency_hint(currency));
    VIGIE_TRY(const std::vector<std::string> texts, names.as_texts());
    // A sign has no letters to fold, and "C$" is no "c": it stands for itself.
    for (const std::string& text : texts) out.currencies[bare(text).size() < 3 ? text : bare(text)] = currency;
  }
  return {};
}

Result<> load_periods(const YamlNode& root, Vocabulary& out) {
  VIGIE_TRY(const YamlNode* amounts, root.require("period_amounts"));
  VIGIE_TRY(out.period_amounts, bare_texts(*amounts));
  VIGIE_TRY(const YamlNode* names, root.require("period_names"));
  VIGIE_TRY(out.period_names, bare_texts(*names));
  VIGIE_TRY(const YamlNode* periods, root.require("periods"));
  for (const auto& [months, words] : periods->entries()) {
    VIGIE_TRY(const std::int64_t n, months.as_int());
    VIGIE_TRY(const std::vector<std::string> texts, bare_texts(words));
    for (const std::string& text : texts) out.periods[text] = static_cast<int>(n);
  }
  return {};
}

Result<> load_keyed_by_name(const YamlNode& root, const model::Model& model, Vocabulary& out) {
  VIGIE_TRY(const YamlNode* tables, root.require("keyed_by_name"));
  for (const YamlNode& one : tables->items()) {
    VIGIE_TRY(const std::string table, one.as_text());
    if (model.table(table) == nullptr)
      return one.error("headers.table", fmt::format("unknown table \"{}\"", table),
                       suggestion(table, model.table_names()));
    out.keyed_by_name.insert(table);
  }
  return {};
}

Result<> load_words(const std::filesystem::path& file, const model::Model& model, Vocabulary& out) {
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file));
  VIGIE_CHECK(root.known_keys({"nothing", "yes", "no", "spend_suffixes", "channels", "ambiguous", "no_key",
                               "keyed_by_name", "tax_rates", "people", "companies", "currencies", "periods",
                               "period_amounts", "period_names", "values"}));
  VIGIE_TRY(const YamlNode* nothing, root.require("nothing"));
  VIGIE_TRY(const std::vector<std::string> texts, nothing->as_texts());
  out.nothing.insert(texts.begin(), texts.end());
  for (const bool yes : {true, false}) {
    VIGIE_TRY(const YamlNode* words, root.require(yes ? "yes" : "no"));
    VIGIE_TRY(const std::vector<std::string> bares, bare_texts(*words));
    for (const std::string& text : bares) out.yes_no[text] = yes;
  }
  VIGIE_TRY(const YamlNode* suffixes, root.require("spend_suffixes"));
  VIGIE_TRY(out.spend_suffixes, suffixes->as_texts());
  VIGIE_TRY(const YamlNode* values, root.require("values"));
  for (const auto& [name, spec] : values->entries()) VIGIE_CHECK(load_values(name, spec, model, out));
  VIGIE_TRY(const YamlNode* channels, root.require("channels"));
  VIGIE_TRY(const std::vector<std::string> paid, bare_texts(*channels));
  out.channels.insert(paid.begin(), paid.end());
  VIGIE_TRY(const YamlNode* ambiguous, root.require("ambiguous"));
  VIGIE_TRY(const std::vector<std::string> doubtful, bare_texts(*ambiguous));
  out.ambiguous.insert(doubtful.begin(), doubtful.end());
  for (const auto& [name, into] :
       {std::pair{"no_key", &out.no_key}, std::pair{"people", &out.people}, std::pair{"companies", &out.companies}}) {
    VIGIE_TRY(const YamlNode* list, root.require(name));
    VIGIE_TRY(const std::vector<std::string> bares, bare_texts(*list));
    into->insert(bares.begin(), bares.end());
  }
  VIGIE_CHECK(load_keyed_by_name(root, model, out));
  VIGIE_TRY(const YamlNode* rates, root.require("tax_rates"));
  VIGIE_TRY(const std::vector<std::string> rate_texts, rates->as_texts());
  for (const std::string& text : rate_texts) {
    VIGIE_TRY(const Decimal rate, Decimal::parse(text));
    VIGIE_TRY(const Decimal thousandths, rate.rescaled(3));
    out.tax_rates.insert(static_cast<std::int64_t>(thousandths.units()));
  }
  VIGIE_CHECK(load_currencies(root, out));
  VIGIE_CHECK(load_periods(root, out));
  return {};
}

Result<KnownExport> load_export(const std::filesystem::path& file) {
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file));
  VIGIE_CHECK(root.known_keys({"export", "label", "source", "known_by", "maps", "notes", "preset"}));
  KnownExport out;
  VIGIE_TRY(out.id, root.text("export"));
  VIGIE_TRY(out.source, root.text("source"));
  VIGIE_TRY(const YamlNode* label, root.require("label"));
  VIGIE_TRY(out.label, read_text(*label));
  VIGIE_TRY(const YamlNode* known, root.require("known_by"));
  for (const YamlNode& one : known->items()) {
    VIGIE_TRY(std::vector<std::string> any, bare_texts(one));
    out.known_by.push_back(std::move(any));
  }
  if (out.known_by.size() < 3)
    return known->error("headers.export", "an export is known by three headers at least: two stand in many files");
  if (const YamlNode* notes = root.find("notes"))
    for (const YamlNode& one : notes->items()) {
      VIGIE_TRY(Text note, read_text(one));
      out.notes.push_back(std::move(note));
    }
  VIGIE_TRY(out.preset, root.text_or("preset", ""));
  VIGIE_TRY(const YamlNode* maps, root.require("maps"));
  if (maps->items().empty()) return maps->error("headers.export", "an export without a map says nothing");
  out.maps = *maps;
  return out;
}

}  // namespace

std::string bare(std::string_view text) {
  std::string out;
  for (const char c : fold_name(text))
    if ((c >= 'a' && c <= 'z') || is_digit(c)) out += c;
    else if (c == '%') out += "percent";
    else if (c == '#') out += "n";
  return out;
}

std::vector<std::string> words_in(std::string_view text) {
  std::string parted;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    if (i > 0 && is_small(text[i - 1]) && text[i] >= 'A' && text[i] <= 'Z') parted += ' ';
    parted += text[i] == '#' ? std::string("n") : std::string(1, text[i]);
  }
  std::vector<std::string> out(1);
  for (const char c : fold_name(parted)) {
    if (c >= 'a' && c <= 'z') out.back() += c;
    else if (!out.back().empty()) out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string bare_without_brackets(std::string_view text) {
  std::string out;
  int deep = 0;
  for (const char c : text) {
    if (c == '(' || c == '[') ++deep;
    if (deep == 0) out += c;
    if ((c == ')' || c == ']') && deep > 0) --deep;
  }
  return bare(out);
}

std::string Vocabulary::currency_of(std::string_view text) const {
  const std::string capitals = model::in_capitals(text);
  if (capitals.size() == 3 && model::is_currency(capitals)) return capitals;
  const std::string folded = bare(text);
  const auto found = currencies.find(folded.size() < 3 ? std::string(text) : folded);
  return found == currencies.end() ? "" : found->second;
}

const TableNames* Vocabulary::find(std::string_view table) const {
  const auto found = std::ranges::find(tables, table, [](const TableNames& one) { return one.table->name; });
  return found == tables.end() ? nullptr : &*found;
}

Result<Vocabulary> Vocabulary::load(const std::filesystem::path& headers, const std::filesystem::path& presets,
                                    const model::Model& model) {
  Vocabulary out;
  out.presets = presets;
  VIGIE_CHECK(load_tables(headers / "tables.yaml", model, out));
  VIGIE_CHECK(load_words(headers / "words.yaml", model, out));
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(headers / "exports", none))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) {
    VIGIE_TRY(KnownExport one, load_export(file));
    out.exports.push_back(std::move(one));
  }
  return out;
}

}  // namespace vigie::propose
