#include "cli/demo_command.h"

#include <unistd.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/render.h"

namespace vigie::cli {
namespace {

/// Up to so many customers a board takes less than a second, where making the demo takes several.
constexpr int kBoardReadyUpTo = 20'000;

}  // namespace

Result<> run_demo(const std::filesystem::path& folder, const demo::Options& options) {
  const SystemClock clock;
  demo::Progress progress;
  if (::isatty(STDERR_FILENO) != 0)
    progress = [](std::string_view step, double share) {
      std::fprintf(stderr, "\r\033[K%.*s %3.0f %%", static_cast<int>(step.size()), step.data(), share * 100);
    };
  const auto written = demo::make(folder, options, clock, progress);
  if (progress) std::fprintf(stderr, "\r\033[K");
  if (!written) return std::unexpected(written.error());
  std::int64_t rows = 0;
  for (const auto& [path, count] : written->rows) rows += count;
  const std::string text = fmt::format("{}\n  {} – {} · {} CSV · {}\n", words(Words::workspace_made, folder.string()),
                                       to_string(written->first_day), to_string(written->end_date),
                                       written->rows.size(), words(Words::rows_imported, std::to_string(rows)));
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return fail(ErrorKind::unavailable, "output.failed", "standard output cannot be written");
  // After what was made is told: nobody waits for a line on it. A board that is not ready is answered when it is asked.
  if (options.customers <= kBoardReadyUpTo) [[maybe_unused]]
    const Result<> ready = make_board_ready(folder);
  return {};
}

}  // namespace vigie::cli
