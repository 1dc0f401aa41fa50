#include "compare.h"

#include <charconv>
#include <cmath>

namespace vigie::data_test {
namespace {

using Place = std::vector<std::pair<std::string, json::value>>;

std::string shown(const json::value* value) {
  if (!value) return "nothing";
  return value->is_number() ? fmt::format("{}", value->to_number<double>()) : json::serialize(*value);
}

/// A number, or a text that reads as one ("30").
std::optional<double> number_in(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.get_string();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::string shown(const Place& where) {
  std::string out;
  for (const auto& [path, value] : where) out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", path, shown(&value));
  return out;
}

/// The row of `rows` (or, of a question with a split over the whole range, of `totals`) that is meant.
const json::value* row_of(const json::value& answer, const Place& where) {
  for (const std::string_view list : {"rows", "totals"}) {
    const json::value* rows = at(answer, list);
    if (!rows || !rows->is_array()) continue;
    for (const json::value& row : rows->get_array()) {
      const bool meant = std::ranges::all_of(where, [&](const auto& part) {
        const json::value* found = at(row, part.first);
        return found && equal(part.second, *found, 0);
      });
      if (meant) return &row;
    }
  }
  return nullptr;
}

void compare(std::vector<std::string>& out, const std::string& what, const json::value& expected,
             const json::value* found, double tolerance) {
  if (!found || !equal(expected, *found, tolerance))
    out.push_back(fmt::format("{}: expected {}, found {}", what, shown(&expected), shown(found)));
}

void compare_row(std::vector<std::string>& out, const std::string& what, const ExpectedRow& expected,
                 const json::value* row, double tolerance) {
  if (!row) {
    out.push_back(what + ": there is no such row");
    return;
  }
  for (const auto& [path, value] : expected.equal)
    compare(out, fmt::format("{}, {}", what, path), value, at(*row, path), tolerance);
}

/// The figure at a path, or, for "A - B", the difference of two.
std::optional<json::value> figure(const json::value& value, const std::string& path) {
  const auto minus = path.find(" - ");
  if (minus == std::string::npos) {
    const json::value* found = at(value, path);
    return found ? std::optional(*found) : std::nullopt;
  }
  const json::value* left = at(value, std::string_view(path).substr(0, minus));
  const json::value* right = at(value, std::string_view(path).substr(minus + 3));
  if (!left || !right || !left->is_number() || !right->is_number()) return std::nullopt;
  return json::value(left->to_number<double>() - right->to_number<double>());
}

/// One picked figure of an entry: `from` is a path in the expected value, `to` one in the answer or row.
void compare_picks(std::vector<std::string>& out, const Check& check, const std::string& what,
                   const json::value& expected, const json::value& found) {
  for (const auto& [from, to] : check.pick) {
    const json::value* value = at(expected, from);
    if (!value) continue;  // not every key of an entry holds every figure
    const std::optional<json::value> picked = figure(found, to);
    compare(out, fmt::format("{}{}{}", what, what.empty() || from.empty() ? "" : ".", from), *value,
            picked ? &*picked : nullptr, check.tolerance);
  }
}

Place place_of(const Check& check, std::string_view key) {
  json::value value(key);
  for (const auto& [from, to] : check.keys)
    if (from == key) value = to;
  Place where;
  for (const auto& [path, text] : check.each) {
    if (text == "$") {
      where.emplace_back(path, value);
      continue;
    }
    std::string filled = text;
    if (const auto mark = filled.find('$'); mark != std::string::npos)
      filled.replace(mark, 1, value.is_string() ? std::string(value.get_string()) : shown(&value));
    where.emplace_back(path, json::value(filled));
  }
  return where;
}

void compare_each(std::vector<std::string>& out, const Check& check, const json::value& entry,
                  const json::value& answer) {
  if (!entry.is_object()) {
    out.emplace_back("`each` needs an expected value with keys");
    return;
  }
  for (const auto& [key, value] : entry.get_object()) {
    if (std::ranges::find(check.without, std::string_view(key)) != check.without.end()) continue;
    const Place where = place_of(check, key);
    if (const json::value* row = row_of(answer, where)) compare_picks(out, check, std::string(key), value, *row);
    else out.push_back(fmt::format("{}: there is no row with {}", std::string_view(key), shown(where)));
  }
}

}  // namespace

const json::value* at(const json::value& value, std::string_view path) {
  const json::value* here = &value;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const std::string_view step = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (here->is_object()) {
      here = here->get_object().if_contains(step);
    } else if (here->is_array()) {
      std::size_t index = 0;
      const auto parsed = std::from_chars(step.data(), step.data() + step.size(), index);
      here = parsed.ec == std::errc() && index < here->get_array().size() ? &here->get_array()[index] : nullptr;
    } else {
      here = nullptr;
    }
    if (!here) return nullptr;
  }
  return here;
}

bool equal(const json::value& expected, const json::value& found, double tolerance) {
  if (expected == found) return true;
  const std::optional<double> wanted = number_in(expected), got = number_in(found);
  return wanted && got && std::abs(*wanted - *got) <= tolerance;
}

std::vector<std::string> differences(const Check& check, const json::value& entry, const json::value& answer) {
  std::vector<std::string> out;
  if (!check.each.empty()) compare_each(out, check, entry, answer);
  else if (!check.pick.empty()) compare_picks(out, check, "", entry, answer);
  for (const ExpectedRow& row : check.rows)
    compare_row(out, shown(row.where), row, row_of(answer, row.where), check.tolerance);
  if (check.total) compare_row(out, "total", *check.total, at(answer, "total"), check.tolerance);
  return out;
}

}  // namespace vigie::data_test
