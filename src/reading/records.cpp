#include "reading/records.h"

#include <algorithm>
#include <map>
#include <optional>

#include "reading/mend.h"
#include "reading/refuse.h"
#include "reading/table_foot.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kMostFooterLines = 50;
/// More mended rows than one in so many: it is not the rows that are wrong, but the reading.
constexpr std::int64_t kOneIn = 20;
constexpr std::int64_t kManyMended = 1000;
/// So many lines of another width after each other are no slips, but another table.
constexpr int kAnotherTable = 3;

/// A record that may follow the table or stand in it: that is known when the next row comes, or none.
struct Pending {
  std::int64_t line = 0;
  std::string text;
  std::size_t fields = 0;
  std::string first;  ///< its first value
  bool lone = false;  ///< one text at the left, after a blank line, padded to the table's width
  bool after_blank = false;
};

std::string line_text(const Record& record, const Dialect& dialect) {
  std::string out;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const std::string value = value_of(record.raw(i), record.fields[i], dialect);
    if (!is_blank(value)) out += (out.empty() ? "" : " ") + std::string(trimmed(value));
  }
  return out;
}

bool same_as(const Record& record, const std::vector<std::string>& names, const Dialect& dialect) {
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    const Field& field = record.fields[i];
    if (!field.escaped ? record.raw(i) != names[i] : value_of(record.raw(i), field, dialect) != names[i]) return false;
  }
  return true;
}

}  // namespace

std::string Row::value(std::size_t column) const {
  if (values != nullptr) return column < values->size() ? (*values)[column] : std::string();
  if (column >= record->fields.size()) return {};
  return value_of(record->raw(column), record->fields[column], *dialect);
}

class Rows::Walk {
 public:
  Walk(std::filesystem::path file, Text text, const Found& found)
      : file_(std::move(file)),
        text_(std::move(text)),
        found_(found),
        scanner_(found.dialect, [this](std::string& into) { return text_.read(into); }),
        fields_(found.layout.fields) {
    found_.rows = found_.mended = found_.repeats = found_.blank = found_.totals = found_.footer_line = 0;
    found_.footer.clear();
    found_.faithful = found_.faithful && !found_.mixed_ends;
    for (std::size_t j = 0; j < fields_; ++j) {
      const Column& column = found_.columns[j];
      const bool typed = column.kind == Kind::number || column.kind == Kind::date;
      if (typed && column.values() >= 3) typed_.push_back(j);
    }
    named_ = fields_;
    if (found_.layout.header_rows == 0) return;
    while (named_ > 0 && is_blank(found_.layout.names[named_ - 1]) &&
           found_.columns[named_ - 1].values() * 2 < std::max<std::int64_t>(1, found_.columns[named_ - 1].rows))
      --named_;
    if (found_.layout.names_in_doubt) named_ = fields_;
  }

  Result<> begin() {
    VIGIE_CHECK(scanner_.skip_lines(found_.wanted.first_line - 1));
    for (std::int64_t i = 0; i < found_.layout.records_before; ++i) {
      VIGIE_TRY(const bool more, scanner_.next(record_));
      if (!more) break;
    }
    return {};
  }

  Result<bool> next(Row& row) {
    while (true) {
      if (!mended_.empty()) {
        last_mended_ = std::move(mended_.front());
        mended_.pop_front();
        if (is_left_out(last_mended_.first)) continue;
        return give(row, last_mended_.first, RowKind::mended, &last_mended_.second);
      }
      if (std::exchange(held_, false)) {
        if (is_left_out(record_.line)) continue;
        return give(row, record_.line, RowKind::data, nullptr);
      }
      if (ended_) return false;
      VIGIE_TRY(const bool more, scanner_.next(record_));
      if (!more || (found_.wanted.last_line > 0 && record_.line > found_.wanted.last_line)) {
        ended_ = true;
        VIGIE_CHECK(is_still(file_, found_.stamp));
        VIGIE_CHECK(finish());
        continue;
      }
      VIGIE_CHECK(without_mark());
      VIGIE_TRY(const bool is_row, take());
      held_ = is_row;
    }
  }

  const Found& told() const { return found_; }

