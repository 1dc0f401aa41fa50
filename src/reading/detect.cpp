#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "reading/choose.h"
#include "reading/layout.h"
#include "reading/records.h"
#include "reading/refuse.h"
#include "reading/source.h"
#include "reading/table_foot.h"

namespace vigie::reading {
namespace {

constexpr std::size_t kSample = 256U << 10;

struct Sample {
  std::string text;
  bool complete = false;
};

/// The beginning of the text from a line on, up to a last line.
Result<Sample> sample_of(const std::filesystem::path& file, Encoding encoding, const Wanted& wanted) {
  VIGIE_TRY(Text text, Text::open(file, encoding));
  Sample out;
  std::int64_t skip = wanted.first_line - 1;
  while (true) {
    const std::size_t before = out.text.size();
    VIGIE_TRY(const bool more, text.read(out.text));
    if (!more) {
      out.complete = true;
      break;
    }
    const char end = out.text.contains('\n') ? '\n' : '\r';
    while (skip > 0) {
      const std::size_t at = out.text.find(end);
      if (at == std::string::npos) {
        out.text.clear();
        break;
      }
      out.text.erase(0, at + 1);
      --skip;
    }
    if (skip == 0 && out.text.size() >= kSample && out.text.size() > before) break;
  }
  if (wanted.last_line > 0) {
    const char end = out.text.contains('\n') ? '\n' : '\r';
    std::size_t at = 0;
    for (std::int64_t line = wanted.first_line; line <= wanted.last_line && at != std::string::npos; ++line)
      at = out.text.find(end, at == 0 ? 0 : at + 1);
    if (at != std::string::npos) {
      out.text.resize(at + 1);
      out.complete = true;
    }
  }
  if (out.text.size() > kSample) {
    out.text.resize(kSample);
    out.complete = false;
  }
  return out;
}

/// The first line that spreadsheets write for each other: sep=;
void heed_separator_line(const Sample& sample, Wanted& wanted) {
  constexpr std::string_view kWord = "sep=";
  if (wanted.first_line != 1 || !sample.text.starts_with(kWord)) return;
  const std::size_t end = sample.text.find_first_of("\r\n");
  constexpr std::size_t kLongest = 4;
  const std::string delimiter = sample.text.substr(kWord.size(), end - kWord.size());
  if (end == std::string::npos || delimiter.empty() || delimiter.size() > kLongest) return;
  if (!wanted.delimiter) wanted.delimiter = delimiter;
  wanted.first_line = 2;
}

/// What the first field of a row that holds something says.
std::string label_of(const Row& row) {
  for (std::size_t i = 0; i < row.size(); ++i)
    if (std::string value = row.value(i); !is_blank(value)) return std::string(trimmed(value));
  return {};
}

/// Of each row of a file: a look at two letters, for nearly all of them.
bool is_called_total(const Row& row) {
  std::string_view first = row.values != nullptr ? std::string_view(row.values->front()) : row.record->raw(0);
  std::string label;
  if (is_blank(first)) first = label = label_of(row);
  first = trimmed(first);
  if (first.size() < 3) return false;
  const char two[] = {static_cast<char>(first[0] | 0x20), static_cast<char>(first[1] | 0x20), 0};
  constexpr std::array<std::string_view, 8> kBegins{"to", "gr", "so", "su", "ge", "in", "zw", "en"};
  return std::ranges::find(kBegins, std::string_view(two)) != kBegins.end() && begins_like_total(first);
}

/// Control codes, which no program shows: U+0000 to U+001F but for blanks, U+007F to U+009F.
std::optional<unsigned> control_code_in(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) return byte;
    const auto next = static_cast<unsigned char>(i + 1 < name.size() ? name[i + 1] : '\0');
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) return next;
  }
  return std::nullopt;
}

class Detection {
 public:
  Detection(const std::filesystem::path& file, Wanted wanted) : file_(file) { found_.wanted = std::move(wanted); }

