#include "sources/run.h"

#include "base/hash.h"
#include "base/text.h"
#include "sources/folder.h"
#include "sources/journal.h"
#include "sources/reader.h"

namespace vigie::sources {
namespace {

constexpr std::string_view kCursorNote = "cursor", kFileNote = "file";

/// A place as it is noted: of what it is one, how long the cursor's text is, that, and "=" with the tie break's where
/// there is one. Any text may hold any letter.
std::string note_of(const std::string& digest, const Position& position) {
  return fmt::format("{}\n{}\n{}{}", digest, position.cursor.size(), position.cursor,
                     position.tie ? "=" + *position.tie : "");
}

std::optional<Position> position_in(std::string_view note, std::string_view digest) {
  if (!note.starts_with(digest) || note.substr(digest.size(), 1) != "\n") return std::nullopt;
  note.remove_prefix(digest.size() + 1);
  const auto end = note.find('\n');
  const auto size = whole_number(note.substr(0, end));
  if (end == std::string_view::npos || !size || *size < 0 || end + 1 + static_cast<std::size_t>(*size) > note.size())
    return std::nullopt;
  note.remove_prefix(end + 1);
  Position out{std::string(note.substr(0, static_cast<std::size_t>(*size))), std::nullopt};
  const std::string_view rest = note.substr(out.cursor.size());
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
        stop_{order.cancelled, std::chrono::steady_clock::now() + source.longest} {
    for (const Feed& feed : source.feeds) {
      FeedReport& report = reports_.emplace_back();
      report.source = source.id;
      report.map = feed.map_file.stem().string();
    }
  }

  std::vector<FeedReport> all() {
    Result<> done = begin();
    if (done) done = source_.kind == Kind::files ? take_files() : take_rows();
    if (!done) blame(done.error());
    if (const Result<> told = tell(); !told) not_told(told.error());
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

  Result<> begin() {
    VIGIE_TRY(notes_, ingest::notes_of(context_.ingest.database, source_.id));
    for (at_ = 0; at_ < source_.feeds.size(); ++at_) {
      VIGIE_TRY(ingest::Map map,
                map_of(source_, source_.feeds[at_], context_.ingest.model, context_.ingest.calendar.zone().name()));
      reports_[at_].map = map.id;
      maps_.push_back(std::move(map));
    }
    at_ = 0;
    before_ = read_journal(context_.workspace, source_.id);
    started_ = context_.ingest.clock.now();
    return write_journal(context_.workspace, source_.id, journal(Outcome::begun));
  }

  /// Of what decides which rows come, and what becomes of them: a place that was reached under another one is none.
  std::string reading_digest() const {
    return text_digest(source_.digest() + source_.feeds[at_].digest() + maps_[at_].digest).substr(0, 16);
  }

  std::optional<Position> since() const {
    for (const ingest::Note& note : notes_)
      if (note.map == maps_[at_].id && note.kind == kCursorNote && note.name.empty())
        return position_in(note.value, reading_digest());
    return std::nullopt;
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
    RowsFile::remove_stale(context_.workspace / "data");
    std::vector<Reading> readings(source_.feeds.size());
    {
      progress("connect");
      VIGIE_TRY(const std::unique_ptr<Reader> reader, open());
      for (at_ = 0; at_ < source_.feeds.size(); ++at_) {
        progress("read the source");
        Reading& reading = readings[at_];
        if (source_.feeds[at_].mode == Mode::cursor) reading.since = since();
        VIGIE_TRY(RowsFile rows, RowsFile::make(context_.workspace / "data"));
        VIGIE_TRY(reading.brought, reader->read(source_.feeds[at_], reading.since, rows));
        VIGIE_CHECK(rows.close());
        reports_[at_].rows = rows.rows();
        reading.rows.emplace(std::move(rows));
      }
    }
    for (at_ = 0; at_ < source_.feeds.size(); ++at_) {
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
    const Feed& feed = source_.feeds[at_];
    FeedReport& report = reports_[at_];
    const bool by_cursor = feed.mode == Mode::cursor;
    const std::optional<Position> upto = reading.brought.upto ? reading.brought.upto : reading.since;
    if (upto) report.reached = shown(*upto);
    if (by_cursor && reading.rows->rows() == 0) {
      report.outcome = Outcome::nothing_new;
      return {};
    }
    ingest::Request request = request_of(at_);
    const std::string label = fmt::format("{}: {}", source_.id, feed.query.empty() ? feed.table : maps_[at_].id);
    request.supply =
        ingest::Supply{reading.rows->path(), by_cursor ? fmt::format("{}, {}", label, to_string(started_)) : label,
                       label, !by_cursor || !reading.since, reading.brought.written};
    if (by_cursor && upto)
      request.notes.push_back(
          {source_.id, maps_[at_].id, std::string(kCursorNote), "", note_of(reading_digest(), *upto)});
    return import(request, report);
  }

  ingest::Request request_of(std::size_t feed) const {
    ingest::Request out;
    out.map_file = source_.feeds[feed].map_file;
    out.progress = order_.progress;
    out.cancelled = order_.cancelled;
    return out;
  }

  Result<> import(const ingest::Request& request, FeedReport& report) {
    std::shared_ptr<void> right;
    if (context_.begin_writing) {
      VIGIE_TRY(right, context_.begin_writing(source_.id, order_.cancelled));
    }
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
    for (at_ = 0; at_ < source_.feeds.size(); ++at_) {
      const Result<> done = take_files_of(source_.feeds[at_]);
      if (!done && done.error().code == "engine.cancelled") return done;
      if (!done && first) first = done, first_at = at_;
      if (!done) blame(done.error());
    }
    at_ = first_at;
    return first;
  }

  Result<> take_files_of(const Feed& feed) {
    FeedReport& report = reports_[at_];
    TakenFiles taken;
    for (const ingest::Note& note : notes_)
      if (const auto blank = note.value.find(' '); note.map == maps_[at_].id && note.kind == kFileNote)
        taken[note.name] = {note.value.substr(0, blank), note.value.substr(std::min(blank, note.value.size() - 1) + 1)};
    VIGIE_TRY(const std::vector<NewFile> files,
              new_files(source_, feed, maps_[at_].mode, taken, context_.ingest.clock.now()));
    report.outcome = Outcome::nothing_new;
    const bool in_order = maps_[at_].mode == ingest::Mode::snapshot;
    Result<> first;
    for (const NewFile& file : files) {
      ingest::Request request = request_of(at_);
      request.files = {file.path};
      request.notes = {{source_.id, maps_[at_].id, std::string(kFileNote), file.name,
                        fmt::format("{} {}", file.digest, file.stands)}};
      const Result<> done = import(request, report);
      if (!done && first) first = done;
      if (!done && (in_order || done.error().code == "engine.cancelled")) break;
    }
    for (const ingest::Receipt& receipt : report.receipts) report.rows += receipt.read + receipt.filtered;
    return first;
  }

  Journal journal(Outcome now) const {
    Journal out;
    for (const FeedReport& report : reports_) {
      JournalLine& line = out.emplace_back();
      const auto known = std::ranges::find(before_, report.map, &JournalLine::map);
      if (known != before_.end()) line.last_good = known->last_good, line.reached = known->reached;
      line.map = report.map;
      line.outcome = now == Outcome::begun ? now : report.outcome;
      line.last_run = started_;
      if (report.outcome == Outcome::brought || report.outcome == Outcome::nothing_new) line.last_good = started_;
      if (now == Outcome::begun && known != before_.end()) line.last_good = known->last_good;
      line.rows = report.rows;
      if (!report.reached.empty()) line.reached = report.reached;
      line.error = report.error;
      for (const ingest::Receipt& receipt : report.receipts) {
        line.loaded += receipt.loaded;
        line.updated += receipt.updated;
        line.deleted += receipt.deleted;
        line.quarantined += receipt.quarantined;
      }
    }
    return out;
  }

  Result<> tell() { return write_journal(context_.workspace, source_.id, journal(Outcome::left)); }

  const Context& context_;
  const Order& order_;
  const Source& source_;
  Stop stop_;
  std::vector<FeedReport> reports_;
  std::vector<ingest::Map> maps_;
  std::vector<ingest::Note> notes_;
  Journal before_;
  Instant started_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<FeedReport> run(const Context& context, const Order& order, const Source& source) {
  return Run(context, order, source).all();
}

}  // namespace vigie::sources
