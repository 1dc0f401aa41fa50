#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/demo_command.h"
#include "cli/erase_command.h"
#include "cli/errors.h"
#include "cli/export_command.h"
#include "cli/language.h"
#include "cli/options.h"
#include "cli/quarantine_command.h"
#include "cli/singer_words.h"

namespace {

using namespace vigie;
using cli::add_format;
using cli::add_workspace;
using cli::either;
using cli::format_of;
using cli::refuse_empty;

int finish(const Result<>& result) {
  if (result) return 0;
  cli::print_error(result.error());
  return static_cast<int>(result.error().kind);
}

/// Everything that can stand on a command line. Each command, once read, runs and leaves its exit code.
class CommandLine {
 public:
  CommandLine();
  int run(std::vector<std::string> words);

 private:
  /// Options shared by the commands that ask: each becomes a field of the question.
  struct Ask {
    std::string kpi, workspace = ".", format = "table", time_limit;
    std::map<std::string, std::string> fields;
    std::vector<std::string> params;
  };

  CLI::App* command(const char* name, const std::string& help);
  static void add_time_limit(CLI::App& command, std::string& seconds, const std::string& help);
  /// What may be asked; answers come in these formats.
  void add_question(CLI::App& command, Ask& out, const std::vector<std::string>& formats = {"table", "json", "csv"});
  void add_kpi(CLI::App& command, std::string& out, const char* name = "ID");
  static cli::AskOptions options_of(const Ask& asked);
  void add_making();
  void add_import();
  void add_sources();
  void add_ingest();
  void add_asking();
  void add_export();
  void add_looking();
  void add_reading();
  Error usage_error(const CLI::ParseError& problem) const;

  CLI::App app_;
  int code_ = 0;
  std::string init_folder_, demo_folder_, demo_end_;
  workspace::InitOptions init_;
  demo::Options demo_;
  cli::ImportOptions import_;
  std::string import_format_ = "table";
  cli::QuarantineCommand quarantine_;
  cli::ExportCommand export_;
  Ask export_kpi_, export_board_;
  cli::EraseCommand erase_;
  cli::SyncOptions sync_, sources_;
  cli::ChecksOptions checks_;
  cli::SingerWords singer_;
  std::string singer_format_ = "table";
  std::string sync_format_ = "table", sources_format_ = "table", checks_format_ = "table";
  Ask kpi_, board_, explain_, why_, reconcile_;
  int explain_rows_ = 0;
  std::string reconcile_first_, reconcile_last_, propose_format_ = "table";
  cli::ProposeOptions propose_;
  std::filesystem::path kpis_folder_ = ".", model_folder_ = ".", check_folder_ = ".";
  std::string kpis_format_ = "table", kpis_kpi_, model_format_ = "table", model_table_;
  cli::ServeOptions serve_;
  std::string serve_time_limit_;
};

CommandLine::CommandLine()
    : app_(either("Vigie: the commercial performance of a company, in ten KPIs one can defend",
                  "Vigie : la performance commerciale d'une entreprise, en dix KPI que l'on peut défendre")) {
  for (const auto& [word, french] :
       std::initializer_list<std::pair<const char*, const char*>>{{"Usage", "Usage"},
                                                                  {"OPTIONS", "OPTIONS"},
                                                                  {"Positionals", "Arguments"},
                                                                  {"SUBCOMMAND", "COMMANDE"},
                                                                  {"TEXT", "TEXTE"},
                                                                  {"INT", "ENTIER"},
                                                                  {"UINT", "ENTIER"},
                                                                  {"REQUIRED", "(obligatoire)"}})
    if (cli::french()) app_.get_formatter()->label(word, french);
  if (cli::language() == cli::Language::en) {
    app_.get_formatter()->label("Positionals", "Arguments");
    app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app_.get_formatter()->label("REQUIRED", "(required)");
  }
  app_.set_help_flag("-h,--help", either("print this help", "afficher cette aide"));
  app_.footer(
      either("vigie help COMMAND says more about one. Exit codes: 0 fine, 1 a check failed, 2 bad usage, 3 bad data, 4 "
             "not there, 5 our mistake.",
             "vigie help COMMANDE en dit plus. Codes de sortie : 0 bien, 1 un contrôle échoue, 2 mauvais usage, 3 "
             "mauvaises données, 4 absent, 5 notre erreur."));
  app_.name("vigie");
  app_.require_subcommand(1);
  app_.set_version_flag("--version", std::string("vigie ") + VIGIE_VERSION,
                        either("print the version", "afficher la version"));
  add_making();
  add_import();
  add_sources();
  add_ingest();
  quarantine_.add_to(*command("quarantine", cli::QuarantineCommand::help()),
                     [this](const Result<>& result) { code_ = finish(result); });
  erase_.add_to(*command("erase", cli::EraseCommand::help()),
                [this](const Result<>& result) { code_ = finish(result); });
  add_asking();
  add_export();
  add_looking();
  add_reading();
}

CLI::App* CommandLine::command(const char* name, const std::string& help) {
  CLI::App* out = app_.add_subcommand(name, help);
  out->group(either("Commands", "Commandes"));
  out->footer("");
  return out;
}

/// In whole milliseconds, at most a day of them.
cli::TimeLimit time_limit_of(const std::string& seconds) {
  constexpr double kMostSeconds = 86'400;
  const auto typed = Decimal::parse(seconds);
  if (!typed || typed->to_double() < 0.001 || typed->to_double() > kMostSeconds) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(typed->to_double() * 1000));
}

