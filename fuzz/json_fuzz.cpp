// Any text at all: it is refused, or its canonical form is stable, and reading it in place agrees with reading it into
// values. Then the bytes as they are, taken for canonical text: what is found in them must lie inside.
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "json/order.h"
#include "json/writer.h"

namespace {

using namespace credvault::json;

void require(bool holds) {
    if (!holds) std::abort();
}

void compare_trees(const View& view, const Value& value) {
    require(view.type() == value.type());
    require(std::is_eq(compare(view, value)) && equal(view, value));
    if (view.is_array()) {
        std::size_t i = 0;
        for (const View element : view.elements()) compare_trees(element, value.as_array()[i++]);
        require(i == value.as_array().size() && i == view.size());
    } else if (view.is_object()) {
        std::size_t i = 0;
        for (const Member& member : view.members()) {
            const auto& [name, owned] = value.as_object()[i++];
            require(escape_key(name) == member.name);
            const std::optional<View> found = view.find(member.name);
            require(found.has_value() && found->text().data() == member.value.text().data());
            compare_trees(member.value, owned);
        }
        require(i == value.as_object().size() && i == view.size());
    }
}

/// Every pair of elements of an outermost array.
void compare_elements(const Value& value) {
    if (!value.is_array() || value.as_array().size() > 16) return;
    for (const Value& a : value.as_array()) {
        for (const Value& b : value.as_array()) {
            const auto order = compare(a, b);
            require(std::is_lt(compare(b, a)) == std::is_gt(order));
            require(equal(a, b) == std::is_eq(order));
        }
    }
}

void check_sent(std::string_view text) {
    const auto canonical = canonicalize(text);
    if (!canonical.ok()) {
        require(!canonical.error().message.empty());
        return;
    }
    const auto again = canonicalize(*canonical);
    require(again.ok() && *again == *canonical);
    const auto value = parse(text);
    require(value.ok() && value->text() == *canonical);
    require(Value(View(*canonical)).text() == *canonical);
    compare_trees(View(*canonical), *value);
    compare_elements(*value);
}

void check_unchecked(std::string_view text) {
    if (text.empty()) return;
    const View view(text);
    const auto inside = [text](std::string_view part) {
        require(part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size());
    };
    for (const View element : view.elements()) inside(element.text());
    for (const Member& member : view.members()) {
        inside(member.name);
        inside(member.value.text());
    }
    if (const auto found = view.find("a")) inside(found->text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_sent(text);
    check_unchecked(text);
    return 0;
}
