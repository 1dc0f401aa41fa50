#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.h"
#include "cli/demo_command.h"

namespace {

using namespace vigie;

/// Options shared by the commands that ask: each becomes a field of the question.
struct AskArguments {
  std::string kpi, workspace = ".", format = "table";
  std::map<std::string, std::string> fields;
  std::vector<std::string> params;
};

void add_ask_options(CLI::App& command, AskArguments& out) {
  command.add_option("-w,--workspace", out.workspace, "workspace folder")->capture_default_str();
  for (const auto& [flag, field, help] : std::initializer_list<std::tuple<const char*, const char*, const char*>>{
           {"--from", "from", "first day, 2025-01-01"},
           {"--to", "to", "first day after the last"},
           {"--grain", "grain", "hour, day, week, month, quarter, year, total"},
           {"--by", "by", "dimensions, separated by commas"},
           {"--where", "where", "filter, e.g. \"channel = 'paid'\""},
           {"--compare", "compare", "previous_period, previous_year, previous_year_weekday, target, FROM..TO"},
           {"--as-of", "as_of", "a date (its end) or an instant"},
           {"--currency", "currency", "reporting currency"},
           {"--version", "version", "version of the definition"},
           {"--top", "top", "keep the N largest split values"},
           {"--align", "align", "workday: cut to-date by elapsed working days"}})
    command.add_option(flag, out.fields[field], help);
  command.add_option("--param", out.params, "parameter of the definition, name=value")->take_all();
  command.add_option("--format", out.format, "table, json, csv")->check(CLI::IsMember({"table", "json", "csv"}))->capture_default_str();
}

cli::Format format_of(const std::string& name) {
  return name == "json" ? cli::Format::json : name == "csv" ? cli::Format::csv : name == "markdown" ? cli::Format::markdown : cli::Format::table;
}

cli::AskOptions ask_options(const AskArguments& arguments) {
  cli::AskOptions out;
  out.workspace = arguments.workspace;
  out.format = format_of(arguments.format);
  if (!arguments.kpi.empty()) out.fields.emplace_back("kpi", arguments.kpi);
  for (const auto& [field, text] : arguments.fields)
    if (!text.empty()) out.fields.emplace_back(field, text);
  for (const std::string& param : arguments.params) {
    const auto equals = param.find('=');
    out.fields.emplace_back("param." + param.substr(0, equals), equals == std::string::npos ? "" : param.substr(equals + 1));
  }
  return out;
}

int finish(const Result<>& result) {
  if (result) return 0;
  std::fprintf(stderr, "vigie: %s\n", result.error().text().c_str());
  return static_cast<int>(result.error().kind);
}

Result<> demo_of(const std::string& folder, demo::Options options, const std::string& end) {
  if (!end.empty()) {
    VIGIE_TRY(options.end_date, parse_date(end));
  }
  return cli::run_demo(folder, options);
}

int run(int argc, char** argv) {
  CLI::App app{"Vigie: the commercial performance of a company, in ten KPIs one can defend"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("vigie ") + VIGIE_VERSION);
  int code = 0;

  std::string init_folder;
  workspace::InitOptions init_options;
  CLI::App* init = app.add_subcommand("init", "make a workspace");
  init->add_option("DIR", init_folder)->required();
  init->add_option("--company", init_options.company, "name of the company");
  init->add_option("--currency", init_options.currency, "reporting currency")->capture_default_str();
  init->add_option("--time-zone", init_options.time_zone, "reporting time zone")->capture_default_str();
  init->add_option("--fiscal-start", init_options.fiscal_start, "month-day on which the fiscal year begins")->capture_default_str();
  init->add_option("--week-start", init_options.week_start, "day on which weeks begin")->capture_default_str();
  init->callback([&] { code = finish(cli::run_init(init_folder, init_options)); });

  std::string demo_folder, demo_end;
  demo::Options demo_options;
  CLI::App* demo = app.add_subcommand("demo", "make a believable company to try things on");
  demo->add_option("DIR", demo_folder)->required();
  demo->add_option("--customers", demo_options.customers, "buying customers, about; 10000 make about 50,000 orders")->capture_default_str();
  demo->add_option("--seed", demo_options.seed, "another seed, another company")->capture_default_str();
  demo->add_option("--months", demo_options.months, "whole months of data before the current one")->capture_default_str();
  demo->add_option("--end", demo_end, "last day with data, 2025-12-31; default: yesterday");
  demo->callback([&] { code = finish(demo_of(demo_folder, demo_options, demo_end)); });

  cli::ImportOptions import_options;
  std::string import_format = "table";
  CLI::App* import = app.add_subcommand("import", "import files through a map");
  import->add_option("-w,--workspace", import_options.workspace, "workspace folder")->capture_default_str();
  import->add_option("--map", import_options.maps, "map file, or a folder of maps")->required()->take_all();
  import->add_option("--from", import_options.folder, "folder of the input files");
  import->add_option("FILES", import_options.files, "files in place of the map's own; NAME=PATH for one of several inputs");
  import->add_option("--format", import_format, "table, json")->check(CLI::IsMember({"table", "json"}))->capture_default_str();
  import->callback([&] {
    import_options.format = format_of(import_format);
    code = finish(cli::run_import(import_options));
  });

  AskArguments kpi_arguments;
  CLI::App* kpi = app.add_subcommand("kpi", "one KPI");
  kpi->add_option("ID", kpi_arguments.kpi, "KPI, or KPI:variant")->required();
  add_ask_options(*kpi, kpi_arguments);
  kpi->callback([&] { code = finish(cli::run_kpi(ask_options(kpi_arguments))); });

  AskArguments board_arguments;
  CLI::App* board = app.add_subcommand("board", "the ten KPIs at once");
  add_ask_options(*board, board_arguments);
  board->callback([&] { code = finish(cli::run_board(ask_options(board_arguments))); });

  AskArguments explain_arguments;
  int explain_rows = 0;
  CLI::App* explain = app.add_subcommand("explain", "what is behind a figure: definition, measures, rows, sources, queries");
  explain->add_option("ID", explain_arguments.kpi, "KPI, or KPI:variant")->required();
  explain->add_option("--rows", explain_rows, "list the first N rows of each measure")->check(CLI::Range(0, 100'000));
  add_ask_options(*explain, explain_arguments);
  explain->callback([&] { code = finish(cli::run_explain(ask_options(explain_arguments), explain_rows)); });

  AskArguments why_arguments;
  CLI::App* why = app.add_subcommand("why", "why a figure moved: the change by dimension, in rate and mix");
  why->add_option("ID", why_arguments.kpi, "KPI, or KPI:variant")->required();
  add_ask_options(*why, why_arguments);
  why->callback([&] { code = finish(cli::run_why(ask_options(why_arguments))); });

  AskArguments reconcile_arguments;
  std::string reconcile_first, reconcile_last;
  CLI::App* reconcile = app.add_subcommand("reconcile", "the bridge between two definitions of a figure");
  reconcile->add_option("FIRST", reconcile_first, "KPI, or KPI:variant")->required();
  reconcile->add_option("LAST", reconcile_last, "KPI, or KPI:variant")->required();
  add_ask_options(*reconcile, reconcile_arguments);
  reconcile->callback([&] { code = finish(cli::run_reconcile(reconcile_first, reconcile_last, ask_options(reconcile_arguments))); });

  std::string kpis_folder = ".", kpis_format = "table";
  CLI::App* kpis = app.add_subcommand("kpis", "every KPI: aliases, variants, meaning");
  kpis->add_option("-w,--workspace", kpis_folder, "workspace whose own definitions count too")->capture_default_str();
  kpis->add_option("--format", kpis_format, "table, json, markdown")->check(CLI::IsMember({"table", "json", "markdown"}))->capture_default_str();
  kpis->callback([&] { code = finish(cli::run_kpis(kpis_folder, format_of(kpis_format))); });

  std::string model_table, model_format = "table";
  CLI::App* model = app.add_subcommand("model", "the canonical tables, or the columns of one");
  model->add_option("TABLE", model_table, "table or relation");
  model->add_option("--format", model_format, "table, json")->check(CLI::IsMember({"table", "json"}))->capture_default_str();
  model->callback([&] { code = finish(cli::run_model(model_table, format_of(model_format))); });

  std::string check_folder = ".";
  CLI::App* check = app.add_subcommand("check", "check a workspace: settings, definitions, maps, warehouse");
  check->add_option("-w,--workspace", check_folder, "workspace folder")->capture_default_str();
  check->callback([&] { code = finish(cli::run_check(check_folder)); });

  cli::ServeOptions serve_options;
  CLI::App* serve = app.add_subcommand("serve", "serve a workspace: the page and the API");
  serve->add_option("-w,--workspace", serve_options.workspace, "workspace folder")->capture_default_str();
  serve->add_option("--host", serve_options.host, "address to listen on")->capture_default_str();
  serve->add_option("--port", serve_options.port, "port to listen on")->capture_default_str();
  serve->callback([&] { code = finish(cli::run_serve(serve_options)); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : static_cast<int>(ErrorKind::usage);
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "vigie: unexpected: %s\n", problem.what());
    return static_cast<int>(ErrorKind::internal);
  }
}
