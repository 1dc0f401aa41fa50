// vigie propose: what the data say about the horizon of inactivity and the window of conversion, and its adoption.
#include <cmath>
#include <set>

#include "cli/commands.h"
#include "cli/json_view.h"
#include "cli/render.h"
#include "workspace/adopt.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;
using Lines = std::vector<std::vector<std::string>>;

constexpr const char *kInactivity = "inactivity_days", *kWindow = "window";

std::string plain(const std::optional<double>& value) { return figure_text(value, "count", ""); }
int whole(const json::value& from, std::string_view key) { return static_cast<int>(number_at(from, key).value_or(0)); }

std::string days_text(double days) {
  return plain(days) + (days == 1 ? either(" day", " jour") : either(" days", " jours"));
}

/// "182 days (26 weeks)", or why there is none.
std::string proposed_text(const json::value& of, bool weeks) {
  if (at(of, "refused").is_object()) return words_at(at(of, "refused"), "message");
  const int days = whole(of, "proposed");
  if (!weeks) return days_text(days);
  return fmt::format("{} ({}{})", days_text(days), days / 7,
                     days == 7 ? either(" week", " semaine") : either(" weeks", " semaines"));
}

std::string share_of(const std::optional<double>& part, const std::optional<double>& of) {
  return part && of && *of > 0 ? figure_text(*part / *of, "rate", "") : "";
}

/// What to write, and where; an empty text where there is nothing to change.
std::string write_text(const json::value& of) {
  const json::value& write = at(of, "write");
  if (!write.is_object()) return "";
  std::string lines;
  for (const json::value& line : list_at(write, "lines")) lines += (lines.empty() ? "" : ", ") + text_of(line);
  const std::string colon = either(": ", "\u00a0: ");
  if (const std::string copied = text_at(write, "copy_of"); !copied.empty())
    return fmt::format("{}{}{} {}{}{}", text_at(write, "file"), colon, either("a copy of", "une copie de"), copied,
                       either(" with ", " avec "), lines);
  return text_at(write, "file") + colon + lines;
}

void add_write(const json::value& of, Lines& lines) {
  if (const std::string text = write_text(of); !text.empty()) lines.push_back({either("to write", "à écrire"), text});
}

void add_silence(const json::value& step, const std::string& mark, Lines& lines) {
  lines.push_back({days_text(number_at(step, "days").value_or(0)), plain(number_at(step, "customers")),
                   plain(number_at(step, "came_back")), figure_text(number_at(step, "share"), "rate", ""), mark});
}

/// The silences around the proposed one, with today's among them.
std::string silences_of(const json::value& of) {
  Lines lines{{either("silence", "silence"), either("customers", "clients"), either("came back", "revenus"),
               either("share", "part"), ""}};
  const int proposed = whole(of, "proposed"), today = whole(of, "today");
  bool told = false;
  const std::string mark = either("today", "aujourd'hui");
  const auto add_today = [&] {
    if (!told) add_silence(at(of, "at_today"), mark, lines);
    told = true;
  };
  for (const json::value& step : list_at(of, "silences")) {
    const int days = whole(step, "days");
    if (days >= today) {
      const bool same = days == today && !told;
      if (!same) add_today();
      told = true;
      add_silence(step, days == proposed ? either("proposed", "proposé") : same ? mark : "", lines);
      continue;
    }
    add_silence(step, days == proposed ? either("proposed", "proposé") : "", lines);
  }
  add_today();
  return table_text(lines, {true, true, true, true, false});
}

/// Each segment with the silence that decides: the proposed one, else the longest that enough customers were watched
/// after.
std::string segments_of(const json::value& of) {
  if (list_at(of, "segments").empty()) return "";
  Lines lines{{"segment", either("proposed", "proposé"), either("silence", "silence"), either("customers", "clients"),
               either("came back", "revenus"), either("share", "part")}};
  for (const json::value& one : list_at(of, "segments")) {
    const bool refused = at(one, "refused").is_object();
    lines.push_back({text_at(one, "segment"),
                     refused ? either("too little history", "trop peu d'historique") : proposed_text(one, true), "", "",
                     "", ""});
    for (const json::value& step : list_at(one, "silences")) {
      if (!refused && whole(step, "days") != whole(one, "proposed")) continue;
      lines.back()[2] = days_text(number_at(step, "days").value_or(0));
      lines.back()[3] = plain(number_at(step, "customers"));
      lines.back()[4] = plain(number_at(step, "came_back"));
      lines.back()[5] = figure_text(number_at(step, "share"), "rate", "");
    }
  }
  return "\n" + table_text(lines, {false, false, true, true, true, true});
}

std::string inactivity_table(const json::value& of) {
  std::string out = fmt::format("inactivity_days{}{}\n", either(": ", "\u00a0: "),
                                either("silence after which a customer without a contract is inactive",
                                       "silence après lequel un client sans contrat est inactif"));
  Lines lines{{either("proposed", "proposé"), proposed_text(of, true)}};
  const std::string place = flag_at(of, "written")
                                ? std::string("vigie.yaml")
                                : either("by default, vigie.yaml says nothing", "par défaut, vigie.yaml n'en dit rien");
  lines.push_back({either("today", "aujourd'hui"), fmt::format("{}, {}", days_text(whole(of, "today")), place)});
  add_write(of, lines);
  lines.push_back({either("as of", "à la date du"), instant_at(of, "as_of")});
  out += table_text(lines, {false, false});
  if (text_at(at(of, "refused"), "code") == "contracts_only") return out;
  return out + "\n" + silences_of(of) + segments_of(of);
}

