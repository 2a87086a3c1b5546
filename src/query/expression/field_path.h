// A path into a value as expressions walk it: through objects by name, over arrays element by element, whose results
// make an array. A number in it is a name, never a position. Internal to query/. A value type.
#pragma once

#include <string_view>

#include "base/result.h"
#include "query/expression/evaluation.h"
#include "query/expression/item.h"
#include "query/path.h"

namespace credvault::query {

class FieldPath {
public:
    /// The empty path, which leads to the value itself.
    FieldPath() = default;
    /// Parses "a.b". Fails with INVALID_EXPRESSION on empty parts and on parts that begin with a dollar sign.
    static Result<FieldPath> parse(std::string_view text);

    /// What the path leads to from this value. It borrows from what the value borrows from.
    Result<Item> from(const Item& value, Evaluation& evaluation) const;
    const std::string& text() const { return path_.text; }
    bool empty() const { return path_.parts.empty(); }

private:
    Path path_;
};

}  // namespace credvault::query
