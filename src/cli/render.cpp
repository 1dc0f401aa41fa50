#include "cli/render.h"

#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "catalog/measure.h"
#include "cli/json_view.h"
#include "tongue/french.h"
#include "workspace/share.h"

namespace vigie::cli {

std::set<std::string> measures_of(const kpi::Answer& answer) {
  std::set<std::string> out;
  for (const kpi::Row& row : answer.rows)
    for (const auto& [name, value] : row.measures) out.insert(name);
  for (const auto& [name, value] : answer.total.measures) out.insert(name);
  return out;
}

std::set<std::string> comparisons_of(const kpi::Answer& answer) {
  std::set<std::string> out;
  for (const kpi::Row& row : answer.rows)
    for (const auto& [name, compared] : row.comparisons) out.insert(name);
  for (const auto& [name, compared] : answer.total.comparisons) out.insert(name);
  return out;
}

Figures figures() { return Figures(language()); }

namespace {

/// Columns of a terminal: code points, no combining marks in what we print.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string padded(const std::string& text, std::size_t to, bool right) {
  const std::string blanks(to > width(text) ? to - width(text) : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::string row_figure(const kpi::Row& row, const kpi::Answer& answer) {
  if (!row.value) return "–";
  return row.value_exact.empty() ? figures().full(*row.value, answer.unit, answer.currency)
                                 : figures().full(row.value_exact, answer.unit, answer.currency);
}

std::string interval_text(const kpi::Row& row, const kpi::Answer& answer) {
  if (!row.ci_low || !row.ci_high) return "";
  return figures().interval(*row.ci_low, *row.ci_high, answer.unit, answer.currency);
}

std::string reason_words(const std::string& code, const kpi::Answer& answer) {
  const auto words = answer.reasons.find(code);
  if (words == answer.reasons.end()) return code;
  return french() ? words->second.fr : words->second.en;
}

/// Where there is nothing to compare with, a dash and a mark that says why below the table.
std::string change_text(const kpi::Row& row, const std::string& against, const kpi::Answer& answer, Notes& notes) {
  const auto found = row.comparisons.find(against);
  if (found == row.comparisons.end()) return "";
  const kpi::Compared& compared = found->second;
  if (!compared.delta && !compared.reason.empty()) return "–" + notes.mark(reason_words(compared.reason, answer));
  if (!compared.delta) return "–";
  return figures().change(*compared.delta, compared.relative, compared.value, answer.unit, answer.currency);
}

/// What the answer is held against: all comparisons but the last cohort that has matured, which stands in for the
/// value.
std::set<std::string> changes_of(const kpi::Answer& answer) {
  std::set<std::string> out = comparisons_of(answer);
  out.erase("last_matured");
  return out;
}

/// What a column of changes is headed by: "vs previous year".
std::string against_text(const std::string& comparison) {
  static const std::map<std::string, std::pair<const char*, const char*>, std::less<>> kNames{
      {"previous_period", {"previous period", "période précédente"}},
      {"previous_year", {"previous year", "année précédente"}},
      {"previous_year_weekday", {"52 weeks before", "52 semaines avant"}},
      {"target", {"target", "cible"}}};
  const auto found = kNames.find(comparison);
  const std::string name = found == kNames.end() ? comparison : french() ? found->second.second : found->second.first;
  return "vs " + name;
}

/// "2 short of the target": what a share on too few units misses it by.
std::string gap_text(const kpi::Row& row, const kpi::Answer& answer) {
  const auto target = row.comparisons.find("target");
  if (target == row.comparisons.end() || target->second.units_short.value_or(0) == 0) return "";
  const std::int64_t units = *target->second.units_short;
  if (answer.direction == "down")
    return fmt::format("{} {}", units, french() ? "de trop pour la cible" : "too many for the target");
  return french() ? fmt::format("il en manque {} pour la cible", units) : fmt::format("{} short of the target", units);
}

/// " (€100 / 0)": of an amount over nothing, such as a cost without customers, the amount all the same.
std::string over_nothing(const kpi::Row& row, const kpi::Answer& answer) {
  if (row.reason != "no_denominator" || answer.unit != "money" || row.numerator.value_or(0) == 0) return "";
  const std::string amount = row.numerator_exact.empty()
                                 ? figures().full(*row.numerator, "money", answer.currency)
                                 : figures().full(row.numerator_exact, "money", answer.currency);
  return fmt::format(" ({} / 0)", amount);
}

std::string marks(const kpi::Row& row, const kpi::Answer& answer) {
  std::string out;
  if (!row.reason.empty()) out = reason_words(row.reason, answer);
  else if (!row.complete) out = fmt::format("{} {}", figures().share(row.elapsed), french() ? "écoulés" : "elapsed");
  out += over_nothing(row, answer);
  if (row.small_sample) out += fmt::format("{}n = {}", out.empty() ? "" : ", ", figures().integer(row.n));
  if (const std::string gap = gap_text(row, answer); !gap.empty()) out += ", " + gap;
  if (row.maturing > 0)
    out += (out.empty() ? "" : ", ") +
           fmt::format("{} {}", figures().share(row.maturing), french() ? "encore en cours" : "still open");
  if (row.days_before_data > 0)
    out += (out.empty() ? "" : ", ") +
           fmt::format("{} {}", figures().integer(row.days_before_data),
                       french() ? "j des 12 mois avant les données" : "d of the 12 months before the data");
  return out;
}

std::string measure_name(const kpi::Answer& answer, const std::string& name) {
  const auto found = answer.measure_labels.find(name);
  if (found == answer.measure_labels.end()) return name;
  return french() ? found->second.fr : found->second.en;
}

std::string split_name(const std::optional<std::string>& value) {
  return value ? *value : french() ? "non renseigné" : "not given";
}

/// A line for each total on too few units: what it was over twelve months.
std::string trailing_lines(const kpi::Answer& answer) {
  std::string out;
  const auto add = [&](const kpi::Row& row, const std::string& name) {
    if (!row.trailing) return;
    const kpi::Trailing& year = *row.trailing;
    out += fmt::format("{} {} – {}{}{}{} (n = {})\n", french() ? "12 mois" : "12 months", to_string(year.from),
                       to_string(year.to), name.empty() ? "" : ", " + name, french() ? "\u00a0: " : ": ",
                       figure_text(year.value, answer.unit, answer.currency), figures().integer(year.n));
  };
  add(answer.total, "");
  for (const kpi::Row& row : answer.totals) {
    std::string name;
    for (const auto& [dimension, value] : row.by) name += (name.empty() ? "" : ", ") + split_name(value);
    add(row, name);
  }
  return out;
}

/// What stood beside that period's value, where the answer shows it too: the early reading at the same age.
std::string matured_measures(const kpi::Compared& last, const kpi::Answer& answer) {
  std::string out;
  for (const auto& [name, value] : last.measures)
    if (answer.total.measures.contains(name))
      out += fmt::format("  {}{}{}\n", measure_name(answer, name), french() ? "\u00a0: " : ": ", figures().bare(value));
  return out;
}

/// Where no window of the range is over yet: the last period whose windows are.
std::string matured_line(const kpi::Answer& answer) {
  const auto found = answer.total.comparisons.find("last_matured");
  if (found == answer.total.comparisons.end()) return "";
  const kpi::Compared& last = found->second;
  return fmt::format("{} {} – {}{}{}\n",
                     french() ? "dernière cohorte dont le délai est passé," : "last cohort whose window is over,",
                     to_string(last.from), to_string(last.to), french() ? "\u00a0: " : ": ",
                     figure_text(last.value, answer.unit, answer.currency)) +
         matured_measures(last, answer);
}

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

std::string figure_text(const std::optional<double>& value, std::string_view unit, std::string_view currency) {
  return value ? figures().full(*value, unit, currency) : "–";
}

namespace {

/// With a blank for each control character: U+0000 to U+001F, U+007F, and U+0080 to U+009F, of which terminals make
/// escapes too.
std::string without_controls(std::string_view text) {
  constexpr unsigned char kDelete = 0x7F, kFirstOfTwo = 0xC2, kFirstSecond = 0x80, kLastSecond = 0x9F;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // A first of two that nothing goes with is a stray one: the letter behind it is a letter.
    const auto second = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    const bool two = c == kFirstOfTwo && second >= kFirstSecond && second <= kLastSecond;
    out += c < ' ' || c == kDelete || two ? ' ' : text[i];
    if (two) ++i;
  }
  return out;
}

}  // namespace

std::string table_text(const std::vector<std::vector<std::string>>& cells, const std::vector<bool>& right) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : cells) {
    rows.emplace_back();
    for (const std::string& cell : row) rows.back().push_back(without_controls(cell));
  }
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

Language language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value)
      return std::string_view(value).starts_with("fr") ? Language::fr : Language::en;
  return Language::en;
}

