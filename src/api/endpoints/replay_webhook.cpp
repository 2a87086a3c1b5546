#include "api/endpoints.h"
#include "api/endpoints/webhook_shapes.h"
#include "api/webhook_surroundings.h"
#include "base/clock.h"
#include "webhooks/deliveries.h"

namespace credvault::api {
namespace {

struct ReplayWebhook {
    WebhookPath at;
    std::optional<std::string_view> from, to;
    bool failed_only = false;

    static Fields fields() {
        return {include(&ReplayWebhook::at),
                body(&ReplayWebhook::from, "from",
                     {.description = "Only events from then on.",
                      .example = "2026-01-31T12:00:00.000Z",
                      .max_length = 64}),
                body(&ReplayWebhook::to, "to",
                     {.description = "Only events up to then.",
                      .example = "2026-01-31T13:00:00.000Z",
                      .max_length = 64}),
                body(&ReplayWebhook::failed_only, "failed_only",
                     {.description = "Only those that failed for good.",
                      .example = "true",
                      .default_value = "false"})};
    }
};

struct ReplayShape {
    std::int64_t replayed = 0;

    static constexpr std::string_view schema_name = "Replay";
    static Fields fields() {
        return {body(&ReplayShape::replayed, "replayed",
                     {.description = "Deliveries that are sent again.", .example = "17"})};
    }
};

Result<std::optional<std::int64_t>> time_of(const std::optional<std::string_view>& text,
                                            std::string_view field) {
    if (!text) return std::optional<std::int64_t>();
    const auto ms = parse_time(*text);
    if (ms) return std::optional<std::int64_t>(*ms);
    return Error(ErrorCode::INVALID_PARAMETER,
                 "Parameter '" + std::string(field) + "' must be a time, for instance 2026-01-31T12:00:00Z",
                 std::string(field));
}

Reply<Resource<ReplayShape>> run(Context& context, const ReplayWebhook& request) {
    webhooks::ReplayWish wish;
    CO_TRY(wish.from_ms, time_of(request.from, "from"));
    CO_TRY(wish.to_ms, time_of(request.to, "to"));
    wish.failed_only = request.failed_only;
    if (!wish.from_ms && !wish.to_ms && !wish.failed_only) {
        co_return Error(ErrorCode::MISSING_PARAMETER, "Say which: 'from', 'to', or 'failed_only'", "from");
    }
    const webhooks::Maker maker = maker_of(context);
    CO_TRY(const std::uint64_t replayed,
           co_await context.services.deliveries.replay(maker, std::string(request.at.webhook), wish));
    co_return Resource<ReplayShape>{{static_cast<std::int64_t>(replayed)}};
}

}  // namespace

const Endpoint replay_webhook = Operation<ReplayWebhook, Resource<ReplayShape>>{
    .id = "replayWebhook",
    .method = http::Method::Post,
    .path = "/v1/webhooks/{webhook}/replay",
    .tag = "Webhooks",
    .summary = "Send many deliveries again",
    .description =
        "Those of a range of time, or all that failed for good; at most 100,000 at one call. They go out "
        "with "
        "their `webhook-id`, in no order.",
    .scope = Scope::WebhookManage,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::None,
    .errors = {ErrorCode::WEBHOOK_NOT_FOUND, ErrorCode::QUERY_TIMEOUT, ErrorCode::QUERY_TOO_LARGE},
    .run = run};

}  // namespace credvault::api
