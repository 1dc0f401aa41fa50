#pragma once
#include "singer/kept.h"
#include "singer/singer.h"

namespace vigie::singer {

/// Runs the maps over what is kept: those of the preset over its objects, or each stream through the map of its own.
/// A map that has read all of it already is left. What fails is told in the report, and keeps no other map from
/// running: it runs again at the next occasion.
Result<> bring(const Context& context, const Order& order, const presets::Preset* preset, const std::string& tap,
               Report& report);

/// The maps of streams, as far as they can be checked before a row is there. Errors: map.*, singer.map.
Result<> check_maps(const Context& context, const Order& order);

}  // namespace vigie::singer
