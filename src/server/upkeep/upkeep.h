#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <thread>

#include "sources/agenda.h"
#include "workspace/workspace.h"

namespace vigie::upkeep {

/// How often a server looks at what is due, and at watched folders.
struct Pace {
  std::chrono::milliseconds look{500};
  std::chrono::milliseconds look_at_folders{2000};
};

/// Where a server says what a person should know.
struct Log {
  std::function<void(const Error&)> tell;
  std::function<void(const std::string&)> note;
};

/// Keeps the sources of an open workspace up to date (sources/agenda.h says which are due): each is read on a thread of
/// its own, none twice at a time, a few databases at once and folders beside them. Answers go on meanwhile.
///
/// An error is told when it is new, not at each try; that a source is read again is noted. What is under way when the
/// object goes is cancelled, and leaves rows and places as they were.
class Upkeep {
 public:
  /// The workspace, whose clock it goes by, must outlive it. One that can only be read is left alone.
  Upkeep(workspace::Workspace& workspace, Log log, Pace pace = {});
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  /// Has a source read as soon as may be; where it is being read, once more when that has ended. Errors:
  /// source.unknown, source.none, those of its file, file.unwritable.
  Result<> ask(const std::string& source);

 private:
  struct Running;

  void run(const std::stop_token& stop);
  void begin_what_is_due();
  void read(const sources::Agenda::Task& task);
  void report(const std::string& source, const sources::Report& report);
  void tell_once(const std::string& about, const std::string& source, const Error& error);

  workspace::Workspace& workspace_;
  const Log log_;
  const Pace pace_;
  std::atomic<bool> cancelled_ = false;

  std::mutex mutex_;  ///< over what follows
  sources::Agenda agenda_;
  bool rung_ = false;
  std::map<std::string, std::unique_ptr<Running>> running_;
  std::map<std::string, std::string> told_;  ///< of "source, map": the error that was told last
  std::condition_variable_any bell_;
  std::jthread thread_;
};

}  // namespace vigie::upkeep
