#include "reading/table_foot.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "reading/kinds.h"

namespace vigie::reading {
namespace {

/// Folded. What may follow a word is free: "Total janvier", "Summe 2024".
constexpr std::array<std::string_view, 34> kTotalWords{
    "grand total", "grand totals",  "sous-total",     "sous-totaux", "sous total", "sous totaux", "subtotal",
    "subtotals",   "sub-total",     "sub-totals",     "sub total",   "sub totals", "total",       "totals",
    "totaux",      "totale",        "totali",         "subtotale",   "subtotali",  "somme",       "sommes",
    "sum",         "sums",          "summe",          "summen",      "gesamt",     "gesamtsumme", "gesamtbetrag",
    "insgesamt",   "zwischensumme", "zwischensummen", "endsumme",    "totaal",     "subtotaal"};
/// What may follow one, and names nothing that it is the total of.
constexpr std::array<std::string_view, 8> kBareTails{"general", "generaux", "generale", "ht",
                                                     "ttc",     "net",      "brut",     "global"};

std::string folded_label(std::string_view text) {
  std::string out = fold_name(trimmed(text));
  while (out.ends_with(':') || out.ends_with(' ')) out.pop_back();
  return out;
}

bool foot_filled(const Cell& cell) {
  return cell.kind != CellKind::empty && (cell.kind != CellKind::text || !is_blank(cell.text));
}

bool is_plain_text(const Cell& cell) { return cell.kind == CellKind::text && kind_of(cell.text) == Kind::text; }

/// The digits of a number that kind_of() knows, with a point before its decimals, `mark` being what stands there; empty
/// where the other mark does not part thousands then.
std::string digits_by(std::string_view text, char mark) {
  std::string out;
  bool negative = false, decimals = false;
  const auto is_figure = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '-' || c == '(' || text.substr(i, 3) == "\u2212") negative = true;
    if ((c == 'e' || c == 'E') && !out.empty() && i + 1 < text.size() && (is_figure(text[i + 1]) || text[i + 1] == '-'))
      return {};  // no amount is written so
    if (is_figure(c)) out += c;
    if (c == mark) {
      if (decimals) return {};
      decimals = true;
      out += '.';
    } else if ((c == '.' || c == ',') && i > 0 && i + 1 < text.size() && is_figure(text[i - 1])) {
      std::size_t figures = 0;
      while (i + 1 + figures < text.size() && is_figure(text[i + 1 + figures])) ++figures;
      if (figures != 3 || decimals) return {};
    }
  }
  return out.empty() || out == "." ? std::string() : (negative ? "-" : "") + out;
}

std::optional<long double> number_of(std::string_view digits) {
  double out = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (digits.empty() || wrong != std::errc()) return std::nullopt;
  return out;
}

/// To the cent, or to what doubles keep.
bool is_same_amount(long double a, long double b) {
  return std::abs(a - b) <= std::max<long double>(0.005L, std::abs(a) * 1e-9L);
}
/// So near that it may be the sum, rounded or with a row left out of it.
bool is_near_amount(long double a, long double b) { return std::abs(a - b) <= std::abs(b) / 50; }

const Cell* first_filled(const FootRow& row) {
  const auto found = std::ranges::find_if(row.cells, foot_filled);
  return found == row.cells.end() ? nullptr : &*found;
}

}  // namespace

bool begins_like_total(std::string_view text) {
  const std::string label = folded_label(text);
  return std::ranges::any_of(kTotalWords, [&](std::string_view word) {
    return label.starts_with(word) &&
           (label.size() == word.size() || !std::isalnum(static_cast<unsigned char>(label[word.size()])));
  });
}

bool is_word_of_total(std::string_view text) {
  const std::string label = folded_label(text);
  return std::ranges::any_of(kTotalWords, [&](std::string_view word) {
    if (!label.starts_with(word)) return false;
    const std::string_view tail = trim(std::string_view(label).substr(word.size()));
    return tail.empty() || std::ranges::find(kBareTails, tail) != kBareTails.end();
  });
}

std::size_t FootRow::filled() const { return static_cast<std::size_t>(std::ranges::count_if(cells, foot_filled)); }

