#include <algorithm>
#include <unordered_map>

#include "json/writer.h"
#include "query/expression/argument.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// Sets a member at its place, or at the end; what is missing removes it.
void set_member(Item::Object& members, const std::string& name, const Item& value) {
    const auto place = std::ranges::find(members, name, &Item::Member::first);
    if (value.is_missing()) {
        if (place != members.end()) members.erase(place);
    } else if (place != members.end()) {
        place->second = value;
    } else {
        members.emplace_back(name, value);
    }
}

Result<Item> merge_objects(const Call& call, Arguments arguments) {
    constexpr std::size_t bytes_per_member = 128;
    Item::Object merged;
    std::unordered_map<std::string, std::size_t> places;
    for (const Item& argument : arguments) {
        if (argument.is_nullish()) continue;
        TRY_VOID(need_object(call, argument, "each argument"));
        TRY_VOID(call.charge(argument.size() * bytes_per_member));
        for (auto& [name, value] : argument.object()) {
            const auto [place, added] = places.try_emplace(name, merged.size());
            if (added) {
                merged.emplace_back(name, value);
            } else {
                merged[place->second].second = value;
            }
        }
    }
    return call.object(std::move(merged));
}

Result<Item> get_field(const Call& call, Arguments arguments) {
    if (!arguments[0].is_string()) return call.wrong_type("field must be a string", arguments[0]);
    if (arguments[1].is_null()) return Item(nullptr);
    std::string scratch;
    return arguments[1].find(arguments[0].string(scratch));
}

Result<Item> set_field(const Call& call, Arguments arguments) {
    const Item& input = arguments[1];
    if (input.is_nullish()) return Item(nullptr);
    TRY_VOID(need_object(call, input, "input"));
    constexpr std::size_t bytes_per_member = 64;
    TRY_VOID(call.charge(input.size() * bytes_per_member));
    Item::Object members = input.object();
    set_member(members, arguments[0].string(), arguments[2]);
    return call.object(std::move(members));
}

class FieldOperatorNode final : public ExpressionNode {
public:
    /// The arguments are field, input and, but for $getField, value.
    FieldOperatorNode(std::string_view name, Operator::Apply apply, std::vector<NodePtr> arguments)
        : name_(name), apply_(apply), arguments_(std::move(arguments)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(run(evaluation));
    }

private:
    Result<Item> run(Evaluation& evaluation) const {
        if (!evaluation.spend(1)) return evaluation.exhausted();
        std::vector<Item> values;
        for (const NodePtr& argument : arguments_) {
            TRY(Item value, argument->evaluate(evaluation));
            values.push_back(std::move(value));
        }
        return apply_(Call{name_, evaluation}, values);
    }

    std::string_view name_;
    Operator::Apply apply_;
    std::vector<NodePtr> arguments_;
};

/// A field's name that has to be known when the expression is parsed.
Result<NodePtr> constant_name(ExpressionParser& parser, const json::View& field) {
    TRY(NodePtr name, parser.expression("field", field));
    if (name->constant() != nullptr && name->constant()->is_string()) return name;
    return parser.wrong(
        "field must be a string; one that begins with $ is written as {\"$literal\": \"$…\"}");
}

Result<NodePtr> parse_get_field(ExpressionParser& parser, const json::View& argument) {
    std::vector<NodePtr> arguments(2);
    const bool long_form =
        argument.is_object() && !argument.empty() && !(*argument.members().begin()).name.starts_with('$');
    if (long_form) {
        TRY(const auto given, parser.named(argument, "field input", ""));
        TRY(arguments[0], parser.expression("field", *given[0]));
        TRY(arguments[1], parser.expression("input", *given[1]));
    } else {
        TRY(arguments[0], parser.expression("field", argument));
        TRY(arguments[1], parser.expression("input", json::View(R"("$$CURRENT")")));
    }
    const Item* name = arguments[0]->constant();
    if (name != nullptr && !name->is_string()) return parser.wrong("field must be a string");
    return NodePtr(std::make_unique<FieldOperatorNode>("$getField", get_field, std::move(arguments)));
}

Result<NodePtr> parse_set_field(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "field input value", ""));
    std::vector<NodePtr> arguments(3);
    TRY(arguments[0], constant_name(parser, *given[0]));
    TRY(arguments[1], parser.expression("input", *given[1]));
    TRY(arguments[2], parser.expression("value", *given[2]));
    return NodePtr(std::make_unique<FieldOperatorNode>("$setField", set_field, std::move(arguments)));
}

Result<NodePtr> parse_unset_field(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "field input", ""));
    std::vector<NodePtr> arguments(3);
    TRY(arguments[0], constant_name(parser, *given[0]));
    TRY(arguments[1], parser.expression("input", *given[1]));
    TRY(arguments[2], parser.expression("value", json::View(R"("$$REMOVE")")));
    return NodePtr(std::make_unique<FieldOperatorNode>("$unsetField", set_field, std::move(arguments)));
}

constexpr Operator table[] = {
    {.name = "$getField", .parse = parse_get_field},
    {.name = "$mergeObjects", .least = 0, .most = any_number, .apply = merge_objects},
    {.name = "$setField", .parse = parse_set_field},
    {.name = "$unsetField", .parse = parse_unset_field},
};

}  // namespace

std::span<const Operator> object_operators() { return table; }

}  // namespace credvault::query
