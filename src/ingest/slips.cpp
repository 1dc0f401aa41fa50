#include "ingest/slips.h"

#include "ingest/row_sql.h"

namespace vigie::ingest {
namespace {

bool has_slips(const Stage& stage, Mode mode) {
  return mode != Mode::append &&
         std::ranges::find(stage.columns, "updated_at", &store::PhysicalColumn::name) != stage.columns.end();
}

/// Looks at every row alone, and seldom finds one: asked before anything that costs more.
Result<bool> any_slip(const Job& job) {
  VIGIE_TRY(const std::int64_t found,
            job.number(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} AS s WHERE NOT s.s_bad AND {} LIMIT 1)",
                                   kStage, is_told_ahead("s", job.now))));
  return found > 0;
}

/// `from` ends in the condition under which a row of the stage, s, gives way.
Result<Slips> slips(const Job& job, const std::string& from) {
  VIGIE_TRY(const store::ResultSet found,
            job.connection.query(fmt::format("SELECT count(*), coalesce(min(s.s_natural), '') FROM {} AND {}", from,
                                             is_told_ahead("s", job.now))));
  return Slips{found.int64(0, 0), key_as_read(found.text(0, 1))};
}

}  // namespace

std::string is_told_ahead(std::string_view row, Instant now) {
  return fmt::format("coalesce({}.updated_at > {}, false)", row, now.micros + kMicrosPerDay);
}

std::string told_at(std::string_view row, Instant now) {
  return fmt::format("(CASE WHEN {0}.updated_at <= {1} THEN {0}.updated_at END)", row, now.micros + kMicrosPerDay);
}

std::string is_late(std::string_view s, std::string_view t, Instant now) {
  return fmt::format("(coalesce({} < {}, false) OR ({} AND {} IS NOT NULL))", told_at(s, now), told_at(t, now),
                     is_told_ahead(s, now), told_at(t, now));
}

Result<Slips> slips_in_batch(const Job& job, const Stage& stage, const std::string& repeated) {
  if (!has_slips(stage, job.map.mode)) return Slips{};
  VIGIE_TRY(const bool any, any_slip(job));
  if (!any) return Slips{};
  return slips(job, fmt::format("{0} AS s WHERE NOT s.s_bad AND s.s_key IN {1} AND s.s_key IN (SELECT d.s_key FROM {0} "
                                "AS d WHERE NOT d.s_bad AND {2} IS NOT NULL)",
                                kStage, repeated, told_at("d", job.now)));
}

Result<Slips> slips_before_known(const Job& job, const Stage& stage, std::string_view match,
                                 const std::string& differs) {
  if (!has_slips(stage, job.map.mode)) return Slips{};
  VIGIE_TRY(const bool any, any_slip(job));
  if (!any) return Slips{};
  return slips(job, fmt::format("{} AS m JOIN {} AS s ON s.rowid = m.r JOIN {} AS t ON t.rowid = m.target WHERE NOT "
                                "m.changed AND {} IS NOT NULL AND {}",
                                match, kStage, job.table(), told_at("t", job.now), differs));
}

void warn_of_slips(Job& job, const Slips& in_batch, const Slips& before_known) {
  const std::int64_t rows = in_batch.rows + before_known.rows;
  if (rows == 0) return;
  job.receipt.warnings.push_back(fmt::format(
      "rows of {} that are left out, for their updated_at is yet to come and a dated version is there: {} (such as {})",
      job.map.table->name, rows, in_batch.rows > 0 ? in_batch.example : before_known.example));
}

}  // namespace vigie::ingest
