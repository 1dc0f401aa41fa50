#include <ranges>

#include "base/hash.h"
#include "base/text.h"
#include "base/yaml_folder.h"
#include "sources/database_preset.h"
#include "sources/folder.h"
#include "sources/journal.h"
#include "sources/reader.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCursorNote = "cursor", kFileNote = "file", kWholeNote = "whole";
constexpr char kBetween = '\x1f';  ///< stands in no text that orders rows

std::string shown_file(const fs::path& file) { return (file.parent_path().filename() / file.filename()).string(); }

std::vector<Error> passed_over(const YamlFolder& folder) {
  std::vector<Error> out;
  for (const fs::path& file : folder.nearly)
    out.push_back({"source.file_name",
                   fmt::format("{} is not read: sources stand in files that end in .yaml", shown_file(file)),
                   ErrorKind::usage,
                   {},
                   fmt::format("name it {}.yaml", file.stem().string())});
  for (const fs::path& file : folder.no_files)
    out.push_back({"source.file_name",
                   fmt::format("{} is not read: it is no file", shown_file(file)),
                   ErrorKind::usage,
                   {},
                   "put a file in its place, or give it another name"});
  return out;
}

/// A file of `sources/`, or what is wrong with it.
struct Loaded {
  fs::path file;
  Result<Source> source;
};

/// Two files of one id would be one source, whose places overwrite each other; and of one preset one name space, whose
/// rows would.
Result<std::vector<Loaded>> load_all(const fs::path& workspace, const fs::path& presets) {
  VIGIE_TRY(const YamlFolder folder, yaml_folder(workspace / "sources"));
  std::vector<Loaded> out;
  for (const fs::path& file : folder.files) {
    auto source = Source::load(file, workspace, presets);
    for (const Loaded& other : out)
      if (source && other.source && source->preset && other.source->preset &&
          source->preset->folder == other.source->preset->folder)
        source =
            fail(ErrorKind::usage, "preset.taken",
                 fmt::format("{} reads with the preset {} already: the rows of both would be one system's",
                             shown_file(other.file), source->preset->id),
                 source->where,
                 "copy the preset's folder into the workspace, give its maps another source, and name that folder");
      else if (source && other.source && other.source->id == source->id)
        source = fail(ErrorKind::usage, "source.id_taken",
                      fmt::format("the source \"{}\" is in {} already", source->id, shown_file(other.file)),
                      source->where, "give one of the two another name");
    out.push_back({file, std::move(source)});
  }
  return out;
}

std::string name_of(const Loaded& one) { return one.source ? one.source->id : one.file.stem().string(); }

