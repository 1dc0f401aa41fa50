#include "workspace/workspace.h"

#include <fcntl.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "base/threads.h"
#include "ingest/doubts.h"
#include "ingest/held_checks.h"
#include "kpi/ask.h"
#include "kpi/horizon.h"
#include "kpi/question_scope.h"
#include "kpi/rests_on.h"
#include "store/duckdb_engine.h"
#include "store/layout.h"
#include "store/warehouse.h"
#include "workspace/adopt.h"
#include "workspace/check_privacy.h"
#include "workspace/current_checks.h"
#include "workspace/data_folder.h"
#include "workspace/engine_threads.h"
#include "workspace/erasure.h"
#include "workspace/facts.h"
#include "workspace/find_map.h"
#include "workspace/holidays.h"
#include "workspace/impl.h"
#include "workspace/share.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

/// What the catalogue or the workspace calls it; else its name as a person would say it: "company size" of
/// x_company_size.
Text attribute_label(const catalog::Catalog& catalog, const std::string& name) {
  Text named = catalog.dimension_label(name);
  if (named.en != name) return named;
  std::string spaced = name.substr(2);
  std::ranges::replace(spaced, '_', ' ');
  return {spaced, spaced};
}

/// Whether this process may write there: somebody else's folder, or a disk that is mounted to be read.
bool is_writable(const fs::path& place) { return ::faccessat(AT_FDCWD, place.c_str(), W_OK, AT_EACCESS) == 0; }

/// A warehouse that is there and that this process may not write is only read.
bool is_only_read(const fs::path& folder) {
  const fs::path warehouse = folder / "data" / "warehouse.duckdb";
  std::error_code ignored;
  return fs::exists(warehouse, ignored) && !(is_writable(warehouse) && is_writable(folder / "data"));
}

/// The lock of a folder, and its warehouse where that could be taken.
struct Held {
  bool only_read = false;
  Result<Lock> lock;
  Result<std::unique_ptr<store::Database>> database;
};

Held hold(const fs::path& folder, Holder as) {
  const fs::path data = folder / "data";
  const bool only_read = is_only_read(folder);
  Held out{only_read, only_read ? Lock::share(data / "lock") : Lock::take(data / "lock", as), nullptr};
  if (out.lock) out.database = store::Database::open({.file = data / "warehouse.duckdb", .read_only = only_read});
  return out;
}

/// A warehouse that is there is opened while the catalogue is read: each takes as long as the other. What is wrong with
/// it is told after what is wrong with that.
std::future<Held> begin_to_hold(const fs::path& folder, Holder as) {
  std::error_code ignored;
  if (!fs::exists(folder / "data" / "warehouse.duckdb", ignored)) return {};
  return std::async(kWhereItCan, hold, folder, as);
}

/// Up to so many rows a query runs on one core, most of its time without looking at a row: two queries at once take
/// half the time. Of more rows each query takes all cores by itself, and memory that another would have to wait for.
constexpr std::int64_t kFewRows = 2'000'000;
constexpr unsigned kMostLanes = 4;
/// Lanes that make what several queries of more rows read: of a board what customers bought, then what each is worth,
/// and one for what is asked when that is known.
constexpr std::size_t kMakers = 3;

/// How long who wants to import waits before looking again.
constexpr std::chrono::milliseconds kMoment{5};

std::size_t lanes_of_this_machine() { return std::clamp(std::thread::hardware_concurrency(), 1U, kMostLanes); }

std::int64_t rows_of(const plan::DataFacts& facts) {
  std::int64_t sum = 0;
  for (const auto& one : facts.coverage) sum += one.rows;
  return sum;
}

}  // namespace

