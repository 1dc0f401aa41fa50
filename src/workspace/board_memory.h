#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/time.h"
#include "workspace/basis.h"

namespace vigie::workspace {

class Workspace;

/// The last instant that an answer speaks of, and the instants at which it would be the same again.
struct Lasting {
  Instant from, until;
  std::string zone;  ///< whose days these are
};

/// Boards as they were answered, beside the warehouse (data/boards/): one file a question, the latest of them. A board
/// is found again only where everything it rests on is the same: the question, the program and its libraries, the
/// definitions, the settings, the data, the time zone, and the versions in force. To find it takes milliseconds and
/// opens no engine. What cannot be read or written is no error: the board is answered.
///
///   BoardMemory memory(folder, "by=channel");
///   if (auto text = memory.find(clock.now())) …      // holds the lock while it looks; none while another has it
///   memory.keep(std::move(workspace), asked, last_as_of, text);   // closes the workspace
class BoardMemory {
 public:
  BoardMemory(std::filesystem::path folder, std::string question);
  /// Notes what the definitions are before they are read: what is answered by others later is not kept.
  std::optional<std::string> find(Instant now);
  /// `asked`: an instant before the board was asked for; `last`: the latest as_of in it.
  void keep(std::unique_ptr<Workspace> workspace, Instant asked, Instant last, const std::string& board) const;

 private:
  std::filesystem::path file() const;
  void write(const Basis& basis, const Lasting& lasting, const std::string& board) const;

  std::filesystem::path folder_;
  std::string question_;
  Basis before_;
};

}  // namespace vigie::workspace
