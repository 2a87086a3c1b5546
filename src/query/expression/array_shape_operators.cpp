// Operators between arrays and objects, and $zip.
#include <algorithm>
#include <unordered_map>

#include "query/expression/argument.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// Members of an object that is being built, where a later one of the same name replaces the earlier one at its place.
class Members {
public:
    void set(std::string name, Item value) {
        const auto [place, added] = places_.try_emplace(name, members_.size());
        if (added) {
            members_.emplace_back(std::move(name), std::move(value));
        } else {
            members_[place->second].second = std::move(value);
        }
    }
    Item::Object take() { return std::move(members_); }

private:
    Item::Object members_;
    std::unordered_map<std::string, std::size_t> places_;
};

/// The key and the value of an element: [key, value] or {k, v}.
Result<Item::Member> pair_of(const Call& call, const Item& element, bool as_array) {
    Item key;
    Item value;
    if (as_array) {
        if (!element.is_array())
            return call.wrong_type("after a [key, value] each element must be one", element);
        if (element.size() != 2) return call.wrong("each [key, value] must have exactly 2 elements");
        const Item::Array pair = element.array();
        key = pair[0];
        value = pair[1];
    } else {
        if (!element.is_object()) return call.wrong_type("after a {k, v} each element must be one", element);
        key = element.find("k");
        value = element.find("v");
        if (element.size() != 2 || key.is_missing() || value.is_missing()) {
            return call.wrong("each {k, v} must have exactly these two fields");
        }
    }
    if (!key.is_string()) return call.wrong_type("a key must be a string", key);
    return Item::Member(key.string(), std::move(value));
}

Result<Item> array_to_object(const Call& call, Arguments arguments) {
    TRY_VOID(need_array(call, arguments[0], "the argument"));
    constexpr std::size_t bytes_per_member = 128;
    TRY_VOID(call.charge(arguments[0].size() * bytes_per_member));
    Members members;
    std::optional<bool> as_array;
    for (const Item element : arguments[0].elements()) {
        TRY_VOID(call.spend(1));
        if (!as_array) {
            as_array = element.is_array();
            if (!*as_array && !element.is_object()) {
                return call.wrong_type("the elements must be [key, value] or {k, v}", element);
            }
        }
        TRY(Item::Member member, pair_of(call, element, *as_array));
        members.set(std::move(member.first), std::move(member.second));
    }
    return call.object(members.take());
}

Result<Item> object_to_array(const Call& call, Arguments arguments) {
    TRY_VOID(need_object(call, arguments[0], "the argument"));
    constexpr std::size_t bytes_per_pair = 256;
    TRY_VOID(call.charge(arguments[0].size() * bytes_per_pair));
    Item::Array pairs;
    for (auto& [name, value] : arguments[0].object()) {
        Item::Object pair;
        pair.reserve(2);
        pair.emplace_back("k", Item(name));
        pair.emplace_back("v", value);
        pairs.emplace_back(std::move(pair));
    }
    return call.array(std::move(pairs));
}

class ZipNode final : public ExpressionNode {
public:
    ZipNode(std::vector<NodePtr> inputs, std::vector<NodePtr> defaults, bool longest)
        : inputs_(std::move(inputs)), defaults_(std::move(defaults)), longest_(longest) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(run(Call{"$zip", evaluation}));
    }

private:
    Result<Item> run(const Call& call) const {
        std::vector<Item::Array> columns;
        bool null = false;
        for (const NodePtr& node : inputs_) {
            TRY(const Item input, node->evaluate(call.evaluation));
            null = null || input.is_nullish();
            if (null) continue;
            TRY_VOID(need_array(call, input, "each of inputs"));
            TRY_VOID(call.charge(input.size() * sizeof(Item)));
            columns.push_back(input.array());
        }
        if (null) return Item(nullptr);
        std::vector<Item> defaults(inputs_.size(), Item(nullptr));
        for (std::size_t i = 0; i < defaults_.size(); ++i) {
            TRY(defaults[i], defaults_[i]->evaluate(call.evaluation));
        }
        return rows(call, columns, defaults);
    }

    Result<Item> rows(const Call& call, const std::vector<Item::Array>& columns,
                      const std::vector<Item>& defaults) const {
        const auto [shortest, longest] = std::ranges::minmax(columns, {}, &Item::Array::size);
        const std::size_t count = longest_ ? longest.size() : shortest.size();
        TRY_VOID(call.spend(1 + count * columns.size()));
        Item::Array rows;
        for (std::size_t row = 0; row < count; ++row) {
            Item::Array cells;
            cells.reserve(columns.size());
            for (std::size_t i = 0; i < columns.size(); ++i) {
                cells.push_back(row < columns[i].size() ? columns[i][row] : defaults[i]);
            }
            rows.emplace_back(std::move(cells));
            TRY_VOID(call.charge(rows.back().bytes()));
        }
        return call.array(std::move(rows));
    }

    std::vector<NodePtr> inputs_;
    std::vector<NodePtr> defaults_;
    bool longest_;
};

Result<NodePtr> parse_zip(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "inputs", "useLongestLength defaults"));
    if (!given[0]->is_array() || given[0]->empty())
        return parser.wrong("inputs must be a non-empty array of expressions");
    TRY(std::vector<NodePtr> inputs, parser.arguments(*given[0], 1, any_number));
    const bool longest = given[1] && given[1]->type() == json::Type::Bool && given[1]->as_bool();
    if (given[1] && given[1]->type() != json::Type::Bool)
        return parser.wrong("useLongestLength must be true or false");
    std::vector<NodePtr> defaults;
    if (given[2]) {
        if (!longest) return parser.wrong("defaults need useLongestLength: true");
        if (!given[2]->is_array()) return parser.wrong("defaults must be an array of expressions");
        TRY(defaults, parser.arguments(*given[2], 0, any_number));
        if (defaults.size() != inputs.size()) return parser.wrong("there must be as many defaults as inputs");
    }
    return NodePtr(std::make_unique<ZipNode>(std::move(inputs), std::move(defaults), longest));
}

constexpr Operator table[] = {
    {.name = "$arrayToObject",
     .least = 1,
     .most = 1,
     .apply = array_to_object,
     .nullish = Nullish::MakesNull},
    {.name = "$objectToArray",
     .least = 1,
     .most = 1,
     .apply = object_to_array,
     .nullish = Nullish::MakesNull},
    {.name = "$zip", .parse = parse_zip},
};

}  // namespace

std::span<const Operator> array_shape_operators() { return table; }

}  // namespace credvault::query
