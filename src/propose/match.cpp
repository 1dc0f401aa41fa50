#include "propose/match.h"

#include <algorithm>

#include "base/text.h"

namespace vigie::propose {
namespace {

using model::ColumnType;

/// What it says for the table that this column was found.
double tells(Strength strength) {
  switch (strength) {
    case Strength::own: return 3;
    case Strength::usual: return 1;
    case Strength::weak: return 1;
    case Strength::reference: return 0.8;
    case Strength::by_name: return 0.6;
    case Strength::none: return 0;
  }
  return 0;
}

/// Which of two headers is meant by a column.
int fit(Strength strength) {
  switch (strength) {
    case Strength::own: return 5;
    case Strength::reference: return 4;
    case Strength::by_name: return 3;
    case Strength::usual: return 2;
    case Strength::weak: return 1;
    case Strength::none: return 0;
  }
  return 0;
}

/// A trailing code of a currency in a name: "amount_usd", "montant eur".
std::string without_currency(const std::string& name) {
  for (const std::string_view code : {"usd", "eur", "gbp", "chf", "cad", "aud", "brl", "euros", "ineur", "inusd"})
    if (name.size() > code.size() + 3 && name.ends_with(code)) return name.substr(0, name.size() - code.size());
  return name;
}

/// "TVA 20 %", "TVA 5,5", "Tax 1": one of the taxes of a document.
std::string without_rate(const std::string& name) {
  constexpr std::string_view kPercent = "percent";
  constexpr std::size_t kMostDigits = 4;  // 9.975
  static const std::set<std::string_view> kTaxes{"tva", "vat", "montanttva", "tax", "gst", "mwst"};
  std::string out = name.ends_with(kPercent) ? name.substr(0, name.size() - kPercent.size()) : name;
  const std::size_t whole = out.size();
  while (!out.empty() && is_digit(out.back())) out.pop_back();
  const std::size_t digits = whole - out.size();
  return digits > 0 && digits <= kMostDigits && kTaxes.contains(out) ? out : name;
}

/// "20 %" is a share, or part of a full-time equivalent, and no amount.
bool may_be_percents(const model::Column& column) {
  return column.unit == "share" || column.unit == "full-time equivalents";
}

/// Codes and other names of currencies.
bool tells_currencies(const ColumnSketch& sketch, const Vocabulary& vocabulary) {
  if (!sketch.few()) return sketch.currencies() * 2 >= sketch.filled();
  std::int64_t known = 0;
  for (const auto& [text, n] : sketch.values())
    if (!vocabulary.currency_of(text).empty()) known += n;
  return known * 2 >= sketch.filled();
}

double known_words(const ColumnSketch& sketch, const std::map<std::string, std::string>& words) {
  std::int64_t known = 0;
  for (const auto& [text, n] : sketch.values())
    if (words.contains(bare(text))) known += n;
  return sketch.filled() > 0 ? static_cast<double>(known) / static_cast<double>(sketch.filled()) : 0;
}

struct Candidate {
  int fit = 0, rank = 0;
  std::int64_t filled = 0;  ///< of two that are named alike, the one with more values
  std::size_t order = 0, input = 0;
  std::string column;
  Strength strength = Strength::none;
};

/// Names of canonical columns in the order of the model, the key first.
std::vector<std::pair<std::string, const model::Column*>> columns_of(const TableNames& names) {
  std::vector<std::pair<std::string, const model::Column*>> out{{"key", nullptr}};
  for (const model::Column& column : names.table->columns) out.emplace_back(column.name, &column);
  out.emplace_back("updated_at", nullptr);
  out.emplace_back("deleted_at", nullptr);
  return out;
}

bool may_be_key(const Written& how, const ColumnSketch& sketch) {
  // "2025-07" may be the seventh invoice of a year as well as a month.
  const bool is_day = is_date(how.kind) && !how.without_days;
  return how.kind != Kind::empty && how.kind != Kind::decimal && !is_day && how.kind != Kind::yes_no &&
         sketch.mean_length() <= 60;
}

std::string stem_of(const std::string& files) {
  std::string stem = files;
  if (const auto cut = stem.find_last_of('/'); cut != std::string::npos) stem.erase(0, cut + 1);
  if (const auto dot = stem.find('.'); dot != std::string::npos) stem.resize(dot);
  return bare(stem);
}

/// The file's name says the table where a noun stands in it: the longest noun of all tables does.
std::string table_in_name(const FileFacts& file, const Vocabulary& vocabulary) {
  std::string stem = stem_of(file.files);
  if (const auto at = stem.find("devise"); at != std::string::npos) stem.erase(at, 6);  // currencies are no "devis"
  std::size_t longest = 3;
  std::string out;
  for (const TableNames& one : vocabulary.tables)
    for (const std::string& noun : one.nouns)
      if (noun.size() > longest && stem.find(noun) != std::string::npos) longest = noun.size(), out = one.table->name;
  return out;
}

/// "Réf. dossier": a column whose header says that it numbers something, different on every row.
bool has_numbers(const TableSketch& sketch, const TableNames& names, const Vocabulary& vocabulary) {
  return std::ranges::any_of(sketch.columns(), [&](const ColumnSketch& column) {
    const std::vector<std::string> words = words_in(column.name());
    const auto one_of = [&](const std::set<std::string>& list) {
      return std::ranges::any_of(words, [&](const std::string& word) { return list.contains(word); });
    };
    return column.unique() && one_of(vocabulary.key_words) && !one_of(vocabulary.no_key) &&
           !numbers_another(column.name(), names, vocabulary);
  });
}

/// "Client" as the name of a customer: any file of sales has such a column, so it says nothing of which table it is.
bool is_noun_for_name(const Assigned& one) { return one.column == "name" && one.strength == Strength::weak; }

void judge(const TableSketch& sketch, const TableNames& names, const FileFacts& file, const Vocabulary& vocabulary,
           TableMatch& out) {
  for (const Assigned& one : out.columns) {
    const ColumnSketch& column = sketch.columns()[one.input];
    if (one.column == "updated_at" || one.column == "deleted_at") continue;  // every table has them
    if (one.column == "key" && !column.unique_where_filled()) {
      out.score += 0.5;  // a number that stands on several rows is another table's
      continue;
    }
    if (is_noun_for_name(one)) continue;
    out.score += tells(one.strength);
    out.said = out.said || one.strength > Strength::usual;
    if (one.column == names.table->time) out.score += 1;
  }
  const bool needs_key = !names.table->key.empty() && names.table->key.front() == "key";
  if (needs_key && out.find("key") == nullptr) out.missing.emplace_back("key");
  for (const model::Column& column : names.table->columns) {
    if (!column.required || !column.fallback.empty() || column.name == "currency") continue;
    if (const Assigned* one = out.find(column.name)) out.score += is_noun_for_name(*one) ? -3 : 1;
    else out.missing.push_back(column.name);
  }
  // What is known by its name and not understood is there all the same: it is asked for, and says which table it is.
  const auto lacks = std::ranges::count_if(out.missing, [&](const std::string& name) {
    return std::ranges::find(out.misread, name, &Misread::column) == out.misread.end();
  });
  out.score -= 3.0 * static_cast<double>(lacks);
  // A key under a name that nobody knows is there all the same; and where the file's name says what it lists, and
  // more than one column is of it, none is asked for.
  const bool lacks_key = std::ranges::find(out.missing, "key") != out.missing.end();
  if (lacks_key && has_numbers(sketch, names, vocabulary)) out.score += 3;
  else if (lacks_key && out.columns.size() > 1 && table_in_name(file, vocabulary) == names.table->name) out.score += 2;
  for (const ColumnSketch& column : sketch.columns())
    if (names.apart.contains(bare(column.name()))) out.score -= 4;
  if (table_in_name(file, vocabulary) != names.table->name) return;
  out.score += 3;
  out.said = true;
}

/// Does a figure change where this column is not read? Times, money, and what has a value of its own where no column
/// is.
bool counts(const model::Column& column) {
  return model::is_time(column.type) || column.type == ColumnType::money || column.required ||
         !column.fallback.empty() || column.name == "currency" || column.name == "quantity";
}

void note_misread(const TableSketch& sketch, const std::vector<Written>& all, const std::vector<bool>& used,
                  const Vocabulary& vocabulary, TableMatch& out) {
  for (const model::Column& column : out.names->table->columns) {
    const auto known = out.names->columns.find(column.name);
    if (known == out.names->columns.end() || !counts(column) || out.find(column.name) != nullptr) continue;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string& header = sketch.columns()[i].name();
      if (used[i] || all[i].kind == Kind::empty || says_of(header, known->second).strength == Strength::none) continue;
      if (vocabulary.ambiguous.contains(bare(header))) continue;
      if (can_be(&column, all[i], sketch.columns()[i], vocabulary, out.names->table->name)) continue;
      const bool told = std::ranges::find(out.misread, i, &Misread::input) != out.misread.end();
      if (!told) out.misread.push_back({i, column.name});
    }
  }
}

}  // namespace

