#include "propose/taxes.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "propose/reshaped.h"

namespace vigie::propose {

using Inputs = std::vector<std::size_t>;

std::optional<std::int64_t> cents_at(const Material& m, const std::vector<std::string>& row,
                                     std::optional<std::size_t> input) {
  if (!input || trim(row[*input]).empty()) return 0;
  ingest::NumberFormat format = m.written[*input].number;
  format.round = true;
  const ingest::Units units = ingest::read_number(row[*input], format, 2);
  return units.fault == ingest::Fault::none ? std::optional(units.value) : std::nullopt;
}

std::optional<std::int64_t> cents_of(const Material& m, const std::vector<std::string>& row, const Inputs& inputs) {
  std::int64_t out = 0;
  for (const std::size_t one : inputs) {
    const auto cents = cents_at(m, row, one);
    if (!cents) return std::nullopt;
    out += *cents;
  }
  return out;
}

namespace {

constexpr std::int64_t kThousandths = 1'000;  ///< of a percent: how rates are kept

// --- what names tell -------------------------------------------------------------------------------------------------

bool has_word_of(const std::string& header, const std::set<std::string>& words) {
  return std::ranges::any_of(words_in(header), [&](const std::string& word) { return words.contains(word); });
}

/// "TVA 5,5 %": 5500; nothing of a name without a number.
std::optional<std::int64_t> number_in(const std::string& header) {
  const auto last = header.find_last_of("0123456789");
  if (last == std::string::npos) return std::nullopt;
  const auto before = header.find_last_not_of("0123456789.,", last);
  std::string text = header.substr(before == std::string::npos ? 0 : before + 1);
  text.resize(text.find_last_of("0123456789") + 1);
  std::ranges::replace(text, ',', '.');
  ingest::NumberFormat plain;
  plain.round = true;
  const ingest::Units units = ingest::read_number(text, plain, 3);
  return units.fault == ingest::Fault::none ? std::optional(units.value) : std::nullopt;
}

/// The rate that a name says: of "TVA 20 %" and "TVA 20". The numbers of "Tax 1" and "Tax 2" count the taxes, and so
/// does the 3 of a "Tax 3" beside them.
std::optional<std::int64_t> rate_named(const Material& m, std::size_t input, const Inputs& all) {
  const auto says_percent = [&](std::size_t one) { return m.column(one).name().contains('%'); };
  const auto number = number_in(m.column(input).name());
  if (!number || !is_one_of_taxes(m.column(input).name())) return std::nullopt;
  if (says_percent(input)) return number;
  const bool counts = std::ranges::any_of(all, [&](std::size_t one) {
    const auto other = number_in(m.column(one).name());
    return other && !says_percent(one) && !m.vocabulary.tax_rates.contains(*other);
  });
  return counts ? std::nullopt : number;
}

/// "Total TVA", "TVA totale": all the tax of a document.
bool says_total(const std::string& header) {
  return std::ranges::any_of(words_in(header), [](const std::string& word) { return word.starts_with("tota"); });
}

/// A column of numbers whose name begins with a tax, and which nothing else is made of.
bool may_be_tax(const Material& m, std::size_t i, const Draft& draft) {
  const ColumnSketch& column = m.column(i);
  const std::string& header = column.name();
  static const std::set<std::string_view> kBefore{"montant", "amount", "total", "dont", "of", "de", "la"};
  const std::vector<std::string> words = words_in(header);
  const auto first = std::ranges::find_if(words, [](const std::string& one) { return !kBefore.contains(one); });
  const bool named = is_one_of_taxes(header) || (first != words.end() && m.vocabulary.taxes.contains(*first));
  if (!named || has_word_of(header, m.vocabulary.no_tax)) return false;
  if (header.contains('%') && !number_in(header)) return false;  // "TVA %": its rates
  const auto& becomes = draft.columns[i].becomes;
  const bool taken = std::ranges::any_of(
      becomes, [](const std::string& one) { return one != "amount_tax" && !one.starts_with("x_"); });
  const NumberTally& numbers = column.numbers();
  return !m.is_unwanted(i) && !taken && m.written[i].kind != Kind::empty && reads_as_numbers(m.written[i], column) &&
         numbers.percents() == 0 && (numbers.most() != 0 || numbers.least() != 0);
}

// --- what values tell ------------------------------------------------------------------------------------------------

/// How many values are usual rates (0.2 of a cell that shows "20 %" too), and how many of them stand on several rows.
/// Noughts are left aside.
struct Usual {
  std::int64_t filled = 0, usual = 0, repeated = 0;
  bool all() const { return filled > 0 && usual == filled; }
  bool most() const { return filled > 0 && usual * 2 > filled; }
};

std::optional<std::int64_t> as_rate(const Material& m, std::size_t tax, const std::string& text) {
  const bool shares = m.column(tax).numbers().most() < 1;
  const ingest::Units units = ingest::read_number(text, m.written[tax].number, 3 + (shares ? 2 : 0));
  return units.fault == ingest::Fault::none ? std::optional(units.value) : std::nullopt;
}

Usual usual_in(const Material& m, std::size_t tax) {
  Usual out;
  for (const auto& [text, n] : m.column(tax).values()) {
    const auto rate = as_rate(m, tax, text);
    if (rate && *rate == 0) continue;
    out.filled += n;
    if (!rate || !m.vocabulary.tax_rates.contains(*rate)) continue;
    out.usual += n;
    out.repeated += n > 1 ? n : 0;
  }
  return out;
}

/// Nothing but its values and its name looked at, the column may hold rates of tax in place of amounts.
bool may_hold_rates(const Material& m, std::size_t tax, const Inputs& all) {
  constexpr double kFewPercents = 30;  // beyond it, some of the values must be usual rates
  const ColumnSketch& column = m.column(tax);
  const NumberTally& numbers = column.numbers();
  if (!column.few() || column.filled() == 0 || numbers.least() < 0 || numbers.most() <= 0) return false;
  if (const auto named = rate_named(m, tax, all))
    return std::ranges::all_of(column.values(), [&](const auto& one) {
      const auto rate = as_rate(m, tax, one.first);
      return rate && (*rate == 0 || *rate == *named);
    });
  const Usual usual = usual_in(m, tax);
  return numbers.most() <= kFewPercents || usual.most() || usual.repeated * 2 > usual.filled;
}

// --- what sums tell --------------------------------------------------------------------------------------------------

/// Taxes taken as amounts, beside an amount with them, or before them.
struct Followed {
  bool usual = true;     ///< on each row they are what a usual rate gives of the amount before tax: 20 of 120
  bool same = true;      ///< that rate is the text itself: whether it is read as rate or as amount, what is left is one
  bool one_rate = true;  ///< one rate does so on all rows
  bool parted = true;    ///< no tax stands beside two amounts
  std::size_t amounts = 0;  ///< different ones

