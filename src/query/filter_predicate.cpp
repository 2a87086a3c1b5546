#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "query/filter_parser.h"
#include "query/pattern.h"

namespace credvault::query {
namespace {

FilterNode make_node(FilterOp op, const Path& path) {
    FilterNode node;
    node.op = op;
    node.path = path;
    return node;
}

FilterNode make_not(FilterNode child) {
    FilterNode node = make_node(FilterOp::Not, child.path);
    node.children.push_back(std::move(child));
    return node;
}

FilterNode make_comparison(FilterOp op, const Path& path, const json::View& value) {
    FilterNode node = make_node(op, path);
    node.operands.emplace_back(value);
    return node;
}

/// Comparisons, whose argument may be any value.
std::optional<FilterOp> comparison_of(std::string_view name) {
    if (name == "$eq") return FilterOp::Eq;
    if (name == "$gt") return FilterOp::Gt;
    if (name == "$gte") return FilterOp::Gte;
    if (name == "$lt") return FilterOp::Lt;
    if (name == "$lte") return FilterOp::Lte;
    return std::nullopt;
}

std::optional<FilterOp> bit_test_of(std::string_view name) {
    if (name == "$bitsAllSet") return FilterOp::BitsAllSet;
    if (name == "$bitsAllClear") return FilterOp::BitsAllClear;
    if (name == "$bitsAnySet") return FilterOp::BitsAnySet;
    if (name == "$bitsAnyClear") return FilterOp::BitsAnyClear;
    return std::nullopt;
}

/// Joins the predicates of one path into one node.
FilterNode conjunction(const Path& path, std::vector<FilterNode> predicates) {
    if (predicates.size() == 1) return std::move(predicates[0]);
    FilterNode node = make_node(FilterOp::And, path);
    node.children = std::move(predicates);
    return node;
}

constexpr std::string_view field_operators =
    "$eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $not, $exists, $type, $regex, $size, $all, $elemMatch, $mod, "
    "$bitsAllSet, $bitsAllClear, $bitsAnySet, $bitsAnyClear, $near, $nearSphere, $geoWithin and "
    "$geoIntersects";

}  // namespace

Error FilterParser::unsupported(std::string_view name) const {
    constexpr std::string_view documents[] = {"$and",  "$or",         "$nor",        "$comment",
                                              "$expr", "$jsonSchema", "$sampleRate", "$text"};
    Error error(ErrorCode::UNSUPPORTED_OPERATOR, {}, place_);
    const std::string shown = "'" + shown_name(name) + "'";
    if (std::ranges::find(documents, name) != std::end(documents)) {
        error.message = "The operator " + shown + " belongs to whole filters; it can't be applied to a field";
    } else if (name == "$not" || comparison_of(name) || bit_test_of(name) || is_place_operator(name)) {
        error.message = "The operator " + shown + " needs a field, as in {\"age\": {" + std::string(name) +
                        ": …}}; to negate a whole filter, use $nor";
    } else {
        error.message = "Unknown operator " + shown + "; on a field there are " +
                        std::string(field_operators) +
                        ", on whole filters $and, $or, $nor, $expr, $jsonSchema and $text";
    }
    return error;
}

Status FilterParser::predicates(const Path& path, const json::View& operators, Nodes& out) {
    for (const json::Member& member : operators.members()) {
        const std::string name = decoded_name(member.name);
        const Inside inside(*this, name);
        TRY_VOID(check_depth());
        TRY_VOID(count_node());
        TRY_VOID(count_memory(path, 2));  // $ne and its like make two.
        if (!name.starts_with('$')) {
            return wrong("Operators and field names can't be mixed; to compare with a whole object, use $eq");
        }
        Status status = predicate(path, name, member.value, operators, out);
        if (!status.ok()) {
            Error error = std::move(status).error();
            if (error.field.empty()) error.field = place_;
            return error;
        }
    }
    return {};
}

Status FilterParser::predicate(const Path& path, std::string_view name, const json::View& value,
                               const json::View& siblings, Nodes& out) {
    if (const std::optional<FilterOp> op = comparison_of(name)) {
        out.push_back(make_comparison(*op, path, value));
    } else if (name == "$ne") {
        out.push_back(make_not(make_comparison(FilterOp::Eq, path, value)));
    } else if (name == "$in") {
        TRY(FilterNode node, in(path, value));
        out.push_back(std::move(node));
    } else if (name == "$nin") {
        TRY(FilterNode node, in(path, value));
        out.push_back(make_not(std::move(node)));
    } else if (name == "$not") {
        TRY(FilterNode node, negation(path, value));
        out.push_back(std::move(node));
    } else if (name == "$elemMatch") {
        TRY(FilterNode node, elem_match(path, value));
        out.push_back(std::move(node));
    } else if (name == "$all") {
        TRY(FilterNode node, all(path, value));
        out.push_back(std::move(node));
    } else if (name == "$regex") {
        TRY(FilterNode node, regex(path, siblings));
        out.push_back(std::move(node));
    } else if (name == "$options") {
        if (!siblings.find("$regex")) return wrong("$options belongs to a $regex beside it");
    } else if (is_place_operator(name)) {
        return place(path, name, value, siblings, out);
    } else {
        return simple_predicate(path, name, value, out);
    }
    return {};
}

Status FilterParser::simple_predicate(const Path& path, std::string_view name, const json::View& value,
                                      Nodes& out) {
    FilterNode node;
    node.path = path;
    if (name == "$exists") {
        node.op = FilterOp::Exists;
        node.operands.emplace_back(is_truthy(value));
    } else if (name == "$type") {
        node.op = FilterOp::Type;
        TRY(node.type_mask, type_argument(value));
    } else if (name == "$size") {
        node.op = FilterOp::Size;
        TRY(const std::int64_t size, size_argument(value));
        node.operands.emplace_back(size);
    } else if (name == "$mod") {
        node.op = FilterOp::Mod;
        TRY(const ModArgument argument, mod_argument(value));
        node.operands.emplace_back(argument.divisor);
        node.operands.emplace_back(argument.remainder);
    } else if (const std::optional<FilterOp> op = bit_test_of(name)) {
        node.op = *op;
        TRY(json::Value positions, bits_argument(value));
        node.operands.push_back(std::move(positions));
    } else {
        return unsupported(name);
    }
    out.push_back(std::move(node));
    return {};
}

Result<FilterNode> FilterParser::negation(const Path& path, const json::View& value) {
    if (!value.is_object() || value.empty()) {
        return wrong("$not needs an object of operators, for instance {\"$not\": {\"$gt\": 5}}");
    }
    Nodes negated;
    const Within join(joins_);
    TRY_VOID(predicates(path, value, negated));
    return make_not(conjunction(path, std::move(negated)));
}

Result<FilterNode> FilterParser::elem_match(const Path& path, const json::View& value) {
    if (!value.is_object()) {
        return wrong(
            "$elemMatch needs an object: a filter on the element, or operators such as {\"$gt\": 5}");
    }
    const std::string_view first = value.empty() ? std::string_view() : value.members().begin()->name;
    const bool joins =
        first == "$and" || first == "$or" || first == "$nor" || first == "$comment" || first == "$expr";
    FilterNode node = make_node(FilterOp::ElemMatchObject, path);
    const Within join(joins_);
    const Within element(elements_);
    if (is_operator_document(value) && !joins) {
        node.op = FilterOp::ElemMatchValue;
        TRY_VOID(predicates(Path(), value, node.children));
    } else {
        TRY_VOID(document(value, node.children.emplace_back().children));
    }
    return node;
}

Result<FilterNode> FilterParser::all(const Path& path, const json::View& value) {
    if (!value.is_array()) return wrong("$all needs an array of values");
    TRY_VOID(count_values(value));
    TRY_VOID(count_memory(path, value.size()));
    FilterNode node = make_node(value.empty() ? FilterOp::Never : FilterOp::All, path);
    const auto is_elem_match = [](const json::View& element) {
        return is_operator_document(element) && element.members().begin()->name == "$elemMatch";
    };
    const bool matches_elements = !value.empty() && is_elem_match(*value.elements().begin());
    std::size_t index = 0;
    for (const json::View element : value.elements()) {
        const Inside inside(*this, std::to_string(index++));
        if (matches_elements) {
            if (!is_elem_match(element)) {
                return wrong("In $all, either every entry is an $elemMatch or none is");
            }
            TRY_VOID(count_node());
            const Inside deeper(*this, "$elemMatch");
            TRY_VOID(check_depth());
            TRY(FilterNode child, elem_match(path, element.members().begin()->value));
            node.children.push_back(std::move(child));
        } else if (is_operator_document(element)) {
            return wrong("In $all, the only operator is $elemMatch, and then in every entry");
        } else {
            node.children.push_back(make_comparison(FilterOp::Eq, path, element));
        }
    }
    return node;
}

Result<FilterNode> FilterParser::in(const Path& path, const json::View& value) {
    if (!value.is_array()) return wrong("The operator needs an array of values");
    TRY_VOID(count_values(value));
    FilterNode node = make_node(FilterOp::In, path);
    std::size_t index = 0;
    for (const json::View element : value.elements()) {
        const Inside inside(*this, std::to_string(index++));
        if (is_operator_document(element)) return wrong("A list of values can't hold operators");
        node.operands.emplace_back(element);
    }
    return node;
}

Result<FilterNode> FilterParser::regex(const Path& path, const json::View& siblings) {
    const json::View text = *siblings.find("$regex");
    const json::View options = siblings.find("$options").value_or(json::View("\"\""));
    if (!text.is_string()) return wrong("$regex needs a string");
    if (!options.is_string()) return wrong("$options needs a string, for instance \"i\"");
    if (++patterns_ > limits_.max_patterns) {
        return wrong("A filter may hold at most " + std::to_string(limits_.max_patterns) +
                     " regular expressions");
    }
    FilterNode node = make_node(FilterOp::Regex, path);
    Result<std::shared_ptr<const Pattern>> pattern = Pattern::compile(text.as_string(), options.as_string());
    if (!pattern.ok()) {
        Error error = std::move(pattern).error();
        error.field = place_.substr(0, place_.rfind('$')) + error.field;
        return error;
    }
    node.patterns.push_back(std::move(pattern).value());
    pattern_program_ += node.patterns[0]->program_size();
    if (pattern_program_ > limits_.max_pattern_program) {
        return wrong("The filter's regular expressions are too large together");
    }
    return node;
}

}  // namespace credvault::query
