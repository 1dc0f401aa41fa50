// The messy files of the data sets (the benchmark Pollock's among them) against what a careful person would load:
// right, or refused, and never something else. Where the folder is not there, this says so and is skipped.
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/test_folder.h"
#include "reading/json_records.h"
#include "reading/reading.h"
#include "reading/test_data.h"

namespace vigie::reading {
namespace {

using Table = CsvTable;

/// [{"a": "1", …}, …] as csv_spectrum has it: the names, then the rows.
Table records_of_json(const TestFolder& folder, const std::string& text) {
  Table out;
  const auto records = JsonRecords::open(folder.write("expected.json", text), JsonWishes{});
  EXPECT_TRUE(records) << records.error().text();
  if (!records) return out;
  out.push_back((*records)->columns());
  for (TypedRecord record;;) {
    const auto more = (*records)->next(record);
    EXPECT_TRUE(more) << more.error().text();
    if (!more || !*more) return out;
    out.emplace_back();
    for (const Cell& cell : record.cells) out.back().push_back(cell.text);
  }
}

/// As bench/messy.py compares: padded to the widest row, line feeds within fields; one clean file has nothing for a
/// word.
Table comparable(Table table, const std::filesystem::path& file) {
  std::size_t width = 0;
  for (const auto& row : table) width = std::max(width, row.size());
  for (auto& row : table) {
    row.resize(width);
    for (std::string& value : row) {
      std::erase(value, '\r');
      if (file.filename() == "2004-2016.csv" && value == "missing") value.clear();
    }
  }
  return table;
}

class MessyTest : public testing::Test {
 protected:
  void SetUp() override {
    messy_ = data_sets() / "messy";
    if (!std::filesystem::exists(messy_)) GTEST_SKIP() << "no data sets here (VIGIE_SHARED_DATA says where)";
  }

  void hold(const std::filesystem::path& file, Table expected, bool has_header) {
    Wanted wanted;
    wanted.totals = Totals::keep;  // as the clean files do
    wanted.names_as_written = true;
    auto found = detect(file, wanted);
    if (!found) {
      ++refused_;
      EXPECT_GT(found.error().where.line, 0) << found.error().text();
      return;
    }
    const auto told = write_clean(file, *found, folder_ / "out.csv");
    ASSERT_TRUE(told) << told.error().text();
    Table got = plain_csv(folder_.read("out.csv"));
    if (!has_header && !got.empty()) got.erase(got.begin());
    if (comparable(got, file) == comparable(std::move(expected), file)) ++right_;
    else ADD_FAILURE() << "wrong in silence: " << file.string();
  }

  void hold_folder(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / "csv")) {
      const std::string name = entry.path().filename().string();
      const std::string parameters = bytes_of(folder / "parameters" / (name + "_parameters.json")).value_or("");
      ASSERT_FALSE(parameters.empty()) << name;
      const bool has_header =
          !parameters.contains("\"header_lines\": 0") && !parameters.contains("\"header_lines\": \"0\"");
      Table expected = plain_csv(bytes_of(folder / "clean" / name).value_or(""));
      if (!has_header && !expected.empty() && expected.front().front() == "col_0") expected.erase(expected.begin());
      hold(entry.path(), std::move(expected), has_header);
    }
  }

  std::filesystem::path messy_;
  TestFolder folder_;
  int right_ = 0, refused_ = 0;
};

TEST_F(MessyTest, FilesOfPortalsAndPollutedOnes) {
  hold_folder(messy_ / "real_files");
  hold_folder(messy_ / "polluted");
  EXPECT_EQ(right_ + refused_, 74);
  EXPECT_GE(right_, 68) << "no file may be lost that was read rightly before";
}

TEST_F(MessyTest, Spectrum) {
  for (const auto& entry : std::filesystem::directory_iterator(messy_ / "csv_spectrum" / "csvs"))
    hold(entry.path(),
         records_of_json(
             folder_,
             bytes_of(messy_ / "csv_spectrum" / "json" / (entry.path().stem().string() + ".json")).value_or("")),
         true);
  EXPECT_EQ(right_, 11);
}

}  // namespace
}  // namespace vigie::reading