void CommandLine::add_time_limit(CLI::App& command, std::string& seconds, const std::string& help) {
  const auto usual = std::chrono::duration_cast<std::chrono::seconds>(cli::time_allowed(std::nullopt)).count();
  command
      .add_option("--time-limit", seconds, fmt::format("{}{}{}", help, either("; default: ", " ; par défaut "), usual))
      ->check([](const std::string& given) {
        if (time_limit_of(given)) return std::string();
        return fmt::format("\"{}\" is no number of seconds from 0.001 to 86400", given);
      });
}

void CommandLine::add_kpi(CLI::App& command, std::string& out, const char* name) {
  command.add_option(name, out, either("KPI, or KPI:variant", "KPI, ou KPI:variante"))->required();
}

void CommandLine::add_question(CLI::App& command, Ask& out, const std::vector<std::string>& formats) {
  add_workspace(command, out.workspace);
  for (const auto& [flag, field, en, fr] :
       std::initializer_list<std::tuple<const char*, const char*, const char*, const char*>>{
           {"--from", "from", "first day, 2025-01-01", "premier jour, 2025-01-01"},
           {"--to", "to", "first day after the last", "premier jour après le dernier"},
           {"--grain", "grain", "hour, day, week, month, quarter, year, total",
            "pas : hour, day, week, month, quarter, year, total"},
           {"--by", "by", "dimensions, separated by commas", "dimensions, séparées par des virgules"},
           {"--where", "where", "filter, e.g. \"channel = 'paid'\"", "filtre, p. ex. \"channel = 'paid'\""},
           {"--compare", "compare", "previous_period, previous_year, previous_year_weekday, target, FROM..TO",
            "previous_period, previous_year, previous_year_weekday, target, DU..AU"},
           {"--as-of", "as_of", "a date (its end) or an instant", "une date (sa fin) ou un instant"},
           {"--currency", "currency", "reporting currency", "devise de restitution"},
           {"--version", "version", "version of the definition", "version de la définition"},
           {"--top", "top", "keep the N largest split values", "garder les N plus grandes valeurs"},
           {"--align", "align", "workday: cut to-date by elapsed working days",
            "workday : comparer au même nombre de jours ouvrés"}})
    refuse_empty(command.add_option(flag, out.fields[field], either(en, fr)));
  refuse_empty(
      command.add_option("--param", out.params,
                         either("parameter of the definition, name=value", "paramètre de la définition, nom=valeur")))
      ->take_all()
      ->allow_extra_args(false);
  add_time_limit(command, out.time_limit,
                 either("seconds that what is asked may take, all of it together",
                        "secondes que peut prendre ce qui est demandé, le tout ensemble"));
  add_format(command, out.format, formats);
}

