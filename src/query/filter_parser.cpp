#include "query/filter_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"
#include "query/filter_expression.h"
#include "query/json_schema.h"

namespace credvault::query {
std::string decoded_name(std::string_view escaped) {
    std::string name;
    json::append_decoded(name, escaped);
    return name;
}

FilterParser::Inside::Inside(FilterParser& parser, std::string_view name)
    : parser_(parser), length_(parser.place_.size()) {
    if (!parser.place_.empty()) parser.place_ += '.';
    parser.place_ += shown_name(name);
    ++parser.depth_;
}

FilterParser::Inside::~Inside() {
    parser_.place_.resize(length_);
    --parser_.depth_;
}

Error FilterParser::wrong(std::string_view message) const {
    return Error(ErrorCode::INVALID_FILTER, std::string(message), place_);
}

Status FilterParser::check_depth() const {
    if (depth_ <= limits_.max_depth) return {};
    return wrong("The filter is nested too deeply; at most " + std::to_string(limits_.max_depth) +
                 " levels are allowed");
}

Status FilterParser::count_node() {
    if (++nodes_ <= limits_.max_nodes) return {};
    return wrong("The filter is too large; at most " + std::to_string(limits_.max_nodes) +
                 " predicates are allowed");
}

Status FilterParser::count_values(const json::View& array) {
    values_ += array.size();
    if (values_ <= limits_.max_values) return {};
    return wrong("The filter lists too many values; at most " + std::to_string(limits_.max_values) +
                 " are allowed");
}

Status FilterParser::count_memory(const Path& path, std::size_t nodes) {
    constexpr std::size_t most = 32 << 20;
    constexpr std::size_t copies = 3;  // Of each name: in the text, decoded and escaped.
    const std::size_t each =
        sizeof(FilterNode) + copies * path.text.size() + path.parts.size() * sizeof(PathPart);
    memory_ += nodes * each;
    if (memory_ <= most) return {};
    return wrong("The filter is too large: its paths are too long for so many predicates");
}

Result<FilterNode> FilterParser::parse(const json::View& document_view) {
    if (!document_view.is_object()) {
        return Error(ErrorCode::INVALID_FILTER,
                     "A filter must be an object, for instance {\"status\": \"active\"}", "filter");
    }
    if (document_view.text().size() > limits_.max_bytes) {
        return Error(ErrorCode::INVALID_FILTER,
                     "A filter may have at most " + std::to_string(limits_.max_bytes) + " bytes", "filter");
    }
    FilterNode root;
    TRY_VOID(document(document_view, root.children));
    return root;
}

Status FilterParser::document(const json::View& object, Nodes& out) {
    for (const json::Member& member : object.members()) {
        const std::string name = decoded_name(member.name);
        const Inside inside(*this, name);
        TRY_VOID(check_depth());
        if (name.starts_with('$')) {
            TRY_VOID(document_operator(name, member.value, out));
        } else {
            TRY_VOID(field(name, member.value, out));
        }
    }
    return {};
}

Status FilterParser::document_operator(std::string_view name, const json::View& value, Nodes& out) {
    if (name == "$comment") return {};
    if (name == "$and") return branches(FilterOp::And, value, out);
    if (name == "$or") return branches(FilterOp::Or, value, out);
    if (name == "$nor") return branches(FilterOp::Nor, value, out);
    if (name == "$expr") return expression(value, out);
    if (name == "$sampleRate") return sample_rate(value, out);
    if (name == "$jsonSchema") return json_schema(value, out);
    if (name == "$text") return text(value, out);
    return unsupported(name);
}

Status FilterParser::json_schema(const json::View& value, Nodes& out) {
    if (elements_ > 0) return wrong("$jsonSchema looks at whole records; it can't stand in $elemMatch");
    TRY_VOID(count_node());
    SchemaLimits limits;
    limits.max_bytes = limits_.max_bytes;
    limits.max_patterns = limits_.max_patterns - std::min(limits_.max_patterns, patterns_);
    limits.max_pattern_program = limits_.max_pattern_program;
    TRY(JsonSchema schema, JsonSchema::parse(value, SchemaDialect::Filter, place_, limits));
    FilterNode& node = out.emplace_back();
    node.op = FilterOp::JsonSchema;
    node.schema = std::make_shared<const JsonSchema>(std::move(schema));
    return {};
}

Status FilterParser::branches(FilterOp op, const json::View& value, Nodes& out) {
    if (!value.is_array() || value.empty()) return wrong("The operator needs a non-empty array of filters");
    FilterNode joined;
    joined.op = op;
    std::size_t index = 0;
    for (const json::View branch : value.elements()) {
        const Inside inside(*this, std::to_string(index++));
        TRY_VOID(count_node());
        if (!branch.is_object()) return wrong("Each entry must be a filter, that is, an object");
        if (op == FilterOp::And) {
            TRY_VOID(document(branch, out));
            continue;
        }
        const Within join(joins_);
        std::optional<Within> nor;
        if (op == FilterOp::Nor) nor.emplace(nors_);
        FilterNode& child = joined.children.emplace_back();
        TRY_VOID(document(branch, child.children));
        if (child.children.size() == 1) {
            FilterNode only = std::move(child.children[0]);
            child = std::move(only);
        }
    }
    if (op != FilterOp::And) out.push_back(std::move(joined));
    return {};
}

Status FilterParser::expression(const json::View& value, Nodes& out) {
    if (elements_ > 0) return wrong("$expr speaks of the whole record: it can't stand inside $elemMatch");
    return add_expression(value, out);
}

Status FilterParser::sample_rate(const json::View& value, Nodes& out) {
    if (elements_ > 0)
        return wrong("$sampleRate chooses among whole records: it can't stand inside $elemMatch");
    if (!value.is_number() || value.as_double() < 0 || value.as_double() > 1) {
        return wrong("$sampleRate must be a number from 0 to 1");
    }
    const std::string spec = R"({"$lt":[{"$rand":{}},)" + std::string(value.text()) + "]}";
    return add_expression(json::View(spec), out);
}

Status FilterParser::add_expression(const json::View& spec, Nodes& out) {
    TRY_VOID(count_node());
    Result<Expression> parsed = Expression::parse(spec, scope_);
    if (!parsed.ok()) {
        Error error = std::move(parsed).error();
        error.field = error.field.empty() ? place_ : place_ + "." + error.field;
        return error;
    }
    const auto expression = std::make_shared<const FilterExpression>(*std::move(parsed), now_ms());
    // Without values the variables imply nothing yet.
    if (scope_.size() == 0) {
        for (FilterNode& implied : expression->implied()) out.push_back(std::move(implied));
    }
    FilterNode& node = out.emplace_back();
    node.op = FilterOp::Expr;
    node.expression = expression;
    return {};
}

Status FilterParser::field(std::string_view name, const json::View& value, Nodes& out) {
    TRY(const Path path, parse_lookup_path(name));
    if (is_operator_document(value)) return predicates(path, value, out);
    TRY_VOID(count_node());
    TRY_VOID(count_memory(path, 1));
    FilterNode& equal = out.emplace_back();
    equal.op = FilterOp::Eq;
    equal.path = path;
    equal.operands.emplace_back(value);
    return {};
}

}  // namespace credvault::query
