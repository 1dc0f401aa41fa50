#include "sources/run.h"

#include "base/hash.h"
#include "base/text.h"
#include "ingest/held_checks.h"
#include "sources/data_until.h"
#include "sources/database_preset.h"
#include "sources/due.h"
#include "sources/folder.h"
#include "sources/reader.h"

namespace vigie::sources {
namespace {

constexpr std::string_view kCursorNote = "cursor", kFileNote = "file", kWholeNote = "whole";

/// A note is of one reading: under another digest it says nothing.
std::optional<std::string_view> said_of(std::string_view digest, std::string_view note) {
  if (!note.starts_with(digest) || note.substr(digest.size(), 1) != "\n") return std::nullopt;
  return note.substr(digest.size() + 1);
}

/// A place as it is noted: how long the cursor's text is, that, and "=" with the tie break's where there is one. Any
/// text may hold any letter.
std::string text_of(const Position& position) {
  return fmt::format("{}\n{}{}", position.cursor.size(), position.cursor, position.tie ? "=" + *position.tie : "");
}

std::optional<Position> position_in(std::string_view text) {
  const auto end = text.find('\n');
  const auto size = whole_number(text.substr(0, end));
  if (end == std::string_view::npos || !size || *size < 0 || end + 1 + static_cast<std::size_t>(*size) > text.size())
    return std::nullopt;
  text.remove_prefix(end + 1);
  Position out{std::string(text.substr(0, static_cast<std::size_t>(*size))), std::nullopt};
  const std::string_view rest = text.substr(out.cursor.size());
  if (!rest.empty()) out.tie = rest.substr(1);
  return out;
}

/// One source on its way.
class Run {
 public:
  Run(const Context& context, const Order& order, const Source& source)
      : context_(context),
        order_(order),
        source_(source),
        feeds_(source.feeds),
        begun_(std::chrono::steady_clock::now()),
        stop_{order.cancelled, begun_ + source.longest},
        before_(last_runs_of(context.workspace, source.id)),
        started_(context.ingest.clock.now()) {
    for (const Feed& feed : feeds_) {
      FeedReport& report = reports_.emplace_back();
      report.source = source.id;
      report.map = id_on_record(before_, feed.map_file, context.workspace);
      tables_.push_back(line_before(report.map).table);
    }
  }

  std::vector<FeedReport> all() {
    Result<> done = begin();
    if (done) done = source_.kind == Kind::files ? take_files() : take_rows();
    if (!done) blame(done.error());
    const bool never_was = !done && done.error().code == "engine.cancelled";
    const Result<> told = write_last_runs(context_.workspace, source_.id, never_was ? before_ : runs_at_the_end());
    if (!told) not_told(told.error());
    return std::move(reports_);
  }

 private:
  /// The one that was under way when it happened; those after it are left.
  void blame(const Error& error) {
    FeedReport& report = reports_[std::min(at_, reports_.size() - 1)];
    report.outcome = Outcome::failed;
    report.error = error;
  }

  /// That it is not on record how it went changes nothing of what came.
  void not_told(const Error& error) {
    for (FeedReport& report : reports_)
      if (!report.receipts.empty()) {
        report.receipts.back().warnings.push_back(error.message);
        return;
      }
    if (std::ranges::none_of(reports_, [](const FeedReport& one) { return one.error.has_value(); })) blame(error);
  }

  /// All of them, also where one cannot be read: the others are on record by their ids.
  Result<> read_maps() {
    Result<> first;
    std::size_t first_at = 0;
    for (at_ = 0; at_ < feeds_.size(); ++at_) {
      auto map = map_of(source_, feeds_[at_], context_.ingest.model, context_.ingest.calendar.zone().name());
      if (!map) {
        if (first) first = std::unexpected(std::move(map.error())), first_at = at_;
        continue;
      }
      reports_[at_].map = map->id;
      tables_[at_] = map->table->name;
      maps_.push_back(std::move(*map));
    }
    at_ = first_at;
    return first;
  }

  Result<> begin() {
    VIGIE_CHECK(read_maps());
    VIGIE_TRY(notes_, ingest::notes_of(context_.ingest.database, source_.id));
    std::vector<std::string> ids;
    for (const ingest::Map& map : maps_) ids.push_back(map.id);
    VIGIE_CHECK(check_names_of_maps(source_, ids));
    return write_last_runs(context_.workspace, source_.id, runs_at_the_beginning());
  }

