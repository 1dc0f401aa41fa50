#pragma once
// cli/ — the vigie command: arguments in, answers out, exit codes that scripts can use (0 fine, 1 the answer is a failed
// check, 2 bad usage, 3 bad data, 4 unavailable). No business rule lives here.
//
//   main.cpp        the command line (CLI11), nothing else
//   backend.h       where answers come from: the folder itself, or the server that has it open
//   commands.h      one function a command
//   render.h        tables for a terminal, in French or English
#include <filesystem>
#include <memory>
#include <string>

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
};

/// The workspace itself, opened here; or the running server, when one holds the lock.
Result<std::unique_ptr<Backend>> connect(const std::filesystem::path& folder, const Clock& clock);

}  // namespace vigie::cli