std::string words(Words which, std::string_view about) {
  switch (which) {
    case Words::workspace_made:
      return french() ? fmt::format("Espace de travail créé : {}", about) : fmt::format("Workspace made: {}", about);
    case Words::workspace_fine:
      return french() ? fmt::format("{} : aucun défaut trouvé", about) : fmt::format("{}: nothing wrong found", about);
    case Words::serving:
      return french() ? fmt::format("Vigie répond sur {} (Ctrl-C pour arrêter)", about)
                      : fmt::format("Vigie answers on {} (Ctrl-C stops it)", about);
    case Words::rows_imported: return french() ? fmt::format("{} lignes", about) : fmt::format("{} rows", about);
    case Words::serving_without_page:
      return words(Words::serving, about) +
             (french() ? "\nLa page n'est pas construite : seule l'API répond (make run la construit)"
                       : "\nThe page is not built: only the API answers (make run builds it)");
  }
  return {};
}

namespace {

constexpr std::size_t kMostBars = 60;

/// As many values as a line of bars may have: the mean of those of each run.
std::vector<std::optional<double>> means_of_runs(const std::vector<std::optional<double>>& values) {
  if (values.size() <= kMostBars) return values;
  std::vector<std::optional<double>> out;
  for (std::size_t bar = 0; bar < kMostBars; ++bar) {
    double sum = 0;
    int count = 0;
    for (std::size_t i = bar * values.size() / kMostBars; i < (bar + 1) * values.size() / kMostBars; ++i)
      if (values[i]) sum += *values[i], ++count;
    out.push_back(count > 0 ? std::optional(sum / count) : std::nullopt);
  }
  return out;
}

}  // namespace

