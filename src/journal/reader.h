#pragma once
#include "journal/journal.h"

namespace vigie::journal {

/// Reads a journal in its order, what is durable alone. One thread at a time; any number of readers beside the writers.
///
///   Reader reader = journal.read_from(applied + 1);
///   VIGIE_TRY(std::vector<Record> some, reader.next(1000, 8 << 20));   // empty: nothing new
///
/// What is missing from the journal (Journal::notes) it passes over. Segments that it has yet to read must not be
/// removed. Errors: journal.damaged, file.unreadable: only of what stands next. Records before it are given first, and
/// who asks again after an error is read to anew from there.
class Reader {
 public:
  Reader(const Journal& journal, Sequence first) : journal_(&journal), next_(first) {}
  Reader(Reader&& other) noexcept;
  Reader& operator=(Reader&& other) noexcept;
  ~Reader();

  /// At most so many, and not many more bytes.
  Result<std::vector<Record>> next(std::size_t most_records, std::size_t most_bytes);
  Sequence position() const { return next_; }  ///< behind the last record that was given

 private:
  Result<std::optional<Record>> take_next();
  Result<bool> open_segment();
  Result<Record> take();
  Result<> fill(std::size_t bytes);
  void leave();

  const Journal* journal_;
  Sequence next_;
  int descriptor_ = -1;
  Sequence segment_ = 0;  ///< its first sequence
  std::filesystem::path file_;
  std::uint64_t salt_ = 0, end_ = 0, at_ = 0;  ///< end_: of what is durable; at_: of the next frame
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;
};

}  // namespace vigie::journal
