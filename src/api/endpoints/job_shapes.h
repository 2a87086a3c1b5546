// How jobs look in answers, for the OpenAPI document (as shapes.h), and their place.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/codecs.h"

namespace credvault::api {

struct JobProgressShape {
    std::int64_t done = 0;
    std::optional<std::int64_t> total;
    std::string unit;

    static constexpr std::string_view schema_name = "JobProgress";
    static Fields fields() {
        using S = JobProgressShape;
        return {
            body(&S::done, "done", {.description = "What is done.", .example = "250000", .min = 0}),
            body(
                &S::total, "total",
                {.description = "What there is to do, where that is known.", .example = "1000000", .min = 0}),
            body(&S::unit, "unit", {.description = "What is counted.", .example = "records"})};
    }
};

struct JobErrorShape {
    std::string code;
    std::string message;
    std::optional<std::string> field;

    static constexpr std::string_view schema_name = "JobError";
    static Fields fields() {
        using S = JobErrorShape;
        return {
            body(&S::code, "code", {.description = "As in error answers.", .example = "STORAGE_FULL"}),
            body(&S::message, "message", {.description = "What went wrong.", .example = "The disk is full"}),
            body(&S::field, "field", {.description = "The field concerned.", .example = "email"})};
    }
};

struct JobShape {
    std::optional<std::string> id;
    std::optional<std::string> type;
    std::optional<std::string> state;
    std::optional<std::string> target;
    std::optional<JobProgressShape> progress;
    std::optional<Raw<AnyObject>> result;
    std::optional<JobErrorShape> error;
    std::optional<bool> cancel_requested;
    std::optional<std::string> created_by;
    std::optional<std::string> created_at;
    std::optional<std::string> started_at;
    std::optional<std::string> finished_at;

    static constexpr std::string_view schema_name = "Job";
    static Fields fields() {
        using S = JobShape;
        return {
            body(&S::id, "id", {.description = "Its id.", .example = "job_01JBV3M6Q4Z0X8T5D2N7K9W1RA"}),
            body(&S::type, "type", {.description = "What kind of work it is.", .example = "import"}),
            body(&S::state, "state",
                 {.description = "`queued`, `running`, `succeeded`, `failed` or `cancelled`.",
                  .example = "running"}),
            body(&S::target, "target",
                 {.description = "What it works on: a database, and a collection in it.",
                  .example = "shop/users"}),
            body(&S::progress, "progress", {.description = "How far it is."}),
            body(&S::result, "result",
                 {.description = "What it did: so far while it runs, and where it failed or was cancelled."}),
            body(&S::error, "error", {.description = "Why it failed."}),
            body(&S::cancel_requested, "cancel_requested",
                 {.description = "Whether it was asked to end before it was done."}),
            body(&S::created_by, "created_by",
                 {.description = "The key or user that asked for it.", .example = "key_4f7Qd2"}),
            body(&S::created_at, "created_at",
                 {.description = "When it was asked for.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::started_at, "started_at",
                 {.description = "When it first ran.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::finished_at, "finished_at",
                 {.description = "When it ended.", .example = "2026-01-31T12:00:00.000Z"})};
    }
};

struct JobPath {
    std::string_view job;

    static Fields fields() {
        return {path(
            &JobPath::job, "job",
            {.description = "The job's id.", .example = "job_01JBV3M6Q4Z0X8T5D2N7K9W1RA", .max_length = 64})};
    }
};

inline std::string job_url(std::string_view id) { return "/v1/jobs/" + std::string(id); }

}  // namespace credvault::api
