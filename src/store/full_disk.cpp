#include "store/full_disk.h"

#include <algorithm>
#include <array>

namespace vigie::store {

constexpr std::string_view kPutAside = "failed to offload";  // DuckDB's words for temporary files; else the system's

namespace {

/// What a sentence tells beyond that there is no room: the engine and the system speak no French, so that of theirs the
/// file alone is left, and what was put aside with its sizes. A sentence of ours is told whole.
std::string beyond(std::string_view sentence) {
  if (sentence.find(kPutAside) != std::string_view::npos)
    return fmt::format("what is put aside meanwhile does not fit: {}", sentence);
  const bool is_ours = sentence.find("Could not ") == std::string_view::npos;
  const auto from = is_ours ? std::string_view::npos : sentence.find('"');
  const auto to = from == std::string_view::npos ? from : sentence.find('"', from + 1);
  if (to != std::string_view::npos)
    return fmt::format("{} cannot be written", sentence.substr(from + 1, to - from - 1));
  const bool is_of_the_system = !sentence.empty() && sentence.front() >= 'A' && sentence.front() <= 'Z';
  return is_of_the_system ? std::string() : std::string(sentence);
}

}  // namespace

bool is_of_what_is_put_aside(const Error& error) { return error.message.find(kPutAside) != std::string::npos; }

std::optional<Error> no_room(std::string_view words, std::string_view sentence, std::string_view shown_as) {
  const auto has = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  constexpr std::array<std::string_view, 3> kFull = {"No space left on device", "Disk quota exceeded", kPutAside};
  const std::string detail = beyond(sentence);
  if (has("File too large"))
    return fail(ErrorKind::unavailable, "engine.file_limit",
                detail.empty() ? "a file may not grow as large as this"
                               : fmt::format("a file may not grow as large as this: {}", detail),
                {},
                fmt::format("raise the limit on the size of files (ulimit -f), or put {} on a file system that takes "
                            "larger ones, then run it again; nothing was left half-written",
                            shown_as))
        .error();
  if (std::ranges::none_of(kFull, has)) return std::nullopt;
  return fail(ErrorKind::unavailable, "engine.disk_full",
              detail.empty() ? "the disk is full" : fmt::format("the disk is full: {}", detail), {},
              fmt::format("make room on the disk that holds {} and its temporary files, then run it again; "
                          "nothing was left half-written",
                          shown_as))
      .error();
}

}  // namespace vigie::store
