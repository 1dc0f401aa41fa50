#include "reading/table_foot.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace vigie::reading {
namespace {

constexpr std::array<std::string_view, 12> kTotalWords{"grand total", "sous-total", "sous total", "subtotal",
                                                       "sub-total",   "total",      "totaux",     "somme",
                                                       "sum",         "summe",      "gesamt",     "totale"};

std::string folded_label(std::string_view text) {
  std::string out = fold_name(trim(text));
  while (out.ends_with(':') || out.ends_with(' ')) out.pop_back();
  return out;
}

bool foot_filled(const Cell& cell) {
  return cell.kind != CellKind::empty && (cell.kind != CellKind::text || !trim(cell.text).empty());
}

std::optional<long double> amount_of(const Cell& cell) {
  if (cell.kind != CellKind::number) return std::nullopt;
  double out = 0;
  const auto [end, wrong] = std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), out);
  if (wrong != std::errc()) return std::nullopt;
  return out;
}

/// To the cent, or to what doubles keep.
bool is_same_amount(long double a, long double b) {
  return std::abs(a - b) <= std::max<long double>(0.005L, std::abs(a) * 1e-9L);
}

const Cell* first_filled(const FootRow& row) {
  const auto found = std::ranges::find_if(row.cells, foot_filled);
  return found == row.cells.end() ? nullptr : &*found;
}

}  // namespace

bool begins_like_total(std::string_view text) {
  const std::string label = folded_label(text);
  return std::ranges::any_of(kTotalWords, [&](std::string_view word) {
    return label == word || (label.starts_with(word) && !std::isalnum(static_cast<unsigned char>(label[word.size()])));
  });
}

bool is_word_of_total(std::string_view text) {
  const std::string label = folded_label(text);
  return label == "total general" || label == "total ht" || label == "total ttc" ||
         std::ranges::find(kTotalWords, label) != kTotalWords.end();
}

std::size_t FootRow::filled() const { return static_cast<std::size_t>(std::ranges::count_if(cells, foot_filled)); }

TableFoot::TableFoot(std::size_t columns) : columns_(columns) {}

void TableFoot::add(const FootRow& row) {
  ++records_;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].filled += foot_filled(row.cells[i]) ? 1 : 0;
    const auto amount = amount_of(row.cells[i]);
    if (!amount) continue;
    columns_[i].sum += *amount;
    columns_[i].since_total += *amount;
  }
}

void TableFoot::leave_out_total(const FootRow& row) {
  // The foot is taken away before the records above it are given.
  if (totals_++ == 0 || row.number < first_total_) first_total_ = row.number;
  for (Column& column : columns_) column.since_total = 0;
}

void TableFoot::leave_out_remark(const FootRow& row) {
  if (remarks_++ == 0 || row.number < first_remark_) first_remark_ = row.number;
}

bool TableFoot::lacks_what_all_have(const FootRow& row) const {
  if (records_ < 2) return false;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].filled == records_ && !foot_filled(row.cells[i])) return true;
  return false;
}

bool TableFoot::is_sum(const FootRow& row) const {
  if (records_ < 2) return false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto amount = amount_of(row.cells[i]);
    if (!amount || *amount == 0) continue;
    if (is_same_amount(*amount, columns_[i].sum) || is_same_amount(*amount, columns_[i].since_total)) return true;
  }
  return false;
}

TableFoot::Kind TableFoot::judge(const FootRow& row) const {
  const Cell* label = first_filled(row);
  if (label == nullptr || label->kind != CellKind::text || !begins_like_total(label->text)) return Kind::record;
  const bool any_number = std::ranges::any_of(
      row.cells, [](const Cell& cell) { return cell.kind == CellKind::number || cell.kind == CellKind::error; });
  if (!any_number) return Kind::record;
  if (lacks_what_all_have(row) || is_sum(row)) return Kind::total;
  return is_word_of_total(label->text) ? Kind::doubtful : Kind::record;
}

bool TableFoot::is_remark(const FootRow& row) const {
  const Cell* first = first_filled(row);
  return first != nullptr && first->kind == CellKind::text && row.filled() == 1 && columns_.size() >= 2;
}

std::expected<std::size_t, std::size_t> TableFoot::begin_in(const std::deque<FootRow>& last) const {
  // Totals need the sums of the records before them, so the rows are gone through from above.
  TableFoot so_far = *this;
  std::size_t begin = last.size();
  std::optional<std::size_t> doubtful;
  for (std::size_t i = 0; i < last.size(); ++i) {
    const Kind kind = so_far.judge(last[i]);
    const bool within = begin < last.size();
    if (kind == Kind::total) {
      so_far.leave_out_total(last[i]);
      if (!within) begin = i;
    } else if (kind == Kind::doubtful && !within) {
      doubtful = i;
      so_far.add(last[i]);
    } else if (so_far.is_remark(last[i]) && (within || last[i].after_gap)) {
      if (!within) begin = i;
    } else {
      begin = last.size();  // a record after all: what stood before it is for judge() alone
      so_far.add(last[i]);
    }
  }
  // "Total" in full at the very end: a total that was rounded, or a customer of that name.
  if (doubtful && *doubtful + 1 == begin) return std::unexpected(*doubtful);
  return begin;
}

}  // namespace vigie::reading
