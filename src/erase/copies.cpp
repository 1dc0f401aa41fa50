// Files of the workspace that tell of the person: each is written anew beside the old one, and takes its place once the
// erasure is committed (finish). They are copies of files that it holds (files/), and how sources fared the last time
// (data/syncs/), where an error may say a value. Copies of the warehouse from before an upgrade go whole. Rows without
// a key of their own are called after the file's digest: they are renamed with it, so that the new copy brings them
// again as they are.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "base/hash.h"
#include "base/json_text.h"
#include "base/json_writer.h"
#include "base/keyed_digest.h"
#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

namespace fs = std::filesystem;
using store::quote_identifier;
using store::quote_text;

constexpr std::string_view kFolder = ingest::kCopies, kData = "data", kSyncs = "data/syncs", kDraft = ".erased-";
constexpr std::size_t kDigits = 8, kKeyDigits = 16;  ///< of a digest: in a copy's name, in the keys of its rows

/// One record of a plain CSV, each field as it stands.
struct CopiedRecord {
  std::vector<std::string_view> fields;
  std::string_view end;  ///< its line break
};

CopiedRecord next_record(std::string_view& rest) {
  CopiedRecord out;
  std::size_t begin = 0, at = 0;
  bool quoted = false;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (c == '"') quoted = !quoted;
    if (quoted || (c != ',' && c != '\n' && c != '\r')) continue;
    out.fields.push_back(rest.substr(begin, at - begin));
    begin = at + 1;
    if (c != ',') break;
  }
  if (at >= rest.size()) {
    out.fields.push_back(rest.substr(begin));
    rest = {};
    return out;
  }
  const std::size_t width = rest[at] == '\r' && at + 1 < rest.size() && rest[at + 1] == '\n' ? 2 : 1;
  out.end = rest.substr(at, width);
  rest.remove_prefix(at + width);
  return out;
}

std::string text_of_field(std::string_view field) {
  if (field.size() < 2 || field.front() != '"') return std::string(field);
  std::string out;
  for (std::size_t i = 1; i + 1 < field.size(); ++i) {
    out += field[i];
    if (field[i] == '"') ++i;
  }
  return out;
}

std::string as_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// The record without them; it is looked at as an object whose members are called as the columns are.
std::string written_anew(const CopiedRecord& record, const std::vector<std::string>& columns,
                         const ingest::Traces& traces, std::int64_t& changed) {
  std::string object;
  JsonWriter writer(object);
  writer.begin_object();
  for (std::size_t i = 0; i < record.fields.size(); ++i)
    writer.key(i < columns.size() ? columns[i] : "").text(text_of_field(record.fields[i]));
  writer.end_object();
  const auto other = traces.without(object);
  const auto values = other ? json_members(*other) : std::vector<std::pair<std::string, std::string>>{};
  std::string out;
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (i > 0) out += ',';
    const bool is_other = other && values[i].second != text_of_field(record.fields[i]);
    if (!is_other) out += record.fields[i];
    else if (!values[i].second.empty()) out += as_field(values[i].second);
  }
  if (other) ++changed;
  return out.append(record.end);
}

std::optional<std::string> copy_without(const std::string& text, const ingest::Traces& traces, std::int64_t& rows) {
  std::string_view rest = text;
  std::string out;
  const CopiedRecord head = next_record(rest);
  std::vector<std::string> columns;
  for (const std::string_view field : head.fields) columns.push_back(text_of_field(field));
  out.append(text, 0, text.size() - rest.size());
  while (!rest.empty()) out += written_anew(next_record(rest), columns, traces, rows);
  return rows > 0 ? std::optional(std::move(out)) : std::nullopt;
}

/// "ventes.xlsx-1a2b3c4d.csv" under the digest of what it holds now.
std::optional<std::string> name_under(const std::string& name, const std::string& digest) {
  constexpr std::string_view kEnd = ".csv";
  if (!name.ends_with(kEnd) || name.size() < kEnd.size() + kDigits + 1) return std::nullopt;
  const std::size_t at = name.size() - kEnd.size() - kDigits;
  if (name[at - 1] != '-') return std::nullopt;
  return name.substr(0, at) + digest.substr(0, kDigits) + std::string(kEnd);
}

