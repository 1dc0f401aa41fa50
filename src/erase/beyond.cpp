// What Vigie cannot reach: the systems and files that the rows about the person came from, and would come from again.
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "erase/steps.h"
#include "store/warehouse.h"

namespace vigie::erase {
namespace {

namespace fs = std::filesystem;
using store::quote_identifier;

/// Longer ones are nobody's notes, but rows: tell_beyond names those.
constexpr std::uintmax_t kLongestNote = 4'000'000;

/// What Vigie writes there it writes anew (copies.cpp, workspace/erasure.h), or it is no text.
bool is_vigies(const fs::path& name) {
  return name == "data" || name == ingest::kCopies || name == ingest::kSecretFile;
}

/// Rows on their way in, of a process that still has them, or was killed: nobody knows which.
Result<> tell_left_behind(const Erasing& erasing, std::vector<std::string>& found) {
  constexpr std::string_view kBegins[] = {"singer-", "preset-"};
  const fs::path data = erasing.workspace / "data";
  std::error_code problem;
  if (!fs::exists(data, problem)) return problem ? Result<>(cannot_read(data)) : Result<>();
  for (fs::directory_iterator at(data, problem), end; !problem && at != end; at.increment(problem)) {
    const std::string name = at->path().filename().string();
    if (std::ranges::any_of(kBegins, [&](std::string_view begins) { return name.starts_with(begins); }))
      found.push_back("data/" + name);
  }
  return problem ? Result<>(cannot_read(data)) : Result<>();
}

}  // namespace

Result<> tell_beyond(const Erasing& erasing, Receipt& receipt) {
  std::string batches;
  for (const model::Table& table : erasing.model.tables())
    batches += fmt::format("{}SELECT batch FROM {} WHERE key IN {}", batches.empty() ? "" : " UNION ",
                           quote_identifier(table.name), rows_of(table.name));
  // Every file that the map read: an earlier version of a row came from another one than the last.
  VIGIE_TRY(
      const store::ResultSet rows,
      erasing.connection.query(fmt::format(
          "WITH of_map AS (SELECT b.source, b.map, b.receipt FROM _batches AS b WHERE (b.source, b.map) IN (SELECT "
          "source, map FROM _batches WHERE batch IN ({}))) SELECT DISTINCT source, map, f->>'path' FROM (SELECT "
          "source, map, unnest(from_json(json_extract(receipt, '$.files'), '[\"JSON\"]')) AS f FROM of_map UNION "
          "ALL SELECT source, map, unnest(from_json(json_extract(receipt, '$.inputs'), '[\"JSON\"]')) FROM of_map) "
          "ORDER BY ALL",
          batches)));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string source = rows.text(row, 0), map = rows.text(row, 1), file = rows.text(row, 2);
    if (receipt.beyond.empty() || receipt.beyond.back().source != source || receipt.beyond.back().map != map)
      receipt.beyond.push_back({source, map, {}});
    if (file != "the query" && file != "the quarantine") receipt.beyond.back().files.push_back(file);
  }
  return {};
}

/// Maps, definitions, notes: a proposal says in a comment what it could not read, and people write what they like.
Result<> tell_own_files(const Erasing& erasing, const ingest::Traces& traces, Receipt& receipt) {
  std::vector<std::string> found;
  std::error_code problem;
  for (fs::recursive_directory_iterator at(erasing.workspace, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (at.depth() == 0 && is_vigies(at->path().filename())) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code unknown;
    if (!at->is_regular_file(unknown) || at->file_size(unknown) > kLongestNote) continue;
    const auto text = bytes_of(at->path());
    if (!text) return cannot_read(at->path());
    const std::string place = at->path().lexically_relative(erasing.workspace).string();
    if (traces.out_of_text(*text, true) || traces.out_of_text(place, true)) found.push_back(place);
  }
  if (problem) return cannot_read(erasing.workspace);
  VIGIE_CHECK(tell_left_behind(erasing, found));
  std::ranges::sort(found);
  if (!found.empty()) receipt.beyond.push_back({"", "", std::move(found)});
  return {};
}

}  // namespace vigie::erase