  /// Of what decides which rows come, and what becomes of them: what was noted under another one says nothing.
  std::string reading_digest() const {
    return text_digest(source_.digest() + feeds_[at_].digest() + maps_[at_].digest).substr(0, 16);
  }

  /// What the map has of that kind, of which it has one; without what it is of.
  std::optional<std::string_view> noted(std::string_view kind) const {
    for (const ingest::Note& note : notes_)
      if (note.map == maps_[at_].id && note.kind == kind && note.name.empty())
        return said_of(reading_digest(), note.value);
    return std::nullopt;
  }

  ingest::Note note(std::string_view kind, std::string_view said) const {
    return {source_.id, maps_[at_].id, std::string(kind), "", fmt::format("{}\n{}", reading_digest(), said)};
  }

  /// Where the last reading of all rows is so long ago that another one is due.
  bool is_due_whole() const {
    if (!feeds_[at_].whole) return false;
    const auto said = noted(kWholeNote);
    const auto last = said ? std::optional(parse_instant(*said)) : std::nullopt;
    return !last || !*last || started_.micros - (*last)->micros >= feeds_[at_].whole->count() * kMicrosPerSecond;
  }

  std::optional<Position> since() const {
    const auto said = is_due_whole() ? std::nullopt : noted(kCursorNote);
    return said ? position_in(*said) : std::nullopt;
  }

  Result<std::unique_ptr<Reader>> open() const {
    switch (source_.kind) {
      case Kind::sqlite: return open_sqlite(source_, stop_);
      case Kind::postgres: return open_postgres(source_, stop_);
      case Kind::mysql: return open_mysql(source_, stop_);
      case Kind::files: break;
    }
    return fail(ErrorKind::internal, "source.kind", "a folder has no reader");
  }

  /// A preset is of all versions of a product: what it asks of this one.
  Result<> meet_preset(Reader& reader) {
    if (!source_.preset) return {};
    const Dialect& dialect = reader.dialect();
    auto found = source_.preset->feeds_in([&](const std::string& table) { return reader.columns_of(table); },
                                          [&](std::string_view name) { return dialect.table(name); },
                                          [&](std::string_view name) { return dialect.identifier(name); });
    if (!found) {
      if (!found.error().where.known()) found.error().where = source_.where;
      return std::unexpected(std::move(found.error()));
    }
    for (std::size_t i = 0; i < found->size(); ++i) {
      feeds_[i] = (*found)[i].feed;
      reports_[i].missing = (*found)[i].missing;
      if (!reports_[i].missing.empty()) reports_[i].outcome = Outcome::absent;
    }
    return {};
  }

  struct Reading {
    std::optional<RowsFile> rows;
    std::optional<Position> since;
    Brought brought;
  };

  void progress(std::string_view stage) const {
    if (order_.progress) order_.progress(stage, 0);
  }

  /// All of them from one state of the source, then each into the warehouse.
  Result<> take_rows() {
    std::vector<Reading> readings(feeds_.size());
    {
      progress("connect");
      VIGIE_TRY(const std::unique_ptr<Reader> reader, open());
      VIGIE_CHECK(meet_preset(*reader));
      for (at_ = 0; at_ < feeds_.size(); ++at_) {
        if (reports_[at_].outcome == Outcome::absent) continue;
        progress("read the source");
        Reading& reading = readings[at_];
        if (feeds_[at_].mode == Mode::cursor) reading.since = since();
        VIGIE_TRY(RowsFile rows, RowsFile::make(context_.workspace / "data"));
        VIGIE_TRY(reading.brought, reader->read(feeds_[at_], reading.since, rows));
        VIGIE_CHECK(rows.close());
        reports_[at_].rows = rows.rows();
        reading.rows.emplace(std::move(rows));
      }
    }
    for (at_ = 0; at_ < feeds_.size(); ++at_) {
      if (reports_[at_].outcome == Outcome::absent) continue;
      const auto begun = std::chrono::steady_clock::now();
      VIGIE_CHECK(take(readings[at_]));
      readings[at_].rows.reset();
      reports_[at_].seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    }
    return {};
  }

  std::string shown(const Position& position) const {
    return source_.kind == Kind::sqlite ? position.cursor.substr(2) : position.cursor;  // it keeps the type before it
  }