  /// `doubtful`: the texts are themselves usual rates, so that some rows may be so by chance.
  bool tells(bool doubtful) const {
    constexpr std::size_t kNoChance = 3, kEnough = 2;
    if (!usual || amounts == 0) return false;
    return same || (doubtful ? one_rate && parted && amounts >= kNoChance : amounts >= kEnough);
  }
};

/// The usual rates that give this tax of that amount, to the cent.
std::set<std::int64_t> rates_of(const Material& m, std::int64_t net, std::int64_t tax) {
  std::set<std::int64_t> out;
  for (const std::int64_t rate : m.vocabulary.tax_rates) {
    const double worth = static_cast<double>(net) * static_cast<double>(rate) / (100.0 * kThousandths);
    if (rate > 0 && std::abs(static_cast<double>(tax) - worth) < 1) out.insert(rate);
  }
  return out;
}

/// `has_tax`: the amount is one with the taxes. `beside`: rows on which these hold something count alone.
Followed follow(const Material& m, std::size_t amount, bool has_tax, const Inputs& taxes, const Inputs& beside = {}) {
  Followed out;
  std::set<std::int64_t> amounts, common;
  std::map<std::int64_t, std::int64_t> amount_of;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    auto whole = cents_at(m, row, amount), part = cents_of(m, row, taxes);
    const auto others = cents_of(m, row, beside);
    if (!whole || !part || *part == 0 || (!beside.empty() && others == 0)) continue;
    if (*whole < 0 && *part < 0) whole = -*whole, part = -*part;  // of a credit note
    const std::int64_t net = has_tax ? *whole - *part : *whole;
    const std::set<std::int64_t> rates = net > 0 ? rates_of(m, net, *part) : std::set<std::int64_t>{};
    out.usual = out.usual && !rates.empty();
    constexpr std::int64_t kOfACent = kThousandths / 100;
    out.same = out.same && std::ranges::any_of(
                               rates, [&](std::int64_t rate) { return std::abs(*part * kOfACent - rate) < kOfACent; });
    if (amounts.empty()) common = rates;
    std::erase_if(common, [&](std::int64_t rate) { return !rates.contains(rate); });
    out.parted = out.parted && amount_of.emplace(*part, *whole).first->second == *whole;
    amounts.insert(*whole);
  }
  out.one_rate = !common.empty();
  out.amounts = amounts.size();
  return out;
}

/// The amounts before and with tax differ by the taxes, with discount and shipping where there are such columns.
bool add_up_to(const Material& m, const TableMatch& orders, const Inputs& taxes) {
  constexpr std::int64_t kRounding = 2;
  const auto input_of = [&](std::string_view name) {
    const Assigned* one = orders.find(name);
    return one != nullptr ? std::optional(one->input) : std::nullopt;
  };
  int told = 0, right = 0;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    const auto n = cents_at(m, row, input_of("amount_net")), g = cents_at(m, row, input_of("amount_gross")),
               d = cents_at(m, row, input_of("discount")), h = cents_at(m, row, input_of("shipping")),
               x = cents_of(m, row, taxes);
    if (!n || !g || !d || !h || !x || *x == 0 || *g == 0) continue;
    ++told;
    const auto is_total = [&](std::int64_t sum) { return std::abs(sum - *g) <= kRounding; };
    bool any = false;
    for (const std::int64_t off : {std::int64_t{0}, std::abs(*d)})
      for (const std::int64_t more : {std::int64_t{0}, *h}) any = any || is_total(*n - off + *x + more);
    right += any || is_total(*n - std::abs(*d) - *x + *h) ? 1 : 0;
  }
  return told > 0 && right * 10 >= told * 9;
}

