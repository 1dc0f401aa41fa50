#include "golden/case_file.h"

#include <charconv>
#include <fstream>

#include "base/text.h"

namespace vigie::golden {
namespace {

const std::vector<std::string> kKeywords{"set", "table", "receipt", "file", "ask", "answer", "warns", "error"};

std::string first_word(std::string_view line) {
  const auto end = line.find(' ');
  return std::string(line.substr(0, end));
}

bool is_keyword_line(std::string_view line) {
  return std::ranges::find(kKeywords, first_word(line)) != kKeywords.end();
}

/// The line up to " #" outside quotes.
std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted && (i == 0 || line[i - 1] == ' ')) return line.substr(0, i);
  }
  return line;
}

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == '|' && !quoted) parts.emplace_back();
    else parts.back() += c;
  }
  std::vector<Cell> out;
  for (const std::string& part : parts) {
    const auto text = trim(part);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
      out.push_back({std::string(text.substr(1, text.size() - 2)), true});
    else out.push_back({std::string(text), false});
  }
  return out;
}

/// Words of a command line; quotes hold one together, \" inside stands for a quote.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false, any = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quoted && i + 1 < line.size()) {
      word += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) out.push_back(std::exchange(word, {}));
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) out.push_back(word);
  return out;
}

/// "{1..95}" in a row stands for 95 rows; "{}" elsewhere in it for the same number.
std::vector<std::string> repeated(std::string_view line) {
  const auto open = line.find('{'), dots = line.find("..", open), close = line.find('}', dots);
  if (open == std::string_view::npos || dots == std::string_view::npos || close == std::string_view::npos)
    return {std::string(line)};
  int first = 0, last = -1;
  std::from_chars(line.data() + open + 1, line.data() + dots, first);
  std::from_chars(line.data() + dots + 2, line.data() + close, last);
  std::vector<std::string> out;
  for (int i = first; i <= last; ++i) {
    std::string row = fmt::format("{}{}{}", line.substr(0, open), i, line.substr(close + 1));
    for (auto at = row.find("{}"); at != std::string::npos; at = row.find("{}"))
      row.replace(at, 2, fmt::format("{}", i));
    out.push_back(std::move(row));
  }
  return out;
}

class Reader {
 public:
  explicit Reader(CaseFile& out) : out_(out) {}

  Result<> read() {
    while (at_ < out_.lines.size()) {
      const std::string_view line = trim(without_comment(out_.lines[at_]));
      if (line.empty()) {
        ++at_;
        continue;
      }
      const std::string keyword = first_word(line);
      if (keyword == "set") VIGIE_CHECK(read_set());
      else if (keyword == "file") VIGIE_CHECK(read_file());
      else if (keyword == "table") VIGIE_CHECK(read_table());
      else if (keyword == "receipt") VIGIE_CHECK(read_receipt());
      else if (keyword == "ask") VIGIE_CHECK(read_ask());
      else if (keyword == "answer" || keyword == "warns") VIGIE_CHECK(read_fact(keyword));
      else if (keyword == "error") VIGIE_CHECK(read_error());
      else return wrong(fmt::format("\"{}\" begins nothing", keyword), "a line begins with " + join(kKeywords, ", "));
    }
    return {};
  }

 private:
  std::unexpected<Error> wrong(std::string message, std::string hint = {}) const {
    return fail(ErrorKind::usage, "case.syntax", std::move(message),
                {out_.path.filename().string(), static_cast<int>(at_) + 1, 1}, std::move(hint));
  }

  /// The command at the cursor and the indented lines that continue it; the cursor moves past them.
  std::vector<std::string> command() {
    std::string text(trim(without_comment(out_.lines[at_++])));
    while (at_ < out_.lines.size() && out_.lines[at_].starts_with("  ") && !trim(out_.lines[at_]).empty())
      text += " " + std::string(trim(without_comment(out_.lines[at_++])));
    return words_of(text);
  }

  Result<> read_set() {
    const auto words = words_of(trim(without_comment(out_.lines[at_])));
    if (!out_.steps.empty()) return wrong("settings come before the first table");
    if (words.size() == 2 && words[1] == "history_complete") {
      out_.history_complete = true;
    } else if (words.size() < 3) {
      return wrong("a setting has a name and a value");
    } else if (words[1] == "now") {
      out_.now = words[2];
    } else if (words[1] == "complete_until") {
      out_.complete_until = words[2];
    } else {
      out_.settings.emplace_back(words[1], join(std::span(words).subspan(2), " "));
    }
    ++at_;
    return {};
  }

  Result<> read_file() {
    const auto words = words_of(trim(out_.lines[at_]));
    if (words.size() != 2) return wrong("file PATH, then indented text");
    ++at_;
    FileStep file{words[1], {}};
    for (; at_ < out_.lines.size() && (out_.lines[at_].starts_with("  ") || trim(out_.lines[at_]).empty()); ++at_)
      file.text += (out_.lines[at_].size() > 2 ? out_.lines[at_].substr(2) : "") + "\n";
    out_.files.push_back(std::move(file));
    return {};
  }

