// vigie ingest singer: the stream of a tap, from standard input, piece by piece.
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/json_view.h"
#include "cli/read_json.h"
#include "cli/render.h"
#include "ingest/receipt_json.h"
#include "singer/message.h"
#include "singer/report_json.h"
#include "sources/report_json.h"
#include "tongue/french.h"

namespace vigie::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Clocked = std::chrono::steady_clock;

/// A piece ends at so many lines (SingerOptions::piece), at so many bytes, or when its first line has waited so long.
constexpr std::size_t kPieceBytes = std::size_t{64} << 20;
constexpr std::chrono::seconds kPieceTime{30};
/// Between two runs of the maps while a stream flows: at least so long, and so many times as long as the last one took.
constexpr std::chrono::minutes kBetweenMaps{5};
constexpr int kTimesAsLong = 10;
constexpr int kWaitMs = 500;
/// So long is waited for another process to leave the workspace: most likely it prints the STATE that our tap is given.
constexpr std::chrono::seconds kPatience{20};
constexpr std::chrono::milliseconds kMoment{50};

Result<std::unique_ptr<Backend>> connect_in_turn(const fs::path& workspace, const Clock& clock) {
  const auto began = Clocked::now();
  auto backend = connect(workspace, clock, std::nullopt);
  while (!backend && backend.error().code == "workspace.locked" && Clocked::now() - began < kPatience) {
    std::this_thread::sleep_for(kMoment);
    backend = connect(workspace, clock, std::nullopt);
  }
  return backend;
}

/// Where pieces wait for who takes them: in the workspace, for a server that has it open reads them too.
class PieceFile {
 public:
  static Result<std::unique_ptr<PieceFile>> in(const fs::path& workspace) {
    std::string pattern = (fs::absolute(workspace) / "data" / "singer-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", pattern));
    return std::unique_ptr<PieceFile>(new PieceFile(pattern));
  }
  ~PieceFile() {
    std::error_code ignored;  // the next stream removes it
    fs::remove_all(folder_, ignored);
  }
  PieceFile(const PieceFile&) = delete;
  PieceFile& operator=(const PieceFile&) = delete;

  Result<> write(std::string_view lines) {
    std::ofstream out(path(), std::ios::binary | std::ios::trunc);
    out << lines;
    out.close();
    if (out) return {};
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", path().string()), {},
                "make room, and let the tap run again; the pieces before this one are kept");
  }
  fs::path path() const { return folder_ / "piece"; }

 private:
  explicit PieceFile(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
};

/// Whole lines of standard input, as they come.
class StandardInput {
 public:
  enum class Came { lines, nothing_yet, end };
  /// Waits a moment for more.
  Result<Came> read() {
    pollfd wait{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wait, 1, kWaitMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) return Came::nothing_yet;
    std::array<char, 1 << 16> bytes;
    const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return Came::nothing_yet;
    if (n < 0)
      return fail(ErrorKind::unavailable, "file.unreadable",
                  fmt::format("standard input cannot be read: {}", std::strerror(errno)));
    if (n == 0) return Came::end;
    rest_.append(bytes.data(), static_cast<std::size_t>(n));
    return Came::lines;
  }
  /// The whole lines that have come, at most so many; how many they are.
  std::int64_t take_lines(std::string& out, std::int64_t most) {
    std::size_t end = 0;
    std::int64_t lines = 0;
    while (lines < most) {
      const std::size_t next = rest_.find('\n', std::max(end, searched_));
      if (next == std::string::npos) break;
      end = next + 1;
      ++lines;
    }
    out.append(rest_, 0, end);
    rest_.erase(0, end);
    searched_ = lines < most ? rest_.size() : 0;
    return lines;
  }
  /// What stands behind the last line break.
  const std::string& rest() const { return rest_; }

 private:
  std::string rest_;
  std::size_t searched_ = 0;
};

/// All pieces of one stream, on their way to whoever has the workspace.
class Stream {
 public:
  explicit Stream(const SingerOptions& options) : options_(options) {}

  Result<> all() {
    StandardInput input;
    while (true) {
      VIGIE_TRY(const StandardInput::Came came, input.read());
      // Not before the tap has spoken: `tap --state <(vigie ingest singer --state)` asks for the STATE beside us.
      if (came != StandardInput::Came::nothing_yet) VIGIE_CHECK(open());
      while (came == StandardInput::Came::lines) {
        const std::int64_t lines = input.take_lines(text_, options_.piece - lines_);
        if (lines_ == 0 && lines > 0) began_ = Clocked::now();
        lines_ += lines;
        const bool is_full = lines_ >= options_.piece || text_.size() >= kPieceBytes;
        if (!is_full) break;
        VIGIE_CHECK(send(false));
        if (stopped_) return {};
      }
      if (input.rest().size() > singer::kLongestLine) {
        VIGIE_CHECK(send(true));
        stopped_ = fail(ErrorKind::data, "singer.line",
                        fmt::format("line {} is longer than 64 MiB: it is no message of Singer", before_ + 1), {},
                        "only messages may come on a tap's standard output, one JSON object a line: let it log to "
                        "standard error")
                       .error();
        return {};
      }
      if (came == StandardInput::Came::end) return end(input.rest());
      if (lines_ > 0 && Clocked::now() - began_ > kPieceTime) VIGIE_CHECK(send(false));
      if (stopped_) return {};
    }
  }

