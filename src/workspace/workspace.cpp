#include "workspace/workspace.h"

#include <fstream>
#include <mutex>

#include "base/text.h"
#include "calendar/holidays.h"
#include "kpi/ask.h"
#include "kpi/evaluation.h"
#include "kpi/question_scope.h"
#include "store/duckdb_engine.h"
#include "store/layout.h"
#include "store/warehouse.h"
#include "workspace/facts.h"
#include "workspace/lock.h"
#include "workspace/share.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

Result<calendar::Calendar> calendar_of(const catalog::Settings& settings, Instant now) {
  calendar::CalendarSettings calendar = settings.calendar;
  if (!settings.holidays.empty()) {
    const auto region = settings.holidays == "france" ? calendar::FrenchRegion::metropole : calendar::FrenchRegion::alsace_moselle;
    const int this_year = civil(Date{static_cast<std::int32_t>(now.micros / kMicrosPerDay)}).year;
    for (int year = 1990; year <= this_year + 2; ++year)
      for (const Date day : calendar::french_holidays(year, region)) calendar.holidays.insert(day);
  }
  return calendar::Calendar::make(std::move(calendar));
}

std::string settings_text(const InitOptions& options, const fs::path& folder) {
  const std::string company = options.company.empty() ? folder.filename().string() : options.company;
  // The name is a person's text inside YAML quotes.
  std::string quoted;
  for (const char c : company) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return fmt::format(
      "# A Vigie workspace. Every key is explained in docs/workspace.md; `vigie check` reads it.\n"
      "format: 1\n"
      "company: \"{}\"\n"
      "currency: {}            # reporting currency\n"
      "time_zone: {}\n"
      "week_start: {}\n"
      "fiscal_start: \"{}\"     # month-day\n"
      "# profile: [deals, shop]      # deals, quotes, shop, subscription\n"
      "# sale_event: invoice         # order, invoice or won_deal; default: invoices, else orders, else won deals\n"
      "# margin_rate: 0.35           # where products carry no cost\n"
      "# inactivity_days: 365        # customers without a contract are inactive after so many days\n",
      quoted, options.currency, options.time_zone, options.week_start, options.fiscal_start);
}

/// What the catalogue or the workspace calls it; else its name as a person would say it: "company size" of x_company_size.
catalog::Text attribute_label(const catalog::Catalog& catalog, const std::string& name) {
  catalog::Text named = catalog.dimension_label(name);
  if (named.en != name) return named;
  std::string spaced = name.substr(2);
  std::ranges::replace(spaced, '_', ' ');
  return {spaced, spaced};
}

Result<> write_file(const fs::path& file, const std::string& text) {
  // Written beside and renamed, so that a full disk leaves nothing half-written.
  const fs::path draft = file.string() + ".new";
  {
    std::ofstream out(draft, std::ios::binary);
    out << text << std::flush;
    if (!out) {
      std::error_code ignored;
      fs::remove(draft, ignored);
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", file.string()), {}, "check the rights and the space left");
    }
  }
  std::error_code problem;
  fs::rename(draft, file, problem);
  if (problem) return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}: {}", file.string(), problem.message()));
  return {};
}

}  // namespace

struct Workspace::Impl {
  fs::path folder;
  const Clock& clock;
  Lock lock;
  catalog::Settings settings;
  model::Model model;
  catalog::Catalog catalog;
  calendar::Calendar calendar;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::DuckDbEngine> engine;

  std::mutex facts_mutex;
  std::shared_ptr<const plan::DataFacts> facts;  ///< of the current data; dropped by an import
  std::mutex import_mutex;

  Result<std::shared_ptr<const plan::DataFacts>> current_facts() {
    const std::lock_guard guard(facts_mutex);
    if (!facts) {
      VIGIE_TRY(store::Connection connection, database->connect());
      VIGIE_TRY(plan::DataFacts read, read_facts(connection, model));
      facts = std::make_shared<const plan::DataFacts>(std::move(read));
    }
    return facts;
  }

  kpi::Session session(const plan::DataFacts& known) {
    return {catalog, model, settings, calendar, known, *engine, clock.now()};
  }
};

