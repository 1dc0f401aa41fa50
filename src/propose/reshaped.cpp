// Files whose rows are not yet rows of a table: a query makes them so.
#include "propose/reshaped.h"

#include <algorithm>

#include "base/text.h"
#include "model/currency.h"
#include "propose/map_text.h"

namespace vigie::propose {
namespace {

constexpr std::string_view kRows = DraftMap::kRows;

/// "tv_spend" → "tv"; "Spend - Google" → "Google"; "tv_S" → "tv". Empty: no such column.
std::string channel_of(const std::string& header, const std::vector<std::string>& words, bool short_suffix) {
  if (short_suffix && header.size() > 2 && header.ends_with("_S")) return header.substr(0, header.size() - 2);
  const auto parted = [](char c) { return std::string_view(" _-.:").find(c) != std::string_view::npos; };
  const auto trimmed = [&](std::string text) {
    while (!text.empty() && parted(text.back())) text.pop_back();
    while (!text.empty() && parted(text.front())) text.erase(0, 1);
    return text;
  };
  // The word stands first or last, set apart; letters with accents are longer than their folded ones.
  for (std::size_t cut = 1; cut + 1 < header.size(); ++cut) {
    if (!parted(header[cut])) continue;
    for (const std::string& word : words) {
      if (fold_name(header.substr(0, cut)) == word) return trimmed(header.substr(cut));
      if (fold_name(header.substr(cut + 1)) == word) return trimmed(header.substr(0, cut));
    }
  }
  return "";
}

/// Columns of one channel each, with the channel's name.
std::vector<std::pair<std::size_t, std::string>> channels(const Material& m) {
  int short_suffixes = 0, others = 0;  // media models write spend _S, impressions _I, clicks _P
  for (const ColumnSketch& column : m.sketch.columns()) {
    short_suffixes += column.name().ends_with("_S") ? 1 : 0;
    others += column.name().ends_with("_I") || column.name().ends_with("_P") ? 1 : 0;
  }
  const bool by_short = short_suffixes >= 2 && others >= 1;
  const bool said = m.wishes.table == "channel_spend";
  std::vector<std::pair<std::size_t, std::string>> out;
  for (std::size_t i = 0; i < m.written.size(); ++i) {
    if (!reads_as_numbers(m.written[i], m.column(i)) || is_date(m.written[i].kind)) continue;
    std::string channel = channel_of(m.column(i).name(), m.vocabulary.spend_suffixes, by_short);
    if (channel.empty() && said && m.vocabulary.channels.contains(bare(m.column(i).name())))
      channel = m.column(i).name();
    if (!channel.empty()) out.emplace_back(i, std::move(channel));
  }
  return out;
}

/// Columns of one kind that become one: all of their texts together tell how its numbers are written.
DraftColumn number_of_several(const Material& m, const std::string& target, const std::vector<std::size_t>& inputs,
                              int decimals, Draft& draft) {
  NumberTally all;
  DraftColumn out = computed(target, target);
  out.options.clear();
  std::int64_t filled = 0;
  std::set<std::string> nothing;
  for (const std::size_t input : inputs) {
    all.add_all(m.column(input).numbers());
    filled += m.column(input).filled();
    for (const auto& [text, n] : m.column(input).nothing()) nothing.insert(text);
  }
  auto verdict = all.verdict();
  if (verdict.undecided && m.wishes.decimal) verdict = all.verdict(m.wishes.decimal), verdict.undecided = false;
  out.number = verdict.format;
  out.nothing.assign(nothing.begin(), nothing.end());
  if (all.most_decimals() > decimals) out.options.emplace_back("round", "true");
  const std::string& name = m.column(inputs.front()).name();
  if (verdict.undecided) {
    out.off = true;
    out.why = fmt::format("nothing in the column \"{}\" tells whether \"{}\" has decimals or thousands", name,
                          verdict.example);
    draft.questions.push_back({"decimal", name, out.why, {"--decimal point", "--decimal comma"}, true});
  } else if (const std::int64_t unread = filled - verdict.read; unread > 0) {
    out.why = unread == 1 ? "1 value cannot be read so, and waits in the quarantine"
                          : fmt::format("{} values cannot be read so, and wait in the quarantine", unread);
  }
  return out;
}

}  // namespace

Draft empty_draft(const Material& m, std::string table) {
  Draft out;
  out.map.table = std::move(table);
  out.map.input_name = DraftMap::kRows;
  for (const ColumnSketch& column : m.sketch.columns())
    out.columns.push_back({column.name(), {}, Confidence::look, ""});
  return out;
}

void leave_rest_out(const Material& m, Draft& draft, const std::string& reason) {
  for (std::size_t i = 0; i < draft.columns.size(); ++i) {
    if (!draft.columns[i].becomes.empty()) continue;
    draft.columns[i].reason = m.written[i].kind == Kind::empty ? "left out: it is empty" : reason;
    draft.map.left_out.push_back(m.column(i).name());
  }
}

void mark(Draft& draft, std::size_t input, const std::string& becomes, const std::string& reason) {
  draft.columns[input].becomes.push_back(becomes);
  draft.columns[input].confidence = Confidence::likely;
  draft.columns[input].reason = reason;
}

DraftColumn computed(std::string target, std::string from) {
  DraftColumn out;
  out.target = std::move(target);
  out.from.push_back(std::move(from));
  out.number = ingest::NumberFormat{};
  out.options.emplace_back("round", "true");
  return out;
}

ingest::NumberFormat format_of(const Material& m, std::size_t input) {
  ingest::NumberFormat out = m.written[input].number;
  out.round = m.column(input).numbers().most_decimals() > 4;
  return out;
}

std::vector<std::string> columns_of_channels(const Material& m) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < m.written.size(); ++i)
    if (reads_as_numbers(m.written[i], m.column(i)) && m.vocabulary.channels.contains(bare(m.column(i).name())))
      out.push_back(m.column(i).name());
  return out.size() >= 2 ? out : std::vector<std::string>{};
}

