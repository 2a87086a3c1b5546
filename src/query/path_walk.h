// How a filter's path visits a record, as MongoDB's queries do: an array met on the way is entered, each of its objects
// followed by name, and the element at a position too where the next part is a number; an array at the end is visited
// element by element and then as a whole. A field that is not there is visited as missing. Internal to query/; inline
// because it runs on every record examined. Recursion is bounded by the parts of the path and the record's depth.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "json/view.h"
#include "query/path.h"

namespace credvault::query {

/// Whether an array at the end of a path is also visited element by element.
enum class LeafArrays : bool { Whole, Elements };

/// The position of the outermost array element on the way to a value.
using Position = std::optional<std::uint32_t>;

/// An object's member by name; an array's element by position.
inline std::optional<json::View> child_of(const json::View& parent, const PathPart& part) {
    if (parent.is_object()) return parent.find(part.escaped);
    if (!parent.is_array() || !part.index) return std::nullopt;
    std::uint32_t index = 0;
    for (const json::View element : parent.elements()) {
        if (index++ == *part.index) return element;
    }
    return std::nullopt;
}

/// Visits the values of one path in one record. Visit is bool(const json::View* value, Position position), the value
/// being null where it is missing; true ends the walk.
template <class Visit>
class PathWalk {
public:
    PathWalk(std::span<const PathPart> parts, LeafArrays leaf, Visit& visit)
        : parts_(parts), leaf_(leaf), visit_(visit) {
        std::size_t numbers = 0;
        for (const PathPart& part : parts) numbers += part.index ? 1 : 0;
        ambiguous_ = numbers > 2;
    }

    /// Walks on from the value of the path's first part (null: missing). Returns what the last visit returned.
    bool from(const json::View* first) { return value_at(first, 0, std::nullopt); }

private:
    /// `value` is what part `part` names.
    bool value_at(const json::View* value, std::size_t part, Position position) {
        if (value == nullptr) return visit_(nullptr, position);
        if (value->is_array()) {
            const bool at_end = part + 1 == parts_.size();
            if (at_end && leaf_ == LeafArrays::Whole) return visit_(value, position);
            return array_at(*value, part + 1, position);
        }
        if (part + 1 == parts_.size()) return visit_(value, position);
        if (!value->is_object()) return visit_(nullptr, position);
        return object_at(*value, part + 1, position);
    }

    bool object_at(const json::View& object, std::size_t next, Position position) {
        if (been_at(object, next)) return false;
        const std::optional<json::View> value = child_of(object, parts_[next]);
        return value_at(value ? &*value : nullptr, next, position);
    }

    bool array_at(const json::View& array, std::size_t next, Position outer) {
        if (next == parts_.size()) return elements_of(array, outer);
        if (been_at(array, next)) return false;
        std::uint32_t index = 0;
        for (const json::View element : array.elements()) {
            const Position position = outer ? outer : index;
            const bool chosen = parts_[next].index == index++;
            if (element.is_object() && object_at(element, next, position)) return true;
            if (chosen && element_at(element, next, outer, position)) return true;
        }
        return false;
    }

    /// The element that part `next` chose by its position.
    bool element_at(const json::View& element, std::size_t next, Position outer, Position position) {
        if (next + 1 == parts_.size()) return visit_(&element, position);
        if (element.is_object()) return object_at(element, next + 1, outer);
        return element.is_array() && array_at(element, next + 1, outer);
    }

    bool elements_of(const json::View& array, Position outer) {
        std::uint32_t index = 0;
        for (const json::View element : array.elements()) {
            if (visit_(&element, outer ? outer : index)) return true;
            ++index;
        }
        return visit_(&array, outer);
    }

    /// Several numbers in a path can reach the same value in exponentially many ways; each is tried once.
    bool been_at(const json::View& value, std::size_t next) {
        return ambiguous_ && !seen_.emplace(value.text().data(), next).second;
    }

    std::span<const PathPart> parts_;
    LeafArrays leaf_;
    Visit& visit_;
    bool ambiguous_ = false;
    std::set<std::pair<const char*, std::size_t>> seen_;
};

}  // namespace credvault::query
