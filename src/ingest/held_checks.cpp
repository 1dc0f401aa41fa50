#include "ingest/held_checks.h"

#include "checks/judge.h"
#include "ingest/map_reader.h"

namespace vigie::ingest {
namespace {

/// A file of control: what it is, and the column that is added up.
struct ControlFile {
  Input input;
  ColumnMap column;
};

Result<ControlFile> control_of(const checks::Check& check, const model::Model& model, const model::Table& table,
                               const std::string& time_zone) {
  MapDefaults defaults;
  defaults.date.zone = time_zone;
  ControlFile out;
  VIGIE_TRY(out.input, read_input(*check.control.file->find("input"), ""));
  if (out.input.from_source)
    return check.control.file->error("map.input", "the file of a control total is a file, and no source");
  VIGIE_TRY(const YamlNode name, YamlNode::parse(check.columns.front(), check.at.file));
  VIGIE_TRY(out.column, ColumnReader(model, table, defaults).read(name, *check.control.file->find("column")));
  return out;
}

/// Where the file of control stands: beside the data.
std::filesystem::path folder_of(const Job& job) {
  if (job.request.folder) return *job.request.folder;
  const bool has_files = !job.request.supply && !job.files.empty();
  return has_files ? job.files.front().original.parent_path() : job.map.file.parent_path();
}

std::unexpected<Error> unreadable_control(const checks::Check& check, const SourceFile& file, std::int64_t rows) {
  return fail(ErrorKind::data, "check.control",
              fmt::format("{}: rows of the control total that cannot be read: {}", file.shown_as, rows), check.at,
              "say under equals how the file is written, as an input and a column of a map do");
}

/// The sum of one file's column.
Result<Decimal> sum_of_file(const Job& job, const checks::Check& check, const Map& map, const SourceFile& file) {
  const RowSource source{file.columns, file.types, file.shown_as, file.delimiter, "'control'"};
  VIGIE_TRY(const RowSql sql, RowSql::make(map, source, job.row_settings()));
  VIGIE_TRY(
      const store::ResultSet rows,
      job.connection.query(fmt::format(
          "SELECT coalesce(sum({0}), 0)::DECIMAL(38,8), count(*) FILTER (s_bad OR {0} IS NULL), count(*) FROM ({1})",
          store::quote_identifier(check.columns.front()), sql.staged(file.reader(kRejects)))));
  std::int64_t bad = rows.int64(0, 1);
  if (file.format == Format::csv) {
    VIGIE_TRY(const std::int64_t rejected, job.number(fmt::format("SELECT count(*) FROM {}", kRejects)));
    VIGIE_CHECK(
        job.connection.execute(fmt::format("DROP TABLE IF EXISTS {0}; DROP TABLE IF EXISTS {0}_scans", kRejects)));
    bad += rejected;
  }
  if (bad > 0) return unreadable_control(check, file, bad);
  if (rows.int64(0, 2) == 0)
    return fail(ErrorKind::data, "check.control", fmt::format("{}: the control total has no row", file.shown_as),
                check.at, "say under equals how the file is written, as an input and a column of a map do");
  return rows.decimal(0, 0);
}

Result<Decimal> control_total(const Job& job, const checks::Check& check) {
  VIGIE_TRY(const ControlFile control, control_of(check, job.context.model, *job.map.table, job.zone()));
  VIGIE_TRY(const std::vector<SourceFile> files, open_input(control.input, folder_of(job), {}, job.connection));
  // Rows of that one column, with no key and nothing else that the table asks of its rows.
  model::Table table = *job.map.table;
  table.key.clear();
  table.checks.clear();
  Map map;
  map.id = job.map.id;
  map.source = job.map.source;
  map.table = &table;
  map.inputs = {control.input};
  map.columns = {control.column};
  Decimal out;
  for (const SourceFile& file : files) {
    VIGIE_TRY(const Decimal sum, sum_of_file(job, check, map, file));
    VIGIE_TRY(out, out.plus(sum));
  }
  return out;
}

checks::Batch batch_of(const Job& job, bool is_of_rows) {
  const bool events = !job.request.applied.empty();
  checks::Batch out;
  out.map = job.map.id;
  out.source = job.map.source;
  out.map_file = job.map_file();
  out.id = job.receipt.batch;
  out.keys = fmt::format("SELECT s_key FROM {} WHERE NOT s_bad", kStage);
  out.taken = job.receipt.read - job.receipt.quarantined;
  out.is_of_source = job.request.supply.has_value() || job.map.mode == Mode::snapshot;
  out.is_of_rows = is_of_rows || events;
  out.may_refuse = !events;
  if (events || is_of_rows) return out;
  for (const SourceFile& file : job.files) {
    const std::string own = job.request.supply ? file.shown_as : file.original.filename().string();
    std::string& name = out.files.emplace_back(job.request.called.empty() ? own : job.request.called);
    std::ranges::replace(name, '\n', ' ');
  }
  return out;
}

/// What is worth a word: what fails, and a sum that cannot be taken. Too little history is no news.
bool is_told(const checks::State& state, Instant now) {
  const checks::Standing standing = stands_at(state, now);
  if (standing == checks::Standing::not_judged) return state.kind == checks::Kind::sum && !state.told.empty();
  return standing != checks::Standing::fine;
}

}  // namespace

Result<> check_control(const checks::Check& check, const model::Model& model, const model::Table& table,
                       const std::string& time_zone) {
  if (!check.control.file) return {};
  VIGIE_CHECK(control_of(check, model, table, time_zone));
  return {};
}

Result<> hold_checks(Job& job, bool is_of_rows) {
  VIGIE_TRY(const auto attributes, store::attributes(job.connection));
  const checks::Subject subject{job.context.model, *job.map.table, attributes};
  const checks::World world{job.connection, job.context.model, job.context.calendar, job.context.base_currency,
                            job.now};
  VIGIE_TRY(checks::Verdict verdict,
            checks::judge(world, subject, job.map.checks, batch_of(job, is_of_rows),
                          [&](const checks::Check& check) { return control_total(job, check); }));
  if (verdict.refusal) {
    job.refused_by = verdict.refused_by;
    return std::unexpected(*std::move(verdict.refusal));
  }
  for (const checks::State& state : verdict.states)
    if (is_told(state, job.now)) job.receipt.warnings.push_back(sentence_of(state, job.now));
  job.receipt.checks = std::move(verdict.states);
  return {};
}

Result<> note_refusal(const Job& job, const Error& refusal) {
  const auto check = std::ranges::find(job.map.checks, job.refused_by, &checks::Check::name);
  if (check == job.map.checks.end()) return {};
  VIGIE_TRY(store::Connection connection, job.context.database.connect());
  return connection.transaction(
      [&] { return checks::note_refusal(connection, *check, batch_of(job, false), refusal, job.now); });
}

Result<> note_back(store::Database& database, const std::string& map, std::vector<std::string> files) {
  VIGIE_TRY(store::Connection connection, database.connect());
  checks::Batch batch = checks::no_batch(map, "", "");
  batch.files = std::move(files);
  return connection.transaction([&] { return checks::note_back(connection, batch); });
}

Result<std::vector<checks::State>> check_states(store::Database& database) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_TRY(const bool there, checks::is_prepared(connection));
  if (!there) return std::vector<checks::State>{};
  return checks::states([&](const std::string& sql) { return connection.query(sql); });
}

Result<bool> checks_are_known(const Job& job) {
  return checks::are_known(job.connection, batch_of(job, false), job.map.checks);
}

}  // namespace vigie::ingest
