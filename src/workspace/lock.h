#pragma once
#include <filesystem>

#include "base/result.h"

namespace vigie::workspace {

/// The lock of a workspace folder: data/lock, held by one process at a time or shared by readers, freed by the system
/// when that process ends. The file holds the owner's process number, for the message another one prints.
class Lock {
 public:
  static Result<Lock> take(const std::filesystem::path& file);  ///< workspace.locked, file.unwritable
  /// For who only reads, where nothing can be written: many may, while nobody holds it alone. Where the file is not
  /// there, nobody ever had the folder open, and nothing is held.
  static Result<Lock> share(const std::filesystem::path& file);  ///< workspace.locked, file.unreadable
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();

 private:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace vigie::workspace
