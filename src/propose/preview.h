#pragma once
#include "ingest/map.h"
#include "propose/draft.h"

namespace vigie::propose {

/// The first rows as the map reads them: values turned, numbers and dates in the form of the model, "?" before what
/// would be refused. The query of a map runs over the first rows of the file, and conditions (filter, when) hold.
Result<> preview(const ingest::Map& map, const Material& material, ProposedMap& out);

}  // namespace vigie::propose
