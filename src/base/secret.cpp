#include "base/secret.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/file.h"

namespace vigie {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnvironment = "env:", kFile = "file:";

std::unexpected<Error> not_in_file(std::string message, const SourcePosition& where) {
  return fail(ErrorKind::unavailable, "secret.missing", std::move(message), where,
              "write the secret into it, and nothing else");
}

Result<std::string> of_file(const fs::path& path, const SourcePosition& where) {
  const auto unreadable = [&](int reason) {
    return not_in_file(
        fmt::format("the file of the secret, {}, cannot be read: {}", path.string(), std::strerror(reason)), where);
  };
  struct stat known{};
  if (::stat(path.c_str(), &known) != 0) return unreadable(errno);
  if (!S_ISREG(known.st_mode)) return unreadable(S_ISDIR(known.st_mode) ? EISDIR : EINVAL);
  if ((known.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(ErrorKind::unavailable, "secret.rights",
                fmt::format("others than its owner have rights on the file of the secret, {}", path.string()), where,
                fmt::format("take them away: chmod 600 {}", path.string()));
  auto text = bytes_of(path);
  if (!text) return unreadable(EACCES);
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty()) return not_in_file(fmt::format("the file of the secret, {}, is empty", path.string()), where);
  return std::move(*text);
}

}  // namespace

Result<Secret> Secret::read(const YamlNode& node) {
  VIGIE_TRY(const std::string text, node.as_text());
  for (const auto& [prefix, from] : {std::pair(kEnvironment, From::environment), {kFile, From::file}})
    if (text.starts_with(prefix) && text.size() > prefix.size())
      return Secret{from, text.substr(prefix.size()), node.where()};
  return node.error("secret.form", "a secret does not stand in a workspace in clear",
                    "write env:NAME (a variable of the environment of vigie) or file:PATH (a file that holds it alone, "
                    "of mode 600)");
}

Result<std::string> Secret::value(const fs::path& folder) const {
  if (from == From::file) return of_file(folder / name, where);  // an absolute path stays as it is
  const char* text = std::getenv(name.c_str());
  if (text == nullptr || *text == '\0')
    return fail(ErrorKind::unavailable, "secret.missing",
                fmt::format("the environment has no variable {}, which holds the secret", name), where,
                "set it for the process that needs it: the server, where one has the workspace open");
  return std::string(text);
}

}  // namespace vigie
