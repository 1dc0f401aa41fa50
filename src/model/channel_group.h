#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bilingual.h"

namespace vigie::model {

/// One of the groups that channels belong to, and the names by which it is known: of channels, of mediums (utm_medium)
/// and of the sites contacts came from (utm_source).
struct ChannelGroup {
  std::string id;
  Text label;
  std::vector<std::string> names, mediums, sources;
};
/// The dimension that every relation with a channel has, and the group of what nothing else tells.
constexpr std::string_view kChannelGroup = "channel_group", kUnknownGroup = "unknown";

/// How a name may be written in a source, in lower case: with and without accents, its words joined by a blank, `_`,
/// `-` or nothing. "réseaux sociaux" → also "reseaux_sociaux".
std::vector<std::string> spellings(std::string_view name);

}  // namespace vigie::model
