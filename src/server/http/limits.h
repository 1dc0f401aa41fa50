#pragma once
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace vigie::http {

/// Every bound of the server, by name. A client that passes one gets the status written beside it and costs nobody else
/// anything. Tests set them small.
struct Limits {
  std::size_t header_bytes = 16 * 1024;  ///< 431
  std::size_t body_bytes = 1024 * 1024;  ///< 413
  /// Under these paths a body may be so much larger (or must be smaller).
  struct BodyLimit {
    std::string path;
    std::size_t bytes = 0;
  };
  std::vector<BodyLimit> body_bytes_under = {};
  std::size_t connections = 512;  ///< the one idle for longest makes room; none idle: 503
  std::size_t queue = 64;         ///< requests waiting for a worker: 429
  int workers = 0;                ///< 0: the machine's cores, at least 2

  std::chrono::milliseconds idle{60'000};    ///< between two requests of a connection; then it is closed
  std::chrono::milliseconds header{10'000};  ///< from the first byte of a request to the end of its header: 408
  std::chrono::milliseconds body{20'000};    ///< from there to the end of the body: 408
  std::chrono::milliseconds write{20'000};   ///< to take an answer, plus its size at `slowest_bytes_a_second`
  std::size_t slowest_bytes_a_second = 16 * 1024;

  /// A client that closed its sending side may still read, so a cheap answer is given; after this its query is
  /// interrupted.
  std::chrono::milliseconds half_closed{250};
  /// How long, and for how much, a refused client is still listened to, so that it sees why before the line is cut.
  std::chrono::milliseconds linger{1'000};
  std::size_t linger_bytes = 4 * 1024 * 1024;
  /// At a stop: for requests under way; then their queries are interrupted.
  std::chrono::milliseconds drain{5'000};
};

}  // namespace vigie::http