Workspace::Workspace(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Workspace::~Workspace() = default;

Result<> Workspace::init(const fs::path& folder, const InitOptions& options) {
  std::error_code problem;
  if (fs::exists(folder / "vigie.yaml", problem))
    return fail(ErrorKind::usage, "workspace.exists", fmt::format("{} is a workspace already", folder.string()), {}, "choose another folder");
  // Checked before anything is made: a wrong option leaves no folder behind.
  const std::string text = settings_text(options, folder);
  VIGIE_TRY(const YamlNode root, YamlNode::parse(text, "vigie.yaml"));
  if (const auto settings = catalog::read_settings(root); !settings) {
    Error error = settings.error();
    error.where = {};
    return std::unexpected(error);
  }
  for (const char* inside : {"data", "kpis", "maps"}) {
    fs::create_directories(folder / inside, problem);
    if (problem) return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot make {}: {}", (folder / inside).string(), problem.message()), {}, "check the rights on the folder");
  }
  return write_file(folder / "vigie.yaml", text);
}

Result<std::unique_ptr<Workspace>> Workspace::open(const fs::path& folder, const Clock& clock) {
  std::error_code ignored;
  if (!fs::exists(folder / "vigie.yaml", ignored))
    return fail(ErrorKind::unavailable, "workspace.missing", fmt::format("{} is no workspace: it has no vigie.yaml", folder.string()), {},
                "make one with: vigie init " + folder.string());
  VIGIE_TRY(catalog::Settings settings, catalog::load_settings(folder / "vigie.yaml"));
  VIGIE_TRY(const fs::path share, share_folder());
  VIGIE_TRY(model::Model model, model::Model::load(share / "model"));
  VIGIE_CHECK(catalog::check_channel_groups(settings, model));
  VIGIE_TRY(catalog::Catalog catalog, catalog::Catalog::load({share / "kpis", folder / "kpis"}, model));
  VIGIE_CHECK(catalog::check_targets(settings, catalog));
  VIGIE_TRY(calendar::Calendar calendar, calendar_of(settings, clock.now()));
  fs::create_directories(folder / "data", ignored);
  VIGIE_TRY(Lock lock, Lock::take(folder / "data" / "lock"));
  VIGIE_TRY(auto database, store::Database::open({.file = folder / "data" / "warehouse.duckdb"}));
  VIGIE_CHECK(store::prepare_warehouse(*database, model, {settings.calendar.time_zone, settings.currency}));
  VIGIE_CHECK(ingest::prepare(*database));
  auto engine = std::make_unique<store::DuckDbEngine>(*database);
  std::unique_ptr<Impl> impl(new Impl{folder, clock, std::move(lock), std::move(settings), std::move(model), std::move(catalog),
                                      std::move(calendar), std::move(database), std::move(engine), {}, {}, {}});
  return std::unique_ptr<Workspace>(new Workspace(std::move(impl)));
}

std::vector<Result<kpi::Answer>> Workspace::ask(const std::vector<plan::Question>& questions, const store::QueryLimits& limits,
                                                std::vector<plan::QueryNote>* queries) {
  const auto facts = impl_->current_facts();
  if (!facts) return std::vector<Result<kpi::Answer>>(questions.size(), std::unexpected(facts.error()));
  return kpi::ask(impl_->session(**facts), questions, limits, queries);
}

Result<ingest::Receipt> Workspace::import(const ingest::Request& request) {
  const std::lock_guard guard(impl_->import_mutex);
  const ingest::Context context{*impl_->database, impl_->model, impl_->calendar, impl_->settings.currency, impl_->clock};
  auto receipt = ingest::run(context, request);
  const std::lock_guard facts_guard(impl_->facts_mutex);
  impl_->facts.reset();
  return receipt;
}

Result<kpi::Explanation> Workspace::explain(const plan::Question& question, int rows, const store::QueryLimits& limits) {
  VIGIE_TRY(const auto facts, impl_->current_facts());
  return kpi::explain(impl_->session(*facts), question, rows, limits);
}

Result<insight::Bridge> Workspace::reconcile(const plan::Question& first, const plan::Question& last, const store::QueryLimits& limits) {
  VIGIE_TRY(const auto facts, impl_->current_facts());
  return insight::reconcile(impl_->session(*facts), first, last, limits);
}

Result<insight::Why> Workspace::why(const plan::Question& question, const store::QueryLimits& limits) {
  VIGIE_TRY(const auto facts, impl_->current_facts());
  return insight::why(impl_->session(*facts), question, limits);
}

Result<std::vector<Error>> Workspace::audit() {
  VIGIE_TRY(store::Connection connection, impl_->database->connect());
  if (const auto layout = store::check_layout(connection, impl_->model); !layout) return std::vector{layout.error()};
  std::vector<std::string> tables;
  for (const model::Table& table : impl_->model.tables()) tables.push_back(table.name);
  for (const std::string& space : store::key_spaces(impl_->model)) tables.push_back(store::key_table(space));
  std::vector<Error> found;
  for (const std::string& table : tables) {
    VIGIE_TRY(const store::ResultSet rows,
              connection.query(fmt::format("SELECT count(*), coalesce(min(example), '') FROM (SELECT min(source || ' ' || source_key) AS example FROM {} GROUP BY key HAVING count(*) > 1)",
                                           store::quote_identifier(table))));
    if (rows.int64(0, 0) == 0) continue;
    found.push_back({"warehouse.duplicate_key", fmt::format("{}: {} keys stand in several rows, {} among them", table, rows.int64(0, 0), rows.text(0, 1)),
                     ErrorKind::data, {}, "import its sources again into a new workspace, and keep this file to show what happened"});
  }
  VIGIE_TRY(const auto facts, impl_->current_facts());
  if (const auto circle = facts->merged_customers.circle.size(); circle > 0)
    found.push_back({"customers.merged_in_a_circle", fmt::format("customers: {} records are merged into each other in a circle; each counts for itself", circle),
                     ErrorKind::data, {}, "say in the source which of them is left"});
  return found;
}

const catalog::Catalog& Workspace::catalog() const { return impl_->catalog; }
const model::Model& Workspace::model() const { return impl_->model; }
const catalog::Settings& Workspace::settings() const { return impl_->settings; }
const calendar::Calendar& Workspace::calendar() const { return impl_->calendar; }
const fs::path& Workspace::folder() const { return impl_->folder; }
Date Workspace::today() const { return impl_->calendar.zone().day_of(impl_->clock.now()); }

Result<Summary> Workspace::summary() {
  VIGIE_TRY(const auto facts, impl_->current_facts());
  Summary out;
  out.name = fs::weakly_canonical(impl_->folder).filename().string();
  out.settings = impl_->settings;
  std::vector<std::string> tables;
  for (const auto& one : facts->coverage) {
    tables.push_back(one.table);
    if (!one.eventful) continue;
    if (one.first && (!out.data_from || *one.first < *out.data_from)) out.data_from = one.first;
    if (one.last && (!out.data_to || *one.last + 1 > *out.data_to)) out.data_to = *one.last + 1;
  }
  const auto event = plan::sale_event(impl_->settings, *facts);
  out.as_of = kpi::horizon(impl_->session(*facts), plan::tables_behind("sales", event)).at;
  std::set<std::string> seen;
  for (const model::Relation& relation : impl_->model.relations())
    for (const auto& [name, target] : relation.dimensions)
      if (seen.insert(name).second) out.dimensions.push_back({name, impl_->catalog.dimension_label(name)});
  for (const store::Attribute& attribute : facts->attributes)
    if (attribute.type == store::AttributeType::text && seen.insert(attribute.name).second)
      out.dimensions.push_back({attribute.name, attribute_label(impl_->catalog, attribute.name)});
  for (const catalog::Definition* definition : impl_->catalog.in_force(today())) {
    const catalog::Variant* variant = definition->headline ? definition->variant(definition->headline_variant) : nullptr;
    if (!variant) continue;
    const std::set<std::string> known = kpi::dimensions_of(impl_->session(*facts), *definition, *variant, today());
    for (Dimension& dimension : out.dimensions)
      if (known.contains(dimension.id)) dimension.kpis.push_back(definition->id);
  }
  return out;
}

Result<std::vector<DimensionValue>> Workspace::dimension_values(const std::string& dimension, const std::string& typed, int limit,
                                                                const store::QueryLimits& limits) {
  VIGIE_TRY(const auto facts, impl_->current_facts());
  const kpi::Session session = impl_->session(*facts);
  std::map<std::optional<std::string>, std::int64_t> counts;
  bool known = false;
  std::vector<std::string> names;
  const std::vector<catalog::Parameter> no_parameters;
  for (const char* name : {"sales", "prospects", "deals", "spend", "costs", "latest_answers", "sale_lines"}) {
    const model::Relation* relation = impl_->model.relation(name);
    const std::map<std::string, expr::Literal> params{{"of", std::string("leads")}};
    const auto event = plan::sale_event(impl_->settings, *facts);
    const plan::RelationContext context{impl_->model, impl_->settings, impl_->calendar, *facts, event,
                                        kpi::horizon(session, plan::tables_behind(name, event, session.facts)), params, {}};
    VIGIE_TRY(store::RelPtr rows, plan::relation(name, context));
    const catalog::RelationScope of_model(impl_->model, *relation, no_parameters);
    const kpi::QuestionScope scope(of_model, *relation, rows, *facts);
    const std::vector<std::string> here = scope.dimension_names();
    std::ranges::copy(here, std::back_inserter(names));
    if (std::ranges::find(here, dimension) == here.end()) continue;
    known = true;
    const std::string target = scope.resolved(dimension);
    VIGIE_TRY(rows, plan::with_paths(rows, name, {target}, context, ""));
    VIGIE_TRY(const store::ResultSet found, impl_->engine->query(store::aggregate(rows, {{"value", store::col(rows, target)}},
                                                                                  {{"rows", store::AggregateFn::count, nullptr, nullptr}}), limits));
    for (std::size_t row = 0; row < found.rows(); ++row)
      counts[found.is_null(row, 0) ? std::nullopt : std::optional(found.text(row, 0))] += found.int64(row, 1);
  }
  if (!known) return fail(ErrorKind::usage, "split.unknown", fmt::format("no dimension \"{}\"", dimension), {}, suggestion(dimension, names));
  std::vector<DimensionValue> out;
  for (const auto& [value, count] : counts)
    if (fold_name(value.value_or("")).find(fold_name(typed)) != std::string::npos) out.push_back({value, count});
  std::ranges::sort(out, [](const DimensionValue& a, const DimensionValue& b) { return std::pair(-a.rows, a.value) < std::pair(-b.rows, b.value); });
  if (static_cast<int>(out.size()) > limit) out.resize(static_cast<std::size_t>(limit));
  return out;
}

}  // namespace vigie::workspace
