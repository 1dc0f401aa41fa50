#pragma once
// singer/ — the stream of a Singer tap (SCHEMA, RECORD, STATE, ACTIVATE_VERSION; docs/singer.md) → kept rows → maps.
//
//   singer.h       one piece of a stream taken; what is said of it. report_json.h: both as JSON
//   message.h      a line → a message, or an error with its number
//   kept.h         the rows of every stream as they are now, and STATE, in the warehouse
//   streams.h      which object of a preset a stream is, or which map reads it
//   bring.h        kept rows → the objects of a preset, whole → its maps
//
// A tap says what changed; the maps of a preset look at whole objects (the stage before, what was merged). So the rows
// of each stream are kept as the tap last gave them, by their key_properties. A piece of a stream and the last STATE in
// it are kept in one transaction, or neither is. Maps are run over what is kept: each notes in the transaction of its
// rows up to which piece it has read, so that one that a crash kept from running runs at the next occasion, before a
// STATE is given away.
//
// A version that is activated marks the rows of other versions as gone. What that means is the map's: a row of an
// object that tells deletions is told as deleted, of one that does not it is left out.
#include "ingest/ingest.h"
#include "presets/preset.h"

namespace vigie::singer {

/// What a workspace gives.
struct Context {
  const ingest::Context& ingest;
  std::filesystem::path workspace;
};

/// One piece of a tap's stream. The rows of a stream are kept under the name of the tap.
struct Order {
  std::string tap;                          ///< "": the preset's name, else "singer"
  std::string preset;                       ///< "": none
  std::map<std::string, std::string> maps;  ///< stream → map file, instead
  std::string piece;                        ///< a file of messages, one a line; "": none came
  std::int64_t lines_before = 0;            ///< of the stream: where the piece begins
  std::int64_t run = 0;                     ///< what the report of the stream's first piece said; 0: this is the first
  bool bring = false;                       ///< run the maps after it
  double max_deleted = 0.5;                 ///< share of a stream's rows that an activated version may delete
};

/// What became of the records of one stream: received = fresh + changed + unchanged + repeated + passed_over.
struct StreamReport {
  std::string stream, object;  ///< object of the preset, or id of the map
  std::int64_t received = 0;
  std::int64_t fresh = 0, changed = 0, unchanged = 0;
  std::int64_t repeated = 0;     ///< a later record of the same key came in the same piece
  std::int64_t passed_over = 0;  ///< nobody reads such a stream
  std::int64_t gone = 0;         ///< rows that an activated version lacks
};

struct Report {
  std::int64_t run = 0, lines = 0;
  std::vector<StreamReport> streams;
  bool state_kept = false;
  std::int64_t after_state = 0;  ///< records behind the last STATE of the piece, or all of them
  std::vector<ingest::Receipt> receipts;
  std::vector<Error> told;       ///< of streams that nobody reads, of versions without rows; of maps that failed
  std::optional<Error> stopped;  ///< the line behind which nothing was taken
  std::string state;             ///< kept as of now; "{}" where there is none
};

/// Takes a piece, whole or up to the line that cannot be taken, and runs the maps where that is asked for. `preset`
/// belongs to Order::preset, null where there is none.
///
/// Errors, with which nothing is taken: singer.other_run, singer.map, map.*, file.*, store.*, engine.*. What is wrong
/// in the stream stands in the report.
Result<Report> take(const Context& context, const Order& order, const presets::Preset* preset);

}  // namespace vigie::singer
