#pragma once
#include <functional>

#include "base/json_writer.h"
#include "reading/dialect.h"

namespace vigie::reading {

/// What was found of a file, as one JSON object: the dialect and the layout in the words that a person may say back
/// (delimiter, quote, escape, encoding, header_rows, first_line, last_line), the columns with what they hold, the
/// counts, why it is read so, and what was put right or left out.
///
///   {"encoding":"utf-8","delimiter":",","quote":"\"","escape":"doubled","line_ends":"lf","header_line":1,"header_rows":1,
///    "first_data_line":2,"columns":[{"name":"id","kind":"number"}],"names_in_doubt":false,"rows":12,"mended":0,
///    "repeats":0,"blank":0,"totals":0,"faithful":true,"preamble":[],"footer":[],"score":0.8,"runner_up":0.2,
///    "reasons":["…"],"notices":[{"line":6,"sentence":"…"}]}
///
/// `say` turns a sentence into the reader's language.
void write_found(JsonWriter& json, const Found& found, const std::function<std::string(const std::string&)>& say);

}  // namespace vigie::reading
