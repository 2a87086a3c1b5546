#include "documents/distinct.h"

#include <utility>

#include "query/key.h"

namespace credvault::documents {

bool DistinctSink::row(const storage::Row& row) {
    walk(row.record, 0, false);
    return !too_large();
}

void DistinctSink::restart() {
    values_.clear();
    bytes_ = 0;
}

void DistinctSink::walk(const json::View& value, std::size_t part, bool from_array) {
    if (part == path_.parts.size()) {
        if (!value.is_array()) return add(value);
        for (const json::View element : value.elements()) add(element);
        return;
    }
    const query::PathPart& step = path_.parts[part];
    if (value.is_object()) {
        if (const auto member = value.find(step.escaped)) walk(*member, part + 1, false);
        return;
    }
    if (!value.is_array() || from_array) return;
    std::uint32_t position = 0;
    for (const json::View element : value.elements()) {
        if (step.index && *step.index == position) walk(element, part + 1, false);
        if (element.is_object()) walk(element, part, true);
        ++position;
    }
}

void DistinctSink::add(const json::View& value) {
    std::string key;
    query::append_key(key, value);
    const auto [at, added] = values_.try_emplace(std::move(key), value.text());
    if (added) bytes_ += at->first.size() + at->second.size() + 64;
}

std::string DistinctSink::values() const {
    std::string text = "[";
    for (const auto& [key, value] : values_) {
        if (text.size() > 1) text += ',';
        text += value;
    }
    text += ']';
    return text;
}

}  // namespace credvault::documents
