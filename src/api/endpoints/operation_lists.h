// What bulk writes and transactions share: their options, the errors they declare, and their answer.
#pragma once

#include <string>
#include <vector>

#include "api/endpoints/update_shapes.h"
#include "documents/bulk.h"

namespace credvault::api {

using OperationsDone = Resource<Raw<BulkOutcomeShape>>;

/// For a caller whose key, if any, has begun. Takes what the engine is to be told of it.
documents::BulkOptions bulk_options(Context& context, KeyedWrite& keyed);
/// The errors of operations in a list.
std::vector<ErrorCode> errors_of_operations();
/// The answer, made now or kept from the first time. What violates a schema that only warns is told by the results.
OperationsDone operations_done(std::string data);

}  // namespace credvault::api
