#include "tongue/french.h"

namespace vigie::tongue {
namespace {

/// What propose/ says of the maps that it writes: in their comments, and of what it asks.
constexpr Sentence kProposalSentences[] = {
    {"Proposed for {}: read it through, change what is wrong, and keep it",
     "Proposée pour {} : relisez-la, changez ce qui est faux, et gardez-la"},
    {"files of one system share one source, so that their keys meet",
     "les fichiers d'un même système ont la même source, pour que leurs clés se rejoignent"},
    {"Columns of the file that are not read:", "Colonnes du fichier qui ne sont pas lues :"},
    {"known by its headers: {}", "reconnu à ses en-têtes : {}"},
    // Of columns.
    {"no two rows have the same, and none is without", "jamais deux lignes avec la même, aucune sans"},
    {"the name says that it numbers the rows", "le nom dit qu'elle numérote les lignes"},
    {"the name says it", "le nom le dit"},
    {"the name says which row of another table is meant", "le nom dit quelle ligne d'une autre table est visée"},
    {"a usual name for it, and its values fit", "un nom habituel pour cela, et ses valeurs conviennent"},
    {"a name stands for the key: two who share it are one",
     "un nom tient lieu de clé : deux qui le partagent n'en font qu'un"},
    {"together they name one row, as far as the first rows tell",
     "ensemble elles désignent une ligne, autant que les premières lignes le disent"},
    {"a name that no two rows share stands for a key", "un nom que deux lignes ne partagent jamais tient lieu de clé"},
    {"long numbers, kept as texts to the last digit", "de longs numéros, gardés en textes jusqu'au dernier chiffre"},
    {"keys written as decimals (17850.0) stay so: they are others than 17850 of another file",
     "des clés écrites avec décimales (17850.0) le restent : ce ne sont pas celles (17850) d'un autre fichier"},
    {"no column has a name: the key stands for it", "aucune colonne n'a de nom : la clé en tient lieu"},
    {"the number of the row is the person's", "le numéro de la ligne est celui de la personne"},
    {"nobody is named who answered: each answer is somebody's own",
     "qui a répondu n'est pas nommé : chaque réponse est celle de quelqu'un"},
    {"the first name that is there", "le premier nom qu'il y a"},
    {"the only date there is", "la seule date qu'il y ait"},
    {"the export is known: this is what the column holds", "l'export est connu : c'est ce que contient la colonne"},
    {"the maps of the export read it by its name", "les cartes de l'export la lisent par son nom"},
    {"every line of an order repeats it", "chaque ligne d'une commande la répète"},
    {"the name says that it is what one channel cost", "le nom dit que c'est ce qu'un canal a coûté"},
    // Dates.
    {"the day comes first: \"{}\" can be read in no other way",
     "le jour vient d'abord : « {} » ne se lit pas autrement"},
    {"the month comes first: \"{}\" can be read in no other way",
     "le mois vient d'abord : « {} » ne se lit pas autrement"},
    {"the day comes first, as you say", "le jour vient d'abord, comme vous le dites"},
    {"the month comes first, as you say", "le mois vient d'abord, comme vous le dites"},
    {"the day comes first, as the column \"{}\" of the same file tells",
     "le jour vient d'abord, comme le montre la colonne « {} » du même fichier"},
    {"the month comes first, as the column \"{}\" of the same file tells",
     "le mois vient d'abord, comme le montre la colonne « {} » du même fichier"},
    {"nothing in the column \"{}\" tells whether the day or the month comes first, as in \"{}\"",
     "rien dans la colonne « {} » ne dit si le jour ou le mois vient d'abord, comme dans « {} »"},
    {"the column \"{}\" holds dates of both orders, as \"{}\": which of day and month comes first?",
     "la colonne « {} » contient des dates des deux ordres, comme « {} » : du jour et du mois, lequel vient d'abord ?"},
    {"every time of day is 00:00: bare dates", "toutes les heures sont 00:00 : de simples dates"},
    {"the times of day run from 00:01 to 00:12 alone: they mean nothing and are dropped",
     "les heures ne vont que de 00:01 à 00:12 : elles ne veulent rien dire et sont laissées"},
    {"hours run from 1 to 12 and nothing says AM or PM: a time may be twelve hours off",
     "les heures vont de 1 à 12 et rien ne dit matin ou soir : une heure peut être fausse de douze"},
    {"the first day no longer covered is meant: where the file gives the last one, add plus_days: 1",
     "c'est le premier jour qui n'est plus couvert : si le fichier donne le dernier, ajoutez plus_days: 1"},
    {"while a deal is open its close date is a forecast",
     "tant qu'une affaire est ouverte, sa date de clôture est une prévision"},
    {"days counted as spreadsheets do: 45292 is 2024-01-01",
     "des jours comptés comme le font les tableurs : 45292 est 2024-01-01"},
    {"counted from 1970 on, in UTC", "compté depuis 1970, en UTC"},
    // Numbers.
    {"nothing in the column \"{}\" tells whether \"{}\" has decimals or thousands",
     "rien dans la colonne « {} » ne dit si « {} » a des décimales ou des milliers"},
    {"percents", "des pourcentages"},
    {"1 value cannot be read so, and waits in the quarantine",
     "1 valeur ne se lit pas ainsi, et attendra en quarantaine"},
    {"{} values cannot be read so, and wait in the quarantine",
     "{} valeurs ne se lisent pas ainsi, et attendront en quarantaine"},
    {"the sum of the order's lines", "la somme des lignes de la commande"},
    {"no column has the amount of a line: quantity times price",
     "aucune colonne n'a le montant d'une ligne : quantité fois prix"},
    {"no column has a quantity: a row is one piece", "aucune colonne n'a de quantité : une ligne est une pièce"},
    {"\"{}\" less \"{}\" plus tax gives \"{}\" in the first rows: before tax and after discounts is the one less the "
     "other",
     "« {} » moins « {} » plus la taxe donne « {} » dans les premières lignes : hors taxes et remises déduites est "
     "l'un "
     "moins l'autre"},
    {"\"{}\" less \"{}\" less tax gives \"{}\" in the first rows: the prices hold the tax, and the total is what is "
     "left "
     "without it",
     "« {} » moins « {} » moins la taxe donne « {} » dans les premières lignes : les prix comprennent la taxe, et le "
     "total est ce qui reste sans elle"},
    {"sub total, discount, tax and total do not add up in any usual way: recompute one document to see which amount is "
     "before tax and after discounts",
     "sous-total, remise, taxe et total ne s'additionnent d'aucune façon habituelle : recalculez un document pour voir "
     "quel montant est hors taxes et remises déduites"},
    {"thousands (K) and millions (M) are multiplied out", "les milliers (K) et millions (M) sont multipliés"},
    {"which values of \"{}\" are percents, and which are {} as they stand: {}?",
     "quelles valeurs de « {} » sont des pourcentages, et lesquelles sont {} telles quelles : {} ?"},
    {"the column \"{}\" is known as {}, and its values are not understood: {}",
     "la colonne « {} » est connue comme {}, et ses valeurs ne sont pas comprises : {}"},
    {"left out: it is known as {}, and its values are not understood",
     "laissée : elle est connue comme {}, et ses valeurs ne sont pas comprises"},
    {"left out: a discount in percents is no amount", "laissée : une remise en pourcents n'est pas un montant"},
    {"the column \"{}\" is left out: a discount in percents is no amount",
     "la colonne « {} » est laissée : une remise en pourcents n'est pas un montant"},
    {"the file has amounts with tax alone: revenue is counted before tax, and stays empty until the map has amount_net",
     "le fichier n'a que des montants toutes taxes comprises : le chiffre d'affaires se compte hors taxes, et reste "
     "vide tant que la carte n'a pas amount_net"},
    {"left out, as you say", "laissée, comme vous le dites"},
    {"left out: \"{}\" is taken for what this one is called, too",
     "laissée : « {} » est prise pour ce que celle-ci s'appelle aussi"},
    {"a month stands for its first day, a week for its Monday", "un mois vaut son premier jour, une semaine son lundi"},
    {"in the column \"{}\" every date like \"{}\" has a day above 12, and every one like \"{}\" a day up to 12: a "
     "spreadsheet has turned day and month of these round; export the file again from where it comes, or say the order "
     "of the others where all of them are right",
     "dans la colonne « {} », chaque date comme « {} » a un jour au-dessus de 12, et chacune comme « {} » un jour "
     "jusqu'à 12 "
     ": un tableur a échangé le jour et le mois de celles-ci ; exportez le fichier de nouveau d'où il vient, ou dites "
     "l'ordre des autres si toutes sont justes"},
    {"two columns are called \"{}\", and they differ: which one is meant (the second is \"{}\" here)?",
     "deux colonnes s'appellent « {} » et diffèrent : laquelle faut-il (la seconde est « {} » ici) ?"},
    {"a spreadsheet has dropped the last digits of {} numbers of \"{}\", as in \"{}\": two of them may have become "
     "one; "
     "export the file again, and open it in no spreadsheet",
     "un tableur a perdu les derniers chiffres de numéros de la colonne ({}, « {} »), comme « {} » : deux peuvent n'en "
     "faire "
     "plus qu'un ; exportez le fichier de nouveau, sans l'ouvrir dans un tableur"},
    {"the name says the unit, and each number is multiplied by it",
     "le nom dit l'unité, et chaque nombre est multiplié par elle"},
    {"amounts of \"{}\" are below nought: {}; where they are credit notes or returns, make them refunds, by a second "
     "map with "
     "a filter",
     "montants de « {} » au-dessous de zéro : {} ; si ce sont des avoirs ou des retours, faites-en des refunds, par "
     "une "
     "seconde carte avec un filtre"},
    {"no column is known as an amount: the orders count, and bring no revenue",
     "aucune colonne n'est connue comme un montant : les commandes comptent, sans chiffre d'affaires"},
    {"these are people whom deals and customers name; where they are all who work here, look at the file again with "
     "--table headcount, for revenue per employee",
     "ce sont les personnes que nomment affaires et clients ; si ce sont tous ceux qui travaillent ici, regardez le "
     "fichier "
     "de nouveau avec --table headcount, pour le chiffre d'affaires par employé"},
    {"the file says which leads converted, and not when: conversion rates count those that a deal or a sale names",
     "le fichier dit quels prospects sont convertis, et pas quand : les taux de conversion comptent ceux que nomme une "
     "affaire ou une vente"},
    {"converted by the day that you say: conversion_rate:created_to_date counts them",
     "convertis au jour que vous dites : conversion_rate:created_to_date les compte"},
    {"the list has no dates: those that converted count on the day that you say, so ask "
     "conversion_rate:created_to_date",
     "la liste n'a pas de dates : ceux qui sont convertis comptent au jour que vous dites ; demandez donc "
     "conversion_rate:created_to_date"},
    {"the headers of the amounts name several currencies ({}), and a row has one: which stays?",
     "les en-têtes des montants nomment plusieurs devises ({}), et une ligne en a une : laquelle reste ?"},
    {"the file holds names of columns and no row, and the names alone do not say which table it is",
     "le fichier contient des noms de colonnes et aucune ligne, et les noms seuls ne disent pas quelle table c'est"},
    {"as you say, and no two rows have the same", "comme vous le dites, et jamais deux lignes avec la même"},
    {"as you say: of rows that have the same, the last one counts",
     "comme vous le dites : de lignes avec la même, la dernière compte"},
    {"keys are compared over the first {} rows: whether later ones share a key, the receipt says as superseded",
     "les clés sont comparées sur les {} premières lignes : si d'autres en partagent une, le reçu les dit remplacées"},
    {"together they name one row", "ensemble elles désignent une ligne"},
    {"no two of the first rows have the same, and none is without",
     "jamais deux des premières lignes avec la même, aucune sans"},
    {"one order stands on several rows: the query makes one of each",
     "une commande est sur plusieurs lignes : la requête en fait une de chacune"},
    {"\"{}\" has one text on several rows: is \"{}\" the amount of the whole order, repeated on each of its rows, or "
     "that of one line?",
     "« {} » a le même texte sur plusieurs lignes : « {} » est-il le montant de toute la commande, répété sur chacune "
     "de ses lignes, ou celui d'une ligne ?"},
    {"the amount with tax, as adding up tells", "le montant taxes comprises, comme l'addition le montre"},
    {"no column says whether \"{}\" is paid by the month or by the year: mrr is what it is by the month, and would "
     "stay "
     "empty",
     "aucune colonne ne dit si « {} » se paie au mois ou à l'année : mrr est ce que c'est au mois, et resterait vide"},
    {"\"{}\" times the quantity, by the month, as \"{}\" says how long it is for",
     "« {} » fois la quantité, ramené au mois, selon la durée que dit « {} »"},
    {"\"{}\" by the month, as \"{}\" says how long it is for", "« {} » ramené au mois, selon la durée que dit « {} »"},
    {"\"{}\" is taken as what all pieces cost together",
     "« {} » est pris pour ce que coûtent toutes les pièces ensemble"},
    {"left out: it differs among the rows of one order", "laissée : elle diffère entre les lignes d'une commande"},
    {"an order (\"{}\") stands on several rows, and its amounts on each of them: they count once",
     "une commande (« {} ») est sur plusieurs lignes, et ses montants sur chacune : ils comptent une fois"},
    {"an order (\"{}\") stands on several rows: of these the query makes one, and sums {}",
     "une commande (« {} ») est sur plusieurs lignes : la requête en fait une, et additionne {}"},
    {"several rows of the file have one key ({}), and would become one: which columns name one row?",
     "plusieurs lignes du fichier ont une même clé ({}), et n'en feraient qu'une : quelles colonnes désignent une "
     "ligne ?"},
    // Currencies.
    {"\"$\" is taken as {}, the currency of the workspace", "« $ » est pris pour {}, la devise de l'espace"},
    {"the amounts of \"{}\" are in {}, which several countries have: in which currency are they?",
     "les montants de « {} » sont en {}, qu'ont plusieurs pays : en quelle devise sont-ils ?"},
    {"{} of {} amounts of \"{}\" have a sign of money, and the others none: in which currency are the others?",
     "{} montants sur {} de « {} » ont un signe de devise, et les autres aucun : en quelle devise sont les autres ?"},
    {"the amounts of \"{}\" are in several currencies: a sum of them means nothing",
     "les montants de « {} » sont en plusieurs devises : leur somme ne veut rien dire"},
    {"the amounts are in several currencies: the sign beside each tells",
     "les montants sont en plusieurs devises : le signe à côté de chacun le dit"},
    // Values.
    {"what do these texts of \"{}\" mean for {}: {}?", "que veulent dire ces textes de « {} » pour {} : {} ?"},
    {"not known, and refused until it is said: {} ({})", "inconnus, et refusés tant que ce n'est pas dit : {} ({})"},
    {"stages that are neither won nor lost are taken as open",
     "les étapes ni gagnées ni perdues sont prises pour ouvertes"},
    {"a deal with a date of winning is won", "une affaire qui a une date de gain est gagnée"},
    {"yes is converted, no is open", "oui veut dire converti, non ouvert"},
    {"names of the file say quotes: they are no sales",
     "les noms du fichier disent des devis : ce ne sont pas des ventes"},
    {"names of the file say invoices", "les noms du fichier disent des factures"},
    {"the name of the file or of its key says it", "le nom du fichier ou de sa clé le dit"},
    {"marks from 0 to 10, and the name says recommendation", "des notes de 0 à 10, et le nom dit recommandation"},
    {"marks from 0 to 10, and the name of the file says NPS", "des notes de 0 à 10, et le nom du fichier dit NPS"},
    {"no name says recommendation: the marks are taken as satisfaction, which is no NPS",
     "aucun nom ne dit recommandation : les notes sont prises pour une satisfaction, qui n'est pas un NPS"},
    {"the highest mark of the file is {}", "la plus haute note du fichier est {}"},
    {"{} different texts: a split", "{} textes différents : une ventilation"},
    // Rows.
    {"one row a line in the file: the query makes one of each order",
     "une ligne par article dans le fichier : la requête en fait une par commande"},
    {"the file has one column a channel: the query makes one row a channel of each",
     "le fichier a une colonne par canal : la requête fait une ligne de chacun"},
    {"rates are taken as units for one euro: where the file gives euros for one unit, divide 1 by them in the query",
     "les cours sont pris pour des unités par euro : si le fichier donne des euros par unité, divisez 1 par eux dans "
     "la requête"},
    {"the name is the code of a currency", "le nom est le code d'une devise"},
    {"left out: its name is no currency", "laissée : son nom n'est pas une devise"},
    {"a row that stands for several days counts whole on its first one",
     "une ligne qui vaut pour plusieurs jours compte entière au premier"},
    {"lines with a negative quantity lower the order they stand on: where they are returns, make them refunds, by a "
     "second map with a filter",
     "les lignes de quantité négative diminuent leur commande : si ce sont des retours, faites-en des remboursements, "
     "par une seconde carte avec un filtre"},
    {"no column names one row: the same file again adds nothing, but a file that grows would count twice",
     "aucune colonne ne désigne une ligne : le même fichier n'ajoute rien, mais un fichier qui grandit compterait deux "
     "fois"},
    {"the column \"{}\" stands twice with one text: which columns name one row of {}?",
     "la colonne « {} » a deux fois le même texte : quelles colonnes désignent une ligne de {} ?"},
    {"no column numbers the rows of {} (a name may be shared by two): which one, or which ones together, name a row?",
     "aucune colonne ne numérote les lignes de {} (deux peuvent partager un nom) : laquelle, ou lesquelles ensemble, "
     "désignent une ligne ?"},
    {"\"{}\" is taken for what numbers the rows: no two have the same, and none is without",
     "« {} » est prise pour ce qui numérote les lignes : jamais deux avec le même, aucune sans"},
    {"no column alone names a row, and {} do together: two rows that share them become one",
     "aucune colonne ne désigne seule une ligne, et {} le font ensemble : deux lignes qui les partagent n'en font "
     "qu'une"},
    {"the numbers of persons are others than those of their companies",
     "les numéros des personnes sont d'autres que ceux de leurs entreprises"},
    {"the rows are persons of companies that \"{}\" numbers: \"contact \" stands before the numbers of \"{}\", so that "
     "no person takes the place of the company of the same number",
     "les lignes sont des personnes d'entreprises que numérote « {} » : « contact » précède les numéros de « {} », "
     "pour que personne ne prenne la place de l'entreprise du même numéro"},
    {"the company that the person belongs to", "l'entreprise de la personne"},
    {"what the rows are called, and no number of theirs", "comment les lignes s'appellent, et non leur numéro"},
    {"{} needs {}: no column is called {}, and none could be it",
     "{} a besoin de {} : aucune colonne ne s'appelle {}, et aucune ne pourrait l'être"},
    {"{} needs {}, and no column is called {}: is it one of {}?",
     "{} a besoin de {}, et aucune colonne ne s'appelle {} : est-ce l'une de {} ?"},
    {"no column of the file is known by name as one of {}: say which is which",
     "aucune colonne du fichier n'est connue par son nom comme une de {} : dites laquelle est laquelle"},
    {"no column has it: \"{}\" less {}", "aucune colonne ne l'a : « {} » moins {}"},
    {"the sum of {}", "la somme de {}"},
    {"\"{}\" is empty on some rows: they are taken to be free of tax",
     "« {} » est vide sur des lignes : elles sont prises pour exemptes de taxe"},
    {"left out: {} has no such amount; it is known as {} of {}, which --table {} reads",
     "laissée : {} n'a pas un tel montant ; elle est connue comme {} de {}, que lit --table {}"},
    {"left out: rates of tax, which are no amounts", "laissée : des taux de taxe, qui ne sont pas des montants"},
    {"is \"{}\" all the tax of a row, or is it left out, beside the sum of {}?",
     "« {} » est-elle toute la taxe d'une ligne, ou est-elle laissée, à côté de la somme de {} ?"},
    {"are the values of \"{}\" ({}) amounts of tax, or its rates, which are left out?",
     "les valeurs de « {} » ({}) sont-elles des montants de taxe, ou ses taux, qui sont laissés ?"},
    {"the column \"{}\" cannot be {} of {}: its values are {}",
     "la colonne « {} » ne peut être {} de {} : ses valeurs sont {}"},
    {"{} needs {}, and no column of the file has such a date: which day holds for every row?",
     "{} a besoin de {}, et aucune colonne du fichier n'a une telle date : quel jour vaut pour toutes les lignes ?"},
    {"no column has a date: the day that you say holds for every row",
     "aucune colonne n'a de date : le jour que vous dites vaut pour toutes les lignes"},
    // Left out.
    {"left out: it is empty", "laissée : elle est vide"},
    {"left out: the same text on every row", "laissée : le même texte à chaque ligne"},
    {"left out: e-mail addresses, which no figure needs", "laissée : des adresses e-mail, inutiles aux chiffres"},
    {"left out: addresses of pages", "laissée : des adresses de pages"},
    {"left out: free text", "laissée : du texte libre"},
    {"left out: no figure needs it", "laissée : aucun chiffre n'en a besoin"},
    {"left out: it is no spend of a channel", "laissée : ce n'est pas la dépense d'un canal"},
    {"left out: no column of the model is known by that name",
     "laissée : aucune colonne du modèle n'est connue sous ce nom"},
    {"left out: what a person is paid a year is divided by 12 in a query, and then it is the cost",
     "laissée : un salaire annuel se divise par 12 dans une requête, et devient alors le coût"},
    // Which table.
    {"found by name: {}", "trouvées par leur nom : {}"},
    {"not found, and needed: {}", "introuvables, et nécessaires : {}"},
    {"the columns fit {} as well as {}: which table is it?",
     "les colonnes vont à {} aussi bien qu'à {} : quelle table est-ce ?"},
    {"the names of the columns do not say which table it is", "les noms des colonnes ne disent pas quelle table c'est"},
    {"one column a channel ({}): are they what each of them cost?",
     "une colonne par canal ({}) : est-ce ce que chacun a coûté ?"},
    {"the columns fit {} best, and not well enough to be sure: which table is it?",
     "les colonnes vont le mieux à {}, mais pas assez pour en être sûr : quelle table est-ce ?"},
    // Errors.
    {"{} is empty, or holds blanks alone", "{} est vide, ou ne contient que des blancs"},
    {"a map is proposed for a table with a header and rows",
     "une carte est proposée pour une table qui a un en-tête et des lignes"},
    {"no map is proposed for a table \"{}\"", "aucune carte n'est proposée pour une table « {} »"},
    {"\"{}\" is not a day", "« {} » n'est pas un jour"},
    {"a day is written 2025-01-31", "un jour s'écrit 2025-01-31"},
    {"amounts are of an order or of a line, not of \"{}\"",
     "des montants sont ceux d'une commande ou d'une ligne, non de « {} »"},
    {"--amounts order, or --amounts line", "--amounts order, ou --amounts line"},
    {"the file has no column \"{}\"", "le fichier n'a pas de colonne « {} »"},
    {"\"{}\" is a value of no column", "« {} » n'est une valeur d'aucune colonne"},
    {"a word is a text of the file and a value of the model: --word \"Refusé=cancelled\"",
     "un mot est un texte du fichier et une valeur du modèle : --word \"Refusé=cancelled\""},
    {"no table has a column \"{}\"", "aucune table n'a de colonne « {} »"},
    {"\"{}\" has neither letters nor digits", "« {} » n'a ni lettres ni chiffres"},
    {"none of {} has a column \"{}\"", "aucune de {} n'a de colonne « {} »"},
    {"{} has no column \"{}\"", "{} n'a pas de colonne « {} »"},
    {"\"{}\" is not a value for {}", "« {} » n'est pas une valeur pour {}"},
    {"\"{}\" is both {} and {}", "« {} » est à la fois {} et {}"},
    {"an export is known by three headers at least: two stand in many files",
     "un export se reconnaît à trois en-têtes au moins : deux sont dans bien des fichiers"},
    {"an export without a map says nothing", "un export sans carte ne dit rien"},
    {"a header in a condition stands in brackets: [Deal Stage]",
     "un en-tête dans une condition est entre crochets : [Deal Stage]"},
};

}  // namespace

std::span<const Sentence> proposal_sentences() { return kProposalSentences; }

}  // namespace vigie::tongue