/// Read as rates of the amount before tax, they give the amount with it.
bool give_total(const Material& m, std::size_t net, std::size_t gross, const Inputs& taxes) {
  int told = 0;
  for (const std::vector<std::string>& row : m.sketch.first_rows()) {
    const auto n = cents_at(m, row, net), g = cents_at(m, row, gross);
    double rate = 0;
    for (const std::size_t tax : taxes) {
      if (trim(row[tax]).empty()) continue;
      const ingest::Units units = ingest::read_number(row[tax], m.written[tax].number, 6);
      if (units.fault != ingest::Fault::none) return false;
      rate += static_cast<double>(units.value) / 1e6 / (m.column(tax).numbers().most() < 1 ? 1 : 100);
    }
    if (!n || !g || *n == 0 || rate == 0) continue;
    if (std::abs(static_cast<double>(*n) * (1 + rate) - static_cast<double>(*g)) > 2) return false;
    ++told;
  }
  return told > 0;
}

/// Of several columns, one that is the sum of the others on every row: "TVA 20", "TVA 5.5", "TVA".
std::optional<std::size_t> sum_of_others(const Material& m, const Inputs& all) {
  for (const std::size_t one : all) {
    Inputs others = all;
    std::erase(others, one);
    int told = 0;
    const bool is_sum = std::ranges::all_of(m.sketch.first_rows(), [&](const std::vector<std::string>& row) {
      const auto sum = cents_of(m, row, others), whole = cents_at(m, row, one);
      told += sum && *sum != 0 ? 1 : 0;
      return sum && whole && *sum == *whole;
    });
    if (is_sum && told > 0) return one;
  }
  return std::nullopt;
}

// --- what becomes of them --------------------------------------------------------------------------------------------

enum class Reading { amounts, rates, not_told };

class Taxes {
 public:
  Taxes(const Material& m, const TableMatch& orders, Draft& draft) : m_(m), orders_(orders), draft_(draft) {}

  Inputs run() {
    const Assigned* tax = orders_.find("amount_tax");
    if (tax == nullptr) return {};
    all_ = {tax->input};
    for (const auto& [header, target] : m_.wishes.columns)
      if (const auto said = m_.named(header); target == "amount_tax" && *said != tax->input) all_.push_back(*said);
    if (std::ranges::any_of(m_.wishes.columns, [](const auto& one) { return one.second == "amount_tax"; })) return all_;
    const bool whole = says_total(m_.column(tax->input).name()) && !is_one_of_taxes(m_.column(tax->input).name());
    for (std::size_t i = 0; i < m_.written.size() && !whole; ++i)
      if (i != tax->input && may_be_tax(m_, i, draft_)) all_.push_back(i);
    const Inputs first{tax->input};
    if (all_.size() == 1) return settled(read(first), first);
    // Named by their rates, they are the parts of one tax.
    const bool by_rate =
        std::ranges::all_of(all_, [&](std::size_t one) { return rate_named(m_, one, all_).has_value(); });
    if (by_rate && !may_be_rates(all_)) return all_;
    if (!may_be_rates(all_))
      if (const auto sum = sum_of_others(m_, all_)) {
        if (*sum == tax->input) return first;
        std::erase(all_, *sum);
        return all_;
      }
    const Reading together = read(all_);
    if (together == Reading::rates) return settled(together, all_);
    Inputs others = all_;
    others.erase(others.begin());
    const Reading alone = read(first, others);
    if (together == Reading::amounts && alone != Reading::amounts) return all_;
    if (together != Reading::amounts && alone == Reading::amounts) return first;
    ask();
    return first;
  }

