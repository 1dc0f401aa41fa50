#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// The versions of a table's rows, each from when to when it was so: `history` with valid_from and valid_to as an as-of
/// sees them, and noted_at, by which those of one row follow each other. A change that its source dates (updated_at) is
/// seen from that instant. One that nobody dates was noted when it was imported; whoever asks for all that is known of
/// the table sees it, however much later the import was.
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
