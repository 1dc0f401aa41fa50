#pragma once
#include "base/yaml.h"
#include "model/model.h"

namespace vigie::model {

// The parts of Model::load. All of them fail with `yaml.*` on a misshapen file, and with `model.*` on what does not
// fit.

Result<Column> read_column(const YamlNode& name, const YamlNode& node);
/// One file of a table: everything that can be judged without the other tables.
Result<Table> read_table(const YamlNode& root);
/// References to other tables, and the texts of conditions: once all tables are known.
Result<> check_references(const YamlNode& root, Table& table, const Model& model);
/// The `channel_groups:` of channel_groups.yaml: no name in two groups, and one group for the rest.
Result<std::vector<ChannelGroup>> read_channel_groups(const YamlNode& node);
/// A relation with a channel has its group too.
void add_channel_groups(Relation& relation);
Result<Relation> read_relation(const YamlNode& root, const Model& model);
/// A canonical table as definitions see it where no relation of that name is declared: its columns, and its texts as
/// dimensions.
Relation relation_of(const Table& table);
/// Whatever leads to a table can be split by what is derived for its rows.
void add_derived_dimensions(Relation& relation, const Model& model);

/// The file's own name must be what it declares, so that people find it.
Result<> check_file_name(const YamlNode& declared, const std::string& name, const std::filesystem::path& file);
/// Lower-case letters, digits and underscores.
Result<> check_name(const YamlNode& node, const std::string& name);

}  // namespace vigie::model
