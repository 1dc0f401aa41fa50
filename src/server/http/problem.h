#pragma once
#include "base/result.h"
#include "server/http/message.h"
#include "tongue/language.h"

namespace vigie::http {

/// An Error as an RFC 9457 problem (`application/problem+json`): type, title, status, detail, code, and where known the
/// parameter (or the file, under the same name), line and column, what to do, and the request's id, which the log holds
/// too. `kind` says who has to act, so that the command line ends with the same exit code whether or not a server
/// answers it. Title, detail and hint are in the language of the request, which Content-Language names.
Response problem(int status, const Error& error, const Request& request);
Response problem(const Error& error, const Request& request);  ///< with status_of(error)

/// check_failed, usage, data, unavailable, internal; and back.
std::string_view name_of(ErrorKind kind);
std::optional<ErrorKind> error_kind(std::string_view name);

/// 404 for names in a path, 401 for a signature, 413 and 415 for what is too large or no kind we read, 400 for other
/// bad questions, 422 for data, 499 when the client left, 503 (with Retry-After) for what is not there or took too
/// long, 500 for our own mistakes.
int status_of(const Error& error);

/// The language that the request asks for: `language=fr` in its query string, else its Accept-Language, else English.
tongue::Language language_of(const Request& request);

/// The same object for a batch, where one question may fail alone: {"type":…,"title":…,"status":…}.
std::string problem_json(int status, const Error& error, const Request& request);

}  // namespace vigie::http
