// What the groups of operations are about, for the OpenAPI document. Pure function.
#pragma once

#include <string_view>

namespace credvault::api {

/// A sentence; empty for a tag that has none yet, which a test tells.
std::string_view tag_description(std::string_view tag);

}  // namespace credvault::api