std::string sparkline(const std::vector<std::optional<double>>& every) {
  const std::vector<std::optional<double>> values = means_of_runs(every);
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

namespace {

/// Whether the values of the split differ by more than chance: one line for each test.
std::string log_rank_lines(const kpi::Answer& answer) {
  std::string out;
  for (const kpi::LogRank& test : answer.log_rank) {
    std::string where, groups;
    for (const auto& [name, value] : test.by) where += (where.empty() ? " (" : ", ") + split_name(value);
    if (!where.empty()) where += ")";
    for (const kpi::LogRank::Group& group : test.groups)
      groups += (groups.empty() ? "" : ", ") + (group.others && french() ? "autres" : group.value);
    std::string found =
        fmt::format("χ² = {:.2f}, {} {}, ", test.chi_squared, french() ? "ddl" : "df", test.degrees_of_freedom);
    found += test.p_value < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", test.p_value);
    if (french()) std::ranges::replace(found, '.', ',');
    out += fmt::format("log-rank{}, {}{}{}\n", where, groups, french() ? "\u00a0: " : ": ", found);
  }
  return out;
}

}  // namespace

namespace {

/// The split whose smaller values --top folds into one: the first that was asked for.
std::string folded_split(const kpi::Answer& answer) {
  const auto is_asked = [&](const std::string& name) {
    return std::ranges::none_of(answer.headline, [&](const auto& one) { return one.first == name; });
  };
  const auto found = std::ranges::find_if(answer.by, is_asked);
  return found == answer.by.end() ? "" : *found;
}

}  // namespace

std::string answer_table(const kpi::Answer& answer) {
  const std::string label = french() ? answer.label.fr : answer.label.en;
  std::vector<std::optional<double>> series;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> head{french() ? "période" : "period"};
  std::vector<bool> right{false};
  if (!answer.rows.empty())
    for (const auto& [name, value] : answer.rows.front().by) head.push_back(name), right.push_back(false);
  const std::size_t splits = head.size();
  const std::set<std::string> measures = measures_of(answer), comparisons = changes_of(answer);
  for (const char* name : {french() ? "valeur" : "value", "n", french() ? "variation ordinaire" : "ordinary variation"})
    head.emplace_back(name), right.push_back(true);
  for (const std::string& name : comparisons) head.push_back(against_text(name)), right.push_back(true);
  for (const std::string& name : measures) head.push_back(measure_name(answer, name)), right.push_back(true);
  head.emplace_back(""), right.push_back(false);
  rows.push_back(head);
  const std::string folded = folded_split(answer);
  Notes notes;
  const auto add = [&](const kpi::Row& row, std::string first) {
    std::vector<std::string> line{std::move(first)};
    // The total is of one population where they stand apart: it says which.
    for (const auto& [name, value] : row.by.empty() ? answer.headline : row.by)
      line.push_back(row.others && name == folded ? (french() ? "autres" : "others") : split_name(value));
    line.resize(splits);
    line.push_back(row_figure(row, answer));
    line.push_back(row.n > 0 ? figures().integer(row.n) : "");
    line.push_back(interval_text(row, answer));
    for (const std::string& name : comparisons) line.push_back(change_text(row, name, answer, notes));
    for (const std::string& name : measures) {
      const auto found = row.measures.find(name);
      line.push_back(found == row.measures.end() ? "" : figures().bare(found->second));
    }
    line.push_back(marks(row, answer));
    rows.push_back(std::move(line));
  };
  for (const kpi::Row& row : answer.rows) {
    add(row, row.hour ? hour_text(row, answer) : to_string(row.period));
    if (row.by == answer.headline) series.push_back(row.value);  // a line of bars is one series in time
  }
  add(answer.total, "total");
  std::string out = fmt::format("{} ({}:{} v{}), {} – {}\n", label, answer.kpi, answer.variant, answer.version,
                                to_string(answer.from), to_string(answer.to));
  if (answer.by.empty() && series.size() > 1) out += sparkline(series) + "\n";
  out +=
      table_text(rows, right) + notes.lines() + trailing_lines(answer) + matured_line(answer) + log_rank_lines(answer);
  for (const kpi::Warning& warning : answer.warnings)
    out += "! " + (french() ? warning.message.fr : warning.message.en) + "\n";
  return out;
}

std::string board_warnings(const std::vector<kpi::Answer>& answers) {
  // What touches several KPIs is said once, with their names.
  std::vector<std::pair<std::string, std::string>> said;  // what, of which
  for (const kpi::Answer& answer : answers) {
    const std::string name = french() ? answer.label.fr : answer.label.en;
    for (const kpi::Warning& warning : answer.warnings) {
      const std::string what = french() ? warning.message.fr : warning.message.en;
      const auto found = std::ranges::find(said, what, &std::pair<std::string, std::string>::first);
      if (found == said.end()) said.emplace_back(what, name);
      else if (!(", " + found->second + ",").contains(", " + name + ",")) found->second += ", " + name;
    }
  }
  std::string out;
  for (const auto& [what, names] : said) out += fmt::format("! {}{}{}\n", names, french() ? "\u00a0: " : ": ", what);
  return out.empty() ? out : "\n" + out;
}

namespace {

std::string without_trailing_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

BoardView view_of(const std::vector<kpi::Answer>& answers) {
  std::map<BoardView, int> counts;
  for (const kpi::Answer& answer : answers) ++counts[{answer.from, answer.to, answer.as_of}];
  // The later of two that are as frequent.
  const auto most = std::ranges::max_element(
      counts, [](const auto& a, const auto& b) { return std::pair(a.second, a.first) < std::pair(b.second, b.first); });
  return most == counts.end() ? BoardView{} : most->first;
}

std::string board_heading(const std::vector<kpi::Answer>& answers) {
  if (answers.empty()) return {};
  const BoardView board = view_of(answers);
  std::string out = fmt::format("{} – {}, {} {}", to_string(board.from), to_string(board.to),
                                french() ? "vu au" : "as of", to_the_second(to_string(board.as_of)));
  std::set<std::string> comparisons;
  for (const kpi::Answer& answer : answers) comparisons.merge(changes_of(answer));
  for (const std::string& name : comparisons) out += ", " + against_text(name);
  return out + "\n";
}

namespace {

/// What the heading of the board does not hold for.
std::string own_view(const kpi::Answer& answer, const BoardView& board) {
  std::string out;
  if (answer.from != board.from || answer.to != board.to)
    out = fmt::format("{} – {}", to_string(answer.from), to_string(answer.to));
  if (answer.as_of != board.as_of)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", french() ? "vu au" : "as of",
                       to_the_second(to_string(answer.as_of)));
  return out;
}

}  // namespace

std::string board_refusal(const std::string& label, const Error& error) {
  Error said = error;
  // A place in a definition is where to look; one in the filter is of what the other lines answer to.
  if (!said.where.file.ends_with(".yaml")) said.where = {};
  return padded(label, 34, false) + padded("–", 14, true) + "  " + (french() ? tongue::in_french(said) : said.text()) +
         "\n";
}

std::string board_line(const kpi::Answer& answer, const BoardView& board, Notes& notes) {
  std::vector<std::optional<double>> series;
  for (const kpi::Row& row : answer.rows)
    if (row.by == answer.headline) series.push_back(row.value);
  const std::set<std::string> comparisons = changes_of(answer);
  const auto changes = [&](const kpi::Row& row) {
    std::string out;
    for (const std::string& name : comparisons) out += "  " + padded(change_text(row, name, answer, notes), 10, true);
    return out;
  };
  std::string line = padded(french() ? answer.label.fr : answer.label.en, 34, false);
  line += padded(row_figure(answer.total, answer), 14, true) + changes(answer.total);
  std::string said = marks(answer.total, answer);
  if (const std::string own = own_view(answer, board); !own.empty()) said += (said.empty() ? "" : ", ") + own;
  std::string out = without_trailing_blanks(line + "  " + sparkline(series) + "  " + said);
  for (const kpi::Row& row : answer.totals) {
    std::string name;
    for (const auto& [dimension, value] : row.by) name += (name.empty() ? "" : ", ") + split_name(value);
    out += without_trailing_blanks("  " + padded(name, 32, false) + padded(row_figure(row, answer), 14, true) +
                                   changes(row) + "  " + marks(row, answer));
  }
  return out;
}

namespace {

catalog::CountedText same_in_english(const char* en, const char* fr_one, const char* fr_other) {
  return {{en, fr_one}, {en, fr_other}};
}

}  // namespace

std::string refusal_text(const std::string& code, const std::string& message) {
  if (!french()) return message;
  if (code.starts_with("check."))
    if (const auto share = workspace::share_folder())
      if (const auto model = model::Model::load(*share / "model"))
        for (const model::Table& table : model->tables())
          for (const model::RowCheck& check : table.checks)
            if (check.message.en == message) return check.message.fr;
  return tongue::in_french(message);
}

std::string receipt_table(const ingest::Receipt& receipt) {
  std::string out = fmt::format("{} → {}{} {} {} = {} {} + {} {} + {} {} + {} {}\n", receipt.map, receipt.table,
                                french() ? "\u00a0:" : ":", french() ? "lues" : "read", receipt.read,
                                french() ? "ajoutées" : "loaded", receipt.loaded, french() ? "modifiées" : "updated",
                                receipt.updated, french() ? "inchangées" : "unchanged", receipt.unchanged,
                                french() ? "en quarantaine" : "quarantined", receipt.quarantined);
  // What the account does not say by itself, where there is any of it.
  for (const auto& [count, words] : std::initializer_list<std::pair<std::int64_t, catalog::CountedText>>{
           {receipt.filtered,
            same_in_english("left out by the filter", "écartée par le filtre", "écartées par le filtre")},
           {receipt.merged, same_in_english("superseded by a later version in the same files",
                                            "remplacée par une version plus récente des mêmes fichiers",
                                            "remplacées par une version plus récente des mêmes fichiers")},
           {receipt.exact_duplicates,
            same_in_english("equal to another row, and kept", "identique à une autre, et gardée",
                            "identiques à une autre, et gardées")},
           {receipt.equal_to_earlier,
            {{"loaded though equal to a row that this map brought before: without a key it counts twice",
              "ajoutée bien qu'identique à une ligne que cette carte a déjà apportée : sans clé, elle compte deux "
              "fois"},
             {"loaded though equal to rows that this map brought before: without a key they count twice",
              "ajoutées bien qu'identiques à des lignes que cette carte a déjà apportées : sans clé, elles comptent "
              "deux fois"}}},
           {receipt.deleted, same_in_english("missing from the snapshot, deleted", "absente de l'instantané, supprimée",
                                             "absentes de l'instantané, supprimées")},
           {receipt.erased,
            {{"of somebody who was erased: what is personal was not taken",
              "d'une personne effacée : ce qui est personnel n'a pas été pris"},
             {"of people who were erased: what is personal was not taken",
              "de personnes effacées : ce qui est personnel n'a pas été pris"}}},
           {receipt.unpriced,
            {{"without a rate for its currency", "sans cours pour sa devise"},
             {"without a rate for their currency", "sans cours pour leur devise"}}},
           {receipt.repriced,
            same_in_english("of earlier imports priced anew", "d'un import antérieur convertie à nouveau",
                            "d'imports antérieurs converties à nouveau")},
           {receipt.stages_seen,
            {{"change of a stage seen since the import before", "changement d'étape vu depuis l'import précédent"},
             {"changes of stages seen since the import before", "changements d'étape vus depuis l'import précédent"}}}})
    if (count > 0)
      out += fmt::format("  {} {}\n", figures().integer(count), french() ? words.with(count).fr : words.with(count).en);
  if (receipt.of_other_maps > 0) {
    const bool one = receipt.of_other_maps == 1;
    out += fmt::format(
        "  {} {} ({})\n", figures().integer(receipt.of_other_maps),
        french()
            ? (one ? "des lignes modifiées vient d'une autre carte" : "des lignes modifiées viennent d'une autre carte")
            : (one ? "of the updated rows is another map's" : "of the updated rows are another map's"),
        join(receipt.other_maps, ", "));
  }
  if (receipt.already_imported)
    out += french() ? "  déjà importé, rien ne change\n" : "  imported before, nothing changes\n";
  for (const ingest::Refusal& refusal : receipt.refusals)
    out += fmt::format(
        "  {}{} {}{}\n", ingest::place_of(refusal, french() ? "aussi" : "also"), french() ? "\u00a0:" : ":",
        refusal.example.empty()
            ? ""
            : (french() ? "«\u00a0" + refusal.example + "\u00a0»\u00a0: " : "\"" + refusal.example + "\": "),
        refusal_text(refusal.code, refusal.message));
  for (const std::string& warning : receipt.warnings)
    out += "  ! " + (french() ? tongue::in_french(warning) : warning) + "\n";
  return out;
}

}  // namespace vigie::cli
