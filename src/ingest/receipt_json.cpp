#include "ingest/receipt_json.h"

#include "checks/states_json.h"

namespace vigie::ingest {
namespace {

void write_files(std::string_view key, const std::vector<FileRead>& files, JsonWriter& out) {
  out.key(key).begin_array();
  for (const FileRead& file : files)
    out.begin_object()
        .key("path")
        .text(file.path)
        .key("digest")
        .text(file.digest)
        .key("rows")
        .number(file.rows)
        .end_object();
  out.end_array();
}

}  // namespace

void to_json(const Receipt& receipt, JsonWriter& out) {
  out.begin_object();
  out.key("batch")
      .number(receipt.batch)
      .key("map")
      .text(receipt.map)
      .key("source")
      .text(receipt.source)
      .key("table")
      .text(receipt.table);
  out.key("already_imported").boolean(receipt.already_imported);
  write_files("files", receipt.files, out);
  write_files("inputs", receipt.inputs, out);
  out.key("read").number(receipt.read).key("filtered").number(receipt.filtered).key("loaded").number(receipt.loaded);
  out.key("updated")
      .number(receipt.updated)
      .key("unchanged")
      .number(receipt.unchanged)
      .key("quarantined")
      .number(receipt.quarantined);
  out.key("deleted")
      .number(receipt.deleted)
      .key("merged")
      .number(receipt.merged)
      .key("exact_duplicates")
      .number(receipt.exact_duplicates)
      .key("equal_to_earlier")
      .number(receipt.equal_to_earlier)
      .key("of_other_maps")
      .number(receipt.of_other_maps);
  out.key("other_maps").begin_array();
  for (const std::string& map : receipt.other_maps) out.text(map);
  out.end_array();
  out.key("erased").number(receipt.erased);
  out.key("unpriced").number(receipt.unpriced).key("repriced").number(receipt.repriced);
  out.key("stages_seen").number(receipt.stages_seen);
  out.key("refusals").begin_array();
  for (const Refusal& refusal : receipt.refusals) {
    out.begin_object()
        .key("code")
        .text(refusal.code)
        .key("column")
        .text(refusal.column)
        .key("message")
        .text(refusal.message)
        .key("rows")
        .number(refusal.rows)
        .key("first_file")
        .text(refusal.first_file)
        .key("first_row")
        .number(refusal.first_row)
        .key("example")
        .text(refusal.example);
    out.key("next_rows").begin_array();
    for (const std::int64_t row : refusal.next_rows) out.number(row);
    out.end_array().end_object();
  }
  out.end_array();
  out.key("warnings").begin_array();
  for (const std::string& warning : receipt.warnings) out.text(warning);
  out.end_array().key("checks").begin_array();
  // As the batch left them: of freshness, when it was looked at.
  for (const checks::State& state : receipt.checks) checks::to_json(state, state.seen, tongue::Language::en, out);
  out.end_array().key("seconds").number(receipt.seconds).end_object();
}

}  // namespace vigie::ingest
