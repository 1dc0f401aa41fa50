#pragma once
#include <filesystem>
#include <string>

#include "base/yaml.h"

namespace vigie::sources {

/// Where a password is found: `env:NAME`, a variable of the environment, or `file:PATH`, a file that only its owner can
/// read. What it says is known to nobody but the connection it opens: no log, error or file repeats it.
struct Secret {
  enum class From { environment, file };
  From from = From::environment;
  std::string name;  ///< of the variable, or the path; relative ones start at the workspace
  SourcePosition where;

  /// Errors: source.secret, where the text is anything else: a password does not stand in a workspace in clear.
  static Result<Secret> read(const YamlNode& node);
  /// Errors: source.secret (no such variable or file, or one that others can read).
  Result<std::string> value(const std::filesystem::path& workspace) const;
};

}  // namespace vigie::sources
