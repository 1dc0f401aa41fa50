#include "cli/commands.h"

#include <unistd.h>

#include <cstdio>

#include "tongue/french.h"
#include "cli/render.h"
#include "ingest/receipt_json.h"
#include "kpi/answer_json.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;

/// The maps of a folder, in name order; a file is itself.
Result<std::vector<fs::path>> map_files(const std::vector<fs::path>& given) {
  std::vector<fs::path> out;
  for (const fs::path& path : given) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      out.push_back(path);
      continue;
    }
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator(path, ignored))
      if (entry.path().extension() == ".yaml") inside.push_back(entry.path());
    std::ranges::sort(inside);
    if (inside.empty()) return fail(ErrorKind::unavailable, "map.none", fmt::format("{} holds no map (*.yaml)", path.string()));
    out.insert(out.end(), inside.begin(), inside.end());
  }
  return out;
}

Result<ingest::Request> request_for(const fs::path& map, const ImportOptions& options) {
  ingest::Request request;
  request.map_file = map;
  request.folder = options.folder;
  for (const std::string& file : options.files) {
    if (file.ends_with(".yaml") || file.ends_with(".yml"))
      return fail(ErrorKind::usage, "import.files", fmt::format("{} is a map, and stands where files of data are named", file), {},
                  "say --map before each map, or name their folder");
    const auto equals = file.find('=');
    if (equals == std::string::npos) request.files.emplace_back(file);
    else request.named_files[file.substr(0, equals)] = file.substr(equals + 1);
  }
  if (::isatty(STDERR_FILENO) != 0)
    request.progress = [](std::string_view stage, double share) {
      std::fprintf(stderr, "\r\033[K%s %3.0f %%", tongue::said(stage, language()).c_str(), share * 100);
    };
  return request;
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

Result<> run_import(const ImportOptions& options) {
  VIGIE_TRY(const std::vector<fs::path> maps, map_files(options.maps));
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock));
  std::string json;
  JsonWriter writer(json);
  if (options.format == Format::json) writer.begin_array();
  for (const fs::path& map : maps) {
    VIGIE_TRY(const ingest::Request request, request_for(map, options));
    VIGIE_TRY(const ingest::Receipt receipt, backend->import(request));
    if (request.progress) std::fprintf(stderr, "\r\033[K");
    if (options.format == Format::json) ingest::to_json(receipt, writer);
    else VIGIE_CHECK(print(receipt_table(receipt)));
  }
  if (options.format != Format::json) return {};
  writer.end_array();
  return print(json + "\n");
}

Result<> run_kpi(const AskOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock));
  const auto answers = backend->ask({options.fields});
  VIGIE_TRY(const kpi::Answer answer, answers.front());
  if (options.format == Format::csv) return print(answers_csv({answer}));
  if (options.format == Format::table) return print(answer_table(answer));
  std::string json;
  JsonWriter writer(json);
  kpi::to_json(answer, writer);
  return print(json + "\n");
}

Result<> run_board(const AskOptions& options) {
  const SystemClock clock;
  VIGIE_TRY(const auto backend, connect(options.workspace, clock));
  VIGIE_TRY(const auto ids, backend->headline());
  std::vector<plan::Fields> questions;
  for (const std::string& id : ids) {
    plan::Fields fields = options.fields;
    fields.emplace_back("kpi", id);
    fields.emplace_back("split", "optional");
    questions.push_back(std::move(fields));
  }
  const auto answers = backend->ask(questions);
  std::string json;
  JsonWriter writer(json);
  std::string text;
  if (options.format == Format::json) writer.begin_object().key("answers").begin_array();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) return std::unexpected(answers[i].error());
    if (options.format == Format::json) kpi::to_json(*answers[i], writer);
    else if (options.format == Format::table) text += board_line(*answers[i]);
  }
  if (options.format == Format::json) return print((writer.end_array().end_object(), json + "\n"));
  std::vector<kpi::Answer> answered;
  for (const auto& one : answers) answered.push_back(*one);
  if (options.format == Format::csv) return print(answers_csv(answered));
  return print(board_heading(answered) + text + board_warnings(answered));
}

}  // namespace vigie::cli