 private:
  /// A byte order mark where files were put after each other belongs to no value.
  Result<> without_mark() {
    constexpr std::string_view kMarkWithin = "\xEF\xBB\xBF";
    if (!record_.text.starts_with(kMarkWithin)) return {};
    tell("mark", record_.line, "a byte order mark stands here, as where two files were put after each other: left out");
    const std::int64_t line = record_.line;
    marked_ = record_.text.substr(kMarkWithin.size());
    Scanner again(found_.dialect, marked_);
    VIGIE_TRY(const bool any, again.next(record_));
    if (!any) {
      record_.text = marked_;
      record_.fields.assign(1, {});
    }
    record_.line = line;
    return {};
  }

  /// Looks at record_: true where it is a row as it stands.
  Result<bool> take() {
    if (record_.fault != Fault::none) return mend_now();
    if (record_.fields.size() != fields_) return other_width();
    if (is_blank(record_)) return blank();
    run_ = 0;
    if (found_.mixed_ends) VIGIE_CHECK(no_line_ends_within());
    if (after_blank_ || !pending_.empty()) {
      VIGIE_TRY(const bool goes_on, after_a_gap());
      if (!goes_on) return false;
    }
    if (is_header_again()) {
      if (found_.repeats++ == 0) tell("header", record_.line, "the header stands here again: left out");
      return false;
    }
    VIGIE_CHECK(no_other_table());
    if (stands_in_one_field(record_, found_.dialect, fields_)) return take_apart();
    if (written_as_formulas()) return false;
    if (record_.stray_quote && a_value_opens_behind_a_blank()) found_.faithful = false;
    if (record_.stray_quote && !std::exchange(told_of_quotes_, true))
      tell("stray", record_.line, "a quote stands within a field, and is read as a letter");
    if (scanner_.ended_without_line_end() && !like_those_above(fields_ - 1))
      tell("cut", record_.line,
           "the last line has no end, and its last field is not like those above: the file may be cut");
    if (record_.line_breaks > 0 && swallows_a_row(record_, found_.dialect, found_.columns))
      return refuse(record_.line, "csv.quote", "a quote is opened in this line, and what it holds is rows of the table",
                    "close it, or take it away");
    return true;
  }

  /// The engine would open a value there, in place of reading the quote as a letter.
  bool a_value_opens_behind_a_blank() const {
    const std::string opening = fmt::format(" {}", found_.dialect.quote);
    return record_.text.starts_with(opening) || record_.text.contains(found_.dialect.delimiter + opening);
  }

  /// A carriage return in a field without quotes: a line that ends otherwise than the others.
  Result<> no_line_ends_within() const {
    for (std::size_t i = 0; i < fields_; ++i)
      if (!record_.fields[i].quoted && record_.raw(i).find_first_of("\r\n") != std::string_view::npos)
        return refuse(record_.line, "csv.line_ends",
                      "a line end of another kind stands within a field: does a row end here",
                      "export the file again with one kind of line ends");
    return {};
  }

  /// True where the row holds texts written as formulas: it is given without their signs.
  bool written_as_formulas() {
    if (!record_.text.contains("=\"")) return false;
    std::vector<std::string> values;
    bool any = false;
    for (std::size_t i = 0; i < record_.fields.size(); ++i) {
      std::string value = value_of(record_.raw(i), record_.fields[i], found_.dialect);
      if (const auto inner = text_of_formula(value)) value = std::string(*inner), any = true;
      values.push_back(std::move(value));
    }
    if (!any) return false;
    if (!std::exchange(told_of_formulas_, true))
      tell("formula", record_.line,
           "texts stand here as formulas, as in =\"0012\": read without the signs round them, here and below");
    mended_.emplace_back(record_.line, std::move(values));
    return true;
  }

  Result<bool> take_apart() {
    VIGIE_CHECK(resolve());
    VIGIE_TRY(Mended row, unpack(record_, found_.dialect, found_.columns));
    keep(record_.line, std::move(row.values), "the whole row stands in its first field: taken apart");
    return false;
  }

  Result<bool> blank() {
    ++found_.blank;
    found_.faithful = false;
    after_blank_ = true;
    return false;
  }

