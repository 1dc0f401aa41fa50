#include "demo/names.h"

#include "base/text.h"

namespace vigie::demo {
namespace {

constexpr std::array<std::string_view, 48> kFrenchFirst{
    "Camille",  "Léa",      "Manon",   "Chloé",   "Inès",   "Sarah",     "Julie",    "Marie",    "Claire",  "Sophie",
    "Nathalie", "Isabelle", "Anne",    "Élodie",  "Céline", "Aurélie",   "Émilie",   "Lucie",    "Pauline", "Margaux",
    "Yasmine",  "Fatou",    "Nadia",   "Hélène",  "Thomas", "Nicolas",   "Julien",   "Antoine",  "Maxime",  "Lucas",
    "Hugo",     "Louis",    "Paul",    "Mathieu", "Romain", "Guillaume", "François", "Philippe", "Laurent", "Olivier",
    "Karim",    "Mehdi",    "Ibrahim", "Bastien", "Rémi",   "Jérôme",    "Stéphane", "Gaël"};
constexpr std::array<std::string_view, 56> kFrenchLast{
    "Martin",   "Bernard", "Dubois",   "Thomas",   "Robert",     "Richard", "Petit",    "Durand",
    "Leroy",    "Moreau",  "Simon",    "Laurent",  "Lefebvre",   "Michel",  "Garcia",   "David",
    "Bertrand", "Roux",    "Vincent",  "Fournier", "Morel",      "Girard",  "André",    "Mercier",
    "Dupont",   "Lambert", "Bonnet",   "François", "Martinez",   "Legrand", "Garnier",  "Faure",
    "Rousseau", "Blanc",   "Guérin",   "Muller",   "Henry",      "Roussel", "Nicolas",  "Perrin",
    "Morin",    "Mathieu", "Clément",  "Gauthier", "Dumont",     "Lopez",   "Fontaine", "Chevalier",
    "Robin",    "Masson",  "Delattre", "Vasseur",  "Carpentier", "Benali",  "Diallo",   "Nguyen"};
constexpr std::array<std::string_view, 20> kFlemishFirst{
    "Emma", "Louise", "Elise", "Marie", "Julie",  "Nina", "Sofie", "An",  "Griet", "Hilde",
    "Noah", "Arthur", "Liam",  "Jules", "Pieter", "Wout", "Jan",   "Tom", "Koen",  "Bart"};
constexpr std::array<std::string_view, 22> kFlemishLast{
    "Peeters", "Janssens",  "Maes",      "Jacobs",   "Mertens",  "Willems", "Claes",  "Goossens",
    "Wouters", "De Smet",   "Vermeulen", "Dubois",   "Lambert",  "Dupont",  "Martin", "Renard",
    "Collard", "Van Damme", "Desmet",    "Leclercq", "Declercq", "Thijs"};
constexpr std::array<std::string_view, 20> kGermanicFirst{
    "Anna",  "Laura", "Lena",  "Sabine", "Nicole", "Sandra", "Eva",  "Julia", "Katrin", "Marie",
    "Lukas", "Jonas", "Felix", "Daniel", "Stefan", "Marc",   "Reto", "Beat",  "Tim",    "Jan"};
constexpr std::array<std::string_view, 24> kGermanicLast{
    "Müller",    "Meier",   "Schmid", "Keller", "Weber",    "Huber",  "Favre",    "Rochat",
    "Baumann",   "Frei",    "Gerber", "Widmer", "Brunner",  "Jansen", "de Vries", "Bakker",
    "Schneider", "Fischer", "Wagner", "Becker", "Hoffmann", "Visser", "Blanc",    "Girod"};

constexpr std::array<Place, 22> kFrance{{{"FR", "Hauts-de-France", "Lille"},
                                         {"FR", "Hauts-de-France", "Roubaix"},
                                         {"FR", "Hauts-de-France", "Amiens"},
                                         {"FR", "Hauts-de-France", "Dunkerque"},
                                         {"FR", "Hauts-de-France", "Valenciennes"},
                                         {"FR", "Île-de-France", "Paris"},
                                         {"FR", "Île-de-France", "Boulogne-Billancourt"},
                                         {"FR", "Île-de-France", "Montreuil"},
                                         {"FR", "Île-de-France", "Versailles"},
                                         {"FR", "Normandie", "Rouen"},
                                         {"FR", "Bretagne", "Rennes"},
                                         {"FR", "Pays de la Loire", "Nantes"},
                                         {"FR", "Grand Est", "Strasbourg"},
                                         {"FR", "Grand Est", "Reims"},
                                         {"FR", "Auvergne-Rhône-Alpes", "Lyon"},
                                         {"FR", "Auvergne-Rhône-Alpes", "Grenoble"},
                                         {"FR", "Nouvelle-Aquitaine", "Bordeaux"},
                                         {"FR", "Occitanie", "Toulouse"},
                                         {"FR", "Occitanie", "Montpellier"},
                                         {"FR", "Provence-Alpes-Côte d'Azur", "Marseille"},
                                         {"FR", "Provence-Alpes-Côte d'Azur", "Nice"},
                                         {"FR", "Centre-Val de Loire", "Tours"}}};
constexpr std::array<double, 22> kFranceWeights{14, 6, 5, 3, 3, 15, 4, 3, 2, 4, 4, 5, 4, 3, 7, 3, 5, 5, 2, 4, 2, 2};
constexpr std::array<Place, 11> kAbroad{{{"BE", "Bruxelles", "Bruxelles"},
                                         {"BE", "Flandre", "Gand"},
                                         {"BE", "Flandre", "Anvers"},
                                         {"BE", "Wallonie", "Liège"},
                                         {"BE", "Wallonie", "Tournai"},
                                         {"CH", "Suisse romande", "Genève"},
                                         {"CH", "Suisse romande", "Lausanne"},
                                         {"CH", "Suisse alémanique", "Bâle"},
                                         {"LU", "Luxembourg", "Luxembourg"},
                                         {"DE", "Rhénanie", "Cologne"},
                                         {"NL", "Hollande", "Rotterdam"}}};
constexpr std::array<double, 11> kAbroadWeights{14, 9, 8, 10, 9, 11, 8, 6, 7, 9, 9};
constexpr double kFrenchShare = 0.79;

struct Trade {
  std::string_view word, industry;
};
constexpr std::array<Trade, 22> kTrades{
    {{"Cabinet", "Conseil"},       {"Étude", "Juridique"},        {"Agence", "Communication"},
     {"Studio", "Communication"},  {"Clinique", "Santé"},         {"Pharmacie", "Santé"},
     {"Hôtel", "Hôtellerie"},      {"Brasserie", "Restauration"}, {"Maison", "Commerce"},
     {"Librairie", "Commerce"},    {"École", "Enseignement"},     {"Institut", "Enseignement"},
     {"Transports", "Logistique"}, {"Entrepôts", "Logistique"},   {"Ateliers", "Industrie"},
     {"Mécanique", "Industrie"},   {"Constructions", "Bâtiment"}, {"Menuiserie", "Bâtiment"},
     {"Logiciels", "Numérique"},   {"Données", "Numérique"},      {"Mutuelle", "Assurance"},
     {"Comptoir", "Commerce"}}};
constexpr std::array<std::string_view, 24> kPlaces{
    "du Vieux Port", "de la Gare",   "des Tilleuls", "du Beffroi",   "des Remparts", "de la Citadelle",
    "du Marché",     "des Quais",    "du Parc",      "de l'Octroi",  "des Canaux",   "du Moulin",
    "de la Lys",     "de l'Escaut",  "du Rhône",     "des Flandres", "du Léman",     "des Dunes",
    "de l'Opéra",    "du Pont Neuf", "des Halles",   "du Phare",     "de la Poste",  "des Arcades"};

}  // namespace

Place a_place(Random& random) {
  if (random.chance(kFrenchShare)) return kFrance[random.pick(kFranceWeights)];
  return kAbroad[random.pick(kAbroadWeights)];
}

std::string a_person(Random& random, std::string_view country) {
  const bool flemish = country == "BE",
             germanic = country == "CH" || country == "DE" || country == "NL" || country == "LU";
  const std::string_view first = flemish    ? random.one_of(kFlemishFirst)
                                 : germanic ? random.one_of(kGermanicFirst)
                                            : random.one_of(kFrenchFirst);
  const std::string_view last = flemish    ? random.one_of(kFlemishLast)
                                : germanic ? random.one_of(kGermanicLast)
                                           : random.one_of(kFrenchLast);
  return fmt::format("{} {}", first, last);
}

std::string a_company(Random& random, std::string_view country, std::string& industry) {
  const Trade trade = random.one_of(kTrades);
  industry = trade.industry;
  const std::string person = a_person(random, country);
  const std::string last = person.substr(person.find(' ') + 1);
  switch (random.below(6)) {
    case 0: return fmt::format("{} {}", trade.word, random.one_of(kPlaces));
    case 1: return fmt::format("{} {} & Fils", trade.word, last);
    case 2: return fmt::format("{} {} et Associés", trade.word, last);
    case 3: return fmt::format("Groupe {}", last);
    case 4: return fmt::format("{} {}", last, trade.industry);
    default: return fmt::format("{} {}", trade.word, last);
  }
}

std::string address_of(std::string_view person) {
  std::string out = fold_name(person);
  for (char& c : out)
    if (c == ' ' || c == '\'') c = '.';
  return out;
}

}  // namespace vigie::demo