/// What the warehouse calls after the old copy.
Result<> follow_copy(const Erasing& erasing, const Draft& draft, const std::string& before, const std::string& now) {
  for (const auto& [old, fresh] : {std::pair(before, now), {text_digest(before), text_digest(now)}}) {
    const std::string begin = quote_text(old.substr(0, kKeyDigits) + ":"),
                      by = quote_text(fresh.substr(0, kKeyDigits) + ":");
    for (const model::Table& table : erasing.model.tables()) {
      const std::string text = fmt::format("replace(source_key, {}, {})", begin, by);
      VIGIE_CHECK(erasing.connection.execute(fmt::format(
          "INSERT INTO {} SELECT {}, key, {}, source, source_key, {} FROM {} WHERE starts_with(source_key, {})",
          kRenamed, quote_text(table.name), store::natural_key_sql("source", table.name, text), text,
          quote_identifier(table.name), begin)));
    }
    VIGIE_CHECK(erasing.connection.execute(fmt::format(
        "UPDATE _waiting SET own_key = replace(own_key, {0}, {1}) WHERE starts_with(own_key, {0})", begin, by)));
  }
  const std::string old_name = quote_text(fs::path(draft.old).filename().string()),
                    new_name = quote_text(fs::path(draft.file).filename().string());
  for (const char* table : {"_quarantine", "_waiting", "_settled"})
    VIGIE_CHECK(erasing.connection.execute(fmt::format(
        "UPDATE {0} SET file = replace(file, {1}, {2}) WHERE contains(file, {1})", table, old_name, new_name)));
  return erasing.connection.execute(fmt::format(
      "UPDATE _batches SET receipt = replace(replace(receipt, {0}, {1}), {2}, {3}) WHERE contains(receipt, {0})",
      old_name, new_name, quote_text(before), quote_text(now)));
}

std::unexpected<Error> cannot_write(const fs::path& file) {
  return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", file.string()), {},
              "is there room on the disk? Check the rights on the folder");
}

}  // namespace

std::unexpected<Error> cannot_read(const fs::path& file) {
  return fail(ErrorKind::unavailable, "file.unreadable", fmt::format("cannot read {}", file.string()), {},
              "check the rights on it");
}

Result<std::vector<fs::path>> files_in(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code problem;
  if (!fs::exists(folder, problem)) return problem ? Result<std::vector<fs::path>>(cannot_read(folder)) : out;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    std::error_code gone;
    if (!at->path().filename().string().starts_with('.') && at->is_regular_file(gone)) out.push_back(at->path());
  }
  if (problem) return cannot_read(folder);
  std::ranges::sort(out);
  return out;
}

namespace {

/// Written to the disk as well, for the old one goes when the warehouse is in place; with its rights.
Result<Draft> drafted(const fs::path& workspace, std::string_view folder, const std::string& name,
                      const std::string& text) {
  const std::string place = std::string(folder) + "/";
  Draft draft{place + std::string(kDraft) + random_hex(kDigits), place + name, place + name};
  const fs::path file = workspace / draft.draft;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot_write(file);
  bool whole = true;
  for (std::string_view rest = text; !rest.empty() && whole;) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    else whole = written < 0 && errno == EINTR;
  }
  whole = whole && ::fsync(descriptor) == 0;
  whole = ::close(descriptor) == 0 && whole;
  std::error_code problem;
  const fs::file_status old = fs::status(workspace / draft.old, problem);
  if (whole && !problem) fs::permissions(file, old.permissions(), problem);
  // As old as it was, so that it is not taken for a newer one.
  const auto told = problem ? fs::file_time_type{} : fs::last_write_time(workspace / draft.old, problem);
  if (whole && !problem) fs::last_write_time(file, told, problem);
  if (whole && !problem) return draft;
  std::error_code stays;  // the next opening removes it
  fs::remove(file, stays);
  return cannot_write(file);
}

