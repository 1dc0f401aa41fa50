#include "sources/agenda.h"

#include "base/text.h"
#include "base/yaml_folder.h"
#include "sources/due.h"
#include "sources/identity.h"

namespace vigie::sources {

namespace fs = std::filesystem;

namespace {

std::string state_of_maps(const Source& source) {
  std::string out;
  for (const Feed& feed : source.feeds) out += identity_of(feed.map_file) + "\n";
  return out;
}

bool is_failing(const LastRuns& runs) {
  return std::ranges::any_of(runs, [](const LastRun& line) { return line.failures > 0; });
}

}  // namespace

Agenda::Agenda(fs::path workspace, fs::path presets, const calendar::Zone& zone,
               std::chrono::milliseconds between_looks)
    : workspace_(std::move(workspace)), presets_(std::move(presets)), zone_(zone), between_looks_(between_looks) {}

/// Files of sources are read again when one of them is another, or there are more or fewer.
void Agenda::look_at_files() {
  std::string state;
  const auto folder = yaml_folder(workspace_ / "sources");
  if (folder)
    for (const fs::path& file : folder->files) state += fmt::format("{} {}\n", file.string(), identity_of(file));
  else state = folder.error().text();
  if (state == state_of_files_) return;
  state_of_files_ = state;
  std::vector<Error> wrong;
  std::map<std::string, Entry> before = std::move(entries_);
  entries_.clear();
  auto loaded = load_all(workspace_, presets_);
  if (!loaded) wrong.push_back(loaded.error());
  else
    for (Loaded& one : *loaded) {
      if (!one.source) wrong.push_back(one.source.error());
      const std::string name = one.name(), identity = identity_of(one.file);
      Entry entry{std::move(one.source), {}, {}, identity, {}, false, {}, {}, nullptr, {}, {}};
      if (const auto known = before.find(name); known != before.end()) {
        const bool same = known->second.file_identity == identity;
        // By its last run: it may have failed since the last look.
        entry.asked = known->second.asked || (!same && is_failing(last_runs_of(workspace_, name)));
        entry.state_of_maps = std::move(known->second.state_of_maps);
        if (same) entry.watch = std::move(known->second.watch);
      }
      // Of two files of one name the first is the source.
      entries_.emplace(name, std::move(entry));
    }
  for (const Error& error : wrong)
    if (std::ranges::find(wrong_, error.text(), &Error::text) == wrong_.end()) news_.push_back(error);
  wrong_ = std::move(wrong);
}

std::vector<Error> Agenda::news_of_files() { return std::exchange(news_, {}); }

void Agenda::look_at_runs(const std::string& name, Entry& entry) const {
  const std::string state = identity_of_last_runs(workspace_, name);
  if (state == entry.state_of_runs) return;
  entry.state_of_runs = state;
  entry.runs = last_runs_of(workspace_, name);
}

bool Agenda::has_files(Entry& entry, Instant now) const {
  if (!is_watched(*entry.source)) return false;
  if (!entry.watch) entry.watch = std::make_unique<FolderWatch>();
  const Steady::time_point begun = Steady::now();
  if (begun < entry.looked + entry.pause) return false;
  const FolderWatch::News news = entry.watch->look(*entry.source, now);
  constexpr int kShare = 20;
  entry.looked = Steady::now();
  const Steady::duration spared = kShare * (entry.looked - begun);
  entry.pause = between_looks_.count() == 0 ? Steady::duration{} : std::max<Steady::duration>(between_looks_, spared);
  // The file that none could be read behind may have been taken away.
  return news.more || (news.fewer && is_failing(entry.runs));
}

bool Agenda::is_due(Entry& entry, Instant now) {
  const std::string maps = state_of_maps(*entry.source);
  const bool mended = !entry.state_of_maps.empty() && maps != entry.state_of_maps && is_failing(entry.runs);
  entry.state_of_maps = maps;
  const bool files = has_files(entry, now);
  const auto at = due_at(*entry.source, entry.runs, now, zone_);
  const bool by_schedule = at && *at <= now && !left_no_word(entry, now);
  const bool out = std::exchange(entry.asked, false) || mended || files || by_schedule;
  if (out) entry.tried = now, entry.runs_when_tried = entry.state_of_runs;
  return out;
}

/// A run that could not even write down that it began (a full disk) is not tried again every second.
bool Agenda::left_no_word(const Entry& entry, Instant now) {
  constexpr std::int64_t kPause = 60 * kMicrosPerSecond;
  return entry.tried && entry.runs_when_tried == entry.state_of_runs && now.micros < entry.tried->micros + kPause;
}

std::vector<Agenda::Task> Agenda::due(Instant now, const std::set<std::string>& under_way) {
  look_at_files();
  std::vector<Task> out;
  for (auto& [name, entry] : entries_) {
    if (!entry.source || under_way.contains(name)) continue;
    look_at_runs(name, entry);
    if (!is_due(entry, now)) continue;
    out.push_back(
        {name, entry.source->kind == Kind::files, entry.watch ? entry.watch->whole() : std::set<std::string>()});
  }
  return out;
}

Result<> Agenda::ask(const std::string& source) {
  look_at_files();
  if (entries_.empty())
    return fail(ErrorKind::usage, "source.none", "this workspace has no source: no file sources/*.yaml", {},
                "docs/sources.md tells how to write one");
  const auto found = entries_.find(source);
  if (found == entries_.end()) {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return fail(ErrorKind::usage, "source.unknown", fmt::format("no source \"{}\"", source), {},
                suggestion(source, names));
  }
  if (!found->second.source) return std::unexpected(found->second.source.error());
  found->second.asked = true;
  return {};
}

}  // namespace vigie::sources
