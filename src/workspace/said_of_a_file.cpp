#include "workspace/said_of_a_file.h"

#include <array>
#include <charconv>
#include <functional>

#include "base/text.h"

namespace vigie::workspace {
namespace {

using Taken = std::optional<std::string>;  ///< nothing: it was taken; else what the word takes

template <class T>
Taken choose(T& into, std::string_view value, const std::vector<std::pair<std::string, T>>& known) {
  std::vector<std::string> names;
  for (const auto& [name, one] : known) {
    if (name == value) {
      into = one;
      return std::nullopt;
    }
    names.push_back(name);
  }
  return join(names, ", ");
}

Taken number(std::int64_t& into, std::string_view value, std::int64_t least) {
  std::int64_t read = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), read);
  if (problem != std::errc() || end != value.data() + value.size() || read < least)
    return fmt::format("a number from {} on", least);
  into = read;
  return std::nullopt;
}

Taken encoding(std::optional<reading::Encoding>& into, const std::string& value) {
  using reading::Encoding;
  Encoding read{};
  Taken wrong = choose<Encoding>(read, lower_ascii(value),
                                 {{"utf-8", Encoding::utf8},
                                  {"windows-1252", Encoding::windows1252},
                                  {"latin-1", Encoding::latin1},
                                  {"utf-16", Encoding::utf16_le},
                                  {"utf-16be", Encoding::utf16_be}});
  if (!wrong) into = read;
  return wrong;
}

Taken escape(std::optional<reading::Escape>& into, const std::string& value) {
  using reading::Escape;
  Escape read{};
  Taken wrong = choose<Escape>(
      read, value,
      {{"doubled", Escape::doubled}, {"backslash", Escape::backslash}, {"both", Escape::both}, {"none", Escape::none}});
  if (!wrong) into = read;
  return wrong;
}

Taken quote(std::optional<char>& into, const std::string& value) {
  if (value == "none") into = '\0';
  else if (value.size() == 1) into = value[0];
  else return "one character, or none";
  return std::nullopt;
}

Taken totals(SaidOfAFile& into, const std::string& value) {
  using reading::Totals;
  Taken wrong = choose<Totals>(into.text.totals, value, {{"keep", Totals::keep}, {"leave_out", Totals::leave_out}});
  into.table.totals = into.text.totals;
  return wrong;
}

std::vector<std::string> names_in(std::string_view value) {
  if (value.starts_with('[') && value.ends_with(']')) value = value.substr(1, value.size() - 2);
  std::vector<std::string> out;
  for (const std::string& name : split(value, ',')) out.emplace_back(trim(name));
  return out;
}

using Take = std::function<Taken(SaidOfAFile&, const std::string&)>;

const std::vector<std::pair<std::string, Take>>& words_known() {
  static const std::vector<std::pair<std::string, Take>> known{
      {"sheet", [](auto& out, const auto& value) { return out.sheet = value, Taken(); }},
      {"member", [](auto& out, const auto& value) { return out.member = value, Taken(); }},
      {"table", [](auto& out, const auto& value) { return out.table_in = value, Taken(); }},
      {"encoding", [](auto& out, const auto& value) { return encoding(out.text.encoding, value); }},
      {"delimiter",
       [](auto& out, const auto& value) { return out.text.delimiter = value == "tab" ? "\t" : value, Taken(); }},
      {"quote", [](auto& out, const auto& value) { return quote(out.text.quote, value); }},
      {"escape", [](auto& out, const auto& value) { return escape(out.text.escape, value); }},
      {"header_rows", [](auto& out, const auto& value) { return number(out.text.header_rows.emplace(), value, 0); }},
      {"first_line", [](auto& out, const auto& value) { return number(out.text.first_line, value, 1); }},
      {"last_line", [](auto& out, const auto& value) { return number(out.text.last_line, value, 1); }},
      {"short_rows",
       [](auto& out, const auto& value) {
         return choose<bool>(out.text.fill_short_rows, value, {{"fill", true}, {"refuse", false}});
       }},
      {"totals", totals},
      {"header_row", [](auto& out, const auto& value) { return number(out.table.header_row, value, 1); }},
      {"header", [](auto& out, const auto& value) { return out.table.names = names_in(value), Taken(); }},
      {"columns", [](auto& out, const auto& value) { return out.table.columns = value, Taken(); }},
      {"last_row", [](auto& out, const auto& value) { return number(out.table.last_row, value, 1); }},
      {"records", [](auto& out, const auto& value) { return out.json.records = value, Taken(); }},
  };
  return known;
}

/// A hint that asks for something in words, and the words of `--read` that say it.
struct SaidInWords {
  std::string_view phrase;
  std::string_view word, second;
};
constexpr std::array<SaidInWords, 7> kSaidInWords{{
    {"the first and the last line of the one that is meant", "first_line", "last_line"},
    {"which lines the table has", "first_line", "last_line"},
    {"the table's last line", "last_line", ""},
    {"say the delimiter and the quote", "delimiter", "quote"},
    {"say the delimiter", "delimiter", ""},
    {"say another delimiter", "delimiter", ""},
    {"in one encoding, or say which one is meant", "encoding", ""},
}};

}  // namespace

Result<SaidOfAFile> SaidOfAFile::of(const std::vector<std::pair<std::string, std::string>>& words) {
  SaidOfAFile out;
  for (const auto& [word, value] : words) {
    const auto& known = words_known();
    const auto found = std::ranges::find(known, word, &std::pair<std::string, Take>::first);
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const auto& one : known) names.push_back(one.first);
      const std::string near = suggestion(word, names);
      return fail(ErrorKind::usage, "look.word", fmt::format("nothing of a file is called \"{}\"", word), {},
                  near.empty() ? "known: " + join(names, ", ") : near);
    }
    if (const Taken takes = found->second(out, value))
      return fail(ErrorKind::usage, "look.value", fmt::format("{} takes no \"{}\"", word, value), {},
                  "it takes " + *takes);
  }
  return out;
}

Error with_the_way_to_say_it(Error error) {
  std::string options;
  for (const SaidInWords& one : kSaidInWords) {
    if (!options.empty() || !error.hint.contains(one.phrase)) continue;
    options = one.word;
    if (!one.second.empty()) options += fmt::format("=… --read {}", one.second);
  }
  for (const auto& [word, take] : words_known())
    if (options.empty() && error.hint.contains(word + ": ")) options = word;
  if (!options.empty()) error.hint += fmt::format("; said to this command: --read {}=…", options);
  return error;
}

}  // namespace vigie::workspace
