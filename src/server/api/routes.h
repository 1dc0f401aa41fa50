#pragma once
#include "server/api/port.h"
#include "server/events/events.h"
#include "server/http/server.h"
#include "server/http/static_files.h"

namespace vigie::api {

/// So much one request may push.
constexpr std::size_t kMostPushedBytes = 10UL << 20;

/// Everything a server answers: the API over a Port, the files of the web app, health. Holds no state of its own beside
/// them; any thread may call it. `port` must outlive it.
///
///   Routes routes(port, std::move(files), "0.1.0");
///   auto options = routes.server_options();   // then limits, host names, log
///
/// Over the workspace's own socket also POST /api/v1/import and /api/v1/sync, GET /api/v1/check and their like, which
/// read files with the rights of this process and are therefore nobody else's; and there the header Vigie-Protocol must
/// be ours.
class Routes {
 public:
  Routes(Port& port, std::optional<http::StaticFiles> files, std::string version);

  /// From now on events are taken, through this door, which must outlive *this. Without one each is refused.
  void take_events_at(events::Door& door) { events_ = &door; }

  /// From now on a source can be asked for, through this. Without it each such request is refused.
  void sync_through(std::function<Result<>(const std::string& source)> ask) { ask_for_ = std::move(ask); }

  std::optional<http::Response> immediate(const http::Request& request) const;
  http::Response handle(const http::Request& request, const http::CancelToken& token) const;

  /// Options whose handlers are these; *this must outlive the server.
  http::ServerOptions server_options() const;

 private:
  struct Call;
  struct Route;
  static const std::vector<Route>& table();

  http::Response workspace(const Call& call) const;
  http::Response catalogue(const Call& call) const;
  http::Response kpi(const Call& call) const;
  http::Response board(const Call& call) const;
  http::Response ask(const Call& call) const;
  http::Response handbook(const Call& call) const;
  http::Response model(const Call& call) const;
  http::Response explain(const Call& call) const;
  http::Response why(const Call& call) const;
  http::Response reconcile(const Call& call) const;
  http::Response propose(const Call& call) const;
  http::Response quarantine(const Call& call) const;
  http::Response quarantined_row(const Call& call) const;
  http::Response fix_rows(const Call& call) const;
  http::Response replay_rows(const Call& call) const;
  http::Response drop_rows(const Call& call) const;
  http::Response change_quarantine(QuarantineVerb verb, const Call& call) const;
  http::Response erase(const Call& call) const;
  http::Response erasures(const Call& call) const;
  http::Response check(const Call& call) const;
  http::Response checks(const Call& call) const;
  http::Response check_again(const Call& call) const;
  http::Response dimension_values(const Call& call) const;
  http::Response export_kpi(const Call& call) const;
  http::Response export_board(const Call& call) const;
  http::Response export_table(const Call& call) const;
  http::Response export_maps(const Call& call) const;
  http::Response exported(ExportOrder order, const Call& call) const;
  http::Response import(const Call& call) const;
  http::Response sync(const Call& call) const;
  http::Response sources(const Call& call) const;
  http::Response ask_for_source(const Call& call) const;
  http::Response singer(const Call& call) const;
  http::Response take_events(const Call& call) const;
  http::Response take_webhook(const Call& call) const;
  http::Response event_status(const Call& call) const;
  http::Response batch(const std::vector<Result<Fields>>& questions, const Call& call) const;

  Port& port_;
  events::Door* events_ = nullptr;
  std::function<Result<>(const std::string&)> ask_for_;
  const std::optional<http::StaticFiles> files_;
  const std::string version_;
};

}  // namespace vigie::api