/// What an error says, and of which file; and what a cursor said last.
std::optional<std::string> run_without(const std::string& run, const ingest::Traces& traces) {
  bool found = false;
  std::string out = ingest::rewritten_json(run, [&](std::string_view name, std::string_view text) {
    const bool is_said = name == "detail" || name == "hint";
    auto other = is_said || name == "reached" || name == "parameter" ? traces.out_of_text(text, is_said) : std::nullopt;
    found = found || other;
    return other;
  });
  return found ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

Result<> clear_last_runs(const Erasing& erasing, const ingest::Traces& traces, bool write, Receipt& receipt,
                         std::vector<Draft>& drafts) {
  VIGIE_TRY(const std::vector<fs::path> files, files_in(erasing.workspace / kSyncs));
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    const auto text = bytes_of(file);
    if (!text) return cannot_read(file);
    const auto other = run_without(*text, traces);
    if (!other) continue;
    note(receipt.texts, std::string(kSyncs) + "/" + name, "", 1);
    if (!write) continue;
    VIGIE_TRY(Draft draft, drafted(erasing.workspace, kSyncs, name, *other));
    drafts.push_back(std::move(draft));
  }
  return {};
}

Result<> copy_files(const Erasing& erasing, const ingest::Traces& traces, bool write, Receipt& receipt,
                    std::vector<Draft>& drafts) {
  VIGIE_TRY(const std::vector<fs::path> files, files_in(erasing.workspace / kFolder));
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    const auto text = bytes_of(file);
    if (!text) return cannot_read(file);
    std::int64_t rows = 0;
    const auto other = copy_without(*text, traces, rows);
    if (!other) continue;
    receipt.copies.push_back(name);
    note(receipt.texts, std::string(kFolder) + "/" + name, "", rows);
    if (!write) continue;
    VIGIE_TRY(Draft draft, drafted(erasing.workspace, kFolder, name, *other));
    VIGIE_TRY(const std::string before, file_digest(file));
    VIGIE_TRY(const std::string now, file_digest(erasing.workspace / draft.draft));
    draft.file = std::string(kFolder) + "/" + name_under(name, now).value_or(name);
    VIGIE_CHECK(follow_copy(erasing, draft, before, now));
    drafts.push_back(std::move(draft));
  }
  return {};
}

Result<> remove_earlier_warehouses(const Erasing& erasing, bool write, Receipt& receipt, std::vector<Draft>& drafts) {
  VIGIE_TRY(const std::vector<fs::path> files, files_in(erasing.workspace / kData));
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    if (name.find(store::kBeforeUpgrade) == std::string::npos) continue;
    const std::string place = fmt::format("{}/{}", kData, name);
    receipt.removed.push_back(place);
    if (write) drafts.push_back({"", "", place});
  }
  return {};
}

Result<> finish(store::Database& database, const fs::path& workspace) {
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_TRY(const std::vector<std::string> pending,
            texts(connection, "SELECT pending FROM _erasures WHERE pending IS NOT NULL ORDER BY id"));
  for (const std::string& list : pending) {
    std::string_view rest = list;
    for (auto begin = rest.find('{'); begin != std::string_view::npos; begin = rest.find('{')) {
      const auto end = rest.find('}', begin);
      const std::string one(rest.substr(begin, end - begin + 1));
      rest.remove_prefix(end + 1);
      const Draft told{json_member(one, "draft").value_or(""), json_member(one, "file").value_or(""),
                       json_member(one, "old").value_or("")};
      const fs::path draft = workspace / told.draft, file = workspace / told.file, old = workspace / told.old;
      std::error_code problem;
      if (told.takes_a_place() && fs::exists(draft, problem)) fs::rename(draft, file, problem);
      if (!problem && old != file) fs::remove(old, problem);
      if (problem) return cannot_write(told.takes_a_place() ? file : old);
    }
  }
  if (!pending.empty())
    VIGIE_CHECK(connection.execute("UPDATE _erasures SET pending = NULL WHERE pending IS NOT NULL"));
  for (const std::string_view folder : {kFolder, kSyncs}) {  // of an erasure that never was
    std::error_code none;
    for (fs::directory_iterator at(workspace / folder, none), end; !none && at != end; at.increment(none))
      if (at->path().filename().string().starts_with(kDraft)) {
        std::error_code stays;
        fs::remove(at->path(), stays);
      }
  }
  return {};
}

}  // namespace vigie::erase
