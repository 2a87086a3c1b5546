// Two JSON values, one to a line: their keys must compare as they do, in both directions, end by themselves and stand
// in an index as they are. Then the bytes as they are, taken for a key.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "json/order.h"
#include "query/key.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

std::string key_of(const json::View& value, bool descending) {
    std::string key;
    query::append_key(key, value, descending);
    std::string same;
    query::append_key(same, json::Value(value), descending);
    require(key == same);
    const auto length = query::key_length(key + "\x7f", descending);
    require(length.ok() && *length == key.size());
    return key;
}

void check_entries(const std::string& a, const std::string& b) {
    const std::string record = R"({"id":"i","a":)" + a + R"(,"b":{"c":)" + b + "}}";
    for (const std::string_view fields : {"a", "-a,b.c", "b.c.x,a", "a.0.x"}) {
        const query::IndexFields index{*query::parse_sort(fields), false};
        const auto keys = query::index_keys(json::View(record), index);
        if (!keys.ok()) continue;
        require(!keys->entries.empty() && keys->entries.front().least && keys->entries.back().greatest);
        for (const query::IndexEntry& entry : keys->entries) {
            const std::string_view values = query::values_of_entry(entry.key, index);
            const bool descending = query::id_descending(index.fields);
            require(*query::decode_id_key(std::string_view(entry.key).substr(values.size()), descending) ==
                    "i");
        }
        // Sorting by one field goes by the same bytes; what is cut, by more.
        std::string position;
        query::append_position(position, json::View(record), index.fields);
        if (index.fields.size() == 1 && !keys->cut) require(keys->entries.front().key == position);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const bool descending : {false, true}) {
        const auto length = query::key_length(text, descending);
        require(!length.ok() || *length <= size);
        (void)query::decode_id_key(text, descending);
    }
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto a = json::canonicalize(text.substr(0, line), {50});
    const auto b = json::canonicalize(text.substr(line + 1), {50});
    if (!a.ok() || !b.ok()) return 0;
    const auto order = json::compare(json::View(*a), json::View(*b));
    require((key_of(json::View(*a), false).compare(key_of(json::View(*b), false)) <=> 0) == order);
    require((key_of(json::View(*b), true).compare(key_of(json::View(*a), true)) <=> 0) == order);
    check_entries(*a, *b);
    return 0;
}
