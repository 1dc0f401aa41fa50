#include "ingest/ingest.h"

#include <ranges>
#include <set>

#include "base/file_digests.h"
#include "base/text.h"
#include "ingest/aftermath.h"
#include "ingest/batches.h"
#include "ingest/doubts.h"
#include "ingest/events.h"
#include "ingest/functions.h"
#include "ingest/held_checks.h"
#include "ingest/merge.h"
#include "ingest/quarantine.h"
#include "ingest/queue.h"
#include "model/currency.h"

namespace vigie::ingest {
namespace {

/// The one file of a source's rows, under the name that people know it by.
Result<std::vector<SourceFile>> open_supply(const Supply& supply, const Map& map, store::Connection& connection) {
  VIGIE_TRY(std::vector<SourceFile> files, open_input(map.inputs.front(), {}, {supply.file}, connection));
  SourceFile& file = files.front();
  file.shown_as = supply.shown_as;
  for (std::size_t i = 0; i < file.types.size() && i < supply.written.size(); ++i)
    if (supply.written[i] != Supply::Written::text)
      file.types[i] = supply.written[i] == Supply::Written::number ? kNumberText : kTimeText;
  return files;
}

/// What the map says of its files is not said of rows that a source gives.
Result<> take_supply(const Request& request, Map& map) {
  if (!request.supply) return {};
  if (map.inputs.size() != 1)
    return fail(ErrorKind::usage, "map.input",
                fmt::format("{} has {} inputs: a source gives the rows of one", map.id, map.inputs.size()), map.where,
                "join the tables in the query of the source, and read them here with `input`");
  Input& input = map.inputs.front();
  Input given;
  given.name = input.name;
  given.where = input.where;
  given.null_values = input.null_values;
  given.format = Format::csv;
  given.delimiter = ",";
  input = std::move(given);
  // What is new alone lacks the rest, and says nothing of it.
  if (!request.supply->whole && map.mode == Mode::snapshot) map.mode = Mode::upsert;
  return {};
}

Result<std::vector<SourceFile>> open_all(const Request& request, const Map& map, store::Connection& connection) {
  if (request.supply) return open_supply(*request.supply, map, connection);
  if (!request.files.empty() && map.inputs.size() > 1)
    return fail(ErrorKind::usage, "map.input",
                fmt::format("{} has {} inputs: say which file is which", map.id, map.inputs.size()), map.where,
                "name=FILE, with the names under `inputs`");
  for (const auto& [name, path] : request.named_files)
    if (std::ranges::find(map.inputs, name, &Input::name) == map.inputs.end())
      return fail(ErrorKind::usage, "map.input", fmt::format("{} has no input \"{}\"", map.id, name), map.where);
  const std::filesystem::path folder = request.folder.value_or(map.file.parent_path());
  std::vector<SourceFile> out;
  for (const Input& input : map.inputs) {
    std::vector<std::filesystem::path> given = request.files;
    if (const auto named = request.named_files.find(input.name); named != request.named_files.end())
      given = {named->second};
    if (given.empty() && input.from_source)
      return fail(ErrorKind::usage, "map.input",
                  fmt::format("the rows of {} come from a source of the workspace, not from files", map.id),
                  input.where, "bring them with vigie sync, or name a file that has the same columns");
    VIGIE_TRY(std::vector<SourceFile> files, open_input(input, folder, given, connection));
    if (!request.applied.empty())
      for (SourceFile& file : files) add_absent_columns(map, file);
    std::ranges::move(files, std::back_inserter(out));
  }
  return out;
}

std::vector<std::filesystem::path> paths_of(const std::vector<SourceFile>& files) {
  std::vector<std::filesystem::path> out;
  for (const SourceFile& file : files) out.push_back(file.original);  // its own bytes, not those of a copy
  return out;
}

/// The batch that these files made before. Events come once: a journal knows how far it is applied. Of a map that never
/// ran there is none, and its files' digests need not be waited for: they are taken while the rows are read.
Result<std::optional<std::int64_t>> batch_before(Job& job) {
  if (!job.request.applied.empty()) return std::nullopt;
  VIGIE_TRY(const std::int64_t batches,
            job.number(fmt::format("SELECT count(*) FROM _batches WHERE map = {}", store::quote_text(job.map.id))));
  if (batches == 0) return std::nullopt;
  VIGIE_CHECK(job.know_digests());
  VIGIE_TRY(const auto earlier, earlier_batch(job));
  if (!earlier) return std::nullopt;
  // What is expected may have changed, or other content of these files may have been refused since: then the rows are
  // looked at again.
  VIGIE_TRY(const bool checked, checks_are_known(job));
  return checked ? earlier : std::nullopt;
}

/// A rolled-back preview is a success of its own kind.
constexpr std::string_view kPreview = "ingest.preview";
/// So is a supply that brought nothing new.
constexpr std::string_view kNothingNew = "ingest.nothing_new";

/// Of a source that is asked every few minutes: where all it gave is known, and all that its map declares of it, the
/// warehouse stays as it is, to the byte. Known is a row too that was refused before as it is refused now. But a whole
/// source of which nothing can be taken is no known one. `checked`: its checks were known before they were held.
Result<bool> is_nothing_new(const Job& job, bool taken, bool checked) {
  const Receipt& r = job.receipt;
  if (!job.request.supply || (!taken && job.request.supply->whole)) return false;
  if (r.loaded + r.updated + r.deleted + r.repriced > 0 || r.quarantined > job.refused_as_before) return false;
  VIGIE_TRY(const std::int64_t settled, count_settled(job));
  VIGIE_TRY(const bool declared_so, source_is_declared_so(job));
  if (settled > 0 || !declared_so || !checked) return false;
  return notes_are_known(job);
}

/// In one transaction. Where every row was refused the tables stay as they are: such a file says nothing of its source,
/// neither which rows are gone nor up to when it is whole.
Result<> take(Job& job, const Stage& stage) {
  const bool taken = job.receipt.read == 0 || job.receipt.quarantined < job.receipt.read;
  VIGIE_TRY(job.receipt.batch, taken ? next_batch(job.connection) : refused_batch(job));
  VIGIE_CHECK(quarantine_refusals(job));
  if (taken) VIGIE_CHECK(merge(job, stage));
  if (taken) VIGIE_CHECK(supersede(job, stage));
  if (taken) VIGIE_CHECK(warn_of_doubtful_rows(job));
  VIGIE_TRY(const bool checked, job.request.supply ? checks_are_known(job) : Result<bool>(true));
  if (taken) VIGIE_CHECK(hold_checks(job));
  VIGIE_CHECK(drop_stage(job));
  if (taken) VIGIE_CHECK(note_seen_stages(job));
  const Receipt& r = job.receipt;
  if (r.read != r.loaded + r.updated + r.unchanged + r.quarantined)
    return fail(ErrorKind::internal, "ingest.account",
                fmt::format("{} rows were read, but {} loaded, {} updated, {} unchanged and {} quarantined", r.read,
                            r.loaded, r.updated, r.unchanged, r.quarantined));
  if (job.request.preview) return fail(ErrorKind::internal, std::string(kPreview), "");
  VIGIE_TRY(const bool nothing_new, is_nothing_new(job, taken, checked));
  if (nothing_new) return fail(ErrorKind::internal, std::string(kNothingNew), "");
  job.progress("commit", 0);
  VIGIE_CHECK(record_batch(job));
  VIGIE_CHECK(record_applied(job));
  if (!taken) return {};
  VIGIE_CHECK(record_personal(job));
  VIGIE_CHECK(record_source(job));
  return record_notes(job);
}

/// What a source gave again as it was: how far it has been read may have to be noted all the same.
Result<> note_again(Job& job) {
  VIGIE_TRY(const bool known, notes_are_known(job));
  if (known) return {};
  return job.connection.transaction([&] { return record_notes(job); });
}

/// The currencies that the map writes: its own, and what it puts into the column of rows.
std::set<std::string> currencies_of(const Map& map) {
  std::set<std::string> out{map.currency};
  if (const ColumnMap* column = map.find("currency")) {
    out.insert({column->constant.value_or(""), column->fallback.value_or(""), column->otherwise_value});
    for (const auto& [text, currency] : column->values) out.insert(currency);
  }
  out.erase("");
  return out;
}

/// What the receipt says of a map's code that ISO 4217 does not have. Where no rate of that name is there, it may be a
/// slip of the pen for another one.
Result<std::string> warning_of(const Job& job, const std::string& code) {
  std::string out =
      job.map.table->name == "fx_rates"
          ? fmt::format(
                "{}, the currency that the map says, is no code of ISO 4217: its rates hold for amounts in a "
                "currency of that name",
                code)
          : fmt::format(
                "{}, the currency that the map says, is no code of ISO 4217: what is in it has an amount on "
                "days for which a rate of that name is there",
                code);
  VIGIE_TRY(const std::int64_t rates, job.number(fmt::format("SELECT count(*) FROM fx_rates WHERE currency = {} AND "
                                                             "deleted_at IS NULL",
                                                             store::quote_text(code))));
  if (const std::string hint = model::currency_hint(code); rates == 0 && is_of_one_near(hint)) out += "; " + hint;
  return out;
}

/// A code that ISO 4217 does not have may be one that the company trades in, or a slip.
Result<> warn_of_currencies(const Job& job) {
  const std::string& reporting = job.context.base_currency;
  std::set<std::string> unknown;
  for (const std::string& written : currencies_of(job.map))
    if (std::string code = model::in_capitals(written); !model::is_currency(code)) unknown.insert(std::move(code));
  for (const std::string& of_map : unknown) {
    VIGIE_TRY(std::string warning, warning_of(job, of_map));
    job.receipt.warnings.push_back(std::move(warning));
  }
  if (!model::is_currency(reporting))
    job.receipt.warnings.push_back(
        fmt::format("{}, the currency that vigie.yaml says, is no code of ISO 4217: what is in another one has an "
                    "amount on days for which a rate of that name is there",
                    reporting));
  return {};
}

Result<> import(Job& job) {
  VIGIE_TRY(const Stage stage, fill_stage(job));
  for (const SourceFile& file : job.files)
    if (!file.mixed.empty()) job.receipt.warnings.push_back(file.mixed);
  warn_of_rows_ahead(job.map, stage.ahead, job.receipt);
  warn_of_rows_undeclared(job, stage.ahead);
  VIGIE_CHECK(warn_of_currencies(job));
  return job.connection.transaction([&] { return take(job, stage); });
}

void add_warnings(Receipt& receipt) {
  if (receipt.unpriced == 1)
    receipt.warnings.emplace_back(
        "1 row has an amount in a currency without a rate for its day: it counts, its amount does not");
  else if (receipt.unpriced > 1)
    receipt.warnings.push_back(fmt::format(
        "{} rows have an amount in a currency without a rate for their day: they count, their amounts do not",
        receipt.unpriced));
  if (receipt.read == 0 && receipt.filtered == 0) receipt.warnings.emplace_back("the files hold no row");
}

/// "2 × cast.date (spend.csv:2, day; also 7): "31/02/2025": not a date in the declared format, …"
std::string reason_of(const Refusal& refusal) {
  return fmt::format("{}: {}{}", place_of(refusal),
                     refusal.example.empty() ? "" : fmt::format("\"{}\": ", refusal.example), refusal.message);
}

}  // namespace

std::string place_of(const Refusal& refusal, std::string_view also) {
  std::string out = fmt::format("{} × {} ({}:{}{}", refusal.rows, refusal.code, refusal.first_file, refusal.first_row,
                                refusal.column.empty() ? "" : ", " + refusal.column);
  for (std::size_t i = 0; i < refusal.next_rows.size(); ++i)
    out += i == 0 ? fmt::format("; {} {}", also, refusal.next_rows[i]) : fmt::format(", {}", refusal.next_rows[i]);
  if (refusal.rows > static_cast<std::int64_t>(refusal.next_rows.size()) + 1) out += " …";
  return out + ")";
}

std::optional<Error> nothing_taken(const Receipt& receipt) {
  if (receipt.nothing_new || receipt.read == 0 || receipt.quarantined < receipt.read) return std::nullopt;
  constexpr std::size_t kReasons = 3;
  std::string reasons;
  for (const Refusal& refusal : receipt.refusals | std::views::take(kReasons))
    reasons += (reasons.empty() ? "" : " · ") + reason_of(refusal);
  if (const auto more = receipt.refusals.size(); more > kReasons) reasons += fmt::format(" · (+{})", more - kReasons);
  return fail(ErrorKind::data, "import.nothing_taken",
              receipt.read == 1
                  ? fmt::format("the only row that was read cannot be taken: {}", reasons)
                  : fmt::format("none of the {} rows that were read can be taken: {}", receipt.read, reasons),
              {},
              "is the map the right one for this file? Mend it, or the file, and import again; until then these rows "
              "wait in the quarantine")
      .error();
}

Result<> prepare(store::Database& database) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_CHECK(connection.execute(
      "CREATE TABLE IF NOT EXISTS _batches(batch BIGINT, digest VARCHAR, map VARCHAR, source VARCHAR, table_name "
      "VARCHAR, mode "
      "VARCHAR, imported_at BIGINT, receipt VARCHAR);"
      "CREATE TABLE IF NOT EXISTS _quarantine(batch BIGINT, map VARCHAR, source VARCHAR, table_name VARCHAR, file "
      "VARCHAR, row "
      "BIGINT, column_name VARCHAR, code VARCHAR, message VARCHAR, value VARCHAR, record VARCHAR);"
      "CREATE TABLE IF NOT EXISTS _sources(source VARCHAR, table_name VARCHAR, map VARCHAR, complete_until BIGINT, "
      "history_complete BOOLEAN, last_event BIGINT, imported_at BIGINT, batch BIGINT);"
      "CREATE TABLE IF NOT EXISTS _syncs(source VARCHAR, map VARCHAR, kind VARCHAR, name VARCHAR, value VARCHAR, batch "
      "BIGINT, noted_at BIGINT);"
      "CREATE TABLE IF NOT EXISTS _journals(journal VARCHAR, applied BIGINT);"));
  VIGIE_CHECK(checks::prepare(connection));
  VIGIE_CHECK(prepare_privacy(connection));
  return prepare_queue(connection);
}

