#pragma once
#include "plan/relation_builder.h"

namespace vigie::plan {

/// What shows a row that others may share a name with: "owner.called" is the name where one key has it, else the name
/// with its key ("Jean Martin (1)"); "customer_key.called" the key of the source, with the source where several give
/// it. What still reads like another one has both, "Jean Martin (1, crm)".
constexpr std::string_view kCalled = "called";
/// Of a key column, the key that its source gave: "customer_key.source_key".
constexpr std::string_view kSourceKey = "source_key";

/// The key column that a path names the source's key of, or its label; empty where it is no such path.
std::string key_column_of(std::string_view path);

/// The table that a key column refers to: the relation's own, or one of what its rows lead to; empty: none.
std::string table_behind(const model::Model& model, const model::Relation& relation, std::string_view column);

/// What a split by a column or path is shown by: itself, but of names that several keys may share, and of keys. Empty:
/// a key that nothing tells the source's name of.
std::string shown_by(const model::Model& model, const model::Relation& relation, const DataFacts& facts,
                     const std::string& column);

/// A filter that names what a label shows takes that one: owner = 'Jean Martin (1)', where 'Jean Martin' takes all.
expr::Expr with_labels(const model::Model& model, const model::Relation& relation, const DataFacts& facts,
                       const expr::Expr& filter);

/// `called` of each `called_key` of a table whose rows have names, and its `name` (null: it has none).
store::RelPtr called_names(const model::Model& model, std::string_view table);

/// Adds the path of a name (`prefix` "owner.", `key` the column that refers to `table`).
store::RelPtr with_called_names(const RelationBuilder& build, const store::RelPtr& rel, std::string_view table,
                                const std::string& key, const std::string& prefix);

/// Adds the paths of key columns; these are there already.
store::RelPtr with_source_keys(const RelationBuilder& build, const model::Relation& relation, store::RelPtr rel,
                               const std::vector<std::string>& paths);

}  // namespace vigie::plan
