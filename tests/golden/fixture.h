#pragma once
#include <filesystem>

#include "base/clock.h"
#include "golden/case_file.h"
#include "workspace/workspace.h"

namespace vigie::golden {

/// A folder of its own under the machine's temporary one, gone with the object (kept when VIGIE_KEEP is set).
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What a workspace is made with. `settings` are keys of vigie.yaml; "target KPI FROM TO VALUE" may stand several
/// times.
struct Setup {
  Words settings;
  std::vector<FileStep> files;
  std::string now = "2030-01-01T00:00:00Z";
  std::string complete_until;  ///< of every table that does not say it itself
  bool history_complete = false;
};

/// Shows what it was set to.
class SetClock final : public Clock {
 public:
  explicit SetClock(Instant now) : at(now) {}
  Instant now() const override { return at; }
  Instant at;
};

/// A workspace that lives as long as the object: each table becomes a CSV file and a map, and goes through the real
/// import.
class Fixture {
 public:
  static Result<std::unique_ptr<Fixture>> make(const Setup& setup);

  /// Rows in canonical columns. A money cell may carry its currency ("100.00 EUR"): it goes to the `currency` column.
  Result<ingest::Receipt> import(const TableStep& table);
  workspace::Workspace& workspace() { return *workspace_; }
  /// The clock stands still but for this.
  void wait(std::int64_t micros) { clock_.at.micros += micros; }

 private:
  Fixture(Setup setup, Instant now) : setup_(std::move(setup)), clock_{now} {}
  Result<> write(const std::filesystem::path& name, const std::string& text) const;

  TemporaryFolder folder_;
  Setup setup_;
  SetClock clock_;
  std::unique_ptr<workspace::Workspace> workspace_;
  int imports_ = 0;
};

}  // namespace vigie::golden
