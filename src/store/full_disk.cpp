#include "store/full_disk.h"

#include <algorithm>
#include <array>

namespace vigie::store {

constexpr std::string_view kPutAside = "failed to offload";  // DuckDB's words for temporary files; else the system's

bool is_of_what_is_put_aside(const Error& error) { return error.message.find(kPutAside) != std::string::npos; }

std::optional<Error> no_room(std::string_view words, std::string_view sentence, std::string_view shown_as) {
  const auto has = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  constexpr std::array<std::string_view, 3> kFull = {"No space left on device", "Disk quota exceeded", kPutAside};
  if (has("File too large"))
    return fail(ErrorKind::unavailable, "engine.file_limit",
                fmt::format("a file may not grow as large as this: {}", sentence), {},
                fmt::format("raise the limit on the size of files (ulimit -f), or put {} on a file system that takes "
                            "larger ones, then run it again; nothing was left half-written",
                            shown_as))
        .error();
  if (std::ranges::none_of(kFull, has)) return std::nullopt;
  return fail(ErrorKind::unavailable, "engine.disk_full", fmt::format("the disk is full: {}", sentence), {},
              fmt::format("make room on the disk that holds {} and its temporary files, then run it again; "
                          "nothing was left half-written",
                          shown_as))
      .error();
}

}  // namespace vigie::store
