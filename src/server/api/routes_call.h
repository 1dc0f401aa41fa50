#pragma once
// Private to api/: one request on its way through the routes.
#include "server/api/routes.h"

namespace vigie::api {

/// What the route's `{name}` stood for, if it has one.
struct Routes::Call {
  const http::Request& request;
  const http::CancelToken& token;
  std::string name;
};

}  // namespace vigie::api
