// `vigie erase`: what would go is told, confirmed, and told again as a receipt.
#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/render.h"
#include "server/api/port.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;

std::string whole_count(const json::value& from, std::string_view key) {
  return fmt::format("{:.0f}", number_at(from, key).value_or(0));
}

std::string who_runs_this() {
  const passwd* const known = ::getpwuid(::geteuid());
  return known != nullptr ? known->pw_name : std::to_string(::geteuid());
}

/// "customers.name  1": one line each.
std::string counted(const json::value& root, std::string_view key, std::string_view place) {
  std::vector<std::vector<std::string>> lines;
  for (const json::value& one : list_at(root, key)) {
    const std::string column = text_at(one, "column");
    lines.push_back({"  " + text_at(one, place) + (column.empty() ? "" : "." + column), whole_count(one, "rows")});
  }
  return lines.empty() ? std::string() : table_text(lines, {false, true});
}

std::string section(const std::string& title, const std::string& body) {
  return body.empty() ? std::string() : fmt::format("\n{}\n{}", title, body);
}

std::string listed(const json::value& root, std::string_view key) {
  std::string out;
  for (const json::value& one : list_at(root, key)) out += "  " + text_of(one) + "\n";
  return out;
}

std::string beyond_text(const json::value& root) {
  std::string out;
  for (const json::value& one : list_at(root, "beyond")) {
    const std::string source = text_at(one, "source");
    out += source.empty() ? fmt::format("  {}\n", either("this workspace, in what you write",
                                                         "cet espace de travail, dans ce que vous écrivez"))
                          : fmt::format("  {} ({} {})\n", source, either("map", "carte"), text_at(one, "map"));
    for (const json::value& file : list_at(one, "files")) out += "    " + text_of(file) + "\n";
  }
  return out;
}

std::string receipt_text(const json::value& root) {
  const bool dry = flag_at(root, "dry_run");
  std::string out = dry ? fmt::format("{}\n", either("What would go; nothing was changed.",
                                                     "Ce qui partirait ; rien n'a été changé."))
                        : fmt::format("{} {}: {}, {} {}, {} {}\n", either("erasure", "effacement"),
                                      whole_count(root, "erasure"), text_at(root, "at"), either("by", "par"),
                                      text_at(root, "by"), either("source", "source"), text_at(root, "source"));
  if (!dry)
    out += fmt::format("{} {}\n", either("called from now on:", "s'appelle désormais :"), text_at(root, "pseudonym"));
  out += section(either("rows about the person: they stay, and so do the figures",
                        "lignes qui parlent de la personne : elles restent, et les chiffres aussi"),
                 counted(root, "rows", "table"));
  out += section(dry ? either("personal values that would go", "valeurs personnelles qui partiraient")
                     : either("personal values that went", "valeurs personnelles parties"),
                 counted(root, "fields", "table"));
  out +=
      section(dry ? either("keys that would give way to pseudonyms", "clés qui céderaient la place à des pseudonymes")
                  : either("keys that gave way to pseudonyms", "clés remplacées par des pseudonymes"),
              counted(root, "keys", "keys_of"));
  out += section(either("names and addresses taken out of other texts and records",
                        "noms et adresses retirés d'autres textes et enregistrements"),
                 counted(root, "texts", "table"));
  out += section(
      either("files of the workspace that go whole: copies of the warehouse from before an upgrade",
             "fichiers de l'espace de travail qui partent en entier : copies de l'entrepôt d'avant une mise à jour"),
      listed(root, "removed"));
  out += section(either("kept, for figures are split by them", "gardé, car des chiffres se ventilent ainsi"),
                 listed(root, "kept"));
  if (const double waiting = number_at(root, "events_waiting").value_or(0); waiting > 0)
    out += fmt::format("\n{}: {:.0f}\n",
                       either("events that wait to be applied, without what is personal of the person",
                              "événements qui attendent d'être appliqués, sans ce que la personne a de personnel"),
                       waiting);
  out += section(either("customers of other sources under the same address: erase them by --source",
                        "clients d'autres sources sous la même adresse : effacez-les par --source"),
                 listed(root, "others"));
  out +=
      section(either("beyond Vigie: these files and systems still hold the person, and are yours to clear",
                     "hors de Vigie : ces fichiers et systèmes contiennent encore la personne, à vous de les nettoyer"),
              beyond_text(root));
  return out;
}

/// Whether the word was typed; at the end of the input it was not.
bool is_confirmed() {
  const std::string word = either("erase", "effacer");
  std::fprintf(
      stderr, "%s",
      either("\nThis cannot be undone. Type erase to go on: ", "\nC'est sans retour. Tapez effacer pour continuer : ")
          .c_str());
  std::string typed;
  return static_cast<bool>(std::getline(std::cin, typed)) && trim(typed) == word;
}

}  // namespace

Result<> run_erase_customer(const EraseOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  api::EraseOrder order{options.id, options.source, options.who.empty() ? who_runs_this() : options.who, true};
  if (options.dry_run || !options.yes) {
    VIGIE_TRY(const std::string foreseen, backend->erase(order));
    VIGIE_TRY(const json::value root, parsed(foreseen));
    if (options.dry_run) return print(options.format == Format::json ? foreseen + "\n" : receipt_text(root));
    std::fprintf(stderr, "%s", receipt_text(root).c_str());
    if (!is_confirmed())
      return fail(ErrorKind::usage, "erase.unconfirmed", "nothing was erased, for it was not confirmed", {},
                  "type the word that is asked for, or say --yes");
  }
  order.dry_run = false;
  VIGIE_TRY(const std::string text, backend->erase(order));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  return print(receipt_text(root));
}

Result<> run_erase_list(const EraseOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->erasures());
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  const json::array& all = list_at(root, "erasures");
  if (all.empty()) return print(either("Nobody was erased here.\n", "Personne n'a été effacé ici.\n"));
  std::vector<std::vector<std::string>> lines{{either("no.", "n°"), either("at", "le"), either("by", "par"), "source",
                                               either("called", "s'appelle"), either("values", "valeurs")}};
  for (const json::value& one : all) {
    double values = 0;
    for (const json::value& field : list_at(one, "fields")) values += number_at(field, "rows").value_or(0);
    lines.push_back({whole_count(one, "erasure"), text_at(one, "at"), text_at(one, "by"), text_at(one, "source"),
                     text_at(one, "pseudonym"), fmt::format("{:.0f}", values)});
  }
  return print(table_text(lines, {true, false, false, false, false, true}));
}

}  // namespace vigie::cli
