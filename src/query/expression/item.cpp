#include "query/expression/item.h"

#include <algorithm>
#include <limits>

#include "json/order.h"
#include "json/writer.h"

namespace credvault::query {
namespace {

using json::Type;

constexpr std::size_t member_overhead = 32;  // The string object around a member's name.

}  // namespace

struct Item::BuiltArray {
    Array elements;
    std::size_t bytes;
    std::size_t depth;
};

struct Item::BuiltObject {
    Object members;
    std::size_t bytes;
    std::size_t depth;
};

Item::Item(const Number& number) {
    if (number.is_int) {
        data_ = number.integer;
    } else {
        data_ = number.real;
    }
}

Item::Item(std::string value) : data_(std::make_shared<const std::string>(std::move(value))) {}

Item::Item(Array elements) {
    BuiltArray built{std::move(elements), sizeof(BuiltArray), 0};
    for (Item& element : built.elements) {
        if (element.is_missing()) element = nullptr;
        built.bytes += element.bytes_inside();
        built.depth = std::max(built.depth, element.depth());
    }
    ++built.depth;
    data_ = std::make_shared<const BuiltArray>(std::move(built));
}

Item::Item(Object members) {
    BuiltObject built{std::move(members), sizeof(BuiltObject), 0};
    for (const auto& [name, member] : built.members) {
        built.bytes += name.size() + member_overhead + member.bytes_inside();
        built.depth = std::max(built.depth, member.depth());
    }
    ++built.depth;
    data_ = std::make_shared<const BuiltObject>(std::move(built));
}

Item::Item(const json::Value& value) {
    switch (value.type()) {
        case Type::Null: data_ = nullptr; break;
        case Type::Bool: data_ = value.as_bool(); break;
        case Type::Int: data_ = value.as_int(); break;
        case Type::Double: data_ = value.as_double(); break;
        case Type::String: *this = Item(value.as_string()); break;
        case Type::Array: {
            Array elements;
            elements.reserve(value.as_array().size());
            for (const json::Value& element : value.as_array()) elements.emplace_back(element);
            *this = Item(std::move(elements));
            break;
        }
        case Type::Object: {
            Object members;
            members.reserve(value.as_object().size());
            for (const auto& [name, member] : value.as_object()) members.emplace_back(name, Item(member));
            *this = Item(std::move(members));
            break;
        }
    }
}

const Item::BuiltArray* Item::built_array() const {
    const auto* built = std::get_if<std::shared_ptr<const BuiltArray>>(&data_);
    return built != nullptr ? built->get() : nullptr;
}

const Item::BuiltObject* Item::built_object() const {
    const auto* built = std::get_if<std::shared_ptr<const BuiltObject>>(&data_);
    return built != nullptr ? built->get() : nullptr;
}

Type Item::type() const {
    static constexpr Type types[] = {Type::Null, Type::Null,   Type::Bool,  Type::Int,   Type::Double,
                                     Type::Null, Type::String, Type::Array, Type::Object};
    const json::View* borrowed = view();
    return borrowed != nullptr ? borrowed->type() : types[data_.index()];
}

bool Item::is_truthy() const {
    switch (type()) {
        case Type::Null: return false;
        case Type::Bool: return as_bool();
        case Type::Int: return as_int() != 0;
        case Type::Double: return as_double() != 0;
        default: return true;
    }
}

bool Item::as_bool() const { return view() != nullptr ? view()->as_bool() : std::get<bool>(data_); }

std::int64_t Item::as_int() const {
    return view() != nullptr ? view()->as_int() : std::get<std::int64_t>(data_);
}

double Item::as_double() const {
    if (view() != nullptr) return view()->as_double();
    const auto* integer = std::get_if<std::int64_t>(&data_);
    return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(data_);
}

Number Item::number() const {
    if (view() != nullptr) return read_number(*view());
    if (const auto* integer = std::get_if<std::int64_t>(&data_)) return {true, *integer, 0};
    return {false, 0, std::get<double>(data_)};
}

std::string_view Item::string(std::string& scratch) const {
    return view() != nullptr ? view()->decoded(scratch)
                             : std::string_view(*std::get<std::shared_ptr<const std::string>>(data_));
}

std::string Item::string() const {
    std::string scratch;
    return std::string(string(scratch));
}

ItemElements Item::elements() const { return ItemElements(*this); }

Item::Array Item::array() const {
    if (const BuiltArray* built = built_array()) return built->elements;
    Array elements;
    for (const json::View element : view()->elements()) elements.emplace_back(element);
    return elements;
}

Item::Object Item::object() const {
    if (const BuiltObject* built = built_object()) return built->members;
    Object members;
    for (const json::Member& member : view()->members()) {
        std::string name;
        json::append_decoded(name, member.name);
        members.emplace_back(std::move(name), member.value);
    }
    return members;
}

Item Item::find(std::string_view name) const {
    if (const BuiltObject* built = built_object()) {
        const auto found = std::ranges::find(built->members, name, &Member::first);
        return found == built->members.end() ? Item() : found->second;
    }
    if (view() == nullptr) return {};
    const std::optional<json::View> found = view()->find(json::escape_key(name));
    return found ? Item(*found) : Item();
}

std::size_t Item::size() const {
    if (const BuiltArray* built = built_array()) return built->elements.size();
    if (const BuiltObject* built = built_object()) return built->members.size();
    return view()->size();
}

void Item::append_text(std::string& out) const {
    if (view() != nullptr) {
        out.append(view()->text());
    } else if (const BuiltArray* array = built_array()) {
        out.push_back('[');
        for (const Item& element : array->elements) {
            if (&element != array->elements.data()) out.push_back(',');
            element.append_text(out);
        }
        out.push_back(']');
    } else if (const BuiltObject* object = built_object()) {
        out.push_back('{');
        for (const Member& member : object->members) {
            if (&member != object->members.data()) out.push_back(',');
            json::append_string(out, member.first);
            out.push_back(':');
            member.second.append_text(out);
        }
        out.push_back('}');
    } else {
        switch (type()) {
            case Type::Bool: out.append(as_bool() ? "true" : "false"); break;
            case Type::Int: json::append_int(out, as_int()); break;
            case Type::Double: json::append_double(out, as_double()); break;
            case Type::String:
                json::append_string(out, *std::get<std::shared_ptr<const std::string>>(data_));
                break;
            default: out.append("null");
        }
    }
}

std::string Item::text() const {
    std::string out;
    append_text(out);
    return out;
}

Item Item::owned() const {
    if (is_missing()) return {};
    switch (type()) {
        case Type::Null: return nullptr;
        case Type::Bool: return as_bool();
        case Type::Int: return as_int();
        case Type::Double: return as_double();
        case Type::String: return view() != nullptr ? Item(string()) : *this;
        case Type::Array: {
            Array elements = array();
            for (Item& element : elements) element = element.owned();
            return elements;
        }
        case Type::Object: {
            Object members = object();
            for (Member& member : members) member.second = member.second.owned();
            return members;
        }
    }
    return {};
}

json::Value Item::value() const {
    if (view() != nullptr) return json::Value(*view());
    switch (type()) {
        case Type::Null: return {};
        case Type::Bool: return as_bool();
        case Type::Int: return as_int();
        case Type::Double: return as_double();
        case Type::String: return string();
        case Type::Array: {
            json::Value::Array elements;
            for (const Item& element : built_array()->elements) elements.push_back(element.value());
            return elements;
        }
        case Type::Object: {
            json::Value::Object members;
            for (const auto& [name, member] : built_object()->members)
                members.emplace_back(name, member.value());
            return members;
        }
    }
    return {};
}

std::size_t Item::bytes() const {
    if (const auto* string = std::get_if<std::shared_ptr<const std::string>>(&data_))
        return (*string)->size();
    if (const BuiltArray* built = built_array()) return built->bytes;
    if (const BuiltObject* built = built_object()) return built->bytes;
    return 0;
}

std::size_t Item::bytes_inside() const {
    return sizeof(Item) + (view() != nullptr ? view()->text().size() : bytes());
}

std::size_t Item::depth() const {
    if (const BuiltArray* built = built_array()) return built->depth;
    if (const BuiltObject* built = built_object()) return built->depth;
    return 0;
}

ItemElements::Iterator ItemElements::begin() const {
    if (const Item::BuiltArray* built = array_.built_array()) {
        const Item* first = built->elements.data();
        return first == nullptr ? Iterator() : Iterator(first, first + built->elements.size());
    }
    return Iterator(array_.view()->elements().begin());
}

ItemElements::Iterator& ItemElements::Iterator::operator++() {
    if (at_ != nullptr) {
        ++at_;
    } else {
        ++text_;
    }
    return *this;
}

namespace {

std::strong_ordering compare_arrays(const Item& a, const Item& b) {
    const ItemElements left = a.elements();
    const ItemElements right = b.elements();
    auto it = left.begin();
    auto other = right.begin();
    for (; it != left.end() && other != right.end(); ++it, ++other) {
        if (const auto order = compare(*it, *other); std::is_neq(order)) return order;
    }
    if (it != left.end()) return std::strong_ordering::greater;
    return other != right.end() ? std::strong_ordering::less : std::strong_ordering::equal;
}

std::strong_ordering compare_objects(const Item& a, const Item& b) {
    Item::Object left = a.object();
    Item::Object right = b.object();
    std::ranges::sort(left, {}, &Item::Member::first);
    std::ranges::sort(right, {}, &Item::Member::first);
    const std::size_t common = std::min(left.size(), right.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (const auto order = left[i].first <=> right[i].first; std::is_neq(order)) return order;
        if (const auto order = compare(left[i].second, right[i].second); std::is_neq(order)) return order;
    }
    return left.size() <=> right.size();
}

}  // namespace

std::strong_ordering compare(const Item& a, const Item& b) {
    if (a.is_missing() || b.is_missing()) return !a.is_missing() <=> !b.is_missing();
    if (a.view() != nullptr && b.view() != nullptr) return json::compare(*a.view(), *b.view());
    const Type type = a.type();
    if (const auto order = json::order_rank(type) <=> json::order_rank(b.type()); std::is_neq(order))
        return order;
    switch (type) {
        case Type::Null: break;
        case Type::Bool: return a.as_bool() <=> b.as_bool();
        case Type::Int:
        case Type::Double: return compare(a.number(), b.number());
        case Type::String: {
            std::string scratch;
            std::string other_scratch;
            return a.string(scratch) <=> b.string(other_scratch);
        }
        case Type::Array: return compare_arrays(a, b);
        case Type::Object: return compare_objects(a, b);
    }
    return std::strong_ordering::equal;
}

bool equal(const Item& a, const Item& b) {
    if (a.view() != nullptr && b.view() != nullptr) return json::equal(*a.view(), *b.view());
    return std::is_eq(compare(a, b));
}

std::string_view type_name(const Item& item) {
    if (item.is_missing()) return "missing";
    switch (item.type()) {
        case Type::Null: return "null";
        case Type::Bool: return "bool";
        case Type::Int: {
            const std::int64_t value = item.as_int();
            const bool fits = value >= std::numeric_limits<std::int32_t>::min() &&
                              value <= std::numeric_limits<std::int32_t>::max();
            return fits ? "int" : "long";
        }
        case Type::Double: return "double";
        case Type::String: return "string";
        case Type::Array: return "array";
        case Type::Object: return "object";
    }
    return "missing";
}

}  // namespace credvault::query
