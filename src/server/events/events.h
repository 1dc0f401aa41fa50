#pragma once
// events/ — events that other systems push: kept in the journal before they are acknowledged, then applied to the
// warehouse in batches, as rows of the maps that they name.
//
//   event_body.h   a request's body → events, each with its map, its key and its line
//   event_maps.h   the maps that events may name
//   event_log.h    the door on a real workspace: journal in front, applier behind
//   applier.h      journal → warehouse, at most five transactions a second
//   webhook.h      webhooks/NAME.yaml: who sends, how it signs, what becomes of it; signature.h
#include <optional>

#include "base/result.h"
#include "server/http/message.h"
#include "tongue/language.h"

namespace vigie::events {

/// One event as it was sent.
struct Posted {
  std::string map;      ///< id of the map whose record it is
  std::string key;      ///< idempotency key; "" none
  std::string payload;  ///< a JSON object on one line
  int line = 0;         ///< of the body, where it begins
};

/// What became of a request's events: all of them are durable.
struct Taken {
  std::uint64_t first = 0, last = 0;  ///< sequence numbers of those that are new; 0 none
  std::size_t accepted = 0, duplicates = 0;
};

/// Where events come in, as the routes see it. Any thread may call it.
class Door {
 public:
  virtual ~Door() = default;
  /// Keeps all or none. Errors: events.unknown_map, events.map (it cannot take events), map.*, journal.*, and why there
  /// is no journal.
  virtual Result<Taken> take(const std::vector<Posted>& events) = 0;
  /// One delivery of a provider. Errors: webhooks.unknown, webhooks.signature, webhooks.unusable, and those of take.
  virtual Result<Taken> take_webhook(const std::string& name, const http::Request& request) = 0;
  /// How far all this is, as JSON.
  virtual std::string status(tongue::Language language) = 0;
};

}  // namespace vigie::events
