// Why a figure is not there, as kpis/reasons.yaml says it: a sentence that holds a reason is said in French whole.
#include "tongue/french.h"

namespace vigie::tongue {
namespace {

constexpr Sentence kReasonSentences[] = {
    {"no data for this period", "pas de données sur cette période"},
    {"nobody's employment was imported (table headcount): who sells or leads (employees) is not all who work here",
     "aucun emploi n'a été importé (table headcount) : qui vend ou dirige (employees) n'est pas tout l'effectif"},
    {"nothing to divide by", "rien à quoi rapporter"},
    {"the margin is not known (no cost of products or lines and no margin_rate)",
     "la marge n'est pas connue (ni coût des produits ou des lignes, ni margin_rate)"},
    {"nothing was sold to these customers so far", "rien n'a encore été vendu à ces clients"},
    {"the window of these units is still open", "la fenêtre de ces unités est encore ouverte"},
    {"what was observed does not suffice to estimate it", "ce qui a été observé ne suffit pas à l'estimer"},
    {"no amount is known, or no exchange rate for it", "aucun montant n'est connu, ou aucun taux de change pour lui"},
    {"no sale with an amount tells its discount", "aucune vente dont le montant est connu ne dit sa remise"},
    {"no target is set for this period", "aucun objectif n'est fixé pour cette période"},
    {"the target is for everything, not for what a filter leaves or a split tells apart",
     "l'objectif vaut pour l'ensemble, pas pour ce qu'un filtre laisse ou qu'une répartition distingue"},
    {"the target is set in the workspace's currency, and its first day has no exchange rate",
     "l'objectif est fixé dans la devise de l'espace de travail, et son premier jour n'a pas de taux de change"},
    {"no open deal that has an amount has a probability, nor has its stage",
     "aucune affaire ouverte qui a un montant n'a de probabilité, ni son étape"},
    {"nothing in the 12 months before to compare with", "rien dans les 12 mois d'avant à quoi comparer"},
    {"the quota is reached: nothing remains to be covered", "l'objectif est atteint : il ne reste rien à couvrir"},
    {"the data do not reach over the twelve months, and a part of a year is not scaled up to one",
     "les données ne couvrent pas les douze mois, et une part d'année n'est pas portée à l'année"},
    {"the headcount comes as figures without names: who left is not known",
     "l'effectif vient en chiffres sans noms : on ne sait pas qui est parti"},
    {"no deals alike but for the tag", "pas d'affaires semblables à l'étiquette près"},
    {"one side is of contract customers or of the others alone, the other side of both (what they cost is not told "
     "apart): no ratio of unlike populations",
     "un côté porte sur les seuls clients sous contrat ou les seuls autres, l'autre sur les deux (leur coût ne se "
     "distingue pas) : pas de rapport entre populations différentes"},
    {"surveys of several scales meet here", "des enquêtes d'échelles différentes se mêlent ici"},
    {"has no meaning here", "n'a pas de sens ici"},
    {"the share asked for is never reached in what was observed",
     "la part demandée n'est jamais atteinte dans ce qui a été observé"},
};

}  // namespace

std::span<const Sentence> reason_sentences() { return kReasonSentences; }

}  // namespace vigie::tongue
