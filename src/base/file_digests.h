#pragma once
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace vigie {

/// The digests of files (file_digest of each), taken one after the other in a thread of its own while something else is
/// done with them, or before, where no thread is to be had. Going, it stops that thread.
class FileDigests {
 public:
  explicit FileDigests(std::vector<std::filesystem::path> files);
  FileDigests(const FileDigests&) = delete;
  FileDigests& operator=(const FileDigests&) = delete;

  /// Waits for them: one for each file, in their order. Fails as file_digest does; throws what the thread threw.
  const Result<std::vector<std::string>>& wait();

 private:
  void take(const std::vector<std::filesystem::path>& files, const std::stop_token& stop);

  Result<std::vector<std::string>> digests_;
  std::exception_ptr thrown_;
  std::jthread thread_;  ///< writes the others, until it has ended
};

}  // namespace vigie