/// A failed source in the report.
FeedReport failed(std::string source, std::string map, Error error) {
  FeedReport out;
  out.source = std::move(source);
  out.map = std::move(map);
  out.outcome = Outcome::failed;
  out.error = std::move(error);
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
        stop_{order.cancelled, std::chrono::steady_clock::now() + source.longest} {
    for (const Feed& feed : feeds_) {
      FeedReport& report = reports_.emplace_back();
      report.source = source.id;
      report.map = feed.map_file.stem().string();
    }
  }

  std::vector<FeedReport> all() {
    Result<> done = begin();
    if (done) done = source_.kind == Kind::files ? take_files() : take_rows();
    if (!done) blame(done.error());
    if (const Result<> told = tell(); !told && done) blame(told.error());
    return std::move(reports_);
  }

 private:
  /// The one that was under way when it happened; those after it are left.
  void blame(const Error& error) {
    FeedReport& report = reports_[std::min(at_, reports_.size() - 1)];
    report.outcome = Outcome::failed;
    report.error = error;
  }

  Result<> begin() {
    VIGIE_TRY(notes_, ingest::notes_of(context_.ingest.database, source_.id));
    for (at_ = 0; at_ < feeds_.size(); ++at_) {
      VIGIE_TRY(ingest::Map map,
                map_of(source_, feeds_[at_], context_.ingest.model, context_.ingest.calendar.zone().name()));
      reports_[at_].map = map.id;
      maps_.push_back(std::move(map));
    }
    at_ = 0;
    before_ = read_journal(context_.workspace, source_.id);
    started_ = context_.ingest.clock.now();
    return write_journal(context_.workspace, source_.id, journal(Outcome::begun));
  }

  std::string note_name() const { return text_digest(feeds_[at_].digest() + maps_[at_].digest).substr(0, 16); }

  const ingest::Note* note_of(std::string_view kind) const {
    const std::string name = note_name();
    const auto found = std::ranges::find_if(notes_, [&](const ingest::Note& note) {
      return note.map == maps_[at_].id && note.kind == kind && note.name == name;
    });
    return found == notes_.end() ? nullptr : &*found;
  }

  /// Where the last reading of all rows is so long ago that another one is due.
  bool is_due_whole() const {
    if (!feeds_[at_].whole) return false;
    const ingest::Note* note = note_of(kWholeNote);
    const auto last = note == nullptr ? std::nullopt : std::optional(parse_instant(note->value));
    return !last || !*last || started_.micros - (*last)->micros >= feeds_[at_].whole->count() * kMicrosPerSecond;
  }

  std::optional<Position> since() const {
    if (is_due_whole()) return std::nullopt;
    const std::string name = note_name();
    for (const ingest::Note& note : notes_)
      if (note.map == maps_[at_].id && note.kind == kCursorNote && note.name == name) {
        const auto cut = note.value.find(kBetween);
        if (cut == std::string::npos) return std::nullopt;
        return Position{note.value.substr(0, cut), note.value.substr(cut + 1)};
      }
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
    RowsFile::remove_stale(context_.workspace / "data");
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

  static std::string shown(const Position& position) {
    const bool tagged = position.cursor.size() > 1 && position.cursor[1] == ':';  // sqlite tells the type
    return tagged ? position.cursor.substr(2) : position.cursor;
  }

  Result<> take(const Reading& reading) {
    const Feed& feed = feeds_[at_];
    FeedReport& report = reports_[at_];
    const bool by_cursor = feed.mode == Mode::cursor;
    const std::optional<Position> upto = reading.brought.upto ? reading.brought.upto : reading.since;
    if (upto) report.reached = shown(*upto);
    const bool tells_what_is_gone = feed.whole && !reading.since;
    if (reading.brought.nothing || (by_cursor && !tells_what_is_gone && reading.rows->rows() == 0)) {
      report.outcome = Outcome::nothing_new;
      return {};
    }
    ingest::Request request = request_of(at_);
    const std::string label = fmt::format("{}: {}", source_.id, feed.query.empty() ? feed.table : maps_[at_].id);
    request.supply =
        ingest::Supply{reading.rows->path(), by_cursor ? fmt::format("{}, {}", label, to_string(started_)) : label,
                       label, !by_cursor || !reading.since, reading.brought.written};
    if (feed.whole && request.supply->whole)
      request.notes.push_back({source_.id, maps_[at_].id, std::string(kWholeNote), note_name(), to_string(started_)});
    if (by_cursor && upto)
      request.notes.push_back({source_.id, maps_[at_].id, std::string(kCursorNote), note_name(),
                               fmt::format("{}{}{}", upto->cursor, kBetween, upto->tie)});
    return import(request, report);
  }

  ingest::Request request_of(std::size_t feed) const {
    ingest::Request out;
    out.map_file = feeds_[feed].map_file;
    out.progress = order_.progress;
    out.cancelled = order_.cancelled;
    return out;
  }

  Result<> import(const ingest::Request& request, FeedReport& report) {
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

  Result<> take_files_of(const Feed& feed) {
    FeedReport& report = reports_[at_];
    std::map<std::string, std::string> known;
    for (const ingest::Note& note : notes_)
      if (note.map == maps_[at_].id && note.kind == kFileNote) known[note.name] = note.value;
    VIGIE_TRY(const std::vector<NewFile> files, new_files(source_, feed, known, context_.ingest.clock.now()));
    report.outcome = Outcome::nothing_new;
    const bool in_order = maps_[at_].mode == ingest::Mode::snapshot;
    Result<> first;
    for (const NewFile& file : files) {
      ingest::Request request = request_of(at_);
      request.files = {file.path};
      request.notes = {{source_.id, maps_[at_].id, std::string(kFileNote), file.digest, file.stands}};
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
  std::vector<Feed> feeds_;  ///< those of the source; once it is open, as its tables are
  Stop stop_;
  std::vector<FeedReport> reports_;
  std::vector<ingest::Map> maps_;
  std::vector<ingest::Note> notes_;
  Journal before_;
  Instant started_;
  std::size_t at_ = 0;
};

FeedStatus status_of(const Feed& feed, const std::string& map, const Journal& journal, bool is_under_way) {
  FeedStatus out;
  out.map = map;
  out.mode = feed.mode;
  const auto line = std::ranges::find(journal, map, &JournalLine::map);
  if (line == journal.end()) return out;
  out.outcome = line->outcome;
  out.last_run = line->last_run;
  out.last_good = line->last_good;
  out.rows = line->rows;
  out.loaded = line->loaded;
  out.updated = line->updated;
  out.deleted = line->deleted;
  out.quarantined = line->quarantined;
  out.reached = line->reached;
  out.error = line->error;
  if (line->outcome == Outcome::begun && !is_under_way) {
    out.outcome = Outcome::failed;
    out.error = Error{"source.broke_off",
                      "the last sync did not come to its end: its process was stopped or killed",
                      ErrorKind::unavailable,
                      {},
                      "nothing of it was kept but what its receipts told; sync again"};
  }
  return out;
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::brought: return "brought";
    case Outcome::nothing_new: return "nothing_new";
    case Outcome::failed: return "failed";
    case Outcome::left: return "left";
    case Outcome::absent: return "absent";
    case Outcome::begun: return "begun";
  }
  return "";
}

const Error* Report::first_error() const {
  for (const FeedReport& feed : feeds)
    if (feed.error) return &*feed.error;
  return nullptr;
}

Result<Report> sync(const Context& context, const Order& order) {
  VIGIE_TRY(const std::vector<Loaded> loaded, load_all(context.workspace, context.presets));
  if (loaded.empty())
    return fail(ErrorKind::usage, "source.none", "this workspace has no source: no file sources/*.yaml", {},
                "docs/sources.md tells how to write one");
  std::vector<std::string> names;
  for (const Loaded& one : loaded) names.push_back(name_of(one));
  if (!order.source.empty() && std::ranges::find(names, order.source) == names.end())
    return fail(ErrorKind::usage, "source.unknown", fmt::format("no source \"{}\"", order.source), {},
                suggestion(order.source, names));
  Report out;
  for (const Loaded& one : loaded) {
    if (!order.source.empty() && name_of(one) != order.source) continue;
    if (!one.source) {
      out.feeds.push_back(failed(name_of(one), "", one.source.error()));
      continue;
    }
    std::ranges::move(Run(context, order, *one.source).all(), std::back_inserter(out.feeds));
    if (order.cancelled != nullptr && order.cancelled->load()) break;
  }
  return out;
}

Result<std::vector<Status>> status(const Context& context, const std::string& under_way) {
  VIGIE_TRY(const std::vector<Loaded> loaded, load_all(context.workspace, context.presets));
  std::vector<Status> out;
  for (const Loaded& one : loaded) {
    Status& status = out.emplace_back();
    status.id = name_of(one);
    status.file = shown_file(one.file);
    if (!one.source) {
      status.error = one.source.error();
      continue;
    }
    status.kind = one.source->kind;
    const Journal journal = read_journal(context.workspace, one.source->id);
    std::optional<Instant> last;
    for (const Feed& feed : one.source->feeds) {
      const auto map = map_of(*one.source, feed, context.ingest.model, context.ingest.calendar.zone().name());
      status.feeds.push_back(status_of(feed, map ? map->id : feed.map_file.stem().string(), journal,
                                       under_way == "*" || under_way == one.source->id));
      if (!map) status.feeds.back().error = map.error();
      if (status.feeds.back().last_run) last = std::max(last.value_or(Instant{}), *status.feeds.back().last_run);
    }
    if (!one.source->schedule) continue;
    status.schedule = one.source->schedule->text();
    status.due =
        last ? one.source->schedule->next_after(*last, context.ingest.calendar.zone()) : context.ingest.clock.now();
  }
  return out;
}

std::vector<Error> check(const fs::path& workspace, const fs::path& presets, const model::Model& model,
                         const std::string& time_zone) {
  std::vector<Error> out;
  const auto folder = yaml_folder(workspace / "sources");
  if (!folder) return {folder.error()};
  std::ranges::move(passed_over(*folder), std::back_inserter(out));
  const auto loaded = load_all(workspace, presets);
  if (!loaded) return {loaded.error()};
  for (const Loaded& one : *loaded) {
    if (!one.source) {
      out.push_back(one.source.error());
      continue;
    }
    for (const Feed& feed : one.source->feeds)
      if (const auto map = map_of(*one.source, feed, model, time_zone); !map) {
        // What is wrong within a map of maps/ is told of the map, once.
        std::error_code ignored;
        const bool told = map.error().where.file.ends_with(feed.map_file.filename().string()) &&
                          fs::equivalent(feed.map_file.parent_path(), workspace / "maps", ignored);
        if (!told) out.push_back(map.error());
      }
  }
  return out;
}

}  // namespace vigie::sources