/// The state that belongs to one answer. Whatever an import commits meanwhile, all of the answer is read from this one:
/// otherwise its parts would not add up.
Result<Reading> Workspace::Impl::read(const store::QueryLimits& limits, std::size_t lanes) {
  Gate::Pass pass(gate);
  const EngineThreads::Moment begun = threads.now();
  VIGIE_TRY(store::DuckDbSnapshot data, store::DuckDbSnapshot::begin(*database, lanes));
  VIGIE_TRY(auto known, holding_of(data, begun, limits));
  if (!has_checks) return Reading{std::move(pass), std::move(data), std::move(known)};
  // Of the same state. A refused batch leaves no rows, so that they are no part of what that holds of a batch.
  VIGIE_TRY(std::vector<checks::State> states,
            checks::states([&](const std::string& sql) { return data.query(sql, limits); }));
  return Reading{std::move(pass), std::move(data), std::move(known), std::move(states)};
}

/// Looked for once a second: of a server that answers many, none waits for it.
std::vector<kpi::LateSource> Workspace::Impl::late_sources() {
  constexpr std::chrono::seconds kLasts{1};
  const std::lock_guard guard(late_mutex);
  const auto now = std::chrono::steady_clock::now();
  if (late_looked && now < *late_looked + kLasts) return late;
  late_looked = now;
  late.clear();
  const ingest::Context context = import_context();
  for (sources::Behind& one : sources::behind(source_context(context)))
    late.push_back({std::move(one.source), std::move(one.tables), one.last_good, one.fails});
  return late;
}

/// While it lives, an import by hand that finds another under way waits for it. The few rows of events want no more
/// threads of the engine than questions do.
class Workspace::Impl::Applying {
 public:
  explicit Applying(Impl& impl) : impl_(impl) { impl_.applying = true; }
  Applying(const Applying&) = delete;
  Applying& operator=(const Applying&) = delete;
  ~Applying() { impl_.applying = false; }

 private:
  Impl& impl_;
};

/// For many queries that do not rest on each other.
Result<Reading> Workspace::Impl::read_on_lanes(const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, read(limits, std::max(lanes_of_this_machine(), 1 + kMakers)));
  const bool few = rows_of(reading.holding->facts) <= kFewRows;
  reading.data.answer_on(few ? lanes_of_this_machine() : 1, !few);
  return reading;
}

/// What that state holds: read once for each batch, by one reader at a time.
Result<std::shared_ptr<const Holding>> Workspace::Impl::holding_of(store::DuckDbSnapshot& data,
                                                                   EngineThreads::Moment begun,
                                                                   const store::QueryLimits& limits) {
  VIGIE_TRY(const std::int64_t batch, last_batch(data, limits));
  std::unique_lock guard(holding_mutex, std::defer_lock);
  while (!guard.try_lock_for(std::chrono::milliseconds(5))) VIGIE_CHECK(data.check(limits));
  if (holding_batch == batch) {
    // An import that changed nothing left it in doubt.
    threads.rows_are(begun, rows_of(holding->facts));
    return holding;
  }
  VIGIE_TRY(RememberedQueries queries, RememberedQueries::open(data, limits));
  VIGIE_TRY(std::vector<ImportedHoliday> holidays, read_holidays(queries));
  VIGIE_TRY(calendar::Calendar with_holidays, calendar_of(settings, clock.now(), holidays));
  VIGIE_TRY(plan::DataFacts facts, read_facts(queries, model, settings, with_holidays));
  // A memory that cannot be written (a full disk, another reader at it) costs time at the next start, and no answer.
  [[maybe_unused]] const Result<> kept = queries.keep(*database);
  auto shared =
      std::make_shared<const Holding>(Holding{std::move(facts), std::move(holidays), std::move(with_holidays)});
  if (batch > holding_batch) {
    holding = shared, holding_batch = batch;
    threads.rows_are(begun, rows_of(shared->facts));
  }
  return shared;
}

