#pragma once
#include <filesystem>
#include <map>
#include <optional>

#include "base/result.h"
#include "server/http/message.h"

namespace vigie::http {

/// The web app, read from its folder once and served from memory: no path of a request ever reaches the file system.
///
/// `x.js.br` and `x.js.gz` beside `x.js` are its compressed forms, chosen by Accept-Encoding. Files under /assets/
/// carry a hash in their name and may be kept for ever; all others are asked for again with their ETag. An address
/// without an ending that is no file ("/kpi/revenue") is a page of the app: index.html. Immutable; any thread may use
/// it.
///
/// Fails with `web.missing` (no folder or no index.html in it) and `web.too_large` (over kMostBytes).
class StaticFiles {
 public:
  static Result<StaticFiles> load(const std::filesystem::path& folder);

  /// The answer to a GET or HEAD, or nothing when the path is not of the web app. "/api/…" never is.
  std::optional<Response> find(const Request& request) const;

  static constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

 private:
  struct File {
    std::string content_type, etag, content_security;
    std::string cache_control;
    std::shared_ptr<const std::string> plain, brotli, gzip;
  };
  static File describe(const std::string& path, std::string bytes);
  static Response serve(const File& file, const Request& request);

  std::map<std::string, File, std::less<>> files_;  ///< by path: "/assets/app-1a2b3c.js"
};

}  // namespace vigie::http
