// Media types and codings of a call: what the body is, and whether the client takes what is answered (RFC 9110,
// sections 8.3, 8.4 and 12.5.1). Pure functions on the call.
#pragma once

#include "api/call.h"
#include "base/result.h"

namespace credvault::api {

/// Sets the call's media_type. Fails with UNSUPPORTED_MEDIA_TYPE where there is a body that the endpoint takes and its
/// type, charset or coding is none that it reads. Without a body no Content-Type is wrong.
Status check_content_type(Call& call);
/// Fails with NOT_ACCEPTABLE where the client takes neither the endpoint's type nor JSON.
Status check_accept(Call& call);
/// Whether the client takes the endpoint's answer as a stream, and not as JSON.
bool wants_stream(const OperationInfo& operation, const http::Request& request);

}  // namespace credvault::api
