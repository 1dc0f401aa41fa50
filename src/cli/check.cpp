#include "workspace/check.h"

#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/render.h"
#include "server/events/check_events.h"

namespace vigie::cli {
namespace {

Result<std::vector<Error>> findings(const std::filesystem::path& folder) {
  if (const auto server = running_server(folder, std::nullopt)) return server->check();
  const SystemClock clock;
  return workspace::check(folder, clock, events::check);
}

}  // namespace

Result<> run_check(const std::filesystem::path& folder) {
  VIGIE_TRY(const std::vector<Error> found, findings(folder));
  if (found.empty()) return print(fmt::format("{}\n", words(Words::workspace_fine, folder.string())));
  // The last one goes the way of every error; those before it are printed as it will be.
  for (std::size_t i = 0; i + 1 < found.size(); ++i) print_error(found[i]);
  return std::unexpected(found.back());
}

}  // namespace vigie::cli
