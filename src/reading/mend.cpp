#include "reading/mend.h"

#include <algorithm>
#include <map>

#include "reading/refuse.h"

namespace vigie::reading {
namespace {

using Values = std::vector<std::string>;

/// Fewer rows than that say too little about the columns.
constexpr std::int64_t kEnoughRows = 10;
constexpr std::size_t kMostReadings = 200, kMostFields = 400;

/// A stray quote says nothing about what a value is.
std::string_view without_quotes(std::string_view value) {
  while (value.starts_with('"')) value.remove_prefix(1);
  while (value.ends_with('"')) value.remove_suffix(1);
  return value;
}

bool fits(std::string_view raw, const Column& column) {
  const std::string_view value = without_quotes(raw);
  const Kind kind = kind_of(value);
  const bool enough = column.rows >= kEnoughRows;
  if (kind == Kind::empty) return !enough || column.values() == 0 || column.of_kind[0] > 0;
  if (column.kind == Kind::empty) return !enough;
  if (column.kind != Kind::text) return kind == column.kind;
  if (kind != Kind::text && enough && column.of_kind[static_cast<std::size_t>(kind)] == 0) return false;
  return column.shape.empty() || shape_of(value) == column.shape;
}

/// The ways to read a record that fit, each with the number of quotes that are letters in it.
class Readings {
 public:
  explicit Readings(const std::vector<Column>& columns) : columns_(columns) {}
  void add(Values values, std::int64_t stray_quotes = 0) {
    if (values.size() != columns_.size() || !fit(values, columns_)) return;
    const auto [at, fresh] = found_.try_emplace(std::move(values), stray_quotes);
    if (!fresh) at->second = std::min(at->second, stray_quotes);
  }
  std::vector<Values> best() const {
    std::int64_t least = -1;
    for (const auto& [values, stray] : found_) least = least < 0 ? stray : std::min(least, stray);
    std::vector<Values> out;
    for (const auto& [values, stray] : found_)
      if (stray == least) out.push_back(values);
    return out;
  }

 private:
  const std::vector<Column>& columns_;
  std::map<Values, std::int64_t> found_;
};

/// Of one line, all readings in which a quote at the head of a field opens it or is a letter.
class Lenient {
 public:
  Lenient(std::string_view line, const Dialect& dialect, Readings& readings)
      : line_(line), dialect_(dialect), readings_(readings) {}
  void run() { go(0, 0); }

 private:
  bool ends(std::size_t at) const { return at == line_.size() || line_.substr(at).starts_with(dialect_.delimiter); }

  void field(std::string value, std::size_t end, std::int64_t stray, bool odd) {
    values_.push_back(std::move(value));
    odd_ += odd ? 1 : 0;
    if (end >= line_.size()) {
      ++count_;
      if (odd_ < 2) readings_.add(values_, stray);  // two such fields are one that a delimiter cut
    } else {
      go(end + dialect_.delimiter.size(), stray);
    }
    odd_ -= odd ? 1 : 0;
    values_.pop_back();
  }

  void go(std::size_t at, std::int64_t stray) {
    if (count_ > kMostReadings || values_.size() > kMostFields) return;
    const char quote = dialect_.quote;
    if (at < line_.size() && line_[at] == quote) quoted(at, stray);
    std::size_t end = line_.find(dialect_.delimiter, at);
    if (end == std::string_view::npos) end = line_.size();
    std::string value(line_.substr(at, end - at));
    const std::int64_t quotes = std::ranges::count(value, quote);
    if (const std::size_t before = value.find(quote); before != std::string::npos && before > 0)
      lost_delimiter(value.substr(0, before), at + before, stray);
    field(std::move(value), end, stray + quotes, quotes % 2 != 0);
  }

  /// A field ends here, though no delimiter says so: before a quote that opens the next, or after one that closes it.
  void lost_delimiter(std::string value, std::size_t next, std::int64_t stray) {
    if (lost_) return;
    lost_ = true;
    values_.push_back(std::move(value));
    if (line_[next] == dialect_.quote) quoted(next, stray + 1);
    else go(next, stray + 1);
    values_.pop_back();
    lost_ = false;
  }

