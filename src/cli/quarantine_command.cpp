#include "cli/quarantine_command.h"

namespace vigie::cli {

/// Which rows of the quarantine: their numbers, or what is true of them.
void QuarantineCommand::add_rows_meant(CLI::App& command, const char* words, const std::string& help) {
  add_workspace(command, options_.workspace);
  if (words != nullptr) refuse_empty(command.add_option(words, options_.words, help));
  for (const auto& [flag, out, text] : std::initializer_list<std::tuple<const char*, std::string*, std::string>>{
           {"--map", &options_.map, either("of this map alone, by its id", "de cette carte seule, par son id")},
           {"--batch", &options_.batch,
            either("of this import alone, by its number", "de cet import seul, par son numéro")}})
    refuse_empty(command.add_option(flag, *out, text));
  refuse_empty(command.add_option("--where", options_.where,
                                  either("KEY=TEXT of code, column, file, map, batch; may be given again",
                                         "CLÉ=TEXTE parmi code, column, file, map, batch ; peut être répétée")))
      ->take_all()
      ->allow_extra_args(false);
}

void QuarantineCommand::add_list(CLI::App& command) {
  add_rows_meant(command, nullptr, "");
  for (const auto& [flag, out, help] : std::initializer_list<std::tuple<const char*, std::string*, std::string>>{
           {"--rows", &options_.rows,
            either("at most so many; default: 100 in a table, else at most 100,000",
                   "au plus autant ; par défaut 100 dans un tableau, sinon 100 000 au plus")},
           {"--skip", &options_.from, either("leave out so many at the beginning", "en passer autant au début")}})
    refuse_empty(command.add_option(flag, *out, help));
  command.add_option("--by", options_.by, either("reason: one line a reason", "reason : une ligne par raison"))
      ->check([](const std::string& given) {
        return given == "reason" ? std::string() : fmt::format("\"{}\" is nothing to list by; known: reason", given);
      });
  add_format(command, format_, {"table", "json", "csv"});
}

CLI::App* QuarantineCommand::add_order(CLI::App& of, const char* name, const std::string& help, const char* words,
                                       const std::string& words_help, Result<> (*order)(const QuarantineOptions&)) {
  CLI::App* out = of.add_subcommand(name, help);
  add_rows_meant(*out, words, words_help);
  add_format(*out, format_, {"table", "json"});
  out->callback([this, order] { run(order); });
  return out;
}

std::string QuarantineCommand::help() {
  return either("the rows that imports could not take: list, show, fix, replay, drop",
                "les lignes que les imports n'ont pu prendre : list, show, fix, replay, drop");
}

void QuarantineCommand::add_to(CLI::App& command, Finish finish) {
  finish_ = std::move(finish);
  add_list(command);
  command.callback([this, &command] {
    if (command.get_subcommands().empty()) run(run_quarantine);
  });
  CLI::App* listed = command.add_subcommand(
      "list", either("those that wait, each with its reason", "celles qui attendent, chacune avec sa raison"));
  add_list(*listed);
  listed->callback([this] { run(run_quarantine); });
  add_show(command);
  add_fix(command);
  add_replay_and_drop(command);
}

void QuarantineCommand::add_show(CLI::App& of) {
  CLI::App* show = of.add_subcommand(
      "show", either("one whole: what its file said, what is wrong, the line of the map that asks for it",
                     "une en entier : ce que dit son fichier, ce qui ne va pas, la ligne de la carte qui le demande"));
  add_workspace(*show, options_.workspace);
  show->add_option("NUMBER", options_.words, either("number of the row", "numéro de la ligne"))
      ->required()
      ->expected(1);
  add_format(*show, format_, {"table", "json"});
  show->callback([this] { run(run_quarantine_show); });
}

void QuarantineCommand::add_fix(CLI::App& of) {
  CLI::App* fix = add_order(of, "fix",
                            either("give values for columns of them; nothing is loaded by it",
                                   "donner des valeurs à leurs colonnes ; rien n'est chargé par là"),
                            "NUMBERS", either("numbers of rows", "numéros de lignes"), run_quarantine_fix);
  refuse_empty(fix->add_option("--set", options_.set,
                               either("COLUMN=TEXT as the file would have it; may be given again",
                                      "COLONNE=TEXTE comme l'aurait le fichier ; peut être répétée")))
      ->take_all()
      ->allow_extra_args(false);
  refuse_empty(fix->add_option(
      "--out", options_.out,
      either("write them to this CSV file, to be written over", "les écrire dans ce fichier CSV, à corriger")));
  refuse_empty(fix->add_option("--in", options_.in,
                               either("take the values of such a file", "prendre les valeurs d'un tel fichier")));
}

void QuarantineCommand::add_replay_and_drop(CLI::App& of) {
  CLI::App* replay = add_order(of, "replay",
                               either("run them through their maps as those are now",
                                      "les repasser par leurs cartes telles qu'elles sont maintenant"),
                               "ROWS",
                               either("numbers of rows, or a file of rows that was written over; default: all",
                                      "numéros de lignes, ou un fichier de lignes corrigé ; par défaut toutes"),
                               run_quarantine_replay);
  refuse_empty(replay->add_option(
      "--map-file", options_.map_file,
      either("file of the map, where it is not where it was", "fichier de la carte, si elle n'est plus à sa place")));
  CLI::App* drop = add_order(of, "drop", either("they are not wanted", "elles ne sont pas voulues"), "NUMBERS",
                             either("numbers of rows", "numéros de lignes"), run_quarantine_drop);
  refuse_empty(drop->add_option("--why", options_.why,
                                either("why: it is kept with them", "pourquoi : c'est gardé avec elles")));
  for (CLI::App* one : {replay, drop})
    refuse_empty(one->add_option(
        "--who", options_.who,
        either("who says so; default: who runs the command", "qui le dit ; par défaut qui lance la commande")));
}

}  // namespace vigie::cli
