#include "presets/preset.h"

#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"

namespace vigie::presets {
namespace {

namespace fs = std::filesystem;

Result<std::vector<std::string>> texts_or_none(const YamlNode& node, std::string_view key) {
  const YamlNode* found = node.find(key);
  if (!found) return std::vector<std::string>{};
  return found->as_texts();
}

/// Over what holds for all of the preset.
Result<ReadOptions> read_options(const YamlNode* node, ReadOptions out) {
  if (!node) return out;
  VIGIE_CHECK(node->known_keys({"encoding", "delimiter", "skip", "null_values"}));
  if (node->find("encoding")) {
    VIGIE_TRY(out.encoding, node->text("encoding"));
  }
  if (node->find("delimiter")) {
    VIGIE_TRY(out.delimiter, node->text("delimiter"));
  }
  VIGIE_TRY(out.skip, node->int_or("skip", out.skip));
  if (node->find("null_values")) {
    VIGIE_TRY(out.null_values, texts_or_none(*node, "null_values"));
  }
  return out;
}

Result<ObjectColumn> read_column(const YamlNode& name, const YamlNode& spec) {
  ObjectColumn out;
  VIGIE_TRY(out.name, name.as_text());
  out.gathers = spec.kind() == YamlNode::Kind::mapping;
  if (out.gathers) {
    VIGIE_CHECK(spec.known_keys({"gather"}));
    VIGIE_TRY(const YamlNode* const patterns, spec.require("gather"));
    VIGIE_TRY(out.called, patterns->as_texts());
    for (std::string& pattern : out.called) {
      if (!pattern.ends_with('*'))
        return patterns->error("preset.pattern", fmt::format("\"{}\" does not end in *", pattern),
                               "gather takes beginnings of names: hs_date_entered_*");
      pattern.pop_back();
    }
    return out;
  }
  std::vector<std::string> aliases;
  if (spec.kind() != YamlNode::Kind::null) {
    VIGIE_TRY(aliases, spec.as_texts());
  }
  out.called.push_back(out.name);
  out.called.insert(out.called.end(), aliases.begin(), aliases.end());
  return out;
}

Result<std::vector<ObjectColumn>> read_columns(const YamlNode* node) {
  std::vector<ObjectColumn> out;
  if (!node) return out;
  if (node->kind() != YamlNode::Kind::mapping)
    return node->error("yaml.type", "columns are a mapping: what the preset calls each, and its other names");
  for (const auto& [name, spec] : node->entries()) {
    VIGIE_TRY(ObjectColumn column, read_column(name, spec));
    out.push_back(std::move(column));
  }
  return out;
}

/// What holds for every object of a preset.
struct Common {
  std::vector<ObjectColumn> columns;
  ReadOptions read;
};

Result<> add_common_columns(Object& object, const Common& common) {
  for (const ObjectColumn& column : common.columns)
    if (!object.find(column.name)) object.columns.push_back(column);
  return {};
}

Result<> check_known_by(const Object& object, const YamlNode& spec) {
  VIGIE_TRY(const YamlNode* const known_by, spec.require("known_by"));
  std::vector<std::string> columns;
  for (const ObjectColumn& column : object.columns) columns.push_back(column.name);
  for (const std::string& name : object.known_by)
    if (!object.find(name))
      return known_by->error("preset.unknown_column", fmt::format("{} has no column \"{}\"", object.name, name),
                             suggestion(name, columns));
  return {};
}

Result<Object> read_object(const YamlNode& name, const YamlNode& spec, const Common& common) {
  VIGIE_CHECK(spec.known_keys({"label", "names", "needed", "by_name", "read", "known_by", "columns"}));
  Object out;
  VIGIE_TRY(out.name, name.as_text());
  VIGIE_TRY(const YamlNode* const label, spec.require("label"));
  VIGIE_TRY(out.label, read_text(*label));
  VIGIE_TRY(out.called, texts_or_none(spec, "names"));
  out.called.insert(out.called.begin(), out.name);
  VIGIE_TRY(out.needed, spec.bool_or("needed", false));
  VIGIE_TRY(out.by_name, spec.bool_or("by_name", false));
  VIGIE_TRY(out.known_by, texts_or_none(spec, "known_by"));
  VIGIE_TRY(out.columns, read_columns(spec.find("columns")));
  VIGIE_TRY(out.read, read_options(spec.find("read"), common.read));
  VIGIE_CHECK(add_common_columns(out, common));
  VIGIE_CHECK(check_known_by(out, spec));
  return out;
}

Result<std::vector<std::string>> read_objects_of_step(const YamlNode& node, std::string_view key,
                                                      const Preset& preset) {
  VIGIE_TRY(std::vector<std::string> out, texts_or_none(node, key));
  std::vector<std::string> known;
  for (const Object& object : preset.objects) known.push_back(object.name);
  for (const std::string& name : out)
    if (!preset.find(name))
      return node.find(key)->error("preset.unknown_object", fmt::format("there is no object \"{}\"", name),
                                   suggestion(name, known));
  return out;
}

Result<Step> read_step(const YamlNode& node, const Preset& preset) {
  VIGIE_CHECK(node.known_keys({"map", "needs", "any", "unless"}));
  Step out;
  VIGIE_TRY(out.map, node.text("map"));
  VIGIE_TRY(out.needs, read_objects_of_step(node, "needs", preset));
  VIGIE_TRY(out.any, read_objects_of_step(node, "any", preset));
  VIGIE_TRY(out.unless, read_objects_of_step(node, "unless", preset));
  std::error_code problem;
  if (!fs::is_regular_file(preset.map_file(out), problem))
    return node.error("preset.no_map", fmt::format("there is no {}.yaml beside it", out.map));
  return out;
}

Result<> read_parts(const YamlNode& root, Preset& out) {
  Common common;
  VIGIE_TRY(common.columns, read_columns(root.find("common")));
  VIGIE_TRY(common.read, read_options(root.find("read"), {}));
  VIGIE_TRY(const YamlNode* const objects, root.require("objects"));
  for (const auto& [name, spec] : objects->entries()) {
    VIGIE_TRY(Object object, read_object(name, spec, common));
    out.objects.push_back(std::move(object));
  }
  VIGIE_TRY(const YamlNode* const maps, root.require("maps"));
  for (const YamlNode& one : maps->items()) {
    VIGIE_TRY(Step step, read_step(one, out));
    out.steps.push_back(std::move(step));
  }
  if (const YamlNode* const notes = root.find("notes"))
    for (const YamlNode& one : notes->items()) {
      VIGIE_TRY(Text note, read_text(one));
      out.notes.push_back(std::move(note));
    }
  return {};
}

template <class List>
auto* named_in(List& list, std::string_view name) {
  const auto found = std::ranges::find_if(list, [&](const auto& one) { return one.name == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

const ObjectColumn* Object::find(std::string_view column) const { return named_in(columns, column); }
bool Step::runs(const std::set<std::string>& objects) const {
  const auto is_there = [&](const std::string& name) { return objects.contains(name); };
  return std::ranges::all_of(needs, is_there) && std::ranges::none_of(unless, is_there) &&
         (any.empty() || std::ranges::any_of(any, is_there));
}

const Object* Preset::find(std::string_view object) const { return named_in(objects, object); }

Result<Preset> load(const fs::path& folder) {
  const fs::path file = folder / "preset.yaml";
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file, (folder.filename() / "preset.yaml").string()));
  VIGIE_CHECK(root.known_keys({"preset", "label", "known_as", "read", "common", "objects", "maps", "notes"}));
  Preset out;
  out.folder = folder;
  VIGIE_TRY(out.id, root.text("preset"));
  VIGIE_TRY(const YamlNode* const label, root.require("label"));
  VIGIE_TRY(out.label, read_text(*label));
  VIGIE_TRY(out.products, texts_or_none(root, "known_as"));
  out.products.insert(out.products.begin(), out.id);
  VIGIE_CHECK(read_parts(root, out));
  return out;
}

Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::error_code problem;
  std::vector<std::string> out;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem))
    if (std::error_code none; fs::is_regular_file(at->path() / "preset.yaml", none))
      out.push_back(at->path().filename().string());
  if (problem)
    return fail(ErrorKind::unavailable, "file.unreadable",
                fmt::format("{} cannot be read: {}", folder.string(), problem.message()));
  std::ranges::sort(out);
  return out;
}

}  // namespace vigie::presets
