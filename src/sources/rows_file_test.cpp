#include "sources/rows_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/test_folder.h"

namespace vigie::sources {
namespace {

using Values = std::vector<std::optional<std::string_view>>;

TEST(RowsFile, KeepsNullsApartFromEmptyTexts) {
  const TestFolder folder;
  auto rows = RowsFile::make(folder.path());
  ASSERT_TRUE(rows);
  ASSERT_TRUE(rows->header(std::vector<std::string>{"id", "a \"note\""}));
  for (const Values& values :
       {Values{"1", std::nullopt}, Values{"2", ""}, Values{"3", "a,b \"c\"\nd"}, Values{"4", " x"}})
    ASSERT_TRUE(rows->row(values));
  ASSERT_TRUE(rows->close());
  EXPECT_EQ(rows->rows(), 4);
  EXPECT_EQ(bytes_of(rows->path()), "\"id\",\"a \"\"note\"\"\"\n1,\n2,\"\"\n3,\"a,b \"\"c\"\"\nd\"\n4,\" x\"\n");
}

TEST(RowsFile, WritesARowOfOneNullAsARow) {
  const TestFolder folder;
  auto rows = RowsFile::make(folder.path());
  ASSERT_TRUE(rows->header(std::vector<std::string>{"id"}));
  ASSERT_TRUE(rows->row(Values{std::nullopt}));
  ASSERT_TRUE(rows->record("\n"));
  ASSERT_TRUE(rows->close());
  EXPECT_EQ(bytes_of(rows->path()), "\"id\"\n\"\"\n\"\"\n");
}

TEST(RowsFile, IsOfItsOwnerAloneAndGoesWithItsObject) {
  const TestFolder folder;
  std::filesystem::path path;
  {
    auto rows = RowsFile::make(folder.path());
    path = rows->path();
    struct stat known{};
    ASSERT_EQ(::stat(path.c_str(), &known), 0);
    EXPECT_EQ(known.st_mode & 0777U, 0600U);
    const RowsFile moved = std::move(*rows);
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  folder.write("sync-left.csv", "of a process that was killed");
  folder.write("other.csv", "of somebody else");
  RowsFile::remove_stale(folder.path());
  EXPECT_FALSE(std::filesystem::exists(folder / "sync-left.csv"));
  EXPECT_TRUE(std::filesystem::exists(folder / "other.csv"));
}

}  // namespace
}  // namespace vigie::sources
