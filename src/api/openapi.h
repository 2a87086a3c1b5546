// The OpenAPI 3.1 document of the endpoints, from their declarations alone. Pure function.
#pragma once

#include <string>
#include <vector>

#include "api/operation.h"

namespace credvault::api {

/// Canonical JSON. Paths and operations come in the endpoints' order.
std::string openapi_document(const std::vector<const Endpoint*>& endpoints);

}  // namespace credvault::api