cli::AskOptions CommandLine::options_of(const Ask& asked) {
  cli::AskOptions out;
  out.workspace = asked.workspace;
  out.format = format_of(asked.format);
  if (!asked.time_limit.empty()) out.time_limit = time_limit_of(asked.time_limit);
  if (!asked.kpi.empty()) out.fields.emplace_back("kpi", asked.kpi);
  for (const auto& [field, text] : asked.fields)
    if (!text.empty()) out.fields.emplace_back(field, text);
  for (const std::string& param : asked.params) {
    const auto equals = param.find('=');
    out.fields.emplace_back("param." + param.substr(0, equals),
                            equals == std::string::npos ? "" : param.substr(equals + 1));
  }
  return out;
}

/// init, demo.
void CommandLine::add_making() {
  CLI::App* init = command("init", either("make a workspace", "créer un espace de travail"));
  init->add_option("DIR", init_folder_, either("folder to make", "dossier à créer"))->required();
  refuse_empty(init->add_option("--company", init_.company, either("name of the company", "nom de l'entreprise")));
  refuse_empty(init->add_option("--currency", init_.currency, either("reporting currency", "devise de restitution")))
      ->capture_default_str();
  refuse_empty(
      init->add_option("--time-zone", init_.time_zone, either("reporting time zone", "fuseau horaire de restitution")))
      ->capture_default_str();
  refuse_empty(
      init->add_option("--fiscal-start", init_.fiscal_start,
                       either("month-day on which the fiscal year begins", "mois-jour où commence l'exercice")))
      ->capture_default_str();
  refuse_empty(init->add_option("--week-start", init_.week_start,
                                either("day on which weeks begin", "jour où commencent les semaines (en anglais)")))
      ->capture_default_str();
  init->callback([this] { code_ = finish(cli::run_init(init_folder_, init_)); });

  CLI::App* demo = command(
      "demo", either("make a believable company to try things on", "créer une entreprise vraisemblable pour essayer"));
  demo->add_option("DIR", demo_folder_, either("folder to make", "dossier à créer"))->required();
  demo->add_option("--customers", demo_.customers,
                   either("buying customers, about; 10000 make about 50,000 orders",
                          "clients acheteurs, environ ; 10000 donnent environ 50 000 commandes"))
      ->capture_default_str();
  refuse_empty(demo->add_option("--seed", demo_.seed,
                                either("another seed, another company", "une autre graine, une autre entreprise")))
      // A minus, also behind blanks, would be read as a very large number.
      ->check([](const std::string& given) {
        return std::ranges::all_of(given, is_digit) ? std::string() : std::string("a seed is a whole number from 0 up");
      })
      ->capture_default_str();
  demo->add_option(
          "--months", demo_.months,
          either("whole months of data before the current one", "mois entiers de données avant le mois en cours"))
      ->capture_default_str();
  refuse_empty(demo->add_option("--end", demo_end_,
                                either("last day with data, 2025-12-31; default: yesterday",
                                       "dernier jour de données, 2025-12-31 ; par défaut hier")));
  demo->callback([this] {
    const auto end = demo_end_.empty() ? Result<Date>(Date{}) : parse_date(demo_end_);
    if (end && !demo_end_.empty()) demo_.end_date = *end;
    code_ = finish(end ? cli::run_demo(demo_folder_, demo_) : Result<>(std::unexpected(end.error())));
  });
}