Workspace::Workspace(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Workspace::~Workspace() = default;

Workspace::Closed Workspace::close(std::unique_ptr<Workspace> workspace) {
  Closed out{std::move(workspace->impl_->lock), workspace->impl_->clock.now()};
  workspace.reset();
  return out;
}

Result<std::unique_ptr<Workspace>> Workspace::open(const fs::path& folder, const Clock& clock, Holder as) {
  std::error_code ignored;
  if (!fs::exists(folder / "vigie.yaml", ignored))
    return fail(ErrorKind::unavailable, "workspace.missing",
                fmt::format("{} is no workspace: it has no vigie.yaml", folder.string()), {},
                "make one with: vigie init " + folder.string());
  VIGIE_TRY(catalog::Settings settings, catalog::load_settings(folder / "vigie.yaml"));
  std::future<Held> holding = begin_to_hold(folder, as);
  VIGIE_TRY(const fs::path share, share_folder());
  VIGIE_TRY(model::Model model, model::Model::load(share / "model"));
  VIGIE_CHECK(catalog::check_channel_groups(settings, model));
  VIGIE_TRY(catalog::Catalog catalog, catalog::Catalog::read({share / "kpis", folder / "kpis"}, model));
  VIGIE_CHECK(catalog::check_targets(settings, catalog));
  VIGIE_TRY(calendar::Calendar calendar, calendar_of(settings, clock.now(), {}));
  VIGIE_CHECK(make_data_folder(folder));
  Held held = holding.valid() ? holding.get() : hold(folder, as);
  VIGIE_TRY(Lock lock, std::move(held.lock));
  VIGIE_TRY(auto database, std::move(held.database));
  const store::WarehouseSettings made_for{settings.calendar.time_zone, settings.currency};
  if (held.only_read) {
    VIGIE_CHECK(store::check_warehouse(*database, model, made_for));
  } else {
    VIGIE_CHECK(store::prepare_warehouse(*database, model, made_for));
    VIGIE_CHECK(ingest::prepare(*database));
    VIGIE_CHECK(finish_erasures(*database, folder));
    sources::remove_leftovers(folder);
  }
  std::unique_ptr<Impl> impl(new Impl{folder,
                                      share / "presets",
                                      held.only_read,
                                      clock,
                                      std::move(lock),
                                      std::move(settings),
                                      std::move(model),
                                      std::move(catalog),
                                      std::move(calendar),
                                      std::move(database),
                                      {},
                                      {},
                                      -1,
                                      {}});
  impl->privacy = std::make_shared<ingest::Privacy>(folder, impl->settings.privacy_secret);
  VIGIE_TRY(store::Connection connection, impl->database->connect());
  VIGIE_TRY(impl->has_checks, checks::is_prepared(connection));
  return std::unique_ptr<Workspace>(new Workspace(std::move(impl)));
}

std::vector<Result<kpi::Answer>> Workspace::ask(const std::vector<plan::Question>& questions,
                                                const store::QueryLimits& limits, std::vector<plan::QueryNote>* queries,
                                                Coverage* coverage) {
  std::vector<Result<kpi::Answer>> answers;
  {
    auto reading = impl_->read_on_lanes(limits);
    if (!reading) return std::vector<Result<kpi::Answer>>(questions.size(), std::unexpected(reading.error()));
    if (coverage != nullptr) *coverage = reading->holding->facts.coverage;
    answers = kpi::ask(impl_->session(*reading), questions, limits, queries);
  }
  // A query that fails ends the state it was read in, for the other questions too. Where it was the fault of what one
  // of them reads (a sum past all bounds), each is asked again by itself.
  const auto is_of_data = [](const auto& answer) {
    return !answer && answer.error().code.starts_with("engine.") && answer.error().kind == ErrorKind::data;
  };
  if (questions.size() == 1 || std::ranges::none_of(answers, is_of_data)) return answers;
  for (std::size_t i = 0; i < questions.size(); ++i)
    if (is_of_data(answers[i])) answers[i] = std::move(ask({questions[i]}, limits, queries).front());
  return answers;
}

Result<exports::Exported> Workspace::export_table(const exports::TableOrder& order, const exports::Form& form,
                                                  const exports::Destination& to, const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  exports::TableSource data{*impl_->database, reading.data};
  return exports::export_table(data, impl_->table_standing(reading), order, form, to, limits);
}

Result<std::vector<exports::ReturnMap>> Workspace::return_maps(const exports::TableOrder& order,
                                                               const exports::Form& form, const std::string& file,
                                                               const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  exports::TableSource data{*impl_->database, reading.data};
  return exports::return_maps(data, impl_->table_standing(reading), order, form, file, limits);
}

Result<> Workspace::Impl::check_writable() const {
  if (!only_read) return {};
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("the workspace {} can only be read", folder.string()), {}, "check the rights on the folder");
}

