// What a predicate compares with, prepared once so that each record costs little: strings are compared by their
// escaped text, integers as text or as 64 bits, other values by json/order.h. Internal to query/. Immutable;
// thread-safe. Refers to the value it is made from, which must outlive it.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "json/view.h"

namespace credvault::query {

/// A number as the record has it.
struct Number {
    bool is_int = true;
    std::int64_t integer = 0;
    double real = 0;  ///< Where it is no integer.
};

/// Precondition: a number.
Number read_number(const json::View& value);
std::strong_ordering compare(const Number& a, const Number& b);

/// What an optional value compares to; values of different types (API.md) don't compare.
using Comparison = std::optional<std::strong_ordering>;

class Operand {
public:
    explicit Operand(const json::Value& value);

    /// A missing value (null pointer) equals null.
    bool equals(const json::View* value) const;
    Comparison compare_to(const json::View* value) const;

private:
    bool equals_number(std::string_view text) const;
    std::strong_ordering compare_string(const json::View& value) const;

    const json::Value* value_;
    json::Type type_;
    Number number_;
    std::string text_;  ///< Canonical: of strings with their quotes.
};

/// The operands of $in and $all, searched in logarithmic time.
class ValueSet {
public:
    explicit ValueSet(const std::vector<const json::Value*>& values);

    /// The number of the operand that equals the value, or nothing. Equal operands share one number.
    std::optional<std::size_t> find(const json::View* value) const;
    bool contains(const json::View* value) const { return find(value).has_value(); }
    /// How many different operands there are; their numbers are below that.
    std::size_t size() const { return size_; }

private:
    struct NumberEntry {
        Number number;
        std::size_t id;
    };
    struct TextEntry {
        std::string escaped;
        std::size_t id;
    };
    struct ValueEntry {
        const json::Value* value;
        std::size_t id;
    };

    void add(const json::Value& value);
    void sort();

    std::size_t size_ = 0;
    std::optional<std::size_t> null_, true_, false_;
    std::vector<NumberEntry> numbers_;  ///< Sorted, as are the others.
    std::vector<TextEntry> strings_;
    std::vector<ValueEntry> others_;
};

}  // namespace credvault::query
