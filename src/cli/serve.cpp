#include <cstdio>

#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/render.h"
#include "server/api/routes.h"
#include "server/api/workspace_port.h"
#include "server/events/event_log.h"
#include "server/upkeep/upkeep.h"
#include "workspace/share.h"

namespace vigie::cli {
namespace {

/// The built web app: as it was installed, or where the sources beside it are built to. Without it the API is served
/// alone; one that is there and cannot be served is told of.
std::optional<http::StaticFiles> web_app() {
  const auto share = workspace::share_folder();
  if (!share) return std::nullopt;
  const std::filesystem::path web = *share / "web";
  std::error_code ignored;
  const bool is_source = std::filesystem::exists(web / "package.json", ignored);
  auto files = http::StaticFiles::load(is_source ? web / "dist" : web);
  if (files) return std::move(*files);
  if (files.error().code != "web.missing") print_error(files.error());
  return std::nullopt;
}

/// An address as it stands in a URL: one with colons between brackets.
std::string in_url(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

bool is_of_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string exposed(const std::string& host) {
  return french() ? fmt::format(
                        "vigie\u00a0: {} est ouvert à d'autres machines, et personne n'a à "
                        "s'identifier\u00a0: qui atteint cette adresse lit tout et peut envoyer des "
                        "événements\n",
                        host)
                  : fmt::format(
                        "vigie: {} is open to other machines, and nobody has to sign in: whoever "
                        "reaches that address reads everything and may push events\n",
                        host);
}

}  // namespace

Result<> run_serve(const ServeOptions& options) {
  if (options.port < 0 || options.port > 65'535)
    return fail(ErrorKind::usage, "server.port", fmt::format("{} is no port", options.port), {},
                "choose one from 0 to 65535");
  const SystemClock clock;
  VIGIE_TRY(const auto workspace, workspace::Workspace::open(options.workspace, clock, workspace::Holder::server));
  api::WorkspacePort port(*workspace, VIGIE_VERSION, time_allowed(options.time_limit));
  auto files = web_app();
  const bool has_page = files.has_value();
  events::EventLog events(*workspace, clock, print_error);
  upkeep::Upkeep upkeep(*workspace, {print_error, print_notice});
  api::Routes routes(port, std::move(files), VIGIE_VERSION);
  routes.take_events_at(events);
  routes.sync_through([&upkeep](const std::string& source) { return upkeep.ask(source); });
  http::ServerOptions answering = routes.server_options();
  answering.host_names = options.host_names;
  answering.observe = http::fault_log(stderr);
  VIGIE_TRY(const auto server, http::Server::make(std::move(answering)));
  VIGIE_TRY(const std::uint16_t bound, server->listen(options.host, static_cast<std::uint16_t>(options.port)));
  VIGIE_CHECK(server->listen_local(options.workspace / "data" / "vigie.sock"));
  if (!is_of_this_machine(options.host)) std::fprintf(stderr, "%s", exposed(options.host).c_str());
  // Before anybody is told where it is, and may stop it.
  server->take_signals();
  std::printf("%s\n", words(has_page ? Words::serving : Words::serving_without_page,
                            fmt::format("http://{}:{}", in_url(options.host), bound))
                          .c_str());
  std::fflush(stdout);
  server->run();
  return {};
}

}  // namespace vigie::cli
