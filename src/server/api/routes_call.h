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

/// A field that is there but empty says the same as one that is not.
Fields fields_of(const http::Request& request);
/// A GET names its KPI in the path; naming it again in the query string could only contradict.
Result<Fields> kpi_fields(const http::Request& request, const std::string& kpi);

}  // namespace vigie::api
