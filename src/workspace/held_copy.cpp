#include "workspace/held_copy.h"

#include <unistd.h>

#include "base/hash.h"
#include "workspace/written_file.h"

namespace vigie::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 8;  ///< of the digest: two copies of one name seldom share them

/// No sign that a glob reads otherwise.
std::string plain_name(std::string name) {
  constexpr std::string_view kOfGlobs = "*?[]{}\\";
  for (char& c : name)
    if (kOfGlobs.find(c) != std::string_view::npos) c = '_';
  return name;
}

std::unexpected<Error> unwritable(const fs::path& file, const std::error_code& problem) {
  return fail(ErrorKind::unavailable, "file.unwritable",
              fmt::format("cannot write {}: {}", file.string(), problem.message()));
}

}  // namespace

Result<HeldCopy> HeldCopy::make(const fs::path& folder, const std::string& of) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return unwritable(folder, problem);
  HeldCopy out(folder, plain_name(of));
  std::string pattern = (folder / ("." + out.name_ + "-XXXXXX")).string();
  const int descriptor = ::mkstemp(pattern.data());
  if (descriptor < 0) return unwritable(folder, std::error_code(errno, std::generic_category()));
  ::close(descriptor);
  out.draft_ = pattern;
  return out;
}

HeldCopy::HeldCopy(HeldCopy&& other) noexcept
    : folder_(std::move(other.folder_)),
      name_(std::move(other.name_)),
      draft_(std::exchange(other.draft_, {})),
      file_(std::move(other.file_)) {}

HeldCopy::~HeldCopy() {
  std::error_code ignored;
  if (!draft_.empty()) fs::remove(draft_, ignored);
}

Result<> HeldCopy::close() {
  VIGIE_TRY(const std::string digest, file_digest(draft_));
  file_ = folder_ / fmt::format("{}-{}.csv", name_, digest.substr(0, kDigits));
  return {};
}

std::string HeldCopy::pattern() const {
  return fmt::format("../{}/{}-{}.csv", folder_.filename().string(), name_, std::string(kDigits, '?'));
}

Result<> HeldCopy::keep() {
  std::error_code problem;
  fs::rename(draft_, file_, problem);  // one of the same rows is the same file
  if (problem) return unwritable(file_, problem);
  draft_.clear();
  return {};
}

}  // namespace vigie::workspace