  Result<> read_sheet(Sheet& sheet) {
    for (; at_ < out_.lines.size(); ++at_) {
      const std::string_view raw = trim(out_.lines[at_]);
      if (raw.starts_with("#")) continue;
      const std::string_view line = trim(without_comment(raw));
      if (line.empty() || is_keyword_line(line)) break;
      const int number = static_cast<int>(at_) + 1;
      sheet.last_line = number;
      if (sheet.header.empty()) {
        sheet.first_line = number;
        for (const Cell& cell : cells_of(line)) sheet.header.push_back(cell.text);
        continue;
      }
      if (line == "...") {
        sheet.open = true;
        continue;
      }
      for (const std::string& row : repeated(line)) {
        auto cells = cells_of(row);
        if (cells.size() != sheet.header.size())
          return wrong(fmt::format("{} cells under {} columns", cells.size(), sheet.header.size()));
        sheet.lines.push_back({number, std::move(cells)});
      }
    }
    return {};
  }

  Result<> read_table() {
    TableStep step;
    step.line = static_cast<int>(at_) + 1;
    const auto words = command();
    if (words.size() < 2) return wrong("table NAME");
    step.table = words[1];
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i] == "history_complete") {
        step.options.emplace_back(words[i], "true");
      } else if (i + 1 < words.size()) {
        step.options.emplace_back(words[i], words[i + 1]);
        ++i;
      } else {
        return wrong(fmt::format("the option \"{}\" has no value", words[i]));
      }
    }
    VIGIE_CHECK(read_sheet(step.rows));
    if (step.rows.header.empty()) return wrong("a table has a header");
    out_.steps.emplace_back(std::move(step));
    return {};
  }

  Result<> read_receipt() {
    const auto words = command();
    auto* table = out_.steps.empty() ? nullptr : std::get_if<TableStep>(&out_.steps.back());
    if (!table) return wrong("a receipt stands under a table");
    for (const std::string& word : std::span(words).subspan(1)) {
      const auto mark = word.find('=');
      if (mark == std::string::npos) return wrong("receipt NAME=VALUE");
      table->receipt.emplace_back(word.substr(0, mark), word.substr(mark + 1));
    }
    return {};
  }

  Result<Words> fields_of(const std::vector<std::string>& words) {
    Words out;
    if (words.size() < 2) return wrong("which KPI?");
    out.emplace_back("kpi", words[1]);
    for (std::size_t i = 2; i < words.size(); ++i) {
      if (words[i].starts_with("param.") && words[i].find('=') != std::string::npos) {
        const auto mark = words[i].find('=');
        out.emplace_back(words[i].substr(0, mark), words[i].substr(mark + 1));
      } else if (i + 1 < words.size()) {
        out.emplace_back(words[i], words[i + 1]);
        ++i;
      } else {
        return wrong(fmt::format("\"{}\" has no value", words[i]));
      }
    }
    return out;
  }

  Result<> read_ask() {
    AskStep step;
    step.line = static_cast<int>(at_) + 1;
    VIGIE_TRY(step.fields, fields_of(command()));
    VIGIE_CHECK(read_sheet(step.expected));
    out_.steps.emplace_back(std::move(step));
    return {};
  }

  Result<> read_fact(const std::string& keyword) {
    const auto words = command();
    auto* ask = out_.steps.empty() ? nullptr : std::get_if<AskStep>(&out_.steps.back());
    if (!ask) return wrong(keyword + " stands under a question");
    if (words.size() < 2) return wrong(keyword + " what?");
    std::string value = words.size() > 2 ? join(std::span(words).subspan(2), " ") : "";
    if (keyword == "answer") ask->facts.emplace_back(words[1], std::move(value));
    else if (words[1] == "nothing") ask->no_warnings = true;
    else ask->warnings.emplace_back(words[1], std::move(value));
    return {};
  }

  Result<> read_error() {
    ErrorStep step;
    step.line = static_cast<int>(at_) + 1;
    VIGIE_TRY(step.fields, fields_of(command()));
    if (at_ >= out_.lines.size() || trim(out_.lines[at_]).empty()) return wrong("an error has its message below");
    step.expected = std::string(trim(out_.lines[at_]));
    step.expected_line = static_cast<int>(++at_);
    out_.steps.emplace_back(std::move(step));
    return {};
  }

  CaseFile& out_;
  std::size_t at_ = 0;
};

}  // namespace

Result<CaseFile> read_case(const std::filesystem::path& file) {
  CaseFile out;
  out.path = file;
  std::ifstream in(file);
  if (!in) return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()));
  for (std::string line; std::getline(in, line);) out.lines.push_back(line);
  VIGIE_CHECK(Reader(out).read());
  return out;
}

}  // namespace vigie::golden
