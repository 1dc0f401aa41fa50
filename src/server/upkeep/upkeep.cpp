#include "server/upkeep/upkeep.h"

namespace vigie::upkeep {
namespace {

/// Databases that are read at once: each has its rows written beside the warehouse until it is their turn.
constexpr std::ptrdiff_t kMostDatabases = 4;

}  // namespace

struct Upkeep::Running {
  bool is_folder = false;
  std::atomic<bool> ended = false;
  std::jthread thread;
};

Upkeep::Upkeep(workspace::Workspace& workspace, Log log, Pace pace)
    : workspace_(workspace),
      log_(std::move(log)),
      pace_(pace),
      agenda_(workspace.folder(), workspace.presets(), workspace.calendar().zone(), pace.look_at_folders) {
  if (workspace_.is_only_read()) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run(stop);
    } catch (const std::exception& problem) {  // of a library, or our own mistake: the server goes on without it
      log_.tell({"source.stopped",
                 fmt::format("no source is read any more until Vigie starts again: {}", problem.what()),
                 ErrorKind::internal,
                 {},
                 {}});
    }
  });
}

Upkeep::~Upkeep() {
  cancelled_ = true;
  thread_.request_stop();
  bell_.notify_all();
  if (thread_.joinable()) thread_.join();
  running_.clear();
}

Result<> Upkeep::ask(const std::string& source) {
  if (workspace_.is_only_read())
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("the workspace {} can only be read", workspace_.folder().string()), {},
                "check the rights on the folder");
  const std::lock_guard guard(mutex_);
  VIGIE_CHECK(agenda_.ask(source));
  rung_ = true;
  bell_.notify_all();
  return {};
}

void Upkeep::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    begin_what_is_due();
    std::unique_lock guard(mutex_);
    bell_.wait_for(guard, stop, pace_.look, [this] { return rung_; });
    rung_ = false;
  }
}

void Upkeep::begin_what_is_due() {
  const std::lock_guard guard(mutex_);
  std::erase_if(running_, [](const auto& one) { return one.second->ended.load(); });
  std::set<std::string> under_way = workspace_.sources_under_way();
  for (const auto& [source, running] : running_) under_way.insert(source);
  auto databases = std::ranges::count_if(running_, [](const auto& one) { return !one.second->is_folder; });
  const auto tasks = agenda_.due(workspace_.now(), under_way);
  for (const Error& error : agenda_.news_of_files()) log_.tell(error);
  for (const sources::Agenda::Task& task : tasks) {
    if (!task.is_folder && ++databases > kMostDatabases) {
      [[maybe_unused]] const auto later = agenda_.ask(task.source);  // it was there a moment ago
      continue;
    }
    auto running = std::make_unique<Running>();
    running->is_folder = task.is_folder;
    Running* const mine = running.get();
    running->thread = std::jthread([this, task, mine] {
      try {
        read(task);
      } catch (const std::exception& problem) {
        const std::lock_guard known(mutex_);
        tell_once(task.source, task.source,
                  {"source.fault", fmt::format("a mistake of ours: {}", problem.what()), ErrorKind::internal, {}, {}});
      }
      mine->ended = true;
      bell_.notify_all();
    });
    running_[task.source] = std::move(running);
  }
}

void Upkeep::read(const sources::Agenda::Task& task) {
  const auto found =
      workspace_.sync({.source = task.source, .progress = {}, .cancelled = &cancelled_, .whole = task.whole});
  if (cancelled_) return;
  const std::lock_guard guard(mutex_);
  if (found) return report(task.source, *found);
  if (found.error().code == "import.busy") {
    // By somebody's hand: what it has not seen is for the next run.
    [[maybe_unused]] const auto again = agenda_.ask(task.source);
    return;
  }
  tell_once(task.source, task.source, found.error());
}

void Upkeep::report(const std::string& source, const sources::Report& report) {
  told_.erase(source);  // what kept it from being read at all
  for (const sources::FeedReport& feed : report.feeds) {
    const std::string about = fmt::format("{}, {}", source, feed.map);
    if (feed.error) tell_once(about, source, *feed.error);
    else if (feed.outcome != sources::Outcome::left && told_.erase(about) > 0)
      log_.note(fmt::format("the source {} is read again", about));
  }
}

void Upkeep::tell_once(const std::string& about, const std::string& source, const Error& error) {
  const bool is_news = told_[about] != error.text();
  told_[about] = error.text();
  if (!is_news) return;
  Error told = error;
  told.message = fmt::format("the sync of {} failed: {}", source, error.message);
  log_.tell(told);
}

}  // namespace vigie::upkeep
