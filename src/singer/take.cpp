#include <fstream>

#include "base/file.h"
#include "base/json_text.h"
#include "ingest/map.h"
#include "ingest/traces.h"
#include "singer/bring.h"
#include "singer/streams.h"

namespace vigie::singer {
namespace {

namespace fs = std::filesystem;

/// So many records of a stream tell its columns, where its schema does not.
constexpr std::size_t kSampled = 200;
/// Fewer rows than this may be gone at once, whatever their share: as of a snapshot.
constexpr std::int64_t kFewGone = 10;
constexpr std::size_t kWriteBytes = std::size_t{1} << 20;

/// One piece, from its first line to the one that cannot be taken, or to its end. All within one transaction.
class Piece {
 public:
  Piece(const Context& context, const Order& order, const presets::Preset* preset, Kept& kept, const fs::path& scratch,
        Report& report)
      : context_(context), order_(order), preset_(preset), kept_(kept), scratch_(scratch), report_(report) {}

  Result<> take() {
    number_ = order_.lines_before;
    VIGIE_TRY(const std::string pieces, kept_.note("piece"));
    piece_ = pieces.empty() ? 1 : std::stoll(pieces) + 1;
    VIGIE_CHECK(know_run());
    VIGIE_CHECK(know_privacy());
    VIGIE_TRY(std::vector<Stream> known, kept_.streams());
    for (Stream& stream : known) {
      Known& one = streams_[stream.name];
      one.has_schema = stream.run == run_;
      one.stream = std::move(stream);
    }
    std::ifstream lines(order_.piece, std::ios::binary);
    if (!lines) return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("{} cannot be read", order_.piece));
    for (std::string line; std::getline(lines, line);) {
      ++number_;
      if (std::string_view(line).find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const Result<Message> message = parse_message(line, number_);
      const Result<> taken = message ? take(*message) : Result<>(std::unexpected(message.error()));
      if (!taken && !stops(taken.error())) return taken;
      if (!taken) report_.stopped = taken.error();
      if (report_.stopped) break;
    }
    VIGIE_CHECK(settle());
    return end();
  }

 private:
  struct Known {
    Stream stream;
    std::string schema;  ///< its last one, letter by letter
    bool has_schema = false;
    std::size_t report = 0;
    bool reported = false, changed = false;
    std::set<std::string, std::less<>> columns;
  };

  /// What is wrong in the stream, and not with this machine.
  static bool stops(const Error& error) { return error.code.starts_with("singer."); }

  Result<> know_run() {
    run_ = order_.run == 0 ? piece_ : order_.run;
    VIGIE_TRY(const std::string running, kept_.note("run"));
    if (order_.run != 0 && running != std::to_string(order_.run))
      return fail(ErrorKind::unavailable, "singer.other_run",
                  fmt::format("another stream of {} has begun since: this one ends here", tap()), {},
                  "let one tap of a name run at a time, or give each its name with --tap; what came until now is kept");
    report_.run = run_;
    return {};
  }
  std::string tap() const {
    return !order_.tap.empty() ? order_.tap : order_.preset.empty() ? "singer" : order_.preset;
  }

  Result<> take(const Message& message) {
    switch (message.type) {
      case Message::Type::schema: return take_schema(message);
      case Message::Type::record: return take_record(message);
      case Message::Type::activate_version: return activate(message);
      case Message::Type::state: state_ = message.json, report_.after_state = 0; return {};
    }
    return {};
  }

  StreamReport& report_of(Known& known, const std::string& name) {
    if (!known.reported) {
      known.reported = true;
      known.report = report_.streams.size();
      report_.streams.emplace_back().stream = name;
    }
    StreamReport& out = report_.streams[known.report];
    out.object = known.stream.object;
    if (const auto map = order_.maps.find(name); map != order_.maps.end()) out.object = fs::path(map->second).stem();
    return out;
  }

