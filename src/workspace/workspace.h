#pragma once
// workspace/ — the front door of the library. A workspace is a folder a person can read:
//
//   vigie.yaml   company, currency, calendar, profile        kpis/     definitions of its own
//   maps/        the maps its data came through              data/     warehouse.duckdb, lock, socket, boards/, syncs/
//   sources/     the systems it comes from again and again
//
// It opens the folder, holds its lock, and wires the rooms: model + catalogue + warehouse + planner. No policy of its
// own.
//
//   workspace.h     open, import, sync, ask, explain; lock.h: one process at a time
//   engine_threads.h  on how many threads the engine works: few rows on one, an import on all
//   share.h         what ships with the program
//   summary.h       what it tells of itself
//   facts.h         what plans depend on, read once a batch (remembered.h); holidays.h, merges.h: parts of it
//   gate.h          who is inside the warehouse while its file is put in another one's place; erasure.cpp
//   check.h         everything that is wrong in it; known_figures.h: figures that come out otherwise than is known
//   current_checks.h  what maps and sources expect of their rows, as they say it now
//   find_map.h      where the map of an id stands
//   adopt.h         what is proposed, written into it (written_file.h); map_folder.h: the maps of a folder
//   board_memory.h  boards as they were answered last; basis.h: what they rest on
#include <memory>

#include "catalog/catalog.h"
#include "erase/erase.h"
#include "exports/table_maps.h"
#include "ingest/mend.h"
#include "insight/propose.h"
#include "insight/reconcile.h"
#include "insight/why.h"
#include "kpi/dimension_values.h"
#include "kpi/explain.h"
#include "plan/measures.h"
#include "plan/question.h"
#include "singer/singer.h"
#include "sources/sources.h"
#include "workspace/lock.h"
#include "workspace/summary.h"

namespace vigie::workspace {

struct InitOptions {
  std::string company, currency = "EUR", time_zone = "Europe/Paris";
  std::string fiscal_start = "01-01";  ///< month-day
  std::string week_start = "monday";
};

/// One open workspace; thread-safe. Answers are computed on the caller's thread, each from one committed state of the
/// data, also while an import commits another; `limits` holds for all of it. Imports run one at a time.
class Workspace {
 public:
  /// Makes the folder with a vigie.yaml. Fails with workspace.exists, zone.unknown, currency.unknown.
  static Result<> init(const std::filesystem::path& folder, const InitOptions& options);
  /// Opens it and takes the lock. Fails with workspace.missing, workspace.locked (who holds it), workspace.newer,
  /// yaml.*. A definition that is wrong fails its own KPI, and what rests on it.
  static Result<std::unique_ptr<Workspace>> open(const std::filesystem::path& folder, const Clock& clock,
                                                 Holder as = Holder::command);
  ~Workspace();
  /// Closes the warehouse; the folder stays locked for as long as what comes back lives, so that its files can be told.
  struct Closed {
    Lock lock;
    Instant at;
  };
  static Closed close(std::unique_ptr<Workspace> workspace);

