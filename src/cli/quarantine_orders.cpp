#include <pwd.h>
#include <unistd.h>

#include <fstream>

#include "base/text.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/quarantine_rows.h"
#include "cli/read_json.h"
#include "cli/render.h"
#include "server/api/port.h"
#include "tongue/french.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Result<std::pair<std::string, std::string>> pair_of(const std::string& option, const std::string& typed) {
  const auto equals = typed.find('=');
  if (equals != std::string::npos && equals > 0) return std::pair(typed.substr(0, equals), typed.substr(equals + 1));
  return fail(ErrorKind::usage, "command.value", fmt::format("{}: \"{}\" is no NAME=TEXT", option, typed), {},
              "write --where code=cast.enum, --set country=FR");
}

/// Who gives the order, where that is not said: who runs the command.
std::string person(const QuarantineOptions& options) {
  if (!options.who.empty()) return options.who;
  const passwd* const known = ::getpwuid(::geteuid());
  return known != nullptr ? known->pw_name : std::to_string(::geteuid());
}

std::string whole_path(const std::string& typed) { return fs::absolute(typed).lexically_normal().string(); }

Result<api::QuarantineOrder> order_of(const QuarantineOptions& options) {
  api::QuarantineOrder out;
  VIGIE_TRY(out.where, rows_meant(options));
  for (const std::string& typed : options.set) {
    VIGIE_TRY(auto pair, pair_of("--set", typed));
    out.set.push_back(std::move(pair));
  }
  if (!options.in.empty()) out.file = whole_path(options.in);
  if (!options.map_file.empty()) out.map_file = whole_path(options.map_file);
  out.by = person(options);
  out.why = options.why;
  return out;
}

std::string count_text(const json::value& from, std::string_view key) {
  return fmt::format("{:.0f}", number_at(from, key).value_or(0));
}

/// "rows with a value that was given: 2 (state 2, total 1)", where there are any.
std::string fixes_text(const json::value& report) {
  std::string columns;
  if (const auto* all = at(report, "columns").if_object())
    for (const auto& column : *all)
      columns += fmt::format("{}{} {:.0f}", columns.empty() ? "" : ", ", std::string_view(column.key()),
                             column.value().is_number() ? column.value().to_number<double>() : 0);
  if (columns.empty()) return {};
  return fmt::format("{} {} ({})\n",
                     either("rows with a value that was given:", "lignes avec une valeur donnée\u00a0:"),
                     count_text(report, "rows"), columns);
}

/// A member of the rows' values that no other had before.
std::vector<std::string> columns_of(const json::array& rows) {
  std::vector<std::string> out;
  for (const json::value& row : rows)
    if (const auto* values = at(row, "values").if_object())
      for (const auto& member : *values)
        if (const std::string name(member.key()); std::ranges::find(out, name) == out.end()) out.push_back(name);
  return out;
}

std::string rows_csv(const json::array& rows) {
  const std::vector<std::string> columns = columns_of(rows);
  std::string out = "_id,_map,_reasons,_record";
  for (const std::string& column : columns) out += "," + csv_field(column);
  out += "\n";
  for (const json::value& row : rows) {
    const bool torn = text_at(row, "kept") != "row";
    out += count_text(row, "id");
    for (const std::string& text : {text_at(row, "map"), text_at(row, "reasons"), torn ? text_at(row, "record") : ""})
      out += "," + csv_field(text);
    for (const std::string& column : columns) out += "," + csv_field(text_at(at(row, "values"), column));
    out += "\n";
  }
  return out;
}

/// The rows as a person may write them over.
Result<> write_out(const QuarantineOptions& options, Backend& backend) {
  VIGIE_TRY(plan::Fields fields, rows_meant(options));
  fields.emplace_back("group", "row");
  VIGIE_TRY(const std::string text, backend.quarantine(fields));
  VIGIE_TRY(const json::value root, parsed(text));
  const json::array& rows = list_at(root, "rows");
  if (rows.empty())
    return fail(ErrorKind::usage, "quarantine.none", "no row that waits in the quarantine is like that", {},
                "vigie quarantine list prints those that wait");
  std::error_code ignored;
  if (fs::exists(options.out, ignored))
    return fail(ErrorKind::usage, "file.exists", fmt::format("{} is there already", options.out), {},
                "name another file, or remove that one");
  std::ofstream file(options.out, std::ios::binary);
  file << rows_csv(rows);
  file.close();
  if (!file)
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", options.out), {},
                "is there room on the disk? Check the rights on the folder");
  const double left = number_at(root, "left_out").value_or(0);
  if (left > 0)
    print_notice(fmt::format("{:.0f} more do not fit into the file: replay these, then write out the others", left));
  return print(fmt::format("{} {}: {}\n", either("rows written to", "lignes écrites dans"), options.out, rows.size()));
}

