// What one canonical column becomes when it is read from one input column.
#include <algorithm>

#include "base/text.h"
#include "model/currency.h"
#include "propose/drafting.h"

namespace vigie::propose {
namespace {

using model::ColumnType;

constexpr std::size_t kMostListed = 8;  ///< texts of a column that a sentence lists

std::string order_sentence(const Written& how) {
  const bool day = how.order == DateOrder::day_first;
  if (how.as_said) return day ? "the day comes first, as you say" : "the month comes first, as you say";
  if (!how.as_in.empty())
    return day ? fmt::format("the day comes first, as the column \"{}\" of the same file tells", how.as_in)
               : fmt::format("the month comes first, as the column \"{}\" of the same file tells", how.as_in);
  if (how.told_by.empty()) return "";
  return day ? fmt::format("the day comes first: \"{}\" can be read in no other way", how.told_by)
             : fmt::format("the month comes first: \"{}\" can be read in no other way", how.told_by);
}

void add_sentence(std::string& why, const std::string& sentence) {
  if (sentence.empty()) return;
  why += (why.empty() ? "" : "; ") + sentence;
}

void read_as_date(const Material& material, std::size_t input, const std::string& target, bool instant,
                  DraftColumn& out, std::vector<Question>& questions, Confidence& confidence) {
  const Written& how = material.written[input];
  const std::string& name = material.column(input).name();
  out.formats = how.date_formats;
  if (!reads_as_dates(how, material.column(input))) {
    out.formats = {how.serial};
    if (how.serial == "excel") add_sentence(out.why, "days counted as spreadsheets do: 45292 is 2024-01-01");
    else add_sentence(out.why, "counted from 1970 on, in UTC");
    if (instant && how.serial == "excel" && how.kind == Kind::whole) out.options.emplace_back("as", "date");
    confidence = Confidence::likely;
    return;
  }
  if (how.date_undecided) {
    out.off = true;
    confidence = Confidence::look;
    Question ask{"date_order", name, "", {"--date-order dmy", "--date-order mdy"}, true};
    ask.text =
        !how.swapped_with.empty()
            ? fmt::format(
                  "in the column \"{}\" every date like \"{}\" has a day above 12, and every one like \"{}\" a day up "
                  "to 12: a spreadsheet has turned day and month of these round; export the file again from where it "
                  "comes, or say the order of the others where all of them are right",
                  name, how.told_by, how.swapped_with)
        : how.date_contradicted
            ? fmt::format(
                  "the column \"{}\" holds dates of both orders, as \"{}\": which of day and month comes first?", name,
                  how.told_by)
            : fmt::format("nothing in the column \"{}\" tells whether the day or the month comes first, as in \"{}\"",
                          name, how.told_by);
    out.why = ask.text;
    if (std::ranges::none_of(questions,
                             [&](const Question& one) { return one.code == "date_order" && one.column == name; }))
      questions.push_back(std::move(ask));
  } else {
    add_sentence(out.why, order_sentence(how));
  }
  if (instant && how.times == DateTally::Times::none) out.options.emplace_back("as", "date");
  if (how.times == DateTally::Times::midnight) {
    if (instant) out.options.emplace_back("as", "date");
    add_sentence(out.why, "every time of day is 00:00: bare dates");
  }
  if (how.times == DateTally::Times::leaked) {
    if (instant) out.options.emplace_back("as", "date");
    add_sentence(out.why, "the times of day run from 00:01 to 00:12 alone: they mean nothing and are dropped");
  }
  if (how.times == DateTally::Times::hours_of_twelve) {
    add_sentence(out.why, "hours run from 1 to 12 and nothing says AM or PM: a time may be twelve hours off");
    confidence = Confidence::likely;
  }
  if (how.without_days) add_sentence(out.why, "a month stands for its first day, a week for its Monday");
  if (target == "to_date" || target == "ended_at" || target == "service_to")
    add_sentence(out.why,
                 "the first day no longer covered is meant: where the file gives the last one, add plus_days: 1");
}

void ask_percents(const ColumnSketch& values, const model::Column& column, DraftColumn& out,
                  std::vector<Question>& questions) {
  out.off = true;
  Question ask{"values", values.name(), "", {option("--without", values.name())}, true};
  ask.text = fmt::format("which values of \"{}\" are percents, and which are {} as they stand: {}?", values.name(),
                         column.name, listed(values.examples()));
  out.why = ask.text;
  questions.push_back(std::move(ask));
}

void read_as_number(const Material& material, std::size_t input, const model::Column& column, DraftColumn& out,
                    std::vector<Question>& questions, Confidence& confidence) {
  const Written& how = material.written[input];
  const ColumnSketch& values = material.column(input);
  out.number = how.number;
  if (how.number_undecided) {
    out.off = true;
    confidence = Confidence::look;
    Question ask{"decimal", values.name(), "", {"--decimal point", "--decimal comma"}, true};
    ask.text = fmt::format("nothing in the column \"{}\" tells whether \"{}\" has decimals or thousands", values.name(),
                           how.undecided_number);
    out.why = ask.text;
    questions.push_back(std::move(ask));
  }
  const int kept = column.type == ColumnType::rate ? 8 : column.type == ColumnType::integer ? 0 : 4;
  if (values.numbers().most_decimals() > kept && column.type != ColumnType::integer)
    out.options.emplace_back("round", "true");
  // Shares and full-time equivalents are 1 at the most, or little more: what goes to a hundred is percents.
  const bool share = column.unit == "share", equivalents = column.unit == "full-time equivalents";
  const NumberTally& numbers = values.numbers();
  const bool hundreds = share ? numbers.most() > 1 : equivalents && numbers.most() > 5 && numbers.most() <= 100;
  if ((share || equivalents) && (how.percent || hundreds)) {
    out.options.emplace_back("factor", "0.01");
    add_sentence(out.why, "percents");
    if (!how.percent) confidence = Confidence::likely;
  }
  // "80 %" beside "0.5": one of them would be a hundred times too small.
  const bool both = how.percent && numbers.percents() < numbers.numbers();
  if ((share || equivalents) && (both || (equivalents && !how.percent && hundreds && numbers.most() < 50)))
    ask_percents(values, column, out, questions);
  if (out.number->factor != Decimal::integer(1)) {
    add_sentence(out.why, "the name says the unit, and each number is multiplied by it");
    confidence = Confidence::likely;
  }
  if (!out.number->magnitudes.empty()) add_sentence(out.why, "thousands (K) and millions (M) are multiplied out");
}

/// Yes and no that an import does not read by itself need values.
void read_as_boolean(const Material& material, std::size_t input, DraftColumn& out) {
  static const std::set<std::string> kRead{"true", "false", "yes", "no", "oui", "non", "vrai", "faux",
                                           "y",    "n",     "t",   "f",  "o",   "x",   "1",    "0"};
  for (const auto& [text, n] : material.column(input).values()) {
    if (kRead.contains(lower_ascii(text))) continue;
    const auto known = material.vocabulary.yes_no.find(bare(text));
    if (known != material.vocabulary.yes_no.end()) out.values.emplace_back(text, known->second ? "true" : "false");
  }
  if (!out.values.empty()) out.otherwise = "keep";  // what the import reads by itself, or refuses
}

/// "€" and "Euro" beside codes: what is neither is refused row by row, and asked for.
void read_as_currency(const Material& material, const model::Column& column, std::size_t input, DraftColumn& out,
                      std::vector<Question>& questions, Confidence& confidence) {
  const ColumnSketch& values = material.column(input);
  std::vector<std::string> unknown;
  for (const auto& [text, n] : values.values()) {
    const std::string code = material.vocabulary.currency_of(text);
    if (code.empty()) unknown.push_back(text);
    else if (model::in_capitals(text) != code) out.values.emplace_back(text, code);
  }
  if (!out.values.empty()) out.otherwise = "keep";
  if (unknown.empty()) return;
  confidence = Confidence::look;
  add_sentence(out.why, fmt::format("not known, and refused until it is said: {} ({})", listed(unknown), "EUR"));
  questions.push_back(words_question(values.name(), column, unknown, false));
}

void read_as_enumeration(const Material& material, const model::Table& table, const model::Column& column,
                         std::size_t input, DraftColumn& out, std::vector<Question>& questions,
                         Confidence& confidence) {
  const ColumnSketch& values = material.column(input);
  const std::string path = table.name + "." + column.name;
  const auto& words = material.vocabulary.words.at(path);
  std::vector<std::string> unknown, taken_as_open;
  const bool is_outcome = path == "opportunities.outcome";
  bool closed = false;
  for (const auto& [text, n] : values.values())
    if (const auto at = words.find(bare(text)); at != words.end() && at->second != "open") closed = true;
  for (const auto& [text, n] : values.values()) {
    const auto at = words.find(bare(text));
    if (at != words.end()) out.values.emplace_back(text, at->second);
    else if (is_outcome && closed) out.values.emplace_back(text, "open"), taken_as_open.push_back(text);
    else unknown.push_back(text);
  }
  out.otherwise = "error";
  if (!taken_as_open.empty()) {
    confidence = Confidence::likely;
    add_sentence(out.why, "stages that are neither won nor lost are taken as open");
  }
  if (unknown.empty()) return;
  confidence = Confidence::look;
  std::string canonical;
  for (const std::string& value : column.values) canonical += (canonical.empty() ? "" : ", ") + value;
  add_sentence(out.why, fmt::format("not known, and refused until it is said: {} ({})", listed(unknown), canonical));
  questions.push_back(words_question(values.name(), column, unknown, false));
}

}  // namespace

std::string listed(const std::vector<std::string>& texts) {
  std::string out;
  for (std::size_t i = 0; i < std::min(texts.size(), kMostListed); ++i)
    out += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", texts[i]);
  if (texts.size() > kMostListed) out += ", …";
  return out;
}

Question words_question(const std::string& header, const model::Column& column, const std::vector<std::string>& unknown,
                        bool blocks) {
  Question ask{"words", header, "", {}, blocks};
  ask.text = fmt::format("what do these texts of \"{}\" mean for {}: {}?", header, column.name, listed(unknown));
  const std::string choices = column.name == "currency" ? "EUR" : join(column.values, "|");
  for (std::size_t i = 0; i < std::min(unknown.size(), kMostListed); ++i)
    ask.answers.push_back(option("--word", unknown[i] + "=" + choices));
  return ask;
}

DraftColumn draft_column(const Material& material, const model::Table& table, const std::string& target,
                         std::size_t input, std::vector<Question>& questions, Confidence& confidence) {
  DraftColumn out;
  out.target = target;
  out.from.push_back(material.column(input).name());
  const Written& how = material.written[input];
  const ColumnSketch& values = material.column(input);
  const model::Column* column = table.find(target);
  for (const model::Column& common : material.model.common_columns())
    if (common.name == target) column = &common;
  if (target != "key")
    for (const auto& [text, n] : values.nothing()) out.nothing.push_back(text);
  if (column == nullptr) {
    if (target == "key" && values.long_digits() > 0) out.why = "long numbers, kept as texts to the last digit";
    return out;
  }
  switch (column->type) {
    case ColumnType::instant:
    case ColumnType::date:
      read_as_date(material, input, target, column->type == ColumnType::instant, out, questions, confidence);
      break;
    case ColumnType::money:
    case ColumnType::quantity:
    case ColumnType::rate:
    case ColumnType::integer: read_as_number(material, input, *column, out, questions, confidence); break;
    case ColumnType::boolean: read_as_boolean(material, input, out); break;
    case ColumnType::enumeration:
      read_as_enumeration(material, table, *column, input, out, questions, confidence);
      break;
    case ColumnType::key:
      if (values.numbers().written_as_decimals() && values.numbers().numbers() == values.filled())
        out.why = "keys written as decimals (17850.0) stay so: they are others than 17850 of another file";
      if (values.long_digits() > 0) out.why = "long numbers, kept as texts to the last digit";
      break;
    case ColumnType::text:
      if (column->name == "currency") read_as_currency(material, *column, input, out, questions, confidence);
      break;
  }
  const bool serial = model::is_time(column->type) && !reads_as_dates(how, values);
  const std::int64_t read = model::is_time(column->type) && !serial ? how.dates : how.numbers;
  const std::int64_t unread = values.filled() - read;
  if (unread > 0 && (model::is_time(column->type) || model::is_number(column->type)) && !out.off) {
    add_sentence(out.why, unread == 1 ? "1 value cannot be read so, and waits in the quarantine"
                                      : fmt::format("{} values cannot be read so, and wait in the quarantine", unread));
    confidence = Confidence::likely;
  }
  return out;
}

std::string attribute_name(std::string_view header) {
  std::string out;
  // "BillingCountry" is two words, "ACCOUNTID" is one.
  std::string words;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    if (i > 0 && is_small(header[i - 1]) && header[i] >= 'A' && header[i] <= 'Z') words += ' ';
    words += header[i];
  }
  for (const char c : fold_name(words)) {
    if ((c >= 'a' && c <= 'z') || is_digit(c)) out += c;
    else if (!out.empty() && out.back() != '_') out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  if (out.size() > 50) out.resize(50);
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() ? "" : "x_" + out;
}

std::string plain_name_of(std::string_view files) {
  std::string stem(files);
  if (const auto cut = stem.find_last_of('/'); cut != std::string::npos) stem.erase(0, cut + 1);
  if (const auto dot = stem.find('.'); dot != std::string::npos && dot > 0) stem.resize(dot);
  std::string out = attribute_name(stem);
  return out.empty() ? "table" : out.substr(2);
}

}  // namespace vigie::propose