/// import.
void CommandLine::add_import() {
  CLI::App* import =
      command("import", either("import files through a map", "importer des fichiers à travers une carte (map)"));
  add_workspace(*import, import_.workspace);
  refuse_empty(import->add_option("--map", import_.maps,
                                  either("map file, or a folder of maps; may be given again",
                                         "fichier de carte, ou dossier de cartes ; peut être répétée")))
      ->take_all()
      ->allow_extra_args(false);
  refuse_empty(import->add_option("--from", import_.folder,
                                  either("folder of the input files", "dossier des fichiers d'entrée")));
  import->add_option("FILES", import_.files,
                     either("files in place of the map's own; NAME=PATH for one of several inputs",
                            "fichiers à la place de ceux de la carte ; NOM=CHEMIN pour une entrée parmi plusieurs"));
  refuse_empty(
      import->add_option("--preset", import_.preset,
                         either("the files are a product's: hubspot, stripe, shopify…; FOLDER, or OBJECT=FILE",
                                "les fichiers sont ceux d'un produit : hubspot, stripe, shopify… ; DOSSIER, ou "
                                "OBJET=FICHIER")));
  const auto look = [&](const char* flag, std::string& into, const std::string& words) {
    return refuse_empty(import->add_option(flag, into, words));
  };
  look("--table", import_.look.table, either("without a map: the table it is", "sans carte : la table dont il s'agit"));
  look("--date-order", import_.look.date_order,
       either("without a map: dmy or mdy, where the dates do not tell",
              "sans carte : dmy ou mdy, si les dates ne le disent pas"))
      ->check(CLI::IsMember({"dmy", "mdy"}));
  look("--decimal", import_.look.decimal,
       either("without a map: point or comma, where the numbers do not tell",
              "sans carte : point ou comma, si les nombres ne le disent pas"))
      ->check(CLI::IsMember({"point", "comma"}));
  look("--day", import_.look.day,
       either("without a map: the day of rows without a date", "sans carte : le jour des lignes sans date"));
  look("--sheet", import_.look.sheet,
       either("without a map: of a workbook, the sheet", "sans carte : d'un classeur, la feuille"));
  look("--currency", import_.look.currency,
       either("without a map: the currency of its amounts", "sans carte : la devise de ses montants"));
  look("--key", import_.look.key,
       either("without a map: the columns that name one row, A,B",
              "sans carte : les colonnes qui nomment une ligne, A,B"));
  look("--amounts", import_.look.amounts,
       either("without a map: order or line, where an order stands on several rows",
              "sans carte : order ou line, si une commande occupe plusieurs lignes"))
      ->check(CLI::IsMember({"order", "line"}));
  const auto several = [&](const char* flag, std::vector<std::string>& into, const std::string& words) {
    refuse_empty(import->add_option(flag, into, words))->take_all()->allow_extra_args(false);
  };
  several("--read", import_.look.read,
          either("without a map: WORD=VALUE, how the file is to be read; may be given again",
                 "sans carte : MOT=VALEUR, comment lire le fichier ; peut être répétée"));
  several("--word", import_.look.words,
          either("without a map: TEXT=VALUE, what a word of the file means; may be given again",
                 "sans carte : TEXTE=VALEUR, ce que veut dire un mot du fichier ; peut être répétée"));
  several("--column", import_.look.columns,
          either("without a map: COLUMN=NAME, what a column of the file is; may be given again",
                 "sans carte : COLONNE=NOM, ce qu'est une colonne du fichier ; peut être répétée"));
  several("--without", import_.look.without,
          either("without a map: a column to leave out; may be given again",
                 "sans carte : une colonne à laisser de côté ; peut être répétée"));
  import->add_flag("--yes", import_.look.yes,
                   either("without a map: import as proposed", "sans carte : importer tel que proposé"));
  add_format(*import, import_format_, {"table", "json"});
  import->callback([this] {
    import_.format = format_of(import_format_);
    code_ = finish(cli::run_import(import_));
  });
}

/// sync, sources.
void CommandLine::add_sources() {
  CLI::App* sync = command("sync", either("bring what is new from the workspace's sources",
                                          "apporter ce qu'il y a de nouveau dans les sources de l'espace de travail"));
  add_workspace(*sync, sync_.workspace);
  refuse_empty(sync->add_option("SOURCE", sync_.source,
                                either("this source alone; default: all", "cette source seule ; par défaut toutes")));
  add_format(*sync, sync_format_, {"table", "json"});
  sync->callback([this] {
    sync_.format = format_of(sync_format_);
    code_ = finish(cli::run_sync(sync_));
  });
  CLI::App* sources = command("sources", either("how each source stands: its last sync, lag, rows and errors",
                                                "où en est chaque source : dernier passage, retard, lignes, erreurs"));
  add_workspace(*sources, sources_.workspace);
  add_format(*sources, sources_format_, {"table", "json"});
  sources->callback([this] {
    sources_.format = format_of(sources_format_);
    code_ = finish(cli::run_sources(sources_));
  });
}

