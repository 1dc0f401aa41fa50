#include <set>

#include "base/text.h"
#include "catalog/kpi_name.h"
#include "cli/commands.h"
#include "cli/json_view.h"
#include "cli/render.h"
#include "insight/handbook.h"
#include "kpi/catalogue_json.h"
#include "model/model_json.h"
#include "workspace/share.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Lines = std::vector<std::vector<std::string>>;

std::string joined(const json::array& texts, std::string_view between) {
  std::string out;
  for (const json::value& one : texts) out += (out.empty() ? "" : std::string(between)) + text_of(one);
  return out;
}

std::string kpis_table(const json::value& root) {
  Lines rows;
  for (const json::value& one : list_at(root, "kpis")) {
    rows.push_back(
        {text_at(one, "id"), words_at(one, "label"), text_at(one, "unit"), joined(list_at(one, "aliases"), ", ")});
    for (const json::value& variant : list_at(one, "variants"))
      if (text_at(variant, "id") != "default")
        rows.push_back({"  :" + text_at(variant, "id"), "  " + words_at(variant, "label"), "", ""});
  }
  std::string out = table_text(rows, {false, false, false, false});
  for (const json::value& one : list_at(root, "refused"))
    out += fmt::format("! {}{}{}\n", text_at(one, "id"), either(": ", "\u00a0: "), words_at(one, "why"));
  return out;
}

std::string type_of(const json::value& column) {
  if (const std::string to = text_at(column, "references"), path = text_at(column, "path"); !to.empty())
    return "key → " + to + (path.empty() ? "" : " (" + path + ".…)");
  if (const json::array& values = list_at(column, "values"); !values.empty()) return joined(values, " | ");
  const std::string unit = text_at(column, "unit");
  return text_at(column, "type") + (unit.empty() ? "" : " (" + unit + ")");
}

/// The tables, then the relations that no table is called like.
std::string tables_of(const json::value& root) {
  Lines tables, relations;
  std::set<std::string> names;
  for (const json::value& one : root.as_array()) {
    if (const std::string name = text_at(one, "table"); !name.empty()) {
      tables.push_back({name, words_at(one, "label"), words_at(one, "grain")});
      names.insert(name);
    } else if (const std::string derived = text_at(one, "relation"); !names.contains(derived)) {
      relations.push_back({derived, words_at(one, "label"), words_at(one, "meaning")});
    }
  }
  const std::string heading =
      french() ? "Relations dérivées, que lisent les définitions :" : "Derived relations, which definitions read:";
  return table_text(tables, {false, false, false}) + "\n" + heading + "\n" +
         table_text(relations, {false, false, false});
}

/// A table, or a derived relation, which has neither grain nor requirements.
std::string columns_of(const json::value& one) {
  const bool relation = !at(one, "relation").is_null();
  std::string out = fmt::format("{}{} {}. {}\n", text_at(one, relation ? "relation" : "table"), french() ? " :" : ":",
                                words_at(one, "label"), words_at(one, relation ? "meaning" : "grain"));
  Lines rows;
  for (const json::value& column : list_at(one, "columns")) {
    rows.push_back({text_at(column, "name"), type_of(column)});
    if (!relation) rows.back().push_back(flag_at(column, "required") ? (french() ? "obligatoire" : "required") : "");
    rows.back().push_back(words_at(column, "label"));
    if (!relation) rows.back().push_back(words_at(column, "meaning"));
  }
  out += table_text(rows, std::vector<bool>(5, false));
  if (at(one, "derived").is_object())
    return out + "\n" +
           (french() ? "Les définitions lisent, sous ce nom, une relation dérivée :\n"
                     : "Definitions read, by this name, a derived relation:\n") +
           columns_of(at(one, "derived"));
  const std::string dimensions = joined(list_at(one, "dimensions"), ", ");
  if (dimensions.empty()) return out;
  return out + (french() ? "Axes et filtres : " : "Splits and filters: ") + dimensions + "\n";
}