std::vector<bool> FootRow::pattern() const {
  std::vector<bool> out(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) out[i] = foot_filled(cells[i]);
  return out;
}

TableFoot::TableFoot(std::size_t columns) : columns_(columns) {}

TableFoot::Amount TableFoot::amount_of(const Cell& cell) {
  Amount out;
  if (cell.kind == CellKind::number) {
    out.by_mark[0] = out.by_mark[1] = number_of(cell.text);
  } else if (cell.kind == CellKind::text && kind_of(cell.text) == Kind::number) {
    const std::string_view text = trimmed(cell.text);
    out.by_mark[0] = number_of(digits_by(text, '.'));
    out.by_mark[1] = number_of(digits_by(text, ','));
  }
  return out;
}

bool TableFoot::is_day(const Cell& cell) {
  return cell.kind == CellKind::date || cell.kind == CellKind::instant ||
         (cell.kind == CellKind::text && kind_of(cell.text) == Kind::date);
}

void TableFoot::add_text(Column& column, const Cell& cell) {
  if (column.filled == 0) column.first_text = cell.text;
  else column.one_text = column.one_text && cell.text == column.first_text;
}

void TableFoot::add_amount(Column& column, const Amount& amount) {
  for (int mark = 0; mark < 2; ++mark) {
    Sums& sums = column.by_mark[mark];
    if (!amount.by_mark[mark]) {
      sums.readable = false;
      continue;
    }
    sums.all += *amount.by_mark[mark];
    sums.since_total += *amount.by_mark[mark];
  }
  const auto value = amount.by_mark[0];
  if (!value || *value != std::floor(*value)) return void(column.rises = false);
  if (column.filled > 0) {
    column.rises = column.rises && *value > column.last;
    column.longest_step = std::max(column.longest_step, *value - column.last);
  }
  column.last = *value;
}

void TableFoot::add(const FootRow& row) {
  if (is_lone_text(row)) return;  // it says nothing of the columns
  if (const Cell* label = first_filled(row);
      records_ == 0 && label != nullptr && label->kind == CellKind::text && begins_like_total(label->text))
    top_ = row;
  ++records_;
  constexpr std::size_t kMostPatterns = 1000;
  if (patterns_.size() < kMostPatterns) patterns_.insert(row.pattern());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Cell& cell = row.cells[i];
    if (!foot_filled(cell)) continue;
    Column& column = columns_[i];
    const Amount amount = amount_of(cell);
    if (amount.any()) add_amount(column, amount);
    else column.rises = false;
    column.days += is_day(cell) ? 1 : 0;
    column.texts += is_plain_text(cell) ? 1 : 0;
    add_text(column, cell);
    ++column.filled;
  }
}

void TableFoot::leave_out_total(const FootRow& row) {
  if (totals_++ == 0) first_total_ = row.number;
  for (Column& column : columns_)
    for (Sums& sums : column.by_mark) sums.since_total = 0;
}

void TableFoot::leave_out_remark(const FootRow& row) {
  if (remarks_++ == 0) first_remark_ = row.number;
}

bool TableFoot::lacks_what_all_have(const FootRow& row) const {
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (records_ > 0 && columns_[i].filled == records_ && !foot_filled(row.cells[i])) return true;
  return false;
}

bool TableFoot::looks_like_a_record(const FootRow& row, const Cell* label) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Cell& cell = row.cells[i];
    const Column& column = columns_[i];
    if (&cell == label || !foot_filled(cell) || records_ == 0 || column.filled != records_) continue;
    if (is_day(cell) && column.days == records_) return true;
    if (records_ < 2) continue;
    if (is_plain_text(cell) && !(column.one_text && cell.text == column.first_text)) return true;
    const Amount amount = amount_of(cell);
    if (goes_on(column, amount) && of_column(column, amount) < Sum::of_one) return true;
  }
  return false;
}

/// The next of keys that count: above the last, and no further from it than keys are.
bool TableFoot::goes_on(const Column& column, const Amount& amount) {
  const auto value = amount.by_mark[0];
  const long double step = value ? *value - column.last : 0;
  return column.rises && step > 0 && step <= column.longest_step && *value == std::floor(*value);
}