const Assigned* TableMatch::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Assigned::column);
  return found == columns.end() ? nullptr : &*found;
}

std::vector<std::string> spellings_of(const std::string& header) {
  return {bare(header), bare_without_brackets(header), without_currency(bare(header)), without_rate(bare(header))};
}

bool names_a_rate(const std::string& header) { return without_rate(bare(header)) != bare(header); }

bool numbers_another(const std::string& header, const TableNames& names, const Vocabulary& vocabulary) {
  return std::ranges::any_of(vocabulary.tables, [&](const TableNames& other) {
    const auto key = other.columns.find("key");
    return other.table != names.table && key != other.columns.end() &&
           says_of(header, key->second).strength == Strength::own;
  });
}

NameSays says_of(const std::string& header, const std::map<std::string, NameSays>& names) {
  constexpr int kAfterAllOthers = 1000;
  for (const std::string& name : spellings_of(header)) {
    const auto found = names.find(name);
    if (found == names.end()) continue;
    NameSays out = found->second;
    if (name != bare(header) && name == without_rate(bare(header))) out.rank += kAfterAllOthers;  // "Total TVA" first
    return out;
  }
  return {};
}

bool can_be(const model::Column* column, const Written& how, const ColumnSketch& sketch, const Vocabulary& vocabulary,
            const std::string& table) {
  if (how.kind == Kind::empty) return false;
  if (column == nullptr) return may_be_key(how, sketch);
  switch (column->type) {
    case ColumnType::key: return may_be_key(how, sketch) || sketch.numbers().written_as_decimals();
    case ColumnType::instant:
    case ColumnType::date: return reads_as_dates(how, sketch) || !how.serial.empty();
    case ColumnType::money:
    case ColumnType::quantity:
    case ColumnType::rate:
      return !is_date(how.kind) && sketch.long_digits() == 0 && reads_as_numbers(how, sketch) &&
             (may_be_percents(*column) || sketch.numbers().percents() * 2 < sketch.numbers().numbers());
    case ColumnType::integer:
      return !is_date(how.kind) && reads_as_numbers(how, sketch) &&
             (sketch.numbers().whole() || sketch.numbers().written_as_decimals() ||
              sketch.numbers().most_decimals() == 3);  // 1,234
    case ColumnType::boolean: return sketch.few() && sketch.yes_no() > 0 && sketch.yes_no() * 2 >= sketch.filled();
    case ColumnType::enumeration: {
      const auto words = vocabulary.words.find(table + "." + column->name);
      return words != vocabulary.words.end() && sketch.few() && known_words(sketch, words->second) >= 0.3;
    }
    case ColumnType::text:
      if (column->name == "currency") return tells_currencies(sketch, vocabulary);
      if (column->name == "email") return how.kind == Kind::email;
      return !is_date(how.kind) && how.kind != Kind::decimal &&
             (how.kind != Kind::yes_no || sketch.numbers().numbers() < sketch.filled());
  }
  return false;
}

