#include "workspace/board_memory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "workspace/lock.h"
#include "workspace/workspace.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBoards = 16, kLongestBoard = 4 << 20;
constexpr std::string_view kFormat = "vigie board 1", kEnding = ".board";

/// The lines before the board.
enum Line : std::size_t { format, question, program, definitions, data, zone, zone_at, from, until, digest, count };

std::optional<Instant> instant_of(std::string_view text) {
  Instant out;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out.micros);
  return problem == std::errc() && end == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

struct Kept {
  std::vector<std::string> lines;
  std::string board;
};

/// Nothing where the file is not there or not whole.
std::optional<Kept> read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  Kept out;
  for (std::string line; out.lines.size() < Line::count && std::getline(in, line);) out.lines.push_back(line);
  if (out.lines.size() < Line::count || out.lines[Line::format] != kFormat) return std::nullopt;
  out.board.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  return text_digest(out.board) == out.lines[Line::digest] ? std::optional(std::move(out)) : std::nullopt;
}

bool holds_at(const Kept& kept, Instant now) {
  const auto from = instant_of(kept.lines[Line::from]), until = instant_of(kept.lines[Line::until]);
  return from && until && *from <= now && now < *until;
}

/// The oldest boards go when there are too many, and drafts of boards that a crash has left.
void make_room(const fs::path& folder) {
  std::error_code ignored;
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  std::vector<fs::path> drafts;
  for (auto entry = fs::directory_iterator(folder, ignored); !ignored && entry != fs::directory_iterator();
       entry.increment(ignored)) {
    const fs::path& file = entry->path();
    if (std::error_code gone; file.extension() == kEnding) all.emplace_back(entry->last_write_time(gone), file);
    else if (file.extension() == kDraftEnding && file.stem().extension() == kEnding) drafts.push_back(file);
  }
  for (const fs::path& draft : drafts) fs::remove(draft, ignored);  // nobody writes one now: we hold the lock
  std::ranges::sort(all);
  for (std::size_t i = 0; i + kMostBoards <= all.size(); ++i) fs::remove(all[i].second, ignored);
}

/// The first moment at which a newest row that is new enough now will be too old: from then on the board says so.
Result<std::optional<Instant>> next_too_old(Workspace& workspace, Instant after) {
  VIGIE_TRY(const std::vector<checks::State> states, workspace.check_states());
  std::optional<Instant> out;
  for (const checks::State& one : states)
    if (one.kind == checks::Kind::freshness && one.from && *one.from > after)
      out = std::min(out.value_or(*one.from), *one.from);
  return out;
}

/// What is known up to `last` is the same on any later day: until other versions of definitions come into
/// force, and in its year of UTC, by which holidays are listed.
Lasting lasting_from(const Workspace& workspace, Instant asked, Instant last) {
  const calendar::Zone& zone = workspace.calendar().zone();
  const Date day = zone.day_of(asked);
  const int year = civil(Date{static_cast<std::int32_t>(asked.micros / kMicrosPerDay)}).year;
  const auto begins = [](int of) { return Instant{date_of(of, 1, 1).days * kMicrosPerDay}; };
  const std::optional<Date> change = workspace.catalog().next_change(day);
  const Instant from = std::max({zone.start_of(day), begins(year), last});
  Instant until = begins(year + 1);
  if (change) until = std::min(until, zone.start_of(*change));
  return {from, until, zone.name()};
}

}  // namespace

BoardMemory::BoardMemory(fs::path folder, std::string question)
    : folder_(std::move(folder)), question_(text_digest(question)) {}

fs::path BoardMemory::file() const {
  return folder_ / "data" / "boards" / (question_.substr(0, 32) + std::string(kEnding));
}

std::optional<std::string> BoardMemory::find(Instant now) {
  std::error_code problem;
  if (!fs::exists(folder_ / "data" / "warehouse.duckdb", problem)) return std::nullopt;
  const auto lock = Lock::take(folder_ / "data" / "lock", Holder::command);
  if (!lock) return std::nullopt;
  before_ = basis_of(folder_);
  if (sources::may_be_behind(folder_, now)) return std::nullopt;  // which it says, and for how long no file tells
  std::optional<Kept> kept = before_.known() ? read(file()) : std::nullopt;
  if (!kept || !holds_at(*kept, now)) return std::nullopt;
  const auto& lines = kept->lines;
  const Basis then{lines[Line::program], lines[Line::definitions], lines[Line::data]};
  const bool same = lines[Line::question] == question_ && then == before_ && !lines[Line::zone_at].empty() &&
                    lines[Line::zone_at] == zone_version(lines[Line::zone]);
  return same ? std::optional(std::move(kept->board)) : std::nullopt;
}

void BoardMemory::keep(std::unique_ptr<Workspace> workspace, Instant asked, Instant last,
                       const std::string& board) const {
  Lasting lasting = lasting_from(*workspace, asked, last);
  const auto too_old = next_too_old(*workspace, asked);
  if (!too_old) return;
  if (*too_old) lasting.until = std::min(lasting.until, **too_old);
  const Workspace::Closed closed = Workspace::close(std::move(workspace));  // the lock is held until we are done
  const Basis basis = basis_of(folder_);
  // What speaks of this very instant is another board at the next; and what was read must be what is there now.
  const bool lasts = last < asked && closed.at < lasting.until;
  const bool unchanged = basis.program == before_.program && basis.definitions == before_.definitions;
  if (sources::may_be_behind(folder_, closed.at)) return;
  if (lasts && unchanged && basis.known() && board.size() <= kLongestBoard) write(basis, lasting, board);
}

void BoardMemory::write(const Basis& basis, const Lasting& lasting, const std::string& board) const {
  const fs::path place = file(), folder = place.parent_path();
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return;
  std::error_code ignored;
  if (!fs::exists(place, ignored)) make_room(folder);
  const std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", kFormat, question_, basis.program,
                                       basis.definitions, basis.data, lasting.zone, zone_version(lasting.zone),
                                       lasting.from.micros, lasting.until.micros, text_digest(board), board);
  [[maybe_unused]] const auto kept = write_file(place, text);  // on a full disk the next board is answered again
}

}  // namespace vigie::workspace