TableFoot::Sum TableFoot::of_column(const Column& column, const Amount& amount) const {
  Sum out = Sum::none;
  for (int mark = 0; mark < 2; ++mark) {
    const Sums& sums = column.by_mark[mark];
    const auto value = amount.by_mark[mark];
    if (!value || *value == 0 || !sums.readable || column.filled == 0) continue;
    if (is_same_amount(*value, sums.all) || is_same_amount(*value, sums.since_total))
      out = std::max(out, records_ == 1 ? Sum::of_one : Sum::of_several);
    else if (is_near_amount(*value, sums.all) || is_near_amount(*value, sums.since_total))
      out = std::max(out, Sum::near);
  }
  return out;
}

TableFoot::Sum TableFoot::sum_in(const FootRow& row) const {
  Sum out = Sum::none, of_key = Sum::none;
  bool other_amounts = false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Amount amount = amount_of(row.cells[i]);
    const Sum sum = of_column(columns_[i], amount);
    if (sum >= Sum::of_one && goes_on(columns_[i], amount)) of_key = std::max(of_key, sum);
    else out = std::max(out, sum);
    other_amounts = other_amounts || (amount.any() && sum < Sum::of_one);
  }
  // 1, 2 and then 3: a key or a sum, which the other amounts say; where they are none, only near.
  return std::max(out, other_amounts ? std::min(of_key, Sum::near) : of_key);
}

TableFoot::Verdict TableFoot::judge(const FootRow& row) const {
  const Cell* label = first_filled(row);
  if (label == nullptr || label->kind != CellKind::text || !begins_like_total(label->text)) return Verdict::record;
  const bool bare = is_word_of_total(label->text);
  const bool any_amount = std::ranges::any_of(row.cells, [&](const Cell& cell) {
    return cell.kind == CellKind::error || (&cell != label && amount_of(cell).any());
  });
  const bool record = looks_like_a_record(row, label);
  if (!any_amount) return bare && !record && columns_.size() > 1 && records_ > 0 ? Verdict::doubtful : Verdict::record;
  const Sum sum = sum_in(row);
  const bool lacks = lacks_what_all_have(row);
  if (sum == Sum::of_several || (sum == Sum::of_one && lacks)) return record ? Verdict::doubtful : Verdict::total;
  if (record || records_ == 0) return Verdict::record;
  return bare || lacks || sum != Sum::none ? Verdict::doubtful : Verdict::record;
}

bool TableFoot::looks_like_names(const FootRow& row) const {
  std::size_t filled = 0, typed = 0, named = 0, first = columns_.size(), last = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool there = foot_filled(row.cells[i]);
    if (there && !is_plain_text(row.cells[i])) return false;
    const bool of_values = columns_[i].filled > 0 && 2 * columns_[i].texts <= columns_[i].filled;
    typed += of_values ? 1 : 0;
    named += of_values && there ? 1 : 0;
    if (!there) continue;
    first = std::min(first, i);
    last = i;
    ++filled;
  }
  if (filled < 2 || records_ == 0) return false;
  const bool side_by_side = last - first + 1 == filled;
  return (typed > 0 && 2 * named >= typed) || (side_by_side && !patterns_.contains(row.pattern()));
}

bool TableFoot::is_lone_text(const FootRow& row) const {
  const Cell* first = first_filled(row);
  return first != nullptr && first->kind == CellKind::text && row.filled() == 1 && columns_.size() >= 2;
}

std::size_t TableFoot::begin_in(const std::deque<FootRow>& last) const {
  std::size_t begin = last.size();
  for (std::size_t i = last.size(); i > 0 && is_lone_text(last[i - 1]); --i)
    if (last[i - 1].after_gap) begin = i - 1;
  return begin;
}

std::optional<std::int64_t> TableFoot::total_on_top() const {
  if (!top_ || records_ < 3) return std::nullopt;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Amount amount = amount_of(top_->cells[i]);
    for (int mark = 0; mark < 2; ++mark) {
      const Sums& sums = columns_[i].by_mark[mark];
      if (amount.by_mark[mark] && *amount.by_mark[mark] != 0 && sums.readable &&
          is_same_amount(2 * *amount.by_mark[mark], sums.all))
        return top_->number;
    }
  }
  return std::nullopt;
}

}  // namespace vigie::reading
