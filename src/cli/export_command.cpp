#include "cli/export_command.h"

namespace vigie::cli {

std::string ExportCommand::help() {
  return either("answers and tables as files: CSV, XLSX, Parquet",
                "réponses et tables en fichiers : CSV, XLSX, Parquet");
}

void ExportCommand::add_file(CLI::App& command) {
  const auto add = [&](const char* flag, std::string& into, const std::string& words) {
    refuse_empty(command.add_option(flag, into, words));
  };
  add("-o,--output", options_.file,
      either("file to write, .csv, .xlsx or .parquet; default: CSV on standard output",
             "fichier à écrire, .csv, .xlsx ou .parquet ; par défaut CSV sur la sortie standard"));
  command.add_flag("--force", options_.force,
                   either("replace a file that is there already", "remplacer un fichier qui est déjà là"));
  add("--for", reader_,
      either("of CSV, who reads it: program (default), excel, excel-fr",
             "pour le CSV, qui le lit : program (par défaut), excel, excel-fr"));
  add("--headers", headers_,
      either("names of columns, or labels for people (default in a workbook): names, labels",
             "noms des colonnes, ou libellés pour les gens (par défaut dans un classeur) : names, labels"));
  add("--guard", guard_,
      either("of CSV, hold texts that a spreadsheet would run: yes (default for excel), no",
             "pour le CSV, retenir les textes qu'un tableur exécuterait : yes (par défaut pour excel), no"));
}

void ExportCommand::add_answer(CLI::App& of, bool of_one_kpi, const AddQuestion& add_question, Asked asked) {
  CLI::App* command = of.add_subcommand(
      of_one_kpi ? "kpi" : "board",
      of_one_kpi ? either("one KPI, as vigie kpi answers it", "un KPI, comme vigie kpi y répond")
                 : either("the ten KPIs, as vigie board answers them", "les dix KPI, comme vigie board y répond"));
  add_question(*command, of_one_kpi);
  add_file(*command);
  command->callback([this, of_one_kpi, asked = std::move(asked)] {
    const AskOptions question = asked(of_one_kpi);
    ExportOptions options = options_;
    options.workspace = question.workspace;
    options.time_limit = question.time_limit;
    options.order.fields = question.fields;
    for (const auto& [name, value] : question.fields)
      if (name == "kpi") options.order.name = value;
    run(of_one_kpi ? api::ExportOrder::What::kpi : api::ExportOrder::What::board, std::move(options));
  });
}

void ExportCommand::add_table(CLI::App& of) {
  CLI::App* command =
      of.add_subcommand("table", either("the rows of a canonical table (vigie model lists them)",
                                        "les lignes d'une table canonique (vigie model en donne la liste)"));
  command->add_option("TABLE", table_, either("customers, orders…", "customers, orders…"))->required();
  add_workspace(*command, options_.workspace);
  const auto add = [&](const char* flag, std::string& into, const std::string& words) {
    refuse_empty(command->add_option(flag, into, words));
  };
  add("--where", where_,
      either("which rows, e.g. \"country = 'FR' and deleted_at is null\"",
             "quelles lignes, p. ex. \"country = 'FR' and deleted_at is null\""));
  add("--columns", columns_,
      either("which columns, in this order, separated by commas",
             "quelles colonnes, dans cet ordre, séparées par des virgules"));
  add("--format", format_,
      either("csv, xlsx, parquet; default: by the ending of the file",
             "csv, xlsx, parquet ; par défaut selon le fichier"));
  add_file(*command);
  add("--maps", options_.maps,
      either("also write, into this folder, the maps that import the file again",
             "écrire aussi, dans ce dossier, les cartes qui importent de nouveau le fichier"));
  command->callback([this] {
    ExportOptions options = options_;
    options.order.name = table_;
    if (!where_.empty()) options.order.fields.emplace_back("where", where_);
    if (!columns_.empty()) options.order.fields.emplace_back("columns", columns_);
    run(api::ExportOrder::What::table, std::move(options));
  });
}

void ExportCommand::run(api::ExportOrder::What what, ExportOptions options) {
  options.order.what = what;
  for (const auto& [name, value] : {std::pair("format", &format_), std::pair("for", &reader_),
                                    std::pair("headers", &headers_), std::pair("guard", &guard_)})
    if (!value->empty()) options.order.fields.emplace_back(name, *value);
  finish_(run_export(options));
}

void ExportCommand::add_to(CLI::App& command, const AddQuestion& add_question, Asked asked, Finish finish) {
  finish_ = std::move(finish);
  command.require_subcommand(1);
  add_answer(command, true, add_question, asked);
  add_answer(command, false, add_question, std::move(asked));
  add_table(command);
}

}  // namespace vigie::cli
