// How limits and use are shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/codecs.h"
#include "api/field.h"

namespace credvault::api {

struct RequestLimitShape {
    std::string of_class;
    std::int64_t window_seconds = 60;
    std::optional<std::int64_t> limit, burst, remaining;
    std::optional<std::int64_t> workspace_limit, workspace_burst, workspace_remaining;

    static constexpr std::string_view schema_name = "RequestLimit";
    static Fields fields() {
        using S = RequestLimitShape;
        return {
            body(&S::of_class, "class",
                 {.description =
                      "Which calls it counts: `standard`, `scan` (what may read a whole collection) or "
                      "`training`.",
                  .example = "standard",
                  .required = true}),
            body(&S::window_seconds, "window_seconds",
                 {.description = "The time that the limits are for.",
                  .example = "60",
                  .required = true,
                  .min = 1}),
            body(&S::limit, "limit",
                 {.description = "Requests of one key or user in that time; absent: any number.",
                  .example = "600",
                  .min = 1}),
            body(&S::burst, "burst",
                 {.description = "How many of them may come at once.", .example = "600", .min = 1}),
            body(&S::remaining, "remaining",
                 {.description = "How many the key or user that asks may make right now.",
                  .example = "593",
                  .min = 0}),
            body(&S::workspace_limit, "workspace_limit",
                 {.description = "Requests of the whole workspace in that time; absent: any number.",
                  .example = "1200",
                  .min = 1}),
            body(&S::workspace_burst, "workspace_burst",
                 {.description = "How many of them may come at once.", .example = "1200", .min = 1}),
            body(&S::workspace_remaining, "workspace_remaining",
                 {.description = "How many the workspace may make right now.", .example = "1190", .min = 0})};
    }
};

struct QuotaShape {
    std::optional<std::int64_t> limit;
    std::int64_t used = 0;

    static constexpr std::string_view schema_name = "Quota";
    static Fields fields() {
        return {body(&QuotaShape::limit, "limit",
                     {.description = "The most that there may be; absent: any number.",
                      .example = "100000",
                      .min = 1}),
                body(&QuotaShape::used, "used",
                     {.description = "How many there are.", .example = "137", .required = true, .min = 0})};
    }
};

struct QuotasShape {
    QuotaShape records, storage_bytes, keys, members, webhooks;

    static constexpr std::string_view schema_name = "Quotas";
    static Fields fields() {
        using S = QuotasShape;
        return {body(&S::records, "records",
                     {.description = "Records in all the workspace's databases.", .required = true}),
                body(&S::storage_bytes, "storage_bytes",
                     {.description = "Bytes of their JSON text.", .required = true}),
                body(&S::keys, "keys", {.description = "API keys that are not revoked.", .required = true}),
                body(&S::members, "members", {.description = "Members of the workspace.", .required = true}),
                body(&S::webhooks, "webhooks", {.description = "Webhooks.", .required = true})};
    }
};

struct LimitsShape {
    std::string tier;
    std::vector<RequestLimitShape> requests;
    std::optional<std::int64_t> concurrency;
    QuotasShape quotas;

    static constexpr std::string_view schema_name = "Limits";
    static Fields fields() {
        using S = LimitsShape;
        return {
            body(&S::tier, "tier",
                 {.description = "The workspace's tier: `free`, `starter`, `pro` or `enterprise`.",
                  .example = "free",
                  .required = true}),
            body(&S::requests, "requests", {.description = "By class of call.", .required = true}),
            body(&S::concurrency, "concurrency",
                 {.description = "Calls of the workspace that may be in flight; absent: any number.",
                  .example = "20",
                  .min = 1}),
            body(&S::quotas, "quotas", {.description = "What the workspace may hold.", .required = true})};
    }
};

struct LatencyShape {
    double p50 = 0, p95 = 0, p99 = 0;

    static constexpr std::string_view schema_name = "Latency";
    static Fields fields() {
        using S = LatencyShape;
        return {body(&S::p50, "p50",
                     {.description = "Half of the calls were answered within it.",
                      .example = "0.4706",
                      .required = true}),
                body(&S::p95, "p95",
                     {.description = "Of 100 calls 95 were answered within it.",
                      .example = "2.7536",
                      .required = true}),
                body(&S::p99, "p99",
                     {.description = "Of 100 calls 99 were answered within it.",
                      .example = "15.0588",
                      .required = true})};
    }
};

struct UsageShape {
    std::optional<std::string> day, hour, of_class, key;
    std::int64_t requests = 0, limited = 0, errors = 0;
    std::optional<LatencyShape> latency_ms;
    std::optional<std::int64_t> stored_bytes, stored_records;

    static constexpr std::string_view schema_name = "Usage";
    static Fields fields() {
        using S = UsageShape;
        return {
            body(&S::day, "day",
                 {.description = "In UTC; where days are told apart.", .example = "2026-01-31"}),
            body(&S::hour, "hour",
                 {.description = "Its beginning, in UTC; where hours are told apart.",
                  .example = "2026-01-31T13:00:00.000Z"}),
            body(&S::of_class, "class",
                 {.description = "`standard`, `scan` or `training`; where classes are told apart.",
                  .example = "standard"}),
            body(&S::key, "key",
                 {.description = "The id of the key or user; where they are told apart.",
                  .example = "key_4f7Qd2"}),
            body(&S::requests, "requests",
                 {.description = "Calls that were let through.",
                  .example = "1200",
                  .required = true,
                  .min = 0}),
            body(&S::limited, "limited",
                 {.description = "Calls that were refused with 429.",
                  .example = "3",
                  .required = true,
                  .min = 0}),
            body(&S::errors, "errors",
                 {.description = "Calls that were let through and answered with 400 or above.",
                  .example = "17",
                  .required = true,
                  .min = 0}),
            body(
                &S::latency_ms, "latency_ms",
                {.description =
                     "Milliseconds from a request's head to its response, as percentiles of the calls that "
                     "were let through; within 6%, or 1 µs. Absent where there were none, or none since this "
                     "is kept."}),
            body(&S::stored_bytes, "stored_bytes",
                 {.description =
                      "What the records of the workspace's databases took at the end of the day or hour, as "
                      "`storage_bytes` of its limits; now where it has not ended. Where neither classes nor "
                      "keys are told apart and it is known.",
                  .example = "7340032",
                  .min = 0}),
            body(&S::stored_records, "stored_records",
                 {.description = "How many records these were.", .example = "51200", .min = 0})};
    }
};

}  // namespace credvault::api
