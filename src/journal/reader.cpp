#include "journal/reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace vigie::journal {
namespace {

constexpr std::size_t kReadAhead = 256UL << 10;

std::unexpected<Error> cannot_read(const std::filesystem::path& file, int reason) {
  return fail(ErrorKind::unavailable, "file.unreadable",
              fmt::format("cannot read {}: {}", file.string(), std::strerror(reason)), {},
              "check the path and the rights on it");
}

}  // namespace

Reader::Reader(Reader&& other) noexcept
    : journal_(other.journal_),
      next_(other.next_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      segment_(other.segment_),
      file_(std::move(other.file_)),
      salt_(other.salt_),
      end_(other.end_),
      at_(other.at_),
      buffer_(std::move(other.buffer_)),
      buffer_at_(other.buffer_at_) {}

Reader& Reader::operator=(Reader&& other) noexcept {
  leave();
  journal_ = other.journal_, next_ = other.next_;  // the next record is looked for anew
  other.leave();
  return *this;
}

Reader::~Reader() { leave(); }

void Reader::leave() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  buffer_.clear();
}

/// Stands at the next record that there is, in an open segment; false where none is durable yet.
Result<bool> Reader::open_segment() {
  while (true) {
    std::unique_lock guard(journal_->mutex_);
    const auto& segments = journal_->segments_;
    if (next_ > journal_->durable_ || segments.empty()) return false;
    if (descriptor_ >= 0) {
      if (const auto mine = segments.find(segment_); mine != segments.end()) end_ = mine->second;
      if (at_ < end_) return true;
      const auto following = segments.upper_bound(segment_);
      if (following == segments.end()) return false;
      next_ = std::max(next_, following->first);
      leave();
    }
    auto found = segments.upper_bound(next_);
    if (found == segments.begin()) next_ = found->first;
    else --found;
    segment_ = found->first;
    end_ = found->second;
    guard.unlock();
    file_ = segment_file(journal_->folder_, segment_);
    descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) return cannot_read(file_, errno);
    at_ = 0, buffer_at_ = 0;
    VIGIE_CHECK(fill(kSegmentHead));
    const auto head = segment_head(buffer_);
    if (!head)
      return fail(ErrorKind::data, "journal.damaged", fmt::format("{}: its head is damaged", file_.string()), {},
                  "bring the folder back from a copy");
    salt_ = head->salt;
    at_ = kSegmentHead;
    // Records before the one that is wanted.
    for (Sequence before = head->first; before < next_ && at_ < end_; ++before) VIGIE_CHECK(take());
  }
}

/// The buffer holds so many bytes from at_ on, or all that there are.
Result<> Reader::fill(std::size_t bytes) {
  if (at_ >= buffer_at_ && at_ + bytes <= buffer_at_ + buffer_.size()) return {};
  const std::size_t wanted = std::min<std::uint64_t>(std::max(bytes, kReadAhead), end_ - at_);
  buffer_.resize(wanted);
  buffer_at_ = at_;
  std::size_t got = 0;
  while (got < wanted) {
    const auto read = ::pread(descriptor_, buffer_.data() + got, wanted - got, static_cast<off_t>(at_ + got));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return cannot_read(file_, errno);
    if (read == 0) break;
    got += static_cast<std::size_t>(read);
  }
  buffer_.resize(got);
  return {};
}

Result<Record> Reader::take() {
  VIGIE_CHECK(fill(kFrameHead));
  std::string_view rest = std::string_view(buffer_).substr(at_ - buffer_at_);
  if (rest.size() >= kFrameHead && rest.starts_with(kFrameMark)) {
    VIGIE_CHECK(fill(kFrameHead + body_length(rest)));
    rest = std::string_view(buffer_).substr(at_ - buffer_at_);
  }
  auto frame = frame_at(rest, salt_);
  if (!frame)
    return fail(ErrorKind::data, "journal.damaged",
                fmt::format("{}: the record at byte {} is damaged, and was whole when it was acknowledged",
                            file_.string(), at_),
                {},
                "the disk has lost what it had kept: bring the folder back from a copy, or put it aside and have what "
                "it holds from there on sent again");
  at_ += frame->size;
  return std::move(frame->record);
}

Result<std::optional<Record>> Reader::take_next() {
  VIGIE_TRY(const bool there, open_segment());
  if (!there) return std::nullopt;
  VIGIE_TRY(Record record, take());
  return record;
}

Result<std::vector<Record>> Reader::next(std::size_t most_records, std::size_t most_bytes) {
  std::vector<Record> out;
  std::size_t bytes = 0;
  while (out.size() < most_records && bytes < most_bytes) {
    auto record = take_next();
    if (!record) {
      leave();  // nothing of a file that failed is believed the next time
      if (out.empty()) return std::unexpected(std::move(record).error());
      break;
    }
    if (!*record) break;
    bytes += (*record)->payload.size();
    next_ = (*record)->sequence + 1;
    out.push_back(**std::move(record));
  }
  return out;
}

}  // namespace vigie::journal