/// The right to write, held by one at a time.
Result<std::unique_lock<std::timed_mutex>> Workspace::Impl::begin_writing() {
  VIGIE_CHECK(check_writable());
  std::unique_lock guard(import_mutex, std::try_to_lock);
  // Events are applied in a moment, several times a second: that is no reason to send anybody away.
  while (!guard && applying) guard.try_lock_for(kMoment);
  if (guard || guard.try_lock()) return guard;
  const std::lock_guard known(importing_mutex);
  return fail(ErrorKind::unavailable, "import.busy",
              importing.empty() ? "another import into this workspace is under way"
                                : fmt::format("another import into this workspace is under way: {}", importing),
              {}, "ask again when it has ended");
}

/// The right to write, and that it is had.
struct Workspace::Impl::Writing {
  std::unique_lock<std::timed_mutex> guard;
  UnderWay under_way;
};

/// For the rows of a source, which have been read and are not sent away: they wait for who writes meanwhile.
Result<sources::Turn> Workspace::Impl::wait_to_write(const std::string& source, const std::atomic<bool>* cancelled) {
  std::unique_lock guard(import_mutex, std::defer_lock);
  while (!guard.try_lock_for(kMoment))
    if (cancelled != nullptr && *cancelled)
      return fail(ErrorKind::unavailable, "engine.cancelled", "the sync was stopped; nothing was changed");
  return sources::Turn(new Writing{std::move(guard), {*this, "sources/" + source}});
}

Result<sources::Report> Workspace::sync(const sources::Order& order) {
  VIGIE_CHECK(impl_->check_writable());
  const Gate::Pass pass(impl_->gate);
  const ingest::Context context = impl_->import_context();
  return sources::sync(impl_->source_context(context), order);
}

Result<singer::Report> Workspace::take_singer(const singer::Order& order) {
  std::optional<presets::Preset> preset;
  if (!order.preset.empty()) {
    VIGIE_TRY(preset, preset_called(order.preset));
  }
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  const Impl::UnderWay under_way(*impl_, "singer " + (order.tap.empty() ? order.preset : order.tap));
  const ingest::Context context = impl_->import_context();
  return singer::take({context, impl_->folder}, order, preset ? &*preset : nullptr);
}

Result<std::vector<sources::Status>> Workspace::source_status() {
  const Gate::Pass pass(impl_->gate);
  const ingest::Context context = impl_->import_context();
  return sources::status(impl_->source_context(context));
}

std::set<std::string> Workspace::sources_under_way() const { return impl_->syncs.now(); }

Result<ingest::Receipt> Workspace::import(const ingest::Request& request) {
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  const Impl::UnderWay under_way(*impl_, request.map_file.string());
  auto receipt = ingest::run(impl_->import_context(), request);
  if (!receipt) return receipt;
  if (auto refused = ingest::nothing_taken(*receipt)) return std::unexpected(*std::move(refused));
  return receipt;
}

Result<ingest::Receipt> Workspace::apply(const ingest::Request& request) {
  const Impl::Applying under_way(*impl_);
  std::unique_lock guard(impl_->import_mutex, std::defer_lock);
  while (!guard.try_lock_for(kMoment)) {
    const bool by_hand = [&] {
      const std::lock_guard known(impl_->importing_mutex);
      return !impl_->importing.empty();
    }();
    impl_->applying = !by_hand;
    if (request.cancelled != nullptr && *request.cancelled)
      return fail(ErrorKind::unavailable, "engine.cancelled", "the query was cancelled");
  }
  impl_->applying = true;
  return ingest::run(impl_->import_context(), request);
}

Result<std::map<std::string, std::int64_t>> Workspace::applied() {
  const Gate::Pass pass(impl_->gate);
  return ingest::applied(*impl_->database);
}

