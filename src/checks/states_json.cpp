#include "checks/states_json.h"

#include "tongue/french.h"

namespace vigie::checks {

void to_json(const State& state, Instant at, tongue::Language language, JsonWriter& out) {
  const Standing standing = stands_at(state, at);
  const bool told = standing != Standing::fine;
  out.begin_object().key("check").text(state.name).key("map").text(state.map).key("source").text(state.source);
  out.key("table").text(state.table).key("kind").text(name_of(state.kind)).key("columns").text(state.columns);
  out.key("severity").text(name_of(state.severity)).key("state").text(name_of(standing));
  out.key("rows").number(told ? state.rows : 0).key("example").text(told ? state.example : "");
  out.key("detail").text(tongue::said(sentence_of(state, at), language));
  out.key("since").text(to_string(since_of(state, at))).key("seen").text(to_string(state.seen));
  out.key("batch").number(state.batch).key("newest");
  if (state.newest) out.text(to_string(*state.newest));
  else out.null();
  out.key("fails_from");
  if (state.kind == Kind::freshness && state.from) out.text(to_string(*state.from));
  else out.null();
  out.key("missing").begin_array();
  if (state.refused)
    for (const Missing& one : state.refused->missing) out.text(one.name);
  out.end_array().end_object();
}

}  // namespace vigie::checks
