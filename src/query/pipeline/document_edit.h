// Writing a document with one field changed: a path through objects (never through arrays), made where it is not there.
// Internal to query/pipeline/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/view.h"
#include "query/path.h"

namespace credvault::query {

/// The value at the path, through objects only.
std::optional<json::View> nested_field(const json::View& document, const Path& path);
/// Appends the document with the value (canonical text) at the path; without a value the field is left out. What stands
/// in the way and is no object is replaced by one.
void append_with_field(std::string& out, const json::View& document, const Path& path,
                       std::optional<std::string_view> value);

}  // namespace credvault::query
