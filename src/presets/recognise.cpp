#include "presets/recognise.h"

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "presets/file_rows.h"

namespace vigie::presets {
namespace {

namespace fs = std::filesystem;

/// So many rows are looked at for the members of JSON columns.
constexpr std::size_t kRowsLookedAt = 200;

bool is_called(const Object& object, const std::string& name) {
  return std::ranges::any_of(object.called, [&](const std::string& one) { return bare_name(one) == name; });
}

std::unexpected<Error> no_object(std::string message, std::string hint) {
  return fail(ErrorKind::data, "preset.object", std::move(message), {}, std::move(hint));
}

bool is_separator(char c) { return c == '-' || c == '_' || c == '.' || c == ' '; }
bool is_of_date(char c) { return is_digit(c) || is_separator(c) || c == 'T' || c == 'Z' || c == 't' || c == 'z'; }

/// Where the last part of a name begins that says nothing of its object: a date or a number, "data" or "export", and
/// what separates it from the rest; the end of the name where there is none.
std::size_t end_without_last_part(std::string_view name) {
  std::size_t end = name.size();
  for (const std::string_view word : {"data", "export"})
    if (name.size() > word.size() && lower_ascii(name.substr(name.size() - word.size())) == word &&
        is_separator(name[name.size() - word.size() - 1]))
      end = name.size() - word.size();
  if (end == name.size()) {
    std::size_t run = name.size();
    while (run > 0 && name[run - 1] != ' ' && is_of_date(name[run - 1])) --run;
    for (std::size_t at = std::max<std::size_t>(run, 1); at < name.size() && end == name.size(); ++at)
      if (is_digit(name[at]) && is_separator(name[at - 1])) end = at;
  }
  if (end == name.size()) return end;
  while (end > 0 && is_separator(name[end - 1])) --end;
  return end;
}

/// The first rows of a file.
struct Look {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

Result<Look> look_into(const fs::path& file, const ReadOptions& options) {
  VIGIE_TRY(const auto rows, FileRows::open(file, options));
  Look out{rows->columns(), {}};
  std::vector<std::string> cells;
  while (out.rows.size() < kRowsLookedAt) {
    VIGIE_TRY(const bool more, rows->next(cells));
    if (!more) break;
    out.rows.push_back(cells);
  }
  return out;
}

std::vector<std::string> lacking_in(const Look& look, const Object& object) {
  ObjectInFile inside(object, look.columns);
  for (const std::vector<std::string>& cells : look.rows) inside.look_at(cells);
  return inside.lacks();
}

}  // namespace

std::string object_name_of(const fs::path& file, const Preset& preset) {
  static const std::regex kEnding("\\.(csv|tsv|txt|jsonl|ndjson|parquet|gz|zst)$", std::regex::icase);
  std::string name = file.filename().string();
  for (std::smatch found; std::regex_search(name, found, kEnding);)
    name.erase(static_cast<std::size_t>(found.position()));
  for (std::size_t end = 0; (end = end_without_last_part(name)) < name.size();) name.erase(end);
  name = bare_name(name);
  std::vector<std::string> products;
  for (const std::string& one : preset.products) products.push_back(bare_name(one));
  std::ranges::sort(products, std::greater{}, &std::string::size);
  for (const std::string& product : products)
    if (name.starts_with(product) && name != product) return name.substr(product.size());
  return name;
}

Result<std::vector<std::string>> lacking(const fs::path& file, const Object& object) {
  VIGIE_TRY(const Look look, look_into(file, object.read));
  return lacking_in(look, object);
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
  std::vector<std::pair<ReadOptions, Look>> looks;  // one for all objects that are read alike
  for (const Object* const object : candidates) {
    auto known = std::ranges::find(looks, object->read, &std::pair<ReadOptions, Look>::first);
    if (known == looks.end()) {
      VIGIE_TRY(Look look, look_into(file, object->read));
      known = looks.insert(looks.end(), {object->read, std::move(look)});
    }
    const std::vector<std::string> missing = lacking_in(known->second, *object);
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
