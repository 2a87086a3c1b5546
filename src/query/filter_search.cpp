// $text, and the operators on places: $near, $nearSphere, $geoWithin, $geoIntersects.
#include <optional>
#include <utility>

#include "query/filter_parser.h"
#include "query/geo/near.h"
#include "query/geo/shape.h"
#include "query/text/text_query.h"

namespace credvault::query {
namespace {

Result<bool> flag(const json::View& value, std::string_view name) {
    if (value.type() == json::Type::Bool) return value.as_bool();
    return Error(ErrorCode::INVALID_FILTER, std::string(name) + " is true or false");
}

/// The argument of $text but for the text index that it is asked of.
Result<TextQuery::Request> text_request(const json::View& value) {
    constexpr std::string_view form =
        "$text takes an object with a text to search for, for instance {\"$search\": \"coffee -decaf\"}";
    if (!value.is_object()) return Error(ErrorCode::INVALID_FILTER, std::string(form));
    TextQuery::Request request;
    bool has_search = false;
    for (const json::Member& member : value.members()) {
        if (member.name == "$search" && member.value.is_string()) {
            request.search = member.value.as_string();
            has_search = true;
        } else if (member.name == "$language" && member.value.is_string()) {
            const std::string name = member.value.as_string();
            request.language = Language::find(name);
            if (request.language == nullptr) {
                return Error(ErrorCode::INVALID_FILTER, "There is no language '" + shown_name(name) +
                                                            "' for searches; there are " + Language::names());
            }
        } else if (member.name == "$caseSensitive") {
            TRY(request.sensitivity.letter_case, flag(member.value, member.name));
        } else if (member.name == "$diacriticSensitive") {
            TRY(request.sensitivity.diacritics, flag(member.value, member.name));
        } else if (member.name == "$search" || member.name == "$language") {
            return Error(ErrorCode::INVALID_FILTER, std::string(member.name) + " is a string");
        } else {
            return Error(ErrorCode::INVALID_FILTER,
                         "$text takes $search, $language, $caseSensitive and $diacriticSensitive, not '" +
                             shown_name(member.name) + "'");
        }
    }
    if (!has_search) return Error(ErrorCode::INVALID_FILTER, std::string(form));
    return request;
}

}  // namespace

bool is_place_operator(std::string_view name) {
    return name == "$near" || name == "$nearSphere" || name == "$geoWithin" || name == "$geoIntersects" ||
           name == "$maxDistance" || name == "$minDistance";
}

Status FilterParser::text(const json::View& value, Nodes& out) {
    TRY_VOID(count_node());
    if (!limits_.no_search.empty()) return wrong(limits_.no_search);
    if (elements_ > 0) return wrong("$text searches whole records; it can't stand within $elemMatch");
    if (nors_ > 0) {
        return wrong("A $text can't stand within $nor; to exclude words, put a minus sign before them");
    }
    if (has_text_ || has_near_) return wrong("A filter may have one $text, and none beside $near");
    has_text_ = true;
    Result<TextQuery::Request> request = text_request(value);
    if (!request.ok()) return wrong(request.error().message);
    if (!text_source_) {
        return wrong(
            "$text needs a text index on the collection that is ready: create one, for instance with POST "
            "…/indexes {\"name\": \"texts\", \"fields\": [\"title\", \"body\"], \"type\": \"text\"}");
    }
    auto query = TextQuery::make(text_source_, *request);
    if (!query.ok()) return wrong(query.error().message);
    FilterNode& node = out.emplace_back();
    node.op = FilterOp::Text;
    node.text = *std::move(query);
    return {};
}

Status FilterParser::place(const Path& path, std::string_view name, const json::View& value,
                           const json::View& siblings, Nodes& out) {
    if (name == "$maxDistance" || name == "$minDistance") {
        if (siblings.find("$near") || siblings.find("$nearSphere")) return {};
        return wrong("The operator belongs to a $near or $nearSphere beside it");
    }
    if (name == "$near" || name == "$nearSphere") {
        TRY(FilterNode node, near(path, name, value, siblings));
        out.push_back(std::move(node));
        return {};
    }
    Result<GeoShapeRef> shape = name == "$geoWithin" ? parse_geo_within(value) : parse_geo_intersects(value);
    if (!shape.ok()) return std::move(shape).error();
    FilterNode& node = out.emplace_back();
    node.op = FilterOp::GeoWithin;
    node.path = path;
    node.shape = *std::move(shape);
    return {};
}

Result<FilterNode> FilterParser::near(const Path& path, std::string_view name, const json::View& value,
                                      const json::View& siblings) {
    if (!limits_.no_search.empty()) return wrong(limits_.no_search);
    if (joins_ > 0) {
        return wrong(
            "The operator orders what a filter finds; it can't stand within $or, $nor, $not or $elemMatch. "
            "$geoWithin with $centerSphere can");
    }
    if (has_near_ || has_text_)
        return wrong("A filter may have one $near or $nearSphere, and none beside $text");
    has_near_ = true;
    FilterNode node;
    node.op = FilterOp::Near;
    node.path = path;
    TRY(node.near, GeoNear::parse(name == "$nearSphere", value, siblings));
    return node;
}

}  // namespace credvault::query