/// The definitions that ship with the program, and those of a folder that is a workspace.
struct Shelf {
  model::Model model;
  catalog::Catalog catalog;
};
Result<Shelf> read_shelf(const fs::path& folder) {
  VIGIE_TRY(const fs::path share, workspace::share_folder());
  VIGIE_TRY(model::Model model, model::Model::load(share / "model"));
  std::vector<fs::path> folders{share / "kpis"};
  std::error_code ignored;
  // Outside of a workspace a folder named kpis/ is somebody else's.
  if (fs::exists(folder / "vigie.yaml", ignored)) folders.push_back(folder / "kpis");
  VIGIE_TRY(catalog::Catalog catalog, catalog::Catalog::read(folders, model));
  return Shelf{std::move(model), std::move(catalog)};
}

Date today() { return Date{static_cast<std::int32_t>(SystemClock().now().micros / kMicrosPerDay)}; }

Result<std::string> handbook_of(Backend* server, const fs::path& folder) {
  if (server) return server->handbook(language());
  VIGIE_TRY(const Shelf shelf, read_shelf(folder));
  return insight::handbook(shelf.catalog, shelf.model, language(), today());
}

Result<std::string> catalogue_of(Backend* server, const fs::path& folder) {
  if (server) return server->catalogue();
  VIGIE_TRY(const Shelf shelf, read_shelf(folder));
  return kpi::catalogue_json(shelf.catalog, today());
}

Result<std::string> model_of(Backend* server, const std::string& name) {
  if (server) return server->model(name);
  VIGIE_TRY(const fs::path share, workspace::share_folder());
  VIGIE_TRY(const model::Model model, model::Model::load(share / "model"));
  return model::to_json(model, name);
}

/// The one that has this name or alias, of a catalogue in JSON; a refused one too, of which it tells why.
Result<json::value> kpi_called(const json::value& root, const std::string& name) {
  const std::string meant = catalog::name_meant(name);
  std::set<std::string> names;
  for (const char* list : {"kpis", "refused"})
    for (const json::value& one : list_at(root, list)) {
      std::set<std::string> own{text_at(one, "id")};
      for (const json::value& alias : list_at(one, "aliases")) own.insert(catalog::name_meant(text_of(alias)));
      if (own.contains(meant)) return one;
      names.merge(own);
    }
  const std::vector<std::string> known(names.begin(), names.end());
  return fail(ErrorKind::usage, "kpi.unknown", fmt::format("no KPI \"{}\"", name), {},
              catalog::hint_for_unknown(name, known, text_at(root, "nameless")));
}

/// The chapter of the handbook about one KPI.
std::string chapter_of(std::string_view handbook, std::string_view id) {
  constexpr std::string_view kHeading = "\n## ";
  const std::size_t named = handbook.find(fmt::format("\n\n`{}`: ", id));
  if (named == std::string_view::npos) return "";
  const std::size_t from = handbook.rfind(kHeading, named) + 1, to = handbook.find(kHeading, named);
  return std::string(handbook.substr(from, to == std::string_view::npos ? to : to - from));
}

Result<> print_one(Backend* server, const fs::path& folder, const std::string& name, Format format) {
  VIGIE_TRY(const std::string text, catalogue_of(server, folder));
  VIGIE_TRY(const json::value root, parsed(text));
  VIGIE_TRY(const json::value kpi, kpi_called(root, name));
  if (format == Format::json) return print(json::serialize(kpi) + "\n");
  VIGIE_TRY(const std::string handbook, handbook_of(server, folder));
  return print(chapter_of(handbook, text_at(kpi, "id")));
}

}  // namespace

Result<> run_kpis(const fs::path& folder, const std::string& kpi, Format format) {
  // No need to open the workspace: its files say it, or the server that has read them.
  const auto server = running_server(folder, std::nullopt);
  if (!kpi.empty()) return print_one(server.get(), folder, kpi, format);
  if (format == Format::markdown) {
    VIGIE_TRY(const std::string text, handbook_of(server.get(), folder));
    return print(text);
  }
  VIGIE_TRY(const std::string text, catalogue_of(server.get(), folder));
  if (format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  return print(kpis_table(root));
}

Result<> run_model(const fs::path& folder, const std::string& name, Format format) {
  const auto server = running_server(folder, std::nullopt);
  VIGIE_TRY(const std::string text, model_of(server.get(), name));
  if (format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  return print(root.is_array() ? tables_of(root) : columns_of(root));
}

}  // namespace vigie::cli
