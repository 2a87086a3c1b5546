// How large values are in bytes.
#include "query/expression/families.h"
#include "query/expression/text_argument.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

Result<Item> binary_size(const Call& call, Arguments arguments) {
    if (!arguments[0].is_string()) return call.wrong_type("the argument must be a string", arguments[0]);
    return Item(static_cast<std::int64_t>(TextArgument(arguments[0])->size()));
}

/// The bytes that the object takes in a record.
Result<Item> object_size(const Call& call, Arguments arguments) {
    const Item& object = arguments[0];
    if (!object.is_object()) return call.wrong_type("the argument must be an object", object);
    if (object.view() != nullptr) return Item(static_cast<std::int64_t>(object.view()->text().size()));
    TRY_VOID(call.charge(object.bytes()));
    return Item(static_cast<std::int64_t>(object.text().size()));
}

constexpr Operator table[] = {
    {.name = "$binarySize", .least = 1, .most = 1, .apply = binary_size, .nullish = Nullish::MakesNull},
    {.name = "$bsonSize", .least = 1, .most = 1, .apply = object_size, .nullish = Nullish::MakesNull},
};

}  // namespace

std::span<const Operator> size_operators() { return table; }

}  // namespace credvault::query