  /// After a blank line, or lines that are no rows: does the table go on?
  Result<bool> after_a_gap() {
    const bool after_blank = std::exchange(after_blank_, false);
    const bool lone =
        fields_ > 1 && given_ > 0 && (after_blank || (!pending_.empty() && pending_.back().lone)) && is_lone();
    if (lone) {
      hold(true, after_blank);
      return false;
    }
    VIGIE_CHECK(resolve());
    if (after_blank && given_ > 0 && !typed_.empty() && !is_header_again() &&
        std::ranges::all_of(typed_, [&](std::size_t j) { return kind(j) == Kind::text; }))
      return refuse(record_.line, "csv.tables",
                    "after a blank line, names stand where the rows before have numbers: another table begins here",
                    "say the first and the last line of the one that is meant");
    return true;
  }

  /// Whether a value is of the kind that its column has, where it has one.
  bool like_those_above(std::size_t column) const {
    const Column& has = found_.columns[column];
    const Kind is = kind(column);
    if (is == Kind::empty || has.kind == Kind::empty) return true;
    return has.kind == Kind::text
               ? has.shape.empty() ||
                     shape_of(value_of(record_.raw(column), record_.fields[column], found_.dialect)) == has.shape
               : is == has.kind;
  }

  bool is_lone() const {
    for (std::size_t i = 1; i < fields_; ++i)
      if (!is_blank(record_.raw(i))) return false;
    return kind(0) == Kind::text && !stands_in_one_field(record_, found_.dialect, fields_);
  }

  Kind kind(std::size_t column) const {
    return kind_of(value_of(record_.raw(column), record_.fields[column], found_.dialect));
  }

  bool is_header_again() const {
    if (found_.layout.header_rows != 1 || found_.layout.names.size() != fields_) return false;
    const std::string& first = found_.layout.names.front();
    if (!record_.fields[0].escaped && record_.fields[0].size != first.size()) return false;
    return same_as(record_, found_.layout.names, found_.dialect);
  }

  Result<> no_other_table() {
    if (typed_.size() >= 2 && given_ > 0) {
      const std::string_view first = record_.raw(typed_.front());
      const bool letter =
          !first.empty() && ((first.front() >= 'a' && first.front() <= 'z') ||
                             (first.front() >= 'A' && first.front() <= 'Z') || (first.front() & 0x80) != 0);
      if (letter && std::ranges::all_of(typed_, [&](std::size_t j) { return kind(j) == Kind::text; }))
        return refuse(record_.line, "csv.tables",
                      "names stand where the rows before have numbers: another table begins here",
                      "say the first and the last line of the one that is meant");
    }
    for (std::size_t j = named_; j < fields_; ++j)
      if (record_.fields[j].size > 0 && !is_blank(record_.raw(j)))
        return refuse(
            record_.line, "csv.tables",
            fmt::format("a value stands in column {}, which has no name: another table, or a delimiter too many",
                        j + 1),
            "mend the line, or say which lines the table has");
    return {};
  }

  /// Another number of fields than the table has.
  Result<bool> other_width() {
    const std::size_t fields = record_.fields.size();
    if (is_blank(record_)) return blank();
    if (found_.wanted.fill_short_rows && fields < fields_ && fields > 1) {
      std::vector<std::string> values;
      for (std::size_t i = 0; i < fields; ++i)
        values.push_back(value_of(record_.raw(i), record_.fields[i], found_.dialect));
      values.resize(fields_);
      found_.faithful = false;
      mended_.emplace_back(record_.line, std::move(values));
      return false;
    }
    if (fields == 1 && stands_in_one_field(record_, found_.dialect, fields_)) return take_apart();
    run_ = fields == run_fields_ ? run_ + 1 : 1;
    run_fields_ = fields;
    if (run_ == kAnotherTable && fields > 1)
      return refuse(
          record_.line, "csv.tables",
          fmt::format("lines of {} fields where the table has {}: another table begins here", fields, fields_),
          "say the first and the last line of the one that is meant");
    if (after_blank_ && given_ > 0 && fields > 1 && fields > fields_ / 2)
      return refuse(record_.line, "csv.tables",
                    fmt::format("after a blank line, {} fields where the table has {}: another table begins here",
                                fields, fields_),
                    "say the first and the last line of the one that is meant");
    if (fields > std::max<std::size_t>(1, fields_ / 2)) {
      VIGIE_CHECK(resolve());
      return mend_now();
    }
    hold(false, after_blank_);
    after_blank_ = false;
    if (pending_.size() > kMostFooterLines)
      return refuse(pending_.front().line, "csv.tables",
                    "more lines follow that are no rows of the table than a note below it has",
                    "say the table's last line");
    return false;
  }

