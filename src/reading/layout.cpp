#include "reading/layout.h"

#include <algorithm>
#include <array>
#include <optional>

#include "reading/refuse.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kMostHeaderRows = 4;
constexpr std::size_t kLookedAt = 200;  // rows below a header that say what its columns hold

bool holds_value(Kind kind) { return kind == Kind::number || kind == Kind::date; }
bool is_typed(Kind kind) { return holds_value(kind) || kind == Kind::address; }

/// Titles, headers and rows, told apart.
class Layouter {
 public:
  Layouter(const std::vector<Line>& lines, std::size_t fields, const Wanted& wanted)
      : lines_(lines), fields_(fields), wanted_(wanted) {}

  Result<LaidOut> run() {
    VIGIE_CHECK(find_first());
    VIGIE_CHECK(no_table_above());
    VIGIE_TRY(header_rows_, header_rows());
    if (header_rows_ == 0) VIGIE_CHECK(names_of_another_width());
    VIGIE_CHECK(title_or_header());
    return finished();
  }

 private:
  bool fits(const Line& line) const { return line.fault == Fault::none && line.values.size() == fields_; }

  /// The first record that may be the header or a row: of the table's width, and no title.
  Result<> find_first() {
    std::size_t last = lines_.size();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!fits(lines_[i]) || lines_[i].blank()) continue;
      if (last == lines_.size()) first_ = i;
      last = i;
    }
    if (last == lines_.size())
      return refuse(1, "csv.fields", "no record has as many fields as another", "say the delimiter");
    for (std::size_t i = 0; i < first_; ++i) {
      if (lines_[i].fault != Fault::none) return refuse_quotes(lines_[i].line, lines_[i].fault);
      if (!lines_[i].blank()) before_.push_back(i);
    }
    while (fields_ > 1 && first_ < last) {
      const Line& line = lines_[first_];
      if (!line.blank()) {
        if (!fits(line)) return refuse_width(line);
        if (!is_title(first_)) break;
        before_.push_back(first_);
        title_ = first_;
      }
      ++first_;
    }
    return {};
  }

  /// One text at the left, padded with empty fields, above a blank line, another title, or a fuller line.
  bool is_title(std::size_t i) const {
    const Line& line = lines_[i];
    if (line.filled() != 1 || kind_of(line.values.front()) != Kind::text) return false;
    if (i + 1 < lines_.size() && lines_[i + 1].blank()) return true;
    for (std::size_t j = i + 1; j < lines_.size(); ++j)
      if (!lines_[j].blank()) return fits(lines_[j]);
    return false;
  }

  std::unexpected<Error> refuse_width(const Line& line) const {
    return refuse(line.line, "csv.fields", fmt::format("{} fields where the table has {}", line.values.size(), fields_),
                  "mend the line, or say which lines the table has");
  }

  /// Lines of one width other than the table's, three and more in a row, are another table.
  Result<> no_table_above() const {
    std::size_t run = 1;
    for (std::size_t i = 1; i < before_.size(); ++i) {
      const std::size_t width = lines_[before_[i]].values.size();
      const bool goes_on = width == lines_[before_[i - 1]].values.size() && width >= 3 && width != fields_;
      run = goes_on ? run + 1 : 1;
      if (run >= 3)
        return refuse(
            lines_[before_[i]].line, "csv.tables",
            fmt::format("lines of {} fields stand above a table of {}: the file holds several tables", width, fields_),
            "say the first and the last line of the one that is meant");
    }
    return {};
  }

  /// The rows of the table from the first on, as far as the sample goes.
  std::vector<const Line*> good(std::size_t from, std::size_t most) const {
    std::vector<const Line*> out;
    for (std::size_t i = from; i < lines_.size() && out.size() < most; ++i) {
      if (!fits(lines_[i]) || lines_[i].blank()) continue;
      // A header that comes again further down says nothing about what stands below it.
      const bool again = !out.empty() && lines_[i].values == out.front()->values;
      if (!again || fields_ == 1 || out.back()->values == out.front()->values) out.push_back(&lines_[i]);
    }
    return out;
  }

  /// Of four in five of the values of a column; text where there is none such, empty where there are no values.
  static Kind kind_below(const std::vector<const Line*>& rows, std::size_t from, std::size_t column) {
    std::array<std::int64_t, 5> of_kind{};
    std::int64_t values = 0;
    for (std::size_t i = from; i < rows.size(); ++i) {
      const Kind kind = kind_of(rows[i]->values[column]);
      if (kind == Kind::empty) continue;
      ++of_kind[static_cast<std::size_t>(kind)];
      ++values;
    }
    if (values == 0) return Kind::empty;
    const auto most = std::ranges::max_element(of_kind);
    return *most * 5 >= values * 4 ? static_cast<Kind>(most - of_kind.begin()) : Kind::text;
  }

  /// May be names: no numbers or days in it but years that rise.
  static bool may_be_names(const Line& line) {
    std::int64_t values = 0, years = 0, last = 0;
    for (const std::string& value : line.values) {
      if (!holds_value(kind_of(value))) continue;
      ++values;
      if (!is_year(value)) continue;
      const std::int64_t year = std::stoll(std::string(trimmed(value)));
      if (year > last) ++years;
      last = year;
    }
    return values == 0 || (values == years && years >= 2);
  }

  std::unexpected<Error> names_or_values(const Line& line, std::string message) const {
    return refuse(line.line, "csv.header", std::move(message), "say header_rows: 1 or header_rows: 0");
  }

  Result<std::size_t> header_rows() {
    const auto rows = good(first_, kLookedAt);
    if (wanted_.header_rows) {
      const auto said = static_cast<std::size_t>(*wanted_.header_rows);
      if (said <= rows.size()) return said;
      return refuse(rows.back()->line, "csv.header",
                    fmt::format("{} header rows were said, and the table has {} lines", said, rows.size()),
                    "say fewer");
    }
    const Line& top = *rows.front();
    if (rows.size() == 1) {
      if (above_may_be_names()) return 0;
      if (std::ranges::any_of(top.values, [](const std::string& v) { return holds_value(kind_of(v)); }))
        return names_or_values(top, "the table has one line only, with numbers in it: are they names or values");
      return 1;
    }
    std::vector<Kind> below(fields_);
    for (std::size_t j = 0; j < fields_; ++j) below[j] = kind_below(rows, 1, j);
    if (!may_be_names(top) && !texts_above_all_values(top, below)) return values_on_top(top, below);
    VIGIE_TRY(const bool named, is_header(rows, below));
    if (!named) return 0;
    std::size_t header = 1;
    while (header < kMostHeaderRows && header + 1 < rows.size() && goes_on(rows, header)) ++header;
    return header;
  }

  /// Texts above each column of numbers are names, whatever stands in the corner above a column of texts.
  bool texts_above_all_values(const Line& top, const std::vector<Kind>& below) const {
    std::size_t typed = 0, texts = 0;
    for (std::size_t j = 0; j < fields_; ++j) {
      if (!is_typed(below[j])) continue;
      ++typed;
      texts += kind_of(top.values[j]) == Kind::text ? 1 : 0;
    }
    return typed >= 2 && texts == typed;
  }

  Result<std::size_t> values_on_top(const Line& top, const std::vector<Kind>& below) const {
    std::optional<std::size_t> text, same;
    for (std::size_t j = 0; j < fields_; ++j) {
      if (!is_typed(below[j])) continue;
      const Kind kind = kind_of(top.values[j]);
      if (holds_value(below[j]) && kind == Kind::text && !text) text = j;
      if (kind == below[j] && !same) same = j;
    }
    if (text && same)
      return names_or_values(top,
                             fmt::format("names or values: column {} has a text above numbers, column {} a value like "
                                         "those below",
                                         *text + 1, *same + 1));
    if (text)
      return names_or_values(
          top, fmt::format("names or values: column {} has a text above numbers, and other columns have numbers",
                           *text + 1));
    return 0;
  }

  Result<bool> is_header(const std::vector<const Line*>& rows, const std::vector<Kind>& below) {
    const Line& top = *rows.front();
    std::size_t typed = 0, texts = 0, nothing = 0;
    bool years = false;
    for (std::size_t j = 0; j < fields_; ++j) {
      const Kind kind = kind_of(top.values[j]);
      if (kind == Kind::address) return false;
      years |= holds_value(kind);
      if (!is_typed(below[j])) continue;
      ++typed;
      texts += kind == Kind::text ? 1 : 0;
      nothing += is_blank(top.values[j]) ? 1 : 0;
    }
    if (typed > 0) {
      if (!years && texts == 0 && nothing == typed && top.filled() <= 1)
        return names_or_values(top, "names or values: the columns of numbers have no name here");
      return true;
    }
    // All is text: names, unless most of them come again in their own column.
    std::size_t again = 0;
    for (std::size_t j = 0; j < fields_; ++j) {
      if (is_blank(top.values[j])) continue;
      const auto same =
          std::count_if(rows.begin() + 1, rows.end(), [&](const Line* r) { return r->values[j] == top.values[j]; });
      if (same > 0) ++again;
    }
    all_text_ = true;
    return again == 0 || again * 2 < top.filled();
  }

  /// Whether the row after so many header rows is another one: texts above numbers all along, or texts that fill what
  /// the rows above leave open.
  bool goes_on(const std::vector<const Line*>& rows, std::size_t header) const {
    const Line& row = *rows[header];
    std::size_t typed = 0, texts_above = 0, gaps = 0, filled_gaps = 0;
    std::size_t last_filled = 0;
    for (std::size_t j = 0; j < fields_; ++j) {
      if (!is_blank(row.values[j])) last_filled = j;
      if (is_typed(kind_of(row.values[j]))) return false;
    }
    for (std::size_t j = 0; j < fields_; ++j) {
      const bool text = kind_of(row.values[j]) == Kind::text;
      const auto values = std::count_if(rows.begin() + static_cast<std::ptrdiff_t>(header) + 1, rows.end(),
                                        [&](const Line* r) { return holds_value(kind_of(r->values[j])); });
      if (values >= 2 && holds_value(kind_below(rows, header + 1, j))) {
        ++typed;
        texts_above += text ? 1 : 0;
      }
      bool gap = true;
      for (std::size_t i = 0; i < header; ++i) gap = gap && is_blank(rows[i]->values[j]);
      if (gap && j <= last_filled) {
        ++gaps;
        filled_gaps += is_blank(row.values[j]) ? 0 : 1;
      }
    }
    const bool all_along = typed >= 2 && typed * 3 >= fields_ && texts_above == typed;
    return all_along || (texts_above > 0 && filled_gaps * 2 > gaps && gaps > 0);
  }

  const Line* above() const { return first_ > 0 ? &lines_[first_ - 1] : nullptr; }

  /// The line directly above may be the header, with a name too many or too few.
  bool above_may_be_names() const {
    const Line* line = above();
    if (line == nullptr || line->blank() || line->fault != Fault::none || line->values.size() < 2) return false;
    const auto difference = static_cast<std::size_t>(
        std::abs(static_cast<std::ptrdiff_t>(line->values.size()) - static_cast<std::ptrdiff_t>(fields_)));
    if (difference == 0 || difference > std::max<std::size_t>(1, fields_ / 4)) return false;
    return line->filled() * 2 > std::min(line->values.size(), fields_) &&
           std::ranges::all_of(line->values,
                               [](const std::string& v) { return is_blank(v) || kind_of(v) == Kind::text; });
  }

  Result<> names_of_another_width() {
    const Line* line = above();
    if (line == nullptr || line->blank() || before_.empty()) return {};
    if (wanted_.header_rows) return {};
    if (!above_may_be_names())
      return refuse(line->line, "csv.header",
                    "the line stands directly above the values, and is no row of names for them",
                    "mend it, or say the table's first line");
    names_ = line->values;
    if (names_.size() > fields_ && line->filled() == fields_)
      std::erase_if(names_, [](const std::string& name) { return is_blank(name); });
    before_.pop_back();
    title_.reset();
    header_line_ = line->line;
    if (names_.size() > fields_) {
      notices_.push_back(
          {line->line, fmt::format("the header has {} names, the rows {} fields: the last columns are empty",
                                   names_.size(), fields_)});
    } else if (names_.size() < fields_) {
      notices_.push_back(
          {line->line, fmt::format("the header has {} names, the rows {} fields: which column has no name, is not told",
                                   names_.size(), fields_)});
      names_in_doubt_ = true;
      names_.resize(fields_);
    }
    return {};
  }

  /// One text above the header, with a single row below it: a title, or the upper of two header rows?
  Result<> title_or_header() const {
    if (!title_ || wanted_.header_rows || header_rows_ == 0 || lines_[*title_ + 1].blank()) return {};
    if (good(first_, 4).size() - header_rows_ >= 2) return {};
    return refuse(
        lines_[*title_].line, "csv.header",
        "one text above the header: with a single row below, it may be a title or the upper of two header rows",
        "say the table's first line, or header_rows: 2");
  }

  Result<LaidOut> finished() {
    LaidOut out;
    Layout& layout = out.layout;
    layout.fields = fields_;
    layout.names_in_doubt = names_in_doubt_;
    const auto rows = good(first_, lines_.size());
    std::size_t body = first_;
    if (header_rows_ > 0) {
      layout.first_header_line = rows.front()->line;
      layout.header_rows = static_cast<std::int64_t>(header_rows_);
      names_ = joined({rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(header_rows_)});
      while (&lines_[body] != rows[header_rows_ - 1]) {
        if (!fits(lines_[body]) && !lines_[body].blank()) return refuse_width(lines_[body]);
        ++body;
      }
      ++body;
    } else if (!names_.empty()) {
      layout.first_header_line = header_line_;
      layout.header_rows = 1;
    }
    if (names_.empty())
      for (std::size_t j = 0; j < fields_; ++j) names_.push_back(fmt::format("column_{}", j + 1));
    layout.names = names_;
    layout.records_before = static_cast<std::int64_t>(body);
    layout.first_data_line = body < lines_.size() ? lines_[body].line : 0;
    for (const std::size_t i : before_) layout.preamble.push_back(lines_[i].text());
    if (!before_.empty())
      notices_.push_back(
          {lines_[before_.front()].line, fmt::format("lines before the table, left out: {}", before_.size())});
    if (layout.header_rows > 0 && all_text_)
      out.reasons.emplace_back("all columns hold text: the first line is taken for their names");
    out.reasons.push_back(layout.header_rows == 0 ? "the first row has values where the rows below have them: no header"
                                                  : fmt::format("names in line {}", layout.first_header_line));
    out.columns = columns_of(lines_, body, fields_);
    out.notices = std::move(notices_);
    return out;
  }

  /// Header rows as one: the parts of a name after each other, an upper part over all the columns that it spans.
  static std::vector<std::string> joined(const std::vector<const Line*>& rows) {
    if (rows.size() == 1) return rows.front()->values;
    std::vector<std::string> out(rows.front()->values.size());
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const bool spans = k + 1 < rows.size() && rows[k]->filled() > 1;
      std::string last;
      for (std::size_t j = 0; j < out.size(); ++j) {
        bool new_span = false, below = false;
        for (std::size_t i = 0; i < rows.size(); ++i) {
          new_span |= i < k && !is_blank(rows[i]->values[j]);
          below |= i > k && !is_blank(rows[i]->values[j]);
        }
        if (new_span) last.clear();
        const std::string_view own = trimmed(rows[k]->values[j]);
        if (!own.empty()) last = own;
        const std::string part = !own.empty() ? std::string(own) : spans && below ? last : std::string();
        if (!part.empty()) out[j] += (out[j].empty() ? "" : " ") + part;
      }
    }
    return out;
  }

  const std::vector<Line>& lines_;
  std::size_t fields_;
  const Wanted& wanted_;
  std::size_t first_ = 0, header_rows_ = 0;
  std::vector<std::size_t> before_;
  std::optional<std::size_t> title_;
  std::vector<std::string> names_;
  std::int64_t header_line_ = 0;
  bool names_in_doubt_ = false, all_text_ = false;
  std::vector<Notice> notices_;
};

}  // namespace