  Result<> take(const Reading& reading) {
    const Feed& feed = feeds_[at_];
    FeedReport& report = reports_[at_];
    const bool by_cursor = feed.mode == Mode::cursor;
    const std::optional<Position> upto = reading.brought.upto ? reading.brought.upto : reading.since;
    if (upto) report.reached = shown(*upto);
    const bool tells_what_is_gone = feed.whole && !reading.since;
    if (by_cursor && !tells_what_is_gone && reading.rows->rows() == 0) {
      report.outcome = Outcome::nothing_new;
      report.data_until = data_until(reading);
      return {};
    }
    ingest::Request request = request_of(at_);
    const std::string label = fmt::format("{}: {}", source_.id, feed.query.empty() ? feed.table : maps_[at_].id);
    request.supply =
        ingest::Supply{reading.rows->path(), by_cursor ? fmt::format("{}, {}", label, to_string(started_)) : label,
                       label, !by_cursor || !reading.since, reading.brought.written};
    if (feed.whole && request.supply->whole) request.notes.push_back(note(kWholeNote, to_string(started_)));
    if (by_cursor && upto) request.notes.push_back(note(kCursorNote, text_of(*upto)));
    VIGIE_CHECK(import(request, report));
    report.data_until = data_until(reading);
    return {};
  }

  /// A cursor that is no time tells how far, and not of when: all that was there when the run began is here now.
  std::optional<Instant> data_until(const Reading& reading) const {
    const Feed& feed = feeds_[at_];
    const std::optional<Position>& upto = reading.brought.upto ? reading.brought.upto : reading.since;
    if (feed.mode != Mode::cursor || !upto) return started_;
    const auto told = told_until({shown(*upto), feed.cursor, reading.brought.upto_in_utc}, maps_[at_],
                                 context_.ingest.calendar.zone());
    if (!told) return started_;
    // Where nothing new came, whoever read that value last has told of it.
    return reading.brought.upto ? std::optional(std::min(*told, started_)) : std::nullopt;
  }

  ingest::Request request_of(std::size_t feed) const {
    ingest::Request out;
    out.map_file = feeds_[feed].map_file;
    if (!source_.checks.empty()) out.checks = maps_[feed].checks;
    out.progress = order_.progress;
    out.cancelled = order_.cancelled;
    return out;
  }

  Result<Turn> turn_to_write() const { return context_.turn ? context_.turn(source_.id, order_.cancelled) : Turn(); }

  Result<> import(const ingest::Request& request, FeedReport& report) {
    VIGIE_TRY(const Turn turn, turn_to_write());
    VIGIE_TRY(ingest::Receipt receipt, ingest::run(context_.ingest, request));
    if (auto refused = ingest::nothing_taken(receipt)) return std::unexpected(*std::move(refused));
    const bool news = !receipt.already_imported && !receipt.nothing_new;
    if (news) report.outcome = Outcome::brought;
    else if (report.outcome != Outcome::brought) report.outcome = Outcome::nothing_new;
    report.receipts.push_back(std::move(receipt));
    return {};
  }

  /// A file that cannot be taken keeps none of the later ones from it, but where each is the whole truth of its day.
  Result<> take_files() {
    Result<> first;
    std::size_t first_at = 0;
    for (at_ = 0; at_ < feeds_.size(); ++at_) {
      const Result<> done = take_files_of(feeds_[at_]);
      if (!done && done.error().code == "engine.cancelled") return done;
      if (!done && first) first = done, first_at = at_;
      if (!done) blame(done.error());
    }
    at_ = first_at;
    return first;
  }

  /// Those of the map that a check refused, and that have not come since.
  Result<std::set<std::string>> missing_files() const {
    VIGIE_TRY(const std::vector<checks::State> states, ingest::check_states(context_.ingest.database));
    std::set<std::string> out;
    for (const checks::State& state : states)
      if (state.map == maps_[at_].id && state.refused)
        for (const checks::Missing& one : state.refused->missing) out.insert(one.name);
    return out;
  }

  Result<> take_files_of(const Feed& feed) {
    FeedReport& report = reports_[at_];
    TakenFiles taken;
    for (const ingest::Note& note : notes_)
      if (const auto blank = note.value.find(' '); note.map == maps_[at_].id && note.kind == kFileNote)
        taken[note.name] = {note.value.substr(0, blank), note.value.substr(std::min(blank, note.value.size() - 1) + 1)};
    VIGIE_TRY(const std::set<std::string> missing, missing_files());
    VIGIE_TRY(const Found found, look_for_news(source_, feed, maps_[at_].mode, taken, missing, order_.whole, started_));
    report.outcome = Outcome::nothing_new;
    VIGIE_CHECK(note_known(found.known, !missing.empty()));
    const bool in_order = maps_[at_].mode == ingest::Mode::snapshot;
    Result<> first;
    for (const NewFile& one : found.news) {
      const FolderFile& file = one.file;
      ingest::Request request = request_of(at_);
      request.files = {file.path};
      request.called = file.name;
      request.notes = {note_of(one)};
      const Result<> done = import(request, report);
      if (done) report.data_until = std::max(report.data_until.value_or(file.changed), file.changed);
      if (!done && first) first = done;
      if (!done && (in_order || done.error().code == "engine.cancelled")) break;
    }
    for (const ingest::Receipt& receipt : report.receipts) report.rows += receipt.read + receipt.filtered;
    return first;
  }

