// The JSON around every answer (API.md, "Envelope"), and the response fields that come from typed answers. Pure
// functions on a string or response that the caller owns.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "documents/listing.h"
#include "http/message.h"

namespace credvault::api {

/// Appends `{"status":"success","data":`; the data follows.
void begin_success(std::string& out);
/// Closes it.
void end_success(std::string& out);
/// Closes it with `"pagination":{…}`.
void end_success(std::string& out, const documents::Pagination& pagination);

/// The whole error envelope. The cause is no part of it.
std::string error_envelope(const Error& error, std::string_view request_id);

/// Sets the field; empty text sets nothing.
void put_etag(http::Response& to, std::string_view etag);
void put_location(http::Response& to, std::string_view location);
/// Tells of violations of a schema that only warns: ASCII JSON, as X-Schema-Violations.
void put_violations(http::Response& to, std::string_view violations);

}  // namespace credvault::api
