#include "reading/zip_archive.h"

#include <gtest/gtest.h>

#include "reading/test_archive.h"

namespace vigie::reading {
namespace {

std::string content(const ZipArchive& archive, std::string_view name) {
  const auto member = archive.wanted(name);
  if (!member) return member.error().code;
  auto bytes = archive.read(**member);
  if (!bytes) return bytes.error().code;
  std::string out, piece(7, '\0');
  while (true) {
    const auto got = (*bytes)->read(piece);
    if (!got) return got.error().code;
    if (*got == 0) return out;
    out.append(piece, 0, *got);
  }
}

TEST(ZipArchive, OfOneFileIsReadThrough) {
  const TestFolder folder;
  write_archive(folder / "a.zip", {{"dossier/", ""},
                                   {"dossier/ventes.csv", "a;b\n1;2\n"},
                                   {"__MACOSX/._ventes.csv", "x"},
                                   {"dossier/.DS_Store", "y"}});
  const auto archive = ZipArchive::open(folder / "a.zip");
  ASSERT_TRUE(archive) << archive.error().text();
  ASSERT_EQ(archive->members().size(), 1U) << "what macOS leaves there is no file of anybody's";
  EXPECT_EQ(content(*archive, ""), "a;b\n1;2\n");
  ASSERT_TRUE(archive->unpack(archive->members()[0], folder / "ventes.csv"));
  EXPECT_EQ(folder.read("ventes.csv"), "a;b\n1;2\n");
}

TEST(ZipArchive, OfSeveralFilesWantsAName) {
  const TestFolder folder;
  write_archive(folder / "a.zip", {{"orders.csv", "1"}, {"Été.csv", "2"}});
  const auto archive = ZipArchive::open(folder / "a.zip");
  ASSERT_TRUE(archive);
  EXPECT_EQ(content(*archive, "orders.csv"), "1");
  EXPECT_EQ(content(*archive, "ORDERS.CSV"), "1");
  EXPECT_EQ(content(*archive, "Été.csv"), "2");
  EXPECT_EQ(archive->wanted("").error().text(),
            (folder / "a.zip").string() +
                ": the archive a.zip holds 2 files: orders.csv, Été.csv; name the one that is meant: member: its name");
  EXPECT_EQ(archive->wanted("order.csv").error().hint, "did you mean \"orders.csv\"?");
}

TEST(ZipArchive, ThatIsEmptyEncryptedOrMissingSaysSo) {
  const TestFolder folder;
  write_archive(folder / "locked.zip", {{"a.csv", "secret"}}, "password");
  const auto locked = ZipArchive::open(folder / "locked.zip");
  ASSERT_TRUE(locked);
  EXPECT_EQ(content(*locked, ""), "zip.encrypted");
  write_archive(folder / "none.zip", {{"folder/", ""}});
  EXPECT_EQ(content(*ZipArchive::open(folder / "none.zip"), ""), "zip.empty");
  EXPECT_EQ(ZipArchive::open(folder / "absent.zip").error().code, "file.missing");
  EXPECT_EQ(ZipArchive::open(folder.path()).error().code, "file.unreadable");
}

TEST(ZipArchive, ThatIsDamagedIsRefused) {
  const TestFolder folder;
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += std::to_string(i * 7919 % 10'007) + ";";
  write_archive(folder / "whole.zip", {{"a.csv", text}});
  const std::string whole = folder.read("whole.zip");
  folder.write("cut.zip", whole.substr(0, whole.size() / 2));
  EXPECT_EQ(ZipArchive::open(folder / "cut.zip").error().code, "zip.damaged");
  folder.write("text.zip", "a;b;c\n");
  EXPECT_EQ(ZipArchive::open(folder / "text.zip").error().code, "zip.damaged");
  int refused = 0;
  for (std::size_t at = 40; at + 200 < whole.size(); at += 997) {
    std::string bent = whole;
    bent[at] = static_cast<char>(bent[at] ^ 0x55);
    const auto file = folder.write("bent.zip", bent);
    const auto archive = ZipArchive::open(file);
    const std::string got = archive ? content(*archive, "") : archive.error().code;
    EXPECT_NE(got, text) << "a byte of it was changed";
    refused += got == "zip.damaged" ? 1 : 0;
  }
  EXPECT_GT(refused, 3);
}

TEST(ZipArchive, ABombIsStoppedWhileItIsUnpacked) {
  const TestFolder folder;
  write_archive(folder / "bomb.zip", {{"zeros.csv", std::string(4 << 20, '0')}});
  const auto wary = ZipArchive::open(folder / "bomb.zip", {.free_bytes = 1 << 20, .most_times = 100});
  EXPECT_EQ(content(*wary, ""), "zip.bomb");
  EXPECT_FALSE(wary->unpack(wary->members()[0], folder / "zeros.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "zeros.csv")) << "what was unpacked of it is gone";
  const auto archive = ZipArchive::open(folder / "bomb.zip", {.free_bytes = 8 << 20, .most_times = 100});
  EXPECT_EQ(content(*archive, "").size(), std::size_t{4} << 20);
}

}  // namespace
}  // namespace vigie::reading
