#include "workspace/written_file.h"

#include <fmt/format.h>

#include <fstream>

namespace vigie::workspace {

namespace fs = std::filesystem;

Result<> write_file(const fs::path& file, const std::string& text) {
  std::error_code problem;
  const fs::path place = fs::is_symlink(file, problem) ? fs::weakly_canonical(file, problem) : file;
  const fs::path draft = place.string() + ".new";
  {
    std::ofstream out(draft, std::ios::binary);
    out << text << std::flush;
    if (!out) {
      std::error_code ignored;
      fs::remove(draft, ignored);
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", file.string()), {},
                  "check the rights and the space left");
    }
  }
  if (const fs::file_status before = fs::status(place, problem); fs::exists(before))
    fs::permissions(draft, before.permissions(), problem);
  fs::rename(draft, place, problem);
  if (problem) {
    std::error_code ignored;
    fs::remove(draft, ignored);
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}: {}", file.string(), problem.message()));
  }
  return {};
}

}  // namespace vigie::workspace
