#pragma once
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/bilingual.h"
#include "base/yaml.h"
#include "model/model.h"

namespace vigie::propose {

/// The letters and digits of a header or a word, folded: "N° commande", "n_commande" and "N°Commande" are one.
std::string bare(std::string_view text);
/// The same without what stands in brackets: "Montant dépensé (EUR)" is "montantdepense".
std::string bare_without_brackets(std::string_view text);
/// The words of a name, folded: "N°_commande2024" has two. A change from small to capital letters parts them too.
std::vector<std::string> words_in(std::string_view text);

/// How much a name says.
enum class Strength {
  none,
  weak,       ///< the noun of the table alone, for its key: "Commande"
  usual,      ///< many tables have such a column: "Date", "Statut"
  by_name,    ///< refers to another table, by a name: "Nom du client"
  reference,  ///< refers to another table, by a number: "N° client"
  own,        ///< nearly only this table has it: "Date de commande"
};

/// What a name says for a column; of names that say as much, the one that is listed first goes before.
struct NameSays {
  Strength strength = Strength::none;
  int rank = 0;
};

/// The names by which people call the columns of one table.
struct TableNames {
  const model::Table* table = nullptr;
  std::vector<std::string> nouns;                                  ///< bare
  std::vector<std::string> nouns_as_written;                       ///< to be shown
  std::map<std::string, std::vector<std::string>> as_written;      ///< canonical column → its first names, to be shown
  std::map<std::string, std::map<std::string, NameSays>> columns;  ///< canonical column → bare name → what it says
  std::set<std::string> apart;  ///< bare names that tell that a file is of another table
};

/// A whole export that is known by its headers.
struct KnownExport {
  std::string id, source;
  Text label;
  std::vector<std::vector<std::string>> known_by;  ///< all of them; of each, any of these (bare)
  YamlNode maps;                                   ///< as written; see headers/exports/
  std::vector<Text> notes;
  std::string preset;  ///< the folder of presets/ where its maps stand, word by word; else `maps` says their columns
};

/// What people call tables, columns and values, read from headers/: tables.yaml, words.yaml, exports/*.yaml.
///
/// Refused whole on the first error, with its place. The model must outlive it.
struct Vocabulary {
  std::vector<TableNames> tables;  ///< in the order of the file: of two equal ones the first is told first
  std::map<std::string, std::map<std::string, std::string>> words;  ///< "orders.status" → bare word → canonical value
  std::set<std::string> nothing;                                    ///< texts that mean "nothing", as they are written
  std::map<std::string, bool> yes_no;                               ///< bare word → yes?
  std::set<std::string>
      ambiguous;  ///< bare names that say something only where the values fit: "state" is a region too
  std::map<std::string, std::string> currencies;          ///< "€", bare "dollaraustralien" → its code
  std::map<std::string, int> periods;                     ///< bare word → months: "yearly" is 12; 0: a week
  std::vector<std::string> period_amounts, period_names;  ///< of columns: what is paid at once, and for how long
  std::set<std::string> channels;                         ///< bare names of channels that are paid for
  std::vector<std::string> spend_suffixes;                ///< of columns that are the spend of one channel
  std::set<std::int64_t> tax_rates;                       ///< usual ones, in thousandths of a percent
  std::set<std::string> key_words;                        ///< that say that a column numbers something
  std::set<std::string> no_key;                           ///< words of a header that say that it does not
  std::set<std::string> keyed_by_name;                    ///< tables whose rows other files name by their names
  std::set<std::string> people, companies;  ///< words for persons, and for the companies that they belong to
  std::vector<KnownExport> exports;
  std::filesystem::path presets;

  static Result<Vocabulary> load(const std::filesystem::path& headers, const std::filesystem::path& presets,
                                 const model::Model& model);
  const TableNames* find(std::string_view table) const;
  /// The code of a text that names a currency; "" where it may be several ("$"), or none.
  std::string currency_of(std::string_view text) const;
};

}  // namespace vigie::propose
