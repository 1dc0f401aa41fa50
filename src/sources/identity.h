#pragma once
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "base/result.h"

namespace vigie::sources {

/// Which file stands there, how long it is and when it was written: as long as that is the same, so is what it holds.
/// "": there is none.
inline std::string identity_of(const std::filesystem::path& file) {
  struct stat told{};
  if (::stat(file.c_str(), &told) != 0) return {};
  return fmt::format("{} {} {} {}.{}", told.st_dev, told.st_ino, told.st_size, told.st_mtim.tv_sec,
                     told.st_mtim.tv_nsec);
}

}  // namespace vigie::sources