  Result<> take_schema(const Message& message) {
    Known& known = streams_[message.stream];
    if (known.has_schema && known.schema == message.json && known.stream.keys == message.keys) return {};
    VIGIE_CHECK(settle());  // what came before it came under the key of before
    Stream& stream = known.stream;
    stream.name = message.stream;
    stream.keys = message.keys;
    stream.run = run_;
    known.schema = message.json;
    known.has_schema = true;
    for (const SchemaColumn& column : columns_of(message.json)) add_column(known, column);
    VIGIE_TRY(stream.is_read, know_reader(known));
    report_of(known, message.stream);
    known.changed = true;
    return {};
  }

  static void add_column(Known& known, const SchemaColumn& column) {
    std::vector<SchemaColumn>& columns = known.stream.columns;
    const auto there = std::ranges::find(columns, column.name, &SchemaColumn::name);
    if (there == columns.end()) columns.push_back(column), known.changed = true;
    else if (there->number != column.number) there->number = column.number, known.changed = true;
  }

  /// Whether somebody reads the stream; where nobody does that is told, once.
  Result<bool> know_reader(Known& known) {
    const std::string& name = known.stream.name;
    known.stream.object.clear();
    if (preset_ == nullptr) {
      const auto map = order_.maps.find(name);
      if (map != order_.maps.end()) return true;
      tell_passed_over(fail(ErrorKind::data, "singer.stream", fmt::format("{}: no map reads this stream", name), {},
                            fmt::format("its records are passed over; to read them say --map {}=FILE", name))
                           .error());
      return false;
    }
    auto object = object_of(name, known.schema, {}, *preset_, scratch_);
    if (!object && object.error().code == "preset.object") {
      VIGIE_TRY(const std::vector<std::string> records, first_records(name));
      if (!records.empty()) object = object_of(name, known.schema, records, *preset_, scratch_);
    }
    if (object) {
      known.stream.object = *object;
      return true;
    }
    if (object.error().code != "preset.object") return std::unexpected(object.error());
    tell_passed_over(object.error());
    return false;
  }

  void tell_passed_over(const Error& error) {
    const bool told = std::ranges::any_of(report_.told, [&](const Error& one) { return one.message == error.message; });
    if (!told) report_.told.push_back(error);
  }

  Result<std::vector<std::string>> first_records(const std::string& stream) const {
    std::ifstream lines(order_.piece, std::ios::binary);
    std::vector<std::string> out;
    for (std::string line; out.size() < kSampled && std::getline(lines, line);) {
      if (line.find("\"RECORD\"") == std::string::npos) continue;
      const Result<Message> message = parse_message(line, 0);
      if (message && message->type == Message::Type::record && message->stream == stream) out.push_back(message->json);
    }
    return out;
  }

