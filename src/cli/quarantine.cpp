#include <map>

#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/render.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::vector<std::string>>;

/// Sentences of refusals in the reader's language: each is looked for once, however many rows it was said of.
class Sentences {
 public:
  const std::string& of(const json::value& row) {
    const std::string code = text_at(row, "code"), message = text_at(row, "message");
    const auto [known, is_new] = known_.try_emplace({code, message});
    if (is_new) known->second = refusal_text(code, message);
    return known->second;
  }

 private:
  std::map<std::pair<std::string, std::string>, std::string> known_;
};

std::string number_text(const json::value& row, std::string_view key) {
  return fmt::format("{:.0f}", number_at(row, key).value_or(0));
}

/// One line of a terminal, and no longer than one can read.
std::string short_line(std::string text) {
  constexpr std::size_t kLongest = 60;
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string more_text(const json::value& root) {
  const double left = number_at(root, "left_out").value_or(0);
  if (left <= 0) return {};
  return language() == Language::fr ? fmt::format("encore {:.0f}, sans être montrées\u00a0: dites --rows", left)
                                    : fmt::format("{:.0f} more, not shown: say --rows", left);
}

std::string table_of(const json::value& root) {
  const json::array& rows = list_at(root, "rows");
  const bool french = language() == Language::fr;
  if (rows.empty()) return french ? "Aucune ligne refusée.\n" : "No row was refused.\n";
  Lines lines{french
                  ? std::vector<std::string>{"lot", "carte", "fichier", "ligne", "colonne", "code", "valeur", "raison"}
                  : std::vector<std::string>{"batch", "map", "file", "row", "column", "code", "value", "reason"}};
  Sentences sentences;
  for (const json::value& row : rows)
    lines.push_back({number_text(row, "batch"), text_at(row, "map"), text_at(row, "file"), number_text(row, "row"),
                     text_at(row, "column"), text_at(row, "code"), short_line(text_at(row, "value")),
                     sentences.of(row)});
  const std::string more = more_text(root);
  return table_text(lines, {true, false, false, true, false, false, false, false}) + (more.empty() ? "" : more + "\n");
}

std::string csv_of(const json::value& root) {
  std::string out = "batch,map,file,row,column,code,value,message,record\n";
  for (const json::value& row : list_at(root, "rows")) {
    out += number_text(row, "batch");
    for (const char* key : {"map", "file"}) out += "," + csv_field(text_at(row, key));
    out += "," + number_text(row, "row");
    for (const char* key : {"column", "code", "value", "message", "record"}) out += "," + csv_field(text_at(row, key));
    out += "\n";
  }
  return out;
}

}  // namespace

Result<> run_quarantine(const QuarantineOptions& options) {
  constexpr const char* kOnATerminal = "100";
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock));
  plan::Fields fields;
  const std::string rows = options.rows.empty() && options.format == Format::table ? kOnATerminal : options.rows;
  for (const auto& [name, value] : {std::pair("batch", options.batch), {"map", options.map}, {"rows", rows}})
    if (!value.empty()) fields.emplace_back(name, value);
  VIGIE_TRY(const std::string text, backend->quarantine(fields));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  if (options.format == Format::table) return print(table_of(root));
  if (const std::string more = more_text(root); !more.empty()) print_notice(more);
  return print(csv_of(root));
}

}  // namespace vigie::cli
