#include "reading/found_json.h"

namespace vigie::reading {
namespace {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::empty: return "empty";
    case Kind::number: return "number";
    case Kind::date: return "date";
    case Kind::address: return "address";
    case Kind::text: return "text";
  }
  return "";
}

void write_dialect(JsonWriter& json, const Dialect& dialect) {
  json.key("encoding").text(reading::name_of(dialect.encoding));
  json.key("delimiter").text(dialect.delimiter);
  json.key("quote").text(dialect.quote == 0 ? std::string() : std::string(1, dialect.quote));
  json.key("escape").text(reading::name_of(dialect.escape));
  json.key("blanks_after_delimiter").boolean(dialect.blanks_after_delimiter);
  json.key("line_ends").text(dialect.ends == Ends::line_feed ? "lf" : "cr");
}

void write_layout(JsonWriter& json, const Found& found) {
  const Layout& layout = found.layout;
  json.key("header_line").number(layout.first_header_line);
  json.key("header_rows").number(layout.header_rows);
  json.key("first_data_line").number(layout.first_data_line);
  json.key("names_in_doubt").boolean(layout.names_in_doubt);
  json.key("columns").begin_array();
  for (std::size_t j = 0; j < layout.names.size(); ++j) {
    const Column* const column =
        j < found.columns.size() ? &found.columns[j] : nullptr;  // names may be more than fields
    json.begin_object();
    json.key("name").text(layout.names[j]);
    json.key("kind").text(name_of(column == nullptr ? Kind::empty : column->kind));
    json.end_object();
  }
  json.end_array();
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.text(text);
  json.end_array();
}

}  // namespace

void write_found(JsonWriter& json, const Found& found, const std::function<std::string(const std::string&)>& say) {
  json.begin_object();
  write_dialect(json, found.dialect);
  write_layout(json, found);
  json.key("rows").number(found.rows);
  json.key("mended").number(found.mended);
  json.key("repeats").number(found.repeats);
  json.key("blank").number(found.blank);
  json.key("totals").number(found.totals);
  json.key("faithful").boolean(found.faithful);
  write_texts(json, "preamble", found.layout.preamble);
  json.key("footer_line").number(found.footer_line);
  write_texts(json, "footer", found.footer);
  json.key("score").number(found.score);
  json.key("runner_up").number(found.runner_up);
  json.key("reasons").begin_array();
  for (const std::string& reason : found.reasons) json.text(say(reason));
  json.end_array();
  json.key("notices").begin_array();
  for (const Notice& notice : found.notices)
    json.begin_object().key("line").number(notice.line).key("sentence").text(say(notice.sentence)).end_object();
  json.end_array();
  json.end_object();
}

}  // namespace vigie::reading
