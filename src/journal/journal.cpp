#include "journal/journal.h"

#include <sys/stat.h>

#include <cerrno>

#include "journal/key_file.h"
#include "journal/reader.h"
#include "journal/recovery.h"

namespace vigie::journal {
namespace {

namespace fs = std::filesystem;

/// Of what one thread writes for all who wait; one request more may be in it.
constexpr std::size_t kMostGroupBytes = 16UL << 20;

Result<> check_lengths(std::span<const Entry> entries) {
  for (const Entry& entry : entries)
    if (entry.source.size() > kMostText || entry.key.size() > kMostText || entry.payload.size() > kMostPayload)
      return fail(ErrorKind::usage, "journal.too_long",
                  fmt::format("an event has at most {} bytes, its idempotency key {}", kMostPayload, kMostText));
  return {};
}

/// What the warehouse has taken, held against what the folder holds.
std::optional<Error> told_of_applied(Sequence applied, Sequence first, Sequence last, const fs::path& at) {
  if (applied > last)
    return Error{"journal.behind",
                 fmt::format("the warehouse has taken events up to {}, and {} ends at {}: it goes on after them",
                             applied, at.string(), last),
                 ErrorKind::data,
                 {},
                 {}};
  if (first > applied + 1)
    return Error{
        "journal.gap",
        fmt::format("events {} to {} are missing from {}: a file of it is gone", applied + 1, first - 1, at.string()),
        ErrorKind::data,
        {},
        "bring the file back from a copy, or have these events sent again"};
  return std::nullopt;
}

}  // namespace

namespace {

/// Keys that are known from here on; forgotten again where their records are not kept.
class AddedKeys {
 public:
  AddedKeys(KnownKeys& keys, Sequence first) : keys_(&keys), first_(first) {}
  AddedKeys(const AddedKeys&) = delete;
  AddedKeys& operator=(const AddedKeys&) = delete;
  ~AddedKeys() {
    if (keys_ != nullptr) keys_->forget_from(first_);
  }
  void keep() { keys_ = nullptr; }

