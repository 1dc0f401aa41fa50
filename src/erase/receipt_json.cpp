#include "erase/receipt_json.h"

namespace vigie::erase {
namespace {

void write_list(std::string_view key, std::string_view place, const std::vector<Cleared>& list, JsonWriter& out) {
  out.key(key).begin_array();
  for (const Cleared& one : list) {
    out.begin_object().key(place).text(one.place);
    if (!one.column.empty()) out.key("column").text(one.column);
    out.key("rows").number(one.rows).end_object();
  }
  out.end_array();
}

void write_list(std::string_view key, const std::vector<std::string>& list, JsonWriter& out) {
  out.key(key).begin_array();
  for (const std::string& one : list) out.text(one);
  out.end_array();
}

}  // namespace

void to_json(const Receipt& receipt, JsonWriter& out) {
  out.begin_object().key("erasure").number(receipt.id).key("at").text(to_string(receipt.at));
  out.key("dry_run").boolean(receipt.dry_run).key("by").text(receipt.by).key("source").text(receipt.source);
  out.key("pseudonym").text(receipt.pseudonym).key("customers").number(receipt.customers);
  write_list("rows", "table", receipt.rows, out);
  write_list("fields", "table", receipt.fields, out);
  write_list("keys", "keys_of", receipt.keys, out);
  write_list("texts", "table", receipt.texts, out);
  write_list("kept", receipt.kept, out);
  write_list("copies", receipt.copies, out);
  write_list("removed", receipt.removed, out);
  out.key("events_waiting").number(receipt.events_waiting);
  write_list("others", receipt.others, out);
  out.key("beyond").begin_array();
  for (const Beyond& one : receipt.beyond) {
    out.begin_object().key("source").text(one.source).key("map").text(one.map);
    write_list("files", one.files, out);
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace vigie::erase
