#include "cli/commands.h"
#include "cli/render.h"
#include "workspace/check.h"

namespace vigie::cli {

Result<> run_check(const std::filesystem::path& folder) {
  const SystemClock clock;
  const std::vector<Error> found = workspace::check(folder, clock);
  if (found.empty()) return print(fmt::format("{}\n", words(Words::workspace_fine, folder.string())));
  // The last one goes the way of every error; those before it are printed as it will be.
  for (std::size_t i = 0; i + 1 < found.size(); ++i) std::fprintf(stderr, "vigie: %s\n", found[i].text().c_str());
  return std::unexpected(found.back());
}

}  // namespace vigie::cli
