#include "insight/reconcile.h"
#include "insight/why.h"
#include "kpi/answer_json.h"

namespace vigie::insight {
namespace {

/// A number as readers take it, and beside it to its last digit.
void write_exact(JsonWriter& out, std::string_view name, const Decimal& value) {
  out.key(name).number(value.to_double()).key(std::string(name) + "_exact").text(value.to_plain());
}

void write(JsonWriter& out, const BridgeEnd& end) {
  out.begin_object().key("kpi").text(end.kpi).key("variant").text(end.variant).key("version").number(end.version);
  out.key("label"), write(out, end.label);
  out.key("words"), write(out, end.words);
  write_exact(out, "value", end.value);
  for (const auto& [name, part] :
       {std::pair{"numerator", &end.numerator}, std::pair{"denominator", &end.denominator}}) {
    if (*part) write_exact(out, name, **part);
    else out.key(name).null();
  }
  out.end_object();
}

std::string_view name_of(stats::Presence presence) {
  switch (presence) {
    case stats::Presence::both: return "both";
    case stats::Presence::appeared: return "appeared";
    case stats::Presence::vanished: return "vanished";
    case stats::Presence::nowhere: return "nowhere";
  }
  return "";
}

void write(JsonWriter& out, const Effect& effect, bool ratio) {
  out.begin_object().key("value");
  out.text_or_null(effect.value);
  out.key("presence").text(name_of(effect.presence)).key("before").number_or_null(effect.before);
  out.key("after").number_or_null(effect.after);
  out.key("weight_before").number(effect.weight_before).key("weight_after").number(effect.weight_after);
  if (ratio) {
    write_exact(out, "rate", effect.rate);
    write_exact(out, "mix", effect.mix);
    write_exact(out, "unmatched", effect.unmatched);
  }
  write_exact(out, "effect", effect.total);
  out.end_object();
}

void write_refusal(JsonWriter& out, const std::string& code, const Text& message) {
  out.key("refused");
  if (code.empty()) out.null();
  else out.begin_object().key("code").text(code).key("message"), write(out, message), out.end_object();
}

void write(JsonWriter& out, const DriverEffects& drivers) {
  out.begin_object();
  write_refusal(out, drivers.refusal, drivers.why_not);
  out.key("effects").begin_array();
  for (const DriverEffect& one : drivers.effects) {
    out.begin_object().key("id").text(one.id).key("label"), write(out, one.label);
    out.key("unit").text(one.unit).key("before").number_or_null(one.before);
    out.key("after").number_or_null(one.after);
    write_exact(out, "effect", one.effect);
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace

void to_json(const Bridge& bridge, JsonWriter& out) {
  out.begin_object()
      .key("from")
      .text(to_string(bridge.from))
      .key("to")
      .text(to_string(bridge.to))
      .key("as_of")
      .text(to_string(bridge.as_of));
  out.key("unit").text(bridge.unit).key("currency").text(bridge.currency).key("itemised").boolean(bridge.itemised);
  out.key("first"), write(out, bridge.first);
  out.key("steps").begin_array();
  for (const BridgeStep& step : bridge.steps) {
    out.begin_object().key("side").text(name_of(step.side)).key("item").text(step.name).key("label"),
        write(out, step.label);
    if (step.side != Side::definition) write_exact(out, "amount", step.amount);
    write_exact(out, "value", step.value);
    write_exact(out, "effect", step.effect);
    out.end_object();
  }
  out.end_array().key("last"), write(out, bridge.last);
  kpi::write_warnings(out, bridge.warnings);
  out.end_object();
}

void to_json(const Why& why, JsonWriter& out) {
  out.begin_object().key("kpi").text(why.kpi).key("variant").text(why.variant).key("version").number(why.version);
  out.key("label"), write(out, why.label);
  out.key("unit").text(why.unit).key("currency").text(why.currency).key("form").text(why.ratio ? "ratio" : "sum");
  out.key("from").text(to_string(why.from)).key("to").text(to_string(why.to));
  out.key("before_from")
      .text(to_string(why.before_from))
      .key("before_to")
      .text(to_string(why.before_to))
      .key("after_from")
      .text(to_string(why.after_from))
      .key("after_to")
      .text(to_string(why.after_to))
      .key("as_of")
      .text(to_string(why.as_of));
  write_exact(out, "before", why.before);
  write_exact(out, "after", why.after);
  write_exact(out, "change", why.change);
  out.key("drivers");
  if (why.drivers) write(out, *why.drivers);
  else out.null();
  out.key("dimensions").begin_array();
  for (const DimensionEffects& one : why.dimensions) {
    out.begin_object().key("id").text(one.id).key("label"), write(out, one.label);
    write_refusal(out, one.refusal, one.why_not);
    out.key("explained").number(one.explained);
    if (why.ratio && one.refusal.empty()) {
      write_exact(out, "rate", one.rate);
      write_exact(out, "mix", one.mix);
      write_exact(out, "unmatched", one.unmatched);
    }
    out.key("effects").begin_array();
    for (const Effect& effect : one.effects) write(out, effect, why.ratio);
    out.end_array().end_object();
  }
  out.end_array();
  kpi::write_warnings(out, why.warnings);
  out.end_object();
}

}  // namespace vigie::insight
