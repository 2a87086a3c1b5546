#include "query/json_schema_parser.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "json/writer.h"
#include "query/filter_parser.h"

namespace credvault::query {
namespace {

constexpr std::size_t max_depth = 100;
/// Schemas that look at one and the same value, one within or behind the other.
constexpr std::size_t max_chain = 64;

std::vector<SchemaRef> in_place(const SchemaNode& node) {
    std::vector<SchemaRef> all = node.all_of;
    all.insert(all.end(), node.any_of.begin(), node.any_of.end());
    all.insert(all.end(), node.one_of.begin(), node.one_of.end());
    for (const auto& one : {node.none_of, node.if_schema, node.then_schema, node.else_schema}) {
        if (one) all.push_back(*one);
    }
    for (const auto& [name, schema] : node.dependent_schemas) all.push_back(schema);
    return all;
}

/// "%25" and "~1" in a reference's fragment.
std::string unescaped_token(std::string_view token) {
    std::string name;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const auto pair = [&](char mark, std::string_view next) {
            return token[i] == mark && token.substr(i + 1, next.size()) == next;
        };
        if (pair('~', "0") || pair('~', "1")) {
            name += token[++i] == '0' ? '~' : '/';
        } else if (token[i] == '%' && i + 2 < token.size()) {
            const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
            name += static_cast<char>(digit(token[i + 1]) * 16 + digit(token[i + 2]));
            i += 2;
        } else {
            name += token[i];
        }
    }
    return name;
}

std::optional<json::View> child(const json::View& value, const std::string& token) {
    if (value.is_object()) return value.find(json::escape_key(token));
    if (!value.is_array() || token.empty() || token.size() > 9) return {};
    if (!std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; })) return {};
    std::size_t left = std::stoul(token);
    for (const json::View element : value.elements()) {
        if (left-- == 0) return element;
    }
    return {};
}

}  // namespace

Result<std::vector<SchemaNode>> SchemaParser::parse(const json::View& text) {
    if (!text.is_object()) return wrong("A schema is an object, for instance {\"required\": [\"name\"]}");
    if (text.text().size() > limits_.max_bytes)
        return wrong("A schema may have at most " + std::to_string(limits_.max_bytes) + " bytes");
    root_ = text;
    if (!is_filter()) TRY_VOID(find_anchors(text, 0));
    TRY_VOID(schema(text));
    TRY_VOID(check_chains());
    return std::move(nodes_);
}

Result<SchemaRef> SchemaParser::schema(const json::View& value) {
    if (const auto known = known_.find(value.text().data()); known != known_.end()) return known->second;
    if (!value.is_object()) {
        const bool boolean = value.type() == json::Type::Bool;
        if (is_filter() || !boolean)
            return wrong(is_filter() ? "This must be an object" : "A schema is an object or a boolean");
        if (!value.as_bool()) return never();
    }
    if (nodes_.size() >= limits_.max_nodes)
        return wrong("A schema may hold at most " + std::to_string(limits_.max_nodes) + " schemas");
    if (depth_ >= max_depth) return wrong("The schema is nested too deeply");
    const auto place = static_cast<SchemaRef>(nodes_.size());
    nodes_.emplace_back();
    known_.emplace(value.text().data(), place);
    SchemaNode built;
    ++depth_;
    if (value.is_object()) TRY_VOID(members(built, value));
    --depth_;
    nodes_[place] = std::move(built);
    return place;
}

Result<SchemaRef> SchemaParser::never() {
    if (!never_) {
        never_ = static_cast<SchemaRef>(nodes_.size());
        nodes_.emplace_back().never = true;
    }
    return *never_;
}

Result<SchemaRef> SchemaParser::named(std::string_view name, const json::View& value) {
    const std::size_t length = place_.size();
    place_.append(".").append(shown_name(name));
    TRY(const SchemaRef made, schema(value));
    place_.resize(length);
    return made;
}