  Result<Found> run() {
    found_.stamp = stamp_of(file_);
    VIGIE_TRY(const Examined examined, examine(file_, found_.wanted.encoding));
    found_.dialect.encoding = examined.encoding;
    found_.mixed_ends = examined.mixed_ends;
    if (examined.empty) {
      found_.notices.push_back({1, "the file is empty"});
      return found_;
    }
    found_.reasons.push_back(fmt::format("the encoding is {}: {}", name_of(examined.encoding), examined.reason));
    if (examined.odd_letters_line > 0)
      found_.notices.push_back({examined.odd_letters_line,
                                "letters stand here that no word of windows-1252 has: look at the accents, and export "
                                "the file again as UTF-8 where they are wrong"});
    if (examined.read_twice_line > 0)
      found_.notices.push_back({examined.read_twice_line,
                                "letters stand here that look like UTF-8 read in another encoding and saved again (Ã© "
                                "for é): names are read as they stand; export the file again"});
    VIGIE_TRY(Sample sample, sample_of(file_, examined.encoding, found_.wanted));
    const std::int64_t first = found_.wanted.first_line;
    heed_separator_line(sample, found_.wanted);
    if (found_.wanted.first_line != first) {
      const std::size_t end = sample.text.find_first_of("\r\n");
      sample.text.erase(0, end + (sample.text.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    if (is_blank(sample.text))
      return refuse(found_.wanted.first_line, "csv.fields", "there is nothing in the lines that were said",
                    "say others");
    VIGIE_CHECK(look_at(sample));
    VIGIE_TRY(auto rows, Rows::open(file_, found_));
    Row row;
    bool any_total = false;
    while (true) {
      VIGIE_TRY(const bool more, rows->next(row));
      if (!more) break;
      any_total = any_total || is_called_total(row);
    }
    found_ = rows->told();
    found_.held = true;
    if (any_total && found_.wanted.totals != Totals::keep) VIGIE_CHECK(judge_totals());
    std::ranges::stable_sort(found_.notices, {}, &Notice::line);
    return found_;
  }

 private:
  /// Goes through the rows once more, with their sums.
  Result<> judge_totals() {
    TableFoot foot(found_.layout.names.size());
    VIGIE_TRY(auto rows, Rows::open(file_, found_));
    Row row;
    FootRow cells;
    const auto doubtful = [&](std::int64_t line, const std::string& label) {
      return refuse(line, "csv.total",
                    fmt::format("the row \"{}\" may be a total, or a record that is called so", label),
                    "say which: totals: keep, or totals: leave_out");
    };
    std::string top;
    while (true) {
      VIGIE_TRY(const bool more, rows->next(row));
      if (!more) break;
      cells.number = row.line;
      cells.cells.assign(row.size(), {});
      for (std::size_t i = 0; i < row.size(); ++i)
        if (std::string value = row.value(i); !is_blank(value)) cells.cells[i] = {std::move(value), CellKind::text};
      const auto kind = is_called_total(row) ? foot.judge(cells) : TableFoot::Verdict::record;
      if (row.number == 1) top = label_of(row);
      if (kind == TableFoot::Verdict::doubtful && found_.wanted.totals == Totals::judge)
        return doubtful(row.line, label_of(row));
      if (kind == TableFoot::Verdict::record) {
        foot.add(cells);
        continue;
      }
      foot.leave_out_total(cells);
      found_.total_lines.push_back(row.line);
    }
    if (const auto line = foot.total_on_top(); line && found_.wanted.totals == Totals::judge)
      return doubtful(*line, top);
    if (foot.totals() == 0) return {};
    found_.totals = foot.totals();
    found_.rows -= foot.totals();
    found_.faithful = false;
    found_.notices.push_back({foot.first_total(), fmt::format("rows of totals, left out: {}", foot.totals())});
    return {};
  }

  /// Lines of one quoted text each, the first among them, all with as many delimiters in it.
  Result<> not_collapsed(const Sample& sample) const {
    constexpr std::size_t kFewest = 3;
    std::vector<std::string> lines = vigie::split(sample.text, '\n');
    if (!sample.complete && !lines.empty()) lines.pop_back();
    std::array<std::size_t, 4> times{};
    constexpr std::string_view kDelimiters = ",;\t|";
    std::size_t seen = 0;
    for (std::string_view line : lines) {
      line = trim(line);
      if (line.empty()) continue;
      if (line.size() < 2 || !line.starts_with('"') || !line.ends_with('"')) return {};
      std::string inner(line.substr(1, line.size() - 2));
      for (std::size_t at = inner.find("\"\""); at != std::string::npos; at = inner.find("\"\"", at))
        inner.erase(at, 2);
      if (inner.contains('"')) return {};  // several fields
      for (std::size_t i = 0; i < kDelimiters.size(); ++i) {
        const auto n = static_cast<std::size_t>(std::ranges::count(inner, kDelimiters[i]));
        if (seen == 0) times.at(i) = n;
        else if (times.at(i) != n) times.at(i) = 0;
      }
      ++seen;
    }
    if (seen < kFewest || std::ranges::all_of(times, [](std::size_t n) { return n < 2; })) return {};
    return refuse(1, "csv.fields",
                  "each line stands as one text in quotes: rows of a table, as after a trip through a spreadsheet",
                  "export the file again, or take away the quotes at both ends of the lines");
  }

  Result<> look_at(const Sample& sample) {
    if (!found_.wanted.delimiter && !found_.wanted.quote) VIGIE_CHECK(not_collapsed(sample));
    auto chosen = choose(sample.text, sample.complete, found_.wanted);
    if (!chosen) return std::unexpected(shifted(chosen.error()));
    const Encoding encoding = found_.dialect.encoding;
    found_.dialect = chosen->dialect;
    found_.dialect.encoding = encoding;
    found_.score = chosen->score;
    found_.runner_up = chosen->runner_up;
    std::ranges::move(chosen->reasons, std::back_inserter(found_.reasons));
    for (Notice& notice : chosen->notices)
      found_.notices.push_back({notice.line + offset(), std::move(notice.sentence)});
    auto laid_out = lay_out(lines_of(sample.text, sample.complete, found_.dialect), chosen->fields, found_.wanted);
    if (!laid_out) return std::unexpected(shifted(laid_out.error()));
    found_.layout = std::move(laid_out->layout);
    found_.columns = std::move(laid_out->columns);
    found_.layout.first_header_line += found_.layout.first_header_line > 0 ? offset() : 0;
    found_.layout.first_data_line += found_.layout.first_data_line > 0 ? offset() : 0;
    for (const std::string& name : found_.layout.names)
      if (const auto code = control_code_in(name))
        found_.notices.push_back(
            {found_.layout.first_header_line,
             fmt::format(
                 "the name of column {} holds the control code U+{:04X}: a letter of another encoding, or a slip",
                 &name - found_.layout.names.data() + 1, *code)});
    std::ranges::move(laid_out->reasons, std::back_inserter(found_.reasons));
    for (Notice& notice : laid_out->notices) {
      notice.line += offset();
      found_.notices.push_back(std::move(notice));
    }
    return {};
  }

  std::int64_t offset() const { return found_.wanted.first_line - 1; }
  Error shifted(Error error) const {
    if (error.where.line > 0) error.where.line += static_cast<int>(offset());
    return error;
  }

  const std::filesystem::path& file_;
  Found found_;
};

}  // namespace

bool Found::is_plain() const {
  const bool told = !dialect.delimiter.empty() && dialect.delimiter.size() <= 4 && !dialect.blanks_after_delimiter &&
                    dialect.ends == Ends::line_feed && (dialect.quote == 0 || dialect.escape == Escape::doubled) &&
                    dialect.encoding != Encoding::utf16_be;
  return told && faithful && layout.header_rows == 1 && !layout.names_in_doubt &&
         layout.fields == layout.names.size() && unique_names() == layout.names && wanted.last_line == 0;
}

std::vector<std::string> Found::unique_names() const {
  std::vector<std::string> out = layout.names;
  if (wanted.names_as_written) return out;
  std::set<std::string> taken;
  for (std::string& name : out) {
    if (is_blank(name)) continue;
    std::string free = name;
    for (int again = 2; !taken.insert(free).second; ++again) free = fmt::format("{} ({})", name, again);
    name = std::move(free);
  }
  return out;
}

Result<Found> detect(const std::filesystem::path& file, const Wanted& wanted) {
  auto found = Detection(file, wanted).run();
  if (!found && found.error().where.file.empty() && found.error().where.line > 0) {
    Error error = found.error();
    error.where.file = file.string();
    return std::unexpected(std::move(error));
  }
  return found;
}

}  // namespace vigie::reading
