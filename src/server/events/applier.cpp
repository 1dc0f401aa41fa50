#include "server/events/applier.h"

#include <fstream>
#include <ranges>

#include "server/events/event_body.h"

namespace vigie::events {
namespace {

namespace fs = std::filesystem;
using journal::Record;
using journal::Sequence;

constexpr std::chrono::milliseconds kBetweenTransactions{200};
constexpr std::chrono::milliseconds kLook{100};  ///< how often the end of the server is looked for
constexpr std::chrono::milliseconds kFirstRetry{500}, kLastRetry{30'000};
constexpr int kRestOfTry = 20;  ///< so many times as long as a try took, others have the thread
constexpr std::size_t kMostRecords = 50'000, kMostBytes = 32UL << 20;

/// {"id":1} → {"_sequence":7,"_received_at":"…","id":1}
void write_line(std::ostream& out, const Record& record) {
  const std::string_view rest = std::string_view(record.payload).substr(record.payload.find('{') + 1);
  const auto first = rest.find_first_not_of(" \t");
  const bool is_empty = first != std::string_view::npos && rest[first] == '}';
  out << fmt::format("{{\"{}\":{},\"{}\":\"{}\"{}", kSequenceMember, record.sequence, kReceivedMember,
                     to_string(record.received), is_empty ? "" : ",")
      << rest << '\n';
}

/// The events as a file that a map can read; gone with the object.
class EventsFile {
 public:
  static Result<std::unique_ptr<EventsFile>> write(const fs::path& folder, const std::string& map,
                                                   const std::vector<Record>& records) {
    std::unique_ptr<EventsFile> out(
        new EventsFile(folder / fmt::format("{}.{}-{}.jsonl", map, records.front().sequence, records.back().sequence)));
    std::ofstream file(out->path_, std::ios::binary | std::ios::trunc);
    for (const Record& record : records) write_line(file, record);
    file.close();
    if (!file)
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", out->path_.string()), {},
                  "is there room on the disk? Check the rights on the folder");
    return out;
  }
  EventsFile(const EventsFile&) = delete;
  EventsFile& operator=(const EventsFile&) = delete;
  ~EventsFile() {
    std::error_code ignored;  // the next start clears the folder
    fs::remove(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit EventsFile(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

}  // namespace

std::string journal_of(std::string_view map) { return fmt::format("{}/{}", kJournalName, map); }

struct Applier::Lane : MapState {
  Sequence first_waiting = 0;  ///< 0: none waits
  Instant waiting_since{};
  bool blocked = false;  ///< what waits is read anew from the journal when it is tried again
  Clock::time_point retry_at{};
  std::chrono::milliseconds pause = kFirstRetry;
};

Applier::Applier(workspace::Workspace& workspace, journal::Journal& journal, EventMaps& maps, fs::path folder,
                 const std::map<std::string, std::int64_t>& applied, std::function<void(const Error&)> tell)
    : workspace_(workspace), journal_(journal), maps_(maps), folder_(std::move(folder)), tell_(std::move(tell)) {
  for (const auto& [name, sequence] : applied) {
    if (name == kJournalName) written_ = static_cast<Sequence>(sequence);
    else if (name.starts_with(journal_of("")))
      lanes_[name.substr(journal_of("").size())].applied = static_cast<Sequence>(sequence);
  }
  read_ = written_;
  std::error_code ignored;  // what cannot be cleared or made is told by the first file that cannot be written
  fs::remove_all(folder_, ignored);
  fs::create_directory(folder_, ignored);
  fs::permissions(folder_, fs::perms::owner_all, ignored);
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run(stop);
    } catch (const std::exception& problem) {  // of a library, or our own mistake: the server goes on without it
      const Error error{"events.stopped",
                        fmt::format("no event is applied any more until Vigie starts again: {}", problem.what()),
                        ErrorKind::internal,
                        {},
                        {}};
      if (know(error)) tell_(error);
    }
  });
}

Applier::~Applier() {
  thread_.request_stop();
  cancelled_ = true;
  stopped_.notify_all();
}

void Applier::run(const std::stop_token& stop) {
  journal::Reader reader = journal_.read_from(read_ + 1);
  while (!stop.stop_requested()) {
    retry(stop);
    if (forget_) forget_what_is_applied();
    if (!journal_.wait_for_more(reader.position() - 1, kLook)) continue;
    if (!pace(stop)) return;
    auto some = reader.next(kMostRecords, kMostBytes);
    if (const bool is_news = know(some ? std::nullopt : std::optional(some.error())); is_news) tell_(some.error());
    if (!some) {
      last_run_ = Clock::now() + kFirstRetry;
      continue;
    }
    if (some->empty()) continue;
    round(std::move(*some), stop);
    free_applied();
  }
}

/// Whether there is something wrong that there was not before.
bool Applier::know(std::optional<Error> error) {
  const std::lock_guard guard(mutex_);
  const bool is_news = error && (!error_ || error_->message != error->message);
  error_ = std::move(error);
  return is_news;
}

/// What cannot be removed (a full disk) is tried again with each round, and told once.
void Applier::free_applied() {
  const auto removed = journal_.remove_up_to(written_);
  if (!removed && removed.error().message != not_freed_) tell_(removed.error());
  not_freed_ = removed ? std::string() : removed.error().message;
}

/// Tried again with each round for as long as something waits, or cannot be removed.
void Applier::forget_what_is_applied() {
  const auto forgotten = journal_.forget(written_);
  if (forgotten && *forgotten) forget_ = false;
  if (!forgotten && forgotten.error().message != not_freed_) tell_(forgotten.error());
  not_freed_ = forgotten ? std::string() : forgotten.error().message;
}

/// Waits until another transaction may begin; false when the server ends.
bool Applier::pace(const std::stop_token& stop) {
  std::unique_lock guard(mutex_);
  stopped_.wait_until(guard, stop, last_run_ + kBetweenTransactions, [] { return false; });
  return !stop.stop_requested();
}

void Applier::round(Records records, const std::stop_token& stop) {
  const Sequence last = records.back().sequence;
  std::map<std::string, Records> by_map;
  for (Record& record : records) by_map[record.source].push_back(std::move(record));
  {
    const std::lock_guard guard(mutex_);
    read_ = last;
    for (auto& [map, of_map] : by_map) {
      Lane& lane = lanes_[map];
      std::erase_if(of_map, [&](const Record& one) { return one.sequence <= lane.applied; });
      if (of_map.empty()) continue;
      lane.waiting += of_map.size();
      if (lane.first_waiting != 0) continue;
      lane.first_waiting = of_map.front().sequence;
      lane.waiting_since = of_map.front().received;
    }
  }
  bool is_first = true;
  for (const auto& [map, of_map] : by_map) {
    Lane& lane = lanes_[map];
    if (of_map.empty() || lane.blocked) continue;
    if (!is_first && !pace(stop)) return;
    is_first = false;
    const Clock::time_point begun = Clock::now();
    if (const auto applied = apply(map, lane, of_map); !applied && !cancelled_)
      wait_with(map, lane, applied.error(), Clock::now() - begun);
  }
}

/// What will be applied without a hole when this lane has nothing left to wait for.
Sequence Applier::low_water(const Lane& done) const {
  Sequence low = read_;
  for (const auto& [map, lane] : lanes_)
    if (&lane != &done && lane.first_waiting != 0) low = std::min(low, lane.first_waiting - 1);
  return low;
}

/// One transaction. `records` are all that waits of this map up to the last of them.
Result<> Applier::apply(const std::string& map, Lane& lane, const Records& records) {
  last_run_ = Clock::now();
  VIGIE_TRY(const fs::path map_file, maps_.find(map));
  VIGIE_TRY(const auto file, EventsFile::write(folder_, map, records));
  const bool is_all = records.size() == lane.waiting;
  const Sequence last = records.back().sequence;
  const Sequence low = is_all ? low_water(lane) : std::min(low_water(lane), last);
  ingest::Request request;
  request.map_file = map_file;
  request.files = {file->path()};
  request.cancelled = &cancelled_;
  request.applied = {{journal_of(map), static_cast<std::int64_t>(last)},
                     {std::string(kJournalName), static_cast<std::int64_t>(low)}};
  VIGIE_TRY(const ingest::Receipt receipt, workspace_.apply(request));
  const std::lock_guard guard(mutex_);
  written_ = low;
  lane.applied = last;
  lane.waiting -= records.size();
  lane.first_waiting = is_all ? 0 : last + 1;
  lane.taken += receipt.read;
  lane.quarantined += receipt.quarantined;
  lane.error.reset();
  lane.pause = kFirstRetry;
  return {};
}

/// What took long to try (the journal is read for it) is not tried the more often.
void Applier::wait_with(const std::string& map, Lane& lane, const Error& error, Clock::duration took) {
  {
    const std::lock_guard guard(mutex_);
    const bool is_news = !lane.error || lane.error->message != error.message;
    lane.blocked = true;
    lane.error = error;
    lane.retry_at = Clock::now() + std::max<Clock::duration>(lane.pause, kRestOfTry * took);
    lane.pause = std::min(2 * lane.pause, kLastRetry);
    if (!is_news) return;
  }
  Error told = error;
  told.message = fmt::format("the events of the map \"{}\" wait: {}", map, error.message);
  tell_(told);
}

void Applier::retry(const std::stop_token& stop) {
  for (auto& [map, lane] : lanes_) {
    if (!lane.blocked || Clock::now() < lane.retry_at) continue;
    if (!pace(stop)) return;
    const Clock::time_point begun = Clock::now();
    if (const auto done = catch_up(map, lane, stop); done) free_applied();
    else if (!cancelled_) wait_with(map, lane, done.error(), Clock::now() - begun);
  }
}

/// The next of what waits, as many as one transaction takes.
Result<> Applier::catch_up(const std::string& map, Lane& lane, const std::stop_token& stop) {
  VIGIE_CHECK(maps_.find(map));  // before the journal is read for it
  journal::Reader reader = journal_.read_from(lane.first_waiting);
  Records mine;
  std::size_t bytes = 0;
  while (reader.position() <= read_ && mine.size() < lane.waiting && mine.size() < kMostRecords && bytes < kMostBytes) {
    if (stop.stop_requested()) return {};
    VIGIE_TRY(Records some, reader.next(1'000, 4UL << 20));
    if (some.empty()) break;
    for (Record& record : some) {
      if (record.source != map || record.sequence <= lane.applied || mine.size() == lane.waiting) continue;
      bytes += record.payload.size();
      mine.push_back(std::move(record));
    }
  }
  if (!mine.empty()) VIGIE_CHECK(apply(map, lane, mine));
  const std::lock_guard guard(mutex_);
  if (mine.empty()) lane.waiting = 0, lane.first_waiting = 0;  // the journal has lost them, and has told so
  if (lane.waiting == 0) lane.blocked = false;
  return {};
}

Applier::State Applier::state() const {
  const std::lock_guard guard(mutex_);
  State out{.applied = read_, .oldest_waiting = {}, .maps = {}, .error = error_};
  for (const auto& [map, lane] : lanes_) {
    out.maps[map] = lane;
    if (lane.first_waiting == 0) continue;
    out.applied = std::min(out.applied, lane.first_waiting - 1);
    if (out.oldest_waiting.micros == 0 || lane.waiting_since < out.oldest_waiting)
      out.oldest_waiting = lane.waiting_since;
  }
  return out;
}

}  // namespace vigie::events
