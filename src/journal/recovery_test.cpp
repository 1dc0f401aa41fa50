#include "base/file.h"
#include "journal/crc32c.h"
#include "journal/journal_fixture.h"

namespace vigie::journal {
namespace {

namespace fs = std::filesystem;

/// A folder whose one segment holds these bytes.
std::unique_ptr<TestFolder> with_segment(const fs::path& like, const std::string& bytes) {
  auto out = std::make_unique<TestFolder>();
  out->write(fs::path("j") / like.filename(), bytes);
  return out;
}

/// A journal of three acknowledged events, and where its last one begins.
struct Three {
  TestFolder folder;
  SystemClock clock;
  fs::path file;
  std::string bytes;
  std::size_t second = 0, last = 0;

  Three() {
    const auto journal = opened(folder / "j", clock);
    kept(*journal, "first");
    second = journal->bytes();
    kept(*journal, "second");
    last = journal->bytes();
    kept(*journal, "the third", "key");
    file = files_in(folder / "j").front();
    bytes = vigie::bytes_of(file).value();
  }
};

TEST(Recovery, CutsATornEndWhereverItTore) {
  const Three three;
  for (std::size_t size = three.last + 1; size < three.bytes.size(); ++size) {
    const auto folder = with_segment(three.file, three.bytes.substr(0, size));
    const auto journal = opened(*folder / "j", three.clock);
    ASSERT_TRUE(journal);
    EXPECT_EQ(notes_of(*journal), "journal.torn") << size;
    EXPECT_EQ(read(*journal), "1:first 2:second") << size;
    EXPECT_FALSE(kept(*journal, "again", "key").duplicate) << "the key went with its record";
    EXPECT_EQ(read(*journal), "1:first 2:second 3:again");
    EXPECT_EQ(notes_of(*opened(*folder / "j", three.clock)), "") << "told once";
  }
}

TEST(Recovery, CutsALastRecordOfWhichAByteIsWrong) {
  const Three three;
  for (std::size_t at = three.last; at < three.bytes.size(); ++at) {
    std::string bytes = three.bytes;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    const auto folder = with_segment(three.file, bytes);
    const auto journal = opened(*folder / "j", three.clock);
    EXPECT_EQ(read(*journal), "1:first 2:second") << at;
    EXPECT_EQ(notes_of(*journal), "journal.torn") << at;
  }
}

TEST(Recovery, ARecordThatWasAcknowledgedIsNotCutInSilence) {
  // The third says that the second had been durable when it was written.
  const Three three;
  for (std::size_t at = three.second; at < three.last; ++at) {
    std::string bytes = three.bytes;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    const auto folder = with_segment(three.file, bytes);
    const auto journal = Journal::open(*folder / "j", three.clock, {});
    ASSERT_FALSE(journal) << at;
    EXPECT_EQ(journal.error().code, "journal.damaged");
    EXPECT_NE(journal.error().message.find(
                  fmt::format("00000000000000000001.log: the record at byte {} is damaged", three.second)),
              std::string::npos)
        << journal.error().message;
    EXPECT_EQ(folder->read(fs::path("j") / three.file.filename()), bytes) << "nothing is changed";
  }
}

TEST(Recovery, AGroupThatWasNeverAcknowledgedMayHaveAHole) {
  // Two events of one write: the disk kept the second and not the first. Nobody was told of either.
  const TestFolder folder;
  const SystemClock clock;
  std::size_t group = 0;
  {
    const auto journal = opened(folder / "j", clock);
    kept(*journal, "first");
    group = journal->bytes();
    kept(*journal, {{"s", "", "lost"}, {"s", "", "there"}});
  }
  const fs::path file = files_in(folder / "j").front();
  std::string bytes = vigie::bytes_of(file).value();
  bytes[group + 30] = static_cast<char>(bytes[group + 30] ^ 0x20);
  const auto torn = with_segment(file, bytes);
  const auto journal = opened(*torn / "j", clock);
  EXPECT_EQ(read(*journal), "1:first");
  EXPECT_EQ(notes_of(*journal), "journal.torn");
}

// Who had no answer sends it again; where its events have no keys, the half that stayed would count twice.
TEST(Recovery, ARequestIsThereWholeOrNotAtAll) {
  const TestFolder folder;
  const SystemClock clock;
  std::size_t request = 0;
  {
    const auto journal = opened(folder / "j", clock);
    kept(*journal, "first");
    request = journal->bytes();
    kept(*journal, {{"s", "a", "one"}, {"s", "b", "two"}, {"s", "b", "two again"}, {"s", "c", "three"}});
    kept(*journal, "last");
  }
  const fs::path file = files_in(folder / "j").front();
  const std::string bytes = vigie::bytes_of(file).value();
  const std::size_t last = bytes.size() - frame_size("shop", "", "last");
  for (std::size_t size = request + 1; size < last; ++size) {
    const auto torn = with_segment(file, bytes.substr(0, size));
    const auto journal = opened(*torn / "j", clock);
    ASSERT_EQ(read(*journal), "1:first") << size;
    EXPECT_EQ(notes_of(*journal), "journal.torn") << size;
    EXPECT_FALSE(kept(*journal, {{"s", "a", "one"}}).front().duplicate) << "its keys went with it";
  }
  EXPECT_EQ(read(*opened(*with_segment(file, bytes.substr(0, last)) / "j", clock)), "1:first 2:one 3:two 4:three");
}

/// The bytes of the three as a version before this one wrote them.
std::string of_an_earlier_version(const Three& three) {
  std::string head(kFirstMark);
  append_number(head, Sequence{1});
  append_number(head, number_at<std::uint64_t>(three.bytes, 16));
  append_number(head, crc32c(head));
  return head + three.bytes.substr(kSegmentHead);
}

TEST(Recovery, ForgetsAFileOfAnEarlierVersion) {
  const Three three;
  const auto folder = with_segment(three.file, of_an_earlier_version(three));
  const auto journal = opened(*folder / "j", three.clock);
  EXPECT_TRUE(journal->forget(3).value());
  EXPECT_EQ(journal->first(), 4);
  EXPECT_EQ(kept(*journal, "fourth").sequence, 4);
}

// A file that a version before this one wrote: it is read, and the next event stands in another.
TEST(Recovery, GoesOnBehindAFileOfAnEarlierVersion) {
  const Three three;
  const auto folder = with_segment(three.file, of_an_earlier_version(three));
  const auto journal = opened(*folder / "j", three.clock);
  EXPECT_EQ(read(*journal), "1:first 2:second 3:the third");
  EXPECT_TRUE(kept(*journal, "the third", "key").duplicate);
  kept(*journal, "fourth");
  EXPECT_EQ(files_in(*folder / "j").size(), 2U);
  EXPECT_EQ(read(*opened(*folder / "j", three.clock)), "1:first 2:second 3:the third 4:fourth");
}

TEST(Recovery, AnEndOfZerosIsTorn) {
  const Three three;
  const auto folder = with_segment(three.file, three.bytes + std::string(4096, '\0'));
  EXPECT_EQ(read(*opened(*folder / "j", three.clock)), "1:first 2:second 3:the third");
}

TEST(Recovery, AFileThatWasOnlyBegunHoldsNothing) {
  const Three three;
  const std::string head = bytes_of(SegmentHead{4, 99});
  for (std::size_t size = 0; size <= head.size(); ++size) {
    const auto folder = with_segment(three.file, three.bytes);
    folder->write("j/00000000000000000004.log", head.substr(0, size));
    const auto journal = opened(*folder / "j", three.clock);
    EXPECT_EQ(kept(*journal, "fourth").sequence, 4U) << size;
    EXPECT_EQ(read(*journal), "1:first 2:second 3:the third 4:fourth") << size;
  }
}

TEST(Recovery, NoFileButTheLastMayBeTorn) {
  const TestFolder folder;
  const SystemClock clock;
  {
    const auto journal = opened(folder / "j", clock, {.segment_bytes = 100});
    for (int i = 1; i <= 4; ++i) kept(*journal, fmt::format("{}", i));
  }
  const fs::path first = files_in(folder / "j").front();
  fs::resize_file(first, fs::file_size(first) - 1);
  const auto journal = Journal::open(folder / "j", clock, {});
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, "journal.damaged");
}

TEST(Recovery, TellsOfAFileThatIsGone) {
  const TestFolder folder;
  const SystemClock clock;
  {
    const auto journal = opened(folder / "j", clock, {.segment_bytes = 100});
    for (int i = 1; i <= 4; ++i) kept(*journal, fmt::format("{}", i));
  }
  ASSERT_EQ(files_in(folder / "j").size(), 4U);
  fs::remove(segment_file(folder / "j", 2));
  {
    const auto journal = opened(folder / "j", clock);
    ASSERT_EQ(notes_of(*journal), "journal.gap");
    EXPECT_NE(journal->notes().front().message.find("events 2 to 2 are missing"), std::string::npos)
        << journal->notes().front().message;
    EXPECT_EQ(read(*journal), "1:1 3:3 4:4") << "what is there is read";
  }
  EXPECT_EQ(notes_of(*opened(folder / "j", clock, {.applied = 2})), "") << "what is applied is not missed";
  fs::remove(segment_file(folder / "j", 1));
  EXPECT_EQ(notes_of(*opened(folder / "j", clock, {.applied = 2})), "");
  const auto journal = opened(folder / "j", clock, {.applied = 0});
  EXPECT_EQ(journal->notes().front().message.substr(0, 27), "events 1 to 2 are missing f");
}

TEST(Recovery, NeverGivesANumberThatTheWarehouseHasSeen) {
  const TestFolder folder;
  const SystemClock clock;
  {
    const auto journal = opened(folder / "j", clock, {.applied = 10});
    EXPECT_EQ(notes_of(*journal), "journal.behind") << "somebody took the folder away";
    EXPECT_EQ(read(*journal), "");
    EXPECT_EQ(kept(*journal, "next").sequence, 11U);
    EXPECT_EQ(read(*journal), "11:next");
  }
  const auto journal = opened(folder / "j", clock, {.applied = 20});
  EXPECT_EQ(kept(*journal, "later").sequence, 21U);
  EXPECT_EQ(read(*journal), "11:next 21:later");
  EXPECT_EQ(notes_of(*opened(folder / "j", clock, {.applied = 21})), "");
}

TEST(Recovery, AReaderTellsOfARecordThatTheDiskLostMeanwhile) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock);
  kept(*journal, "first");
  const std::size_t second = journal->bytes();
  kept(*journal, "second");
  const fs::path file = files_in(folder / "j").front();
  std::string bytes = vigie::bytes_of(file).value();
  bytes.back() = '?';
  folder.write(fs::path("j") / file.filename(), bytes);
  EXPECT_NE(read(*journal).find(fmt::format("the record at byte {} is damaged", second)), std::string::npos)
      << read(*journal);
  // What stands before it is given first: nobody reads it again.
  Reader reader = journal->read_from(1);
  const auto whole = reader.next(1'000, 1 << 20);
  ASSERT_TRUE(whole) << whole.error().text();
  EXPECT_EQ(whole->size(), 1U);
  EXPECT_EQ(reader.position(), 2U);
  EXPECT_EQ(reader.next(1'000, 1 << 20).error().code, "journal.damaged");
  EXPECT_EQ(reader.position(), 2U) << "it stands where it stood";
  bytes.back() = 'd';
  folder.write(fs::path("j") / file.filename(), bytes);
  const auto mended = reader.next(1'000, 1 << 20);
  ASSERT_TRUE(mended) << mended.error().text();
  EXPECT_EQ(mended->at(0).payload, "second");
}

TEST(Recovery, AReaderLosesNothingWhereTheNextFileIsAwayForAMoment) {
  const TestFolder folder;
  const SystemClock clock;
  const auto journal = opened(folder / "j", clock, {.segment_bytes = 300});
  for (int i = 1; i <= 12; ++i) kept(*journal, fmt::format("{}", i));
  const std::vector<fs::path> files = files_in(folder / "j");
  ASSERT_GE(files.size(), 3U);
  const Sequence second = *sequence_of(files[1]);
  Reader reader = journal->read_from(1);
  fs::rename(files[1], folder / "away");
  const auto before = reader.next(1'000, 1 << 20);
  ASSERT_TRUE(before) << before.error().text();
  EXPECT_EQ(before->size(), second - 1);
  EXPECT_EQ(reader.next(1'000, 1 << 20).error().code, "file.unreadable");
  EXPECT_EQ(reader.next(1'000, 1 << 20).error().code, "file.unreadable") << "and not that the file is damaged";
  folder.write("j/" + files[1].filename().string(), std::string(10, 'x'));
  EXPECT_EQ(reader.next(1'000, 1 << 20).error().code, "journal.damaged");
  fs::rename(folder / "away", files[1]);
  const auto after = reader.next(1'000, 1 << 20);
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_EQ(after->front().sequence, second);
  EXPECT_EQ(after->back().sequence, 12U);
}

}  // namespace
}  // namespace vigie::journal