/// ingest singer.
void CommandLine::add_ingest() {
  CLI::App* ingest = command(
      "ingest", either("take a stream that another program sends", "prendre un flux qu'envoie un autre programme"));
  add_workspace(*ingest, singer_.read.workspace);
  singer_.add_to(*ingest);
  add_format(*ingest, singer_format_, {"table", "json"});
  ingest->callback([this] {
    singer_.read.format = format_of(singer_format_);
    code_ = finish(cli::run_ingest_singer(singer_.options()));
  });
}

/// kpi, board.
void CommandLine::add_asking() {
  CLI::App* kpi = command("kpi", either("one KPI", "un KPI"));
  add_kpi(*kpi, kpi_.kpi);
  add_question(*kpi, kpi_);
  kpi->callback([this] { code_ = finish(cli::run_kpi(options_of(kpi_))); });

  CLI::App* board = command("board", either("the ten KPIs at once", "les dix KPI d'un coup"));
  add_question(*board, board_);
  board->callback([this] { code_ = finish(cli::run_board(options_of(board_))); });
}

/// export.
void CommandLine::add_export() {
  export_.add_to(
      *command("export", cli::ExportCommand::help()),
      [this](CLI::App& command, bool of_one_kpi) {
        Ask& ask = of_one_kpi ? export_kpi_ : export_board_;
        if (of_one_kpi) add_kpi(command, ask.kpi);
        ask.format.clear();  // by the ending of the file
        add_question(command, ask, {"csv", "xlsx", "parquet"});
      },
      [this](bool of_one_kpi) {
        const Ask& ask = of_one_kpi ? export_kpi_ : export_board_;
        cli::AskOptions out = options_of(ask);
        if (!ask.format.empty()) out.fields.emplace_back("format", ask.format);
        return out;
      },
      [this](const Result<>& result) { code_ = finish(result); });
}

/// explain, why, reconcile, propose.
void CommandLine::add_looking() {
  CLI::App* explain =
      command("explain", either("what is behind a figure: definition, measures, rows, sources, queries",
                                "ce qu'il y a derrière un chiffre : définition, mesures, lignes, sources, requêtes"));
  add_kpi(*explain, explain_.kpi);
  refuse_empty(explain->add_option(
                   "--rows", explain_rows_,
                   either("list the first N rows of each measure", "lister les N premières lignes de chaque mesure")))
      ->capture_default_str();
  add_question(*explain, explain_);
  explain->callback([this] { code_ = finish(cli::run_explain(options_of(explain_), explain_rows_)); });

  CLI::App* why = command("why", either("why a figure moved: the change by dimension, in rate and mix",
                                        "pourquoi un chiffre a bougé : l'écart par dimension, en taux et en mix"));
  add_kpi(*why, why_.kpi);
  add_question(*why, why_, {"table", "json"});
  why->callback([this] { code_ = finish(cli::run_why(options_of(why_))); });

  CLI::App* reconcile = command("reconcile", either("the bridge between two definitions of a figure",
                                                    "le passage entre deux définitions d'un chiffre"));
  add_kpi(*reconcile, reconcile_first_, "FIRST");
  add_kpi(*reconcile, reconcile_last_, "LAST");
  add_question(*reconcile, reconcile_, {"table", "json"});
  reconcile->callback(
      [this] { code_ = finish(cli::run_reconcile(reconcile_first_, reconcile_last_, options_of(reconcile_))); });

  CLI::App* propose =
      command("propose", either("the horizon of inactivity and the window of conversion, from the data",
                                "l'horizon d'inactivité et la fenêtre de conversion, d'après les données"));
  add_workspace(*propose, propose_.workspace);
  propose
      ->add_option(
          "--write", propose_.write,
          either("adopt what is proposed: inactivity_days, window", "adopter la proposition : inactivity_days, window"))
      ->check([](const std::string& given) {
        const std::vector<std::string> known{"inactivity_days", "window"};
        if (std::ranges::find(known, given) != known.end()) return std::string();
        return fmt::format("nothing is proposed for \"{}\"; {}", given, suggestion(given, known));
      })
      ->delimiter(',')
      ->allow_extra_args(false);
  add_format(*propose, propose_format_, {"table", "json"});
  propose->callback([this] {
    propose_.format = format_of(propose_format_);
    code_ = finish(cli::run_propose(propose_));
  });
}

