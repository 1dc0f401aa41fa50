#include "cli/insight_tables.h"

#include "cli/json_view.h"
#include "cli/render.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::vector<std::string>>;

std::string bare_or_dash(const std::optional<double>& value) { return value ? figures().bare(*value) : "–"; }

std::string fine_text(const std::optional<double>& value, std::string_view unit, std::string_view currency) {
  return value ? figures().fine(*value, unit, currency) : "–";
}

std::string step_text(const json::value& from, std::string_view key, std::string_view unit, std::string_view currency) {
  return figures().step(number_at(from, key).value_or(0), unit, currency);
}

std::string measures_of(const json::value& root) {
  Lines lines{{either("measure", "mesure"), either("value", "valeur"), either("rows", "lignes"), ""}};
  for (const json::value& one : list_at(root, "measures"))
    lines.push_back({words_at(one, "label"), bare_or_dash(number_at(one, "value")),
                     bare_or_dash(number_at(one, "row_count")), text_at(one, "formula")});
  for (const json::value& one : list_at(root, "references"))
    lines.push_back({words_at(one, "label"), bare_or_dash(number_at(one, "value")), "",
                     text_at(one, "kpi") + ":" + text_at(one, "variant")});
  return table_text(lines, {false, true, true, false});
}

std::string sources_of(const json::value& root) {
  Lines lines{{"source", "table", either("rows", "lignes"), either("first", "première"), either("last", "dernière"),
               either("whole until", "entière jusqu'à"), either("refused", "refusées")}};
  for (const json::value& one : list_at(root, "sources")) {
    std::string until = text_at(one, "complete_until");
    if (until.empty()) until = either("not declared", "non déclaré");
    lines.push_back({text_at(one, "source"), text_at(one, "table"), bare_or_dash(number_at(one, "rows")),
                     text_at(one, "first"), text_at(one, "last"), until, bare_or_dash(number_at(one, "quarantined"))});
  }
  return table_text(lines, {false, false, true, false, false, false, true});
}

std::string rows_of(const json::value& root) {
  std::string out;
  for (const json::value& measure : list_at(root, "measures")) {
    if (list_at(measure, "rows").empty()) continue;
    const auto shown = list_at(measure, "rows").size();
    out += fmt::format("\n{} ({} / {})\n", words_at(measure, "label"), shown,
                       bare_or_dash(number_at(measure, "row_count")));
    Lines lines(1);
    for (const json::value& column : list_at(measure, "columns")) lines.front().push_back(text_of(column));
    for (const json::value& row : list_at(measure, "rows")) {
      lines.emplace_back();
      for (const json::value& cell : row.as_array()) lines.back().push_back(text_of(cell));
    }
    out += table_text(lines, std::vector<bool>(lines.front().size(), false));
  }
  return out;
}

std::string head_of(const json::value& root) {
  const json::value &definition = at(root, "definition"), &answer = at(root, "answer"), &total = at(answer, "total");
  const std::string unit = text_at(answer, "unit"), currency = text_at(answer, "currency");
  std::string out = fmt::format("{} ({}:{} v{}), {} – {}\n", words_at(answer, "label"), text_at(answer, "kpi"),
                                text_at(answer, "variant"), bare_or_dash(number_at(answer, "version")),
                                text_at(answer, "from"), text_at(answer, "to"));
  out += figure_text(number_at(total, "value"), unit, currency);
  if (const auto numerator = number_at(total, "numerator"))
    out += fmt::format(" = {} / {}", bare_or_dash(numerator), bare_or_dash(number_at(total, "denominator")));
  if (const std::string reason = text_at(total, "reason"); !reason.empty())
    out += "  " + words_at(at(answer, "reasons"), reason);
  out += "\n\n" + words_at(definition, "description") + "\n" + words_at(root, "words") + "\n";
  Lines lines;
  if (const std::string formula = text_at(root, "formula"); !formula.empty())
    lines.push_back({either("formula", "formule"), formula});
  std::string parameters;
  if (const json::object* params = at(answer, "params").if_object())
    for (const auto& entry : *params)
      parameters +=
          fmt::format("{}{} = {}", parameters.empty() ? "" : ", ", std::string(entry.key()), text_of(entry.value()));
  if (!parameters.empty()) lines.push_back({either("parameters", "paramètres"), parameters});
  lines.push_back({either("in force from", "en vigueur depuis"), text_at(definition, "effective_from")});
  if (const std::string owner = text_at(definition, "owner"); !owner.empty())
    lines.push_back({either("owner", "responsable"), owner});
  lines.push_back({either("file", "fichier"), text_at(root, "file")});
  const bool declared = flag_at(at(root, "horizon"), "declared");
  lines.push_back(
      {either("as of", "à la date du"),
       instant_at(answer, "as_of") +
           (declared ? either(" (declared by the sources)", " (déclaré par les sources)")
                     : either(" (assumed from the last events)", " (supposé d'après les derniers événements)"))});
  return out + table_text(lines, {false, false});
}