  Result<> take_record(const Message& message) {
    const auto found = streams_.find(message.stream);
    if (found == streams_.end() || !found->second.has_schema)
      return fail(ErrorKind::data, "singer.no_schema",
                  fmt::format("line {}: a RECORD of {} before its SCHEMA", number_, message.stream), {},
                  "give the whole stream of the tap, from its first line");
    Known& known = found->second;
    StreamReport& report = report_of(known, message.stream);
    if (!known.stream.is_read) {
      ++report.received, ++report.passed_over, ++report_.after_state;
      return {};
    }
    const std::string record = protected_record(message, known);
    Arrival arrival{"", message.version, message.time_extracted, "", record};
    if (!known.stream.keys.empty()) {
      arrival.key = key_of(record, known.stream.keys);
      if (arrival.key.empty())
        return fail(ErrorKind::data, "singer.key",
                    fmt::format("line {}: a RECORD of {} has no value in its key, {}", number_, message.stream,
                                fmt::join(known.stream.keys, ", ")),
                    {},
                    "the key is what key_properties of its SCHEMA says: the tap, or its catalogue, is to be mended");
    }
    for (auto& [name, value] : json_members(record)) {
      if (name == "_sdc_deleted_at") arrival.gone = value;
      if (known.columns.insert(name).second &&
          std::ranges::find(known.stream.columns, name, &SchemaColumn::name) == known.stream.columns.end())
        known.stream.columns.push_back({name, false}), known.changed = true;
    }
    std::ranges::replace_if(arrival.gone, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (arrival.extracted.empty()) arrival.extracted = to_string(context_.ingest.clock.now());
    ++report.received, ++report_.after_state;
    without_key_ = without_key_ || arrival.key.empty();
    const std::size_t begin = buffer_.size();
    append_arrival(buffer_, number_, message.stream, arrival);
    longest_ = std::max(longest_, buffer_.size() - begin);
    return buffer_.size() < kWriteBytes ? Result<>() : write();
  }

  /// What its map hashes is hashed before it is kept; of somebody who was erased, nothing personal is kept.
  std::string protected_record(const Message& message, const Known& known) const {
    const auto& privacy = context_.ingest.privacy;
    std::string out = message.json;
    if (const auto map = hashing_.find(message.stream); map != hashing_.end())
      out = ingest::with_hashed(out, [&](std::string_view name) { return map->second.is_hashed(name); }, *privacy);
    if (!any_erased_) return out;
    const std::string key = known.stream.keys.empty() ? "" : key_of(message.json, known.stream.keys);
    const bool is_known = !key.empty() && privacy->pseudonym(tap(), "singer/" + message.stream, key);
    return ingest::without_erased(out, context_.ingest.model, *privacy, is_known).value_or(out);
  }

  /// Which streams are hashed, by the maps that read them.
  Result<> know_privacy() {
    const auto& privacy = context_.ingest.privacy;
    for (const auto& [stream, file] : order_.maps) {
      VIGIE_TRY(ingest::Map map,
                ingest::Map::load(file, context_.ingest.model, context_.ingest.calendar.zone().name()));
      if (map.hashes()) hashing_.emplace(stream, std::move(map));
    }
    if (privacy == nullptr) {
      hashing_.clear();  // the map itself is refused
      return {};
    }
    VIGIE_TRY(store::Connection connection, context_.ingest.database.connect());
    if (!hashing_.empty()) VIGIE_CHECK(privacy->know_secret(connection));
    VIGIE_TRY(any_erased_, privacy->know_erased(connection));
    return {};
  }

  Result<> write() {
    if (!out_.is_open()) out_.open(scratch_ / "arrivals", std::ios::binary | std::ios::trunc);
    out_ << buffer_;
    out_.flush();
    buffer_.clear();
    if (out_) return {};
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("{} cannot be written", (scratch_ / "arrivals").string()), {},
                "make room, and let the tap run again; nothing of this piece was kept");
  }

  /// What has arrived so far takes its place among the rows that are kept.
  Result<> settle() {
    if (buffer_.empty() && !out_.is_open()) return {};
    VIGIE_CHECK(write());
    out_.close();
    VIGIE_TRY(const std::vector<Settled> all,
              kept_.settle({scratch_ / "arrivals", longest_, without_key_}, run_, piece_));
    for (const Settled& one : all) {
      StreamReport& report = report_of(streams_.at(one.stream), one.stream);
      report.fresh += one.fresh;
      report.changed += one.changed;
      report.unchanged += one.unchanged;
      report.repeated += one.repeated;
    }
    without_key_ = false;
    return {};
  }

  /// Rows of other versions are gone, where there are rows of this one: at the beginning of its first full load a tap
  /// activates a version of which none has come.
  Result<> activate(const Message& message) {
    const auto found = streams_.find(message.stream);
    if (found == streams_.end() || !found->second.stream.is_read) return {};
    VIGIE_CHECK(settle());
    VIGIE_TRY(const Kept::Counts counts, kept_.counts(message.stream, *message.version, run_));
    if (counts.others == 0) return {};
    const bool all_may_go = order_.max_deleted >= 1;
    if (counts.of_version == 0 && !all_may_go) {
      report_.told.push_back(
          fail(ErrorKind::data, "singer.version",
               fmt::format("{}: version {} is activated, and no record of it has come: nothing is deleted",
                           message.stream, *message.version),
               {},
               "where the tap is at the beginning of a full load that is as it should be; where the table is "
               "empty now, say --max-deleted 1")
              .error());
      return {};
    }
    if (counts.others > kFewGone &&
        static_cast<double>(counts.others) > order_.max_deleted * static_cast<double>(counts.before))
      return fail(ErrorKind::data, "singer.max_deleted",
                  fmt::format("line {}: {} of the {} rows of {} are not in its new version: they would be deleted",
                              number_, counts.others, counts.before, message.stream),
                  {}, "if the tap gave all of it, say --max-deleted 1; else let it run again");
    VIGIE_TRY(const std::int64_t gone,
              kept_.activate(message.stream, *message.version, piece_, to_string(context_.ingest.clock.now())));
    report_of(found->second, message.stream).gone += gone;
    return {};
  }

