#include "query/expression/parser.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "query/expression/operator_node.h"
#include "query/path.h"

namespace credvault::query {
namespace {

std::string decoded(std::string_view escaped) {
    std::string name;
    json::append_decoded(name, escaped);
    return name;
}

/// What evaluating an operation on constants ahead may cost.
EvaluationLimits folding_limits() { return {.max_work = 100'000, .max_memory = 1 << 20, .max_depth = 100}; }

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> found;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) found.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return found;
}

std::string arity_message(std::size_t least, std::size_t most, std::size_t count) {
    const auto arguments = [](std::size_t n) {
        return std::to_string(n) + (n == 1 ? " argument" : " arguments");
    };
    std::string wanted = most == any_number ? "at least " + arguments(least)
                         : least == most    ? "exactly " + arguments(least)
                                            : std::to_string(least) + " to " + arguments(most);
    return "The operator takes " + wanted + ", " + std::to_string(count) + " given";
}

NodePtr constant(const Item& value) { return std::make_unique<ConstantNode>(value); }

class NowNode final : public ExpressionNode {
public:
    Result<Item> evaluate(Evaluation& evaluation) const override {
        return Item(format_time(evaluation.now_ms()));
    }
};

}  // namespace

ExpressionParser::Inside::Inside(ExpressionParser& parser, std::string_view name)
    : parser_(parser), length_(parser.place_.size()) {
    if (!parser.place_.empty()) parser.place_ += '.';
    parser.place_ += shown_name(name);
    ++parser.depth_;
}

ExpressionParser::Inside::~Inside() {
    parser_.place_.resize(length_);
    --parser_.depth_;
}

ExpressionParser::ExpressionParser(const Scope& scope, const ExpressionLimits& limits)
    : limits_(limits), scope_(scope), variables_(scope.size()) {}

Error ExpressionParser::wrong(std::string_view message) const {
    return Error(ErrorCode::INVALID_EXPRESSION, std::string(message), place_);
}

Status ExpressionParser::check_size() {
    // An operator and its argument are two places.
    if (depth_ > 2 * limits_.max_depth) {
        return wrong("The expression is nested too deeply; at most " + std::to_string(limits_.max_depth) +
                     " levels are allowed");
    }
    if (++nodes_ > limits_.max_nodes) {
        return wrong("The expression is too large; at most " + std::to_string(limits_.max_nodes) +
                     " operators, paths and values are allowed");
    }
    return {};
}

NodePtr ExpressionParser::literal(const json::View& value) const { return constant(Item(value)); }

Result<NodePtr> ExpressionParser::expression(std::string_view place, const json::View& spec) {
    const Inside inside(*this, place);
    // What stands in for null or a failure is needed on some records only.
    if (place != "onNull" && place != "onError") return expression(spec);
    const Branches branched(*this);
    return expression(spec);
}

Result<NodePtr> ExpressionParser::expression(const json::View& spec) {
    TRY_VOID(check_size());
    if (spec.is_string() && spec.escaped().starts_with('$')) {
        std::string scratch;
        return path(spec.decoded(scratch));
    }
    if (spec.is_array()) return array(spec);
    if (!spec.is_object() || spec.empty()) return literal(spec);
    return (*spec.members().begin()).name.starts_with('$') ? operation(spec) : object(spec);
}

Result<NodePtr> ExpressionParser::object(const json::View& spec) {
    ObjectNode::Members members;
    bool constants = true;
    for (const json::Member& member : spec.members()) {
        std::string name = decoded(member.name);
        const Inside inside(*this, name);
        if (name.starts_with('$')) return wrong("An object with an operator must have no other member");
        if (name.empty() || name.find('.') != std::string::npos) {
            return wrong("A field's name must not be empty or hold dots here; $setField sets such a field");
        }
        TRY(NodePtr node, expression(member.value));
        constants = constants && node->constant() != nullptr;
        members.emplace_back(std::move(name), std::move(node));
    }
    NodePtr node = std::make_unique<ObjectNode>(std::move(members));
    if (!constants) return node;
    Evaluation evaluation(0, folding_limits());
    const Result<Item> value = node->evaluate(evaluation);
    return value.ok() ? constant(*value) : std::move(node);
}

Result<NodePtr> ExpressionParser::array(const json::View& spec) {
    TRY(std::vector<NodePtr> elements, arguments(spec, 0, any_number));
    const bool constants =
        std::ranges::all_of(elements, [](const NodePtr& element) { return element->constant() != nullptr; });
    NodePtr node = std::make_unique<ArrayNode>(std::move(elements));
    if (!constants) return node;
    Evaluation evaluation(0, folding_limits());
    const Result<Item> value = node->evaluate(evaluation);
    return value.ok() ? constant(*value) : std::move(node);
}

Result<NodePtr> ExpressionParser::operation(const json::View& spec) {
    const json::Member member = *spec.members().begin();
    const std::string name = decoded(member.name);
    const Inside inside(*this, name);
    if (spec.size() > 1) return wrong("An object with an operator must have no other member");
    const Operator* found = find_operator(name);
    if (found != nullptr) return operation(*found, member.value);
    return Error(ErrorCode::UNSUPPORTED_OPERATOR, "There is no expression operator " + shown_name(name),
                 place_);
}

Result<NodePtr> ExpressionParser::operation(const Operator& found, const json::View& argument) {
    if (found.parse != nullptr) return found.parse(*this, argument);
    return found.named() ? by_name(found, argument) : positional(found, argument);
}

Result<std::vector<NodePtr>> ExpressionParser::arguments(const json::View& argument, std::size_t least,
                                                         std::size_t most) {
    std::vector<NodePtr> nodes;
    if (!argument.is_array()) {
        if (least > 1 || most == 0) return wrong(arity_message(least, most, 1));
        TRY(NodePtr node, expression(argument));
        nodes.push_back(std::move(node));
        return nodes;
    }
    for (const json::View element : argument.elements()) {
        TRY(NodePtr node, expression(std::to_string(nodes.size()), element));
        nodes.push_back(std::move(node));
    }
    if (nodes.size() < least || (most != any_number && nodes.size() > most)) {
        return wrong(arity_message(least, most, nodes.size()));
    }
    return nodes;
}

Result<std::vector<std::optional<json::View>>> ExpressionParser::named(const json::View& argument,
                                                                       std::string_view required,
                                                                       std::string_view optional) {
    std::vector<std::string_view> names = words(required);
    const std::size_t needed = names.size();
    std::ranges::copy(words(optional), std::back_inserter(names));
    const auto list = [&names] {
        std::string text;
        for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
        return text;
    };
    if (!argument.is_object()) return wrong("The operator takes an object with " + list());
    std::vector<std::optional<json::View>> found(names.size());
    for (const json::Member& member : argument.members()) {
        const auto name = std::ranges::find(names, decoded(member.name));
        if (name == names.end()) {
            return wrong("The operator takes " + list() + "; there is no " +
                         shown_name(decoded(member.name)));
        }
        found[static_cast<std::size_t>(name - names.begin())] = member.value;
    }
    for (std::size_t i = 0; i < needed; ++i) {
        if (!found[i]) return wrong("The operator needs " + std::string(names[i]));
    }
    return found;
}

Result<NodePtr> ExpressionParser::positional(const Operator& found, const json::View& argument) {
    TRY(std::vector<NodePtr> nodes, arguments(argument, found.least, found.most));
    return applied(found, std::move(nodes), ~0U);
}

Result<NodePtr> ExpressionParser::by_name(const Operator& found, const json::View& argument) {
    TRY(const auto views, named(argument, found.required, found.optional));
    std::vector<std::string_view> names = words(found.required);
    std::ranges::copy(words(found.optional), std::back_inserter(names));
    std::vector<NodePtr> nodes(views.size());
    std::uint32_t given = 0;
    for (std::size_t i = 0; i < views.size(); ++i) {
        if (!views[i]) continue;
        TRY(nodes[i], expression(names[i], *views[i]));
        given |= 1U << i;
    }
    return applied(found, std::move(nodes), given);
}

Result<NodePtr> ExpressionParser::applied(const Operator& found, std::vector<NodePtr> nodes,
                                          std::uint32_t given) {
    static const Item missing;
    bool constants = !found.varies;
    std::vector<const Item*> values;
    for (const NodePtr& node : nodes) {
        values.push_back(node == nullptr ? &missing : node->constant());
        constants = constants && values.back() != nullptr;
    }
    Evaluation evaluation(0, folding_limits());
    std::shared_ptr<const Prepared> prepared;
    if (found.prepare != nullptr) {
        TRY(prepared, found.prepare(Call{found.name, evaluation, nullptr, given}, values));
    }
    NodePtr node = std::make_unique<OperatorNode>(found, std::move(nodes), given, std::move(prepared));
    if (!constants) return node;
    Result<Item> value = node->evaluate(evaluation);
    if (value.ok()) return constant(*value);
    // What is only too much to be computed ahead may be within the limits later.
    if (branches_ > 0 || value.error().code != ErrorCode::INVALID_EXPRESSION) return node;
    Error error = std::move(value).error();
    error.field = place_;
    return error;
}

Result<NodePtr> ExpressionParser::path(std::string_view text) {
    text.remove_prefix(1);
    if (text.starts_with('$')) return variable(text.substr(1));
    Result<FieldPath> path = FieldPath::parse(text);
    if (!path.ok()) return wrong("$" + shown_name(text) + ": " + path.error().message);
    return NodePtr(std::make_unique<PathNode>(*std::move(path), scope_.find("CURRENT")));
}

Result<NodePtr> ExpressionParser::variable(std::string_view text) {
    const std::string_view name = text.substr(0, text.find('.'));
    const std::optional<std::size_t> slot = scope_.find(name);
    FieldPath path;
    if (name.size() < text.size()) {
        Result<FieldPath> rest = FieldPath::parse(text.substr(name.size() + 1));
        if (!rest.ok()) return wrong("$$" + shown_name(text) + ": " + rest.error().message);
        path = *std::move(rest);
    }
    if (slot || name == "ROOT" || name == "CURRENT")
        return NodePtr(std::make_unique<PathNode>(std::move(path), slot));
    if (name == "REMOVE") return constant(Item());
    if (name == "NOW") {
        // A time has no fields.
        return path.empty() ? NodePtr(std::make_unique<NowNode>()) : constant(Item());
    }
    if (name == "CLUSTER_TIME") return wrong("$$CLUSTER_TIME exists only in MongoDB's clusters; use $$NOW");
    return wrong("There is no variable $$" + shown_name(name) + " here");
}

Result<std::size_t> ExpressionParser::declare(std::string_view name) {
    const auto is_letter = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    const auto is_beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    const bool starts_well =
        !name.empty() && (std::islower(static_cast<unsigned char>(name[0])) != 0 || is_beyond_ascii(name[0]));
    const bool good = name == "CURRENT" || (starts_well && std::ranges::all_of(name, [&](char c) {
                                                return is_letter(c) || is_beyond_ascii(c);
                                            }));
    if (!good) {
        return wrong("A variable's name begins with a lower-case letter, and letters, digits and _ follow; " +
                     ("\"" + shown_name(name) + "\"") + " is none");
    }
    const std::size_t slot = scope_.declare(std::string(name));
    variables_ = std::max(variables_, scope_.size());
    return slot;
}

}  // namespace credvault::query