/// The drivers of the figure with what each did to it; nothing where it has none.
std::string drivers_of(const json::value& root, const std::string& unit, const std::string& currency) {
  const json::value& drivers = at(root, "drivers");
  if (!drivers.is_object()) return "";
  if (at(drivers, "refused").is_object())
    return fmt::format("\n{}{}{}\n", either("Drivers", "Facteurs"), either(": ", "\u00a0: "),
                       words_at(at(drivers, "refused"), "message"));
  Lines lines{
      {either("Driver", "Facteur"), either("before", "avant"), either("after", "après"), either("effect", "effet")}};
  for (const json::value& one : list_at(drivers, "effects"))
    lines.push_back({"  " + words_at(one, "label"),
                     figure_text(number_at(one, "before"), text_at(one, "unit"), currency),
                     figure_text(number_at(one, "after"), text_at(one, "unit"), currency),
                     step_text(one, "effect", unit, currency)});
  lines.push_back({"  total", "", "", step_text(root, "change", unit, currency)});
  return "\n" + table_text(lines, {false, true, true, true});
}

/// A line for each warning of what has some.
std::string warnings_of(const json::value& of) {
  std::string out;
  for (const json::value& warning : list_at(of, "warnings")) out += "! " + words_at(warning, "message") + "\n";
  return out;
}

bool has_unmatched(const json::value& dimension) {
  return std::ranges::any_of(list_at(dimension, "effects"),
                             [](const json::value& effect) { return number_at(effect, "unmatched").value_or(0) != 0; });
}

/// The values of a dimension with what each did to the figure; of a ratio, the columns add up to their last line.
std::string effects_of(const json::value& dimension, bool ratio, const std::string& unit, const std::string& currency,
                       double whole) {
  const auto change = [&](const json::value& from, std::string_view key) {
    return step_text(from, key, unit, currency);
  };
  // What has nothing to divide by on one side (the cost of a channel without customers) changed neither.
  const bool unmatched = ratio && has_unmatched(dimension);
  Lines lines{{words_at(dimension, "label"), either("before", "avant"), either("after", "après"),
               either("weight", "poids"), either("own change", "évolution propre"), "mix"}};
  if (unmatched) lines.back().push_back(either("over nothing", "sur rien"));
  lines.back().push_back(either("effect", "effet"));
  for (const json::value& effect : list_at(dimension, "effects")) {
    std::string name = text_at(effect, "value");
    if (at(effect, "value").is_null()) name = either("not given", "non renseigné");
    lines.push_back({"  " + name, figure_text(number_at(effect, "before"), unit, currency),
                     figure_text(number_at(effect, "after"), unit, currency),
                     figures().share(number_at(effect, "weight_before").value_or(0)) + " → " +
                         figures().share(number_at(effect, "weight_after").value_or(0)),
                     ratio ? change(effect, "rate") : "", ratio ? change(effect, "mix") : ""});
    if (unmatched) lines.back().push_back(change(effect, "unmatched"));
    lines.back().push_back(change(effect, "effect"));
  }
  if (ratio) {
    lines.push_back({"  total", "", "", "", change(dimension, "rate"), change(dimension, "mix")});
    if (unmatched) lines.back().push_back(change(dimension, "unmatched"));
    lines.back().push_back(figures().step(whole, unit, currency));
  }
  std::vector<bool> right(lines.front().size(), true);
  right.front() = false;
  return table_text(lines, right);
}

}  // namespace

