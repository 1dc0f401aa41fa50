#include "singer/streams.h"

#include <stdlib.h>

#include <fstream>

#include "presets/recognise.h"

namespace vigie::singer {
namespace {

namespace fs = std::filesystem;

/// The name of a stream as that of a file, which is what presets know streams by.
std::string as_file_name(std::string stream) {
  std::ranges::replace(stream, '/', '_');
  return stream + ".jsonl";
}

}  // namespace

Result<std::unique_ptr<OwnFolder>> OwnFolder::in(const fs::path& workspace) {
  std::string pattern = (workspace / "data" / "singer-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", pattern));
  return std::unique_ptr<OwnFolder>(new OwnFolder(pattern));
}

OwnFolder::~OwnFolder() {
  std::error_code ignored;  // what stays behind is removed by the next stream
  fs::remove_all(path_, ignored);
}

Result<std::string> object_of(const std::string& stream, const std::string& schema,
                              const std::vector<std::string>& records, const presets::Preset& preset,
                              const fs::path& scratch) {
  const fs::path file = scratch / as_file_name(stream);
  {
    std::ofstream out(file, std::ios::binary);
    out << sample_of(schema) << '\n';
    for (const std::string& record : records) out << record << '\n';
    out.close();
    if (!out)
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("{} cannot be written", file.string()));
  }
  Result<const presets::Object*> found = presets::recognise(file, preset);
  std::error_code ignored;
  fs::remove(file, ignored);
  if (found) return (*found)->name;
  Error error = found.error();
  // It is a stream, and was no file.
  if (const std::string shown = file.filename().string(); error.message.starts_with(shown))
    error.message = stream + error.message.substr(shown.size());
  if (error.code == "preset.object")
    error.hint = "its records are passed over; select only the streams that the preset reads, and all their columns";
  return std::unexpected(std::move(error));
}

}  // namespace vigie::singer
