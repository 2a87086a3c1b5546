#include "json/order.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <deque>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "json/writer.h"

namespace credvault::json {
namespace {

using Ordering = std::strong_ordering;

Ordering reversed(Ordering order) {
    if (std::is_eq(order)) return order;
    return std::is_lt(order) ? Ordering::greater : Ordering::less;
}

// What a View and a Value have in common, under one name.

std::string_view characters(const View& view, std::string& scratch) { return view.decoded(scratch); }
std::string_view characters(const Value& value, std::string&) { return value.as_string(); }

Elements elements(const View& view) { return view.elements(); }
const Value::Array& elements(const Value& value) { return value.as_array(); }

/// Decoded names; their addresses stay.
using Names = std::deque<std::string>;

struct ViewMember {
    std::string_view name;
    View view;
    const View& value() const { return view; }
};

struct ValueMember {
    std::string_view name;
    const Value* at;
    const Value& value() const { return *at; }
};

/// An object's members by their decoded names, sorted. They refer to the object and to `names`.
std::vector<ViewMember> sorted_members(const View& object, Names& names) {
    std::vector<ViewMember> members;
    for (const Member& member : object.members()) {
        std::string_view name = member.name;
        if (name.find('\\') != std::string_view::npos) {
            append_decoded(names.emplace_back(), name);
            name = names.back();
        }
        members.push_back({name, member.value});
    }
    std::ranges::sort(members, {}, &ViewMember::name);
    return members;
}

std::vector<ValueMember> sorted_members(const Value& object, Names&) {
    std::vector<ValueMember> members;
    members.reserve(object.as_object().size());
    for (const auto& member : object.as_object()) members.push_back({member.first, &member.second});
    std::ranges::sort(members, {}, &ValueMember::name);
    return members;
}

Ordering compare_doubles(double a, double b) {
    if (a < b) return Ordering::less;
    return a > b ? Ordering::greater : Ordering::equal;
}

template <class A, class B>
Ordering compare_any_numbers(const A& a, const B& b, bool a_is_int, bool b_is_int) {
    if (a_is_int && b_is_int) return a.as_int() <=> b.as_int();
    if (a_is_int) return compare_numbers(a.as_int(), b.as_double());
    if (b_is_int) return reversed(compare_numbers(b.as_int(), a.as_double()));
    return compare_doubles(a.as_double(), b.as_double());
}

template <class A, class B>
Ordering compare_values(const A& a, const B& b);

template <class A, class B>
Ordering compare_arrays(const A& a, const B& b) {
    auto&& left = elements(a);
    auto&& right = elements(b);
    auto it = left.begin();
    auto other = right.begin();
    for (; it != left.end() && other != right.end(); ++it, ++other) {
        if (const Ordering order = compare_values(*it, *other); std::is_neq(order)) return order;
    }
    if (it != left.end()) return Ordering::greater;
    return other != right.end() ? Ordering::less : Ordering::equal;
}

template <class A, class B>
Ordering compare_objects(const A& a, const B& b) {
    Names names;
    const auto left = sorted_members(a, names);
    const auto right = sorted_members(b, names);
    const std::size_t common = std::min(left.size(), right.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (const Ordering order = left[i].name <=> right[i].name; std::is_neq(order)) return order;
        if (const Ordering order = compare_values(left[i].value(), right[i].value()); order != 0)
            return order;
    }
    return left.size() <=> right.size();
}

template <class A, class B>
Ordering compare_values(const A& a, const B& b) {
    const Type type = a.type();
    const Type other = b.type();
    if (const Ordering order = order_rank(type) <=> order_rank(other); std::is_neq(order)) return order;
    switch (type) {
        case Type::Null: break;
        case Type::Bool: return a.as_bool() <=> b.as_bool();
        case Type::Int:
        case Type::Double: return compare_any_numbers(a, b, type == Type::Int, other == Type::Int);
        case Type::String: {
            std::string scratch;
            std::string other_scratch;
            return characters(a, scratch) <=> characters(b, other_scratch);
        }
        case Type::Array: return compare_arrays(a, b);
        case Type::Object: return compare_objects(a, b);
    }
    return Ordering::equal;
}

template <class A, class B>
bool equal_values(const A& a, const B& b);

template <class A, class B>
bool equal_arrays(const A& a, const B& b) {
    auto&& left = elements(a);
    auto&& right = elements(b);
    auto it = left.begin();
    auto other = right.begin();
    for (; it != left.end() && other != right.end(); ++it, ++other) {
        if (!equal_values(*it, *other)) return false;
    }
    return it == left.end() && other == right.end();
}

template <class A, class B>
bool equal_objects(const A& a, const B& b) {
    Names names;
    const auto left = sorted_members(a, names);
    const auto right = sorted_members(b, names);
    return std::ranges::equal(left, right, [](const auto& one, const auto& two) {
        return one.name == two.name && equal_values(one.value(), two.value());
    });
}

template <class A, class B>
bool equal_values(const A& a, const B& b) {
    const Type type = a.type();
    const Type other = b.type();
    if (order_rank(type) != order_rank(other)) return false;
    if (type == Type::Array) return equal_arrays(a, b);
    if (type == Type::Object) return equal_objects(a, b);
    return std::is_eq(compare_values(a, b));
}

}  // namespace

Ordering compare_numbers(std::int64_t a, double b) {
    constexpr double limit = 9223372036854775808.0;  // 2^63
    if (b >= limit) return Ordering::less;
    if (b < -limit) return Ordering::greater;
    const double whole = std::trunc(b);
    const Ordering order = a <=> static_cast<std::int64_t>(whole);
    return std::is_neq(order) ? order : compare_doubles(whole, b);
}

Ordering compare(const View& a, const View& b) {
    return a.text() == b.text() ? Ordering::equal : compare_values(a, b);
}
Ordering compare(const Value& a, const Value& b) { return compare_values(a, b); }
Ordering compare(const View& a, const Value& b) { return compare_values(a, b); }

bool equal(const View& a, const View& b) {
    // The same text is the same value; the other way round it holds for strings only.
    if (a.text() == b.text()) return true;
    return !a.is_string() && equal_values(a, b);
}
bool equal(const Value& a, const Value& b) { return equal_values(a, b); }
bool equal(const View& a, const Value& b) { return equal_values(a, b); }

}  // namespace credvault::json
