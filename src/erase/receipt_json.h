#pragma once
#include "base/json_writer.h"
#include "erase/erase.h"

namespace vigie::erase {

/// {"erasure","at","dry_run","by","source","pseudonym","customers","rows":[{"table","rows"}],"fields":[{"table",
/// "column","rows"}],"keys":[…],"texts":[…],"kept":[…],"copies":[…],"events_waiting","others":[…],"beyond":[{"source",
/// "map","files":[…]}]}
void to_json(const Receipt& receipt, JsonWriter& out);

}  // namespace vigie::erase
