#pragma once
// Private to server/http: how its coroutines wait.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace vigie::http {

/// Waits in a coroutine, and gives the error beside the result instead of throwing it.
inline constexpr auto kAwaited = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace vigie::http
