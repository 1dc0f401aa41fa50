// vigie checks: what maps and sources expect of their rows, and how it stands.
#include "cli/commands.h"
#include "cli/json_view.h"
#include "cli/render.h"
#include "tongue/french.h"

namespace vigie::cli {
namespace {

namespace json = boost::json;

std::string standing_text(const std::string& state) {
  if (state == "fine") return either("fine", "bien");
  if (state == "failing") return either("failing", "en défaut");
  if (state == "refused") return either("refused", "refusé");
  return either("not judged", "non jugé");
}

/// "2025-07-01 09:00" of an instant in UTC.
std::string minute_of(const std::string& instant) {
  constexpr std::size_t kDay = 10, kMinutes = 16;
  return instant.size() < kMinutes ? instant
                                   : instant.substr(0, kDay) + " " + instant.substr(kDay + 1, kMinutes - kDay - 1);
}

}  // namespace

Result<> run_checks(const ChecksOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  VIGIE_TRY(const std::string text, backend->checks(options.again));
  if (options.format == Format::json) return print(text + "\n");
  VIGIE_TRY(const json::value root, parsed(text));
  std::vector<std::vector<std::string>> lines{{either("map", "carte"), either("check", "contrôle"), "table",
                                               either("severity", "gravité"), either("state", "état"),
                                               either("rows", "lignes"), either("since (UTC)", "depuis (UTC)"),
                                               either("looked at (UTC)", "regardé (UTC)")}};
  std::string told;
  for (const json::value& one : list_at(root, "checks")) {
    const std::string state = text_at(one, "state");
    const bool fails = state == "failing" || state == "refused";
    lines.push_back({text_at(one, "map"), text_at(one, "check"), text_at(one, "table"),
                     text_at(one, "severity") == "error" ? either("error", "erreur") : either("warning", "alerte"),
                     standing_text(state), fails ? fmt::format("{:.0f}", number_at(one, "rows").value_or(0)) : "–",
                     minute_of(text_at(one, "since")), minute_of(text_at(one, "seen"))});
    const std::string detail = text_at(one, "detail");
    if (!detail.empty())
      told += fmt::format("{}, {}{} {}\n", text_at(one, "map"), text_at(one, "check"), either(":", "\u00a0:"),
                          french() ? tongue::in_french(detail) : detail);
  }
  if (lines.size() == 1)
    return print(either("No map or source of this workspace has checks that were looked at.\n",
                        "Aucune carte ni source de cet espace de travail n'a de contrôle qui ait été regardé.\n"));
  return print(table_text(lines, {false, false, false, false, false, true, false, false}) + told);
}

}  // namespace vigie::cli
