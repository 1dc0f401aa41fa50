#pragma once
#include "base/json_writer.h"
#include "ingest/mend.h"

namespace vigie::ingest {

/// What waits in the quarantine, and what became of an order, field by field as docs/api.md names it.
void to_json(const Quarantine& quarantine, JsonWriter& out);
void to_json(const QuarantineReasons& reasons, JsonWriter& out);
void to_json(const QueuedRow& row, JsonWriter& out);
void to_json(const QueuedRows& rows, JsonWriter& out);
void to_json(const FixReport& report, JsonWriter& out);
void to_json(const DropReport& report, JsonWriter& out);
/// Errors of maps are written by who knows how: `error` writes one.
void to_json(const ReplayReport& report, const std::function<std::string(const Error&)>& error, JsonWriter& out);

}  // namespace vigie::ingest