std::optional<Error> error_in_map(const json::value& one) {
  const json::value& error = at(one, "error");
  if (!error.is_object()) return std::nullopt;
  return error_from_problem(json::serialize(error), 500);
}

Result<> print_replayed(const json::value& one) {
  if (error_in_map(one)) return print(fmt::format("{}: {}\n", text_at(one, "map"), either("failed", "échec")));
  VIGIE_TRY(const ingest::Receipt receipt, receipt_from_json(json::serialize(at(one, "receipt"))));
  if (receipt.read + receipt.filtered > 0) VIGIE_CHECK(print(receipt_table(receipt)));
  if (number_at(one, "superseded").value_or(0) > 0)
    VIGIE_CHECK(print(fmt::format("  {} {}\n", count_text(one, "superseded"),
                                  either("superseded: a later version is there and stays",
                                         "dépassées : une version plus récente est là et reste"))));
  for (const json::value& left : list_at(one, "untried")) {
    const std::string said =
        tongue::said(text_at(left, "message"), language()) + "; " + tongue::said(text_at(left, "hint"), language());
    VIGIE_CHECK(print(fmt::format("  ! {} ({} {}): {}\n", count_text(left, "rows"), either("row no.", "n°"),
                                  count_text(left, "example"), said)));
  }
  return {};
}

/// How many rows have left the queue.
double left_in(const json::value& one) {
  const json::value& receipt = at(one, "receipt");
  double out = 0;
  for (const char* key : {"loaded", "updated", "unchanged", "filtered"}) out += number_at(receipt, key).value_or(0);
  return out;
}

/// The first error of a map, or that nothing has passed.
Result<> outcome_of(const json::value& root) {
  std::optional<Error> first;
  double left = 0;
  for (const json::value& one : list_at(root, "maps")) {
    left += left_in(one);
    if (const auto error = error_in_map(one)) {
      if (first) print_error(*error);  // the first is printed by who ends with it
      else first = error;
    }
  }
  if (first) return std::unexpected(*std::move(first));
  if (left > 0 || list_at(root, "maps").empty()) return {};
  return fail(ErrorKind::data, "quarantine.nothing_passed", "none of these rows can be taken, and they wait as before",
              {}, "mend the map, or give values with vigie quarantine fix, and run them again");
}

std::string settled_text(const json::value& settled) {
  const std::string outcome = text_at(settled, "outcome");
  const std::string how = outcome == "replayed"   ? either("taken", "prise")
                          : outcome == "dropped"  ? either("dropped", "écartée")
                          : outcome == "filtered" ? either("left out by the filter", "écartée par le filtre")
                                                  : either("superseded", "dépassée");
  std::string out = fmt::format("{} {}", how, text_at(settled, "at"));
  if (!at(settled, "batch").is_null())
    out += fmt::format(", {} {}", either("batch", "lot"), count_text(settled, "batch"));
  for (const char* key : {"by", "why"})
    if (const std::string said = text_at(settled, key); !said.empty())
      out += ", " + (std::string_view(key) == "by" ? said : tongue::said(said, language()));
  return out;
}

