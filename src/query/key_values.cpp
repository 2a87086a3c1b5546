#include "query/key_values.h"

#include <algorithm>

#include "query/key.h"
#include "query/key_walk.h"

namespace credvault::query {
namespace {

void collect(FieldKeys& out, const KeyStep& step, const Path& path, bool descending) {
    if (step.kind != KeyStep::Kind::Array) return append_step(out.keys.emplace_back(), step, descending);
    if (step.value.empty()) return append_empty_array(out.keys.emplace_back(), descending);
    for (const json::View element : step.value.elements()) {
        collect(out, next_step(element, path, step.part), path, descending);
    }
}

}  // namespace

FieldKeys field_keys(const json::View& record, const Path& path, bool descending) {
    FieldKeys out;
    collect(out, first_step(record, path), path, descending);
    std::sort(out.keys.begin(), out.keys.end());
    out.keys.erase(std::unique(out.keys.begin(), out.keys.end()), out.keys.end());
    return out;
}

}  // namespace credvault::query