  Result<bool> mend_now() {
    after_blank_ = false;
    VIGIE_CHECK(resolve());
    VIGIE_TRY(Mended mended, mend(record_, found_.dialect, found_.columns));
    if (mended.first_line_only) scanner_.return_to_second_line(record_);
    keep(record_.line, std::move(mended.values),
         record_.fault == Fault::none
             ? fmt::format("{} fields where the table has {}: read in the only way that fits the columns",
                           record_.fields.size(), fields_)
             : "quotes that do not pair: read in the only way that fits the columns");
    return false;
  }

  void hold(bool lone, bool after_blank) {
    pending_.push_back({record_.line, std::string(record_.text), record_.fields.size(),
                        value_of(record_.raw(0), record_.fields[0], found_.dialect), lone, after_blank});
  }

  /// A row has come: what is pending stands in the table.
  Result<> resolve() {
    for (const Pending& one : std::exchange(pending_, {})) {
      if (one.lone)
        return refuse(one.line, "csv.tables",
                      fmt::format("after a blank line, \"{}\" stands alone, and rows follow: another table begins here",
                                  shortened(one.first)),
                      "say the first and the last line of the one that is meant");
      Scanner again(found_.dialect, one.text);
      Record record;
      if (!*again.next(record)) continue;
      record.line = one.line;
      const bool page =
          std::ranges::find(found_.layout.preamble, line_text(record, found_.dialect)) != found_.layout.preamble.end();
      if (page) {
        tell("page", one.line, "a line from above the table stands here again: left out");
        continue;
      }
      VIGIE_TRY(Mended mended, mend(record, found_.dialect, found_.columns));
      keep(one.line, std::move(mended.values),
           fmt::format("{} fields where the table has {}: read in the only way that fits the columns", one.fields,
                       fields_));
    }
    return {};
  }

  void keep(std::int64_t line, std::vector<std::string> values, std::string sentence) {
    if (found_.mended++ == 0) first_mended_ = line;
    tell("mended", line, std::move(sentence));
    mended_.emplace_back(line, std::move(values));
  }

  /// Of each kind the first ones with their lines; how many more there are, finish() tells.
  void tell(std::string_view kind, std::int64_t line, std::string sentence) {
    found_.faithful = false;
    if (found_.held) return;
    ToldOf& told = told_of_[kind];
    if (++told.times > kMostOfAKind) return;
    told.last_told_line = line;
    found_.notices.push_back({line, std::move(sentence)});
  }

  Result<bool> give(Row& row, std::int64_t line, RowKind kind, const std::vector<std::string>* values) {
    ++given_;
    found_.rows = given_;
    row = {.line = line,
           .number = given_,
           .kind = kind,
           .columns = found_.layout.names.size(),
           .record = &record_,
           .values = values,
           .dialect = &found_.dialect};
    if (found_.mended > kManyMended && found_.mended * kOneIn > given_) return too_many();
    return true;
  }

  /// A row that adds up others, as detect() has judged (total_lines is in the order of the lines).
  bool is_left_out(std::int64_t line) {
    const auto& lines = found_.total_lines;
    const auto left = static_cast<std::size_t>(found_.totals);
    if (left >= lines.size() || lines[left] != line) return false;
    ++found_.totals;
    found_.faithful = false;
    return true;
  }

  std::unexpected<Error> too_many() const {
    return refuse(first_mended_, "csv.fields",
                  fmt::format("a line that is no row of {} fields as it stands, and {} more such lines", fields_,
                              found_.mended - 1),
                  "say the delimiter and the quote, or export the file again");
  }

  Result<> finish() {
    if (found_.mended > std::max<std::int64_t>(1, (given_ + found_.mended) / kOneIn)) return too_many();
    if (text_.mended_line() > 0)
      tell("letters", text_.mended_line(), "punctuation of windows-1252 that somebody took for Latin-1: put right");
    if (text_.unseen_line() > 0)
      tell("unseen", text_.unseen_line(),
           "marks that nobody sees (of no width, of the direction of writing): left out");
    VIGIE_CHECK(take_footer());
    for (const auto& [kind, told] : told_of_)
      if (told.times > kMostOfAKind)
        found_.notices.push_back(
            {told.last_told_line, fmt::format("what is told of this line is so in {} more, which are not listed",
                                              told.times - kMostOfAKind)});
    return {};
  }

