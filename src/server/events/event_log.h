#pragma once
#include "base/clock.h"
#include "server/events/applier.h"
#include "server/events/events.h"

namespace vigie::events {

/// The door on a real workspace: data/journal/ in front, an applier behind. A workspace that nobody pushes to has
/// neither. The workspace, the clock and what `tell` needs must outlive it.
///
/// Where the journal cannot be opened (its disk has lost records) the rest of the server works, and each event is
/// refused with the reason.
class EventLog final : public Door {
 public:
  /// Opens the journal where there is one, and goes on applying it. Tells of webhooks that cannot be used.
  EventLog(workspace::Workspace& workspace, const Clock& clock, std::function<void(const Error&)> tell,
           const journal::Options& options = {});

  Result<Taken> take(const std::vector<Posted>& events) override;
  Result<Taken> take_webhook(const std::string& name, const http::Request& request) override;
  std::string status(tongue::Language language) override;

 private:
  void look_at_webhooks();
  Result<> ensure_open();
  Result<std::vector<journal::Entry>> entries_of(const std::vector<Posted>& events);
  Result<> open();

  workspace::Workspace& workspace_;
  const Clock& clock_;
  const std::function<void(const Error&)> tell_;
  const journal::Options options_;
  const std::filesystem::path folder_;
  EventMaps maps_;

  std::mutex mutex_;             ///< over opening
  std::optional<Error> closed_;  ///< why the journal is not open
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<Applier> applier_;
};

}  // namespace vigie::events
