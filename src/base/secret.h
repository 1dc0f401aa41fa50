#pragma once
#include <filesystem>
#include <string>

#include "base/yaml.h"

namespace vigie {

/// Where a secret is found (a password, the key of a signature): `env:NAME`, a variable of the environment, or
/// `file:PATH`, a file that only its owner can read and that holds it alone; a line break at its end is none of it.
/// What it says is known to nobody but who uses it: no log, error or file repeats it.
struct Secret {
  enum class From { environment, file };
  From from = From::environment;
  std::string name;  ///< of the variable, or the path
  SourcePosition where;

  /// Errors: secret.form, where the text is anything else: a secret does not stand in a workspace in clear.
  static Result<Secret> read(const YamlNode& node);
  /// `folder`: where relative paths start. Errors: secret.missing (no such variable or file, or an empty one),
  /// secret.rights (others can read it).
  Result<std::string> value(const std::filesystem::path& folder) const;
};

}  // namespace vigie
