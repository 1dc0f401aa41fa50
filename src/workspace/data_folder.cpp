#include "workspace/data_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace vigie::workspace {

Result<bool> make_data_folder(const std::filesystem::path& folder) {
  const std::filesystem::path data = folder / "data";
  if (::mkdir(data.c_str(), 0700) == 0) return true;
  if (errno == EEXIST) return false;
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot make {}: {}", data.string(), std::strerror(errno)), {},
              "check the rights on the folder");
}

}  // namespace vigie::workspace
