// The values that a record has for a path, as sorting and indexes see them. Unlike a filter (path_walk.h) this gives
// every record at least one value: null where a field is missing or its path leads through something that is no
// object, the mark of an empty array where an array has no element. Otherwise an array's elements stand for it, at the
// path's end and on the way there; an array that is an element is a value itself. A number in a path is a position
// where the array has one, else a name. Internal to query/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "json/view.h"
#include "query/path.h"

namespace credvault::query {

/// How far a path leads before it comes to an array that is to be entered.
struct KeyStep {
    enum class Kind : std::uint8_t { Missing, Value, Array };
    Kind kind = Kind::Missing;
    bool positional = false;  ///< An array was passed by position.
    std::size_t part = 0;     ///< Of Array: the first part that is left for its elements.
    json::View value;         ///< Of Value and Array.
};

/// Follows a path from the record.
KeyStep first_step(const json::View& record, const Path& path);
/// Follows what is left of it, from `part` on, from an element of the array that the step before came to.
KeyStep next_step(const json::View& element, const Path& path, std::size_t part);

/// Appends the encoding of what a step came to. Precondition: no array.
void append_step(std::string& out, const KeyStep& step, bool descending);
/// Appends the mark of an empty array.
void append_empty_array(std::string& out, bool descending);

}  // namespace credvault::query
