// Links of the OpenAPI document: from an answer that makes something to the operations that work on it.
#pragma once

#include <vector>

#include "api/operation.h"
#include "json/writer.h"

namespace credvault::api {

/// Writes the member `links` of a 201 of `maker`, a POST to "/v1/things": one to each of `all` below
/// "/v1/things/{thing}" that needs no more than the request's own path and what was made. Nothing where there are none.
void append_links(json::Writer& out, const Endpoint& maker, const std::vector<const Endpoint*>& all);

}  // namespace credvault::api
