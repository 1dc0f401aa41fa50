#include "propose/sketch.h"

#include <algorithm>
#include <unordered_map>

#include "base/hash.h"
#include "base/text.h"
#include "model/currency.h"

namespace vigie::propose {
namespace {

constexpr std::size_t kLongestValue = 80;  ///< of a text that is one of few

/// Blanks of the typographers too.
std::string_view without_blanks(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : {" ", "\t", "\r", "\n", "\u00a0", "\u202f", "\u2009"}) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size()), again = true;
      if (text.ends_with(blank)) text.remove_suffix(blank.size()), again = true;
    }
  }
  return text;
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos) return false;
  const std::string_view host = text.substr(at + 1);
  return text.find(' ') == std::string_view::npos && host.find('.') != std::string_view::npos && host.front() != '.' &&
         host.back() != '.';
}

bool is_link(std::string_view text) {
  if (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.")) return true;
  if (text.find(' ') != std::string_view::npos) return false;
  for (const std::string_view end : {".com", ".fr", ".net", ".org", ".io"})
    if (text.ends_with(end) && text.find('@') == std::string_view::npos) return true;
  return false;
}

/// "A-2e4581", "PCE 0001", "5420aad7fec3549a": what a machine numbers by.
bool is_code(std::string_view text) {
  if (text.size() < 3 || text.size() > 64) return false;
  int digits = 0, letters = 0, blanks = 0;
  for (const char c : text) {
    if (is_digit(c)) ++digits;
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ++letters;
    else if (c == ' ') ++blanks;
    else if (std::string_view("-_/.#").find(c) == std::string_view::npos) return false;
  }
  return digits > 0 && letters > 0 && blanks <= 1 && digits * 4 >= letters;
}

/// "1.23457E+15", "4,00638E+12": a number of twelve digits or more, as spreadsheets show it.
bool is_shortened(std::string_view text) {
  const auto e = text.find("E+");
  if (e == std::string_view::npos || e == 0 || !is_digit(text.front()) || text.size() != e + 4) return false;
  if (text[e + 2] < '1' || !is_digit(text[e + 2]) || !is_digit(text[e + 3]) || text.substr(e + 2) < "11") return false;
  return text.substr(0, e).find_first_not_of("0123456789.,") == std::string_view::npos;
}

bool is_currency(std::string_view text) {
  if (text.size() != 3) return false;
  for (const char c : text)
    if (c < 'A' || c > 'Z') return false;
  return model::is_currency(text);
}

}  // namespace

void ColumnSketch::add(std::string_view text, reading::CellKind kind, const Vocabulary& vocabulary) {
  ++rows_;
  text = without_blanks(text);
  if (text.empty()) return;
  if (vocabulary.nothing.contains(std::string(text))) {
    ++nothing_[std::string(text)];
    return;
  }
  ++filled_;
  letters_ += static_cast<std::int64_t>(text.size());
  longest_ = std::max(longest_, text.size());
  if (!many_) {
    if (text.size() > kLongestValue) many_ = true;
    else ++values_[std::string(text)];
    many_ = many_ || values_.size() > kFew;
    if (many_) values_.clear();
  }
  if (unique_ && !stopped_looking_) {
    unique_ = seen_.insert(static_cast<std::uint64_t>(key_hash(text))).second;
    if (!unique_) seen_ = {};
  }
  if (examples_.size() < 5 && std::ranges::find(examples_, text) == examples_.end())
    examples_.emplace_back(text.substr(0, kLongestValue));
  if (text.size() >= 3 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]))
    starts_.set(static_cast<std::size_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0')));
  if (kind == reading::CellKind::number) numbers_.add_number(text);
  else numbers_.add(text);
  dates_.add(text);
  if (is_email(text)) ++emails_;
  if (is_link(text)) ++links_;
  if (is_code(text)) ++codes_;
  if (is_currency(text)) ++currencies_;
  if (text.size() > 15 && text.find_first_not_of("0123456789") == std::string_view::npos) ++long_digits_;
  if (is_shortened(text)) ++shortened_;
  if (text.size() <= 5 && vocabulary.yes_no.contains(bare(text))) ++yes_no_;
}

