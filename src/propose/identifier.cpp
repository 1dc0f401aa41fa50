#include "propose/identifier.h"

#include <algorithm>

#include "base/text.h"

namespace vigie::propose {
namespace {

constexpr std::int64_t kFewRows = 5;     ///< what is different on fewer of them may be so by accident
constexpr std::size_t kMostAnswers = 3;  ///< of a question
constexpr double kWidthOfACode = 3;      ///< digits of numbers that are all as long
constexpr int kEnoughOfANumber = 4;

bool has_word(const std::string& header, const std::set<std::string>& words) {
  return std::ranges::any_of(words_in(header), [&](const std::string& word) { return words.contains(word); });
}

bool has_blanks(const Material& m, std::size_t input) {
  return std::ranges::any_of(m.sketch.first_rows(), [&](const std::vector<std::string>& row) {
    return trim(row[input]).find(' ') != std::string_view::npos;
  });
}

/// "2025-001", "FA 2025/12": digits, with few letters and hardly a blank. A phone number has more of these.
bool is_numbered(std::string_view text) {
  const auto digits = std::ranges::count_if(text, is_digit);
  const auto blanks = std::ranges::count(text, ' ');
  const auto dots = std::ranges::count(text, '.');
  const auto letters = std::ranges::count_if(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80); });
  return digits > 0 && digits * 4 >= letters && blanks <= 1 && dots <= 2 && text.front() != '+';
}

/// 1 to n, or all of one width: as numbers are given out.
bool is_given_out(const ColumnSketch& column) {
  const NumberTally& numbers = column.numbers();
  const bool one_after_another =
      column.rows() >= 3 && numbers.most() - numbers.least() + 1 == static_cast<double>(column.rows());
  const bool one_width =
      column.mean_length() == static_cast<double>(column.longest()) && column.mean_length() >= kWidthOfACode;
  return one_after_another || one_width;
}

/// 1 to n: the rows of any file are counted so, those of January and those of February.
bool counts_rows(const ColumnSketch& column) {
  const NumberTally& numbers = column.numbers();
  return numbers.numbers() == column.rows() && numbers.whole() && (numbers.least() == 0 || numbers.least() == 1) &&
         numbers.most() - numbers.least() + 1 == static_cast<double>(column.rows());
}

/// A column that the file's table takes for something else than a text is no number of rows.
bool is_taken(const TableMatch& match, std::size_t input) {
  return std::ranges::any_of(match.columns, [&](const Assigned& one) {
    const model::Column* column = match.names->table->find(one.column);
    return one.input == input && one.column != "key" &&
           (column == nullptr || column->type != model::ColumnType::text || one.column == "currency");
  });
}

/// An amount, a day, a count: no key by any chance.
bool is_measured(const TableMatch& match, std::size_t input) {
  return std::ranges::any_of(match.columns, [&](const Assigned& one) {
    const model::Column* column = match.names->table->find(one.column);
    return one.input == input && column != nullptr && column->type != model::ColumnType::text &&
           column->type != model::ColumnType::key;
  });
}

/// Two columns that no two rows share together, as an answer: neither holds amounts. "COLUMN,COLUMN" where no two do.
std::string pair_answer(const Material& m) {
  constexpr std::size_t kMostTried = 10;
  std::vector<std::size_t> parts;
  for (std::size_t i = 0; i < m.written.size() && parts.size() < kMostTried; ++i)
    if (!m.is_unwanted(i) && m.written[i].kind != Kind::decimal && m.written[i].kind != Kind::empty &&
        m.column(i).filled() == m.sketch.rows() && m.column(i).name().find(',') == std::string::npos)
      parts.push_back(i);
  for (std::size_t a = 0; a < parts.size(); ++a)
    for (std::size_t b = a + 1; b < parts.size(); ++b)
      if (const std::vector<std::size_t> two{parts[a], parts[b]}; m.sketch.unique_together(two))
        return option("--key", m.column(parts[a]).name() + "," + m.column(parts[b]).name());
  return "--key COLUMN,COLUMN";
}

