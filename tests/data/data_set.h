#pragma once
#include <map>

#include "checks.h"

namespace vigie::data_test {

/// One example: its workspace, made by its own run.sh when the first question comes, and the answers it gave. The
/// folder goes when the set goes.
class DataSet {
 public:
  explicit DataSet(CheckFile file);
  ~DataSet();
  DataSet(const DataSet&) = delete;
  DataSet& operator=(const DataSet&) = delete;

  const CheckFile& file() const { return file_; }
  /// Why the tests of this set cannot run here; empty when they can.
  std::string missing() const;
  /// Runs run.sh, once. Fails with what it said; its workspace is there all the same if only a question failed.
  const Result<>& make();
  /// What run.sh printed.
  std::string printed() const;
  /// The JSON that `vigie ask… --format json` prints on the workspace; asked once for each wording.
  Result<json::value> answer(const std::vector<std::string>& ask);
  /// The expected value of an entry.
  Result<json::value> entry(const std::string& id);

 private:
  std::filesystem::path raw_folder() const;

  CheckFile file_;
  std::filesystem::path scratch_;
  std::optional<Result<>> made_;
  std::map<std::vector<std::string>, json::value> answers_;
  std::optional<json::value> expected_;
};

}  // namespace vigie::data_test
