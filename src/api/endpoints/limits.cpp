// GET and PATCH /v1/limits.
#include "access/allotments.h"
#include "api/endpoints.h"
#include "api/endpoints/limit_shapes.h"
#include "base/clock.h"

namespace credvault::api {
namespace {

struct GetLimits {
    static Fields fields() { return {}; }
};

struct UpdateLimits {
    std::string_view tier;

    static Fields fields() {
        return {body(&UpdateLimits::tier, "tier",
                     {.description = "`free`, `starter`, `pro` or `enterprise`.",
                      .example = "pro",
                      .required = true,
                      .max_length = 64})};
    }
};

std::optional<std::int64_t> limit_of(std::int64_t figure) {
    return figure > 0 ? std::optional<std::int64_t>(figure) : std::nullopt;
}

std::int64_t remaining(const access::BudgetWord& word, const access::Budget& budget) {
    return access::look(word.load(std::memory_order_relaxed), budget, monotonic_ns()).remaining;
}

RequestLimitShape requests_of(access::Meter& meter, const access::Tier& tier, access::CallClass of) {
    RequestLimitShape shape;
    shape.of_class = access::call_class_name(of);
    shape.window_seconds = tier.settings().window_s;
    if (const access::Budget& key = tier.key(of); key.limited()) {
        shape.limit = key.rate.requests;
        shape.burst = key.rate.burst;
        shape.remaining = remaining(meter.word(of), key);
    }
    if (const access::Budget& workspace = tier.workspace(of); workspace.limited()) {
        shape.workspace_limit = workspace.rate.requests;
        shape.workspace_burst = workspace.rate.burst;
        shape.workspace_remaining = remaining(meter.allotment->word(of), workspace);
    }
    return shape;
}

Reply<QuotaShape> quota_of(access::Allotments& allotments, std::string workspace, access::Counted what) {
    const std::int64_t most = allotments.of(workspace)->tier().most(what);
    CO_TRY(const std::int64_t used, co_await allotments.count(std::move(workspace), what));
    co_return QuotaShape{limit_of(most), used};
}

Reply<Resource<LimitsShape>> limits_of(Context& context) {
    access::Allotments& allotments = context.services.allotments;
    const std::string workspace(context.workspace());
    const std::shared_ptr<access::Meter> meter = allotments.meter(workspace, context.principal.id);
    const access::Tier& tier = meter->allotment->tier();
    const access::TierSettings& figures = tier.settings();
    LimitsShape shape;
    shape.tier = tier.name();
    for (std::size_t i = 0; i < access::call_classes; ++i)
        shape.requests.push_back(requests_of(*meter, tier, static_cast<access::CallClass>(i)));
    shape.concurrency = limit_of(figures.concurrency);
    CO_TRY(const storage::Stock stored, co_await allotments.stored(workspace));
    shape.quotas.records = {limit_of(figures.records), stored.records};
    shape.quotas.storage_bytes = {limit_of(figures.storage_bytes), stored.bytes};
    CO_TRY(shape.quotas.keys, co_await quota_of(allotments, workspace, access::Counted::Keys));
    CO_TRY(shape.quotas.members, co_await quota_of(allotments, workspace, access::Counted::Members));
    CO_TRY(shape.quotas.webhooks, co_await quota_of(allotments, workspace, access::Counted::Webhooks));
    co_return Resource<LimitsShape>{std::move(shape)};
}

}  // namespace

const Endpoint get_limits = Operation<GetLimits, Resource<LimitsShape>>{
    .id = "getLimits",
    .method = http::Method::Get,
    .path = "/v1/limits",
    .tag = "Limits",
    .summary = "Get limits and what of them is used",
    .description =
        "The figures of the workspace's tier, how much of them is used now, and what the caller's own "
        "credential may still do.",
    .scope = Scope::MetadataRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::QUERY_TIMEOUT},
    .run = [](Context& context, const GetLimits&) { return limits_of(context); }};

const Endpoint update_limits = Operation<UpdateLimits, Resource<LimitsShape>>{
    .id = "updateLimits",
    .method = http::Method::Patch,
    .path = "/v1/limits",
    .tag = "Limits",
    .summary = "Change the workspace's tier",
    .description =
        "Another tier holds from the answer on. What the workspace holds beyond it stays, and can be read "
        "and deleted; nothing can be added.",
    .scope = Scope::BillingManage,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::QUERY_TIMEOUT},
    .run = [](Context& context, const UpdateLimits& request) -> Reply<Resource<LimitsShape>> {
        CO_TRY_VOID(co_await context.services.allotments.change_tier(
            std::string(context.workspace()), std::string(request.tier), std::string(context.actor())));
        co_return co_await limits_of(context);
    }};

}  // namespace credvault::api