 private:
  bool may_be_rates(const Inputs& taxes) const {
    return std::ranges::any_of(taxes, [&](std::size_t one) { return may_hold_rates(m_, one, all_); });
  }

  /// Of several, or of one beside others that are none, the sums alone tell; of a single one its values do too.
  Reading read(const Inputs& taxes, const Inputs& beside = {}) const {
    const Assigned* net = orders_.find("amount_net");
    const Assigned* gross = orders_.find("amount_gross");
    const bool single = all_.size() == 1;
    if (single && !may_be_rates(taxes)) return Reading::amounts;
    const bool doubtful = std::ranges::any_of(taxes, [&](std::size_t one) { return usual_in(m_, one).most(); });
    const bool usual = std::ranges::all_of(taxes, [&](std::size_t one) { return usual_in(m_, one).all(); });
    if (net != nullptr && gross != nullptr) {
      if (add_up_to(m_, orders_, taxes)) return Reading::amounts;
      const bool nothing_else = orders_.find("discount") == nullptr && orders_.find("shipping") == nullptr;
      if (may_be_rates(taxes) && ((single && usual && nothing_else) || give_total(m_, net->input, gross->input, taxes)))
        return Reading::rates;
      return follow(m_, net->input, false, taxes, beside).tells(doubtful) ? Reading::amounts : Reading::not_told;
    }
    if (gross != nullptr)
      return follow(m_, gross->input, true, taxes, beside).tells(doubtful) ? Reading::amounts : Reading::not_told;
    if (net != nullptr && follow(m_, net->input, false, taxes, beside).tells(doubtful)) return Reading::amounts;
    return single && m_.column(taxes.front()).filled() == 1 ? Reading::amounts : Reading::not_told;
  }

  Inputs settled(Reading reading, const Inputs& taxes) {
    if (reading == Reading::rates) {
      for (const std::size_t tax : taxes) leave_out(tax);
      return {};
    }
    if (reading == Reading::not_told) ask();
    return taxes;
  }

  /// Rates of tax are no amounts.
  void leave_out(std::size_t tax) {
    std::erase_if(draft_.map.columns, [](const DraftColumn& one) { return one.target == "amount_tax"; });
    draft_.columns[tax].becomes.clear();
    draft_.columns[tax].reason = "left out: rates of tax, which are no amounts";
    const std::string& name = m_.column(tax).name();
    if (std::ranges::find(draft_.map.left_out, name) == draft_.map.left_out.end()) draft_.map.left_out.push_back(name);
  }

  std::string values_of(std::size_t tax) const {
    constexpr std::size_t kMostShown = 6;
    std::vector<std::string> texts;
    for (const auto& [text, n] : m_.column(tax).values())
      if (texts.size() < kMostShown) texts.push_back(text);
    return listed(texts);
  }

  /// Each way in which the columns may be meant is an answer: what is said to be amount_tax is all the tax.
  void ask() {
    Question ask{"values", m_.column(all_.front()).name(), "", {}, true};
    const auto is_tax = [&](std::size_t one) { return option("--column", m_.column(one).name() + "=amount_tax"); };
    std::string sum, none;
    std::vector<std::string> names;
    for (const std::size_t one : all_) {
      sum += (sum.empty() ? "" : " ") + is_tax(one);
      none += (none.empty() ? "" : " ") + option("--without", m_.column(one).name());
      names.push_back(m_.column(one).name());
    }
    ask.answers.push_back(sum);
    if (all_.size() > 1)
      for (const std::size_t one : all_) ask.answers.push_back(is_tax(one));
    ask.answers.push_back(none);
    ask.text = all_.size() == 1
                   ? fmt::format("are the values of \"{}\" ({}) amounts of tax, or its rates, which are left out?",
                                 names.front(), values_of(all_.front()))
                   : fmt::format(
                         "are {} amounts of tax that add up, is one of them all the tax of a row, or are they "
                         "left out, as rates are?",
                         listed(names));
    draft_.questions.push_back(std::move(ask));
  }

  const Material& m_;
  const TableMatch& orders_;
  Draft& draft_;
  Inputs all_;  ///< what may be a tax, the one by its name first
};

}  // namespace

std::vector<std::size_t> taxes_of(const Material& material, const TableMatch& orders, Draft& draft) {
  return Taxes(material, orders, draft).run();
}

}  // namespace vigie::propose
