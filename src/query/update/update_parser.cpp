#include "query/update/update_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/writer.h"
#include "query/filter_parser.h"

namespace credvault::query {
namespace {

constexpr std::array<std::string_view, 4> platform_fields{"id", "created_at", "updated_at", "_version"};

bool is_platform(std::string_view name) { return std::ranges::count(platform_fields, name) > 0; }

Error invalid(std::string message, std::string field = {}) {
    return Error(ErrorCode::INVALID_UPDATE, std::move(message), std::move(field));
}

Status check_no_filters(const std::optional<json::View>& filters, std::string_view kind) {
    if (!filters || (filters->is_array() && filters->empty())) return {};
    return invalid("array_filters go with update operators, not with " + std::string(kind), "array_filters");
}

/// The identifier of `$[name]`, the empty one of `$[]`; nothing where the part is neither.
std::optional<std::string_view> identifier_of(std::string_view part) {
    if (!part.starts_with("$[") || !part.ends_with("]")) return std::nullopt;
    return part.substr(2, part.size() - 3);
}

bool is_identifier(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name[0] >= 'a' && name[0] <= 'z' && std::ranges::all_of(name, allowed);
}

bool is_dynamic(const Path& path) {
    return std::ranges::any_of(path.parts, [](const PathPart& part) {
        return part.name == "$" || identifier_of(part.name).has_value();
    });
}

Status check_platform(std::string_view op, const Path& path) {
    const std::string& first = path.parts.front().name;
    if (!is_platform(first) || (op == "$setOnInsert" && path.text == "id")) return {};
    return Error(
        ErrorCode::IMMUTABLE_FIELD,
        "The field '" + first + "' is set by the platform; '" + std::string(op) + "' can't change it",
        shown_name(path.text));
}

/// The first names of the paths of a filter, each once.
void collect_names(const FilterNode& node, std::set<std::string>& names) {
    if (!node.path.parts.empty()) {
        names.insert(node.path.parts.front().name);
        return;
    }
    for (const FilterNode& child : node.children) collect_names(child, names);
}

}  // namespace

Result<Update> UpdateParser::parse(const json::View& spec, const std::optional<json::View>& filters) {
    if (!spec.is_object() && !spec.is_array()) {
        return invalid(
            "An update is an object of operators such as {\"$set\": {…}}, a pipeline or a replacement; this "
            "is " +
            std::string(described_type(spec)));
    }
    if (spec.is_array()) {
        TRY_VOID(check_no_filters(filters, "a pipeline"));
        parsed_.kind = UpdateKind::Pipeline;
        TRY(parsed_.pipeline, TransformPipeline::parse(spec, "update", Scope()));
    } else if (is_operator_document(spec)) {
        if (filters) TRY_VOID(array_filters(*filters));
        TRY_VOID(operators(spec));
        TRY_VOID(check_filters_used());
        parsed_.root.seal();
    } else {
        TRY_VOID(check_no_filters(filters, "a replacement"));
        TRY_VOID(replacement(spec));
    }
    Update update;
    update.parsed_ = std::make_shared<const ParsedUpdate>(std::move(parsed_));
    return update;
}

Status UpdateParser::replacement(const json::View& spec) {
    for (const json::Member& member : spec.members()) {
        if (!member.name.starts_with('$')) continue;
        const std::string name = shown_name(decoded_name(member.name));
        return invalid(
            "'" + name +
                "' stands beside plain fields: an update is either operators alone or a replacement "
                "without names that begin with '$'",
            name);
    }
    parsed_.kind = UpdateKind::Replacement;
    parsed_.replacement = spec.text();
    return {};
}

Status UpdateParser::array_filters(const json::View& filters) {
    if (!filters.is_array()) return invalid("array_filters is an array of filters", "array_filters");
    std::size_t position = 0;
    for (const json::View filter : filters.elements()) {
        if (position == parsed_.limits.max_array_filters) {
            return invalid(
                "There may be at most " + std::to_string(parsed_.limits.max_array_filters) + " array filters",
                "array_filters");
        }
        TRY_VOID(array_filter(filter, "array_filters." + std::to_string(position++)));
    }
    return {};
}

Status UpdateParser::array_filter(const json::View& filter, const std::string& place) {
    if (!filter.is_object()) return invalid("An array filter is an object", place);
    FilterLimits limits;
    limits.no_search = "The elements of arrays can't be searched";
    Result<Filter> parsed = parse_filter(filter, limits);
    if (!parsed.ok()) {
        Error error = std::move(parsed).error();
        error.field = error.field.empty() ? place : place + "." + error.field;
        return error;
    }
    std::set<std::string> names;
    collect_names(parsed->root(), names);
    if (names.size() != 1) {
        return invalid(
            "An array filter is about one name, as in {\"item.qty\": {\"$gt\": 5}}; this one is about " +
                std::to_string(names.size()),
            place);
    }
    const std::string& name = *names.begin();
    if (!is_identifier(name)) {
        return invalid(
            "'" + shown_name(name) +
                "' can't name an array filter: it takes a lower-case letter, then letters and digits",
            place);
    }
    if (!parsed_.filters.emplace(name, *std::move(parsed)).second)
        return invalid("Two array filters are about '" + name + "'; join them with $and", place);
    return {};
}

Status UpdateParser::check_filters_used() const {
    for (const auto& [name, filter] : parsed_.filters) {
        if (used_filters_.contains(name)) continue;
        return invalid("No path of the update uses the array filter '" + name + "' as '$[" + name + "]'",
                       "array_filters");
    }
    return {};
}

Status UpdateParser::operators(const json::View& spec) {
    for (const json::Member& member : spec.members()) {
        const std::string op = decoded_name(member.name);
        if (!op.starts_with('$')) {
            return invalid("'" + shown_name(op) +
                               "' stands beside operators: either all names begin with '$' or none does",
                           shown_name(op));
        }
        if (op != "$rename" && find_modifier(op) == nullptr) {
            return Error(
                ErrorCode::UNSUPPORTED_OPERATOR,
                "'" + shown_name(op) +
                    "' is no update operator; known are $set, $unset, $inc, $mul, $min, $max, $rename, "
                    "$setOnInsert, $currentDate, $push, $addToSet, $pop, $pull, $pullAll and $bit",
                shown_name(op));
        }
        TRY_VOID(one_operator(op, member.value));
    }
    return {};
}

Status UpdateParser::one_operator(std::string_view op, const json::View& paths) {
    if (!paths.is_object()) {
        return invalid("'" + std::string(op) + "' takes an object of paths and values, this is " +
                           std::string(described_type(paths)),
                       std::string(op));
    }
    for (const json::Member& member : paths.members()) {
        const std::string name = decoded_name(member.name);
        if (++operations_ > parsed_.limits.max_operations) {
            return invalid(
                "An update names at most " + std::to_string(parsed_.limits.max_operations) + " paths",
                std::string(op));
        }
        if (op == "$rename") {
            TRY_VOID(rename(name, member.value));
            continue;
        }
        TRY(const Path path, parse_path(name, ErrorCode::INVALID_UPDATE));
        TRY_VOID(check_parts(op, path));
        TRY(std::unique_ptr<Modifier> modifier, find_modifier(op)(name, member.value));
        TRY_VOID(add(path, std::move(modifier)));
    }
    return {};
}

Status UpdateParser::check_parts(std::string_view op, const Path& path) {
    TRY_VOID(check_platform(op, path));
    const std::string shown = shown_name(path.text);
    std::size_t positional = 0;
    for (const PathPart& part : path.parts) {
        if (!part.name.starts_with('$')) continue;
        const auto identifier = identifier_of(part.name);
        if (part.name != "$" && !identifier) {
            return invalid(
                "'" + shown_name(part.name) +
                    "' can't stand in a path: names that begin with '$' are '$', '$[]' and '$[name]'",
                shown);
        }
        if (&part == &path.parts.front())
            return invalid("'" + shown + "' must begin with the name of an array, not with '" +
                               shown_name(part.name) + "'",
                           shown);
        positional += part.name == "$" ? 1 : 0;
        if (!identifier || identifier->empty()) continue;
        if (!parsed_.filters.contains(std::string(*identifier))) {
            return invalid("'" + shown_name(part.name) + "' needs an array filter about '" +
                               shown_name(*identifier) + "'",
                           shown);
        }
        used_filters_.emplace(*identifier);
    }
    if (positional > 1) return invalid("A path may have one '$', '" + shown + "' has more", shown);
    parsed_.positional |= positional > 0;
    return {};
}

Status UpdateParser::rename(const std::string& from, const json::View& to) {
    if (!to.is_string()) return wrong_argument("$rename", from, "it takes the new path as a string");
    TRY(const Path old_path, parse_path(from, ErrorCode::INVALID_UPDATE));
    TRY(const Path new_path, parse_path(to.as_string(), ErrorCode::INVALID_UPDATE));
    for (const Path* path : {&old_path, &new_path}) {
        if (is_dynamic(*path)) return wrong_argument("$rename", path->text, "its paths must not hold '$'");
    }
    // The old name may begin with '$': that is how to get rid of one.
    TRY_VOID(check_platform("$rename", old_path));
    TRY_VOID(check_parts("$rename", new_path));
    if (old_path == new_path) return wrong_argument("$rename", from, "the new path must be another one");
    TRY_VOID(add(old_path, make_rename_from(from)));
    return add(new_path, make_rename_to(new_path.text, from));
}

Status UpdateParser::add(const Path& path, std::unique_ptr<Modifier> modifier) {
    parts_ += path.parts.size();
    if (parts_ > parsed_.limits.max_path_parts) {
        return invalid("The paths of an update have at most " +
                       std::to_string(parsed_.limits.max_path_parts) + " parts together");
    }
    UpdateNode* node = &parsed_.root;
    for (const PathPart& part : path.parts) {
        TRY(node, child(*node, part, *modifier));
    }
    if (!node->is_empty()) {
        const std::string shown = shown_name(path.text);
        return invalid("The update changes '" + shown + "' twice, or it and something within it", shown);
    }
    node->modifier = std::move(modifier);
    return {};
}

/// The node's child for a part, made where it is missing.
Result<UpdateNode*> UpdateParser::child(UpdateNode& node, const PathPart& part, const Modifier& modifier) {
    const std::string shown = shown_name(modifier.path());
    if (node.is_leaf()) {
        const std::string outer = shown_name(node.modifier->path());
        return invalid("The update changes '" + outer + "' as well as '" + shown + "' within it", shown);
    }
    const auto identifier = identifier_of(part.name);
    const bool has_named = !node.named.empty() || node.positional;
    if (identifier ? has_named : !node.filtered.empty()) {
        return invalid("'" + shown + "' changes an array by another kind of position than another path does",
                       shown);
    }
    std::unique_ptr<UpdateNode>& slot = identifier         ? node.filtered[std::string(*identifier)]
                                        : part.name == "$" ? node.positional
                                                           : node.named[part.name];
    if (!slot) {
        slot = std::make_unique<UpdateNode>();
        slot->part = part;
    }
    return slot.get();
}

}  // namespace credvault::query
