// How changes look in answers, for the OpenAPI document (shapes.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/codecs.h"

namespace credvault::api {

struct ChangeShape {
    std::string position;
    std::string operation;
    std::string collection;
    std::optional<std::string> id;
    std::optional<std::int64_t> version;
    std::string time;
    std::string actor;
    std::optional<std::string> record_state;
    std::optional<bool> unfiltered;

    static constexpr std::string_view schema_name = "Change";
    static constexpr std::string_view schema_description =
        "One change. `record` and `before` are there where they were asked for: a record, or null where it "
        "is not "
        "known.";
    static constexpr bool open = true;
    static Fields fields() {
        using S = ChangeShape;
        return {
            body(&S::position, "position",
                 {.description = "Go on from here to get what came after.", .example = "9a4c01d21f3"}),
            body(&S::operation, "operation",
                 {.description = "`insert`, `update`, `delete`; of a collection `drop`, or `replace` where "
                                 "all it holds was exchanged at once.",
                  .example = "update"}),
            body(&S::collection, "collection", {.description = "The collection's name.", .example = "users"}),
            body(&S::id, "id", {.description = "The record's.", .example = "01JBV3M6Q4Z0X8T5D2N7K9W1RA"}),
            body(&S::version, "version",
                 {.description = "The record's `_version` afterwards; the last one, of a deletion.",
                  .example = "3",
                  .min = 1}),
            body(&S::time, "time",
                 {.description = "When it was written.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::actor, "actor",
                 {.description = "Who wrote it: a key's or user's id, or `ttl`.",
                  .example = "key_01JBV3M6Q4Z0X8T5"}),
            body(&S::record_state, "record_state",
                 {.description =
                      "With `record`: `exact`, `changed_since`, `deleted_since`, `deleted` or `too_large`.",
                  .example = "exact"}),
            body(&S::unfiltered, "unfiltered",
                 {.description = "True where the filter could not be asked: the record is not known, or an "
                                 "expression in it fails."})};
    }
};

struct ChangesShape {
    std::vector<ChangeShape> changes;
    std::string position;
    std::string oldest;
    bool has_more = false;

    static constexpr std::string_view schema_name = "Changes";
    static Fields fields() {
        using S = ChangesShape;
        return {
            body(&S::changes, "changes", {.description = "In the order of their commits."}),
            body(&S::position, "position",
                 {.description = "`since` of the next page, also where this one is empty.",
                  .example = "9a4c01d21f3"}),
            body(&S::oldest, "oldest",
                 {.description = "The oldest position from which one can go on.", .example = "5f10aa3e0"}),
            body(&S::has_more, "has_more", {.description = "Whether the log goes on behind `position`."})};
    }
};

}  // namespace credvault::api
