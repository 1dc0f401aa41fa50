#include "reading/choose.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "reading/refuse.h"
#include "reading/scanner.h"

namespace vigie::reading {
namespace {

/// How likely a delimiter is before one has looked.
struct Known {
  std::string_view delimiter;
  double prior;
};
constexpr std::array kKnown = {Known{",", 1}, Known{";", 1},   Known{"\t", 1},
                               Known{"|", 1}, Known{":", 0.6}, Known{" ", 0.6}};
constexpr double kSeveralLetters = 0.95, kOther = 0.6, kMixed = 0.45;
/// Beyond the letters above: what separates fields here and there. ¦ and § are two bytes in UTF-8.
constexpr std::array<std::string_view, 13> kRare = {"~",    "^",    "#",    "&", "=", "*", "!",
                                                    "\x1f", "\x1e", "\x01", "¦", "§", "¬"};

double prior_of(const std::string& delimiter) {
  for (const Known& known : kKnown)
    if (known.delimiter == delimiter) return known.prior;
  const bool one_letter = delimiter.size() == 1 || std::ranges::find(kRare, delimiter) != kRare.end();
  if (one_letter) return kOther;
  const bool all_same = delimiter.find_first_not_of(delimiter.front()) == std::string::npos;
  return all_same || delimiter.contains(' ') || delimiter.contains('\t') ? kSeveralLetters : kMixed;
}

/// Whether a delimiter of several letters may be made of it: no letter, digit, quote, or mark of a number.
bool separates(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80 || byte <= 0x20 || byte == 0x7F)
    return c == '\t' || (byte > 0 && byte < 0x20 && c != '\n' && c != '\r');
  return !(std::isalnum(byte) != 0) && std::string_view("\"'._-+()$%").find(c) == std::string_view::npos;
}

/// Delimiters of several letters: runs of what separates, with a blank on either side or both; runs of blanks.
void find_runs(std::string_view line, std::set<std::string>& out) {
  bool within = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') within = !within;
    if (within) continue;
    if (!separates(line[i]) && line[i] != ' ') continue;
    std::size_t end = i;
    while (end < line.size() && (separates(line[end]) || line[end] == ' ') && end - i < 4) ++end;
    std::string run(line.substr(i, end - i));
    i = end - 1;
    if (run.size() < 2) continue;
    const bool all_same = run.find_first_not_of(run.front()) == std::string::npos;
    if (all_same) {
      if (run.front() != ' ') out.insert(run), out.insert(run.substr(0, 2));
      continue;
    }
    for (std::size_t size = 2; size <= run.size(); ++size) out.insert(run.substr(0, size));  // two may stand together
    for (const std::string_view cut : {" ", "  "}) {  // ",  " may be ", " before a blank of the field's own
      if (run.ends_with(cut)) out.insert(run.substr(0, run.size() - cut.size() + 1));
    }
  }
}

std::vector<std::string> delimiters_in(std::string_view sample, char end) {
  std::vector<std::string> out;
  for (const Known& known : kKnown)
    if (sample.contains(known.delimiter)) out.emplace_back(known.delimiter);
  for (const std::string_view rare : kRare)
    if (sample.contains(rare)) out.emplace_back(rare);
  constexpr int kLines = 200;
  std::map<std::string, int> lines_with;
  int lines = 0;
  for (std::size_t at = 0; at < sample.size() && lines < kLines;) {
    const std::size_t stop = std::min(sample.find(end, at), sample.size());
    const std::string_view line = sample.substr(at, stop - at);
    at = stop + 1;
    if (is_blank(line)) continue;
    ++lines;
    std::set<std::string> runs;
    find_runs(line, runs);
    for (const std::string& run : runs) ++lines_with[run];
  }
  for (const auto& [run, n] : lines_with)
    if (n * 10 >= lines * 7 && run.size() > 1 && !is_blank(run)) out.push_back(run);
  return out;
}

/// One way to read the sample, and how well it does.
struct Reading {
  Dialect dialect;
  std::size_t fields = 0;
  double score = 0, covered = 0;
  std::int64_t records = 0, faults = 0, quoted_fields = 0;
  /// Of quotes within quoted fields: fields that hold them doubled, after a backslash, alone; the first line of the
  /// last.
  std::int64_t doubled = 0, backslashed = 0, alone = 0, alone_line = 0;
};