/// kpis, model, check, checks, serve.
void CommandLine::add_reading() {
  CLI::App* kpis =
      command("kpis", either("every KPI: aliases, variants, meaning", "tous les KPI : alias, variantes, sens"));
  refuse_empty(kpis->add_option("-w,--workspace", kpis_folder_,
                                either("workspace whose own definitions count too",
                                       "espace de travail dont les définitions comptent aussi")))
      ->capture_default_str();
  refuse_empty(kpis->add_option(
      "ID", kpis_kpi_, either("one KPI: all that the handbook says of it", "un KPI : tout ce qu'en dit le manuel")));
  add_format(*kpis, kpis_format_, {"table", "json", "markdown"});
  kpis->callback([this] { code_ = finish(cli::run_kpis(kpis_folder_, kpis_kpi_, format_of(kpis_format_))); });

  CLI::App* model = command("model", either("the canonical tables, or the columns of one",
                                            "les tables canoniques, ou les colonnes de l'une"));
  add_workspace(*model, model_folder_);
  refuse_empty(model->add_option("TABLE", model_table_, either("table or relation", "table ou relation")));
  add_format(*model, model_format_, {"table", "json"});
  model->callback([this] { code_ = finish(cli::run_model(model_folder_, model_table_, format_of(model_format_))); });

  CLI::App* check =
      command("check", either("check a workspace: settings, definitions, maps, warehouse",
                              "contrôler un espace de travail : réglages, définitions, cartes, entrepôt"));
  add_workspace(*check, check_folder_);
  check->callback([this] { code_ = finish(cli::run_check(check_folder_)); });

  CLI::App* checks = command("checks", either("what maps and sources expect of their rows, and how it stands",
                                              "ce que cartes et sources attendent de leurs lignes, et où on en est"));
  add_workspace(*checks, checks_.workspace);
  checks->add_flag("--again", checks_.again,
                   either("look at all rows again first, with the checks as they are said now",
                          "d'abord relire toutes les lignes, avec les contrôles tels qu'ils sont dits à présent"));
  add_format(*checks, checks_format_, {"table", "json"});
  checks->callback([this] {
    checks_.format = format_of(checks_format_);
    code_ = finish(cli::run_checks(checks_));
  });

  CLI::App* serve = command(
      "serve", either("serve a workspace: the page and the API", "servir un espace de travail : la page et l'API"));
  add_workspace(*serve, serve_.workspace);
  serve->add_option("--host", serve_.host, either("address to listen on", "adresse d'écoute"))->capture_default_str();
  serve
      ->add_option("--port", serve_.port,
                   either("port to listen on; 0: any free one", "port d'écoute ; 0 : un port libre"))
      ->capture_default_str();
  serve
      ->add_option("--allow-host", serve_.host_names,
                   either("host name by which others ask for it, e.g. vigie.intern",
                          "nom d'hôte par lequel d'autres le demandent, p. ex. vigie.intern"))
      ->take_all()
      ->allow_extra_args(false);
  add_time_limit(*serve, serve_time_limit_,
                 either("seconds that a request may take, all its questions together",
                        "secondes que peut prendre une requête, toutes ses questions ensemble"));
  serve->callback([this] {
    if (!serve_time_limit_.empty()) serve_.time_limit = time_limit_of(serve_time_limit_);
    code_ = finish(cli::run_serve(serve_));
  });
}

