// Conditional requests for what is read: If-Match and If-None-Match on answers that have an ETag. Writes check theirs
// in the engine, in the transaction. Pure function on the call.
#pragma once

#include "api/call.h"
#include "base/result.h"

namespace credvault::api {

/// For a successful answer to GET or HEAD whose first field is its ETag (RFC 9110, section 13.2.2): turns it into 304
/// where If-None-Match names the ETag. Fails with PRECONDITION_FAILED where If-Match does not, and with
/// INVALID_PARAMETER where either is malformed. All other answers stay as they are.
Status check_conditions(Call& call, http::Response& response);

}  // namespace credvault::api