std::string shown(const json::value& row) {
  std::vector<std::vector<std::string>> facts{
      {either("row no.", "n°"), count_text(row, "id")},
      {either("map", "carte"), fmt::format("{} → {}", text_at(row, "map"), text_at(row, "table"))},
      {either("file", "fichier"),
       fmt::format("{}, {} {}", text_at(row, "file"), either("row", "ligne"), count_text(row, "row"))},
      {either("batch", "lot"), count_text(row, "batch")}};
  if (at(row, "settled").is_object()) facts.push_back({either("left", "sortie"), settled_text(at(row, "settled"))});
  if (!text_at(row, "reasons").empty() && at(row, "settled").is_object())
    facts.push_back({either("reasons", "raisons"), text_at(row, "reasons")});
  std::string out = table_text(facts, {false, false});
  for (const json::value& one : list_at(row, "complaints")) {
    out += fmt::format("\n{}{}{}: {}\n", text_at(one, "code"), text_at(one, "column").empty() ? "" : ", ",
                       text_at(one, "column"), refusal_text(text_at(one, "code"), text_at(one, "message")));
    const json::value& asked = at(one, "asked_by");
    if (asked.is_object())
      out += table_text(
          {{fmt::format("  {}:{}", text_at(asked, "file"), count_text(asked, "line")), text_at(asked, "text")}},
          {false, false});
  }
  std::vector<std::vector<std::string>> values;
  const auto* fixed = at(row, "fixed").if_object();
  if (const auto* all = at(row, "values").if_object())
    for (const auto& member : *all) {
      const bool given = fixed != nullptr && fixed->contains(member.key());
      values.push_back({std::string(member.key()), text_of(member.value()), given ? either("given", "donnée") : ""});
    }
  const bool torn = text_at(row, "kept") != "row";
  const bool given = fixed != nullptr && !fixed->empty();
  if (torn && !text_at(row, "record").empty()) out += "\n" + table_text({{text_at(row, "record")}}, {false});
  if (!values.empty() && (!torn || given)) out += "\n" + table_text(values, {false, false, false});
  return out;
}

}  // namespace

Result<plan::Fields> rows_meant(const QuarantineOptions& options) {
  plan::Fields out;
  std::string ids;
  for (const std::string& word : options.words) {
    if (!whole_number(word))
      return fail(ErrorKind::usage, "command.value", fmt::format("\"{}\" is no number of a row", word), {},
                  "vigie quarantine list prints them");
    ids += (ids.empty() ? "" : ",") + word;
  }
  for (const auto& [name, value] : {std::pair("ids", ids), {"batch", options.batch}, {"map", options.map}})
    if (!value.empty()) out.emplace_back(name, value);
  for (const std::string& typed : options.where) {
    VIGIE_TRY(auto pair, pair_of("--where", typed));
    out.push_back(std::move(pair));
  }
  return out;
}

Result<> run_quarantine_show(const QuarantineOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->quarantined_row(options.words.front()));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value row, parsed(text));
  return print(shown(row));
}

Result<> run_quarantine_fix(const QuarantineOptions& options) {
  VIGIE_TRY(const api::QuarantineOrder order, order_of(options));
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  if (!options.out.empty()) return write_out(options, *backend);
  VIGIE_TRY(const std::string text, backend->change_quarantine(api::QuarantineVerb::fix, order));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  const std::string fixes = fixes_text(root);
  return print(fixes.empty() ? either("No value is another than before.\n", "Aucune valeur n'est autre qu'avant.\n")
                             : fixes);
}

Result<> run_quarantine_replay(const QuarantineOptions& options) {
  QuarantineOptions typed = options;
  if (typed.words.size() == 1 && !whole_number(typed.words.front())) {
    typed.in = typed.words.front();
    typed.words.clear();
  }
  VIGIE_TRY(const api::QuarantineOrder order, order_of(typed));
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->change_quarantine(api::QuarantineVerb::replay, order));
  VIGIE_TRY(const json::value root, parsed(text));
  if (options.format == Format::json) {
    VIGIE_CHECK(print(text + "\n"));
    return outcome_of(root);
  }
  VIGIE_CHECK(print(fixes_text(at(root, "fixed"))));
  if (list_at(root, "maps").empty())
    VIGIE_CHECK(print(either("No row waits in the quarantine.\n", "Aucune ligne n'attend en quarantaine.\n")));
  for (const json::value& one : list_at(root, "maps")) VIGIE_CHECK(print_replayed(one));
  return outcome_of(root);
}

Result<> run_quarantine_drop(const QuarantineOptions& options) {
  VIGIE_TRY(const api::QuarantineOrder order, order_of(options));
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->change_quarantine(api::QuarantineVerb::drop, order));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  return print(fmt::format("{} {}\n{}\n", either("rows dropped:", "lignes écartées\u00a0:"), count_text(root, "rows"),
                           either("vigie quarantine show tells of each who dropped it, when and why",
                                  "vigie quarantine show dit de chacune qui l'a écartée, quand et pourquoi")));
}

}  // namespace vigie::cli
