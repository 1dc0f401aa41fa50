#include <cmath>

#include "demo/exports.h"

namespace vigie::demo {
namespace {

bool employed_in(const Person& person, Date month) {
  return person.from < months_after(month, 1) && (!person.to || *person.to > month);
}

std::string_view function_name(std::string_view function) {
  return function == "sales" ? "Vente" : function == "marketing" ? "Marketing" : "Autre";
}

}  // namespace

Result<> Exports::write_staff() {
  const std::string people = "rh/salaries.csv", teams = "rh/equipes.csv", payroll = "rh/paie.csv";
  VIGIE_TRY(CsvFile file,
            open(people, kOldFrenchTool, {"E-mail", "Nom", "Poste", "Équipe", "Manager", "Entrée", "Sortie"}));
  VIGIE_TRY(CsvFile pay, open(payroll, kOldFrenchTool,
                              {"Matricule", "E-mail", "Équipe", "Fonction", "Poste", "Entrée", "Dernier jour", "ETP",
                               "Statut", "Coût mensuel"}));
  for (std::size_t i = 0; i < world_.people.size(); ++i) {
    const Person& one = world_.people[i];
    file.field(one.email)
        .field(one.name)
        .field(one.role)
        .field(one.team)
        .field(one.manager)
        .field(french(one.from))
        .field(one.to ? french(*one.to - 1) : std::string())
        .end_row();
    pay.field(fmt::format("{:04}", i + 1))
        .field(one.email)
        .field(one.team)
        .field(function_name(one.function))
        .field(one.role)
        .field(french(one.from));
    pay.field(one.to ? french(*one.to - 1) : std::string())
        .field(one.fte < 1 ? "0,8" : "1")
        .field(one.contractor ? "Indépendant" : "Salarié")
        .field(french_money(one.monthly_cost))
        .end_row();
  }
  VIGIE_CHECK(close(people, file));
  VIGIE_CHECK(close(payroll, pay));
  VIGIE_TRY(CsvFile list, open(teams, kFrenchTool, {"Code", "Équipe", "Responsable", "Région"}));
  for (const Team& one : world_.teams)
    list.field(one.key).field(one.name).field(one.manager).field(one.region).end_row();
  return close(teams, list);
}

Result<> Exports::write_costs() {
  // Salaries and charges of sales and marketing by month, and what else serves them, each with the share that does. A
  // month is booked on its last day, the open one on the day of the export for what has passed of it.
  const std::string path = "compta/charges.csv";
  VIGIE_TRY(CsvFile file,
            open(path, kFrenchTool, {"Date", "Compte", "Libellé", "Montant HT", "Fonction", "Quote-part", "Canal"}));
  constexpr double kChargesShare = 0.30;
  for (Date month = world_.time.first; month < world_.time.end; month = months_after(month, 1)) {
    const Date next = months_after(month, 1), booked = std::min(next, world_.time.end) - 1;
    const double passed = static_cast<double>(booked + 1 - month) / (next - month);
    const auto row = [&](std::string_view account, std::string_view label, double cents, std::string_view function,
                         std::string_view share, std::string_view channel) {
      file.field(french(booked))
          .field(account)
          .field(label)
          .field(french_money(static_cast<std::int64_t>(std::floor(cents * passed))))
          .field(function)
          .field(share)
          .field(channel)
          .end_row();
    };
    for (const std::string_view function : {"sales", "marketing"}) {
      double cost = 0;
      for (const Person& person : world_.people)
        if (person.function == function && employed_in(person, month))
          cost += static_cast<double>(person.monthly_cost) * person.fte;
      row("641000", fmt::format("Salaires {}", function_name(function)), cost * (1 - kChargesShare),
          function_name(function), "1", "");
      row("645000", fmt::format("Charges sociales {}", function_name(function)), cost * kChargesShare,
          function_name(function), "1", "");
    }
    const double scale = world_.truth.scale;
    row("611000", "CRM et téléphonie", 220'000 * scale, "Vente", "1", "");
    row("622600", "Agence éditoriale", 310'000 * scale, "Marketing", "1", crm_name(Channel::organic_search));
    row("613200", "Salle d'exposition", 480'000 * scale, "Vente", "0,5", "");
    row("625100", "Déplacements", 260'000 * scale, "Vente", "0,8", "");
  }
  return close(path, file);
}

Result<> Exports::write_quotas() {
  // What each rep is to sell in a quarter: the mean of what the team's reps sold in the quarter before (in the first
  // one, in itself), a little more, less for those still new.
  const std::string path = "crm/objectifs.csv";
  VIGIE_TRY(CsvFile file, open(path, kFrenchTool, {"Commercial", "Équipe", "Du", "Au", "Objectif HT"}));
  constexpr double kStretch = 1.06;
  for (Date from = world_.time.first; from < world_.time.end; from = months_after(from, 1)) {
    if ((civil(from).month - 1) % 3 != 0) continue;
    const Date to = months_after(from, 3);
    std::map<std::string, std::pair<double, int>> teams;
    std::vector<const Person*> reps;
    for (const Person& person : world_.people)
      if (person.role.starts_with("Commercial") && employed_in(person, from)) {
        reps.push_back(&person);
        ++teams[person.team].second;
      }
    const Date sold_from = std::max(world_.time.first, months_after(from, -3)), sold_to = months_after(sold_from, 3);
    for (const Deal& deal : world_.deals)
      if (deal.outcome == Outcome::won && day_of(*deal.closed) >= sold_from && day_of(*deal.closed) < sold_to)
        teams[world_.people[deal.owner].team].first += static_cast<double>(deal.amount);
    for (const Person* rep : reps) {
      const auto& [sold, count] = teams[rep->team];
      const double share = rep->from > months_after(from, -6) ? 0.6 : 1;
      const auto euros =
          static_cast<std::int64_t>(std::floor(sold / std::max(count, 1) * kStretch * share / 50'000)) * 500 + 1'000;
      file.field(rep->email)
          .field(rep->team)
          .field(french(from))
          .field(french(to - 1))
          .field(french_money(euros * 100))
          .end_row();
    }
  }
  return close(path, file);
}

Result<> Exports::write_rates() {
  const std::string path = "finance/cours_chf.csv";
  VIGIE_TRY(CsvFile file, open(path, kFrenchTool, {"Date", "Devise", "Pour 1 euro"}));
  for (std::size_t i = 0; i < world_.francs_per_euro.size(); ++i) {
    const std::int64_t rate = world_.francs_per_euro[i];
    if (rate == 0) continue;
    file.field(french(world_.time.first + static_cast<int>(i)))
        .field("CHF")
        .field(fmt::format("{},{:04}", rate / 10'000, rate % 10'000))
        .end_row();
  }
  return close(path, file);
}

}  // namespace vigie::demo
