#include "data_set.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "shell.h"

namespace vigie::data_test {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = VIGIE_SOURCE_DIR;
const fs::path kProgram = VIGIE_PROGRAM;

/// Runs a command line with both outputs in files; gives the exit code.
int run(const std::vector<std::string>& command, const fs::path& out, const fs::path& err) {
  std::string line;
  for (const std::string& word : command) line += shell_word(word) + " ";
  const int status = std::system((line + ">" + shell_word(out.string()) + " 2>" + shell_word(err.string())).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

fs::path shared_folder() {
  const char* named = std::getenv("VIGIE_SHARED_DATA");
  return named ? fs::path(named) : kRoot / ".." / "shared" / "data";
}

std::unexpected<Error> failed(std::string code, std::string message) {
  return fail(ErrorKind::check_failed, std::move(code), std::move(message));
}

}  // namespace

DataSet::DataSet(CheckFile file) : file_(std::move(file)) {
  scratch_ = fs::temp_directory_path() / fmt::format("vigie-data-{}-{}", file_.example, getpid());
}

DataSet::~DataSet() {
  std::error_code ignored;  // a scratch folder that stays behind harms nobody
  fs::remove_all(scratch_, ignored);
}

fs::path DataSet::raw_folder() const {
  const fs::path shipped = kRoot / "examples" / file_.example / "data";
  return fs::exists(shipped) ? shipped : shared_folder() / file_.example;
}

std::string DataSet::missing() const {
  if (!fs::exists(raw_folder()))
    return fmt::format("the public set {} is not in {} (VIGIE_SHARED_DATA names another folder)", file_.example,
                       shared_folder().string());
  if (!file_.expected.empty() && !fs::exists(shared_folder() / "expected" / file_.expected))
    return fmt::format("the figures to compare with are not at {}/expected/{}", shared_folder().string(),
                       file_.expected);
  return {};
}

const Result<>& DataSet::make() {
  if (made_) return *made_;
  fs::create_directories(scratch_);
  const fs::path out = scratch_ / "run.out", err = scratch_ / "run.err";
  const int code = run({"env", "VIGIE=" + kProgram.string(), (kRoot / "examples" / file_.example / "run.sh").string(),
                        (scratch_ / "workspace").string(), raw_folder().string()},
                       out, err);
  made_ = Result<>{};
  if (code != 0)
    made_ = failed("example.run", fmt::format("examples/{}/run.sh ended with {}:\n{}\n{}", file_.example, code,
                                              text_of(out), text_of(err)));
  return *made_;
}

std::string DataSet::printed() const { return text_of(scratch_ / "run.out"); }

Result<json::value> DataSet::answer(const std::vector<std::string>& ask) {
  if (const auto known = answers_.find(ask); known != answers_.end()) return known->second;
  std::vector<std::string> command{kProgram.string()};
  command.insert(command.end(), ask.begin(), ask.end());
  for (const std::string word : {"-w", (scratch_ / "workspace").c_str(), "--format", "json"}) command.push_back(word);
  const fs::path out = scratch_ / "answer.json", err = scratch_ / "answer.err";
  const int code = run(command, out, err);
  const std::string said = text_of(out);
  if (code != 0)
    return failed("example.ask", fmt::format("vigie {} ended with {}: {}", fmt::join(ask, " "), code, text_of(err)));
  boost::system::error_code error;
  json::value value = json::parse(said, error);
  if (error)
    return failed("example.json",
                  fmt::format("vigie {} printed no JSON: {}", fmt::join(ask, " "), said.substr(0, 400)));
  return answers_.emplace(ask, std::move(value)).first->second;
}

Result<json::value> DataSet::entry(const std::string& id) {
  const fs::path file = shared_folder() / "expected" / file_.expected;
  if (!expected_) {
    boost::system::error_code error;
    expected_ = json::parse(text_of(file), error);
    if (error) return failed("expected.json", fmt::format("{} is no JSON", file.string()));
  }
  const json::value* values = expected_->is_object() ? expected_->get_object().if_contains("values") : nullptr;
  if (values && values->is_array())
    for (const json::value& item : values->get_array())
      if (item.is_object() && item.at("id") == json::value(id)) return item.at("value");
  return failed("expected.entry", fmt::format("{} has no entry {}", file.string(), id));
}

}  // namespace vigie::data_test