/// How much it looks like the number of a row; 0: it is none.
int looks_like_number(const Material& m, const TableMatch& match, std::size_t input) {
  const ColumnSketch& column = m.column(input);
  const Kind kind = m.written[input].kind;
  if (m.is_unwanted(input) || !column.unique() || is_taken(match, input)) return 0;
  if (has_word(column.name(), m.vocabulary.no_key)) return 0;
  if (numbers_another(column.name(), *match.names, m.vocabulary)) return 0;
  const bool named = has_word(column.name(), m.vocabulary.key_words);
  if (!named && kind == Kind::whole && counts_rows(column)) return 0;
  const bool first = input == 0;
  const bool few_rows = column.rows() < kFewRows;
  int score = (named ? 4 : 0) + (first ? 2 : input == 1 ? 1 : 0);
  if (has_numbers_of_things(m, input) && !is_date(kind)) {
    if (kind != Kind::whole || is_given_out(column)) score += 3;
    else score += 1;
    const bool by_accident = !named && ((few_rows && !first) || (kind == Kind::whole && !first));
    return by_accident ? 0 : score;
  }
  // "ALPHA", "BRAVO" under "Code": a word each, where the header says so.
  const bool words = (kind == Kind::text || kind == Kind::few) && !has_blanks(m, input);
  return named && words ? score : 0;
}

}  // namespace

bool has_numbers_of_things(const Material& m, std::size_t input) {
  const ColumnSketch& column = m.column(input);
  const Kind kind = m.written[input].kind;
  if (kind == Kind::code || kind == Kind::whole || m.written[input].without_days) return true;
  if (kind != Kind::text && kind != Kind::few && kind != Kind::yes_no) return false;
  if (column.filled() == 0) return false;
  if (column.codes() * 10 >= column.filled() * 9) return true;
  std::int64_t numbered = 0, filled = 0;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    const std::string_view text = trim(row[input]);
    if (text.empty()) continue;
    ++filled;
    numbered += is_numbered(text) ? 1 : 0;
  }
  return numbered * 10 >= filled * 9;
}

std::optional<std::size_t> identifier(const Material& m, const TableMatch& match) {
  std::optional<std::size_t> best;
  int most = kEnoughOfANumber - 1;
  for (std::size_t i = 0; i < m.written.size(); ++i)
    if (const int score = looks_like_number(m, match, i); score > most) best = i, most = score;
  return best;
}

std::vector<std::string> key_answers(const Material& m, const TableMatch& match) {
  std::vector<std::pair<int, std::size_t>> found;
  for (std::size_t i = 0; i < m.written.size(); ++i) {
    const ColumnSketch& column = m.column(i);
    const Kind kind = m.written[i].kind;
    const bool amount_or_day = kind == Kind::decimal || is_date(kind) || kind == Kind::empty || kind == Kind::link;
    if (m.is_unwanted(i) || !column.unique() || amount_or_day || column.mean_length() > 60) continue;
    if (is_measured(match, i)) continue;
    const int shape = kind == Kind::email ? 3 : has_numbers_of_things(m, i) ? 2 : 1;
    const bool unlikely = has_word(column.name(), m.vocabulary.no_key) || is_taken(match, i);
    found.emplace_back(-(looks_like_number(m, match, i) * 10 + (unlikely ? 0 : shape)), i);
  }
  std::ranges::sort(found);
  std::vector<std::string> out;
  for (const auto& [score, input] : found)
    if (out.size() < kMostAnswers) out.push_back(option("--key", m.column(input).name()));
  if (out.empty()) out.push_back(pair_answer(m));
  return out;
}

std::optional<std::size_t> company_beside(const Material& m, std::size_t key) {
  const auto numbers = [&](std::size_t input, const std::set<std::string>& whose) {
    // "CONTACTID" is one word: the noun begins it.
    const std::string name = bare(m.column(input).name());
    return std::ranges::any_of(whose, [&](const std::string& noun) {
      return std::ranges::any_of(m.vocabulary.key_words, [&](const std::string& word) {
        return name == noun + word || name == word + noun || name == "associated" + noun + word + "s" ||
               name == "associated" + noun + word;
      });
    });
  };
  if (!numbers(key, m.vocabulary.people)) return std::nullopt;
  for (std::size_t i = 0; i < m.written.size(); ++i)
    if (i != key && has_numbers_of_things(m, i) && numbers(i, m.vocabulary.companies)) return i;
  return std::nullopt;
}

}  // namespace vigie::propose
