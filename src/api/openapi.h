// The OpenAPI 3.1 document of the endpoints, from their declarations and the examples that were recorded.
#pragma once

#include <string>
#include <vector>

#include "api/operation.h"

namespace credvault::api {

/// Where the API is reached, as the document's `servers` say; none: where the document came from. Of the whole process:
/// once, before the first document is made.
void set_api_servers(std::vector<std::string> urls);

extern const Endpoint get_openapi_yaml;

/// Canonical JSON. Paths and operations come in the endpoints' order.
std::string openapi_document(const std::vector<const Endpoint*>& endpoints);

}  // namespace credvault::api
