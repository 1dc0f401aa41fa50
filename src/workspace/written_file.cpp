#include "workspace/written_file.h"

#include <fmt/format.h>

#include <fstream>

namespace vigie::workspace {

namespace fs = std::filesystem;

namespace {

std::unexpected<Error> unwritable(const fs::path& file, const std::error_code& problem) {
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: {}", file.string(), problem.message()));
}

/// Where the file stands: behind a link, if it is one that leads somewhere.
fs::path place_of(const fs::path& file, std::error_code& problem) {
  if (!fs::is_symlink(fs::symlink_status(file, problem))) {
    problem.clear();  // what is not there yet is no problem, and what else is wrong its writing tells
    return file;
  }
  return fs::weakly_canonical(file, problem);
}

/// The draft takes the place, with the rights of the file that stood there.
std::error_code put(const fs::path& draft, const fs::path& place) {
  std::error_code problem;
  const fs::file_status before = fs::status(place, problem);
  if (fs::exists(before)) {
    fs::permissions(draft, before.permissions(), problem);
    if (problem) return problem;
  }
  fs::rename(draft, place, problem);
  return problem;
}

}  // namespace

Result<> write_file(const fs::path& file, const std::string& text) {
  std::error_code problem, ignored;
  const fs::path place = place_of(file, problem);
  if (problem) return unwritable(file, problem);
  const fs::path draft = place.string() + std::string(kDraftEnding);
  {
    std::ofstream out(draft, std::ios::binary);
    out << text << std::flush;
    if (!out) {
      if (out.is_open()) fs::remove(draft, ignored);  // else what stands there is not ours
      return fail(ErrorKind::unavailable, "file.unwritable", fmt::format("cannot write {}", file.string()), {},
                  "check the rights and the space left");
    }
  }
  problem = put(draft, place);
  if (!problem) return {};
  fs::remove(draft, ignored);
  return unwritable(file, problem);
}

}  // namespace vigie::workspace
