#pragma once
#include "cli/backend.h"

namespace vigie::cli {

enum class Format { table, json, csv, markdown };

struct AskOptions {
  std::filesystem::path workspace = ".";
  plan::Fields fields;
  Format format = Format::table;
  TimeLimit time_limit = {};
};

struct ImportOptions {
  std::filesystem::path workspace = ".";
  std::vector<std::filesystem::path> maps;  ///< files or folders; none: the map is proposed
  /// What a person says of a file that has no map yet.
  struct Look {
    std::string table, date_order, decimal, day, sheet;
    std::string currency, key, amounts;
    std::vector<std::string> words, without, columns;  ///< TEXT=VALUE; columns; COLUMN=NAME
    std::vector<std::string> read;                     ///< WORD=VALUE: how the file is to be read
    bool yes = false;                                  ///< the map is taken as it is proposed
  } look;
  std::string preset;              ///< the files are objects of a product: its maps, in their order
  std::vector<std::string> files;  ///< PATH or NAME=PATH
  std::optional<std::filesystem::path> folder;
  Format format = Format::table;
};

/// As they were typed; "" all.
struct QuarantineOptions {
  std::filesystem::path workspace = ".";
  std::string map, batch, rows;
  std::string by, from;                 ///< list: by reason; lines left out at the beginning
  std::vector<std::string> words = {};  ///< numbers of rows; of replay also a file of rows
  std::vector<std::string> where = {};  ///< KEY=TEXT
  std::vector<std::string> set = {};    ///< COLUMN=TEXT
  std::string out, in, map_file, why, who;
  Format format = Format::table;
};

struct EraseOptions {
  std::filesystem::path workspace = ".";
  std::string id, source, who;
  bool dry_run = false, yes = false;
  Format format = Format::table;
};

struct SingerOptions {
  std::filesystem::path workspace = ".";
  std::string tap, preset;                            ///< "": the preset's name
  std::map<std::string, std::filesystem::path> maps;  ///< stream → map
  std::int64_t piece = 50'000;                        ///< lines that are kept at once
  double max_deleted = 0.5;
  bool only_state = false;
  Format format = Format::table;
};

struct ExportOptions {
  std::filesystem::path workspace = ".";
  api::ExportOrder order;
  std::string file;  ///< "": standard output
  std::string maps;  ///< a folder for the maps that read a table back; "": none
  bool force = false;
  TimeLimit time_limit = {};
};

struct SyncOptions {
  std::filesystem::path workspace = ".";
  std::string source;  ///< "" all
  Format format = Format::table;
};

/// Each prints on standard output and returns; errors are printed by main.
Result<> run_init(const std::filesystem::path& folder, const workspace::InitOptions& options);
Result<> run_import(const ImportOptions& options);
/// Imports through maps, one after the other; the receipts go to `json`, a list that is begun, or are printed.
Result<> import_maps(const ImportOptions& options, JsonWriter* json);
/// Maps for a file that has none, told and kept in the workspace; with --yes it is imported. Fails with what they ask
/// (import.question).
Result<> run_import_proposed(const ImportOptions& options);
/// Gives the files to the objects of a preset, and imports all its maps.
Result<> run_import_preset(const ImportOptions& options);
/// The rows that imports could not take, a line for each defect or each reason; one of them whole.
Result<> run_quarantine(const QuarantineOptions& options);
Result<> run_quarantine_show(const QuarantineOptions& options);
/// What is ordered of them: other values, another run through their maps, that they are not wanted.
Result<> run_quarantine_fix(const QuarantineOptions& options);
Result<> run_quarantine_replay(const QuarantineOptions& options);
Result<> run_quarantine_drop(const QuarantineOptions& options);
/// A customer goes, once that is confirmed; and those that went.
Result<> run_erase_customer(const EraseOptions& options);
Result<> run_erase_list(const EraseOptions& options);
/// The stream of a Singer tap, from standard input; or the STATE that is kept of it.
Result<> run_ingest_singer(const SingerOptions& options);
/// What is new in one source, or in all; and how they stand.
Result<> run_sync(const SyncOptions& options);
Result<> run_sources(const SyncOptions& options);
Result<> run_kpi(const AskOptions& options);
Result<> run_board(const AskOptions& options);
/// An answer, the board or a table as a file.
Result<> run_export(const ExportOptions& options);
/// Answers the board that asks for nothing in particular and keeps it where a board is kept: the first who asks for it
/// that day reads it back.
Result<> make_board_ready(const std::filesystem::path& workspace);
/// What is printed on standard output; fails with `output.failed`.
Result<> print(const std::string& text);
/// The KPIs of the catalogue, those of a workspace with them, or what the handbook says of one; the model's tables, or
/// one table's columns.
Result<> run_kpis(const std::filesystem::path& workspace, const std::string& kpi, Format format);
Result<> run_model(const std::filesystem::path& workspace, const std::string& table, Format format);
Result<> run_explain(const AskOptions& options, int rows);
Result<> run_reconcile(const std::string& first, const std::string& last, const AskOptions& options);
Result<> run_why(const AskOptions& options);
struct ProposeOptions {
  std::filesystem::path workspace = ".";
  std::vector<std::string> write;  ///< what to adopt: inactivity_days, window
  Format format = Format::table;
};
Result<> run_propose(const ProposeOptions& options);
struct ServeOptions {
  std::filesystem::path workspace = ".";
  std::string host = "127.0.0.1";
  int port = 8080;
  std::vector<std::string> host_names;  ///< by which others may ask for it
  TimeLimit time_limit = {};            ///< of each request, all its questions together
};
/// Serves until it is told to stop.
Result<> run_serve(const ServeOptions& options);
struct ChecksOptions {
  std::filesystem::path workspace = ".";
  bool again = false;
  Format format = Format::table;
};
/// How the checks of maps and sources stand.
Result<> run_checks(const ChecksOptions& options);
Result<> run_check(const std::filesystem::path& workspace);

}  // namespace vigie::cli
