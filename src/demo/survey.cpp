#include <cmath>

#include "demo/ordering.h"
#include "demo/world.h"

namespace vigie::demo {
namespace {

constexpr int kAskedAfterDays = 30, kAskedForDays = 200;
constexpr std::array<std::string_view, 6> kPraise{"Livraison impeccable, meubles superbes.",
                                                  "Le devis est venu le jour même.",
                                                  "Très bon conseil au téléphone.",
                                                  "Montage rapide et propre.",
                                                  "Je recommande sans hésiter.",
                                                  "Le bois est magnifique."};
constexpr std::array<std::string_view, 6> kMiddling{
    "Bien, mais le délai est long.", "Correct, sans plus.", "Bon produit, site un peu lent.",
    "Emballage à revoir.",           "Prix un peu élevé.",  "Service client aimable mais occupé."};
constexpr std::array<std::string_view, 6> kComplaint{"Trois semaines pour recevoir un devis.",
                                                     "Pied de bureau abîmé, pas de réponse.",
                                                     "Trop cher pour la qualité.",
                                                     "Livraison reportée deux fois.",
                                                     "Personne ne rappelle.",
                                                     "Facture fausse."};

std::string_view comment_on(int score, Random& random) {
  if (!random.chance(0.35)) return {};
  return score >= 9 ? random.one_of(kPraise) : score >= 7 ? random.one_of(kMiddling) : random.one_of(kComplaint);
}

Date quarter_of(Date day) {
  const auto [year, month, ignored] = civil(day);
  return date_of(year, (month - 1) / 3 * 3 + 1, 1);
}

Answer ask(const World& world, std::uint32_t customer, Date sent, Random& random) {
  const Parameters& truth = world.truth;
  Answer out;
  out.customer = customer;
  out.wave = fmt::format("{}-T{}", civil(sent).year, (civil(sent).month - 1) / 3 + 1);
  out.sent = in_office_hours(start_of(sent) + random.below(static_cast<int>(kDaySeconds)));
  const bool answers = random.chance(truth.answered_share);
  const WallTime at = out.sent + 600 + static_cast<WallTime>(random.exponential(2.5) * kDaySeconds);
  const double years = (sent - world.time.first) / 365.25;
  const double felt = truth.score_mean + truth.score_by_satisfaction * world.customers[customer].satisfaction +
                      truth.score_per_year * years + truth.score_noise * random.normal();
  if (!answers || at >= start_of(world.time.end)) return out;
  out.answered = at;
  out.score = std::clamp(static_cast<int>(std::floor(felt + 0.5)), 0, 10);
  out.comment = comment_on(out.score, random);
  return out;
}

}  // namespace

void add_answers(World& world) {
  for (std::uint32_t i = 0; i < world.customers.size(); ++i) {
    const Customer& customer = world.customers[i];
    if (customer.last_sale < 0) continue;
    Random random = world.random("survey", i);
    const Date from = day_of(customer.created) + kAskedAfterDays, to = day_of(customer.last_sale) + kAskedForDays;
    for (Date quarter = quarter_of(from); quarter < to; quarter = months_after(quarter, 3)) {
      const Date sent = quarter + random.below(months_after(quarter, 3) - quarter);
      if (!random.chance(world.truth.surveyed_per_quarter) || sent < from || sent > to || sent >= world.time.end ||
          in_office_hours(start_of(sent)) >= start_of(world.time.end))
        continue;
      world.answers.push_back(ask(world, i, sent, random));
    }
  }
  order_by(world.answers, [](const Answer& answer) { return answer.sent; });
}

}  // namespace vigie::demo