std::string unit_text(const std::string& unit) {
  if (unit == "leads") return either("leads", "prospects");
  if (unit == "deals") return either("deals", "affaires");
  return either("quotes", "devis");
}

std::string window_table(const json::value& of) {
  std::string out = fmt::format("window{}{}\n", either(": ", "\u00a0: "),
                                either("days that a prospect has to become a customer (conversion_rate)",
                                       "jours laissés à un prospect pour devenir client (conversion_rate)"));
  const auto n = number_at(of, "n");
  Lines lines{{either("proposed", "proposé"), proposed_text(of, false)}};
  lines.push_back({either("today", "aujourd'hui"), fmt::format("{}, {} (v{})", days_text(whole(of, "today")),
                                                               text_at(of, "file"), whole(of, "version"))});
  add_write(of, lines);
  lines.push_back({either("as of", "à la date du"), instant_at(of, "as_of")});
  lines.push_back({either("cycles", "cycles"), fmt::format("{} {}", plain(n), unit_text(text_at(of, "unit")))});
  if (!list_at(of, "quantiles").empty()) {
    std::string quantiles;
    for (const json::value& one : list_at(of, "quantiles"))
      quantiles += fmt::format("{}{}{}{}", quantiles.empty() ? "" : ", ",
                               figures().share(number_at(one, "q").value_or(0)), either(" within ", " en "),
                               figure_text(std::ceil(number_at(one, "days").value_or(0)), "days", ""));
    lines.push_back({"", quantiles});
    lines.push_back({either("within today's", "dans celle d'aujourd'hui"), share_of(number_at(of, "within_today"), n)});
    lines.push_back({either("within the proposed", "dans la proposée"), share_of(number_at(of, "within_proposed"), n)});
  }
  return out + table_text(lines, {false, false});
}

Result<std::string> table_of(std::string_view body) {
  VIGIE_TRY(const json::value root, parsed(body));
  return inactivity_table(at(root, kInactivity)) + "\n" + window_table(at(root, kWindow));
}

Result<> check_proposed(const std::string& what, const json::value& of) {
  if (!at(of, "refused").is_object()) return {};
  return fail(ErrorKind::check_failed, "propose.nothing", fmt::format("nothing is proposed for {}", what), {},
              words_at(at(of, "refused"), "message"));
}

/// What is to be written; nothing where it is as it is today.
Result<std::optional<workspace::Draft>> draft_of(const std::filesystem::path& folder, const std::string& what,
                                                 const json::value& of) {
  VIGIE_CHECK(check_proposed(what, of));
  const json::value& write = at(of, "write");
  if (!write.is_object()) return std::nullopt;
  if (what == kInactivity) return workspace::draft_inactivity(folder, whole(of, "proposed"));
  workspace::Adoption adoption;
  adoption.kpi = text_at(of, "kpi");
  adoption.version = whole(of, "version");
  adoption.copy_of = text_at(of, "file");
  adoption.file = text_at(write, "file");
  adoption.next_version = whole(of, "next_version");
  adoption.parameter = kWindow;
  adoption.value = whole(of, "proposed");
  VIGIE_TRY(adoption.effective_from, parse_date(text_at(of, "adopted_on")));
  return workspace::draft_definition(folder, adoption);
}

/// One line for each thing adopted, on a terminal.
std::string adopted_text(const std::string& what, const json::value& of) {
  const std::string text = write_text(of);
  if (text.empty()) return what + either(": today's already\n", "\u00a0: c'est déjà la valeur d'aujourd'hui\n");
  return either("Written: ", "Écrit\u00a0: ") + text + "\n";
}

struct Adopted {
  std::string told;     ///< a line for each
  std::string written;  ///< the files
};

/// Adopts each of them once, all or none: what cannot be adopted is told before anything is written.
Result<Adopted> adopted(const ProposeOptions& options, const json::value& root) {
  std::set<std::string> seen;
  std::vector<workspace::Draft> drafts;
  Adopted out;
  for (const std::string& what : options.write) {
    if (!seen.insert(what).second) continue;
    VIGIE_TRY(std::optional<workspace::Draft> draft, draft_of(options.workspace, what, at(root, what)));
    if (draft) drafts.push_back(std::move(*draft));
    out.told += adopted_text(what, at(root, what));
  }
  VIGIE_CHECK(workspace::write_drafts(drafts));
  for (const workspace::Draft& draft : drafts) out.written += (out.written.empty() ? "" : ", ") + draft.name;
  return out;
}

/// Where it cannot be said that something was written, it is said that this is the one thing missing.
Result<> print_of(const Adopted& done, const std::string& text) {
  Result<> printed = print(text);
  if (!printed && !done.written.empty())
    printed.error().hint = fmt::format("what is written already stays: {}", done.written);
  return printed;
}

}  // namespace

Result<> run_propose(const ProposeOptions& options) {
  const SystemClock clock;
  bool served = true;
  std::string body;
  {
    VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
    VIGIE_TRY(body, backend->propose());
    served = running_server(options.workspace, std::nullopt) != nullptr;
  }
  VIGIE_TRY(const json::value root, parsed(body));
  std::string said = body + "\n";
  if (options.format == Format::table) {
    VIGIE_TRY(said, table_of(body));
  }
  VIGIE_TRY(Adopted done, adopted(options, root));
  if (options.format == Format::json || done.told.empty()) return print_of(done, said);
  if (served)
    done.told += either("The running server reads it when it starts again.\n",
                        "Le serveur en marche le lira à son prochain démarrage.\n");
  return print_of(done, said + "\n" + done.told);
}

}  // namespace vigie::cli