  /// What is still pending stands below the table.
  Result<> take_footer() {
    if (pending_.empty()) return {};
    const Pending& first = pending_.front();
    if (first.fields > 1 || fields_ > 1) VIGIE_CHECK(not_cut(first));
    found_.footer_line = first.line;
    for (const Pending& one : pending_) {
      Scanner again(found_.dialect, one.text);
      Record record;
      found_.footer.push_back(*again.next(record) ? line_text(record, found_.dialect) : one.text);
    }
    tell("footer", first.line, fmt::format("lines below the table, left out: {}", pending_.size()));
    pending_.clear();
    return {};
  }

  /// A last line with fewer fields may be the beginning of a row: the file is cut, or the row is short. Where the line
  /// has no end, its last field may be a part of a value: whatever stands there says nothing, but that a number or a
  /// day does not begin with a letter.
  Result<> not_cut(const Pending& one) const {
    const bool no_end = pending_.size() == 1 && scanner_.ended_without_line_end() && found_.wanted.last_line == 0;
    if (one.lone || is_word_of_total(one.first) || (one.after_blank && (!no_end || one.fields == 1))) return {};
    Scanner again(found_.dialect, one.text);
    Record record;
    if (!*again.next(record)) return {};
    const std::size_t fields = record.fields.size();
    for (std::size_t i = 0; i < fields; ++i) {
      const Kind has = kind_of(record.raw(i));
      const Column& column = found_.columns[i];
      const bool may_be_a_part = no_end && i + 1 == fields && (fields > 1 || has != Kind::text);
      if (may_be_a_part) continue;
      if (has != Kind::empty && column.kind != Kind::text && column.kind != Kind::empty && has != column.kind)
        return {};
    }
    const auto blanks = std::ranges::count(trimmed(one.first), ' ');
    const bool sentence =
        one.fields == 1 &&
        (one.first.contains(':') || blanks >= 3 ||
         (std::isalnum(static_cast<unsigned char>(one.first.front())) == 0 && (one.first.front() & 0x80) == 0));
    if (sentence) return {};
    return refuse(one.line, "csv.fields",
                  fmt::format("{} of {} fields: the file may be cut here", record.fields.size(), fields_),
                  "fetch the file again; where the line is a note below the table, say the table's last line");
  }

  std::filesystem::path file_;
  Text text_;
  Found found_;
  Scanner scanner_;
  std::size_t fields_, named_ = 0;
  std::vector<std::size_t> typed_;
  Record record_;
  std::string marked_;  ///< what record_ stands in, where a mark was before it
  std::deque<std::pair<std::int64_t, std::vector<std::string>>> mended_;
  std::pair<std::int64_t, std::vector<std::string>> last_mended_;
  std::vector<Pending> pending_;
  struct ToldOf {
    std::int64_t last_told_line = 0, times = 0;
  };
  std::map<std::string_view, ToldOf> told_of_;  ///< by kind
  bool told_of_quotes_ = false, told_of_formulas_ = false;
  bool held_ = false, ended_ = false, after_blank_ = false;
  int run_ = 0;
  std::size_t run_fields_ = 0;
  std::int64_t given_ = 0, first_mended_ = 0;
};

Rows::Rows(std::unique_ptr<Walk> walk) : walk_(std::move(walk)) {}
Rows::~Rows() = default;

Result<std::unique_ptr<Rows>> Rows::open(const std::filesystem::path& file, const Found& found) {
  VIGIE_CHECK(is_still(file, found.stamp));
  VIGIE_TRY(Text text, Text::open(file, found.dialect.encoding));
  auto walk = std::make_unique<Walk>(file, std::move(text), found);
  VIGIE_CHECK(walk->begin());
  return std::unique_ptr<Rows>(new Rows(std::move(walk)));
}

Result<bool> Rows::next(Row& row) { return walk_->next(row); }
const Found& Rows::told() const { return walk_->told(); }

}  // namespace vigie::reading