/// What is wrong with the values of an option, where that is what the library found; it names the option and no more.
std::optional<std::string> wrong_value(const CLI::App& at, const CLI::ParseError& problem) {
  const std::string found = problem.what();
  for (const CLI::Option* one : at.get_options()) {
    const std::string name = one->get_name();
    if (problem.get_name() == "ArgumentMismatch" && found.starts_with(name + ":"))
      return one->results().size() > 1 ? fmt::format("{} is given {} times", name, one->results().size())
                                       : fmt::format("{} wants a value", name);
    if (problem.get_name() == "ConversionError" && !one->results().empty() &&
        found.find(name + " = ") != std::string::npos)
      return fmt::format("{}: \"{}\" is no whole number", name, one->results().back());
  }
  return std::nullopt;
}

/// A line that does not parse, as every other error: what was found, the nearest thing that is known.
Error CommandLine::usage_error(const CLI::ParseError& problem) const {
  const auto parsed = app_.get_subcommands();
  const auto within = parsed.empty() ? parsed : parsed.front()->get_subcommands();
  const CLI::App& at = parsed.empty() ? app_ : within.empty() ? *parsed.front() : *within.front();
  const std::string help = parsed.empty() ? "vigie help" : "vigie help " + parsed.front()->get_name();
  const auto unknown = at.remaining();
  if (parsed.empty()) {
    std::vector<std::string> known;
    for (const CLI::App* one : app_.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(one->get_name());
    if (unknown.empty()) return {"command.missing", "no command is given", ErrorKind::usage, {}, "see " + help};
    const std::string near = nearest_name(unknown.front(), known);
    return {"command.unknown",
            fmt::format("no command \"{}\"", unknown.front()),
            ErrorKind::usage,
            {},
            near.empty() ? "see " + help : did_you_mean(near)};
  }
  if (!unknown.empty()) {
    std::vector<std::string> known;
    for (const CLI::Option* one : at.get_options())
      for (const std::string& name : one->get_lnames()) known.push_back("--" + name);
    const std::string near = unknown.front().starts_with("--") ? nearest_name(unknown.front(), known) : "";
    return {"command.unexpected",
            fmt::format("\"{}\" takes no \"{}\"", at.get_name(), unknown.front()),
            ErrorKind::usage,
            {},
            near.empty() ? "see " + help : did_you_mean(near)};
  }
  if (problem.get_name() == "RequiredError") {
    for (const CLI::Option* one : at.get_options())
      if (one->get_required() && one->count() == 0)
        return {"command.required",
                fmt::format("\"{}\" wants {}", at.get_name(), one->get_name()),
                ErrorKind::usage,
                {},
                "see " + help};
  }
  return {"command.value",
          wrong_value(at, problem).value_or(problem.what()),
          ErrorKind::usage,
          {},
          problem.get_name() == "ValidationError" ? "" : "see " + help};
}

int CommandLine::run(std::vector<std::string> words) {
  // "help kpi" is "kpi --help", "help quarantine fix" that of the command within.
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.resize(std::min<std::size_t>(words.size(), 2));
    words.emplace_back("--help");
  }
  // "--by= --to …", as scripts write it where a variable is empty: CLI11 would take the next word for the value.
  for (const std::string& word : words) {
    if (word == "--") break;
    if (word.starts_with("--") && word.ends_with('=') && word.find('=') == word.size() - 1)
      return finish(fail(ErrorKind::usage, "command.value",
                         fmt::format("{}: the text is empty", word.substr(0, word.size() - 1)), {},
                         "give it a value, or leave the option out"));
  }
  std::ranges::reverse(words);  // as CLI11 wants them
  try {
    app_.parse(words);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return app_.exit(problem);
    return finish(std::unexpected(usage_error(problem)));
  }
  return code_;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error like a full disk, with its sentence
  try {
    return CommandLine().run({argv + 1, argv + argc});
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "vigie: %s\n", (either("unexpected: ", "inattendu : ") + problem.what()).c_str());
    return static_cast<int>(ErrorKind::internal);
  }
}