  /// Runs the maps over what is kept, with no further line.
  Result<> bring() {
    VIGIE_CHECK(open());
    return send(true);
  }

  const json::array& receipts() const { return receipts_; }
  const std::vector<std::pair<std::string, std::map<std::string, std::int64_t>>>& streams() const { return streams_; }
  const std::vector<Error>& told() const { return told_; }
  const std::optional<Error>& stopped() const { return stopped_; }
  const std::string& state() const { return state_; }
  const std::map<std::string, std::string>& objects() const { return objects_; }
  bool is_state_kept() const { return state_kept_; }
  std::int64_t after_state() const { return after_state_; }
  std::int64_t lines() const { return before_; }

 private:
  Result<> open() {
    if (backend_) return {};
    VIGIE_TRY(backend_, connect_in_turn(options_.workspace, clock_));
    VIGIE_TRY(file_, PieceFile::in(options_.workspace));
    return {};
  }

  /// The last line of a stream may lack its line break; one that was cut in the middle is no message.
  Result<> end(const std::string& rest) {
    if (!trim(rest).empty()) {
      text_ += rest + "\n";
      ++lines_;
      const bool is_whole = singer::parse_message(rest, before_ + lines_).has_value();
      if (!is_whole) {
        text_.resize(text_.size() - rest.size() - 1);
        --lines_;
        VIGIE_CHECK(send(true));
        if (!stopped_)
          stopped_ = fail(ErrorKind::data, "singer.cut",
                          fmt::format("the stream ends in the middle of line {}: the tap was stopped, or broke off",
                                      before_ + 1),
                          {}, "what came before is kept, and its STATE; let the tap run again from it")
                         .error();
        return {};
      }
    }
    return send(true);
  }

  Result<> send(bool last) {
    singer::Order order{options_.tap,        options_.preset, {}, "", before_, run_, last || is_time_for_maps(),
                        options_.max_deleted};
    for (const auto& [stream, file] : options_.maps)
      order.maps[stream] = fs::absolute(file).lexically_normal().string();
    if (lines_ > 0) {
      VIGIE_CHECK(file_->write(text_));
      order.piece = file_->path().string();
    }
    const auto began = Clocked::now();
    VIGIE_TRY(const std::string answer, backend_->singer(singer::to_json(order)));
    VIGIE_TRY(const json::value report, parsed(answer));
    if (order.bring) maps_took_ = Clocked::now() - began, maps_ended_ = Clocked::now();
    before_ += lines_;
    lines_ = 0;
    text_.clear();
    add(report);
    return {};
  }

  bool is_time_for_maps() const {
    const auto since = Clocked::now() - maps_ended_;
    return since > kBetweenMaps && since > kTimesAsLong * maps_took_;
  }

  void add(const json::value& report) {
    run_ = static_cast<std::int64_t>(number_at(report, "run").value_or(0));
    for (const json::value& one : list_at(report, "streams")) add_stream(one);
    for (const json::value& one : list_at(report, "receipts")) receipts_.push_back(one);
    for (const json::value& one : list_at(report, "told")) {
      Error error = error_from_problem(json::serialize(one), 500);
      if (std::ranges::none_of(told_, [&](const Error& told) { return told.message == error.message; }))
        told_.push_back(std::move(error));
    }
    if (at(report, "stopped").is_object()) stopped_ = error_from_problem(json::serialize(at(report, "stopped")), 500);
    const auto after = static_cast<std::int64_t>(number_at(report, "after_state").value_or(0));
    if (flag_at(report, "state_kept")) state_kept_ = true, after_state_ = after;
    else after_state_ += after;
    state_ = text_at(report, "state");
  }

  void add_stream(const json::value& one) {
    const std::string name = text_at(one, "stream");
    auto known = std::ranges::find(streams_, name, [](const auto& stream) { return stream.first; });
    if (known == streams_.end()) known = streams_.insert(streams_.end(), {name, {}});
    for (const char* count : {"received", "new", "changed", "unchanged", "repeated", "passed_over", "gone"})
      known->second[count] += static_cast<std::int64_t>(number_at(one, count).value_or(0));
    if (const std::string object = text_at(one, "object"); !object.empty()) objects_[name] = object;
  }

