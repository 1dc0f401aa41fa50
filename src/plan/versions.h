#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// When something is read of a row: at an instant, or at the end of a day, of the row that reads it (a column of it);
/// or just before either.
struct When {
  expr::Expr at;
  enum class Edge { at, just_before } edge = Edge::at;
};

/// Does what holds from one instant up to another (µs) hold then? Comparisons alone, for the condition of a join.
expr::Expr holds(const RelationBuilder& build, const expr::Expr& from, const expr::Expr& until, const When& moment);

/// Up to when all is known of a table, by the source that is known least far.
std::optional<Instant> known_until(const DataFacts& facts, const calendar::Zone& zone, std::string_view table);

/// "current:NAME", what a column is now whose own name is what it was then.
std::string current_name(std::string_view column);

/// Adds, of the row of `table` that the column `key` names, the version that held then, if another one replaced it
/// since: "<prefix>NAME" of its tracked columns `wanted`, and "<prefix>version_of" (null: what the row says held then
/// already). At most one a row, so that whoever asks for none of it reads no version.
store::RelPtr with_version_left(const RelationBuilder& build, store::RelPtr rows, std::string_view table,
                                std::string_view key, const std::set<std::string>& wanted, const When& moment,
                                const std::string& prefix);

/// Rows with the columns of theirs that the row of `table` named by `key` tracks as they were then, by its versions;
/// what they are now stands beside each as current_name says. As they are where no version says anything else.
store::RelPtr as_then(const RelationBuilder& build, store::RelPtr rows, const std::string& table, std::string_view key,
                      const std::set<std::string>& columns, const When& moment);

/// How the versions of one row follow each other. One that was corrected before it held ends where it begins, or
/// before: it goes before the next.
std::vector<store::SortKey> as_noted();

/// The versions of a table's rows, each from when to when it was so: `history` with valid_from and valid_to as an as-of
/// sees them, and noted_at and noted_to, as they are stored. A change that its source dates is seen from that instant.
/// One that nobody dates was noted when it was imported; whoever asks for all that is known of the table sees it,
/// however much later the import was, but never before a dated one that it follows.
store::RelPtr dated_versions(const RelationBuilder& build, std::string_view table);

/// Those that held at as_of and that another one replaced since; all others are what their row says.
store::RelPtr replaced_since(const RelationBuilder& build, std::string_view table);

/// Documents dated before as_of, with the status that they had then: of one that a date says to be cancelled by then,
/// the row's own.
store::RelPtr documents_then(const RelationBuilder& build);

/// Had some document another status at as_of than it has now, as its versions tell?
bool documents_changed_since(const RelationContext& context);

/// Does the table tell of anything on the day of as_of or later? A change that its source dates is such a thing.
bool goes_on(const RelationContext& context, std::string_view table);

/// May some deal have had another stage at as_of than it has now, as its versions tell?
bool deals_changed_since(const RelationContext& context);

}  // namespace vigie::plan
