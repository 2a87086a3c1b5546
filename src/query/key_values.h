// A field's encoded values in one record, uncut: what two records are compared by where their index keys were cut.
#pragma once

#include <string>
#include <vector>

#include "json/view.h"
#include "query/path.h"

namespace credvault::query {

struct FieldKeys {
    std::vector<std::string> keys;  ///< Sorted and unique; at least one.
};

FieldKeys field_keys(const json::View& record, const Path& path, bool descending);

}  // namespace credvault::query
