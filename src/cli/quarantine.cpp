#include <map>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/quarantine_rows.h"
#include "cli/render.h"
#include "server/api/port.h"
#include "tongue/french.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::vector<std::string>>;

constexpr std::size_t kRowsOfATable = 100;
constexpr std::size_t kMostRows = api::kMostRows;

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

/// No longer than one can read in a table.
std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

/// How many rows are not listed, and how to see them: of `asked` rows at most. Empty where all are.
std::string more_text(const json::value& root, const QuarantineOptions& options, std::size_t asked) {
  const double left = number_at(root, "left_out").value_or(0);
  if (left <= 0) return {};
  // Fewer than were asked for: they are too long to be listed at once, however many one asks for.
  const bool more_at_once = asked < kMostRows && list_at(root, "rows").size() == asked;
  if (more_at_once) return fmt::format("{:.0f} more, not shown: say --rows", left);
  // An import is of one map: nothing narrows it further.
  if (!options.batch.empty()) return fmt::format("{:.0f} more, not shown: no more are listed at once", left);
  if (!options.map.empty()) return fmt::format("{:.0f} more, not shown: say --batch", left);
  return fmt::format("{:.0f} more, not shown: say --map or --batch", left);
}

std::string table_of(const json::value& root, const std::string& more) {
  const json::array& rows = list_at(root, "rows");
  if (rows.empty() && more.empty()) return either("No row was refused.\n", "Aucune ligne refusée.\n");
  Lines lines{{either("row no.", "n°"), either("batch", "lot"), either("map", "carte"), either("file", "fichier"),
               either("row", "ligne"), either("column", "colonne"), "code", either("value", "valeur"),
               either("reason", "raison")}};
  Sentences sentences;
  for (const json::value& row : rows)
    lines.push_back({number_text(row, "id"), number_text(row, "batch"), text_at(row, "map"), text_at(row, "file"),
                     number_text(row, "row"), text_at(row, "column"), text_at(row, "code"),
                     shortened(text_at(row, "value")), sentences.of(row)});
  return table_text(lines, {true, true, false, false, true, false, false, false, false}) +
         (more.empty() ? "" : tongue::said(more, language()) + "\n");
}

std::string csv_of(const json::value& root) {
  std::string out = "id,batch,map,file,row,column,code,value,message,record\n";
  for (const json::value& row : list_at(root, "rows")) {
    out += number_text(row, "id") + "," + number_text(row, "batch");
    for (const char* key : {"map", "file"}) out += "," + csv_field(text_at(row, key));
    out += "," + number_text(row, "row");
    for (const char* key : {"column", "code", "value", "message", "record"}) out += "," + csv_field(text_at(row, key));
    out += "\n";
  }
  return out;
}

std::string reasons_table(const json::value& root) {
  if (list_at(root, "reasons").empty()) return either("No row was refused.\n", "Aucune ligne refusée.\n");
  Lines lines{{either("rows", "lignes"), either("map", "carte"), either("column", "colonne"), "code",
               either("example", "exemple"), either("row no.", "n°"), either("reason", "raison")}};
  Sentences sentences;
  for (const json::value& one : list_at(root, "reasons")) {
    const json::value& example = at(one, "example");
    lines.push_back({number_text(one, "rows"), text_at(one, "map"), text_at(one, "column"), text_at(one, "code"),
                     shortened(text_at(example, "value")), number_text(example, "id"), sentences.of(one)});
  }
  return table_text(lines, {true, false, false, false, false, true, false});
}

std::string reasons_csv(const json::value& root) {
  std::string out = "rows,map,column,code,message,example_id,example_file,example_row,example\n";
  for (const json::value& one : list_at(root, "reasons")) {
    const json::value& example = at(one, "example");
    out += number_text(one, "rows");
    for (const char* key : {"map", "column", "code", "message"}) out += "," + csv_field(text_at(one, key));
    out += fmt::format(",{},{},{},{}\n", number_text(example, "id"), csv_field(text_at(example, "file")),
                       number_text(example, "row"), csv_field(text_at(example, "value")));
  }
  return out;
}

}  // namespace

Result<> run_quarantine(const QuarantineOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  std::string rows = options.rows;
  if (rows.empty()) rows = std::to_string(options.format == Format::table ? kRowsOfATable : kMostRows);
  VIGIE_TRY(plan::Fields fields, rows_meant(options));
  for (const auto& [name, value] : {std::pair("rows", rows), {"from", options.from}, {"group", options.by}})
    if (!value.empty()) fields.emplace_back(name, value);
  VIGIE_TRY(const std::string text, backend->quarantine(fields));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  if (options.by == "reason") return print(options.format == Format::csv ? reasons_csv(root) : reasons_table(root));
  const auto asked = static_cast<std::size_t>(whole_number(rows).value_or(0));  // checked by who answered
  const std::string more = more_text(root, options, asked);
  if (options.format == Format::table) return print(table_of(root, more));
  if (!more.empty()) print_notice(more);
  return print(csv_of(root));
}

}  // namespace vigie::cli
