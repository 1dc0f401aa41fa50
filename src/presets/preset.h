#pragma once
// presets/ — what a product's own objects become, as data (the folder presets/ at the root; docs/presets.md).
//
//   preset.h      a preset read and checked: objects, the columns that each is known by, maps in their order
//   file_rows.h   a file as somebody exported it → rows of texts under the names that it has
//   columns.h     where the columns of an object stand in such a file: aliases, members of JSON, gathered columns
//   bind.h        files → objects: each is given to the object that it is, and written with the object's own columns,
//                 which is what the maps of the preset read
//
// A preset holds no code, and nothing here knows a product. The maps are ordinary ones (ingest/), whose inputs are
// named as the objects are.
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bilingual.h"
#include "base/result.h"

namespace vigie::presets {

/// How files are written, where they do not say it themselves.
struct ReadOptions {
  std::optional<std::string> encoding, delimiter;
  std::int64_t skip = 0;                 ///< lines before the header
  std::vector<std::string> null_values;  ///< texts that mean "nothing"
  bool operator==(const ReadOptions&) const = default;
};

/// A column of an object, and what loaders and exports call it.
struct ObjectColumn {
  std::string name;
  std::vector<std::string> called;  ///< its own name first; "properties.amount" is a member of a JSON column
  bool gathers = false;             ///< `called` are beginnings of names: all such columns as one JSON object
};

struct Object {
  std::string name;
  Text label;
  std::vector<std::string> called;  ///< of files, its own name first
  bool needed = false;
  bool by_name = false;  ///< its columns are those of many: only a file of that name is taken for it
  std::vector<std::string> known_by;
  std::vector<ObjectColumn> columns;
  ReadOptions read;

  const ObjectColumn* find(std::string_view column) const;
};

/// A map, and for which objects it runs.
struct Step {
  std::string map;
  std::vector<std::string> needs, any, unless;
  /// Does it run where these objects are given?
  bool runs(const std::set<std::string>& objects) const;
};

struct Preset {
  std::string id;
  Text label;
  std::vector<std::string> products;  ///< its id and other names, with which names of files may begin
  std::vector<Object> objects;
  std::vector<Step> steps;
  std::vector<Text> notes;
  std::filesystem::path folder;

  const Object* find(std::string_view object) const;
  std::filesystem::path map_file(const Step& step) const { return folder / (step.map + ".yaml"); }
};

/// Reads FOLDER/preset.yaml. Errors: yaml.*, preset.* (usage, with file:line:column).
Result<Preset> load(const std::filesystem::path& folder);

/// The presets in a folder, by name; a folder without a preset.yaml is none.
Result<std::vector<std::string>> names_in(const std::filesystem::path& folder);

}  // namespace vigie::presets
