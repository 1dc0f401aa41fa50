// What names a row, where no name that is known says it: a column that looks like a number, or the question.
#include "propose/propose_fixture.h"

namespace vigie::propose {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Question* key_question(const Proposal& p) {
  for (const Question& one : p.questions)
    if (one.code == "key") return &one;
  return nullptr;
}

/// Members of a club: two of them may be called Martin tomorrow.
TEST(Key, IsTheNumberOfAMemberAndNotTheName) {
  const Proposal p = proposed({"Nom;N° de carte;Ville;Date d'adhésion", "Martin;118;Lyon;2024-01-03",
                               "Dupont;97;Paris;2024-02-04", "Durand;251;Lyon;2025-01-05"},
                              "adherents.csv");
  EXPECT_EQ(p.table, "customers");
  EXPECT_THAT(yaml_of(p), HasSubstr("\n  key: N° de carte  #"));
  EXPECT_THAT(yaml_of(p), HasSubstr("\n  name: Nom\n"));
  EXPECT_EQ(key_question(p), nullptr);
  EXPECT_THAT(p.notes, Contains(HasSubstr("\"N° de carte\" is taken for what numbers the rows")));
}

TEST(Key, IsFoundUnderManyNames) {
  for (const char* header : {"N° adhérent", "Réf.", "Matricule", "Code", "Réf. dossier", "NumCarte", "id_fiche"}) {
    const Proposal p = proposed({"Nom;" + std::string(header) + ";Ville", "Martin;A-118;Lyon", "Dupont;A-97;Paris",
                                 "Durand;B-251;Lyon", "Martin;B-7;Nice"},
                                "clients.csv");
    EXPECT_THAT(yaml_of(p), AnyOf(HasSubstr("\n  key: " + std::string(header) + "  #"),
                                  HasSubstr("\n  key: \"" + std::string(header) + "\"")))
        << header;
  }
}

/// Nothing in the header says it: the first column has a code of its own on each row.
TEST(Key, IsFoundByItsValues) {
  const Proposal p = proposed({"Fiche;Nom;Pays", "CL0001;Martin;France", "CL0002;Dupont;France",
                               "CL0007;Durand;Belgique", "CL0009;Petit;France", "CL0011;Leroy;France"},
                              "clients.csv");
  EXPECT_THAT(yaml_of(p), HasSubstr("\n  key: Fiche  #"));
}

TEST(Key, IsAskedForWhereOnlyTheNameDiffers) {
  const std::vector<std::string> lines{"Nom;Ville;Email", "Martin;Lyon;m@a.fr", "Dupont;Paris;d@a.fr",
                                       "Durand;Lyon;u@a.fr"};
  const Proposal p = proposed(lines, "clients.csv");
  const Question* ask = key_question(p);
  ASSERT_NE(ask, nullptr);
  EXPECT_TRUE(ask->blocks);
  EXPECT_THAT(ask->text, HasSubstr("a name may be shared by two"));
  EXPECT_THAT(ask->answers, ElementsAre("--key \"Email\"", "--key \"Nom\""));
  EXPECT_THAT(yaml_of(p), Not(HasSubstr("\n  key: Nom")));
  Wishes wishes;
  wishes.key = {"Nom"};
  EXPECT_THAT(yaml_of(proposed(lines, "clients.csv", wishes)), HasSubstr("\n  key: Nom  # as you say"));
}

/// The noun of the table alone ("Client", "Affaire") is as often the name.
TEST(Key, IsNoNounThatHoldsNames) {
  const Proposal deals = proposed(
      {"Affaire;Client;Étape;Montant;Créée le;Clôturée le", "Toit de l'école;Mairie;Gagnée;1200;2025-01-03;2025-02-03",
       "Mur du parc;Mairie;Perdue;800;2025-01-04;2025-03-01", "Sol de la salle;Gamma;Gagnée;950;2025-01-05;2025-06-30"},
      "affaires.csv");
  EXPECT_EQ(deals.table, "opportunities");
  ASSERT_NE(key_question(deals), nullptr);
  EXPECT_THAT(key_question(deals)->answers, Contains("--key \"Affaire\""));
  EXPECT_THAT(yaml_of(deals), HasSubstr("\n  name: Affaire"));
  EXPECT_THAT(yaml_of(deals), HasSubstr("created_at: {from: Créée le"));
}

TEST(Key, IsNoPhoneNoPostalCodeAndNoAmount) {
  for (const char* column : {"Téléphone;0612345678;0712345679;0612345670", "Code postal;69001;75011;33000",
                             "Solde;1200;1350;1410", "Année;2021;2022;2023"}) {
    const std::vector<std::string> cells = split(column, ';');
    const Proposal p = proposed(
        {cells[0] + ";Nom;Ville", cells[1] + ";Martin;Lyon", cells[2] + ";Dupont;Paris", cells[3] + ";Durand;Bordeaux"},
        "clients.csv");
    EXPECT_NE(key_question(p), nullptr) << column << "\n" << yaml_of(p);
  }
}

/// February's file counts its rows from 1 too, and would take the place of January's.
TEST(Key, IsNoNumberThatCountsTheRows) {
  for (const char* header :
       {"Jour", "Day", "Semaine", "Week", "Seq", "Mois", "Month", "Rang", "Ligne", "Row", "Pos."}) {
    std::vector<std::string> lines{std::string(header) + ";Date de commande;Client;Total HT"};
    for (int i = 1; i <= 28; ++i) lines.push_back(fmt::format("{};2025-02-{:02};C{};{}.50", i, i, i % 5, 10 * i));
    const Proposal p = proposed(lines, "commandes.csv");
    ASSERT_NE(key_question(p), nullptr) << header << "\n" << yaml_of(p);
    EXPECT_THAT(yaml_of(p), Not(HasSubstr("\n  key: " + std::string(header)))) << header;
  }
}

/// A payment has the number of an invoice: it numbers invoices, of which two payments may be.
TEST(Key, IsNoNumberOfSomethingElse) {
  const Proposal p = proposed(
      {"N° facture;Date de règlement;Montant réglé", "F1;2025-01-03;10", "F2;2025-01-04;20", "F3;2025-01-05;30"},
      "reglements.csv");
  EXPECT_EQ(p.table, "payments");
  EXPECT_THAT(yaml_of(p), Not(HasSubstr("\n  key:")));
  ASSERT_NE(key_question(p), nullptr);
  EXPECT_THAT(key_question(p)->answers, Contains(HasSubstr("--key ")));
}

/// One column alone goes before two that do so together.
TEST(Key, IsNoPairWhereOneColumnDoes) {
  std::vector<std::string> lines{"Dossier;Client;Date de commande;Total HT"};
  for (int i = 0; i < 120; ++i)
    lines.push_back(fmt::format("DX-{:04};C{};2025-01-{:02};{}.50", i * 7, i % 40, 1 + i % 28, i));
  const Proposal p = proposed(lines, "commandes.csv");
  EXPECT_THAT(yaml_of(p), HasSubstr("\n  key: Dossier  #"));
}

/// Stages of deals are called by their names wherever a deal stands in one.
TEST(Key, OfStagesIsTheirName) {
  const Proposal p =
      proposed({"Étape;Ordre;Probabilité", "Découverte;1;10 %", "Devis;2;50 %", "Gagnée;3;100 %"}, "etapes.csv");
  EXPECT_EQ(p.table, "stages");
  EXPECT_EQ(key_question(p), nullptr);
}

/// Zoho's contacts: contact 386 is not account 386.
TEST(Key, OfAPersonIsNotThatOfItsCompany) {
  const Proposal p = proposed({"CONTACTID;Last Name;Account Id;Created Time", "2585;Tucker;386;2021-04-16",
                               "386;Moore;12;2021-04-17", "2587;Ali;386;2021-04-18"},
                              "Contacts.csv");
  EXPECT_EQ(p.table, "customers");
  EXPECT_THAT(yaml_of(p), HasSubstr("'contact ' || \"CONTACTID\""));
  EXPECT_THAT(yaml_of(p), HasSubstr("\n  parent_key: Account Id"));
  ASSERT_EQ(p.maps[0].preview.size(), 3u);
  EXPECT_EQ(p.maps[0].preview[1][0], "contact 386");
  EXPECT_THAT(p.notes, Contains(HasSubstr("takes the place of the company of the same number")));
}

/// Each question names the option that answers it.
TEST(Key, EachQuestionNamesAnOption) {
  for (const std::vector<std::string>& lines :
       std::vector<std::vector<std::string>>{{"Nom;Ville", "Martin;Lyon", "Dupont;Paris"},
                                             {"Date commande;Client;Total HT", "2025-01-03;A;10", "2025-01-04;B;11"},
                                             {"Plan;MRR;Début", "Pro;10.00;2025-01-01", "Pro;12.00;2025-01-02"},
                                             {"a;b", "1;2"}})
    for (const Question& one : proposed(lines).questions) EXPECT_THAT(one.answers, Not(IsEmpty())) << one.text;
}

/// What is needed and not there is told with what it was looked for by, and what could be it.
TEST(Key, WhatIsNeededIsToldWithWhatComesNear) {
  const std::vector<std::string> lines{"Contrat;Titulaire;Formule;Tarif mensuel;Date d'effet",
                                       "K-001;Martin;Pro;12,50;2025-01-01", "K-002;Dupont;Pro;12,50;2025-02-01",
                                       "K-003;Martin;Base;9,00;2025-02-15"};
  const Proposal p = proposed(lines, "abonnements.csv");
  EXPECT_EQ(p.table, "subscriptions");
  EXPECT_THAT(yaml_of(p), HasSubstr("\n  mrr: Tarif mensuel"));
  ASSERT_EQ(p.questions.size(), 1u);
  EXPECT_EQ(p.questions[0].code, "column");
  EXPECT_THAT(p.questions[0].text, HasSubstr("no column is called \"customer\", \"client\""));
  EXPECT_THAT(p.questions[0].answers, ElementsAre("--column \"Titulaire=customer_key\""));
  Wishes wishes;
  wishes.columns = {{"Titulaire", "customer_key"}};
  const Proposal said = proposed(lines, "abonnements.csv", wishes);
  EXPECT_THAT(said.questions, IsEmpty());
  EXPECT_THAT(yaml_of(said), HasSubstr("\n  customer_key: Titulaire"));
}

TEST(Key, WhatIsSaidOfAColumnIsTakenOrRefused) {
  const std::vector<std::string> lines{"Order ID;Order Date;Amount;Autre", "1;2025-01-03;10.50;abc",
                                       "2;2025-01-04;20.10;def"};
  const auto refusal = [&](const char* header, const char* target) {
    Wishes wishes;
    wishes.columns = {{header, target}};
    const auto p = propose(sketch_of(lines), semicolons("x.csv"), wishes, model::shipped_model(), shipped_vocabulary());
    return p ? std::string("taken") : p.error().text();
  };
  EXPECT_EQ(refusal("Autre", "channel"), "taken");
  Wishes tax;
  tax.columns = {{"Autre", "amount_tax"}};
  EXPECT_THAT(proposed(lines, "x.csv", tax).questions, Contains(::testing::Field(&Question::code, "values")));
  EXPECT_THAT(refusal("Autres", "channel"), HasSubstr("the file has no column \"Autres\""));
  EXPECT_THAT(refusal("Autre", "chanel"), HasSubstr("no table has a column \"chanel\""));
  EXPECT_THAT(refusal("Autre", "mrr"), HasSubstr("orders has no column \"mrr\""));
}

}  // namespace
}  // namespace vigie::propose
