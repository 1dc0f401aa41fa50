// What stands beside answers in the second sheet of a workbook: what was asked, what it means, how fresh it is.
#include "base/text.h"
#include "exports/answer_rows.h"
#include "kpi/answer_json.h"
#include "tongue/french.h"

namespace vigie::exports {
namespace {

using kpi::Answer;
using tongue::Language;

class Teller {
 public:
  Teller(const Standing& standing, Language language) : standing_(standing), language_(language) {}
  About tell(const std::vector<Answer>& answers);

 private:
  std::string in(const Text& text) const { return language_ == Language::fr ? text.fr : text.en; }
  Cell moment(Instant at) const { return Moment{at}; }
  void question(const plan::Question& question);
  void answer(const Answer& answer);
  void definition(const Answer& answer);
  void sources();

  const Standing& standing_;
  const Language language_;
  About out_;
};

About Teller::tell(const std::vector<Answer>& answers) {
  out_.add({"Company", "Entreprise"}, standing_.company);
  out_.add({"Exported", "Exporté le"}, moment(standing_.now));
  out_.add({"Times are those of", "Les heures sont celles de"}, standing_.zone->name());
  out_.add({"Rows", "Lignes"},
           in({"period: one period; split_total: one value of the split over the whole range; total: the whole range. "
               "Totals of ratios are recomputed, never added up.",
               "period : une période ; split_total : une valeur de la division sur tout l'intervalle ; total : tout "
               "l'intervalle. Les totaux des ratios sont recalculés, jamais additionnés."}));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answer(answers[i]);
    if (i < standing_.questions.size()) question(standing_.questions[i]);
  }
  sources();
  return std::move(out_);
}

void Teller::answer(const Answer& answer) {
  out_.heading(answer.label);
  definition(answer);
  out_.add({"From", "Du"}, answer.from);
  out_.add({"Before", "Avant le"}, answer.to);
  out_.add({"Grain", "Pas"}, std::string(calendar::name_of(answer.grain)));
  if (!answer.by.empty()) out_.add({"Split by", "Divisé par"}, join(answer.by, ", "));
  out_.add({"As of", "En date du"}, moment(answer.as_of));
  out_.add({"Unit", "Unité"}, answer.unit == "money" ? answer.currency : answer.unit);
  if (!answer.counted.empty()) out_.add({"Counted", "Compté"}, answer.counted);
  for (const auto& [name, value] : answer.params) out_.add({"Parameter " + name, "Paramètre " + name}, value);
  for (const kpi::Warning& warning : answer.warnings) out_.add({"Warning", "Avertissement"}, in(warning.message));
  for (const auto& [code, words] : answer.reasons) out_.add({"Reason " + code, "Raison " + code}, in(words));
}

/// As it is in force for this answer: another version may be, tomorrow.
void Teller::definition(const Answer& answer) {
  out_.add({"KPI", "KPI"}, answer.kpi + ":" + answer.variant);
  out_.add({"Version of the definition", "Version de la définition"}, std::int64_t{answer.version});
  const auto found = standing_.catalog.find(answer.kpi, answer.version, standing_.today);
  if (!found) return;
  out_.add({"Definition", "Définition"}, in((*found)->description));
  const catalog::Variant* const variant = (*found)->variant(answer.variant);
  if (variant != nullptr) out_.add({"Variant", "Variante"}, in(variant->words));
}

void Teller::question(const plan::Question& question) {
  out_.add({"Filter", "Filtre"}, question.where.empty() ? in({"none", "aucun"}) : question.where);
  for (const plan::Comparison& one : question.compare) out_.add({"Compared with", "Comparé à"}, one.name);
  if (question.top) out_.add({"Values kept", "Valeurs gardées"}, std::int64_t{*question.top});
}

void Teller::sources() {
  if (standing_.coverage.empty()) return;
  out_.heading({"Sources and how fresh they are", "Sources et leur fraîcheur"});
  for (const auto& one : standing_.coverage) {
    const std::string name = fmt::format("{} → {}", one.source, one.table);
    std::string said = fmt::format(fmt::runtime(in({"{} rows", "{} lignes"})), one.rows);
    if (one.first && one.last)
      said += fmt::format(fmt::runtime(in({", from {} to {}", ", du {} au {}"})), to_string(*one.first),
                          to_string(*one.last));
    if (one.complete_until)
      said += fmt::format(fmt::runtime(in({"; complete up to {}", " ; complète jusqu'à {}"})),
                          to_string(*one.complete_until));
    out_.add({name, name}, std::move(said));
  }
}

}  // namespace

About about(const std::vector<Answer>& answers, const Standing& standing, Language language) {
  return Teller(standing, language).tell(answers);
}

}  // namespace vigie::exports
