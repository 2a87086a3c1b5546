// From an expression's document to its nodes. One parser parses one expression; it keeps the place it has come to, so
// that errors name it ("$add.1.$divide"), knows the variables, and counts what the limits bound. Operators with a
// `parse` of their own are given the parser. Internal to query/.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/view.h"
#include "query/expression/expression.h"
#include "query/expression/node.h"
#include "query/expression/operator.h"
#include "query/expression/scope.h"

namespace credvault::query {

class ExpressionParser {
public:
    ExpressionParser(const Scope& scope, const ExpressionLimits& limits);

    /// Any expression; `place` names it in errors, for instance "input" or "0".
    Result<NodePtr> expression(std::string_view place, const json::View& spec);
    Result<NodePtr> expression(const json::View& spec);
    /// An operator's arguments by position: an array's elements, or one that is no array.
    Result<std::vector<NodePtr>> arguments(const json::View& argument, std::size_t least, std::size_t most);
    /// An operator's arguments by name, as they are written; names are separated by spaces. They come in the order of
    /// the names, the required ones first; nothing where an optional one is left out. Fails on unknown names.
    Result<std::vector<std::optional<json::View>>> named(const json::View& argument,
                                                         std::string_view required,
                                                         std::string_view optional);
    /// An operator's node for parsed arguments: null where a named one is not given, `given` having a bit for each
    /// that is. `found` must outlive the expression.
    Result<NodePtr> applied(const Operator& found, std::vector<NodePtr> arguments, std::uint32_t given);
    /// A value written down.
    NodePtr literal(const json::View& value) const;

    /// Declares a variable that the user named, and returns its slot. Fails where the name is none for a variable.
    Result<std::size_t> declare(std::string_view name);
    /// Undoes, at its end, the declarations made while it lived.
    class Variables {
    public:
        explicit Variables(ExpressionParser& parser) : parser_(parser), size_(parser.scope_.size()) {}
        ~Variables() { parser_.scope_.shrink(size_); }
        Variables(const Variables&) = delete;
        Variables& operator=(const Variables&) = delete;

    private:
        ExpressionParser& parser_;
        std::size_t size_;
    };
    /// While it lives, constant operations that fail are left to fail where they are evaluated, if they are.
    class Branches {
    public:
        explicit Branches(ExpressionParser& parser) : parser_(parser) { ++parser_.branches_; }
        ~Branches() { --parser_.branches_; }
        Branches(const Branches&) = delete;
        Branches& operator=(const Branches&) = delete;

    private:
        ExpressionParser& parser_;
    };
    /// Whether {$meta: "textScore"} means something.
    bool has_text_score() const { return scope_.has_text_score(); }
    /// How many slots the expression needs, those of the scope among them.
    std::size_t variables() const { return variables_; }

    /// INVALID_EXPRESSION at this place.
    Error wrong(std::string_view message) const;

private:
    Result<NodePtr> operation(const json::View& spec);
    Result<NodePtr> operation(const Operator& found, const json::View& argument);
    Result<NodePtr> positional(const Operator& found, const json::View& argument);
    Result<NodePtr> by_name(const Operator& found, const json::View& argument);
    Result<NodePtr> object(const json::View& spec);
    Result<NodePtr> array(const json::View& spec);
    Result<NodePtr> path(std::string_view text);
    Result<NodePtr> variable(std::string_view text);
    Status check_size();

    /// Extends the place that errors name while it lives, and counts the depth.
    class Inside {
    public:
        Inside(ExpressionParser& parser, std::string_view name);
        ~Inside();
        Inside(const Inside&) = delete;
        Inside& operator=(const Inside&) = delete;

    private:
        ExpressionParser& parser_;
        std::size_t length_;
    };

    const ExpressionLimits limits_;
    Scope scope_;
    std::size_t variables_;
    std::string place_;
    std::size_t depth_ = 0;
    std::size_t nodes_ = 0;
    std::size_t branches_ = 0;
};

}  // namespace credvault::query
