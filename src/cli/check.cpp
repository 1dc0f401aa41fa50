#include "workspace/check.h"

#include <algorithm>

#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/render.h"
#include "server/events/check_events.h"

namespace vigie::cli {
namespace {

Result<std::vector<Error>> findings(const std::filesystem::path& folder) {
  const SystemClock clock;
  ServerWait wait(folder);
  while (true) {
    if (const auto server = running_server(folder, std::nullopt)) return server->check();
    auto found = workspace::check(folder, clock, events::check);
    const bool locked = std::ranges::any_of(found, [](const Error& one) { return one.code == "workspace.locked"; });
    if (!locked || !wait.again()) return found;
  }
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
