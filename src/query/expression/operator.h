// How an operator is declared: a row in its family's table (README.md). The parser checks the number or the names of
// the arguments, evaluates them and calls `apply`; a row with `parse` instead makes its node by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "query/expression/evaluation.h"
#include "query/expression/item.h"
#include "query/expression/node.h"

namespace credvault::query {

class ExpressionParser;

/// What an operator makes of its constant arguments once, at parse time (a compiled pattern, a zone's rules).
struct Prepared {
    virtual ~Prepared() = default;
};

/// One application of an operator, as its function sees it.
struct Call {
    std::string_view name;  ///< As in "$add".
    Evaluation& evaluation;
    const Prepared* prepared = nullptr;
    std::uint32_t given = ~0U;  ///< Of named arguments: a bit for each that is written down.

    bool has(std::size_t argument) const { return (given >> argument & 1) != 0; }

    /// INVALID_EXPRESSION that names the operator: "$add: " and the message.
    Error wrong(std::string_view message) const;
    /// The same: "$add: MESSAGE, not TYPE" with the type of what was found.
    Error wrong_type(std::string_view message, const Item& found) const;
    /// Results. They count memory, and refuse what JSON has not (infinite numbers) and what is nested too deeply.
    Result<Item> number(double value) const;
    Result<Item> string(std::string value) const;
    Result<Item> array(Item::Array elements) const;
    Result<Item> object(Item::Object members) const;
    /// To be called before memory is reserved that grows with an argument's value, or loops are run.
    Status charge(std::size_t bytes) const { return evaluation.charge(bytes); }
    Status spend(std::uint64_t steps) const {
        if (evaluation.spend(steps)) return {};
        return evaluation.exhausted();
    }
};

/// Arguments that are null, missing or both before the function is called.
enum class Nullish : std::uint8_t {
    Passed,     ///< The function sees them.
    MakesNull,  ///< The first one makes the result null; other arguments are not looked at.
};

constexpr std::uint8_t any_number = std::numeric_limits<std::uint8_t>::max();

struct Operator {
    using Apply = Result<Item> (*)(const Call& call, std::span<Item> arguments);
    using Parse = Result<NodePtr> (*)(ExpressionParser& parser, const json::View& argument);
    /// Gets the arguments, null where one is no constant. Returns null where there is nothing to prepare; fails as
    /// apply would.
    using Prepare = Result<std::shared_ptr<const Prepared>> (*)(const Call& call,
                                                                std::span<const Item* const> constants);

    std::string_view name;
    std::uint8_t least = 0;  ///< Arguments by position.
    std::uint8_t most = 0;
    Apply apply = nullptr;
    Nullish nullish = Nullish::Passed;
    /// Arguments by name, separated by spaces: `{$op: {name: …}}`. They come in this order, the optional ones behind
    /// the required ones, missing where not given.
    std::string_view required{};
    std::string_view optional{};
    Parse parse = nullptr;
    Prepare prepare = nullptr;
    bool varies = false;  ///< Not a function of its arguments alone: never computed ahead.

    bool named() const { return !required.empty() || !optional.empty(); }
};

/// The operator of this name ("$add"), or null.
const Operator* find_operator(std::string_view name);

}  // namespace credvault::query