bool Workspace::is_only_read() const { return impl_->only_read; }

Result<ingest::Quarantine> Workspace::quarantine(const ingest::QuarantineFilter& filter,
                                                 const store::QueryLimits& limits) {
  const Gate::Pass pass(impl_->gate);
  return ingest::quarantined(*impl_->database, filter, limits);
}

Result<ingest::QuarantineReasons> Workspace::quarantine_reasons(const ingest::QuarantineFilter& filter,
                                                                const store::QueryLimits& limits) {
  const Gate::Pass pass(impl_->gate);
  return ingest::quarantine_reasons(*impl_->database, filter, limits);
}

Result<ingest::QueuedRows> Workspace::queued_rows(const ingest::QuarantineFilter& filter) {
  const Gate::Pass pass(impl_->gate);
  return ingest::queued_rows(impl_->import_context(), filter);
}

Result<ingest::QueuedRow> Workspace::queued_row(std::int64_t id) {
  const Gate::Pass pass(impl_->gate);
  return ingest::queued_row(impl_->import_context(), id, map_finder(impl_->folder));
}

Result<ingest::FixReport> Workspace::fix_rows(const ingest::QueueOrder& order) {
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  return ingest::fix(impl_->import_context(), order);
}

Result<ingest::ReplayReport> Workspace::replay_rows(const ingest::QueueOrder& order) {
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  const Impl::UnderWay under_way(*impl_, "the quarantine");
  return ingest::replay(impl_->import_context(), order, map_finder(impl_->folder));
}

Result<ingest::DropReport> Workspace::drop_rows(const ingest::QueueOrder& order) {
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  return ingest::drop(impl_->import_context(), order);
}

Result<kpi::Explanation> Workspace::explain(const plan::Question& question, int rows,
                                            const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  return kpi::explain(impl_->session(reading), question, rows, limits);
}

Result<insight::Bridge> Workspace::reconcile(const plan::Question& first, const plan::Question& last,
                                             const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  return insight::reconcile(impl_->session(reading), first, last, limits);
}

Result<insight::Why> Workspace::why(const plan::Question& question, const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  return insight::why(impl_->session(reading), question, limits);
}

Result<insight::Proposals> Workspace::propose(const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  VIGIE_TRY(insight::Proposals proposals, insight::propose(impl_->session(reading), limits));
  proposals.inactivity.written = is_written(impl_->folder, "inactivity_days");
  return proposals;
}

Result<std::vector<Error>> Workspace::audit(const store::QueryLimits& limits) {
  {
    const Gate::Pass pass(impl_->gate);
    VIGIE_TRY(store::Connection connection, impl_->database->connect());
    if (const auto layout = store::check_layout(connection, impl_->model); !layout) return std::vector{layout.error()};
  }
  VIGIE_TRY(Reading reading, impl_->read(limits));
  std::vector<std::string> tables;
  for (const model::Table& table : impl_->model.tables()) tables.push_back(table.name);
  for (const std::string& space : store::key_spaces(impl_->model)) tables.push_back(store::key_table(space));
  std::vector<Error> found;
  for (const std::string& table : tables) {
    VIGIE_TRY(const store::ResultSet rows,
              reading.data.query(fmt::format("SELECT count(*), coalesce(min(example), '') FROM (SELECT min(source || ' "
                                             "' || source_key) AS example FROM {} GROUP BY key HAVING count(*) > 1)",
                                             store::quote_identifier(table)),
                                 limits));
    if (rows.int64(0, 0) == 0) continue;
    found.push_back(
        {"warehouse.duplicate_key",
         fmt::format("{}: {} keys stand in several rows, {} among them", table, rows.int64(0, 0), rows.text(0, 1)),
         ErrorKind::data,
         {},
         "import its sources again into a new workspace, and keep this file to show what happened"});
  }
  std::ranges::move(check_regions(impl_->settings, reading.holding->holidays), std::back_inserter(found));
  if (const auto circle = reading.holding->facts.merged_customers.circle.size(); circle > 0)
    found.push_back(
        {"customers.merged_in_a_circle",
         fmt::format("customers: {} records are merged into each other in a circle; each counts for itself", circle),
         ErrorKind::data,
         {},
         "say in the source which of them is left"});
  const auto query = [&](const std::string& sql) { return reading.data.query(sql, limits); };
  VIGIE_TRY(std::vector<Error> doubts,
            ingest::doubtful_rows(query, impl_->model, {impl_->clock.now(), impl_->settings.sale_event.has_value()}));
  std::ranges::move(doubts, std::back_inserter(found));
  std::ranges::move(findings_of(reading.checks, impl_->clock.now()), std::back_inserter(found));
  std::ranges::move(check_hashed(query, impl_->folder, impl_->model, impl_->calendar.zone().name()),
                    std::back_inserter(found));
  return found;
}

