#pragma once
// cli/ — the vigie command: arguments in, answers out, exit codes that scripts can use (0 fine, 1 the answer is a
// failed check, 2 bad usage, 3 bad data, 4 unavailable). No business rule lives here.
//
//   main.cpp        the command line (CLI11), nothing else
//   backend.h       where answers come from: the folder itself, or the server that has it open
//   commands.h      one function a command
//   render.h        tables for a terminal, in French or English
#include <filesystem>
#include <memory>
#include <string>

#include "cli/language.h"
#include "server/api/port.h"
#include "workspace/workspace.h"

namespace vigie::cli {

/// What the commands ask of a workspace, whoever holds it.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::vector<Result<kpi::Answer>> ask(const std::vector<plan::Fields>& questions) = 0;
  virtual Result<ingest::Receipt> import(const ingest::Request& request) = 0;
  /// The JSON of docs/api.md: everything behind a figure, the bridge between two variants, the parts of a change.
  virtual Result<std::string> explain(const plan::Fields& question, int rows) = 0;
  virtual Result<std::string> reconcile(const plan::Fields& first, const plan::Fields& last) = 0;
  virtual Result<std::string> why(const plan::Fields& question) = 0;
  /// Rows that wait, one of them whole, and what is ordered of them: JSON.
  virtual Result<std::string> quarantine(const plan::Fields& fields) = 0;
  virtual Result<std::string> quarantined_row(const std::string& id) = 0;
  virtual Result<std::string> change_quarantine(api::QuarantineVerb verb, const api::QuarantineOrder& order) = 0;
  virtual Result<std::string> erase(const api::EraseOrder& order) = 0;  ///< the receipt: JSON
  virtual Result<std::string> erasures() = 0;
  virtual Result<std::string> sync(const std::string& source) = 0;   ///< of all where it is empty: JSON
  virtual Result<std::string> sources() = 0;                         ///< how each stands: JSON
  virtual Result<std::string> checks(bool again) = 0;                ///< how those of maps and sources stand: JSON
  virtual Result<std::string> singer(const std::string& order) = 0;  ///< a piece of a tap's stream: JSON
  /// A file of an answer or a table; and the maps that read the latter back: JSON.
  virtual Result<exports::Exported> export_to(const api::ExportOrder& order, const exports::Destination& to) = 0;
  virtual Result<std::string> return_maps(const api::ExportOrder& order, const std::string& file) = 0;
  virtual Result<std::string> propose() = 0;  ///< what the data propose: JSON
  /// The ten, in the order of the board.
  virtual Result<std::vector<std::string>> headline() = 0;
  virtual Result<std::string> catalogue() = 0;                     ///< JSON
  virtual Result<std::string> handbook(Language language) = 0;     ///< Markdown
  virtual Result<std::string> model(const std::string& name) = 0;  ///< JSON of one table, with an empty name of all
  virtual Result<std::vector<Error>> check() = 0;
  /// The workspace that was opened for this, which nothing is asked of through here any more; null of a server, whose
  /// it is.
  virtual std::unique_ptr<workspace::Workspace> release() = 0;
};

/// How long what is asked may take, all of it together, where that was said; and what holds where it was not.
using TimeLimit = std::optional<std::chrono::milliseconds>;
std::chrono::milliseconds time_allowed(TimeLimit said);

/// The workspace itself, opened here; or the running server, when one holds the lock.
Result<std::unique_ptr<Backend>> connect(const std::filesystem::path& folder, const Clock& clock, TimeLimit limit);

/// The server that has the workspace open; null where there is none. It keeps to its own limit, which is said where
/// another was asked for.
std::unique_ptr<Backend> running_server(const std::filesystem::path& folder, TimeLimit limit);

/// A server has the workspace a while before it answers, and a while after it has ceased to. Who was refused for its
/// lock tries again, for as long as this says so: some seconds; not at all where somebody else has it.
class ServerWait {
 public:
  explicit ServerWait(std::filesystem::path folder) : folder_(std::move(folder)) {}
  bool again();  ///< after a pause

 private:
  std::filesystem::path folder_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  int tries_ = 0;
  bool told_ = false;
};

}  // namespace vigie::cli