  /// A batch of questions through shared scans; one result each, in order. `coverage`: how far the sources reach.
  using Coverage = std::vector<plan::DataFacts::Coverage>;
  std::vector<Result<kpi::Answer>> ask(const std::vector<plan::Question>& questions, const store::QueryLimits& limits,
                                       std::vector<plan::QueryNote>* queries = nullptr, Coverage* coverage = nullptr);
  /// The rows of a canonical table as a file, and the maps that read it back (exports/).
  Result<exports::Exported> export_table(const exports::TableOrder& order, const exports::Form& form,
                                         const exports::Destination& to, const store::QueryLimits& limits);
  Result<std::vector<exports::ReturnMap>> return_maps(const exports::TableOrder& order, const exports::Form& form,
                                                      const std::string& file, const store::QueryLimits& limits);
  /// Fails with import.busy, at once, while another import runs; with import.nothing_taken where every row was refused.
  Result<ingest::Receipt> import(const ingest::Request& request);
  /// Brings what is new in its sources; what fails stands in the report. A source is read beside imports and other
  /// sources; to write its rows it waits for its turn. Fails with import.busy (that source is being read already),
  /// source.unknown, source.none, file.unwritable.
  Result<sources::Report> sync(const sources::Order& order);
  /// How each source stands; and which are being read right now.
  Result<std::vector<sources::Status>> source_status();
  std::set<std::string> sources_under_way() const;
  /// A piece of a Singer tap's stream, with the maps of a preset or its own. Fails with import.busy, preset.unknown.
  Result<singer::Report> take_singer(const singer::Order& order);
  /// Events out of a journal, as an import; waits for one that is under way, and has those that come meanwhile wait for
  /// it. Where every row was refused that is no error: they are in the quarantine, and the journal is applied so far.
  Result<ingest::Receipt> apply(const ingest::Request& request);
  /// How far each journal is applied.
  Result<std::map<std::string, std::int64_t>> applied();
  bool is_only_read() const;
  /// The rows that imports could not take, from one committed state. Fails with import.unknown.
  Result<ingest::Quarantine> quarantine(const ingest::QuarantineFilter& filter, const store::QueryLimits& limits);
  Result<ingest::QuarantineReasons> quarantine_reasons(const ingest::QuarantineFilter& filter,
                                                       const store::QueryLimits& limits);
  Result<ingest::QueuedRows> queued_rows(const ingest::QuarantineFilter& filter);
  Result<ingest::QueuedRow> queued_row(std::int64_t id);
  /// What a person orders of rows that wait there (ingest/mend.h). Each fails with import.busy, as an import.
  Result<ingest::FixReport> fix_rows(const ingest::QueueOrder& order);
  Result<ingest::ReplayReport> replay_rows(const ingest::QueueOrder& order);
  Result<ingest::DropReport> drop_rows(const ingest::QueueOrder& order);
  /// A customer goes, and no figure changes (erase/erase.h). The warehouse file is written anew, so that nothing of the
  /// person is left in it; who asks meanwhile waits. Atomic: whoever is killed when, it is done or not done. Fails with
  /// import.busy, also where those who read do not end in time; erase.*, privacy.*, file.unwritable.
  Result<erase::Receipt> erase(const erase::Order& order);
  Result<std::vector<std::string>> erasures();  ///< the receipts of those that were made, as JSON
  /// Knows the secret of hashed values; for who keeps values before they are imported. Fails with privacy.*, secret.*.
  Result<std::shared_ptr<ingest::Privacy>> privacy();
  /// Who keeps events is told of each erasure before it is carried out, and says how many wait to be applied.
  void when_erased(std::function<std::int64_t()> told);
  /// One figure with everything behind it; `rows` of each measure are listed.
  Result<kpi::Explanation> explain(const plan::Question& question, int rows, const store::QueryLimits& limits);
  Result<insight::Bridge> reconcile(const plan::Question& first, const plan::Question& last,
                                    const store::QueryLimits& limits);
  Result<insight::Why> why(const plan::Question& question, const store::QueryLimits& limits);
  /// The horizon of inactivity and the window of conversion that the data propose, beside those in force.
  Result<insight::Proposals> propose(const store::QueryLimits& limits);
  /// How the checks of maps and sources stand, by map and name.
  Result<std::vector<checks::State>> check_states();
  /// Looks at all rows again, with the checks as maps and sources say them now. Fails with import.busy, as an import.
  Result<std::vector<checks::State>> look_at_checks_again();
  /// What is wrong in the warehouse: keys that two rows of a table share, regions of holidays that vigie.yaml does not
  /// name or nobody imported, rows in doubt (ingest/doubts.h), checks that fail. Reads it whole.
  Result<std::vector<Error>> audit(const store::QueryLimits& limits);

  const catalog::Catalog& catalog() const;
  const model::Model& model() const;
  Result<Summary> summary(const store::QueryLimits& limits);
  /// Values of a dimension that contain what was typed (any case), the most frequent first. Fails with split.unknown.
  Result<std::vector<kpi::DimensionValue>> dimension_values(const std::string& dimension, const std::string& typed,
                                                            int limit, const store::QueryLimits& limits);
  const catalog::Settings& settings() const;
  const calendar::Calendar& calendar() const;  ///< of periods; imported holidays belong to one state of the data
  Instant now() const;
  Date today() const;  ///< in the reporting zone
  const std::filesystem::path& folder() const;
  /// The folder of those that ship with the program.
  const std::filesystem::path& presets() const;

  struct Impl;

 private:
  explicit Workspace(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vigie::workspace
