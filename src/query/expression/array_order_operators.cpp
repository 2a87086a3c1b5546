// $sortArray, and the first, last, greatest and least n of an array.
#include <algorithm>
#include <bit>

#include "json/writer.h"
#include "query/expression/argument.h"
#include "query/expression/arithmetic.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"
#include "query/path.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

/// Steps for sorting an array.
std::uint64_t sorting_steps(const Item& array) {
    constexpr std::size_t bytes_per_step = 512;
    const std::size_t text = array.view() != nullptr ? array.view()->text().size() : array.bytes();
    const std::size_t size = array.size();
    return (size + text / bytes_per_step) * static_cast<std::uint64_t>(std::bit_width(size));
}

/// An array's elements, paid for.
Result<Item::Array> elements_to_sort(const Call& call, const Item& array) {
    TRY_VOID(call.charge(array.size() * sizeof(Item)));
    TRY_VOID(call.spend(sorting_steps(array)));
    return array.array();
}

struct SortPart {
    std::vector<std::string> path;  ///< Empty: the element itself.
    bool descending = false;
};

/// What lies at a path of objects; an array on the way has no fields.
Item at_path(Item value, const std::vector<std::string>& path) {
    for (const std::string& name : path) value = value.find(name);
    return value;
}

class SortNode final : public ExpressionNode {
public:
    SortNode(NodePtr input, std::vector<SortPart> parts)
        : input_(std::move(input)), parts_(std::move(parts)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(sorted(Call{"$sortArray", evaluation}));
    }

private:
    Result<Item> sorted(const Call& call) const {
        TRY(const Item input, input_->evaluate(call.evaluation));
        if (input.is_nullish()) return Item(nullptr);
        TRY_VOID(need_array(call, input, "input"));
        TRY_VOID(call.spend(sorting_steps(input) * (parts_.size() - 1)));
        TRY(Item::Array elements, elements_to_sort(call, input));
        std::ranges::stable_sort(elements, [this](const Item& a, const Item& b) {
            for (const SortPart& part : parts_) {
                const auto order = compare(at_path(a, part.path), at_path(b, part.path));
                if (std::is_neq(order)) return std::is_lt(order) != part.descending;
            }
            return false;
        });
        return call.array(std::move(elements));
    }

    NodePtr input_;
    std::vector<SortPart> parts_;
};

/// 1 or -1, as a number of any kind.
Result<bool> is_descending(ExpressionParser& parser, const json::View& direction) {
    if (direction.is_number()) {
        if (direction.as_double() == 1) return false;
        if (direction.as_double() == -1) return true;
    }
    return parser.wrong("sortBy must be 1, -1, or an object of fields with 1 or -1");
}

Result<NodePtr> parse_sort_array(ExpressionParser& parser, const json::View& argument) {
    TRY(const auto given, parser.named(argument, "input sortBy", ""));
    TRY(NodePtr input, parser.expression("input", *given[0]));
    std::vector<SortPart> parts;
    if (given[1]->is_object()) {
        for (const json::Member& member : given[1]->members()) {
            std::string name;
            json::append_decoded(name, member.name);
            Result<Path> path = parse_path(name, ErrorCode::INVALID_EXPRESSION);
            if (!path.ok()) return parser.wrong("sortBy: " + path.error().message);
            SortPart& part = parts.emplace_back();
            for (PathPart& step : path->parts) {
                if (step.name.starts_with('$'))
                    return parser.wrong("sortBy: a field's name must not begin with $");
                part.path.push_back(std::move(step.name));
            }
            TRY(part.descending, is_descending(parser, member.value));
        }
        if (parts.empty()) return parser.wrong("sortBy must name at least one field");
    } else {
        TRY(parts.emplace_back().descending, is_descending(parser, *given[1]));
    }
    return NodePtr(std::make_unique<SortNode>(std::move(input), std::move(parts)));
}

/// The checked arguments of $firstN and its like: n, which is positive, and an array.
Result<std::size_t> need_count(const Call& call, Arguments arguments) {
    TRY(const std::int64_t n, need_int64(call, arguments[0], "n"));
    if (n <= 0) return call.wrong("n must be positive");
    TRY_VOID(need_array(call, arguments[1], "input"));
    return static_cast<std::size_t>(n);
}

template <bool from_end>
Result<Item> first_n(const Call& call, Arguments arguments) {
    TRY(const std::size_t n, need_count(call, arguments));
    const std::size_t size = arguments[1].size();
    const std::size_t count = std::min(n, size);
    std::size_t skipped = from_end ? size - count : 0;
    TRY_VOID(call.charge(count * sizeof(Item)));
    Item::Array elements;
    elements.reserve(count);
    for (const Item element : arguments[1].elements()) {
        if (skipped > 0) {
            --skipped;
            continue;
        }
        if (elements.size() == count) break;
        elements.push_back(element);
    }
    return call.array(std::move(elements));
}

template <bool greatest>
Result<Item> extreme_n(const Call& call, Arguments arguments) {
    TRY(const std::size_t n, need_count(call, arguments));
    TRY(Item::Array elements, elements_to_sort(call, arguments[1]));
    std::erase_if(elements, [](const Item& element) { return element.is_nullish(); });
    std::ranges::stable_sort(elements, [](const Item& a, const Item& b) {
        return greatest ? std::is_gt(compare(a, b)) : std::is_lt(compare(a, b));
    });
    elements.resize(std::min(n, elements.size()));
    return call.array(std::move(elements));
}

constexpr Operator table[] = {
    {.name = "$firstN", .apply = first_n<false>, .required = "n input"},
    {.name = "$lastN", .apply = first_n<true>, .required = "n input"},
    {.name = "$maxN", .apply = extreme_n<true>, .required = "n input"},
    {.name = "$minN", .apply = extreme_n<false>, .required = "n input"},
    {.name = "$sortArray", .parse = parse_sort_array},
};

}  // namespace

std::span<const Operator> array_order_operators() { return table; }

}  // namespace credvault::query
