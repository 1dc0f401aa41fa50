#include "workspace/erasure.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ingest/ingest.h"
#include "journal/journal.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLooked = "erase.looked";  ///< a rolled-back look is a success of its own kind

fs::path warehouse_of(const fs::path& folder) { return folder / "data" / "warehouse.duckdb"; }
fs::path working_of(const fs::path& folder) { return folder / "data" / "warehouse.duckdb.erasing"; }
fs::path fresh_of(const fs::path& folder) { return folder / "data" / "warehouse.duckdb.erased"; }

void remove_drafts(const fs::path& folder) {
  std::error_code ignored;  // what stays is removed by the next opening
  for (const fs::path& file : {working_of(folder), fresh_of(folder)}) {
    fs::remove(file, ignored);
    fs::remove(file.string() + ".wal", ignored);
    fs::remove_all(file.string() + ".tmp", ignored);
  }
}

std::unexpected<Error> cannot_write(const fs::path& file, const std::string& reason) {
  return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}: {}", file.string(), reason), {},
              "is there room on the disk? An erasure takes twice the size of the warehouse for a moment");
}

Result<> sync_path(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) ::close(descriptor);
  return done ? Result<>() : cannot_write(path, std::strerror(reason));
}

Result<> put_in_place(const fs::path& folder) {
  const fs::path fresh = fresh_of(folder), place = warehouse_of(folder);
  std::error_code problem;
  fs::permissions(fresh, fs::status(place).permissions(), problem);
  VIGIE_CHECK(sync_path(fresh));
  fs::rename(fresh, place, problem);
  if (problem) return cannot_write(place, problem.message());
  return sync_path(place.parent_path());
}

/// What the workspace remembers of earlier answers: names stand in it.
void forget_boards(const fs::path& folder) {
  std::error_code ignored;  // of another warehouse file no board is found again
  fs::remove_all(folder / "data" / "boards", ignored);
}

}  // namespace

Result<erase::Receipt> Erasure::change(store::Database& of, bool dry) {
  ingest::Privacy privacy(folder, secret);
  VIGIE_TRY(store::Connection connection, of.connect());
  VIGIE_CHECK(dry ? privacy.make_believe(connection) : privacy.know_secret(connection));
  erase::Order asked = order;
  asked.dry_run = dry;
  asked.events_waiting = events_waiting.value_or(0);
  std::vector<erase::Draft> drafts;
  std::optional<erase::Receipt> receipt;
  const Result<> done = connection.transaction([&]() -> Result<> {
    VIGIE_TRY(receipt, erase::erase({connection, model, privacy, clock.now(), folder}, asked, drafts));
    return dry ? fail(ErrorKind::internal, std::string(kLooked), "") : Result<>();
  });
  if (done || done.error().code == kLooked) return *std::move(receipt);
  std::error_code ignored;  // the next opening removes them
  for (const erase::Draft& draft : drafts) fs::remove(folder / draft.draft, ignored);
  return std::unexpected(done.error());
}

Result<erase::Receipt> Erasure::look() { return change(database, true); }

Result<> Erasure::prepare() {
  {
    ingest::Privacy privacy(folder, secret);
    VIGIE_TRY(store::Connection connection, database.connect());
    VIGIE_CHECK(privacy.know_secret(connection));
  }
  const fs::path log = folder / "data" / "journal";
  std::error_code ignored;
  if (events_waiting || !fs::exists(log, ignored)) return {};
  std::error_code problem;
  fs::remove_all(log / journal::kApplying, problem);  // of a server that was killed: they are in the journal still
  if (problem) return cannot_write(log / journal::kApplying, problem.message());
  VIGIE_TRY(const auto applied, ingest::applied(database));
  journal::Options options;
  journal::Sequence all = 0;
  for (const auto& [name, sequence] : applied) {
    options.applied = std::max(options.applied, static_cast<journal::Sequence>(sequence));
    if (name == "events") all = static_cast<journal::Sequence>(sequence);
  }
  VIGIE_TRY(const auto open, journal::Journal::open(log, clock, options));
  VIGIE_CHECK(open->forget(all));
  events_waiting = static_cast<std::int64_t>(open->last() - std::min(all, open->last()));
  return {};
}

Result<erase::Receipt> Erasure::write_anew() {
  const fs::path working = working_of(folder);
  remove_drafts(folder);
  std::error_code problem;
  if (const fs::path log = warehouse_of(folder).string() + ".wal"; fs::exists(log) && fs::file_size(log) > 0)
    return fail(ErrorKind::internal, "engine.failed",
                fmt::format("the warehouse was closed, and {} still holds changes of it", log.string()));
  fs::copy_file(warehouse_of(folder), working, problem);
  if (problem) return cannot_write(working, problem.message());
  VIGIE_TRY(const auto copy, store::Database::open({.file = working}));
  VIGIE_TRY(erase::Receipt receipt, change(*copy, false));
  VIGIE_CHECK(copy->copy_to(fresh_of(folder)));
  VIGIE_CHECK(put_in_place(folder));
  return receipt;
}

Result<erase::Receipt> Erasure::carry_out() {
  std::optional<erase::Receipt> receipt;
  const Result<> done = database.closed_while([&]() -> Result<> {
    VIGIE_TRY(receipt, write_anew());
    return {};
  });
  remove_drafts(folder);
  if (done) forget_boards(folder);
  // Also where it failed: the drafts of copies go, or take their places, as the warehouse that is in place says.
  const Result<> finished = erase::finish(database, folder);
  if (!done) return std::unexpected(done.error());
  if (!finished) return std::unexpected(finished.error());
  return *std::move(receipt);
}

Result<> finish_erasures(store::Database& database, const fs::path& folder) {
  remove_drafts(folder);
  VIGIE_TRY(store::Connection connection, database.connect());
  VIGIE_TRY(const store::ResultSet rows,
            connection.query("SELECT count(*) FILTER (pending IS NOT NULL), count(*) FROM _erasures"));
  if (rows.int64(0, 1) == 0) return {};
  if (rows.int64(0, 0) > 0) forget_boards(folder);
  return erase::finish(database, folder);
}

}  // namespace vigie::workspace
