#include "query/update/modifier.h"

#include <algorithm>

#include "query/path.h"

namespace credvault::query {
namespace {

struct Named {
    std::string_view name;
    ModifierMaker make;
};

constexpr Named makers[] = {{"$set", make_set},
                            {"$unset", make_unset},
                            {"$inc", make_inc},
                            {"$mul", make_mul},
                            {"$min", make_min},
                            {"$max", make_max},
                            {"$setOnInsert", make_set_on_insert},
                            {"$currentDate", make_current_date},
                            {"$push", make_push},
                            {"$addToSet", make_add_to_set},
                            {"$pop", make_pop},
                            {"$pull", make_pull},
                            {"$pullAll", make_pull_all},
                            {"$bit", make_bit}};

}  // namespace

ModifierMaker find_modifier(std::string_view op) {
    const auto* const found = std::ranges::find(makers, op, &Named::name);
    return found == std::end(makers) ? nullptr : found->make;
}

Error wrong_argument(std::string_view op, std::string_view path, std::string_view what) {
    const std::string shown = shown_name(path);
    std::string message;
    message.append("'").append(op).append("' on '").append(shown).append("': ").append(what);
    return Error(ErrorCode::INVALID_UPDATE, std::move(message), shown);
}

Error Modifier::wrong(std::string_view what) const { return wrong_argument(op_, path_, what); }

std::string_view described_type(const json::View& value) {
    switch (value.type()) {
        case json::Type::Null: return "null";
        case json::Type::Bool: return "a boolean";
        case json::Type::Int:
        case json::Type::Double: return "a number";
        case json::Type::String: return "a string";
        case json::Type::Array: return "an array";
        case json::Type::Object: return "an object";
    }
    return "a value";
}

}  // namespace credvault::query
