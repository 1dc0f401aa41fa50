#include "presets/bind.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "base/text.h"
#include "presets/file_rows.h"
#include "presets/recognise.h"

namespace vigie::presets {
namespace {

namespace fs = std::filesystem;

void append_cell(std::string& line, const std::string& text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string::npos;
  if (plain) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

class CsvFile {
 public:
  explicit CsvFile(const fs::path& file) : file_(file), out_(file, std::ios::binary) {}
  void write(const std::vector<std::string>& cells) {
    line_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line_ += ',';
      append_cell(line_, cells[i]);
    }
    out_ << line_ << '\n';
  }
  Result<> close() {
    out_.close();
    if (out_) return {};
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", file_.string()));
  }

 private:
  fs::path file_;
  std::ofstream out_;
  std::string line_;
};

using Given = std::map<std::string, std::vector<fs::path>>;

Result<Given> named_files(const Preset& preset, const std::map<std::string, fs::path>& named) {
  std::vector<std::string> known;
  for (const Object& object : preset.objects) known.push_back(object.name);
  Given out;
  for (const auto& [name, file] : named) {
    const Object* const object = preset.find(name);
    if (!object)
      return fail(ErrorKind::usage, "preset.unknown_object", fmt::format("{} has no object \"{}\"", preset.id, name),
                  {}, suggestion(name, known));
    VIGIE_TRY(const std::vector<std::string> missing, lacking(file, *object));
    if (!missing.empty())
      return fail(ErrorKind::data, "preset.object",
                  fmt::format("{} has no column {}, by which {} is known", file.string(), join(missing, ", "), name),
                  {}, "export that column too");
    out[name].push_back(file);
  }
  return out;
}

Result<Bound> copy_rows(const Object& object, const fs::path& file, CsvFile& out) {
  VIGIE_TRY(const auto rows, FileRows::open(file, object.read));
  ObjectInFile inside(object, rows->columns());
  Bound done{object.name, file, 0, {}};
  std::vector<std::string> cells;
  while (true) {
    VIGIE_TRY(const bool more, rows->next(cells));
    if (!more) break;
    inside.look_at(cells);
    out.write(inside.row(cells));
    ++done.rows;
  }
  done.absent = inside.absent();
  return done;
}

/// An object that is needed; the first file that nobody took may be meant for it.
std::unexpected<Error> missing(const Preset& preset, const Object& object, const std::vector<Error>& left_alone) {
  std::string hint = "export it too, or say which file it is: OBJECT=FILE";
  if (!left_alone.empty()) hint = left_alone.front().message + "; " + hint;
  return fail(ErrorKind::data, "preset.needed",
              fmt::format("{} needs {}, and no file is of it", preset.id, object.name), {}, std::move(hint));
}

std::unexpected<Error> nothing_given(const Preset& preset, const std::vector<Error>& left_alone) {
  return fail(ErrorKind::data, "preset.nothing", fmt::format("no file is of an object of {}", preset.id), {},
              left_alone.empty() ? "name the files of its export, or their folder" : left_alone.front().text());
}

}  // namespace

Result<Binding> bind(const Preset& preset, const std::vector<fs::path>& files,
                     const std::map<std::string, fs::path>& named, const fs::path& out) {
  Binding binding;
  VIGIE_TRY(Given given, named_files(preset, named));
  std::set<fs::path> seen;  // a file that is named, and in the folder, is one file
  std::error_code ignored;
  for (const auto& [name, file] : named) seen.insert(fs::weakly_canonical(file, ignored));
  for (const fs::path& file : files) {
    if (!seen.insert(fs::weakly_canonical(file, ignored)).second) continue;
    const Result<const Object*> object = recognise(file, preset);
    if (object) given[(*object)->name].push_back(file);
    else if (object.error().code == "preset.object") binding.left_alone.push_back(object.error());
    else return std::unexpected(object.error());
  }
  for (const Object& object : preset.objects)
    if (object.needed && !given.contains(object.name)) return missing(preset, object, binding.left_alone);
  if (given.empty()) return nothing_given(preset, binding.left_alone);
  for (const Object& object : preset.objects) {
    CsvFile file(out / object.name);
    std::vector<std::string> names;
    for (const ObjectColumn& column : object.columns) names.push_back(column.name);
    file.write(names);
    for (const fs::path& source : given.contains(object.name) ? given.at(object.name) : std::vector<fs::path>{}) {
      VIGIE_TRY(Bound bound, copy_rows(object, source, file));
      binding.bound.push_back(std::move(bound));
    }
    VIGIE_CHECK(file.close());
  }
  std::set<std::string> objects;
  for (const auto& [name, from] : given) objects.insert(name);
  for (const Step& step : preset.steps)
    if (step.runs(objects)) binding.maps.push_back(preset.map_file(step));
  return binding;
}

}  // namespace vigie::presets
