#pragma once
#include <vector>

#include "server/events/events.h"

namespace vigie::events {

/// A request may bring so many at most.
constexpr std::size_t kMostEvents = 50'000;
/// Members that the applier adds to each event.
constexpr std::string_view kSequenceMember = "_sequence", kReceivedMember = "_received_at";

/// How a body is to be read.
struct Sent {
  std::string content_type;
  std::string map;        ///< of all events, which then stand as they are; "": each names its own, in an envelope
  std::string id_member;  ///< of events without envelope: the member that holds each one's own id; "" none
  std::string key;        ///< header Idempotency-Key; with the position in the body the key of who has no id
};

/// One JSON object, a list of them, or one a line (by the content type).
///
/// Errors, each with its line: request.content_type, json.invalid (usage); events.none, events.too_many,
/// events.not_an_object, events.envelope, events.no_id, events.reserved (data).
Result<std::vector<Posted>> read_events(std::string_view body, const Sent& sent);

/// The objects of a JSON document (one, or a list of them), as they stand, with the lines where they begin.
struct Piece {
  std::string_view text;
  int line = 0;
};
Result<std::vector<Piece>> objects_in(std::string_view document);

/// The same object without line breaks: in valid JSON they stand between tokens alone.
std::string on_one_line(std::string_view object);

}  // namespace vigie::events
