// From kinds of errors to HTTP statuses: the only place that knows both. Pure functions.
#pragma once

#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace credvault::api {

int status_of(ErrorKind kind);
/// Status, envelope and the fields that come with the error: WWW-Authenticate, Retry-After, Allow (where `allow` is not
/// empty).
http::Response error_response(const Error& error, std::string_view request_id, std::string_view allow = {});

}  // namespace credvault::api
