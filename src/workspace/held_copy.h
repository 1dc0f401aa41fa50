#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"

namespace vigie::workspace {

/// A copy of somebody's rows in the workspace's `files/`, under a passing name until it is kept; going, it is removed.
///
/// It is called after the file it was made of and by what it holds ("ventes.xlsx-1a2b3c4d.csv"), so that the same rows
/// are one copy, and a newer export of the same name stands beside the older one: a workspace can be made anew from its
/// maps. `pattern` names all copies of one name, as a map in `maps/` says it.
class HeldCopy {
 public:
  /// Of a file of that name. Errors: file.unwritable.
  static Result<HeldCopy> make(const std::filesystem::path& folder, const std::string& of);
  HeldCopy(HeldCopy&& other) noexcept;
  HeldCopy& operator=(HeldCopy&&) = delete;
  ~HeldCopy();

  /// Where its rows are to be written.
  const std::filesystem::path& draft() const { return draft_; }
  /// Once they are: names it by what it holds.
  Result<> close();
  const std::filesystem::path& file() const { return file_; }
  std::string pattern() const;
  /// From then on it stays. Errors: file.unwritable.
  Result<> keep();

 private:
  HeldCopy(std::filesystem::path folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}
  std::filesystem::path folder_;
  std::string name_;
  std::filesystem::path draft_, file_;
};

}  // namespace vigie::workspace
