#include "demo/exports.h"

namespace vigie::demo {
namespace {

std::string_view status_of(const Lead& lead) {
  switch (lead.state) {
    case LeadState::open: return lead.contacted ? "En cours" : "Nouveau";
    case LeadState::qualified: return "Qualifié";
    case LeadState::disqualified: return "Écarté";
  }
  return "";
}

std::string_view outcome_of(const Deal& deal) {
  return deal.outcome == Outcome::won ? "Gagnée" : deal.outcome == Outcome::lost ? "Perdue" : "Ouverte";
}

}  // namespace

Result<> Exports::write_accounts() {
  const std::string accounts = "crm/comptes.csv";
  VIGIE_TRY(CsvFile file, open(accounts, kOldFrenchTool,
                               {"Compte", "Raison sociale", "Segment", "Secteur", "Pays", "Région", "Ville", "Effectif",
                                "Créé le", "Origine", "Responsable"}));
  for (const Customer& one : world_.customers) {
    if (!one.in_crm) continue;
    file.field(one.key)
        .field(one.name)
        .field(name_of(one.segment))
        .field(one.industry)
        .field(one.country)
        .field(one.region)
        .field(one.city);
    file.field(std::int64_t{one.employees})
        .field(french(one.created))
        .field(crm_name(one.channel))
        .field(email(one.owner))
        .end_row();
  }
  return close(accounts, file);
}

Result<> Exports::write_leads() {
  const std::string leads = "crm/prospects.csv";
  VIGIE_TRY(CsvFile prospects, open(leads, kOldFrenchTool,
                                    {"Prospect", "Société", "Créé le", "Premier contact", "Statut", "Qualifié le",
                                     "Écarté le", "Origine", "Segment", "Pays", "Compte", "Affaire", "Responsable"}));
  for (const Lead& one : world_.leads) {
    prospects.field(one.key)
        .field(one.name)
        .field(french(one.created))
        .field(one.contacted ? french(*one.contacted) : std::string())
        .field(status_of(one));
    prospects.field(one.qualified ? french(*one.qualified) : std::string())
        .field(one.disqualified ? french(*one.disqualified) : std::string())
        .field(crm_name(one.channel));
    prospects.field(name_of(one.segment))
        .field(one.country)
        .field(customer(one.customer))
        .field(one.deal == kNobody ? std::string() : world_.deals[one.deal].key)
        .field(email(one.owner))
        .end_row();
  }
  return close(leads, prospects);
}

Result<> Exports::write_stages() {
  const std::string stages = "crm/etapes.csv";
  VIGIE_TRY(CsvFile list, open(stages, kFrenchTool, {"Code", "Pipeline", "Libellé", "Rang", "Issue", "Probabilité"}));
  for (const PipelineTruth* pipeline : {&world_.truth.first_deals, &world_.truth.expansions}) {
    std::int64_t position = 0;
    const auto count = static_cast<std::int64_t>(pipeline->stages.size());
    for (const StageTruth& stage : pipeline->stages) {
      ++position;
      list.field(stage.key)
          .field(pipeline->name)
          .field(stage.label)
          .field(position)
          .field("ouverte")
          .field(std::to_string(position * 90 / (count + 1)))
          .end_row();
    }
    list.field(pipeline->won_key)
        .field(pipeline->name)
        .field("Gagnée")
        .field(count + 1)
        .field("gagnée")
        .field("100")
        .end_row();
    list.field(pipeline->lost_key)
        .field(pipeline->name)
        .field("Perdue")
        .field(count + 2)
        .field("perdue")
        .field("0")
        .end_row();
  }
  return close(stages, list);
}

Result<> Exports::write_deals() {
  const std::string deals = "crm/opportunites.csv", history = "crm/historique_etapes.csv", tags = "crm/etiquettes.csv";
  VIGIE_TRY(CsvFile file, open(deals, kOldFrenchTool,
                               {"Affaire", "Nom", "Compte", "Prospect", "Pipeline", "Étape", "Issue", "Montant HT",
                                "Créée le", "Premier contact", "Clôturée le", "Clôture prévue", "Nature", "Origine",
                                "Motif de perte", "Responsable"}));
  VIGIE_TRY(CsvFile log, open(history, kFrenchTool, {"Affaire", "Date", "De", "Vers", "Montant HT"}));
  VIGIE_TRY(CsvFile labels, open(tags, kFrenchTool, {"Affaire", "Type", "Valeur"}));
  for (const Deal& one : world_.deals) {
    const bool known = one.amount_known;
    file.field(one.key)
        .field(one.name)
        .field(customer(one.customer))
        .field(one.lead == kNobody ? std::string() : world_.leads[one.lead].key)
        .field(one.pipeline->name);
    file.field(one.stays.back().stage)
        .field(outcome_of(one))
        .field(known ? french_money(one.amount) : std::string())
        .field(french(one.created))
        .field(french(one.first_contact));
    file.field(one.closed ? french(*one.closed) : std::string())
        .field(french(one.expected_close))
        .field(one.lead == kNobody ? "Extension" : "Nouveau");
    file.field(crm_name(one.channel)).field(one.lost_reason).field(email(one.owner)).end_row();
    std::string_view from;
    for (const Stay& stay : one.stays) {
      log.field(one.key)
          .field(french(stay.entered))
          .field(from)
          .field(stay.stage)
          .field(known ? french_money(stay.amount) : std::string())
          .end_row();
      from = stay.stage;
    }
    if (!one.argument.empty()) labels.field(one.key).field("argument").field(one.argument).end_row();
    if (!one.competitor.empty()) labels.field(one.key).field("concurrent").field(one.competitor).end_row();
  }
  VIGIE_CHECK(close(deals, file));
  VIGIE_CHECK(close(history, log));
  return close(tags, labels);
}

Result<> Exports::write_activities() {
  constexpr std::array<std::string_view, 4> kKinds{"Appel", "Rendez-vous", "E-mail", "Tâche"};
  constexpr std::array<double, 4> kWeights{0.38, 0.18, 0.36, 0.08};
  const std::string path = "crm/activites.csv";
  VIGIE_TRY(CsvFile file,
            open(path, kFrenchTool, {"Type", "Date", "Affaire", "Prospect", "Responsable", "Durée (min)"}));
  for (const Lead& lead : world_.leads)
    if (lead.contacted)
      file.field("Appel")
          .field(french(*lead.contacted))
          .empty()
          .field(lead.key)
          .field(email(lead.owner))
          .field("12")
          .end_row();
  for (std::size_t i = 0; i < world_.deals.size(); ++i) {
    const Deal& deal = world_.deals[i];
    Random random = world_.random("activities", i);
    for (std::size_t n = 0; n + 1 < deal.stays.size(); ++n)
      for (int k = random.poisson(1.6); k > 0; --k) {
        const WallTime from = deal.stays[n].entered, to = deal.stays[n + 1].entered;
        const WallTime at = from + static_cast<WallTime>(random.uniform() * static_cast<double>(to - from));
        const std::size_t kind = random.pick(kWeights);
        const std::string minutes = kind < 2 ? std::to_string(5 + random.below(kind == 0 ? 25 : 85)) : std::string();
        file.field(kKinds[kind])
            .field(french(at))
            .field(deal.key)
            .empty()
            .field(email(deal.owner))
            .field(minutes)
            .end_row();
      }
  }
  return close(path, file);
}

}  // namespace vigie::demo