Result<std::vector<SchemaRef>> SchemaParser::schema_list(const json::View& value) {
    if (!value.is_array()) return wrong("This must be an array of schemas");
    if (value.empty()) return wrong("This must be a non-empty array of schemas");
    std::vector<SchemaRef> all;
    for (const json::View element : value.elements()) {
        TRY(const SchemaRef one, named(std::to_string(all.size()), element));
        all.push_back(one);
    }
    return all;
}

Status SchemaParser::members(SchemaNode& node, const json::View& object) {
    for (const json::Member& member : object.members()) {
        const std::string name = decoded_name(member.name);
        const std::size_t length = place_.size();
        place_.append(".").append(shown_name(name));
        TRY_VOID(keyword(node, name, member.value));
        place_.resize(length);
    }
    return check_together(object, node);
}

Status SchemaParser::keyword(SchemaNode& node, std::string_view name, const json::View& value) {
    const Row* const row = find(name);
    if (row == nullptr) {
        // The standard lets anybody add words; those that change what is valid must not be passed over.
        constexpr std::string_view refused[] = {"unevaluatedItems", "unevaluatedProperties", "$dynamicRef",
                                                "$recursiveRef"};
        if (!is_filter() && std::ranges::find(refused, name) == std::end(refused)) return {};
        return wrong(is_filter() ? "Unknown keyword" : "This keyword is not supported");
    }
    if (!(is_filter() ? row->filter : row->standard)) {
        if (!is_filter()) return {};
        return wrong("This keyword is not supported in $jsonSchema");
    }
    return (this->*row->parse)(node, value);
}

/// What keywords demand of each other.
Status SchemaParser::check_together(const json::View& object, SchemaNode& node) {
    if (is_filter() && object.find("type") && object.find("bsonType"))
        return wrong("Either 'type' or 'bsonType' can be given, not both");
    if (is_filter() && ((object.find("exclusiveMinimum") && !object.find("minimum")) ||
                        (object.find("exclusiveMaximum") && !object.find("maximum"))))
        return wrong("'exclusiveMinimum' needs 'minimum', and 'exclusiveMaximum' needs 'maximum'");
    const auto items = object.find("items");
    const bool listed = items && items->is_array();
    // Without a list of items there are no additional ones.
    if (const auto additional = object.find("additionalItems"); additional && listed) {
        if (additional->type() == json::Type::Bool) {
            if (!additional->as_bool()) {
                TRY(node.items, never());
            }
        } else {
            TRY(node.items, named("additionalItems", *additional));
        }
    }
    return {};
}

Status SchemaParser::reference(SchemaNode& node, const json::View& value) {
    if (!value.is_string()) return wrong("A reference is a string");
    const std::string text = value.as_string();
    if (!text.starts_with('#'))
        return wrong("Only references within the schema are followed, as in \"#/$defs/address\"");
    TRY(const json::View target, resolve(text.substr(1)));
    TRY(const SchemaRef referred, schema(target));
    node.all_of.push_back(referred);
    return {};
}

Result<json::View> SchemaParser::resolve(const std::string& fragment) const {
    if (!fragment.empty() && fragment[0] != '/') {
        const auto anchor = anchors_.find(fragment);
        if (anchor != anchors_.end()) return anchor->second;
        return wrong("There is no '$anchor' of this name in the schema");
    }
    json::View at = root_;
    std::string_view left = fragment;
    while (!left.empty()) {
        left.remove_prefix(1);
        const std::size_t end = std::min(left.find('/'), left.size());
        const auto next = child(at, unescaped_token(left.substr(0, end)));
        if (!next) return wrong("The reference leads to nothing in the schema");
        at = *next;
        left.remove_prefix(end);
    }
    return at;
}

Status SchemaParser::find_anchors(const json::View& value, std::size_t depth) {
    if (depth > max_depth) return wrong("The schema is nested too deeply");
    if (value.is_array()) {
        for (const json::View element : value.elements()) TRY_VOID(find_anchors(element, depth + 1));
    }
    if (!value.is_object()) return {};
    if (const auto anchor = value.find("$anchor"); anchor && anchor->is_string())
        anchors_.emplace(anchor->as_string(), value);
    for (const json::Member& member : value.members()) TRY_VOID(find_anchors(member.value, depth + 1));
    return {};
}

