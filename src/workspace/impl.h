#pragma once
// Private to workspace/: what an open workspace holds.
#include <mutex>

#include "ingest/privacy.h"
#include "kpi/ask.h"
#include "store/duckdb_engine.h"
#include "workspace/current_checks.h"
#include "workspace/engine_threads.h"
#include "workspace/facts.h"
#include "workspace/gate.h"
#include "workspace/holidays.h"
#include "workspace/workspace.h"

namespace vigie::workspace {

/// What one committed state holds, beside its rows.
struct Holding {
  plan::DataFacts facts;
  std::vector<ImportedHoliday> holidays;
  calendar::Calendar calendar;  ///< with those holidays
};

/// One committed state, and what it holds.
struct Reading {
  Gate::Pass pass;
  store::DuckDbSnapshot data;
  std::shared_ptr<const Holding> holding;
  std::vector<checks::State> checks = {};
};

struct Workspace::Impl {
  std::filesystem::path folder, presets;
  bool only_read;
  const Clock& clock;
  Lock lock;
  catalog::Settings settings;
  model::Model model;
  catalog::Catalog catalog;
  calendar::Calendar calendar;  ///< without the holidays that were imported
  std::unique_ptr<store::Database> database;

  std::timed_mutex holding_mutex;
  std::shared_ptr<const Holding> holding;  ///< of the state that `holding_batch` closed
  std::int64_t holding_batch = -1;
  std::timed_mutex import_mutex;
  std::atomic<bool> applying = false;  ///< events have the import mutex, or wait for it
  EngineThreads threads{*database};
  std::mutex importing_mutex{};
  std::string importing{};  ///< the map under way, for who asks meanwhile; "": none
  sources::UnderWay syncs{};
  std::mutex late_mutex{};
  std::optional<std::chrono::steady_clock::time_point> late_looked{};
  std::vector<kpi::LateSource> late{};
  bool has_checks = true;  ///< the warehouse has a place for them: one that is only read may be older
  std::shared_ptr<ingest::Privacy> privacy{};
  Gate gate{};
  std::function<std::int64_t()> told_of_erasures{};  ///< gives how many events wait

  /// While it lives, a map is under way, or the rows of a source are.
  class UnderWay;

  class Applying;

  struct Writing;

  Result<> check_writable() const;
  Result<std::unique_lock<std::timed_mutex>> begin_writing();
  Result<sources::Turn> wait_to_write(const std::string& source, const std::atomic<bool>* cancelled);
  sources::Context source_context(const ingest::Context& context) {
    return {context, folder, presets, syncs, [this](const std::string& source, const std::atomic<bool>* cancelled) {
              return wait_to_write(source, cancelled);
            }};
  }
  std::vector<kpi::LateSource> late_sources();
  ingest::Context import_context() const {
    return {*database, model, calendar, settings.currency, clock, settings.sale_event.has_value(), privacy};
  }

  Result<Reading> read(const store::QueryLimits& limits, std::size_t lanes = 1);
  Result<Reading> read_on_lanes(const store::QueryLimits& limits);
  Result<std::shared_ptr<const Holding>> holding_of(store::DuckDbSnapshot& data, EngineThreads::Moment begun,
                                                    const store::QueryLimits& limits);

  exports::TableStanding table_standing(const Reading& reading) const {
    return {model, reading.holding->facts, settings.company, settings.currency, &calendar.zone(), clock.now()};
  }
  kpi::Session session(Reading& reading) {
    const Holding& held = *reading.holding;
    return {catalog,       model,          settings,
            held.calendar, held.facts,     reading.data,
            clock.now(),   late_sources(), failing_of(reading.checks, clock.now())};
  }
};

class Workspace::Impl::UnderWay {
 public:
  UnderWay(Impl& impl, std::string map) : impl_(impl) {
    say(std::move(map));
    impl_.threads.import_begins();
  }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay() {
    impl_.threads.import_ends();
    say({});
  }

 private:
  void say(std::string map) {
    const std::lock_guard known(impl_.importing_mutex);
    impl_.importing = std::move(map);
  }

  Impl& impl_;
};

}  // namespace vigie::workspace