  ingest::Note note_of(const NewFile& one) const {
    return {source_.id, maps_[at_].id, std::string(kFileNote), one.file.name,
            fmt::format("{} {}", one.digest, one.file.stands)};
  }

  Result<> note_known(const std::vector<NewFile>& files, bool some_are_missing) {
    if (files.empty()) return {};
    std::vector<ingest::Note> notes;
    std::vector<std::string> names;
    for (const NewFile& one : files) notes.push_back(note_of(one)), names.push_back(one.file.name);
    VIGIE_TRY(const Turn turn, turn_to_write());
    VIGIE_CHECK(ingest::note(context_.ingest, notes));
    return some_are_missing ? ingest::note_back(context_.ingest.database, maps_[at_].id, std::move(names)) : Result<>();
  }

  /// How each map stood before, under way now: who finds it so later knows that this run did not come to its end.
  LastRuns runs_at_the_beginning() const {
    LastRuns out;
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      LastRun& line = out.emplace_back(line_of(i));
      line.outcome = Outcome::begun;
      line.error.reset();
      count_failure(line);
    }
    return out;
  }

  LastRuns runs_at_the_end() const {
    LastRuns out;
    for (std::size_t i = 0; i < reports_.size(); ++i) {
      const FeedReport& report = reports_[i];
      LastRun& line = out.emplace_back(line_of(i));
      line.outcome = report.outcome;
      line.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
      if (report.outcome == Outcome::brought || report.outcome == Outcome::nothing_new) {
        line.last_good = started_;
        line.failures = 0;
        line.failing_since.reset();
      } else if (report.outcome == Outcome::absent) {
        line.last_good = line.data_until = line.failing_since = line.behind_from = std::nullopt;  // nothing is expected
        line.failures = 0, line.seconds = 0, line.reached.clear();
      } else {
        count_failure(line);
      }
      line.rows = report.rows;
      if (!report.reached.empty()) line.reached = report.reached;
      if (report.data_until)
        line.data_until = std::max(line.data_until.value_or(*report.data_until), *report.data_until);
      line.error = report.error;
      line.behind_from = behind_from(source_, line, context_.ingest.calendar.zone());
      for (const ingest::Receipt& receipt : report.receipts) {
        line.loaded += receipt.loaded;
        line.updated += receipt.updated;
        line.deleted += receipt.deleted;
        line.quarantined += receipt.quarantined;
      }
    }
    return out;
  }

  LastRun line_of(std::size_t at) const {
    LastRun out = line_before(reports_[at].map);
    out.map_file = file_on_record(feeds_[at].map_file, context_.workspace);
    out.table = tables_[at];
    return out;
  }

  /// What of the runs before this one still holds.
  LastRun line_before(const std::string& map) const {
    LastRun out;
    if (const auto known = std::ranges::find(before_, map, &LastRun::map); known != before_.end()) {
      out.last_good = known->last_good;
      out.data_until = known->data_until;
      out.failures = known->failures;
      out.failing_since = known->failing_since;
      out.behind_from = known->behind_from;
      out.reached = known->reached;
      out.table = known->table;
    }
    out.map = map;
    out.began = started_;
    return out;
  }

  void count_failure(LastRun& line) const {
    ++line.failures;
    if (!line.failing_since) line.failing_since = started_;
  }

  const Context& context_;
  const Order& order_;
  const Source& source_;
  std::vector<Feed> feeds_;  ///< those of the source; once it is open, as its tables are
  std::chrono::steady_clock::time_point begun_;
  Stop stop_;
  LastRuns before_;
  Instant started_;
  std::vector<FeedReport> reports_;
  std::vector<std::string> tables_;  ///< of each; as it was on record while its map cannot be read
  std::vector<ingest::Map> maps_;
  std::vector<ingest::Note> notes_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<FeedReport> run(const Context& context, const Order& order, const Source& source) {
  return Run(context, order, source).all();
}

}  // namespace vigie::sources
