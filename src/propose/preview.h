#pragma once
#include "ingest/map.h"
#include "propose/draft.h"

namespace vigie::propose {

/// The first rows as the map reads them: values turned, numbers and dates in the form of the model, "?" before what
/// would be refused. Of maps without a query; conditions are not judged here, the import's own preview does that.
void preview(const ingest::Map& map, const Material& material, ProposedMap& out);

}  // namespace vigie::propose