Result<Receipt> run(const Context& context, const Request& request) {
  const auto started = std::chrono::steady_clock::now();
  VIGIE_TRY(Map map, Map::load(request.map_file, context.model, context.calendar.zone().name()));
  VIGIE_CHECK(take_supply(request, map));
  if (request.checks) map.checks = *request.checks;
  VIGIE_CHECK(register_functions(context.database, context.privacy));
  VIGIE_TRY(store::Connection connection, context.database.connect());
  Receipt receipt;
  receipt.map = map.id;
  receipt.source = map.source;
  receipt.table = map.table->name;
  if (request.progress) request.progress("open", 0);
  std::vector<SourceFile> files;
  {
    const CancelWatch watch(connection, request.cancelled);
    VIGIE_TRY(files, open_all(request, map, connection));
  }
  FileDigests digests(paths_of(files));
  Job job{context, request, map, connection, receipt, context.clock.now(), std::move(files), digests, {}};
  VIGIE_CHECK(check_table(job));
  VIGIE_CHECK(job.know_privacy());
  VIGIE_TRY(const auto earlier, batch_before(job));
  if (earlier) {
    receipt.batch = *earlier;
    receipt.already_imported = true;
    if (!request.preview) VIGIE_CHECK(note_again(job));
    VIGIE_TRY(receipt.warnings, warnings_of(job, *earlier));
    for (const SourceFile& file : job.files) receipt.files.push_back({file.shown_as, file.digest, 0});
    return receipt;
  }
  {
    VIGIE_TRY(MemoryCap cap, MemoryCap::set(connection));
    Result<> done;
    {
      const CancelWatch watch(connection, request.cancelled);
      done = import(job);
    }
    const Result<> restored = cap.restore();
    if (!done && !job.refused_by.empty() && !request.preview)
      if (const Result<> noted = note_refusal(job, done.error()); !noted)
        done.error().hint += fmt::format("; that it is missing could not be noted, and nobody is told of it later: {}",
                                         noted.error().message);
    receipt.nothing_new = !done && done.error().code == kNothingNew;
    if (!done && !receipt.nothing_new && done.error().code != kPreview) return std::unexpected(done.error());
    // What is committed is committed, whatever becomes of the memory that it was given.
    if (!restored) receipt.warnings.push_back(restored.error().message);
    if (receipt.nothing_new) receipt.batch = 0;
  }
  add_warnings(receipt);
  receipt.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return receipt;
}

}  // namespace vigie::ingest
