#include "cli/insight_tables.h"

#include <boost/json.hpp>

#include "cli/render.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::vector<std::string>>;

bool french() { return language() == Language::fr; }
std::string either(const char* en, const char* fr) { return french() ? fr : en; }

const json::value& at(const json::value& from, std::string_view key) {
  static const json::value kNone;
  const json::object* object = from.if_object();
  const json::value* found = object ? object->if_contains(key) : nullptr;
  return found ? *found : kNone;
}

std::string text(const json::value& from, std::string_view key) {
  const json::value& value = at(from, key);
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string words(const json::value& from, std::string_view key) { return text(at(from, key), french() ? "fr" : "en"); }

std::optional<double> number(const json::value& from, std::string_view key) {
  const json::value& value = at(from, key);
  return value.is_number() ? std::optional(value.to_number<double>()) : std::nullopt;
}

std::string plain(const std::optional<double>& value) { return figure_text(value, "count", ""); }

const json::array& list(const json::value& from, std::string_view key) {
  static const json::array kNone;
  const json::value& value = at(from, key);
  return value.is_array() ? value.as_array() : kNone;
}

Result<json::value> parsed(std::string_view body) {
  boost::system::error_code problem;
  json::value out = json::parse(json::string_view(body.data(), body.size()), problem);
  if (problem || !out.is_object()) return fail(ErrorKind::unavailable, "server.answer", "the answer was not understood: an object was expected", {}, "stop the server and start this version");
  return out;
}

/// A change of the figure: points of a rate, else in its unit; always with its sign.
std::string signed_text(double value, const std::string& unit, const std::string& currency) {
  std::string out = figure_text(value, unit, currency);
  if (unit == "rate") {
    const std::string mark = either("%", "\u00a0%");
    if (out.ends_with(mark)) out.replace(out.size() - mark.size(), mark.size(), either(" pts", " pt"));
  }
  return value > 0 ? "+" + out : out;
}

std::string measures_of(const json::value& root) {
  Lines lines{{either("measure", "mesure"), either("value", "valeur"), either("rows", "lignes"), ""}};
  for (const json::value& one : list(root, "measures"))
    lines.push_back({words(one, "label"), plain(number(one, "value")), plain(number(one, "row_count")), text(one, "formula")});
  for (const json::value& one : list(root, "references"))
    lines.push_back({words(one, "label"), plain(number(one, "value")), "", text(one, "kpi") + ":" + text(one, "variant")});
  return table_text(lines, {false, true, true, false});
}

std::string sources_of(const json::value& root) {
  Lines lines{{"source", "table", either("rows", "lignes"), either("first", "première"), either("last", "dernière"), either("whole until", "entière jusqu'à"), either("refused", "refusées")}};
  for (const json::value& one : list(root, "sources")) {
    std::string until = text(one, "complete_until");
    if (until.empty()) until = either("not declared", "non déclaré");
    lines.push_back({text(one, "source"), text(one, "table"), plain(number(one, "rows")), text(one, "first"), text(one, "last"), until, plain(number(one, "quarantined"))});
  }
  return table_text(lines, {false, false, true, false, false, false, true});
}

std::string cell_text(const json::value& cell) { return cell.is_string() ? std::string(cell.as_string()) : std::string(); }

std::string rows_of(const json::value& root) {
  std::string out;
  for (const json::value& measure : list(root, "measures")) {
    if (list(measure, "rows").empty()) continue;
    const auto shown = list(measure, "rows").size();
    out += fmt::format("\n{} ({} / {})\n", words(measure, "label"), shown, plain(number(measure, "row_count")));
    Lines lines(1);
    for (const json::value& column : list(measure, "columns")) lines.front().push_back(cell_text(column));
    for (const json::value& row : list(measure, "rows")) {
      lines.emplace_back();
      for (const json::value& cell : row.as_array()) lines.back().push_back(cell_text(cell));
    }
    out += table_text(lines, std::vector<bool>(lines.front().size(), false));
  }
  return out;
}

std::string head_of(const json::value& root) {
  const json::value &definition = at(root, "definition"), &answer = at(root, "answer"), &total = at(answer, "total");
  const std::string unit = text(answer, "unit"), currency = text(answer, "currency");
  std::string out = fmt::format("{} ({}:{} v{}), {} – {}\n", words(answer, "label"), text(answer, "kpi"), text(answer, "variant"),
                                plain(number(answer, "version")), text(answer, "from"), text(answer, "to"));
  out += figure_text(number(total, "value"), unit, currency);
  if (const auto numerator = number(total, "numerator")) out += fmt::format(" = {} / {}", plain(numerator), plain(number(total, "denominator")));
  if (const std::string reason = text(total, "reason"); !reason.empty()) out += "  " + words(at(answer, "reasons"), reason);
  out += "\n\n" + words(definition, "description") + "\n" + words(root, "words") + "\n";
  Lines lines;
  if (const std::string formula = text(root, "formula"); !formula.empty()) lines.push_back({either("formula", "formule"), formula});
  std::string parameters;
  if (const json::object* params = at(answer, "params").if_object())
    for (const auto& entry : *params) parameters += fmt::format("{}{} = {}", parameters.empty() ? "" : ", ", std::string(entry.key()), cell_text(entry.value()));
  if (!parameters.empty()) lines.push_back({either("parameters", "paramètres"), parameters});
  lines.push_back({either("in force from", "en vigueur depuis"), text(definition, "effective_from")});
  if (const std::string owner = text(definition, "owner"); !owner.empty()) lines.push_back({either("owner", "responsable"), owner});
  lines.push_back({either("file", "fichier"), text(root, "file")});
  const bool declared = at(at(root, "horizon"), "declared").is_bool() && at(at(root, "horizon"), "declared").as_bool();
  lines.push_back({either("as of", "à la date du"), text(answer, "as_of") + (declared ? either(" (declared by the sources)", " (déclaré par les sources)") : either(" (assumed from the last events)", " (supposé d'après les derniers événements)"))});
  return out + table_text(lines, {false, false});
}

}  // namespace

