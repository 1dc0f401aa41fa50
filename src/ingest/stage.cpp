#include "ingest/stage.h"

#include "base/hash.h"
#include "base/text.h"
#include "ingest/isolated.h"
#include "ingest/open_quote.h"
#include "ingest/quarantine.h"
#include "ingest/unreadable.h"

namespace vigie::ingest {
namespace {

/// In place of the engine's words, which may repeat a value that is to be hashed.
constexpr std::string_view kUnsaid = "the engine's words are not repeated, for the map hashes columns";

constexpr std::size_t kDigestShown = 16;  // of the 64 hex digits: enough to tell a company's files apart

/// One list of rows to be staged: a file, or the result of the map's query.
struct Part {
  RowSource source;
  std::string reader, numbered;
  std::int64_t first_row = 1;
  std::string read_as;
  const SourceFile* file = nullptr;  ///< of separated values, whose reader puts what it cannot take into the rejects
};

Part part_of(const SourceFile& file) {
  Part out;
  out.source = {file.columns, file.types, file.shown_as, file.format == Format::csv ? file.delimiter : "",
                fmt::format("'{}:' || (ordinal + {})", file.digest.substr(0, kDigestShown), file.first_row - 1)};
  out.reader = file.reader(kRejects);
  out.numbered = file.numbered_reader(kRejects);
  out.first_row = file.first_row;
  out.read_as = read_as(file.columns, file.types, file.format == Format::jsonl);
  if (file.format == Format::csv) out.file = &file;
  return out;
}

Result<std::vector<Part>> parts_of(Job& job) {
  std::vector<Part> out;
  if (!job.map.query) {
    for (const SourceFile& file : job.files) out.push_back(part_of(file));
    return out;
  }
  VIGIE_TRY(const QueryResult result, run_query(job));
  std::string digests;
  for (const SourceFile& file : job.files) digests += file.digest;
  Part part;
  part.source = {result.columns, result.types, std::string(kQueryFile), "",
                 fmt::format("'{}:' || ordinal", text_digest(digests).substr(0, kDigestShown))};
  std::string list;
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    list += fmt::format("{} AS c{}, ", store::quote_identifier(result.columns[i]), i);
  part.reader = fmt::format("SELECT {}NULL::VARCHAR AS broken, NULL::VARCHAR AS unparsed FROM {}", list, result.table);
  part.numbered = fmt::format(
      "SELECT {}NULL::VARCHAR AS broken, NULL::VARCHAR AS unparsed, row_number() OVER () AS ordinal FROM {}", list,
      result.table);
  part.read_as = read_as(result.columns, result.types, false);
  out.push_back(std::move(part));
  return out;
}

Result<> drop_rejects(Job& job) {
  return job.connection.execute(fmt::format("DROP TABLE IF EXISTS {0}; DROP TABLE IF EXISTS {0}_scans", kRejects));
}

/// A file that cannot be read at all is the user's to mend; what the engine says about it stays in the message.
std::unexpected<Error> reading_failed(const Job& job, const Part& part, Error error) {
  if (job.map.hashes() && error.code != "engine.cancelled") error.message = std::string(kUnsaid);
  const bool of_file = error.kind == ErrorKind::internal || error.code == "engine.io" || error.code == "engine.value";
  if (of_file && part.file != nullptr) return csv_unreadable(*part.file, error, {});
  if (of_file)
    return fail(ErrorKind::data, "csv.unreadable",
                fmt::format("{} cannot be read: {}", part.source.file, error.message), {}, std::string(kCheckReading));
  return std::unexpected(std::move(error));
}

Result<> stage_part(Job& job, const Part& part, const RowSettings& settings, Stage& stage) {
  const bool first = job.receipt.files.empty();
  VIGIE_TRY(const RowSql sql, RowSql::make(job.map, part.source, settings));
  const std::string& reader = job.map.keyed_by_row() ? part.numbered : part.reader;
  const std::string staged = sql.staged(reader);
  const auto done = job.connection.execute_count(first ? fmt::format("CREATE TEMP TABLE {} AS {}", kStage, staged)
                                                       : fmt::format("INSERT INTO {} {}", kStage, staged));
  if (!done && part.file != nullptr) VIGIE_CHECK(refuse_open_quote(*part.file, job.request.cancelled));
  if (!done) return reading_failed(job, part, done.error());
  if (part.file != nullptr) VIGIE_CHECK(refuse_open_quote(job.connection, *part.file, kRejects, job.request.cancelled));
  if (first) {
    for (const ColumnSql& column : sql.columns())
      for (const auto& [physical, value] : column.physical) stage.columns.push_back(physical);
    stage.references = sql.references();
  }
  VIGIE_TRY(const std::int64_t total, job.number(fmt::format("SELECT count(*) FROM {}", kStage)));
  VIGIE_TRY(const std::int64_t bad, job.number(fmt::format("SELECT count(*) FROM {} WHERE s_bad", kStage)));
  FileRead& read = job.receipt.files.emplace_back();
  read.path = part.source.file;
  read.rows = total - stage.rows;
  if (part.file != nullptr) {
    VIGIE_TRY(const std::int64_t rejected,
              quarantine_rejects(job, {part.source.file, part.read_as}, part.source.delimiter, kRejects));
    read.rows += rejected;
    job.receipt.quarantined += rejected;
  }
  if (bad > stage.bad)
    VIGIE_CHECK(quarantine_defects(job, {part.source.file, part.read_as}, sql.defects(part.numbered), part.first_row,
                                   kRejects));
  VIGIE_CHECK(
      count_rows_ahead(job, kStage, sql, part.numbered, part.first_row, kRejects, part.source.file, stage.ahead));
  VIGIE_CHECK(drop_rejects(job));
  if (const std::string filtered = sql.filtered_count(part.reader); !filtered.empty()) {
    VIGIE_TRY(const std::int64_t rows, job.number(filtered));
    job.receipt.filtered += rows;
    VIGIE_CHECK(drop_rejects(job));
  }
  job.receipt.read += read.rows;
  job.receipt.quarantined += bad - stage.bad;
  stage.rows = total;
  stage.bad = bad;
  return {};
}

/// A newer file of the person's source, copied since they were erased: an erasure clears the copies that are there.
Result<> warn_of_copies(Job& job) {
  if (job.request.supply) return {};
  VIGIE_TRY(const std::int64_t last, job.number("SELECT coalesce(max(erased_at), 0) FROM _erasures"));
  for (const SourceFile& file : job.files)
    if (job.context.privacy->is_held_copy(file.original, Instant{last}))
      job.receipt.warnings.push_back(
          fmt::format("{} is a copy that the workspace holds, and somebody who was erased may stand in it: remove it "
                      "once its rows are in, and keep the file that it was made of elsewhere",
                      file.shown_as));
  return {};
}

Result<Stage> filled(Job& job) {
  VIGIE_CHECK(open_refusals(job));
  if (job.map.keyed_by_row()) VIGIE_CHECK(job.know_digests());  // they are part of the keys
  VIGIE_TRY(const std::vector<Part> parts, parts_of(job));
  constexpr std::int64_t kSeenPlaces = 1 << 21;  // 16 MB
  VIGIE_TRY(const std::unique_ptr<Lease> seen, Lease::open(job, "seen", kSeenPlaces));
  RowSettings settings = job.row_settings();
  settings.seen = seen->number();
  Stage stage;
  stage.ahead = columns_of_events(job.map);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    job.progress("read", static_cast<double>(i) / static_cast<double>(parts.size()));
    VIGIE_CHECK(stage_part(job, parts[i], settings, stage));
  }
  VIGIE_CHECK(job.know_digests());
  if (job.privacy.any_erased && !parts.empty()) {
    VIGIE_TRY(job.receipt.erased, job.number(fmt::format("SELECT count(*) FROM {} WHERE s_erased", kStage)));
    if (job.receipt.erased > 0) VIGIE_CHECK(warn_of_copies(job));
  }
  for (std::size_t i = 0; i < job.files.size(); ++i) {
    const SourceFile& file = job.files[i];
    if (job.map.query) job.receipt.inputs.push_back({file.shown_as, file.digest, 0});
    else job.receipt.files[i].digest = file.digest;
  }
  return stage;
}

}  // namespace

Result<Stage> fill_stage(Job& job) {
  auto stage = filled(job);
  // A packed file that is not whole is told to be so, not what the reader stumbled over in it.
  if (!stage && stage.error().code != "engine.cancelled" && std::ranges::any_of(job.files, &SourceFile::is_packed))
    VIGIE_CHECK(job.know_digests());
  return stage;
}

bool has_column(const Stage& stage, std::string_view name) {
  return std::ranges::find(stage.columns, name, &store::PhysicalColumn::name) != stage.columns.end();
}

Result<> drop_stage(Job& job) {
  return job.connection.execute(fmt::format("DROP TABLE IF EXISTS {}; DROP TABLE IF EXISTS {}", kStage, kQueryRows));
}

}  // namespace vigie::ingest