  Result<> end() {
    const std::int64_t moment = context_.ingest.clock.now().micros;
    for (auto& [name, known] : streams_)
      if (known.changed) VIGIE_CHECK(kept_.keep(known.stream));
    VIGIE_CHECK(kept_.set_note("piece", std::to_string(piece_), moment));
    VIGIE_CHECK(kept_.set_note("run", std::to_string(run_), moment));
    report_.lines = number_ - order_.lines_before;
    report_.state_kept = state_.has_value();
    return state_ ? kept_.set_note("state", *state_, moment) : Result<>();
  }

  const Context& context_;
  const Order& order_;
  const presets::Preset* preset_;
  Kept& kept_;
  const fs::path& scratch_;
  Report& report_;
  std::map<std::string, ingest::Map> hashing_;  ///< of a stream, where it hashes
  bool any_erased_ = false;
  std::map<std::string, Known> streams_;
  std::optional<std::string> state_;
  std::string buffer_;
  std::ofstream out_;
  bool without_key_ = false;
  std::size_t longest_ = 0;
  std::int64_t number_ = 0, piece_ = 0, run_ = 0;
};

/// What a killed process left, of days ago: nobody reads it any more.
void remove_left_behind(const fs::path& data) {
  std::error_code ignored;
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  for (fs::directory_iterator at(data, ignored), end; !ignored && at != end; at.increment(ignored)) {
    std::error_code stays;
    if (at->path().filename().string().starts_with("singer-") && fs::last_write_time(at->path(), stays) < yesterday &&
        !stays)
      fs::remove_all(at->path(), stays);
  }
}

}  // namespace

namespace {

/// Rows of a tap are kept as objects of the preset, under the names that the tap gives: what a map hashes after a query
/// would have been kept in clear.
Result<> refuse_hashing_preset(const Context& context, const presets::Preset& preset) {
  for (const presets::Step& step : preset.steps) {
    const auto map =
        ingest::Map::load(preset.map_file(step), context.ingest.model, context.ingest.calendar.zone().name());
    if (map && map->hashes())
      return fail(ErrorKind::usage, "singer.hash",
                  fmt::format("the map {} of the preset {} hashes columns, and rows of a tap are kept before it",
                              map->id, preset.id),
                  map->where, "read that stream by a map of your own: --map STREAM=FILE");
  }
  return {};
}

}  // namespace

Result<Report> take(const Context& context, const Order& order, const presets::Preset* preset) {
  const std::string tap = !order.tap.empty() ? order.tap : order.preset.empty() ? "singer" : order.preset;
  VIGIE_CHECK(Kept::prepare(context.ingest.database));
  VIGIE_CHECK(check_maps(context, order));
  if (preset != nullptr) VIGIE_CHECK(refuse_hashing_preset(context, *preset));
  VIGIE_TRY(store::Connection connection, context.ingest.database.connect());
  Kept kept(connection, tap);
  Report report;
  if (order.run == 0) remove_left_behind(context.workspace / "data");
  if (!order.piece.empty()) {
    VIGIE_TRY(const auto scratch, OwnFolder::in(context.workspace));
    VIGIE_CHECK(
        connection.transaction([&] { return Piece(context, order, preset, kept, scratch->path(), report).take(); }));
  }
  report.run = std::max(report.run, order.run);
  if (order.bring || report.stopped) VIGIE_CHECK(bring(context, order, preset, tap, report));
  VIGIE_TRY(report.state, kept.note("state"));
  if (report.state.empty()) report.state = "{}";
  return report;
}

}  // namespace vigie::singer