double worth(std::string_view raw, const Field& field, const Dialect& dialect) {
  const std::string_view text = trimmed(raw);
  switch (kind_of(raw)) {
    case Kind::number:
    case Kind::date:
    case Kind::address: return 1;
    case Kind::empty: return text.empty() ? 0.5 : 0.8;
    case Kind::text: break;
  }
  if (field.quoted) return 0.9;
  if (text.front() != dialect.quote && (text.front() == '"' || text.front() == '\'')) return 0;
  if (std::ranges::count(text, '"') % 2 != 0) return 0;
  return text.find_first_of(",;\t|~^") == std::string_view::npos ? 0.9 : 0.3;
}

void count_quotes_within(const Record& record, Reading& reading) {
  const char quote = reading.dialect.quote;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (!record.fields[i].quoted) continue;
    const std::string_view raw = record.raw(i);
    std::int64_t pairs = 0, after_backslash = 0, alone = 0;
    for (std::size_t at = raw.find(quote); at != std::string_view::npos; at = raw.find(quote, at + 1)) {
      if (at > 0 && raw[at - 1] == '\\') ++after_backslash;
      else if (at + 1 < raw.size() && raw[at + 1] == quote) ++pairs, ++at;
      else ++alone;
    }
    reading.doubled += pairs > 0 ? 1 : 0;
    reading.backslashed += after_backslash > 0 ? 1 : 0;
    reading.alone += alone > 0 ? 1 : 0;
    if (alone > 0 && reading.alone_line == 0) reading.alone_line = record.line;
  }
}

Reading read_by(const Dialect& dialect, std::string_view sample, bool complete) {
  Reading out{.dialect = dialect};
  struct Width {
    std::int64_t records = 0, cells = 0;
    double worth = 0;
  };
  std::map<std::size_t, Width> widths;
  Scanner scanner(dialect, sample);
  Record record;
  while (*scanner.next(record)) {
    if (!complete && record.text.data() + record.text.size() == sample.data() + sample.size()) break;
    if (is_blank(record)) continue;
    ++out.records;
    if (dialect.quote != 0 && dialect.escape == Escape::none) count_quotes_within(record, out);
    if (record.fault != Fault::none) {
      ++out.faults;
      continue;
    }
    Width& width = widths[record.fields.size()];
    ++width.records;
    for (const Field& field : record.fields) out.quoted_fields += field.quoted ? 1 : 0;
    constexpr std::int64_t kLookedAt = 1000;  // records of a width
    if (width.records > kLookedAt) continue;
    width.cells += static_cast<std::int64_t>(record.fields.size());
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      width.worth += worth(record.raw(i), record.fields[i], dialect);
  }
  double most = -1;
  const Width* best = nullptr;
  for (const auto& [fields, width] : widths) {
    const double rank = static_cast<double>(width.records) * (1 - 1 / static_cast<double>(fields));
    if (rank < most) continue;
    most = rank;
    out.fields = fields;
    best = &width;
  }
  if (best == nullptr) return out;
  out.covered = static_cast<double>(best->records) / static_cast<double>(out.records);
  out.score = most / static_cast<double>(out.records) * best->worth / static_cast<double>(best->cells) *
                  prior_of(dialect.delimiter) -
              0.02 * static_cast<double>(out.faults) / static_cast<double>(out.records);
  return out;
}

/// Whether a quote begins a field somewhere: after a delimiter or at the head of a line.
bool begins_fields(std::string_view sample, const std::string& delimiter, char quote, char end, bool& after_blanks) {
  bool any = false;
  for (std::size_t at = sample.find(quote); at != std::string_view::npos; at = sample.find(quote, at + 1)) {
    std::size_t before = at;
    while (before > 0 && sample[before - 1] == ' ') --before;
    const bool directly = at == 0 || sample[at - 1] == end || sample.substr(0, at).ends_with(delimiter);
    any |= directly;
    if (directly || before == at) continue;
    if (before == 0 || sample[before - 1] == end || sample.substr(0, before).ends_with(delimiter))
      any = after_blanks = true;
  }
  return any;
}