TableMatch match(const TableSketch& sketch, const std::vector<Written>& all, const TableNames& names,
                 const FileFacts& file, const Vocabulary& vocabulary) {
  TableMatch out;
  out.names = &names;
  const auto columns = columns_of(names);
  static const model::Column kInstant{.name = "updated_at",
                                      .type = ColumnType::instant,
                                      .references = {},
                                      .values = {},
                                      .fallback = {},
                                      .unit = {},
                                      .range = {},
                                      .label = {},
                                      .meaning = {}};
  std::vector<Candidate> candidates;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto& [name, column] = columns[c];
    const auto known = names.columns.find(name);
    if (known == names.columns.end()) continue;
    const bool common = column == nullptr && name != "key";
    for (std::size_t i = 0; i < all.size(); ++i) {
      const ColumnSketch& values = sketch.columns()[i];
      const auto [strength, rank] = says_of(values.name(), known->second);
      if (strength == Strength::none) continue;
      if (!can_be(common ? &kInstant : column, all[i], values, vocabulary, names.table->name)) continue;
      // "Stock" of a product is no name of it.
      if (name == "name" && strength == Strength::weak && all[i].kind != Kind::text && all[i].kind != Kind::few)
        continue;
      // A key that only looks like one by a usual name must at least name each row.
      if (name == "key" && strength < Strength::reference && !values.unique()) continue;
      candidates.push_back({fit(strength), rank, values.filled(), c, i, name, strength});
    }
  }
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tuple(-a.fit, a.rank, -a.filled, a.order, a.input) <
           std::tuple(-b.fit, b.rank, -b.filled, b.order, b.input);
  });
  std::vector<bool> used(all.size(), false);
  for (const Candidate& one : candidates) {
    if (used[one.input] || out.find(one.column) != nullptr) continue;
    used[one.input] = true;
    out.columns.push_back({one.input, one.column, one.strength});
  }
  std::ranges::stable_sort(out.columns, {}, [&](const Assigned& one) {
    return std::ranges::find(columns, one.column, [](const auto& pair) { return pair.first; }) - columns.begin();
  });
  note_misread(sketch, all, used, vocabulary, out);
  judge(sketch, names, file, vocabulary, out);
  return out;
}

std::vector<TableMatch> matches(const TableSketch& sketch, const std::vector<Written>& all, const FileFacts& file,
                                const Vocabulary& vocabulary) {
  std::vector<TableMatch> out;
  for (const TableNames& names : vocabulary.tables) out.push_back(match(sketch, all, names, file, vocabulary));
  std::ranges::stable_sort(out, std::greater{}, &TableMatch::score);
  return out;
}

bool wins(const std::vector<TableMatch>& sorted) {
  if (sorted.empty() || sorted[0].score < kEnough || !sorted[0].said) return false;
  return sorted.size() < 2 || sorted[0].score >= kClearly * sorted[1].score;
}

}  // namespace vigie::propose
