#include "reading/file_kind.h"

#include <gtest/gtest.h>

#include "reading/test_archive.h"

namespace vigie::reading {
namespace {

TEST(FileKind, IsWhatTheBytesSay) {
  const TestFolder folder;
  const auto kind = [&](const char* name, std::string_view bytes) {
    const auto found = kind_of_file(folder.write(name, bytes));
    return found ? std::string(to_string(*found)) : found.error().code;
  };
  EXPECT_EQ(kind("a.csv", "id;name\n"), "text");
  EXPECT_EQ(kind("a.txt", ""), "text");
  EXPECT_EQ(kind("a.csv", "{not json}\n[x]"), "text");
  EXPECT_EQ(kind("a.txt", "\xEF\xBB\xBF [ {\"a\": 1}]"), "json");
  EXPECT_EQ(kind("a.json", "{\"a\": 1}"), "json");
  EXPECT_EQ(kind("a.json", std::string_view("\xFF\xFE[\0{\0\"\0a\0", 10)), "json") << "as PowerShell writes it";
  EXPECT_EQ(kind("a.json", std::string_view("\0{\0\"\0a", 6)), "json");
  EXPECT_EQ(kind("a.csv", std::string_view("\xFF\xFEi\0;\0", 6)), "text");
  EXPECT_EQ(kind("a.xls", "<html><table>"), "workbook");
  for (const char* no_table : {"\x89PNG\r\n\x1A\n....", "\xFF\xD8\xFF\xE0", "%PDF-1.4\n", "<html><table>",
                               "\xEF\xBB\xBF <!DOCTYPE html>", "<?xml version=\"1.0\"?>\n<a/>"})
    EXPECT_EQ(kind("a.csv", no_table), "file.kind") << "whatever its name";
  EXPECT_EQ(kind("a.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "workbook");
  EXPECT_EQ(kind("a.dat", std::string_view("SQLite format 3\0", 16)), "database");
  EXPECT_EQ(kind("a.gz", "\x1F\x8B\x08"), "packed");
  EXPECT_EQ(kind("a.parquet", "PAR1"), "parquet");
  EXPECT_EQ(kind("a.zip", "PK\x03\x04 and no more"), "zip.damaged");
  EXPECT_EQ(kind_of_file(folder / "absent").error().code, "file.missing");
}

TEST(FileKind, OfAnArchiveIsWhatItHolds) {
  const TestFolder folder;
  write_archive(folder / "a.zip", {{"a.csv", "1"}});
  EXPECT_EQ(kind_of_file(folder / "a.zip").value_or(FileKind::text), FileKind::archive);
  BookParts parts;
  parts.sheets = {{"V", sheet_xml(""), ""}};
  parts.write(folder / "b.zip");
  EXPECT_EQ(kind_of_file(folder / "b.zip").value_or(FileKind::text), FileKind::workbook);
}

}  // namespace
}  // namespace vigie::reading