Result<std::string> explanation_table(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  double milliseconds = 0;
  for (const json::value& query : list_at(root, "queries"))
    milliseconds += number_at(query, "milliseconds").value_or(0);
  std::string out = head_of(root) + "\n" + measures_of(root) + "\n" + sources_of(root);
  out +=
      fmt::format("\n{} {}, {:.0f} ms\n", list_at(root, "queries").size(), either("queries", "requêtes"), milliseconds);
  return out + warnings_of(at(root, "answer")) + rows_of(root);
}

Result<std::string> explanation_csv(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  // The measures may read from several relations: a column for each name that one of them has.
  std::vector<std::string> header;
  for (const json::value& measure : list_at(root, "measures"))
    for (const json::value& column : list_at(measure, "columns"))
      if (std::ranges::find(header, text_of(column)) == header.end()) header.push_back(text_of(column));
  std::string out = "measure";
  for (const std::string& column : header) out += "," + csv_field(column);
  out += "\n";
  for (const json::value& measure : list_at(root, "measures")) {
    const json::array& columns = list_at(measure, "columns");
    for (const json::value& row : list_at(measure, "rows")) {
      std::map<std::string, std::string> cells;
      for (std::size_t i = 0; i < columns.size() && i < row.as_array().size(); ++i)
        cells[text_of(columns[i])] = text_of(row.as_array()[i]);
      out += csv_field(text_at(measure, "name"));
      for (const std::string& column : header) out += "," + csv_field(cells[column]);
      out += "\n";
    }
  }
  return out;
}

Result<std::string> bridge_table(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  const std::string unit = text_at(root, "unit"), currency = text_at(root, "currency");
  const json::value &first = at(root, "first"), &last = at(root, "last");
  const auto end = [&](const json::value& one) {
    std::string parts;
    if (const auto numerator = number_at(one, "numerator"))
      parts = fmt::format("{} / {}", bare_or_dash(numerator), bare_or_dash(number_at(one, "denominator")));
    return std::vector<std::string>{words_at(one, "label"), parts, "",
                                    fine_text(number_at(one, "value"), unit, currency),
                                    text_at(one, "kpi") + ":" + text_at(one, "variant")};
  };
  Lines lines{{"", "", either("effect", "effet"), either("value", "valeur"), ""}, end(first)};
  for (const json::value& step : list_at(root, "steps")) {
    const std::string side = text_at(step, "side");
    std::string amount;
    if (const auto added = number_at(step, "amount")) amount = (*added > 0 ? "+" : "") + bare_or_dash(added);
    const std::string where = side == "denominator" ? either("in the denominator", "au dénominateur")
                              : side == "numerator" ? either("in the numerator", "au numérateur")
                                                    : "";
    lines.push_back({"  " + words_at(step, "label"), amount, step_text(step, "effect", unit, currency),
                     fine_text(number_at(step, "value"), unit, currency), where});
  }
  lines.push_back(end(last));
  std::string out = fmt::format("{} – {}\n", text_at(root, "from"), text_at(root, "to")) +
                    table_text(lines, {false, true, true, true, false});
  if (at(root, "itemised").is_bool() && !at(root, "itemised").as_bool())
    out += either("One of the two is no ratio of sums: the difference cannot be split further.\n",
                  "L'une des deux n'est pas un rapport de sommes : l'écart ne se décompose pas davantage.\n");
  return out + warnings_of(root);
}

Result<std::string> why_table(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  const std::string unit = text_at(root, "unit"), currency = text_at(root, "currency");
  const bool ratio = text_at(root, "form") == "ratio";
  std::string out =
      fmt::format("{}{}{} ({} – {}) → {} ({} – {}), {}\n", words_at(root, "label"), either(": ", "\u00a0: "),
                  figure_text(number_at(root, "before"), unit, currency), text_at(root, "before_from"),
                  text_at(root, "before_to"), figure_text(number_at(root, "after"), unit, currency),
                  text_at(root, "after_from"), text_at(root, "after_to"), step_text(root, "change", unit, currency));
  out += drivers_of(root, unit, currency);
  for (const json::value& dimension : list_at(root, "dimensions")) {
    if (at(dimension, "refused").is_object()) {
      out += fmt::format("\n{}{}{}\n", words_at(dimension, "label"), either(": ", "\u00a0: "),
                         words_at(at(dimension, "refused"), "message"));
      continue;
    }
    out += "\n" + effects_of(dimension, ratio, unit, currency, number_at(root, "change").value_or(0));
  }
  return out + warnings_of(root);
}

}  // namespace vigie::cli
