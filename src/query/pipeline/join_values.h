// The values by which documents of two collections are joined, as $lookup, $graphLookup and $merge compare them: equal
// values have equal keys (group_key), what is missing is null. Pure.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "json/view.h"
#include "query/filter.h"
#include "query/path.h"

namespace credvault::query {

/// The values that a path leads to in the document that asks: an array's elements one by one; null where there is none.
std::vector<json::View> asking_values(const json::View& document, const Path& path);
/// The keys under which a document may be found by the path: those that a filter {path: {$in: […]}} would see.
std::vector<std::string> found_keys(const json::View& document, const Path& path);
std::string join_key(const json::View& value);

/// A filter for the documents that have one of these values at the path.
Filter filter_of_values(const Path& path, std::span<const std::string> texts);

}  // namespace credvault::query
