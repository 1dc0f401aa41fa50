#include "ingest/batches.h"

#include "base/json_writer.h"

namespace vigie::ingest {
namespace {

using store::quote_text;

void write_refusals(JsonWriter& w, const Receipt& receipt) {
  w.key("refusals").begin_array();
  for (const Refusal& refusal : receipt.refusals) {
    w.begin_object().key("code").text(refusal.code).key("column").text(refusal.column);
    w.key("message").text(refusal.message).key("rows").number(refusal.rows);
    w.key("first_file").text(refusal.first_file).key("first_row").number(refusal.first_row);
    w.key("example").text(refusal.example).end_object();
  }
  w.end_array();
}

}  // namespace

std::string receipt_json(const Receipt& receipt) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("batch").number(receipt.batch).key("map").text(receipt.map);
  w.key("source").text(receipt.source).key("table").text(receipt.table);
  w.key("already_imported").boolean(receipt.already_imported);
  w.key("files").begin_array();
  for (const FileRead& file : receipt.files)
    w.begin_object()
        .key("path")
        .text(file.path)
        .key("digest")
        .text(file.digest)
        .key("rows")
        .number(file.rows)
        .end_object();
  w.end_array();
  const std::pair<const char*, std::int64_t> counts[] = {
      {"read", receipt.read},         {"filtered", receipt.filtered},   {"loaded", receipt.loaded},
      {"updated", receipt.updated},   {"unchanged", receipt.unchanged}, {"quarantined", receipt.quarantined},
      {"deleted", receipt.deleted},   {"merged", receipt.merged},       {"exact_duplicates", receipt.exact_duplicates},
      {"unpriced", receipt.unpriced}, {"repriced", receipt.repriced}};
  for (const auto& [name, value] : counts) w.key(name).number(value);
  write_refusals(w, receipt);
  w.key("warnings").begin_array();
  for (const std::string& warning : receipt.warnings) w.text(warning);
  w.end_array().key("seconds").number(receipt.seconds).end_object();
  return out;
}

Result<std::optional<std::int64_t>> earlier_batch(Job& job) {
  VIGIE_TRY(const store::ResultSet rows,
            job.connection.query(fmt::format("SELECT batch FROM _batches WHERE digest = {}", quote_text(job.digest))));
  if (rows.rows() == 0) return std::nullopt;
  return rows.int64(0, 0);
}

Result<std::int64_t> next_batch(store::Connection& connection) {
  VIGIE_TRY(const store::ResultSet rows, connection.query("SELECT coalesce(max(batch), 0) + 1 FROM _batches"));
  return rows.int64(0, 0);
}

Result<> record_batch(Job& job) {
  const Receipt& receipt = job.receipt;
  VIGIE_CHECK(job.connection.execute(
      fmt::format("INSERT INTO _batches VALUES ({}, {}, {}, {}, {}, {}, {}, {})", receipt.batch, quote_text(job.digest),
                  quote_text(job.map.id), quote_text(job.map.source), quote_text(job.map.table->name),
                  quote_text(name_of(job.map.mode)), job.now.micros, quote_text(receipt_json(receipt)))));
  const std::string& time = job.map.table->time;
  std::string last_event = "NULL";
  if (const model::Column* column = time.empty() ? nullptr : job.map.table->find(time)) {
    const std::string value = column->type == model::ColumnType::date
                                  ? fmt::format("{}::BIGINT * {}", store::quote_identifier(time), kMicrosPerDay)
                                  : store::quote_identifier(time);
    last_event = fmt::format("(SELECT max({}) FROM {} WHERE source = {} AND deleted_at IS NULL)", value, job.table(),
                             quote_text(job.map.source));
  }
  return job.connection.execute(fmt::format(
      "DELETE FROM _sources WHERE map = {0}; INSERT INTO _sources SELECT {1}, {2}, {0}, {3}, {4}, {5}, {6}, {7}",
      quote_text(job.map.id), quote_text(job.map.source), quote_text(job.map.table->name),
      job.map.complete_until ? std::to_string(job.map.complete_until->micros) : "NULL", job.map.history_complete,
      last_event, job.now.micros, receipt.batch));
}

}  // namespace vigie::ingest
