#pragma once
#include "base/json_writer.h"
#include "sources/sources.h"
#include "tongue/language.h"

namespace vigie::sources {

/// {"feeds":[{"source","map","outcome","rows","reached","seconds","receipts":[…],"error":{…}}]}
void to_json(const Report& report, JsonWriter& out);
/// An error may name hosts and users, and hold what stands in a refused row: that is for who has the workspace.
enum class ErrorsTold { whole, by_code };
/// {"sources":[{"source","kind","state",…,"maps":[{"map","outcome","last_run",…}]}]}; lag is as of `now`.
void to_json(const std::vector<Status>& sources, Instant now, ErrorsTold errors, tongue::Language language,
             JsonWriter& out);
/// As problems are written, but for what belongs to HTTP: {"code","kind","detail","hint","where"}.
void to_json(const Error& error, JsonWriter& out, tongue::Language language = tongue::Language::en);

}  // namespace vigie::sources