Result<std::string> explanation_table(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  double milliseconds = 0;
  for (const json::value& query : list(root, "queries")) milliseconds += number(query, "milliseconds").value_or(0);
  std::string out = head_of(root) + "\n" + measures_of(root) + "\n" + sources_of(root);
  out += fmt::format("\n{} {}, {:.0f} ms\n", list(root, "queries").size(), either("queries", "requêtes"), milliseconds);
  for (const json::value& warning : list(at(root, "answer"), "warnings")) out += "! " + words(warning, "message") + "\n";
  return out + rows_of(root);
}

Result<std::string> explanation_csv(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  std::string out = "measure,row,column,value\n";
  for (const json::value& measure : list(root, "measures")) {
    int row_number = 0;
    const json::array& columns = list(measure, "columns");
    for (const json::value& row : list(measure, "rows")) {
      ++row_number;
      for (std::size_t i = 0; i < columns.size() && i < row.as_array().size(); ++i)
        out += fmt::format("{},{},{},{}\n", csv_field(text(measure, "name")), row_number, csv_field(cell_text(columns[i])), csv_field(cell_text(row.as_array()[i])));
    }
  }
  return out;
}

Result<std::string> bridge_table(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  const std::string unit = text(root, "unit"), currency = text(root, "currency");
  const json::value &first = at(root, "first"), &last = at(root, "last");
  const auto end = [&](const json::value& one) {
    std::string parts;
    if (const auto numerator = number(one, "numerator")) parts = fmt::format("{} / {}", plain(numerator), plain(number(one, "denominator")));
    return std::vector<std::string>{words(one, "label"), parts, "", figure_text(number(one, "value"), unit, currency), text(one, "kpi") + ":" + text(one, "variant")};
  };
  Lines lines{{"", "", either("effect", "effet"), either("value", "valeur"), ""}, end(first)};
  for (const json::value& step : list(root, "steps")) {
    const std::string side = text(step, "side");
    std::string amount;
    if (const auto added = number(step, "amount")) amount = (*added > 0 ? "+" : "") + plain(added);
    const std::string where = side == "denominator" ? either("in the denominator", "au dénominateur") : side == "numerator" ? either("in the numerator", "au numérateur") : "";
    lines.push_back({"  " + words(step, "label"), amount, signed_text(number(step, "effect").value_or(0), unit, currency), figure_text(number(step, "value"), unit, currency), where});
  }
  lines.push_back(end(last));
  std::string out = fmt::format("{} – {}\n", text(root, "from"), text(root, "to")) + table_text(lines, {false, true, true, true, false});
  if (at(root, "itemised").is_bool() && !at(root, "itemised").as_bool())
    out += either("One of the two is no ratio of sums: the difference cannot be split further.\n", "L'une des deux n'est pas un rapport de sommes : l'écart ne se décompose pas davantage.\n");
  return out;
}

Result<std::string> why_table(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  const std::string unit = text(root, "unit"), currency = text(root, "currency");
  const bool ratio = text(root, "form") == "ratio";
  const auto change = [&](const json::value& from, std::string_view key) { return signed_text(number(from, key).value_or(0), unit, currency); };
  std::string out = fmt::format("{}: {} ({} – {}) → {} ({} – {}), {}\n", words(root, "label"), figure_text(number(root, "before"), unit, currency), text(root, "before_from"),
                                text(root, "before_to"), figure_text(number(root, "after"), unit, currency), text(root, "from"), text(root, "to"), change(root, "change"));
  for (const json::value& dimension : list(root, "dimensions")) {
    if (at(dimension, "refused").is_object()) {
      out += fmt::format("\n{}: {}\n", words(dimension, "label"), words(at(dimension, "refused"), "message"));
      continue;
    }
    out += "\n";
    Lines lines{{words(dimension, "label"), either("before", "avant"), either("after", "après"), either("weight", "poids"), either("own change", "évolution propre"), "mix", either("effect", "effet")}};
    for (const json::value& effect : list(dimension, "effects")) {
      std::string name = text(effect, "value");
      if (at(effect, "value").is_null()) name = either("not given", "non renseigné");
      lines.push_back({"  " + name, figure_text(number(effect, "before"), unit, currency), figure_text(number(effect, "after"), unit, currency),
                       fmt::format("{:.0f} → {:.0f} %", number(effect, "weight_before").value_or(0) * 100, number(effect, "weight_after").value_or(0) * 100),
                       ratio ? change(effect, "rate") : "", ratio ? change(effect, "mix") : "", change(effect, "effect")});
    }
    if (ratio) lines.push_back({"  total", "", "", "", change(dimension, "rate"), change(dimension, "mix"), change(root, "change")});
    out += table_text(lines, {false, true, true, true, true, true, true});
  }
  return out;
}

}  // namespace vigie::cli
