#include "query/key_walk.h"

#include <cassert>
#include <optional>

#include "query/key.h"
#include "query/key_bytes.h"

namespace credvault::query {
namespace {

std::optional<json::View> element_at(const json::View& array, const PathPart& part) {
    if (!part.index) return std::nullopt;
    std::uint32_t index = 0;
    for (const json::View element : array.elements()) {
        if (index++ == *part.index) return element;
    }
    return std::nullopt;
}

KeyStep follow(json::View value, const Path& path, std::size_t part) {
    KeyStep step;
    for (;; ++part) {
        const bool is_array = value.is_array();
        if (part == path.parts.size()) {
            step.kind = is_array ? KeyStep::Kind::Array : KeyStep::Kind::Value;
            break;
        }
        const PathPart& next = path.parts[part];
        const std::optional<json::View> child = is_array ? element_at(value, next) : value.find(next.escaped);
        if (!child) {
            if (is_array) step.kind = KeyStep::Kind::Array;
            break;
        }
        step.positional |= is_array;
        value = *child;
    }
    step.value = value;
    step.part = part;
    return step;
}

}  // namespace

KeyStep first_step(const json::View& record, const Path& path) { return follow(record, path, 0); }

KeyStep next_step(const json::View& element, const Path& path, std::size_t part) {
    if (part == path.parts.size()) return {KeyStep::Kind::Value, false, part, element};
    if (element.is_object()) return follow(element, path, part);
    return {};
}

void append_step(std::string& out, const KeyStep& step, bool descending) {
    assert(step.kind != KeyStep::Kind::Array);
    append_key(out, step.kind == KeyStep::Kind::Value ? step.value : json::View(), descending);
}

void append_empty_array(std::string& out, bool descending) {
    const char tag = tag_empty_array;
    out.push_back(descending ? static_cast<char>(~tag) : tag);
}

}  // namespace credvault::query