  const SingerOptions& options_;
  const SystemClock clock_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<PieceFile> file_;
  std::string text_;
  std::int64_t lines_ = 0, before_ = 0, run_ = 0, after_state_ = 0;
  Clocked::time_point began_, maps_ended_ = Clocked::now();
  Clocked::duration maps_took_{};
  bool state_kept_ = false;
  std::vector<std::pair<std::string, std::map<std::string, std::int64_t>>> streams_;
  std::map<std::string, std::string> objects_;
  json::array receipts_;
  std::vector<Error> told_;
  std::optional<Error> stopped_;
  std::string state_;
};

/// "deals → deal: 120 = 100 new + 15 changed + 5 as they were"
std::string stream_text(const std::string& name, const std::string& object,
                        const std::map<std::string, std::int64_t>& counts) {
  const auto of = [&](const char* count) { return counts.at(count); };
  std::string out =
      fmt::format("  {}{}: {} {} = {} {} + {} {} + {} {}", name, object.empty() ? "" : " → " + object,
                  either("received", "reçus"), of("received"), either("new", "nouveaux"), of("new"),
                  either("changed", "changés"), of("changed"), either("unchanged", "inchangés"), of("unchanged"));
  out += fmt::format(" + {} {} + {} {}", either("repeated", "répétés"), of("repeated"),
                     either("passed over", "laissés de côté"), of("passed_over"));
  if (of("gone") > 0) out += fmt::format("; {} {}", either("gone", "disparus"), of("gone"));
  return out + "\n";
}

Result<> print_table(const Stream& stream) {
  for (const auto& [name, counts] : stream.streams()) {
    const auto object = stream.objects().find(name);
    VIGIE_CHECK(print(stream_text(name, object == stream.objects().end() ? "" : object->second, counts)));
  }
  for (const json::value& one : stream.receipts()) {
    VIGIE_TRY(const ingest::Receipt receipt, receipt_from_json(json::serialize(one)));
    if (!receipt.already_imported && !receipt.nothing_new) VIGIE_CHECK(print(receipt_table(receipt)));
  }
  return {};
}

Result<> print_json(const Stream& stream) {
  std::string out;
  JsonWriter w(out);
  w.begin_object().key("lines").number(stream.lines()).key("streams").begin_array();
  for (const auto& [name, counts] : stream.streams()) {
    const auto object = stream.objects().find(name);
    w.begin_object().key("stream").text(name).key("object").text(object == stream.objects().end() ? ""
                                                                                                  : object->second);
    for (const auto& [count, number] : counts) w.key(count).number(number);
    w.end_object();
  }
  w.end_array().key("state_kept").boolean(stream.is_state_kept()).key("after_state").number(stream.after_state());
  w.key("receipts").raw(json::serialize(stream.receipts())).key("told").begin_array();
  for (const Error& one : stream.told()) sources::to_json(one, w);
  w.end_array().key("stopped");
  if (stream.stopped()) sources::to_json(*stream.stopped(), w);
  else w.null();
  w.end_object();
  return print(out + "\n");
}

/// Of what is told, the first that keeps rows from where they belong: the command ends with it.
bool is_failure(const Error& error) { return !error.code.starts_with("singer.") && error.code != "preset.object"; }

Result<> finish_stream(const Stream& stream) {
  std::optional<Error> first = stream.stopped();
  for (const Error& one : stream.told()) {
    if (!first && is_failure(one)) first = one;
    else print_error(one);
  }
  if (stream.after_state() > 0 && stream.is_state_kept())
    print_notice(
        fmt::format("{} records came behind the last STATE: they are kept, and come again", stream.after_state()));
  else if (stream.after_state() > 0)
    print_notice("no STATE came: the next stream of this tap begins where this one did");
  return first ? Result<>(std::unexpected(*std::move(first))) : Result<>();
}

}  // namespace

Result<> run_ingest_singer(const SingerOptions& options) {
  if (options.preset.empty() == options.maps.empty() && !(options.only_state && !options.tap.empty()))
    return fail(ErrorKind::usage, "singer.readers",
                options.preset.empty() ? "nothing is said of what the streams are" : "a preset has its own maps", {},
                "say --preset hubspot, or --map STREAM=FILE");
  Stream stream(options);
  if (options.only_state) {
    // What a crash kept from the maps goes through them before anybody goes on from here.
    VIGIE_CHECK(stream.bring());
    for (const Error& one : stream.told()) print_error(one);
    return print(stream.state() + "\n");
  }
  if (::isatty(STDIN_FILENO) == 1)
    return fail(ErrorKind::usage, "singer.no_stream", "no stream comes on standard input", {},
                "write tap-… | vigie ingest singer …");
  const Result<> done = stream.all();
  VIGIE_CHECK(options.format == Format::json ? print_json(stream) : print_table(stream));
  if (!done) {
    if (stream.lines() > 0) print_notice("the pieces that came before are kept, and their STATE");
    return done;
  }
  return finish_stream(stream);
}

}  // namespace vigie::cli
