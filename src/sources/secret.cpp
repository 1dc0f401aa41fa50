#include "sources/secret.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/file.h"

namespace vigie::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnvironment = "env:", kFile = "file:";

Result<std::string> of_file(const fs::path& path, const SourcePosition& where) {
  struct stat known{};
  if (::stat(path.c_str(), &known) != 0)
    return fail(ErrorKind::unavailable, "source.secret",
                fmt::format("the file of the password, {}, cannot be read: {}", path.string(), std::strerror(errno)),
                where, "write the password into it, and nothing else");
  if (!S_ISREG(known.st_mode))
    return fail(ErrorKind::unavailable, "source.secret",
                fmt::format("the file of the password, {}, is no file", path.string()), where,
                "write the password into it, and nothing else");
  if ((known.st_mode & 077U) != 0)
    return fail(ErrorKind::unavailable, "source.secret",
                fmt::format("others than its owner can read the file of the password, {}", path.string()), where,
                fmt::format("chmod 600 {}", path.string()));
  auto text = bytes_of(path);
  if (!text)
    return fail(ErrorKind::unavailable, "source.secret",
                fmt::format("the file of the password, {}, cannot be read: {}", path.string(), std::strerror(errno)),
                where, "write the password into it, and nothing else");
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return std::move(*text);
}

}  // namespace

Result<Secret> Secret::read(const YamlNode& node) {
  VIGIE_TRY(const std::string text, node.as_text());
  for (const auto& [prefix, from] : {std::pair(kEnvironment, From::environment), {kFile, From::file}})
    if (text.starts_with(prefix) && text.size() > prefix.size())
      return Secret{from, text.substr(prefix.size()), node.where()};
  return node.error("source.secret", "a password does not stand in a workspace in clear",
                    "write env:NAME (a variable of the environment of vigie) or file:PATH (a file that holds it alone, "
                    "of mode 600)");
}

Result<std::string> Secret::value(const fs::path& workspace) const {
  if (from == From::file) return of_file(fs::path(name).is_absolute() ? fs::path(name) : workspace / name, where);
  const char* text = std::getenv(name.c_str());
  if (text == nullptr)
    return fail(ErrorKind::unavailable, "source.secret",
                fmt::format("the environment has no variable {}, which holds the password", name), where,
                "set it for the process that syncs: the server, where one has the workspace open");
  return std::string(text);
}

}  // namespace vigie::sources
