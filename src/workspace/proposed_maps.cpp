#include "workspace/proposed_maps.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "tongue/french.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSeal = "# As proposed, ";

/// The text with a last line that tells whether anybody has edited it.
std::string sealed(const std::string& text, tongue::Language language) {
  return fmt::format(
      "{}{}{}: {}\n", text, kSeal, text_digest(text).substr(0, 16),
      tongue::said("as long as nobody edits this file, another proposal for the same input takes its place", language));
}

bool is_untouched(const std::string& text) {
  const auto seal = text.rfind(kSeal);
  if (seal == std::string::npos || seal == 0 || text[seal - 1] != '\n') return false;
  return text.substr(seal + kSeal.size()).starts_with(text_digest(text.substr(0, seal)).substr(0, 16));
}

/// Its lines that name files.
std::vector<std::string> inputs_of(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string& line : split(text, '\n'))
    if (const auto at = line.find("files: "); at != std::string::npos && line.find('#') > at)
      out.push_back(line.substr(at));
  return out;
}

Result<> may_stand_there(const fs::path& file, const std::string& text) {
  const auto there = bytes_of(file);
  if (!there || *there == text || (is_untouched(*there) && inputs_of(*there) == inputs_of(text))) return {};
  return fail(ErrorKind::usage, "map.exists",
              fmt::format("{} is there already, and says something else", file.string()), {},
              fmt::format("where this file has the same columns: vigie import --map {} FILE; else move that map away, "
                          "and look again",
                          file.string()));
}

}  // namespace

Result<std::vector<fs::path>> keep_proposed(LookedAt& looked, const fs::path& folder, tongue::Language language) {
  std::vector<std::pair<fs::path, std::string>> maps;
  for (const propose::ProposedMap& map : looked.proposal.maps) {
    maps.emplace_back(folder / "maps" / (map.id + ".yaml"), sealed(map.yaml, language));
    VIGIE_CHECK(may_stand_there(maps.back().first, maps.back().second));
  }
  std::error_code problem;
  fs::create_directories(folder / "maps", problem);
  if (problem)
    return fail(ErrorKind::unavailable, "file.unwritable",
                fmt::format("cannot write {}: {}", (folder / "maps").string(), problem.message()));
  if (looked.copy && !maps.empty()) VIGIE_CHECK(looked.copy->keep());
  std::vector<fs::path> out;
  for (const auto& [file, text] : maps) {
    VIGIE_CHECK(write_file(file, text));
    out.push_back(file);
  }
  return out;
}

}  // namespace vigie::workspace
