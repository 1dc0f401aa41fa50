#pragma once
#include "ingest/job.h"

namespace vigie::ingest {

// _batches(batch, digest, map, source, table_name, mode, imported_at, receipt): one line an import; the receipt as
// JSON. _sources(source, table_name, map, complete_until, history_complete, last_event, imported_at, batch): one line a
// map, as of
//   its last import: until when the source is complete (µs UTC, first instant not covered; null: not declared), whether
//   its history is, and the latest instant of the table's time column that it brought.
// _syncs(source, map, kind, name, value, batch, noted_at): what a sync has to know at the next (Note), as of the batch
//   that brought the rows.

/// What came under this map's id is in the table that the map names: else its rows would count as those of two maps.
/// Errors: map.id_taken.
Result<> check_table(const Job& job);
/// The batch that this map and these files made before, if it took rows (or there were none) and no later batch has
/// changed what it brought.
Result<std::optional<std::int64_t>> earlier_batch(Job& job);
/// What the receipt of that batch warned of while its rows were read: as true of the same rows again.
Result<std::vector<std::string>> warnings_of(Job& job, std::int64_t batch);
/// Batches that read files, or what stands for them, and took some of it, as a condition on that name: not what ran
/// rows of the queue, nor what was refused whole.
std::string took_files(std::string_view batch);
/// The number of a batch that takes rows: the next one.
Result<std::int64_t> next_batch(store::Connection& connection);
/// The number of one all of whose rows were refused. Where the same map refused the same files whole before, it is that
/// of then, whose receipt and quarantine go: the last telling stands for all.
Result<std::int64_t> refused_batch(Job& job);
Result<> record_batch(Job& job);
Result<> record_source(Job& job);
/// Which free attributes the map calls personal.
Result<> record_personal(const Job& job);
/// What the request wants noted of its source; whether all of it is there as it is.
Result<> record_notes(Job& job);
Result<bool> notes_are_known(const Job& job);
/// Has the map declared the same of its source before (complete_until, history_complete)?
Result<bool> source_is_declared_so(const Job& job);

}  // namespace vigie::ingest
