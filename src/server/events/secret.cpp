#include "server/events/secret.h"

#include <sys/stat.h>

#include <cstdlib>

#include "base/file.h"

namespace vigie::events {

Result<std::string> read_secret(const std::string& named, const std::filesystem::path& folder) {
  std::string secret;
  if (named.starts_with("env:")) {
    const char* const found = std::getenv(named.substr(4).c_str());
    if (found == nullptr || *found == '\0')
      return fail(ErrorKind::unavailable, "secret.missing",
                  fmt::format("the environment has no {}, which holds a secret", named.substr(4)), {},
                  "set it where vigie serve is started");
    secret = found;
  } else if (named.starts_with("file:")) {
    const std::filesystem::path file = folder / named.substr(5);
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0)
      return fail(ErrorKind::unavailable, "secret.missing",
                  fmt::format("there is no {}, which holds a secret", file.string()), {},
                  "write the secret into it, and nothing else");
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      return fail(ErrorKind::usage, "secret.rights",
                  fmt::format("others than its owner have rights on {}, which holds a secret", file.string()), {},
                  fmt::format("take them away: chmod 600 {}", file.string()));
    secret = bytes_of(file).value_or("");
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    if (secret.empty())
      return fail(ErrorKind::unavailable, "secret.missing", fmt::format("{} holds no secret", file.string()), {},
                  "write the secret into it, and nothing else");
  } else {
    return fail(ErrorKind::usage, "secret.form", "a secret is never written down here", {},
                "say where it is: env:NAME, or file:PATH of a file that only its owner can read");
  }
  return secret;
}

}  // namespace vigie::events
