#include "query/pipeline/stage_parsing.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"

namespace credvault::query {

Error StagePlace::placed(Error error, std::string_view name) const {
    std::string field = name.empty() ? where : below(shown_name(name));
    if (!error.field.empty()) field += "." + error.field;
    error.field = std::move(field);
    return error;
}

Result<Expression> StagePlace::expression(const json::View& spec, std::string_view name) const {
    Result<Expression> parsed = Expression::parse(spec, scope);
    if (!parsed.ok()) return placed(std::move(parsed).error(), name);
    return parsed;
}

Result<Filter> StagePlace::filter(const json::View& spec, std::string_view name) const {
    FilterLimits filter_limits;
    filter_limits.no_search = no_search;
    Result<Filter> parsed = parse_filter(spec, filter_limits, scope, text);
    if (!parsed.ok()) return placed(std::move(parsed).error(), name);
    return parsed;
}

Status check_members(const json::View& spec, std::initializer_list<std::string_view> names,
                     const StagePlace& place) {
    for (const json::Member& member : spec.members()) {
        if (std::ranges::find(names, member.name) != names.end()) continue;
        std::string known;
        for (const std::string_view name : names) known += (known.empty() ? "" : ", ") + std::string(name);
        std::string name;
        json::append_decoded(name, member.name);
        return place.wrong("There is no option '" + shown_name(name) + "' here; there are " + known,
                           shown_name(name));
    }
    return {};
}

Status check_variable_name(std::string_view name, const StagePlace& place) {
    const auto is_wide = [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; };
    const auto is_part = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               is_wide(c);
    };
    const bool begins_well = !name.empty() && ((name[0] >= 'a' && name[0] <= 'z') || is_wide(name[0]));
    if (begins_well && std::ranges::all_of(name, is_part)) return {};
    return place.wrong(
        "A variable's name must begin with a lower-case letter and have only letters, digits and underscores",
        shown_name(name));
}

Result<Path> field_name(const json::View& value, const StagePlace& place, std::string_view name) {
    if (!value.is_string() || value.empty()) {
        return place.wrong("It must be the name of a field", name);
    }
    Result<Path> path = parse_path(value.as_string(), ErrorCode::INVALID_PIPELINE);
    if (!path.ok()) return place.wrong(std::string(path.error().message), name);
    for (const PathPart& part : path->parts) {
        if (part.name.starts_with('$')) return place.wrong("A field's name must not begin with '$'", name);
    }
    return path;
}

Result<Path> field_reference(const json::View& value, const StagePlace& place, std::string_view name) {
    std::string scratch;
    if (!value.is_string() || !value.decoded(scratch).starts_with('$')) {
        return place.wrong("It must be a path with a dollar sign, for instance \"$tags\"", name);
    }
    std::string text;
    json::append_string(text, value.decoded(scratch).substr(1));
    return field_name(json::View(text), place, name);
}

}  // namespace credvault::query
