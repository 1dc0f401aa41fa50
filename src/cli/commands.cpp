#include "cli/commands.h"

#include <unistd.h>

#include <cstdio>

#include "cli/json_view.h"
#include "cli/read_json.h"
#include "cli/render.h"
#include "ingest/receipt_json.h"
#include "kpi/answer_json.h"
#include "server/api/answers_json.h"
#include "tongue/french.h"
#include "workspace/board_memory.h"
#include "workspace/map_folder.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;

/// The maps of a folder, in name order; a file is itself. No two are of one id.
Result<std::vector<fs::path>> map_files(const std::vector<fs::path>& given) {
  std::vector<fs::path> out;
  for (const fs::path& path : given) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      out.push_back(path);
      continue;
    }
    VIGIE_TRY(const workspace::MapFolder inside, workspace::maps_in(path));
    if (!inside.passed_over.empty()) return std::unexpected(inside.passed_over.front());
    if (inside.maps.empty())
      return fail(ErrorKind::unavailable, "map.none", fmt::format("{} holds no map (*.yaml)", path.string()));
    out.insert(out.end(), inside.maps.begin(), inside.maps.end());
  }
  if (const auto repeated = workspace::repeated_maps(out); !repeated.empty()) return std::unexpected(repeated.front());
  return out;
}

Result<ingest::Request> request_for(const fs::path& map, const ImportOptions& options) {
  ingest::Request request;
  request.map_file = map;
  request.folder = options.folder;
  for (const std::string& file : options.files) {
    if (file.ends_with(".yaml") || file.ends_with(".yml"))
      return fail(ErrorKind::usage, "import.files",
                  fmt::format("{} is a map, and stands where files of data are named", file), {},
                  "say --map before each map, or name their folder");
    const auto equals = file.find('=');
    std::error_code ignored;  // a file may be called so
    if (equals == std::string::npos || fs::exists(file, ignored)) request.files.emplace_back(file);
    else request.named_files[file.substr(0, equals)] = file.substr(equals + 1);
  }
  if (::isatty(STDERR_FILENO) != 0)
    request.progress = [](std::string_view stage, double share) {
      std::fprintf(stderr, "\r\033[K%s %3.0f %%", tongue::said(stage, language()).c_str(), share * 100);
    };
  return request;
}

using Answers = std::vector<Result<kpi::Answer>>;

/// What the API answers.
std::string board_json(const Answers& answers) {
  std::vector<Result<api::AnswerText>> texts;
  for (const auto& answer : answers)
    texts.push_back(answer ? Result<api::AnswerText>(api::answer_text(*answer)) : std::unexpected(answer.error()));
  return api::answers_json(texts, http::Request{});
}

/// What people call the KPIs that were asked for, as their lines do.
Result<std::vector<std::string>> labels_of(Backend& backend, const std::vector<std::string>& ids) {
  VIGIE_TRY(const std::string catalogue, backend.catalogue());
  VIGIE_TRY(const boost::json::value root, parsed(catalogue));
  std::map<std::string, std::string> labels;
  for (const boost::json::value& one : list_at(root, "kpis")) {
    const std::string id = text_at(one, "id");
    for (const boost::json::value& variant : list_at(one, "variants"))
      labels[fmt::format("{}:{}", id, text_at(variant, "id"))] = words_at(variant, "label");
    labels[id] = words_at(one, "label");
  }
  std::vector<std::string> out;
  for (const std::string& id : ids) out.push_back(labels.contains(id) ? labels.at(id) : id);
  return out;
}

/// The board as it is printed: as JSON, as the rows of the KPIs that were answered, or a line for each; `labels` are of
/// those that were asked, for the lines of those that were not answered.
std::string board_text(const Answers& answers, const std::vector<std::string>& labels, Format format) {
  if (format == Format::json) return board_json(answers) + "\n";
  std::vector<kpi::Answer> answered;
  for (const auto& answer : answers)
    if (answer) answered.push_back(*answer);
  if (format == Format::csv) return answers_csv(answered);
  const BoardView view = view_of(answered);
  std::string text;
  Notes notes;
  for (std::size_t i = 0; i < answers.size(); ++i)
    text += answers[i] ? board_line(*answers[i], view, notes) : board_refusal(labels[i], answers[i].error());
  return board_heading(answered) + text + notes.lines() + board_warnings(answered);
}

}  // namespace

Result<> print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return fail(ErrorKind::unavailable, "output.failed", "standard output cannot be written");
  return {};
}

Result<> run_init(const fs::path& folder, const workspace::InitOptions& options) {
  VIGIE_CHECK(workspace::Workspace::init(folder, options));
  return print(fmt::format("{}\n", words(Words::workspace_made, folder.string())));
}

Result<> import_maps(const ImportOptions& options, JsonWriter* json) {
  VIGIE_TRY(const std::vector<fs::path> maps, map_files(options.maps));
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, std::nullopt));
  for (const fs::path& map : maps) {
    VIGIE_TRY(const ingest::Request request, request_for(map, options));
    const Result<ingest::Receipt> receipt = backend->import(request);
    if (request.progress) std::fprintf(stderr, "\r\033[K");
    if (!receipt) return std::unexpected(receipt.error());
    if (json) ingest::to_json(*receipt, *json);
    else VIGIE_CHECK(print(receipt_table(*receipt)));
  }
  return {};
}

