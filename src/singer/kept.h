#pragma once
#include "ingest/supply.h"
#include "singer/message.h"
#include "store/database.h"

namespace vigie::singer {

/// A stream of a tap, as its last SCHEMA describes it.
struct Stream {
  std::string name, object;       ///< which object of the preset it is, or "": that of no preset
  std::vector<std::string> keys;  ///< none: a record is known by all that it says
  std::vector<SchemaColumn> columns;
  std::int64_t run = 0;  ///< in which its SCHEMA came last
  bool is_read = true;   ///< by an object of the preset, or by a map; its records are passed over otherwise
};

/// A record on its way.
struct Arrival {
  std::string key;  ///< "": of a stream without one
  std::optional<std::int64_t> version;
  std::string extracted, gone, json;
};

/// How the arrivals of one stream stand to what was kept.
struct Settled {
  std::string stream;
  std::int64_t fresh = 0, changed = 0, unchanged = 0, repeated = 0;
};

/// What the taps of a workspace gave: _singer_streams and _singer_rows of the warehouse, and STATE among the places of
/// sources (_syncs). Everything that is written is in the transaction that whoever holds it has begun.
class Kept {
 public:
  static Result<> prepare(store::Database& database);
  Kept(store::Connection& connection, std::string tap) : connection_(connection), tap_(std::move(tap)) {}

  Result<std::vector<Stream>> streams();
  Result<> keep(const Stream& stream);
  /// Rows in the form of append_arrival; `piece` numbers those that are new or changed.
  struct Arrivals {
    std::filesystem::path file;
    std::size_t longest = 0;  ///< of its lines
    bool any_without_key = false;
  };
  Result<std::vector<Settled>> settle(const Arrivals& arrivals, std::int64_t run, std::int64_t piece);
  /// How many rows there are, and of that version; those that were there before `run`; those that would be gone.
  struct Counts {
    std::int64_t of_version = 0, before = 0, others = 0;
  };
  Result<Counts> counts(const std::string& stream, std::int64_t version, std::int64_t run);
  /// Marks the rows of other versions as gone, since that moment.
  Result<std::int64_t> activate(const std::string& stream, std::int64_t version, std::int64_t piece,
                                const std::string& moment);
  /// One of the tap's notes: "state", "piece", "run"; "" where there is none.
  Result<std::string> note(const std::string& kind);
  Result<> set_note(const std::string& kind, const std::string& value, std::int64_t moment);
  /// The last piece that changed a row; 0 where there is none.
  Result<std::int64_t> last_piece();
  /// Writes the rows of a stream, one a line, as read_kept reads them. `since`: of later pieces alone.
  Result<> write_rows(const std::string& stream, std::int64_t since, bool with_gone, const std::filesystem::path& out);

 private:
  std::string of_tap() const { return "tap = " + store::quote_text(tap_); }
  store::Connection& connection_;
  std::string tap_;
};

/// A row out of write_rows.
struct KeptRow {
  std::string_view key, extracted, gone, json;
};
KeptRow read_kept(std::string_view line);

/// One record as settle reads it.
void append_arrival(std::string& out, std::int64_t number, const std::string& stream, const Arrival& arrival);

}  // namespace vigie::singer
