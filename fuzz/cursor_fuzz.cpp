// Any text as a cursor: it is refused, or it is one that encode_cursor makes, and a plan goes on after its position.
// Then the bytes as a position inside a cursor whose check is right: it is refused, or it is a position.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "query/cursor.h"
#include "query/planner.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void go_on(const query::Cursor& cursor, const query::Sort& sort) {
    static const query::Filter filter;
    static const std::vector<query::IndexShape> indexes = {{"a", {*query::parse_sort("age,-name"), false}},
                                                           {"b", {*query::parse_sort("-age"), false}}};
    const query::QueryShape query{filter, sort, false, true};
    query::Plan plan = query::make_plan(query, indexes);
    if (plan.ordered) query::continue_after(plan, cursor.position, query, indexes);
    for (const query::KeyRange& range : plan.ranges) require(range.high.empty() || range.low < range.high);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const std::string_view words : {"", "-id", "age,-name", "-age,name", "-age"}) {
        const query::Sort sort = *query::parse_sort(words);
        const std::uint64_t fingerprint = query::fingerprint_of("{}", sort);
        const auto sent = query::decode_cursor(text, fingerprint, sort);
        if (sent.ok()) {
            const auto again =
                query::decode_cursor(query::encode_cursor(*sent, fingerprint), fingerprint, sort);
            require(again.ok() && again->position == sent->position && again->total == sent->total);
            go_on(*sent, sort);
        }
        const query::Cursor made{std::string(text), size, false};
        const auto position =
            query::decode_cursor(query::encode_cursor(made, fingerprint), fingerprint, sort);
        if (position.ok()) go_on(*position, sort);
    }
    return 0;
}
