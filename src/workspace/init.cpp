// A new workspace: its folders, and a vigie.yaml that says what was asked for.
#include <filesystem>
#include <ranges>

#include "model/currency.h"
#include "workspace/data_folder.h"
#include "workspace/workspace.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

std::string settings_text(const InitOptions& options, const fs::path& folder) {
  const std::string company = options.company.empty() ? folder.filename().string() : options.company;
  // The name is a person's text inside YAML quotes.
  std::string quoted;
  for (const char c : company) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return fmt::format(
      "# A Vigie workspace. Every key is explained in docs/workspace.md; `vigie check` reads it.\n"
      "format: 1\n"
      "company: \"{}\"\n"
      "currency: {}            # reporting currency\n"
      "time_zone: {}\n"
      "week_start: {}\n"
      "fiscal_start: \"{}\"     # month-day\n"
      "# profile: [deals, shop]      # deals, quotes, shop, subscription\n"
      "# sale_event: invoice         # order, invoice or won_deal; default: invoices, else orders, else won deals\n"
      "# margin_rate: 0.35           # where no cost is known\n"
      "# inactivity_days: 365        # customers without a contract are inactive after so many days\n",
      quoted, options.currency, options.time_zone, options.week_start, options.fiscal_start);
}

/// A line break in a value would be the next line of vigie.yaml.
Result<> check_options(const InitOptions& options, const fs::path& folder) {
  for (const std::string& text : {options.company, options.currency, options.time_zone, options.fiscal_start,
                                  options.week_start, folder.filename().string()})
    if (std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      return fail(ErrorKind::usage, "settings.text",
                  "a setting, or the name of the folder, holds a line break or another control character", {},
                  "write it on one line");
  return model::check_currency(options.currency);
}

/// The folders of a workspace but data/, and those that lead to it: outer ones first.
std::vector<fs::path> wanted_folders(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code ignored;
  for (fs::path up = folder; !up.empty(); up = up.parent_path()) {
    if (fs::symlink_status(up, ignored).type() != fs::file_type::not_found) break;
    out.insert(out.begin(), up);
  }
  for (const char* inside : {"kpis", "maps"}) out.push_back(folder / inside);
  return out;
}

/// Adds to `made` those that were made here, and not by somebody else meanwhile.
Result<> make_folders(const fs::path& folder, std::vector<fs::path>& made) {
  for (const fs::path& wanted : wanted_folders(folder)) {
    std::error_code problem;
    if (fs::create_directory(wanted, problem)) made.push_back(wanted);
    if (problem)
      return fail(ErrorKind::unavailable, "file.unwritable",
                  fmt::format("cannot make {}: {}", wanted.string(), problem.message()), {},
                  "check the rights on the folder");
  }
  VIGIE_TRY(const bool made_data, make_data_folder(folder));
  if (made_data) made.push_back(folder / "data");
  return {};
}

}  // namespace

Result<> Workspace::init(const fs::path& folder, const InitOptions& options) {
  std::error_code problem;
  if (fs::exists(folder / "vigie.yaml", problem))
    return fail(ErrorKind::usage, "workspace.exists", fmt::format("{} is a workspace already", folder.string()), {},
                "choose another folder");
  // Checked before anything is made: a wrong option leaves no folder behind.
  if (folder.empty())
    return fail(ErrorKind::usage, "workspace.unnamed", "the folder of the workspace has no name", {},
                "name one, or write . for the current folder");
  VIGIE_CHECK(check_options(options, folder));
  const std::string text = settings_text(options, folder);
  VIGIE_TRY(const YamlNode root, YamlNode::parse(text, "vigie.yaml"));
  if (const auto settings = catalog::read_settings(root); !settings) {
    Error error = settings.error();
    error.where = {};
    return std::unexpected(error);
  }
  std::vector<fs::path> made;
  Result<> done = make_folders(folder, made);
  if (done) done = write_file(folder / "vigie.yaml", text);
  // What others made stays, empty or not, and so does all of it where somebody else made a workspace of it meanwhile.
  if (!done && !fs::exists(folder / "vigie.yaml", problem))
    for (const fs::path& one : made | std::views::reverse) fs::remove(one, problem);
  return done;
}

}  // namespace vigie::workspace