bool Line::blank() const {
  return std::ranges::all_of(values, [](const std::string& v) { return is_blank(v); });
}

std::size_t Line::filled() const {
  return static_cast<std::size_t>(std::ranges::count_if(values, [](const std::string& v) { return !is_blank(v); }));
}

std::string Line::text() const {
  std::string out;
  for (const std::string& value : values)
    if (!is_blank(value)) out += (out.empty() ? "" : " ") + std::string(trimmed(value));
  return out;
}

std::vector<Line> lines_of(std::string_view sample, bool complete, const Dialect& dialect) {
  std::vector<Line> out;
  Scanner scanner(dialect, sample);
  Record record;
  while (*scanner.next(record)) {
    if (!complete && record.text.data() + record.text.size() == sample.data() + sample.size()) break;
    Line line{record.line, {}, record.fault};
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      line.values.push_back(value_of(record.raw(i), record.fields[i], dialect));
    if (line.values.front().starts_with("\xEF\xBB\xBF")) line.values.front().erase(0, 3);  // of files joined into one
    out.push_back(std::move(line));
  }
  return out;
}

Result<LaidOut> lay_out(const std::vector<Line>& lines, std::size_t fields, const Wanted& wanted) {
  return Layouter(lines, fields, wanted).run();
}

std::vector<Column> columns_of(const std::vector<Line>& lines, std::size_t from, std::size_t fields) {
  constexpr std::int64_t kMost = 5000;
  std::vector<Column> out(fields);
  std::vector<bool> one_shape(fields, true);
  for (std::size_t i = from; i < lines.size(); ++i) {
    const Line& line = lines[i];
    if (line.fault != Fault::none || line.values.size() != fields || line.blank()) continue;
    if (out.front().rows == kMost) break;
    for (std::size_t j = 0; j < fields; ++j) {
      Column& column = out[j];
      const Kind kind = kind_of(line.values[j]);
      ++column.rows;
      ++column.of_kind[static_cast<std::size_t>(kind)];
      column.empty += is_blank(line.values[j]) ? 1 : 0;
      if (kind == Kind::empty || !one_shape[j]) continue;
      const std::string shape = shape_of(line.values[j]);
      one_shape[j] = column.shape.empty() || column.shape == shape;
      column.shape = shape;
    }
  }
  for (std::size_t j = 0; j < fields; ++j) {
    Column& column = out[j];
    constexpr std::size_t kLongestShape = 6;
    constexpr std::int64_t kEnough = 5;
    if (!one_shape[j] || column.values() < kEnough || column.shape.size() > kLongestShape) column.shape.clear();
    if (column.values() == 0) continue;
    const auto most = std::ranges::max_element(column.of_kind + 1, column.of_kind + 5);
    const std::int64_t others = column.values() - *most;
    constexpr std::int64_t kFew = 4;  // values of which one may be a slip
    column.kind = others * 10 <= column.values() || (others <= 1 && column.values() >= kFew)
                      ? static_cast<Kind>(most - column.of_kind)
                      : Kind::text;
  }
  return out;
}

}  // namespace vigie::reading
