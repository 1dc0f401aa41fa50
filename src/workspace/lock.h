#pragma once
#include <filesystem>

#include "base/result.h"

namespace vigie::workspace {

/// A server is reached through its socket, from shortly after it has the lock until shortly before it leaves it: at
/// both ends who comes waits for it. Nobody waits for a command, which may take as long as it takes.
enum class Holder { command, server };

/// The lock of a workspace folder: data/lock, held by one process at a time or shared by readers, freed by the system
/// when that process ends. The file holds the owner's process number, and that it is a server, for the message another
/// one prints.
class Lock {
 public:
  static Result<Lock> take(const std::filesystem::path& file, Holder as);  ///< workspace.locked, file.unwritable
  /// Whether the one that has it is a server; asked by who was just refused.
  static bool is_held_by_server(const std::filesystem::path& file);
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
