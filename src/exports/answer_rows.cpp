#include "exports/answer_rows.h"

#include <set>

#include "kpi/answer_json.h"

namespace vigie::exports {
namespace {

using kpi::Answer;
using tongue::Language;

const std::string& in(Language language, const Text& text) { return language == Language::fr ? text.fr : text.en; }

Cell number(const std::optional<double>& value) { return value ? Cell(*value) : Cell(); }
Cell text(const std::string& value) { return value.empty() ? Cell() : Cell(value); }

/// The columns that answers have between them beside those of all.
struct Shared {
  std::vector<std::pair<std::string, Text>> by;  ///< in the order in which rows name them
  std::map<std::string, Text> measures;
  std::set<std::string> comparisons;
  bool by_hour = false;
};

/// The rows of an answer, each with its part of it; of a single period the totals say the same again.
std::vector<std::pair<std::string_view, const kpi::Row*>> parts_of(const Answer& answer) {
  std::vector<std::pair<std::string_view, const kpi::Row*>> out;
  for (const kpi::Row& row : answer.rows) out.emplace_back("period", &row);
  if (answer.grain == calendar::Grain::total && !answer.rows.empty()) return out;
  for (const kpi::Row& row : answer.totals) out.emplace_back("split_total", &row);
  out.emplace_back("total", &answer.total);
  return out;
}

Shared shared_of(const std::vector<Answer>& answers, const catalog::Catalog& catalog) {
  Shared out;
  for (const Answer& answer : answers)
    for (const auto& [part, row] : parts_of(answer)) {
      for (const auto& [name, value] : row->by)
        if (std::ranges::find(out.by, name, [](const auto& one) { return one.first; }) == out.by.end())
          out.by.emplace_back(name, catalog.dimension_label(name));
      for (const auto& [name, value] : row->measures) {
        const auto label = answer.measure_labels.find(name);
        out.measures.try_emplace(name, label == answer.measure_labels.end() ? Text{name, name} : label->second);
      }
      for (const auto& [name, compared] : row->comparisons) out.comparisons.insert(name);
      if (row->hour) out.by_hour = true;
    }
  return out;
}

/// A column, and what it holds of a row.
struct Field {
  Column column;
  std::function<Cell(const Answer&, std::string_view part, const kpi::Row&)> value;
};

class AnswerFields {
 public:
  AnswerFields(const Shared& shared, Language language) : language_(language) {
    add_place(shared);
    add_figures();
    add_reasons();
    for (const auto& [name, label] : shared.measures) add_measure(name, label);
    for (const std::string& name : shared.comparisons) add_comparison(name);
  }
  const std::vector<Field>& list() const { return list_; }

 private:
  void add(const char* name, Text label, Kind kind, decltype(Field::value) value, std::string unit = {},
           int width = 12) {
    list_.push_back({{name, std::move(label), kind, std::move(unit), width}, std::move(value)});
  }
  void add_place(const Shared& shared);
  void add_figures();
  void add_reasons();
  void add_measure(const std::string& name, const Text& label);
  void add_comparison(const std::string& name);

