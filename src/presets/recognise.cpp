#include "presets/recognise.h"

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "presets/file_rows.h"

namespace vigie::presets {
namespace {

namespace fs = std::filesystem;

/// So many rows are looked at for the members of JSON columns.
constexpr int kRowsLookedAt = 200;

bool is_called(const Object& object, const std::string& name) {
  return std::ranges::any_of(object.called, [&](const std::string& one) { return bare_name(one) == name; });
}

std::unexpected<Error> no_object(std::string message, std::string hint) {
  return fail(ErrorKind::data, "preset.object", std::move(message), {}, std::move(hint));
}

}  // namespace

std::string object_name_of(const fs::path& file, const Preset& preset) {
  static const std::regex kEnding("\\.(csv|tsv|txt|jsonl|ndjson|parquet|gz|zst)$", std::regex::icase);
  static const std::regex kDated("([-_. ]+([0-9][-_.0-9TZ]*|data|export))+$", std::regex::icase);
  std::string name = file.filename().string();
  for (std::smatch found; std::regex_search(name, found, kEnding);)
    name.erase(static_cast<std::size_t>(found.position()));
  name = bare_name(std::regex_replace(name, kDated, ""));
  std::vector<std::string> products;
  for (const std::string& one : preset.products) products.push_back(bare_name(one));
  std::ranges::sort(products, std::greater{}, &std::string::size);
  for (const std::string& product : products)
    if (name.starts_with(product) && name != product) return name.substr(product.size());
  return name;
}

Result<std::vector<std::string>> lacking(const fs::path& file, const Object& object) {
  VIGIE_TRY(const auto rows, FileRows::open(file, object.read));
  ObjectInFile inside(object, rows->columns());
  std::vector<std::string> cells;
  for (int i = 0; i < kRowsLookedAt; ++i) {
    VIGIE_TRY(const bool more, rows->next(cells));
    if (!more) break;
    inside.look_at(cells);
  }
  return inside.lacks();
}

Result<const Object*> recognise(const fs::path& file, const Preset& preset) {
  const std::string name = object_name_of(file, preset), shown = file.filename().string();
  std::vector<const Object*> called, candidates, fits;
  for (const Object& object : preset.objects) {
    if (is_called(object, name)) called.push_back(&object);
    if (!object.by_name) candidates.push_back(&object);
  }
  if (!called.empty()) candidates = called;
  std::string lacks;
  for (const Object* const object : candidates) {
    VIGIE_TRY(const std::vector<std::string> missing, lacking(file, *object));
    if (missing.empty()) fits.push_back(object);
    else lacks = join(missing, ", ");
  }
  if (fits.size() == 1) return fits.front();
  if (fits.size() > 1) {
    std::vector<std::string> names;
    for (const Object* const object : fits) names.push_back(object->name);
    return no_object(fmt::format("{}: it may be {}", shown, join(names, " or ")), "say which: OBJECT=FILE");
  }
  if (!called.empty())
    return no_object(fmt::format("{}: it is called like {}, and has no column {}", shown, called.front()->name, lacks),
                     "export that column too");
  return no_object(fmt::format("{}: it is no object of {}", shown, preset.id), "say which: OBJECT=FILE");
}

}  // namespace vigie::presets
