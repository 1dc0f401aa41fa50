#pragma once
#include "ingest/stage.h"

namespace vigie::ingest {

/// What an `updated_at` says of a row: when it was told as it is. Of two versions of a row the one that was told later
/// wins, of dated and undated ones whichever comes later; an undated one leaves the row its date, by which others are
/// late. One that is told ahead of now is a slip, and dates nothing: its version gives way to any dated one, in
/// whichever order they come, and the receipt tells it.

/// Whether the row of that name has an updated_at that is yet to come, as SQL: a slip, and no date. One within a day of
/// now is none: the source's clock, or the zone its map says, may be ahead of ours.
std::string is_told_ahead(std::string_view row, Instant now);
/// When it was told as it is, as SQL: its updated_at; null of an undated row, and of a slip.
std::string told_at(std::string_view row, Instant now);
/// Whether what s says is older than what t does, as SQL: it was told before, or is a slip and the other is dated.
std::string is_late(std::string_view s, std::string_view t, Instant now);

/// Rows of the stage that give way to a dated version of the same row: how many, and the key of one.
struct Slips {
  std::int64_t rows = 0;
  std::string example;
};

/// Those among several versions in the batch; `repeated` is the list of their keys, as SQL.
Result<Slips> slips_in_batch(const Job& job, const Stage& stage, const std::string& repeated);
/// Those before a version that is there. `match` is the table of known rows (merge.cpp); `differs` tells, over t and s,
/// whether the two say the same.
Result<Slips> slips_before_known(const Job& job, const Stage& stage, std::string_view match,
                                 const std::string& differs);
/// Tells both in the receipt.
void warn_of_slips(Job& job, const Slips& in_batch, const Slips& before_known);

}  // namespace vigie::ingest
