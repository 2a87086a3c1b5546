#include "api/endpoints/webhook_shapes.h"

namespace credvault::api {
namespace {

constexpr std::string_view time_example = "2026-01-31T12:00:00.000Z";

constexpr Rules description_rules{
    .description = "What it is for, for people.", .example = "Orders to the warehouse", .max_length = 500};
constexpr Rules database_rules{
    .description = "Only events of this database; left out: of all.", .example = "shop", .max_length = 64};
constexpr Rules collection_rules{.description = "Only events of this collection of it; left out: of all.",
                                 .example = "orders",
                                 .max_length = 64};
constexpr Rules filter_rules{.description =
                                 "Only records that match it: of created and updated ones as they are "
                                 "afterwards, of deleted ones as they were.",
                             .example = R"({"status":"paid"})",
                             .json = JsonKind::Object};
constexpr Rules payload_rules{.description =
                                  "What an event of a record holds: the whole `record`, only the fields that "
                                  "`changed`, or only its `ids`.",
                              .example = "record",
                              .default_value = "record"};
constexpr Rules format_rules{.description =
                                 "The form of the body: `standard` (Standard Webhooks) or `cloudevents` "
                                 "(CloudEvents 1.0, structured).",
                             .example = "standard",
                             .default_value = "standard"};
constexpr Rules headers_rules{
    .description =
        "Header fields that are sent beside: names and texts, at most 20. Their values are "
        "not shown again; `[hidden]` keeps the one that is there.",
    .example = R"({"X-Tenant":"42"})",
    .json = JsonKind::Object};
constexpr Rules rate_rules{
    .description = "Attempts that begin within a second at most; 0, as by default: any number.",
    .example = "50",
    .min = 0,
    .max = webhooks::most_per_second};
constexpr Rules concurrency_rules{.description = "Attempts that are under way at once at most.",
                                  .example = "10",
                                  .min = 1,
                                  .max = webhooks::most_concurrent,
                                  .default_value = "10"};

Rules shown(Rules rules) {
    rules.default_value = {};
    return rules;
}

}  // namespace

Rules webhook_url_rules() {
    return {.description =
                "Where events go: http or https, without credentials, at an address of the public internet.",
            .example = "https://example.com/hooks",
            .min_length = 1,
            .max_length = 2048};
}

Rules webhook_events_rules() {
    return {.description = "Types of events (`GET /v1/webhooks/events`), `document.*` or `*`.",
            .example = R"(["document.*"])",
            .min_length = 1,
            .max_length = 64,
            .min_items = 1,
            .max_items = webhooks::max_events};
}

Fields WebhookShape::fields() {
    using S = WebhookShape;
    return {
        body(&S::id, "id", {.description = "Its id.", .example = "wh_4f7Qd2"}),
        body(&S::description, "description", description_rules),
        body(&S::url, "url", webhook_url_rules()),
        body(&S::public_key, "public_key",
             {.description = "Of the signature `v1a`: what verifies it.", .example = "whpk_…"}),
        body(&S::events, "events", webhook_events_rules()),
        body(&S::database, "database", database_rules),
        body(&S::collection, "collection", collection_rules),
        body(&S::filter, "filter", filter_rules),
        body(&S::payload, "payload", shown(payload_rules)),
        body(&S::format, "format", shown(format_rules)),
        body(&S::signature, "signature",
             {.description = "`v1` (HMAC-SHA256) or `v1a` (Ed25519).", .example = "v1"}),
        body(&S::headers, "headers", headers_rules),
        body(&S::status, "status",
             {.description = "`active`, `paused` (events wait) or `disabled` (events pass by).",
              .example = "active"}),
        body(&S::paused_reason, "paused_reason",
             {.description =
                  "`user`, `gone` (the receiver answered 410), `failing` (for days) or `maker_gone` (who "
                  "changed it last has left, or his key has ended).",
              .example = "user"}),
        body(&S::paused_at, "paused_at", {.description = "When it was paused.", .example = time_example}),
        body(&S::max_per_second, "max_per_second", rate_rules),
        body(&S::max_concurrency, "max_concurrency", shown(concurrency_rules)),
        body(&S::previous_secrets, "previous_secrets",
             {.description = "Secrets that were replaced and still sign beside the present one."}),
        body(&S::created_by, "created_by",
             {.description = "The key or user that made it.", .example = "key_4f7Qd2"}),
        body(&S::changed_by, "changed_by",
             {.description = "Who said last what it is: it tells nothing that he may not read.",
              .example = "key_4f7Qd2"}),
        body(&S::last_rotated_at, "last_rotated_at",
             {.description = "When it got its secret, where that was not the first one.",
              .example = time_example}),
        body(&S::last_gap_at, "last_gap_at",
             {.description = "When events were lost last, since it was further behind than the change log "
                             "reaches.",
              .example = time_example}),
        body(&S::created_at, "created_at", {.description = "When it was made.", .example = time_example}),
        body(&S::updated_at, "updated_at",
             {.description = "When it was last changed.", .example = time_example})};
}

Fields NewWebhookShape::fields() {
    return {include(&NewWebhookShape::webhook),
            body(&NewWebhookShape::secret, "secret",
                 {.description = "What verifies the signature `v1`. Shown this once. Absent where an "
                                 "Idempotency-Key is repeated, and with `v1a`.",
                  .example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})};
}

Fields WebhookMembers::fields() {
    using M = WebhookMembers;
    return {body(&M::description, "description", description_rules),
            body(&M::database, "database", database_rules),
            body(&M::collection, "collection", collection_rules),
            body(&M::filter, "filter", filter_rules),
            body(&M::payload, "payload", payload_rules),
            body(&M::format, "format", format_rules),
            body(&M::headers, "headers", headers_rules),
            body(&M::enabled, "enabled",
                 {.description =
                      "Whether it listens at all: false lets events pass by until it is turned on again.",
                  .example = "true"}),
            body(&M::max_per_second, "max_per_second", rate_rules),
            body(&M::max_concurrency, "max_concurrency", concurrency_rules)};
}

Result<webhooks::WebhookWish> WebhookMembers::wish() const {
    webhooks::WebhookWish wish;
    if (description) wish.description = std::string(*description);
    if (database) wish.database = std::string(*database);
    if (collection) wish.collection = std::string(*collection);
    if (filter) wish.filter = filter->text;
    wish.payload = payload;
    wish.format = format;
    wish.enabled = enabled;
    wish.max_per_second = max_per_second;
    wish.max_concurrency = max_concurrency;
    if (!headers) return wish;
    wish.headers.emplace();
    for (const json::Member& member : json::View(headers->text).members()) {
        std::string name;
        json::append_decoded(name, member.name);
        if (!member.value.is_string()) {
            return Error(ErrorCode::INVALID_PARAMETER, "A header's value is a string",
                         "headers." + name.substr(0, 64));
        }
        wish.headers->emplace_back(std::move(name), member.value.as_string());
    }
    return wish;
}

Fields AttemptShape::fields() {
    using S = AttemptShape;
    return {
        body(&S::at, "at", {.description = "When it began.", .example = time_example}),
        body(&S::status, "status",
             {.description = "Of the answer; absent where there was none.", .example = "503"}),
        body(&S::error, "error",
             {.description = "Why it failed; absent where it did not.", .example = "The answer was not 2xx"}),
        body(&S::duration_ms, "duration_ms", {.description = "How long it took.", .example = "12.5"}),
        body(&S::response, "response", {.description = "The first KiB of the answer.", .example = "ok"})};
}

Fields DeliveryShape::fields() {
    using S = DeliveryShape;
    return {
        body(&S::id, "id", {.description = "Its id.", .example = "dlv_01JBV3M6Q4Z0X8T5D2N7K9W1RA"}),
        body(&S::webhook, "webhook", {.description = "The webhook's id.", .example = "wh_4f7Qd2"}),
        body(&S::event, "event",
             {.description = "The event's id: `webhook-id` of every attempt.",
              .example = "msg_01JBV3M6Q4Z0X8T5D2N7K9W1RA"}),
        body(&S::type, "type", {.description = "The event's type.", .example = "document.created"}),
        body(&S::subject, "subject", {.description = "What it is about.", .example = "shop/orders/o1"}),
        body(&S::sequence, "sequence", {.description = "As in the payload.", .example = "4711"}),
        body(&S::occurred_at, "occurred_at", {.description = "When it happened.", .example = time_example}),
        body(&S::status, "status",
             {.description = "`delivered`, `retrying`, `waiting` (behind an earlier event of the same thing) "
                             "or `failed` (it is tried no more).",
              .example = "delivered"}),
        body(&S::attempt_count, "attempt_count", {.description = "Attempts so far.", .example = "1"}),
        body(&S::attempts, "attempts", {.description = "The newest attempts, 20 at most."}),
        body(&S::next_attempt_at, "next_attempt_at",
             {.description = "When it is tried again.", .example = time_example}),
        body(&S::test, "test", {.description = "Whether it was a test.", .example = "true"}),
        body(&S::payload, "payload",
             {.description = "What was sent. Of single deliveries, for those who may read it."})};
}

}  // namespace credvault::api