Result<> run_import(const ImportOptions& options) {
  if (!options.preset.empty()) return run_import_preset(options);
  if (options.maps.empty()) return run_import_proposed(options);
  if (options.format != Format::json) return import_maps(options, nullptr);
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  const Result<> done = import_maps(options, &json);
  // What was committed before a map failed is in the workspace: its receipts are due.
  json.end_array();
  VIGIE_CHECK(print(text + "\n"));
  return done;
}

Result<> run_kpi(const AskOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock, options.time_limit));
  const auto answers = backend->ask({options.fields});
  VIGIE_TRY(const kpi::Answer answer, answers.front());
  if (options.format == Format::csv) return print(answers_csv({answer}));
  if (options.format == Format::table) return print(answer_table(answer));
  std::string json;
  JsonWriter writer(json);
  kpi::to_json(answer, writer);
  return print(json + "\n");
}

namespace {

Answers ask_board(Backend& backend, const std::vector<std::string>& ids, const AskOptions& options) {
  std::vector<plan::Fields> questions;
  for (const std::string& id : ids) {
    plan::Fields fields = options.fields;
    fields.emplace_back("kpi", id);
    fields.emplace_back("split", "optional");
    fields.emplace_back("stand_in", "allowed");
    questions.push_back(std::move(fields));
  }
  return backend.ask(questions);
}

/// Its fields one after another, each with its length: no two boards are written alike.
std::string written(const plan::Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += fmt::format("{} {}={} {}\n", name.size(), name, value.size(), value);
  return out;
}

/// The board as it was answered before, where it would be the same again.
std::optional<Answers> known_board(workspace::BoardMemory& memory, Instant now) {
  const auto text = memory.find(now);
  if (!text) return std::nullopt;
  auto answers = answers_from_json(*text);
  return answers ? std::optional(std::move(*answers)) : std::nullopt;
}

void keep_board(const workspace::BoardMemory& memory, Backend& backend, Instant asked, const Answers& answers) {
  auto workspace = backend.release();
  if (!workspace || !std::ranges::all_of(answers, [](const auto& answer) { return answer.has_value(); })) return;
  Instant last;
  for (const auto& answer : answers) last = std::max(last, answer->as_of);
  memory.keep(std::move(workspace), asked, last, board_json(answers));
}

}  // namespace

Result<> run_board(const AskOptions& options) {
  for (const auto& [name, text] : options.fields)
    if (name == "version")
      return fail(ErrorKind::usage, "question.unknown_field",
                  fmt::format("a board takes no \"{}\": it holds the ten KPIs as they are", name), {},
                  "ask vigie kpi for one of them");
  const SystemClock clock;
  auto backend = running_server(options.workspace, options.time_limit);
  workspace::BoardMemory memory(options.workspace, written(options.fields));
  const Instant asked = clock.now();
  if (!backend) {
    if (const auto known = known_board(memory, asked)) return print(board_text(*known, {}, options.format));
    VIGIE_TRY(backend, connect(options.workspace, clock, options.time_limit));
  }
  VIGIE_TRY(const std::vector<std::string> ids, backend->headline());
  const Answers answers = ask_board(*backend, ids, options);
  // What one KPI does not know (a filter, say) stands in its place; a spreadsheet has none for it.
  const auto is_failure = [&](const auto& answer) {
    return !answer && (options.format == Format::csv || answer.error().kind != ErrorKind::usage);
  };
  const auto failed = std::ranges::find_if(answers, is_failure);
  const bool all_failed = std::ranges::none_of(answers, [](const auto& answer) { return answer.has_value(); });
  if (!answers.empty() && all_failed) return std::unexpected(api::most_telling(answers));
  std::vector<std::string> labels;
  if (options.format == Format::table && std::ranges::any_of(answers, [](const auto& one) { return !one; })) {
    VIGIE_TRY(labels, labels_of(*backend, ids));
  }
  VIGIE_CHECK(print(board_text(answers, labels, options.format)));
  keep_board(memory, *backend, asked, answers);
  // One KPI that cannot be answered leaves the others as they are; the first such error gives the exit code.
  return failed == answers.end() ? Result<>() : std::unexpected(failed->error());
}

Result<> make_board_ready(const fs::path& workspace) {
  const SystemClock clock;
  const AskOptions options{.workspace = workspace, .fields = {}};
  workspace::BoardMemory memory(workspace, written(options.fields));
  const Instant asked = clock.now();
  if (memory.find(asked)) return {};
  VIGIE_TRY(const auto backend, connect(workspace, clock, std::nullopt));
  VIGIE_TRY(const std::vector<std::string> ids, backend->headline());
  const Answers answers = ask_board(*backend, ids, options);
  keep_board(memory, *backend, asked, answers);
  return {};
}

}  // namespace vigie::cli