  void quoted(std::size_t at, std::int64_t stray) {
    const char quote = dialect_.quote;
    const bool doubled = dialect_.escape == Escape::doubled || dialect_.escape == Escape::both;
    std::size_t from = at + 1;
    while (true) {
      const std::size_t close = line_.find(quote, from);
      if (close == std::string_view::npos) return;
      if (doubled && close + 1 < line_.size() && line_[close + 1] == quote && !ends(close + 1)) {
        from = close + 2;
        continue;
      }
      if (!ends(close + 1)) {
        const std::string_view before = line_.substr(at + 1, close - at - 1);
        if (!before.contains(quote)) lost_delimiter(std::string(before), close + 1, stray);
        from = close + 1;
        continue;
      }
      std::string value;
      std::int64_t letters = 0;
      for (std::size_t i = at + 1; i < close; ++i) {
        if (line_[i] == quote) {
          if (doubled && i + 1 < close && line_[i + 1] == quote) ++i;
          else ++letters;
        }
        value += line_[i];
      }
      return field(std::move(value), close + 1, stray + letters, false);
    }
  }

  std::string_view line_;
  const Dialect& dialect_;
  Readings& readings_;
  Values values_;
  std::size_t count_ = 0;
  std::int64_t odd_ = 0;
  bool lost_ = false;
};

Values values_of(const Record& record, const Dialect& dialect) {
  Values out;
  for (std::size_t i = 0; i < record.fields.size(); ++i)
    out.push_back(value_of(record.raw(i), record.fields[i], dialect));
  return out;
}

Values with_one(const Values& values, std::size_t from, std::size_t to, std::initializer_list<std::string> instead) {
  Values out(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(from));
  out.insert(out.end(), instead);
  out.insert(out.end(), values.begin() + static_cast<std::ptrdiff_t>(to), values.end());
  return out;
}

/// Too many fields: one that is empty, or a text that its own delimiters cut.
void leave_out(const Record& record, const Values& values, const Dialect& dialect, std::size_t wanted,
               Readings& readings) {
  const std::size_t more = values.size() - wanted;
  if (more == 1)
    for (std::size_t j = 0; j < values.size(); ++j)
      if (!record.fields[j].quoted && is_blank(values[j])) readings.add(with_one(values, j, j + 1, {}));
  constexpr std::size_t kMostPieces = 3;  // of a text beyond its first; more is rather two rows in one line
  if (more > kMostPieces || (wanted > 2 && values.size() + 1 == 2 * wanted)) return;
  for (std::size_t j = 0; j < wanted; ++j) {
    std::string text;
    bool whole = true;
    for (std::size_t k = j; k <= j + more; ++k) {
      whole = whole && !record.fields[k].quoted && kind_of(values[k]) == Kind::text;
      text += (k > j ? dialect.delimiter : "") + values[k];
    }
    if (whole) readings.add(with_one(values, j, j + more + 1, {text}));
  }
}

/// Where two fields may have grown together: at a quote, if there is one; else anywhere.
void split(const Record& record, const Values& values, const Dialect& dialect, std::size_t j, Readings& readings) {
  const std::string& value = values[j];
  const char quote = dialect.quote;
  if (record.fields[j].quoted) {  // "…""…": a delimiter is lost between the two quotes
    for (std::size_t at = value.find(quote); at != std::string::npos; at = value.find(quote, at + 1))
      readings.add(with_one(values, j, j + 1, {value.substr(0, at), value.substr(at + 1)}));
    return;
  }
  if (const std::size_t at = quote == 0 ? std::string::npos : value.find(quote); at != std::string::npos) {
    const std::string_view rest = std::string_view(value).substr(at);
    if (rest.size() < 2 || rest.back() != quote) return;
    Record second;
    Scanner scanner(dialect, rest);
    if (!*scanner.next(second) || second.fault != Fault::none || second.fields.size() != 1) return;
    readings.add(with_one(values, j, j + 1, {value.substr(0, at), value_of(second.raw(0), second.fields[0], dialect)}));
    return;
  }
  if (const std::size_t at = value.find_first_of(",;\t|"); at != std::string::npos) {  // another delimiter by mistake
    readings.add(with_one(values, j, j + 1, {value.substr(0, at), value.substr(at + 1)}));
    return;
  }
  constexpr std::size_t kLongest = 2000;  // longer texts are no two values that grew together
  if (value.size() > kLongest) return;
  for (std::size_t at = 1; at < value.size(); ++at)
    if ((value[at] & 0xC0) != 0x80) readings.add(with_one(values, j, j + 1, {value.substr(0, at), value.substr(at)}));
}

std::string_view first_line(const Record& record, const Dialect& dialect) {
  std::size_t end = record.text.find(dialect.ends == Ends::line_feed ? '\n' : '\r');
  std::string_view line = record.text.substr(0, end);
  if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::unexpected<Error> no_way(const Record& record, std::size_t fields, std::size_t ways) {
  if (ways == 0 && record.fault != Fault::none) return refuse_quotes(record.line, record.fault);
  if (ways == 0)
    return refuse(record.line, "csv.fields",
                  fmt::format("{} fields where the table has {}", record.fields.size(), fields),
                  "mend the line; where the fields it lacks are its last ones and empty, say short_rows: fill");
  return refuse(
      record.line, "csv.fields",
      fmt::format("{} fields where the table has {}, and {} ways to read them", record.fields.size(), fields, ways),
      "mend the line; where the fields it lacks are its last ones and empty, say short_rows: fill");
}

}  // namespace

bool fit(const std::vector<std::string>& values, const std::vector<Column>& columns) {
  for (std::size_t j = 0; j < columns.size(); ++j)
    if (!fits(values[j], columns[j])) return false;
  return true;
}

Result<Mended> mend(const Record& record, const Dialect& dialect, const std::vector<Column>& columns) {
  const std::size_t wanted = columns.size();
  if (columns.empty() || columns.front().rows < kEnoughRows) return no_way(record, wanted, 0);
  Readings readings(columns);
  Mended out;
  if (record.fault != Fault::none) {
    out.first_line_only = record.line_breaks > 0;
    Lenient(first_line(record, dialect), dialect, readings).run();
  } else {
    const Values values = values_of(record, dialect);
    const bool other_quotes = dialect.quote != 0 && record.line_breaks == 0 && record.text.contains(dialect.quote);
    if (other_quotes) Lenient(record.text, dialect, readings).run();
    if (values.size() > wanted) leave_out(record, values, dialect, wanted, readings);
    if (values.size() + 1 == wanted) {
      for (std::size_t j = 0; j < wanted; ++j) readings.add(with_one(values, j, j, {""}));
      for (std::size_t j = 0; j < values.size(); ++j)
        if (record.fields[j].quoted || !fits(values[j], columns[j])) split(record, values, dialect, j, readings);
    }
  }
  auto best = readings.best();
  if (best.size() != 1) return no_way(record, wanted, best.size());
  out.values = std::move(best.front());
  return out;
}

bool stands_in_one_field(const Record& record, const Dialect& dialect, std::size_t fields) {
  constexpr std::size_t kFewest = 3;
  if (fields < kFewest || !record.fields[0].quoted || record.fields[0].size < fields) return false;
  for (std::size_t i = 1; i < record.fields.size(); ++i)
    if (!is_blank(record.raw(i))) return false;
  std::size_t delimiters = 0;
  const std::string_view first = record.raw(0);
  for (std::size_t at = first.find(dialect.delimiter); at != std::string_view::npos;
       at = first.find(dialect.delimiter, at + 1))
    ++delimiters;
  return delimiters + 1 >= fields;
}

Result<Mended> unpack(const Record& record, const Dialect& dialect, const std::vector<Column>& columns) {
  const std::string inner = value_of(record.raw(0), record.fields[0], dialect);
  Scanner scanner(dialect, inner);
  Record row;
  if (*scanner.next(row) && row.fault == Fault::none && row.fields.size() == columns.size() &&
      row.text.size() == inner.size()) {
    Mended out{.values = values_of(row, dialect)};
    if (fit(out.values, columns)) return out;
  }
  return refuse(record.line, "csv.fields",
                "the whole row stands as one text in its first field, as after a trip through a spreadsheet",
                "export it again");
}

std::optional<std::string_view> text_of_formula(std::string_view value) {
  if (value.size() < 3 || !value.starts_with("=\"") || !value.ends_with('"')) return std::nullopt;
  const std::string_view inner = value.substr(2, value.size() - 3);
  return inner.contains('"') ? std::nullopt : std::optional(inner);
}

bool swallows_a_row(const Record& record, const Dialect& dialect, const std::vector<Column>& columns) {
  if (columns.size() < 2) return false;
  const char end = dialect.ends == Ends::line_feed ? '\n' : '\r';
  const auto is_row = [&](std::string_view text) {
    Scanner scanner(dialect, text);
    Record row;
    if (!*scanner.next(row) || row.fault != Fault::none || row.fields.size() != columns.size()) return false;
    for (std::size_t i = 0; i < row.fields.size(); ++i)
      if (!row.fields[i].quoted && row.raw(i).contains(dialect.quote)) return false;  // the field's own closing quote
    return fit(values_of(row, dialect), columns);
  };
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (!record.fields[i].quoted) continue;
    const std::size_t first = record.fields[i].begin, last = first + record.fields[i].size;
    for (std::size_t at = record.text.find(end, first); at < last; at = record.text.find(end, at + 1))
      if (is_row(record.text.substr(at + 1))) return true;
  }
  return false;
}

}  // namespace vigie::reading