std::vector<Dialect> candidates(std::string_view sample, const Wanted& wanted, Ends ends) {
  const char end = ends == Ends::line_feed ? '\n' : '\r';
  std::vector<Dialect> out;
  const auto delimiters = wanted.delimiter ? std::vector{*wanted.delimiter} : delimiters_in(sample, end);
  for (const std::string& delimiter : delimiters) {
    if (!wanted.quote || *wanted.quote == 0)
      out.push_back({.delimiter = delimiter, .quote = 0, .escape = Escape::none, .ends = ends});
    for (const char quote : {'"', '\''}) {
      if (wanted.quote && *wanted.quote != quote) continue;
      bool after_blanks = false;
      // The sample may have none of the quotes that come further down.
      if (!begins_fields(sample, delimiter, quote, end, after_blanks) && !wanted.quote && quote != '"') continue;
      const bool backslashes = sample.contains(std::string("\\") + quote);
      for (const Escape escape : {Escape::doubled, Escape::none, Escape::backslash, Escape::both}) {
        if (wanted.escape && escape != *wanted.escape) continue;
        if ((escape == Escape::backslash || escape == Escape::both) && !backslashes && !wanted.escape) continue;
        Dialect one{.delimiter = delimiter, .quote = quote, .escape = escape, .ends = ends};
        out.push_back(one);
        one.blanks_after_delimiter = true;
        if (after_blanks && delimiter.size() == 1 && delimiter != " ") out.push_back(one);
      }
    }
  }
  return out;
}

/// Of readings by one delimiter, the one whose quotes are meant as they stand.
Result<Reading> by_quotes(const std::vector<Reading>& all, const Wanted& wanted) {
  const double top = all.front().score;
  std::vector<Reading> quoted;
  const Reading* unquoted = nullptr;
  for (const Reading& one : all) {
    if (one.dialect.quote == 0) unquoted = unquoted == nullptr ? &one : unquoted;
    else if (one.score > 0.9 * top) quoted.push_back(one);
  }
  if (quoted.empty()) return all.front();
  // The quote with the fewest faults; of equals, one that begins fields, and " of those.
  const char quote = std::ranges::min_element(quoted, {}, [](const Reading& r) {
                       return std::tuple(r.faults, r.quoted_fields == 0, r.dialect.quote);
                     })->dialect.quote;
  std::erase_if(quoted, [&](const Reading& r) { return r.dialect.quote != quote; });
  const bool every_one_fails = std::ranges::all_of(quoted, [](const Reading& r) { return r.faults > 0; });
  if (unquoted != nullptr && every_one_fails && unquoted->score > 1.02 * quoted.front().score) return *unquoted;

  const auto with = [&](Escape escape) -> const Reading* {
    const auto found = std::ranges::find(quoted, escape, [](const Reading& r) { return r.dialect.escape; });
    return found == quoted.end() ? nullptr : &*found;
  };
  double covered = 0;
  for (const Reading& one : quoted) covered = std::max(covered, one.covered);
  const Reading* const doubled = with(Escape::doubled);
  if (doubled != nullptr && doubled->faults == 0 && doubled->covered >= covered - 0.01) return *doubled;
  Escape pick = Escape::doubled;
  if (const Reading* plain = with(Escape::none); plain != nullptr && !wanted.escape) {
    constexpr std::int64_t kNoSlip = 2;  // a single one may be
    if (plain->alone >= kNoSlip && plain->alone > 2 * plain->doubled + plain->backslashed) pick = Escape::none;
    else if (plain->alone * 2 > plain->doubled && plain->alone > 0 && plain->doubled > 0 && plain->backslashed == 0)
      return refuse(plain->alone_line, "csv.quote",
                    "quotes within quoted fields are doubled in some places and not in others",
                    "say escape: doubled or escape: none, or export the file again");
    else if (plain->backslashed > 0) pick = plain->doubled > 0 ? Escape::both : Escape::backslash;
  }
  const auto fewest = std::ranges::min_element(quoted, {}, [](const Reading& r) { return r.faults; });
  const Reading* chosen = with(pick);
  const auto allowed = fewest->faults + std::max<std::int64_t>(1, fewest->records / 20);
  return chosen != nullptr && chosen->faults <= allowed ? *chosen : *fewest;
}

/// The best delimiter; or a longer one that it is only ever a part of: "||" where "|" stands nowhere else.
std::string longest(const std::vector<Reading>& all) {
  const Reading* best = &all.front();
  for (const Reading& other : all) {
    const std::string &part = best->dialect.delimiter, &longer = other.dialect.delimiter;
    if (longer.size() <= part.size() || other.covered < best->covered - 0.01) continue;
    std::size_t times = 0;
    for (std::size_t at = longer.find(part); at != std::string::npos; at = longer.find(part, at + part.size())) ++times;
    const bool padded = longer.front() == ' ' && longer.back() == ' ';  // a blank on one side may be of the field
    if (times > 0 && (times > 1 || padded || longer.find(' ') == std::string::npos) &&
        best->fields - 1 == (other.fields - 1) * times)
      best = &other;
  }
  return best->dialect.delimiter;
}

