#include "cli/render.h"

#include <cmath>
#include <cstdlib>

namespace vigie::cli {
namespace {

bool french() { return language() == Language::fr; }

std::string grouped(const std::string& digits) {
  const std::string mark = french() ? "\u202f" : ",";
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += mark;
    out += digits[i];
  }
  return out;
}

std::string decimal_text(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  const auto point = text.find('.');
  std::string out = grouped(text.substr(0, point));
  if (point != std::string::npos) out += (french() ? "," : ".") + text.substr(point + 1);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? "\u2212" + out : out;
}

std::string currency_mark(std::string_view currency) {
  if (currency == "EUR") return "€";
  if (currency == "USD") return "$";
  if (currency == "GBP") return "£";
  return std::string(currency);
}

std::string money_text(double value, std::string_view currency) {
  const std::string number = decimal_text(value, std::abs(value) < 100 ? 2 : 0);
  const std::string mark = currency_mark(currency);
  if (french()) return number + "\u00a0" + mark;
  return mark.size() == 3 && currency == mark ? mark + "\u00a0" + number : (value < 0 ? "\u2212" + mark + decimal_text(-value, std::abs(value) < 100 ? 2 : 0) : mark + number);
}

/// Columns of a terminal: code points, no combining marks in what we print.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string padded(const std::string& text, std::size_t to, bool right) {
  const std::string blanks(to > width(text) ? to - width(text) : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::string interval_text(const kpi::Row& row, const kpi::Answer& answer) {
  if (!row.ci_low || !row.ci_high) return "";
  return figure_text(row.ci_low, answer.unit, answer.currency) + " – " + figure_text(row.ci_high, answer.unit, answer.currency);
}

std::string change_text(const kpi::Row& row, const kpi::Answer& answer) {
  for (const auto& [name, compared] : row.comparisons) {
    if (!compared.delta) continue;
    if (answer.unit == "rate") return fmt::format("{}{} {}", *compared.delta > 0 ? "+" : "", decimal_text(*compared.delta * 100, 1), french() ? "pt" : "pts");
    if (compared.relative && answer.unit != "score") return fmt::format("{}{}{}%", *compared.relative > 0 ? "+" : "", decimal_text(*compared.relative * 100, 1), french() ? "\u00a0" : "");
    return (*compared.delta > 0 ? "+" : "") + figure_text(compared.delta, answer.unit, answer.currency);
  }
  return "";
}

std::string marks(const kpi::Row& row, const kpi::Answer& answer) {
  std::string out;
  if (const auto words = answer.reasons.find(row.reason); words != answer.reasons.end()) out = french() ? words->second.fr : words->second.en;
  else if (!row.reason.empty()) out = row.reason;
  else if (!row.complete) out = fmt::format("{} {:.0f} %", french() ? "en cours" : "open", row.elapsed * 100);
  if (row.small_sample) out += (out.empty() ? "" : ", ") + fmt::format("n = {}", row.n);
  if (row.maturing > 0) out += (out.empty() ? "" : ", ") + fmt::format("{:.0f} % {}", row.maturing * 100, french() ? "encore en cours" : "still open");
  return out;
}

std::string csv_number(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : ""; }

/// "2025-10-26 02:00", with its offset where clocks show that hour twice.
std::string hour_text(const kpi::Row& row, const kpi::Answer& answer) {
  const std::string text = fmt::format("{} {:02}:00", to_string(row.period), *row.hour);
  const bool twice = std::ranges::any_of(answer.rows, [&](const kpi::Row& other) {
    return other.period == row.period && other.hour == row.hour && other.hour_offset_minutes != row.hour_offset_minutes;
  });
  if (!twice) return text;
  const int minutes = std::abs(row.hour_offset_minutes);
  return fmt::format("{} {}{:02}:{:02}", text, row.hour_offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

std::string table_text(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width(row[i]));
    }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += (i ? "  " : "") + padded(row[i], widths[i], right[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

Language language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value) return std::string_view(value).starts_with("fr") ? Language::fr : Language::en;
  return Language::en;
}

std::string words(Words which, std::string_view about) {
  switch (which) {
    case Words::workspace_made: return french() ? fmt::format("Espace de travail créé : {}", about) : fmt::format("Workspace made: {}", about);
    case Words::workspace_fine: return french() ? fmt::format("{} : aucun défaut trouvé", about) : fmt::format("{}: nothing wrong found", about);
    case Words::serving: return french() ? fmt::format("Vigie répond sur {} (Ctrl-C pour arrêter)", about) : fmt::format("Vigie answers on {} (Ctrl-C stops it)", about);
    case Words::rows_imported: return french() ? fmt::format("{} lignes", about) : fmt::format("{} rows", about);
    case Words::serving_without_page:
      return words(Words::serving, about) + (french() ? "\nLa page n'est pas construite : seule l'API répond (make run la construit)"
                                                      : "\nThe page is not built: only the API answers (make run builds it)");
  }
  return {};
}

std::string figure_text(const std::optional<double>& value, std::string_view unit, std::string_view currency) {
  if (!value) return "–";
  if (unit == "rate") return decimal_text(*value * 100, 1) + (french() ? "\u00a0%" : "%");
  if (unit == "money") return money_text(*value, currency);
  if (unit == "days") return decimal_text(*value, 1) + (french() ? " j" : " days");
  if (unit == "months") return decimal_text(*value, 1) + (french() ? " mois" : " months");
  if (unit == "ratio") return decimal_text(*value, 2) + " ×";
  if (unit == "score") return decimal_text(*value, 1);
  return decimal_text(*value, *value == std::floor(*value) ? 0 : 2);
}

std::string sparkline(const std::vector<std::optional<double>>& values) {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double low = INFINITY, high = -INFINITY;
  for (const auto& value : values)
    if (value) low = std::min(low, *value), high = std::max(high, *value);
  std::string out;
  for (const auto& value : values) {
    if (!value) out += " ";
    else out += kBars[high > low ? static_cast<std::size_t>((*value - low) / (high - low) * 7) : 3];
  }
  return out;
}

std::string answer_table(const kpi::Answer& answer) {
  const std::string label = french() ? answer.label.fr : answer.label.en;
  std::vector<std::optional<double>> series;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> head{french() ? "période" : "period"};
  std::vector<bool> right{false};
  if (!answer.rows.empty())
    for (const auto& [name, value] : answer.rows.front().by) head.push_back(name), right.push_back(false);
  for (const char* name : {french() ? "valeur" : "value", "n", french() ? "variation ordinaire" : "ordinary variation", french() ? "écart" : "change", ""})
    head.emplace_back(name), right.push_back(true);
  right.back() = false;
  rows.push_back(head);
  const auto add = [&](const kpi::Row& row, std::string first) {
    std::vector<std::string> line{std::move(first)};
    // The total is of one population where they stand apart: it says which.
    for (const auto& [name, value] : row.by.empty() ? answer.headline : row.by) line.push_back(value ? *value : french() ? "non renseigné" : "not given");
    while (line.size() + 5 < head.size()) line.emplace_back("");
    line.push_back(figure_text(row.value, answer.unit, answer.currency));
    line.push_back(row.n > 0 ? grouped(fmt::format("{}", row.n)) : "");
    line.push_back(interval_text(row, answer));
    line.push_back(change_text(row, answer));
    line.push_back(marks(row, answer));
    rows.push_back(std::move(line));
  };
  for (const kpi::Row& row : answer.rows) {
    add(row, row.hour ? hour_text(row, answer) : to_string(row.period));
    if (answer.headline.empty() || row.by == answer.headline) series.push_back(row.value);
  }
  add(answer.total, "total");
  std::string out = fmt::format("{} ({}:{} v{}), {} – {}\n", label, answer.kpi, answer.variant, answer.version, to_string(answer.from), to_string(answer.to));
  if (answer.by.empty() && series.size() > 1) out += sparkline(series) + "\n";
  out += table_text(rows, right);
  for (const kpi::Warning& warning : answer.warnings) out += "! " + (french() ? warning.message.fr : warning.message.en) + "\n";
  return out;
}

std::string board_line(const kpi::Answer& answer) {
  std::vector<std::optional<double>> series;
  for (const kpi::Row& row : answer.rows)
    if (row.by == answer.headline) series.push_back(row.value);
  std::string line = padded(french() ? answer.label.fr : answer.label.en, 34, false);
  line += padded(figure_text(answer.total.value, answer.unit, answer.currency), 14, true) + "  " + padded(change_text(answer.total, answer), 10, true);
  line += "  " + sparkline(series) + "  " + marks(answer.total, answer) + "\n";
  for (const kpi::Row& row : answer.totals) {
    std::string name;
    for (const auto& [dimension, value] : row.by) name += (name.empty() ? "" : ", ") + (value ? *value : french() ? "non renseigné" : "not given");
    line += "  " + padded(name, 32, false) + padded(figure_text(row.value, answer.unit, answer.currency), 14, true) + "  " +
            padded(change_text(row, answer), 10, true) + "  " + marks(row, answer) + "\n";
  }
  return line;
}

std::string answer_csv(const kpi::Answer& answer) {
  std::string out = "kpi,variant,period,period_to";
  if (!answer.rows.empty())
    for (const auto& [name, value] : answer.rows.front().by) out += "," + csv_field(name);
  out += ",value,value_exact,numerator,denominator,n,ci_low,ci_high,complete,elapsed,maturing,reason\n";
  for (const kpi::Row& row : answer.rows) {
    out += fmt::format("{},{},{},{}", answer.kpi, answer.variant, to_string(row.period), to_string(row.period_to));
    for (const auto& [name, value] : row.by) out += "," + csv_field(value.value_or(""));
    out += fmt::format(",{},{},{},{},{},{},{},{},{},{},{}\n", csv_number(row.value), row.value_exact, csv_number(row.numerator), csv_number(row.denominator), row.n,
                       csv_number(row.ci_low), csv_number(row.ci_high), row.complete, row.elapsed, row.maturing, row.reason);
  }
  return out;
}

std::string receipt_table(const ingest::Receipt& receipt) {
  std::string out = fmt::format("{} → {}: {} {} = {} {} + {} {} + {} {} + {} {}\n", receipt.map, receipt.table, french() ? "lues" : "read", receipt.read,
                                french() ? "ajoutées" : "loaded", receipt.loaded, french() ? "modifiées" : "updated", receipt.updated,
                                french() ? "inchangées" : "unchanged", receipt.unchanged, french() ? "en quarantaine" : "quarantined", receipt.quarantined);
  if (receipt.already_imported) out += french() ? "  déjà importé, rien ne change\n" : "  imported before, nothing changes\n";
  for (const ingest::Refusal& refusal : receipt.refusals)
    out += fmt::format("  {} × {} ({}:{}{}): {}{}\n", refusal.rows, refusal.code, refusal.first_file, refusal.first_row, refusal.column.empty() ? "" : ", " + refusal.column,
                       refusal.example.empty() ? "" : fmt::format("\"{}\": ", refusal.example), refusal.message);
  for (const std::string& warning : receipt.warnings) out += "  ! " + warning + "\n";
  return out;
}

}  // namespace vigie::cli