std::optional<Draft> draft_of_wide_spend(const Material& m) {
  const auto spends = channels(m);
  std::optional<std::size_t> day;
  for (std::size_t i = 0; i < m.written.size() && !day; ++i)
    if (is_date(m.written[i].kind) && m.column(i).filled() == m.sketch.rows()) day = i;
  if (spends.size() < 2 || !day) return std::nullopt;
  Draft out = empty_draft(m, "channel_spend");
  std::string renamed, names;
  std::vector<std::size_t> inputs;
  for (const auto& [input, channel] : spends) {
    renamed += fmt::format(", {} AS {}", sql_name(m.column(input).name()), sql_name(channel));
    names += (names.empty() ? "" : ", ") + sql_name(channel);
    mark(out, input, "spend", "the name says that it is what one channel cost");
    inputs.push_back(input);
  }
  out.map.query = fmt::format(
      "SELECT day, channel, spend\nFROM (UNPIVOT (SELECT {} AS day{} FROM {})\n      ON {} INTO NAME channel VALUE "
      "spend)",
      sql_name(m.column(*day).name()), renamed, kRows, names);
  out.map.head.emplace_back("the file has one column a channel: the query makes one row a channel of each");
  DraftColumn key;
  key.target = "key";
  key.from = {"day", "channel"};
  Confidence confidence = Confidence::sure;
  const model::Table& table = *m.model.table("channel_spend");
  DraftColumn date = draft_column(m, table, "date", *day, out.questions, confidence);
  date.from = {"day"};
  mark(out, *day, "date", "the only date there is");
  DraftColumn channel;
  channel.target = "channel";
  channel.from = {"channel"};
  DraftColumn spend = number_of_several(m, "spend", inputs, 4, out);
  settle_currency(m, inputs, {"spend"}, out);
  for (DraftColumn* one : {&key, &date, &channel, &spend}) out.map.columns.push_back(std::move(*one));
  leave_rest_out(m, out, "left out: it is no spend of a channel");
  return out;
}

std::optional<Draft> draft_of_wide_rates(const Material& m) {
  std::optional<std::size_t> day;
  std::vector<std::size_t> currencies;
  std::set<std::string> nothing;
  for (std::size_t i = 0; i < m.written.size(); ++i) {
    if (is_date(m.written[i].kind) && !day) day = i;
    if (!is_number(m.written[i].kind) || !model::is_currency(m.column(i).name())) continue;
    currencies.push_back(i);
    for (const auto& [text, n] : m.column(i).nothing()) nothing.insert(text);
  }
  if (!day || currencies.size() < 3) return std::nullopt;
  Draft out = empty_draft(m, "fx_rates");
  std::string names, without;
  for (const std::size_t input : currencies) {
    names += fmt::format(", {}", sql_name(m.column(input).name()));
    mark(out, input, "per_euro", "the name is the code of a currency");
  }
  for (const std::string& text : nothing) without += (without.empty() ? "" : ", ") + sql_text(text);
  out.map.query = fmt::format(
      "SELECT day, currency, per_euro\nFROM (UNPIVOT (SELECT {} AS day{} FROM {})\n      ON {} INTO NAME currency "
      "VALUE "
      "per_euro){}",
      sql_name(m.column(*day).name()), names, kRows, names.substr(2),
      without.empty() ? "" : fmt::format("\nWHERE per_euro NOT IN ({})", without));
  out.map.head.emplace_back(
      "rates are taken as units for one euro: where the file gives euros for one unit, divide 1 by them in the query");
  const model::Table& table = *m.model.table("fx_rates");
  Confidence confidence = Confidence::likely;
  DraftColumn date = draft_column(m, table, "date", *day, out.questions, confidence);
  date.from = {"day"};
  mark(out, *day, "date", "the only date there is");
  DraftColumn currency;
  currency.target = "currency";
  currency.from = {"currency"};
  DraftColumn rate = number_of_several(m, "per_euro", currencies, 8, out);
  rate.nothing.clear();
  for (DraftColumn* one : {&date, &currency, &rate}) out.map.columns.push_back(std::move(*one));
  leave_rest_out(m, out, "left out: its name is no currency");
  return out;
}

}  // namespace vigie::propose