std::string shown(const std::string& delimiter) {
  if (delimiter == "\t") return "a tab";
  if (delimiter == " ") return "a blank";
  return fmt::format("\"{}\"", delimiter);
}

Result<> no_doubled_quotes_of_the_other_kind(const Dialect& dialect, std::string_view sample) {
  if (dialect.quote != '\'') return {};
  Scanner scanner(dialect, sample);
  Record record;
  while (*scanner.next(record))
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      if (record.fields[i].quoted && record.raw(i).contains("\"\""))
        return refuse(record.line, "csv.quote",
                      "a field stands between ' and holds doubled \": which of both is the quote",
                      "say quote: \"'\" or quote: '\"'");
  return {};
}

/// Fields that begin with a quote, where quotes are letters: for somebody to see.
void tell_quotes_that_are_letters(std::string_view sample, const Dialect& dialect, Choice& out) {
  Scanner scanner(dialect, sample);
  Record record;
  while (*scanner.next(record))
    for (std::size_t i = 0; i < record.fields.size(); ++i)
      if (trimmed(record.raw(i)).starts_with('"')) {
        out.notices.push_back(
            {record.line, "fields begin with quotes that do not close them: quotes are read as letters"});
        return;
      }
}

Choice one_field_a_line(std::string_view sample, bool complete, Ends ends) {
  Choice out;
  out.dialect = {.delimiter = "", .quote = sample.contains('"') ? '"' : '\0', .ends = ends};
  if (read_by(out.dialect, sample, complete).faults > 0) out.dialect.quote = 0;
  out.reasons.emplace_back("no delimiter gives the lines the same number of fields: each line is one field");
  return out;
}

}  // namespace

Result<Choice> choose(std::string_view sample, bool complete, const Wanted& wanted) {
  const Ends ends = sample.contains('\n') || !sample.contains('\r') ? Ends::line_feed : Ends::carriage_return;
  constexpr double kLeast = 0.05;
  std::vector<Reading> all;
  for (const Dialect& one : candidates(sample, wanted, ends)) {
    Reading reading = read_by(one, sample, complete);
    if (reading.fields > 1 && reading.score > kLeast) all.push_back(reading);
  }
  if (all.empty() && wanted.delimiter && !wanted.delimiter->empty())
    return refuse(1, "csv.delimiter", fmt::format("{} separates nothing here", shown(*wanted.delimiter)),
                  "say another delimiter, or none: it is then found");
  if (all.empty()) return one_field_a_line(sample, complete, ends);
  std::ranges::stable_sort(all, [](const Reading& a, const Reading& b) {
    if (std::abs(a.score - b.score) > 1e-6) return a.score > b.score;
    if ((a.dialect.quote == 0) != (b.dialect.quote == 0)) return b.dialect.quote == 0;
    return a.dialect.delimiter.size() > b.dialect.delimiter.size();
  });
  const std::string delimiter = longest(all);
  std::vector<Reading> same;
  std::ranges::copy_if(all, std::back_inserter(same),
                       [&](const Reading& r) { return r.dialect.delimiter == delimiter; });
  VIGIE_TRY(const Reading best, by_quotes(same, wanted));
  VIGIE_CHECK(no_doubled_quotes_of_the_other_kind(best.dialect, sample));

  Choice out;
  out.dialect = best.dialect;
  out.fields = best.fields;
  out.score = best.score;
  const auto without_blanks = [](std::string text) {
    std::erase(text, ' ');
    return text;
  };
  for (const Reading& other : all) {
    if (without_blanks(other.dialect.delimiter) == without_blanks(delimiter)) continue;
    if (delimiter.contains(other.dialect.delimiter) || other.dialect.delimiter.contains(delimiter)) continue;
    out.runner_up = std::max(out.runner_up, other.score);
    if (other.score > 0.9 * std::max(best.score, all.front().score) && other.covered > 0.9)
      return refuse(1, "csv.delimiter",
                    fmt::format("the fields may be separated by {} ({} fields a line) or by {} ({} fields a line)",
                                shown(delimiter), best.fields, shown(other.dialect.delimiter), other.fields),
                    "say the delimiter");
  }
  out.reasons.push_back(fmt::format("separated by {}, {} records in 100 have {} fields", shown(delimiter),
                                    static_cast<int>(best.covered * 100), best.fields));
  if (best.dialect.quote == 0 && wanted.quote.value_or('"') != 0)
    tell_quotes_that_are_letters(sample, best.dialect, out);
  return out;
}

}  // namespace vigie::reading
