// A computed value while an expression is evaluated: missing, a View borrowed from a record's (or the expression's)
// text, or a value of its own. Copies are cheap: what is built is shared and never changed. An Item that borrows, alone
// or inside what it holds, must not outlive the text; owned() and value() cut that tie.
// Different threads may read one Item; each needs its own copy to move from.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "json/value.h"
#include "json/view.h"
#include "query/operand.h"

namespace credvault::query {

class ItemElements;

class Item {
public:
    using Array = std::vector<Item>;
    using Member = std::pair<std::string, Item>;
    using Object = std::vector<Member>;  ///< Names are decoded and unique; no member is missing.

    /// Missing.
    Item() = default;
    Item(json::View borrowed) : data_(borrowed) {}
    Item(std::nullptr_t) : data_(nullptr) {}
    Item(bool value) : data_(value) {}
    Item(int value) : data_(std::int64_t{value}) {}
    Item(std::int64_t value) : data_(value) {}
    Item(double value) : data_(value) {}  ///< Precondition: finite.
    Item(const Number& number);           ///< Precondition: finite.
    Item(std::string value);              ///< A string, decoded.
    Item(Array elements);                 ///< Missing elements become null.
    Item(Object members);
    explicit Item(const json::Value& value);
    Item(const char*) = delete;

    bool is_missing() const { return data_.index() == 0; }
    bool is_null() const { return !is_missing() && type() == json::Type::Null; }
    bool is_nullish() const { return is_missing() || type() == json::Type::Null; }
    bool is_bool() const { return type() == json::Type::Bool; }
    bool is_number() const { return json::is_number(type()); }
    bool is_string() const { return type() == json::Type::String; }
    bool is_array() const { return type() == json::Type::Array; }
    bool is_object() const { return type() == json::Type::Object; }
    /// Null for what is missing.
    json::Type type() const;
    /// What counts as true: all but missing, null, false and 0.
    bool is_truthy() const;

    /// Preconditions for these: the type fits. as_double() takes integers too.
    bool as_bool() const;
    std::int64_t as_int() const;
    double as_double() const;
    Number number() const;
    /// A string's characters, without a copy where none is needed.
    std::string_view string(std::string& scratch) const;
    std::string string() const;

    /// An array's elements, for a loop: `for (const Item element : item.elements())`.
    ItemElements elements() const;
    /// The same as a vector.
    Array array() const;
    /// An object's members with decoded names.
    Object object() const;
    /// An object's member by its decoded name; missing where there is none, or where this is no object.
    Item find(std::string_view name) const;
    /// The number of elements or members.
    std::size_t size() const;

    /// The text that this Item borrows as a whole, or nothing.
    const json::View* view() const { return std::get_if<json::View>(&data_); }
    /// Appends the canonical text; null for what is missing.
    void append_text(std::string& out) const;
    std::string text() const;
    /// Deep copies that borrow nothing.
    Item owned() const;
    json::Value value() const;

    /// Roughly the memory that the value takes, written out: what it shares counts each time, what it borrows too
    /// unless it is borrowed as a whole.
    std::size_t bytes() const;
    /// Levels of arrays and objects that were built (not borrowed).
    std::size_t depth() const;

private:
    friend class ItemElements;
    struct BuiltArray;
    struct BuiltObject;

    const BuiltArray* built_array() const;
    const BuiltObject* built_object() const;
    /// What it counts inside another value.
    std::size_t bytes_inside() const;

    std::variant<std::monostate, std::nullptr_t, bool, std::int64_t, double, json::View,
                 std::shared_ptr<const std::string>, std::shared_ptr<const BuiltArray>,
                 std::shared_ptr<const BuiltObject>>
        data_;
};

/// Range over the elements of an array Item, which must outlive it.
class ItemElements {
public:
    class Iterator {
    public:
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        Iterator() = default;
        explicit Iterator(json::Elements::Iterator text) : text_(text) {}
        Iterator(const Item* at, const Item* end) : at_(at), end_(end) {}
        Item operator*() const { return at_ != nullptr ? *at_ : Item(*text_); }
        Iterator& operator++();
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& it, std::default_sentinel_t end) {
            return it.at_ != nullptr ? it.at_ == it.end_ : it.text_ == end;
        }

    private:
        json::Elements::Iterator text_;
        const Item* at_ = nullptr;
        const Item* end_ = nullptr;
    };
    explicit ItemElements(const Item& array) : array_(array) {}
    Iterator begin() const;
    std::default_sentinel_t end() const { return {}; }

private:
    const Item& array_;
};

/// The order of json/order.h; what is missing comes before null.
std::strong_ordering compare(const Item& a, const Item& b);
/// Missing equals nothing but missing.
bool equal(const Item& a, const Item& b);
/// "missing", "null", "bool", "int", "long", "double", "string", "array" or "object": MongoDB's names.
std::string_view type_name(const Item& item);

}  // namespace credvault::query