  const Language language_;
  std::vector<Field> list_;
};

void AnswerFields::add_place(const Shared& shared) {
  using R = const kpi::Row&;
  using A = const Answer&;
  using P = std::string_view;
  add("kpi", {"KPI", "KPI"}, Kind::text, [](A a, P, R) { return text(a.kpi); }, {}, 22);
  add("label", {"Name", "Nom"}, Kind::text, [this](A a, P, R) { return text(in(language_, a.label)); }, {}, 28);
  add("variant", {"Variant", "Variante"}, Kind::text, [](A a, P, R) { return text(a.variant); }, {}, 18);
  add("version", {"Version", "Version"}, Kind::integer, [](A a, P, R) { return Cell(std::int64_t{a.version}); });
  add("part", {"Part", "Partie"}, Kind::text, [](A, P part, R) { return Cell(std::string(part)); });
  if (shared.by_hour) {
    add("period", {"From", "Du"}, Kind::text, [](A, P, R row) { return Cell(kpi::period_text(row)); }, {}, 26);
    add("period_to", {"To", "Au"}, Kind::text, [](A, P, R row) { return Cell(kpi::period_to_text(row)); }, {}, 26);
  } else {
    add("period", {"From", "Du"}, Kind::date, [](A, P, R row) { return Cell(row.period); });
    add("period_to", {"Before", "Avant le"}, Kind::date, [](A, P, R row) { return Cell(row.period_to); });
  }
  for (const auto& [name, label] : shared.by)
    list_.push_back({{name, label, Kind::text, {}, 20}, [name](A, P, R row) {
                       const auto found = std::ranges::find(row.by, name, [](const auto& one) { return one.first; });
                       return found == row.by.end() || !found->second ? Cell() : Cell(*found->second);
                     }});
  add("others", {"Others", "Autres"}, Kind::boolean, [](A, P, R row) { return Cell(row.others); });
}

void AnswerFields::add_figures() {
  using R = const kpi::Row&;
  using A = const Answer&;
  using P = std::string_view;
  const std::string own(kOfItsRow);
  add("unit", {"Unit", "Unité"}, Kind::text, [](A a, P, R) { return text(a.unit); });
  add("currency", {"Currency", "Devise"}, Kind::text,
      [](A a, P, R) { return a.unit == "money" ? text(a.currency) : Cell(); });
  add("value", {"Value", "Valeur"}, Kind::number, [](A, P, R row) { return number(row.value); }, own, 16);
  add(
      "value_exact", {"Exact value", "Valeur exacte"}, Kind::text, [](A, P, R row) { return text(row.value_exact); },
      {}, 16);
  add("numerator", {"Numerator", "Numérateur"}, Kind::number, [](A, P, R row) { return number(row.numerator); });
  add("denominator", {"Denominator", "Dénominateur"}, Kind::number,
      [](A, P, R row) { return number(row.denominator); });
  add("n", {"n", "n"}, Kind::integer, [](A, P, R row) { return Cell(row.n); }, "count");
  add("ci_low", {"Interval from", "Intervalle de"}, Kind::number, [](A, P, R row) { return number(row.ci_low); }, own);
  add("ci_high", {"Interval to", "Intervalle à"}, Kind::number, [](A, P, R row) { return number(row.ci_high); }, own);
  add("ci_kind", {"Kind of interval", "Sorte d'intervalle"}, Kind::text, [](A, P, R row) { return text(row.ci_kind); });
}

void AnswerFields::add_reasons() {
  using R = const kpi::Row&;
  using A = const Answer&;
  using P = std::string_view;
  add("complete", {"Complete", "Complète"}, Kind::boolean, [](A, P, R row) { return Cell(row.complete); });
  add("elapsed", {"Elapsed", "Écoulé"}, Kind::number, [](A, P, R row) { return Cell(row.elapsed); }, "rate");
  add("maturing", {"Maturing", "En maturation"}, Kind::number, [](A, P, R row) { return Cell(row.maturing); }, "rate");
  add("restated", {"Restated", "Révisée"}, Kind::boolean, [](A, P, R row) { return Cell(row.restated); });
  add("small_sample", {"Small sample", "Petit échantillon"}, Kind::boolean,
      [](A, P, R row) { return Cell(row.small_sample); });
  add(
      "unpriced", {"Without a rate", "Sans cours"}, Kind::integer, [](A, P, R row) { return Cell(row.unpriced); },
      "count");
  add("reason", {"Reason", "Raison"}, Kind::text, [](A, P, R row) { return text(row.reason); }, {}, 18);
  add(
      "reason_text", {"In words", "En mots"}, Kind::text,
      [this](A a, P, R row) {
        const auto words = a.reasons.find(row.reason);
        return words == a.reasons.end() ? Cell() : text(in(language_, words->second));
      },
      {}, 40);
}

void AnswerFields::add_measure(const std::string& name, const Text& label) {
  list_.push_back(
      {{"measures." + name, label, Kind::number, {}, 14}, [name](const Answer&, std::string_view, const kpi::Row& row) {
         const auto found = row.measures.find(name);
         return found == row.measures.end() ? Cell() : Cell(found->second);
       }});
}

void AnswerFields::add_comparison(const std::string& name) {
  const auto part = [&](const char* what, Text label, Kind kind, std::string unit, auto value) {
    list_.push_back(
        {{name + "." + what, {name + ": " + label.en, name + "\u00a0: " + label.fr}, kind, std::move(unit), 16},
         [name, value](const Answer&, std::string_view, const kpi::Row& row) {
           const auto found = row.comparisons.find(name);
           return found == row.comparisons.end() ? Cell() : value(found->second);
         }});
  };
  using C = const kpi::Compared&;
  const std::string own(kOfItsRow);
  part("from", {"from", "du"}, Kind::date, {}, [](C c) { return Cell(c.from); });
  part("to", {"before", "avant le"}, Kind::date, {}, [](C c) { return Cell(c.to); });
  part("value", {"value", "valeur"}, Kind::number, own, [](C c) { return number(c.value); });
  part("value_exact", {"exact value", "valeur exacte"}, Kind::text, {}, [](C c) { return text(c.value_exact); });
  part("delta", {"change", "écart"}, Kind::number, own, [](C c) { return number(c.delta); });
  part("relative", {"relative change", "écart relatif"}, Kind::number, "rate", [](C c) { return number(c.relative); });
  part("verdict", {"verdict", "verdict"}, Kind::text, {}, [](C c) { return text(c.verdict); });
  part("reason", {"reason", "raison"}, Kind::text, {}, [](C c) { return text(c.reason); });
}

}  // namespace

AnswerTable table_of(const std::vector<Answer>& answers, const catalog::Catalog& catalog, Language language) {
  const Shared shared = shared_of(answers, catalog);
  const AnswerFields fields(shared, language);
  AnswerTable out;
  for (const Field& field : fields.list()) out.columns.push_back(field.column);
  for (const Answer& answer : answers)
    for (const auto& [part, row] : parts_of(answer)) {
      Row cells;
      cells.unit = answer.unit;
      cells.currency = answer.currency;
      for (const Field& field : fields.list()) cells.cells.push_back(field.value(answer, part, *row));
      out.rows.push_back(std::move(cells));
    }
  return out;
}

Result<Exported> export_answers(const std::vector<Answer>& answers, const Standing& standing, const Form& form,
                                const Destination& to) {
  const AnswerTable table = table_of(answers, standing.catalog, form.language);
  const auto writer = writer_of(form, to, standing.zone);
  VIGIE_CHECK(writer->begin(table.columns));
  for (const Row& row : table.rows) VIGIE_CHECK(writer->row(row));
  VIGIE_CHECK(writer->end(about(answers, standing, form.language)));
  return Exported{static_cast<std::int64_t>(table.rows.size()), writer->notes()};
}

}  // namespace vigie::exports
