#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct GetWebhookStatistics {
    WebhookPath at;
    std::int64_t hours = 24;

    static Fields fields() {
        return {include(&GetWebhookStatistics::at), query(&GetWebhookStatistics::hours, "hours",
                                                          {.description = "So many hours up to now.",
                                                           .example = "24",
                                                           .min = 1,
                                                           .max = 720,
                                                           .default_value = "24"})};
    }
};

struct HourShape {
    std::string hour;
    std::int64_t succeeded = 0, failed = 0, p50_ms = 0, p95_ms = 0;

    static constexpr std::string_view schema_name = "WebhookHour";
    static Fields fields() {
        using S = HourShape;
        return {
            body(&S::hour, "hour", {.description = "When it began.", .example = "2026-01-31T12:00:00.000Z"}),
            body(&S::succeeded, "succeeded", {.description = "Attempts that succeeded.", .example = "1200"}),
            body(&S::failed, "failed", {.description = "Attempts that failed.", .example = "3"}),
            body(&S::p50_ms, "p50_ms", {.description = "Half of them took no longer.", .example = "20"}),
            body(&S::p95_ms, "p95_ms", {.description = "95 of 100 took no longer.", .example = "100"})};
    }
};

struct StatisticsShape {
    std::string from;
    std::int64_t succeeded = 0, failed = 0, p50_ms = 0, p95_ms = 0;
    std::optional<std::string> last_success_at, last_failure_at, failing_since;
    std::vector<HourShape> hours;

    static constexpr std::string_view schema_name = "WebhookStatistics";
    static Fields fields() {
        using S = StatisticsShape;
        constexpr std::string_view time = "2026-01-31T12:00:00.000Z";
        return {
            body(&S::from, "from", {.description = "The first hour.", .example = time}),
            body(&S::succeeded, "succeeded", {.description = "Attempts that succeeded.", .example = "28800"}),
            body(&S::failed, "failed", {.description = "Attempts that failed.", .example = "17"}),
            body(&S::p50_ms, "p50_ms", {.description = "Half of them took no longer.", .example = "20"}),
            body(&S::p95_ms, "p95_ms", {.description = "95 of 100 took no longer.", .example = "100"}),
            body(&S::last_success_at, "last_success_at", {.description = "Of an attempt.", .example = time}),
            body(&S::last_failure_at, "last_failure_at", {.description = "Of an attempt.", .example = time}),
            body(&S::failing_since, "failing_since",
                 {.description = "When the first attempt failed after the last that succeeded.",
                  .example = time}),
            body(&S::hours, "hours", {.description = "Each hour, the oldest first."})};
    }
};

Reply<Resource<Raw<StatisticsShape>>> run(Context& context, const GetWebhookStatistics& request) {
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(std::string text, co_await context.services.deliveries.statistics(
                                 maker, std::string(request.at.webhook), request.hours));
    co_return Resource<Raw<StatisticsShape>>{{std::move(text)}};
}

}  // namespace

const Endpoint get_webhook_statistics = Operation<GetWebhookStatistics, Resource<Raw<StatisticsShape>>>{
    .id = "getWebhookStatistics",
    .method = http::Method::Get,
    .path = "/v1/webhooks/{webhook}/statistics",
    .tag = "Webhooks",
    .summary = "Get a webhook's statistics",
    .description = "Attempts and how long they took, by the hour.",
    .scope = Scope::WebhookRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND},
    .run = run};

}  // namespace credvault::api
