#include "server/http/static_files.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "server/http/content_security.h"
#include "server/http/encoding.h"

namespace vigie::http {
namespace {

namespace fs = std::filesystem;

std::string content_type_of(const std::string& path) {
  static constexpr std::pair<std::string_view, std::string_view> kContentTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : kContentTypes)
    if (path.ends_with(ending)) return std::string(type);
  return "application/octet-stream";
}

Result<std::string> read_all(const fs::path& path) {
  if (auto bytes = bytes_of(path)) return *std::move(bytes);
  return fail(ErrorKind::unavailable, "web.unreadable", fmt::format("cannot read {}", path.string()));
}

/// Whether an If-None-Match header names that tag; weak tags count as their strong ones.
bool names_tag(std::string_view header, std::string_view etag) {
  for (const std::string& part : split(header, ',')) {
    std::string_view tag = trim(part);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

/// "/kpi/revenue" is a page, "/favicon.png" and "/api/v1/x" are not.
bool is_page(std::string_view path) {
  if (path == "/api" || path.starts_with("/api/")) return false;
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

std::unexpected<Error> missing(std::string message) {
  return fail(ErrorKind::unavailable, "web.missing", std::move(message), {}, "build the web app: scripts/web.sh");
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return missing(fmt::format("no folder {} with the web app", folder.string()));
  StaticFiles out;
  std::size_t total = 0;
  std::vector<std::pair<std::string, std::string>> squeezed;
  // Links are not followed: what is served is what stands in the folder.
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error) || entry.is_symlink(error)) continue;
    VIGIE_TRY(std::string bytes, read_all(entry.path()));
    total += bytes.size();
    if (total > kMostBytes)
      return fail(ErrorKind::data, "web.too_large", fmt::format("{} holds over {} bytes", folder.string(), kMostBytes));
    std::string path = "/" + fs::relative(entry.path(), folder, error).generic_string();
    if (path.ends_with(".br") || path.ends_with(".gz")) squeezed.emplace_back(std::move(path), std::move(bytes));
    else out.files_.emplace(path, describe(path, std::move(bytes)));
  }
  if (error) return missing(fmt::format("cannot read {}: {}", folder.string(), error.message()));
  for (auto& [path, bytes] : squeezed) {
    const auto file = out.files_.find(std::string_view(path).substr(0, path.size() - 3));
    if (file == out.files_.end()) continue;
    auto& form = path.ends_with(".br") ? file->second.brotli : file->second.gzip;
    form = std::make_shared<const std::string>(std::move(bytes));
  }
  if (!out.files_.contains("/index.html")) return missing(fmt::format("no index.html in {}", folder.string()));
  return out;
}

StaticFiles::File StaticFiles::describe(const std::string& path, std::string bytes) {
  File file;
  file.content_type = content_type_of(path);
  file.etag = text_digest(bytes).substr(0, 20);
  file.cache_control = path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  if (path.ends_with(".html")) file.content_security = content_security_policy(bytes);
  file.plain = std::make_shared<const std::string>(std::move(bytes));
  return file;
}

std::optional<Response> StaticFiles::find(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (const auto file = files_.find(request.path); file != files_.end()) return serve(file->second, request);
  if (is_page(request.path)) return serve(files_.find("/index.html")->second, request);
  return std::nullopt;
}

Response StaticFiles::serve(const File& file, const Request& request) {
  const auto form = [&](Encoding wanted) -> const std::shared_ptr<const std::string>& {
    return wanted == Encoding::brotli ? file.brotli : wanted == Encoding::gzip ? file.gzip : file.plain;
  };
  Encoding encoding = Encoding::identity;
  for (const Encoding accepted : accepted_encodings(request.header("Accept-Encoding"))) {
    encoding = accepted;
    if (form(encoding)) break;
  }

  Response response;
  const std::string etag = encoding == Encoding::identity ? fmt::format("\"{}\"", file.etag)
                                                          : fmt::format("\"{}-{}\"", file.etag, name_of(encoding));
  response.headers = {{"ETag", etag}, {"Cache-Control", file.cache_control}, {"Vary", "Accept-Encoding"}};
  if (!file.content_security.empty()) response.headers.push_back({"Content-Security-Policy", file.content_security});
  if (names_tag(request.header("If-None-Match"), etag)) {
    response.status = 304;
    return response;
  }
  response.headers.push_back({"Content-Type", file.content_type});
  if (encoding != Encoding::identity) response.headers.push_back({"Content-Encoding", std::string(name_of(encoding))});
  response.body = form(encoding);
  return response;
}

}  // namespace vigie::http
