#include "query/operand.h"

#include <algorithm>

#include "json/order.h"
#include "json/writer.h"

namespace credvault::query {
namespace {

using Ordering = std::strong_ordering;

Ordering reversed(Ordering order) {
    if (order == Ordering::equal) return order;
    return order == Ordering::less ? Ordering::greater : Ordering::less;
}

Number number_of(const json::Value& value) {
    if (value.type() == json::Type::Int) return {true, value.as_int(), 0};
    return {false, 0, value.as_double()};
}

bool has_same_rank(json::Type type, const json::View& value) {
    switch (value.text()[0]) {
        case '"': return type == json::Type::String;
        case '{': return type == json::Type::Object;
        case '[': return type == json::Type::Array;
        case 'n': return type == json::Type::Null;
        case 't':
        case 'f': return type == json::Type::Bool;
        default: return json::is_number(type);
    }
}

}  // namespace

Number read_number(const json::View& value) {
    const std::string_view text = value.text();
    constexpr std::size_t safe_digits = 18;
    if (text.size() <= safe_digits) {
        const bool negative = text[0] == '-';
        std::int64_t integer = 0;
        std::size_t at = negative ? 1 : 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
            integer = integer * 10 + (text[at] - '0');
        if (at == text.size()) return {true, negative ? -integer : integer, 0};
    } else if (value.type() == json::Type::Int) {
        return {true, value.as_int(), 0};
    }
    return {false, 0, value.as_double()};
}

Ordering compare(const Number& a, const Number& b) {
    if (a.is_int && b.is_int) return a.integer <=> b.integer;
    if (a.is_int) return json::compare_numbers(a.integer, b.real);
    if (b.is_int) return reversed(json::compare_numbers(b.integer, a.real));
    return a.real < b.real ? Ordering::less : a.real > b.real ? Ordering::greater : Ordering::equal;
}

Operand::Operand(const json::Value& value) : value_(&value), type_(value.type()) {
    if (value.is_number()) number_ = number_of(value);
    if (!value.is_array() && !value.is_object()) text_ = value.text();
}

bool Operand::equals_number(std::string_view text) const {
    if (text == text_) return true;
    return compare(read_number(json::View(text)), number_) == Ordering::equal;
}

bool Operand::equals(const json::View* value) const {
    if (value == nullptr) return type_ == json::Type::Null;
    switch (type_) {
        case json::Type::Null: return value->is_null();
        case json::Type::Bool:
        case json::Type::String: return value->text() == text_;
        case json::Type::Int:
        case json::Type::Double: return value->is_number() && equals_number(value->text());
        case json::Type::Array: return value->is_array() && json::equal(*value, *value_);
        case json::Type::Object: return value->is_object() && json::equal(*value, *value_);
    }
    return false;
}

Ordering Operand::compare_string(const json::View& value) const {
    std::string scratch;
    return value.decoded(scratch) <=> std::string_view(value_->as_string());
}

Comparison Operand::compare_to(const json::View* value) const {
    if (value == nullptr) return type_ == json::Type::Null ? Comparison(Ordering::equal) : std::nullopt;
    if (!has_same_rank(type_, *value)) return std::nullopt;
    if (json::is_number(type_)) return compare(read_number(*value), number_);
    if (type_ == json::Type::String) return compare_string(*value);
    return json::compare(*value, *value_);
}

ValueSet::ValueSet(const std::vector<const json::Value*>& values) {
    for (const json::Value* value : values) add(*value);
    sort();
}

void ValueSet::add(const json::Value& value) {
    const std::size_t id = size_++;
    switch (value.type()) {
        case json::Type::Null: null_ = id; break;
        case json::Type::Bool: (value.as_bool() ? true_ : false_) = id; break;
        case json::Type::Int:
        case json::Type::Double: numbers_.push_back({number_of(value), id}); break;
        case json::Type::String: strings_.push_back({json::escape_key(value.as_string()), id}); break;
        case json::Type::Array:
        case json::Type::Object: others_.push_back({&value, id}); break;
    }
}

/// Sorts each kind, drops what is equal and numbers what is left anew.
void ValueSet::sort() {
    const auto tidy = [](auto& entries, auto less) {
        std::ranges::sort(entries, less);
        const auto equal = [&less](const auto& a, const auto& b) { return !less(a, b) && !less(b, a); };
        entries.erase(std::unique(entries.begin(), entries.end(), equal), entries.end());
    };
    tidy(numbers_, [](const auto& a, const auto& b) { return std::is_lt(compare(a.number, b.number)); });
    tidy(strings_, [](const auto& a, const auto& b) { return a.escaped < b.escaped; });
    tidy(others_, [](const auto& a, const auto& b) { return std::is_lt(json::compare(*a.value, *b.value)); });
    size_ = 0;
    for (auto* single : {&null_, &true_, &false_}) {
        if (*single) *single = size_++;
    }
    for (auto& entry : numbers_) entry.id = size_++;
    for (auto& entry : strings_) entry.id = size_++;
    for (auto& entry : others_) entry.id = size_++;
}

std::optional<std::size_t> ValueSet::find(const json::View* value) const {
    if (value == nullptr || value->is_null()) return null_;
    const auto search = [](const auto& entries, auto before) -> std::optional<std::size_t> {
        const auto found = std::ranges::partition_point(
            entries, [&](const auto& entry) { return std::is_lt(before(entry)); });
        if (found == entries.end() || before(*found) != Ordering::equal) return std::nullopt;
        return found->id;
    };
    switch (value->text()[0]) {
        case 't': return true_;
        case 'f': return false_;
        case '"':
            return search(strings_, [text = value->escaped()](const TextEntry& entry) -> Ordering {
                return std::string_view(entry.escaped) <=> text;
            });
        case '{':
        case '[':
            return search(others_, [value](const ValueEntry& entry) {
                return reversed(json::compare(*value, *entry.value));
            });
        default:
            return search(numbers_, [number = read_number(*value)](const NumberEntry& entry) {
                return compare(entry.number, number);
            });
    }
}

}  // namespace credvault::query