 private:
  KnownKeys* keys_;
  Sequence first_;
};

}  // namespace

/// A thread that waits for its entries to be kept.
struct Journal::Waiting {
  std::span<const Entry> entries;
  std::size_t bytes = 0;
  std::vector<Kept> kept;
  std::optional<Error> error;
  bool done = false;
};

Journal::Journal(fs::path folder, const Clock& clock, const Options& options)
    : folder_(std::move(folder)), clock_(clock), options_(options), keys_(options.key_window, options.most_keys) {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(const fs::path& folder, const Clock& clock, const Options& options) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot_write(folder / ".", errno);
  // Of a folder that was made, here or by a process that was killed before it came to this line.
  VIGIE_CHECK(sync_folder(fs::absolute(folder).parent_path()));
  std::unique_ptr<Journal> out(new Journal(folder, clock, options));
  VIGIE_TRY(Found found, recover(folder, options.applied, out->keys_));
  out->notes_ = std::move(found.notes);
  const Sequence last = found.segments.empty() ? 0 : found.segments.back().last;
  const Sequence first = found.segments.empty() ? 1 : found.segments.front().head.first;
  if (auto told = told_of_applied(options.applied, first, last, folder)) out->notes_.push_back(*std::move(told));
  for (const FoundSegment& one : found.segments) out->segments_[one.head.first] = one.size;
  out->next_ = std::max(last, options.applied) + 1;
  out->durable_ = out->next_ - 1;
  if (!found.segments.empty()) {
    const FoundSegment& open_end = found.segments.back();
    VIGIE_TRY(SegmentWriter writer, SegmentWriter::reopen(open_end.file, open_end.head, open_end.size));
    // Numbers that the warehouse has seen are never given again, so the file that ends before them is closed. So is one
    // of an earlier version, which would cut off what it does not know.
    if (open_end.last + 1 == out->next_ && !open_end.head.is_old) out->segment_.emplace(std::move(writer));
  }
  VIGIE_CHECK(sync_folder(folder));
  return out;
}

Result<std::vector<Kept>> Journal::append(std::span<const Entry> entries) {
  VIGIE_CHECK(check_lengths(entries));
  Waiting mine{.entries = entries, .kept = {}, .error = {}};
  for (const Entry& entry : entries) mine.bytes += frame_size(entry.source, entry.key, entry.payload);
  std::vector<Waiting*> alone{&mine};
  std::unique_lock guard(mutex_);
  waiting_.push_back(&mine);
  while (!mine.done) {
    if (writing_) {
      changed_.wait(guard);
      continue;
    }
    writing_ = true;
    std::vector<Waiting*> group;
    Result<> wrote;
    try {
      group = next_group();
      guard.unlock();
      wrote = write(group);
    } catch (const std::exception& problem) {  // no memory: the others must not wait for ever
      wrote = fail(ErrorKind::unavailable, "journal.memory", fmt::format("events cannot be kept: {}", problem.what()));
    }
    if (!guard.owns_lock()) guard.lock();
    writing_ = false;
    if (group.empty()) {
      std::erase(waiting_, &mine);
      group.swap(alone);
    }
    for (Waiting* one : group) {
      if (!wrote) one->error = wrote.error();
      one->done = true;
    }
    changed_.notify_all();
  }
  if (mine.error) return std::unexpected(*std::move(mine.error));
  return std::move(mine.kept);
}

std::vector<Journal::Waiting*> Journal::next_group() {
  std::vector<Waiting*> out;
  std::size_t bytes = 0;
  for (Waiting* one : waiting_) {
    if (!out.empty() && bytes + one->bytes > kMostGroupBytes) break;
    bytes += one->bytes;
    out.push_back(one);
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(out.size()));
  return out;
}

/// Keeps a group, or nothing of it. The only thread that does so at a time; the mutex is free meanwhile.
Result<> Journal::write(std::span<Waiting* const> group) {
  if (broken_) return std::unexpected(*broken_);
  const Instant now = clock_.now();
  std::string frames;
  Sequence next = next_;
  std::map<KeyPrint, Sequence> fresh;
  std::size_t bytes = 0;
  for (const Waiting* one : group) bytes += one->bytes;
  VIGIE_CHECK(check_room(bytes));
  if (!segment_ || (segment_->size() > kSegmentHead && segment_->size() + bytes > options_.segment_bytes))
    VIGIE_CHECK(begin_segment(next));
  frames.reserve(bytes);
  for (Waiting* one : group) {
    one->kept.clear();
    std::vector<std::pair<Sequence, const Entry*>> taken;
    for (const Entry& entry : one->entries) {
      if (!entry.key.empty()) {
        const KeyPrint print = key_print(entry.source, entry.key);
        if (const auto before = keys_.find(print, now)) {
          one->kept.push_back({*before, true});
          continue;
        }
        if (const auto [known, added] = fresh.emplace(print, next); !added) {
          one->kept.push_back({known->second, true});
          continue;
        }
      }
      one->kept.push_back({next, false});
      taken.emplace_back(next++, &entry);
    }
    for (const auto& [sequence, entry] : taken)
      append_frame(
          frames, segment_->salt(),
          {sequence, next_ - 1, now, entry->source, entry->key, entry->payload, sequence != taken.back().first});
  }
  if (frames.empty()) return {};
  // From the write on nothing may fail that is not the disk's: what is durable would be told as refused.
  std::vector<std::pair<Sequence, KeyPrint>> in_order;
  for (const auto& [print, sequence] : fresh) in_order.emplace_back(sequence, print);
  std::ranges::sort(in_order);
  AddedKeys keys(keys_, next_);
  for (const auto& [sequence, print] : in_order) keys_.add(print, sequence, now);
  if (const Result<> wrote = segment_->append(frames); !wrote) {
    if (!segment_->whole())
      broken_ =
          Error{"journal.broken",
                fmt::format("events cannot be kept: the disk did not take what was written to {}", folder_.string()),
                ErrorKind::unavailable,
                {},
                "look at the disk, then start Vigie again"};
    return wrote;
  }
  next_ = next;
  {
    const std::lock_guard guard(mutex_);
    segments_.find(segment_->first())->second = segment_->size();
    durable_ = next - 1;
  }
  keys.keep();
  return {};
}

Result<> Journal::check_room(std::uint64_t more) const {
  if (bytes() + more <= options_.most_bytes) return {};
  constexpr std::uint64_t kMebibyte = 1UL << 20;
  return fail(ErrorKind::unavailable, "journal.limit",
              fmt::format("{} MiB of events wait to be applied, and no more are kept", options_.most_bytes / kMebibyte),
              {},
              "/api/v1/events says which map they wait for, and why: mend it, or put a map of its name there whose "
              "filter takes none, then send this again");
}

Result<> Journal::begin_segment(Sequence first) {
  VIGIE_TRY(SegmentWriter fresh, SegmentWriter::make(folder_, first));
  {
    const std::lock_guard guard(mutex_);
    segments_[first] = fresh.size();
  }
  segment_.emplace(std::move(fresh));
  return {};
}

Sequence Journal::last() const {
  const std::lock_guard guard(mutex_);
  return durable_;
}

Sequence Journal::first() const {
  const std::lock_guard guard(mutex_);
  return segments_.empty() ? durable_ + 1 : segments_.begin()->first;
}

std::uint64_t Journal::bytes() const {
  const std::lock_guard guard(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [first, bytes] : segments_) sum += bytes;
  return sum;
}

Reader Journal::read_from(Sequence first) const { return Reader(*this, first); }

bool Journal::wait_for_more(Sequence seen, std::chrono::milliseconds longest) const {
  std::unique_lock guard(mutex_);
  return changed_.wait_for(guard, longest, [&] { return durable_ > seen; });
}

Result<bool> Journal::forget(Sequence applied) {
  std::unique_lock guard(mutex_);
  changed_.wait(guard, [&] { return !writing_; });
  const bool all = durable_ <= applied;
  // Where the last one is of an earlier version, none is being written.
  const bool holds =
      segment_ ? segment_->size() > kSegmentHead : !segments_.empty() && segments_.rbegin()->first <= durable_;
  if (all && !broken_ && holds) {
    writing_ = true;  // nobody else begins one meanwhile
    guard.unlock();
    const Result<> begun = begin_segment(next_);
    guard.lock();
    writing_ = false;
    changed_.notify_all();
    if (!begun) return std::unexpected(begun.error());
  }
  guard.unlock();
  VIGIE_CHECK(remove_up_to(applied));
  return all;
}

Result<> Journal::remove_up_to(Sequence applied) {
  std::unique_lock guard(mutex_);
  std::vector<Sequence> gone;
  for (auto one = segments_.begin(); one != segments_.end() && std::next(one) != segments_.end(); ++one)
    if (std::next(one)->first <= applied + 1) gone.push_back(one->first);
  if (gone.empty()) return {};
  changed_.wait(guard, [&] { return !writing_; });  // the keys are the writer's while it writes
  std::deque<KnownKeys::Entry> keys = keys_.in_order();
  guard.unlock();
  const std::chrono::microseconds window = options_.key_window;
  std::erase_if(keys, [&, oldest = clock_.now().micros - window.count()](const KnownKeys::Entry& one) {
    return one.at.micros < oldest;
  });
  if (!keys.empty()) VIGIE_CHECK(write_key_file(folder_, keys));  // a full disk must not keep what would free it
  guard.lock();
  for (const Sequence first : gone) segments_.erase(first);
  guard.unlock();
  for (const Sequence first : gone) {
    std::error_code problem;
    const std::filesystem::path file = segment_file(folder_, first);
    std::filesystem::remove(file, problem);
    if (problem) return cannot_write(file, problem.value());
  }
  return sync_folder(folder_);
}

}  // namespace vigie::journal
