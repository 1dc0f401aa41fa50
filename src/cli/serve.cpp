#include <cstdio>

#include "cli/commands.h"
#include "cli/render.h"
#include "server/api/routes.h"
#include "server/api/workspace_port.h"
#include "workspace/share.h"

namespace vigie::cli {
namespace {

/// The built web app: beside the program's data, or in the source tree. Without it the API is served alone.
std::optional<http::StaticFiles> web_app() {
  const auto share = workspace::share_folder();
  if (!share) return std::nullopt;
  for (const char* place : {"web/dist", "web"}) {
    auto files = http::StaticFiles::load(*share / place);
    if (files) return std::move(*files);
  }
  return std::nullopt;
}

}  // namespace

Result<> run_serve(const ServeOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto workspace, workspace::Workspace::open(options.workspace, clock));
  api::WorkspacePort port(*workspace, VIGIE_VERSION);
  auto files = web_app();
  const bool has_page = files.has_value();
  const api::Routes routes(port, std::move(files), VIGIE_VERSION);
  VIGIE_TRY(const auto server, http::Server::make(routes.server_options()));
  if (options.port < 0 || options.port > 65'535)
    return fail(ErrorKind::usage, "server.port", fmt::format("{} is no port", options.port), {}, "choose one from 0 to 65535");
  VIGIE_TRY(const std::uint16_t bound, server->listen(options.host, static_cast<std::uint16_t>(options.port)));
  VIGIE_CHECK(server->listen_local(options.workspace / "data" / "vigie.sock"));
  std::printf("%s\n", words(has_page ? Words::serving : Words::serving_without_page, fmt::format("http://{}:{}", options.host, bound)).c_str());
  std::fflush(stdout);
  server->run(http::Server::Signals::handle);
  return {};
}

}  // namespace vigie::cli