void ColumnSketch::stop_looking() {
  stopped_looking_ = stopped_looking_ || unique_;
  seen_ = {};
}

TableSketch::TableSketch(const std::vector<std::string>& names, const Vocabulary& vocabulary)
    : vocabulary_(vocabulary) {
  for (const std::string& name : names) columns_.emplace_back(name);
}

void TableSketch::add(std::span<const std::string_view> cells, std::span<const reading::CellKind> kinds) {
  const bool compared = cells_.size() + columns_.size() <= kMostCompared;
  const bool first = first_rows_.size() < kFirstRows &&
                     (first_rows_.empty() || (first_rows_.size() + 1) * columns_.size() <= kFirstCells);
  std::vector<std::string> shown;
  std::size_t looked = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string_view cell = i < cells.size() ? cells[i] : std::string_view();
    columns_[i].add(cell, i < kinds.size() ? kinds[i] : reading::CellKind::text, vocabulary_);
    looked += columns_[i].looking_at();
    if (compared) cells_.push_back(static_cast<std::uint64_t>(key_hash(cell)));
    if (first) shown.emplace_back(cell.substr(0, kLongestCell));
  }
  if (looked > kMostLooked)
    for (ColumnSketch& column : columns_) column.stop_looking();
  if (first) first_rows_.push_back(std::move(shown));
  compared_ += compared ? 1 : 0;
  ++rows_;
}

namespace {

/// One number of the texts of some columns.
std::uint64_t together(std::span<const std::uint64_t> row, std::span<const std::size_t> columns) {
  std::uint64_t out = 0x9E3779B97F4A7C15U;
  for (const std::size_t column : columns) {
    out ^= row[column];
    out *= 0xFF51AFD7ED558CCDU;
    out ^= out >> 32U;
  }
  return out;
}

bool all_differ(std::vector<std::uint64_t>& keys) {
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) == keys.end();
}

}  // namespace

bool TableSketch::unique_together(std::span<const std::size_t> columns, std::optional<std::size_t> filled) const {
  constexpr std::size_t kTold = 5'000;  // most columns that name no row tell so by then
  const auto nothing = static_cast<std::uint64_t>(key_hash(""));
  const std::size_t width = columns_.size();
  std::vector<std::uint64_t> keys;
  for (std::size_t row = 0; row < static_cast<std::size_t>(compared_); ++row) {
    const std::span<const std::uint64_t> cells = std::span(cells_).subspan(row * width, width);
    if (!filled || cells[*filled] != nothing) keys.push_back(together(cells, columns));
    if (keys.size() == kTold && !all_differ(keys)) return false;
  }
  return rows_ > 0 && all_differ(keys);
}

bool TableSketch::same_texts(std::size_t one, std::size_t other) const {
  const std::size_t width = columns_.size();
  for (std::size_t row = 0; row < static_cast<std::size_t>(compared_); ++row)
    if (cells_[row * width + one] != cells_[row * width + other]) return false;
  return true;
}

Groups TableSketch::groups(std::span<const std::size_t> by) const {
  const auto nothing = static_cast<std::uint64_t>(key_hash(""));
  const std::size_t width = columns_.size();
  Groups out;
  out.same.assign(width, true);
  struct First {
    std::size_t row = 0;
    bool more = false;
  };
  std::unordered_map<std::uint64_t, First> groups;
  for (std::size_t row = 0; row < static_cast<std::size_t>(compared_); ++row) {
    const std::span<const std::uint64_t> cells = std::span(cells_).subspan(row * width, width);
    if (std::ranges::any_of(by, [&](std::size_t column) { return cells[column] == nothing; })) continue;
    const auto [at, fresh] = groups.try_emplace(together(cells, by), First{row, false});
    if (fresh) continue;
    First& first = at->second;
    out.several += first.more ? 0 : 1;
    first.more = true;
    for (std::size_t i = 0; i < width; ++i)
      if (cells[i] != cells_[first.row * width + i]) out.same[i] = false;
  }
  return out;
}

}  // namespace vigie::propose
