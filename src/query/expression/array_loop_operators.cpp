#include "query/expression/argument.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"

namespace credvault::query {
namespace {

/// An array that a loop runs over; nothing where there is null or nothing.
Result<std::optional<Item>> loop_input(const ExpressionNode& input, std::string_view name,
                                       Evaluation& evaluation) {
    TRY(Item array, input.evaluate(evaluation));
    if (array.is_nullish()) return std::optional<Item>();
    TRY_VOID(need_array(Call{name, evaluation}, array, "input"));
    return std::optional<Item>(std::move(array));
}

struct Loop {
    NodePtr input;
    std::size_t slot;  ///< Of the element's variable.
    NodePtr body;
};

class MapNode final : public ExpressionNode {
public:
    explicit MapNode(Loop loop) : loop_(std::move(loop)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(run(evaluation));
    }

private:
    Result<Item> run(Evaluation& evaluation) const {
        TRY(const std::optional<Item> input, loop_input(*loop_.input, "$map", evaluation));
        if (!input) return Item(nullptr);
        Item::Array results;
        for (const Item element : input->elements()) {
            if (!evaluation.spend(1)) return evaluation.exhausted();
            evaluation.set_variable(loop_.slot, element);
            TRY(Item result, loop_.body->evaluate(evaluation));
            TRY_VOID(evaluation.charge(sizeof(Item)));
            results.push_back(std::move(result));
        }
        return Item(std::move(results));
    }

    Loop loop_;
};

class FilterNodeOfArray final : public ExpressionNode {
public:
    /// `limit` may be null.
    FilterNodeOfArray(Loop loop, NodePtr limit) : loop_(std::move(loop)), limit_(std::move(limit)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(run(evaluation));
    }

private:
    Result<std::size_t> limit(Evaluation& evaluation) const {
        constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
        if (limit_ == nullptr) return none;
        TRY(const Item given, limit_->evaluate(evaluation));
        if (given.is_nullish()) return none;
        const Call call{"$filter", evaluation};
        TRY(const std::int32_t limit, need_int32(call, given, "limit"));
        if (limit <= 0) return call.wrong("limit must be positive");
        return static_cast<std::size_t>(limit);
    }

    Result<Item> run(Evaluation& evaluation) const {
        TRY(const std::optional<Item> input, loop_input(*loop_.input, "$filter", evaluation));
        if (!input) return Item(nullptr);
        TRY(const std::size_t most, limit(evaluation));
        Item::Array results;
        for (const Item element : input->elements()) {
            if (!evaluation.spend(1)) return evaluation.exhausted();
            evaluation.set_variable(loop_.slot, element);
            const std::size_t before = evaluation.memory();
            TRY(const Item holds, loop_.body->evaluate(evaluation));
            evaluation.release_to(before);
            if (!holds.is_truthy()) continue;
            TRY_VOID(evaluation.charge(sizeof(Item)));
            results.push_back(element);
            if (results.size() >= most) break;
        }
        return Item(std::move(results));
    }

    Loop loop_;
    NodePtr limit_;
};

class ReduceNode final : public ExpressionNode {
public:
    ReduceNode(Loop loop, NodePtr initial, std::size_t value_slot)
        : loop_(std::move(loop)), initial_(std::move(initial)), value_slot_(value_slot) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(run(evaluation));
    }

private:
    Result<Item> run(Evaluation& evaluation) const {
        TRY(const std::optional<Item> input, loop_input(*loop_.input, "$reduce", evaluation));
        if (!input) return Item(nullptr);
        const std::size_t before = evaluation.memory();
        TRY(Item value, initial_->evaluate(evaluation));
        for (const Item element : input->elements()) {
            if (!evaluation.spend(1)) return evaluation.exhausted();
            evaluation.set_variable(loop_.slot, element);
            evaluation.set_variable(value_slot_, std::move(value));
            TRY(value, loop_.body->evaluate(evaluation));
            // The value before is gone.
            evaluation.release_to(before);
            TRY_VOID(evaluation.charge(value.bytes()));
        }
        return value;
    }

    Loop loop_;
    NodePtr initial_;
    std::size_t value_slot_;
};

/// Parses the parts of a loop over `input`, whose element is called by what `as` says, or "this".
Result<Loop> parse_loop(ExpressionParser& parser, const json::View& input,
                        const std::optional<json::View>& as, std::string_view body_name,
                        const json::View& body) {
    Loop loop;
    TRY(loop.input, parser.expression("input", input));
    std::string name = "this";
    if (as) {
        if (!as->is_string()) return parser.wrong("as must be a string, the name of the element's variable");
        name = as->as_string();
    }
    TRY(loop.slot, parser.declare(name));
    TRY(loop.body, parser.expression(body_name, body));
    return loop;
}

Result<NodePtr> parse_map(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "input in", "as"));
    const ExpressionParser::Variables variables(parser);
    TRY(Loop loop, parse_loop(parser, *given[0], given[2], "in", *given[1]));
    return NodePtr(std::make_unique<MapNode>(std::move(loop)));
}

Result<NodePtr> parse_filter_of_array(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "input cond", "as limit"));
    NodePtr limit;
    if (given[3]) {
        TRY(limit, parser.expression("limit", *given[3]));
    }
    const ExpressionParser::Variables variables(parser);
    TRY(Loop loop, parse_loop(parser, *given[0], given[2], "cond", *given[1]));
    return NodePtr(std::make_unique<FilterNodeOfArray>(std::move(loop), std::move(limit)));
}

Result<NodePtr> parse_reduce(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "input initialValue in", ""));
    TRY(NodePtr initial, parser.expression("initialValue", *given[1]));
    TRY(NodePtr input, parser.expression("input", *given[0]));
    const ExpressionParser::Variables variables(parser);
    TRY(const std::size_t value_slot, parser.declare("value"));
    TRY(const std::size_t element_slot, parser.declare("this"));
    TRY(NodePtr body, parser.expression("in", *given[2]));
    Loop loop{std::move(input), element_slot, std::move(body)};
    return NodePtr(std::make_unique<ReduceNode>(std::move(loop), std::move(initial), value_slot));
}

constexpr Operator table[] = {
    {.name = "$filter", .parse = parse_filter_of_array},
    {.name = "$map", .parse = parse_map},
    {.name = "$reduce", .parse = parse_reduce},
};

}  // namespace

std::span<const Operator> array_loop_operators() { return table; }

}  // namespace credvault::query