/// No value may be looked at for ever, nor through too many schemas: that would take the stack.
Status SchemaParser::check_chains() const {
    constexpr std::size_t unknown = 0;
    std::vector<std::size_t> longest(nodes_.size(), unknown);
    const auto walk = [&](const auto& self, SchemaRef at, std::size_t above) -> Status {
        if (longest[at] != unknown && above + longest[at] <= max_chain) return {};
        if (above >= max_chain) {
            return wrong("The schema refers to itself in a circle, or through more than " +
                         std::to_string(max_chain) + " schemas, without looking into the value");
        }
        std::size_t below = 0;
        for (const SchemaRef next : in_place(nodes_[at])) {
            TRY_VOID(self(self, next, above + 1));
            below = std::max(below, longest[next]);
        }
        longest[at] = below + 1;
        return {};
    };
    for (SchemaRef at = 0; at < nodes_.size(); ++at) TRY_VOID(walk(walk, at, 0));
    return {};
}

const SchemaParser::Row* SchemaParser::find(std::string_view name) {
    using P = SchemaParser;
    static constexpr Row rows[] = {
        {"$anchor", &P::annotation_text, true, false},
        {"$comment", &P::annotation_text, true, false},
        {"$defs", &P::definitions, true, false},
        {"$id", &P::annotation_text, true, false},
        {"$ref", &P::reference, true, false},
        {"$schema", &P::dialect_name, true, false},
        {"additionalItems", &P::additional_items, true, true},
        {"additionalProperties", &P::additional_properties, true, true},
        {"allOf", &P::all_of, true, true},
        {"anyOf", &P::any_of, true, true},
        {"bsonType", &P::bson_type, false, true},
        {"const", &P::constant, true, false},
        {"contains", &P::contains, true, false},
        {"default", &P::annotation, true, false},
        {"definitions", &P::definitions, true, false},
        {"dependencies", &P::dependencies, true, true},
        {"dependentRequired", &P::dependent_required, true, false},
        {"dependentSchemas", &P::dependent_schemas, true, false},
        {"description", &P::annotation_text, true, true},
        {"else", &P::else_schema, true, false},
        {"enum", &P::enumeration, true, true},
        {"examples", &P::annotation, true, false},
        {"exclusiveMaximum", &P::exclusive_maximum, true, true},
        {"exclusiveMinimum", &P::exclusive_minimum, true, true},
        {"format", &P::format, true, false},
        {"id", &P::annotation, true, false},
        {"if", &P::if_schema, true, false},
        {"items", &P::items, true, true},
        {"maxContains", &P::max_contains, true, false},
        {"maxItems", &P::max_items, true, true},
        {"maxLength", &P::max_length, true, true},
        {"maxProperties", &P::max_properties, true, true},
        {"maximum", &P::maximum, true, true},
        {"minContains", &P::min_contains, true, false},
        {"minItems", &P::min_items, true, true},
        {"minLength", &P::min_length, true, true},
        {"minProperties", &P::min_properties, true, true},
        {"minimum", &P::minimum, true, true},
        {"multipleOf", &P::multiple_of, true, true},
        {"not", &P::negation, true, true},
        {"oneOf", &P::one_of, true, true},
        {"pattern", &P::pattern, true, true},
        {"patternProperties", &P::pattern_properties, true, true},
        {"prefixItems", &P::prefix_items, true, false},
        {"properties", &P::properties, true, true},
        {"propertyNames", &P::property_names, true, false},
        {"required", &P::required, true, true},
        {"then", &P::then_schema, true, false},
        {"title", &P::annotation_text, true, true},
        {"type", &P::type, true, true},
        {"uniqueItems", &P::unique_items, true, true},
    };
    const Row* const found = std::ranges::find(rows, name, &Row::name);
    return found == std::end(rows) ? nullptr : found;
}

}  // namespace credvault::query