Result<std::vector<checks::State>> Workspace::check_states() {
  const Gate::Pass pass(impl_->gate);
  return ingest::check_states(*impl_->database);
}

Result<std::vector<checks::State>> Workspace::look_at_checks_again() {
  VIGIE_TRY(const auto guard, impl_->begin_writing());
  const Impl::UnderWay under_way(*impl_, "the checks");
  VIGIE_CHECK(look_at_all_again(impl_->import_context(), impl_->folder, impl_->presets));
  return check_states();
}

const catalog::Catalog& Workspace::catalog() const { return impl_->catalog; }
const model::Model& Workspace::model() const { return impl_->model; }
const catalog::Settings& Workspace::settings() const { return impl_->settings; }
const calendar::Calendar& Workspace::calendar() const { return impl_->calendar; }
const fs::path& Workspace::folder() const { return impl_->folder; }
const fs::path& Workspace::presets() const { return impl_->presets; }
Instant Workspace::now() const { return impl_->clock.now(); }
Date Workspace::today() const { return impl_->calendar.zone().day_of(impl_->clock.now()); }

Result<Summary> Workspace::summary(const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  const plan::DataFacts& facts = reading.holding->facts;
  Summary out;
  out.name = fs::weakly_canonical(impl_->folder).filename().string();
  out.settings = impl_->settings;
  std::vector<std::string> tables;
  for (const auto& one : facts.coverage) {
    tables.push_back(one.table);
    if (!one.eventful) continue;
    if (one.first && (!out.data_from || *one.first < *out.data_from)) out.data_from = one.first;
    if (one.last && (!out.data_to || *one.last + 1 > *out.data_to)) out.data_to = *one.last + 1;
  }
  const auto event = plan::sale_event(impl_->settings, facts);
  out.as_of = kpi::horizon(impl_->session(reading), plan::tables_behind("sales", event)).at;
  std::set<std::string> seen;
  for (const model::Relation& relation : impl_->model.relations())
    for (const auto& [name, target] : relation.dimensions)
      if (seen.insert(name).second) out.dimensions.push_back({name, impl_->catalog.dimension_label(name)});
  for (const store::Attribute& attribute : facts.attributes)
    if (attribute.type == store::AttributeType::text && seen.insert(attribute.name).second)
      out.dimensions.push_back({attribute.name, attribute_label(impl_->catalog, attribute.name)});
  for (const catalog::Definition* definition : impl_->catalog.in_force(today())) {
    const catalog::Variant* variant =
        definition->headline ? definition->variant(definition->headline_variant) : nullptr;
    if (!variant) continue;
    const std::set<std::string> known = kpi::dimensions_of(impl_->session(reading), *definition, *variant, today());
    for (Dimension& dimension : out.dimensions)
      if (known.contains(dimension.id)) dimension.kpis.push_back(definition->id);
  }
  return out;
}

Result<std::vector<kpi::DimensionValue>> Workspace::dimension_values(const std::string& dimension,
                                                                     const std::string& typed, int limit,
                                                                     const store::QueryLimits& limits) {
  VIGIE_TRY(Reading reading, impl_->read(limits));
  return kpi::dimension_values(impl_->session(reading), dimension, typed, limit, limits);
}

}  // namespace vigie::workspace
