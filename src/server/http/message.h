#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::http {

struct Header {
  std::string name, value;
};

/// One `name=value` of a query string, decoded.
struct Parameter {
  std::string name, value;
};

/// Where a request came in: over the network, or over the workspace's own Unix socket (same user, checked by the
/// kernel).
enum class Arrival { network, local };

struct Request {
  std::string method;  ///< "GET"
  std::string target;  ///< as sent, for the log
  std::string path;    ///< decoded, begins with "/"
  std::vector<Parameter> query;
  std::vector<Header> headers;
  std::string body;
  std::string id;  ///< made by the server; in every problem, in X-Request-Id and in the log
  Arrival arrival = Arrival::network;

  /// The first header of that name in any case; empty when there is none.
  std::string_view header(std::string_view name) const;
};

/// A file that an answer is made of: open, and gone with its descriptor where it has no name. Sent a piece at a time.
class SentFile {
 public:
  SentFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  SentFile(const SentFile&) = delete;
  SentFile& operator=(const SentFile&) = delete;
  ~SentFile();
  std::uint64_t size() const { return size_; }
  /// Up to so many bytes from there; empty where it cannot be read (it was made a moment ago: nobody waits for a disk).
  std::string piece(std::uint64_t from, std::size_t most) const;

 private:
  int descriptor_;
  std::uint64_t size_;
};

struct Response {
  int status = 200;
  /// Content-Length, Date, Connection and the security headers are the server's.
  std::vector<Header> headers;
  /// Shared, so that a file served from memory is never copied. Null: empty.
  std::shared_ptr<const std::string> body;
  std::shared_ptr<const SentFile> file = nullptr;  ///< in place of the body

  static Response of(int status, std::string content_type, std::string body);
  static Response json(int status, std::string body) { return of(status, "application/json", std::move(body)); }
  std::string_view header(std::string_view name) const;
  std::uint64_t size() const { return file ? file->size() : text().size(); }
  std::string_view text() const { return body ? std::string_view(*body) : std::string_view(); }
};

/// Says whether anybody still waits for the answer: set when the client left or the server stops. A copy is cheap and
/// sees the same state; `flag()` goes to store::QueryLimits::cancelled and lives as long as any copy.
class CancelToken {
 public:
  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  bool cancelled() const { return flag_->load(std::memory_order_relaxed); }
  const std::atomic<bool>* flag() const { return flag_.get(); }
  void cancel() { flag_->store(true, std::memory_order_relaxed); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

/// "Bad Request" for 400; "Unknown" for a status that is not in use here.
std::string_view reason_phrase(int status);

}  // namespace vigie::http
