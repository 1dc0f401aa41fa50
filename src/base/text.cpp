#include "base/text.h"

#include <charconv>
#include <numeric>

namespace vigie {
namespace {

/// Base letters of U+00C0…U+00FF and œ; '\0' where there is none.
constexpr std::string_view kLatin1Fold =
    "aaaaaaaceeeeiiii"
    "dnooooo*ouuuuyts"
    "aaaaaaaceeeeiiii"
    "dnooooo*ouuuuyty";

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Optimal string alignment: insertions, deletions, replacements, swapped neighbours.
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

/// The distance where it is below `best`, else `best`. Names whose lengths differ by as much are not looked at: what a
/// person sends may be far longer than any name.
std::size_t distance_below(std::size_t best, std::string_view a, std::string_view b) {
  const std::size_t longer = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
  return longer < best ? std::min(best, edit_distance(a, b)) : best;
}

}  // namespace

bool is_plain_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const auto end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string fold_name(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0u;
    if (byte == 0xC3 && (next & 0xC0u) == 0x80u) {
      out += kLatin1Fold[next & 0x3Fu];
      ++i;
    } else if (byte == 0xC5 && (next == 0x92 || next == 0x93)) {
      out += "oe";
      ++i;
    } else {
      out += lower_ascii(text.substr(i, 1));
    }
  }
  return out;
}

std::string nearest_name(std::string_view typed, std::span<const std::string> known) {
  const std::string wanted = fold_name(typed);
  std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  std::string name;
  for (const std::string& candidate : known) {
    const std::size_t distance = distance_below(best, wanted, fold_name(candidate));
    if (distance < best) best = distance, name = candidate;
  }
  if (!name.empty()) return name;
  // A name of several words may have been typed by one of them: "amout" for "amount_net".
  for (const std::string& candidate : known)
    for (const std::string& word : split(fold_name(candidate), '_')) {
      const std::size_t distance = distance_below(best, wanted, word);
      if (word.size() > 3 && distance < best) best = distance, name = candidate;
    }
  return name;
}

namespace {

constexpr std::string_view kDidYouMean = "did you mean \"";

}  // namespace

std::string did_you_mean(std::string_view name) { return fmt::format("{}{}\"?", kDidYouMean, name); }

bool is_of_one_near(std::string_view hint) { return hint.starts_with(kDidYouMean); }

std::string suggestion(std::string_view typed, std::span<const std::string> known) {
  constexpr std::size_t kShortList = 12;
  // What somebody names short may be reached through something else: region, customer.region.
  const auto reached = std::ranges::find_if(
      known, [end = fmt::format(".{}", typed)](const std::string& name) { return name.ends_with(end); });
  const std::string near = reached == known.end() ? nearest_name(typed, known) : *reached;
  if (!near.empty()) return did_you_mean(near);
  if (!known.empty() && known.size() <= kShortList) return "known: " + join(known, ", ");
  return {};
}

}  // namespace vigie
