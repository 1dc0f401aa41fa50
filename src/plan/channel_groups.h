#pragma once
#include "plan/relations.h"

namespace vigie::plan {

/// Adds the group of a channel as a column `name`, by the rule of model/channel_groups.yaml and the workspace's own
/// names before it: from the column `channel`, else from the row's `medium` and `traffic_source` where it has them,
/// else "unknown".
store::RelPtr with_channel_group(const RelationContext& context, const store::RelPtr& rel, std::string_view channel,
                                 std::string_view name = model::kChannelGroup);

}  // namespace vigie::plan
