// Shapes that stand in the OpenAPI document alone: what api/envelope writes by hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/field.h"

namespace credvault::api {

struct PaginationShape {
    std::int64_t limit = 0;
    std::int64_t offset = 0;
    std::optional<std::int64_t> total;
    std::optional<std::string> total_relation;
    bool has_more = false;
    std::optional<std::string> next_cursor;
    static constexpr std::string_view schema_name = "Pagination";
    static Fields fields() {
        using P = PaginationShape;
        return {body(&P::limit, "limit", {.description = "The most rows of a page.", .example = "20"}),
                body(&P::offset, "offset",
                     {.description = "Rows left out before the first one.", .example = "0"}),
                body(&P::total, "total",
                     {.description = "Rows in all, as total_relation says.", .example = "137"}),
                body(&P::total_relation, "total_relation",
                     {.description = "`eq`: total is exact; `gte`: there are at least so many.",
                      .example = "eq"}),
                body(&P::has_more, "has_more", {.description = "Whether rows follow.", .example = "true"}),
                body(&P::next_cursor, "next_cursor", {.description = "The `cursor` of the next page."})};
    }
};

struct DetailShape {
    std::string field, code, message;
    static constexpr std::string_view schema_name = "ErrorDetail";
    static Fields fields() {
        return {body(&DetailShape::field, "field", {.description = "The parameter or field that is wrong."}),
                body(&DetailShape::code, "code",
                     {.description = "Stable, for programs.", .example = "INVALID_PARAMETER"}),
                body(&DetailShape::message, "message",
                     {.description = "What is wrong and what would be right."})};
    }
};

struct ErrorShape {
    std::string status, code, message, request_id;
    std::optional<std::string> field;
    std::optional<std::vector<DetailShape>> details;
    std::optional<Raw<AnyObject>> result;
    static constexpr std::string_view schema_name = "Error";
    static Fields fields() {
        using E = ErrorShape;
        return {
            body(&E::status, "status", {.description = "Always `error`.", .example = "error"}),
            body(&E::code, "code", {.description = "Stable, for programs.", .example = "MISSING_PARAMETER"}),
            body(&E::message, "message",
                 {.description = "What is wrong and what would be right, for people.",
                  .example = "Required parameter 'name' is missing from request"}),
            body(&E::field, "field", {.description = "The parameter or field concerned.", .example = "name"}),
            body(&E::details, "details", {.description = "Where several fields are wrong: all of them."}),
            body(&E::result, "result",
                 {.description = "Of work that is done piece by piece: what was done before it failed."}),
            body(&E::request_id, "request_id", {.description = "The same as X-Request-Id."})};
    }
};

}  // namespace credvault::api
