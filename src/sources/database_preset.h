#pragma once
#include <functional>
#include <map>

#include "sources/source.h"

namespace vigie::sources {

/// A table of a product, under names that hold for all of its versions.
struct PresetTable {
  struct Column {
    std::string name;
    std::vector<std::string> called;  ///< its own name first
    std::string absent = "NULL";      ///< the SQL that stands for it where the table has none of them
  };
  std::string name;
  std::vector<std::string> called;  ///< the first that the database has is taken
  std::vector<Column> columns;
};

/// The file source.yaml of a preset's folder (docs/presets.md): all that a file of `sources/` says, but for the place.
/// Its tables and columns go by names of its own, and each feed is one SELECT over those.
///
/// What a database really has is only seen once it is open: `feeds_in` then writes the SELECTs, with a WITH before them
/// that gives tables and columns those names. A column that is not there is empty, a table that is not there has no
/// row, and a feed that says that it needs one of them is left out.
///
///   VIGIE_TRY(const DatabasePreset preset, DatabasePreset::load(presets / "tryton", settings));
///   VIGIE_TRY(const std::vector<PresetFeed> feeds, preset.feeds_in(columns_of, dialect));
struct DatabasePreset {
  std::string id;
  std::filesystem::path folder;
  std::vector<Kind> kinds;
  std::vector<PresetTable> tables;
  std::map<std::string, std::string> settings;  ///< the preset's own, and over them the source's
  std::vector<Feed> feeds;                      ///< as they are written

  /// `said` are the source's settings. Errors: yaml.*, preset.*, source.*, with their place.
  static Result<DatabasePreset> load(const std::filesystem::path& folder, const YamlNode* said);

  /// The columns of a table by its name in the database; none where there is no such table.
  using ColumnsOf = std::function<Result<std::vector<std::string>>(const std::string& table)>;
  /// How that database writes a name.
  using Quoted = std::function<std::string(std::string_view name)>;

  struct Found {
    Feed feed;
    std::string missing;  ///< not empty: what it needs and the database has not
  };
  /// Errors: those of `columns_of`; source.rows, where the database has none of the tables.
  Result<std::vector<Found>> feeds_in(const ColumnsOf& columns_of, const Quoted& table, const Quoted& column) const;
};

/// The feed of one entry of `maps`, whose map is looked up in `folder`. In source.cpp.
Result<Feed> read_feed(const YamlNode& node, Kind kind, const std::filesystem::path& folder);

}  // namespace vigie::sources
