// The group of a channel: a join with the short list of the names that groups are known by.
#include "plan/channel_groups.h"

#include "plan/relation_builder.h"
#include "plan/tree_names.h"

namespace vigie::plan {
namespace {

using GroupByName = std::map<std::string, std::string>;

/// Every spelling of the names of one kind, with its group; what the workspace says goes first.
GroupByName groups_by(const RelationContext& context, std::vector<std::string> model::ChannelGroup::* names) {
  GroupByName out;
  const auto add = [&](const std::string& name, const std::string& group) {
    for (const std::string& spelling : model::spellings(name)) out.try_emplace(spelling, group);
  };
  if (names == &model::ChannelGroup::names)
    for (const catalog::ChannelNames& own : context.settings.channel_groups)
      for (const std::string& name : own.names) add(name, own.group);
  for (const model::ChannelGroup& group : context.model.channel_groups())
    for (const std::string& name : group.*names) add(name, group.id);
  return out;
}

Expr lower(Expr text) { return expr::call(expr::Op::lower, Type::text, {std::move(text)}); }

/// Adds `name`: the group of `text`, null where no group is known by it.
RelPtr look_up(RelPtr rel, const Expr& text, const GroupByName& groups, const std::string& name) {
  std::vector<std::vector<expr::Literal>> rows;
  for (const auto& [spelling, group] : groups) rows.push_back({spelling, group});
  const RelPtr table = store::values({{"spelling", Type::text}, {"group", Type::text}}, std::move(rows));
  const std::string key = name + ".of";
  rel = store::extend(std::move(rel), {{key, lower(text)}});
  return store::join(store::JoinKind::left, std::move(rel), table, {{key, "spelling"}}, name + ".");
}

}  // namespace

RelPtr with_channel_group(const RelationContext& context, const RelPtr& rel, std::string_view channel,
                          std::string_view name) {
  RelPtr rows = look_up(rel, col(rel, channel), groups_by(context, &model::ChannelGroup::names), "by_name");
  std::vector<Expr> found{col(rows, "by_name.group")};
  if (store::find_column(rel, "medium")) {
    rows = look_up(rows, col(rel, "medium"), groups_by(context, &model::ChannelGroup::mediums), "by_medium");
    found.push_back(col(rows, "by_medium.group"));
  }
  if (store::find_column(rel, "traffic_source")) {
    rows = look_up(rows, col(rel, "traffic_source"), groups_by(context, &model::ChannelGroup::sources), "by_source");
    found.push_back(col(rows, "by_source.group"));
  }
  found.push_back(expr::text(std::string(model::kUnknownGroup)));
  return kept_beside(rel, rows, {{std::string(name), coalesce(std::move(found))}});
}

}  // namespace vigie::plan
