// How webhooks and their deliveries look in answers and requests, for the OpenAPI document (as shapes.h), and their
// places.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/codecs.h"
#include "api/context.h"
#include "webhooks/webhooks.h"

namespace credvault::api {

template <>
struct EnumNames<webhooks::PayloadKind> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, webhooks::PayloadKind>>(
        {{"record", webhooks::PayloadKind::Record},
         {"changed", webhooks::PayloadKind::Changed},
         {"ids", webhooks::PayloadKind::Ids}});
};

template <>
struct EnumNames<webhooks::PayloadFormat> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, webhooks::PayloadFormat>>(
        {{"standard", webhooks::PayloadFormat::Standard},
         {"cloudevents", webhooks::PayloadFormat::CloudEvents}});
};

template <>
struct EnumNames<webhooks::SignatureKind> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, webhooks::SignatureKind>>(
        {{"v1", webhooks::SignatureKind::V1}, {"v1a", webhooks::SignatureKind::V1a}});
};

struct OldSecretShape {
    std::string expires_at;

    static constexpr std::string_view schema_name = "PreviousSigningSecret";
    static Fields fields() {
        return {body(&OldSecretShape::expires_at, "expires_at",
                     {.description = "When it stops signing.", .example = "2026-01-31T12:00:00.000Z"})};
    }
};

struct WebhookShape {
    std::optional<std::string> id, description, url, public_key;
    std::optional<std::vector<std::string>> events;
    std::optional<std::string> database, collection;
    std::optional<Raw<AnyObject>> filter;
    std::optional<std::string> payload, format, signature;
    std::optional<Raw<AnyObject>> headers;
    std::optional<std::string> status, paused_reason, paused_at;
    std::optional<std::int64_t> max_per_second, max_concurrency;
    std::optional<std::vector<OldSecretShape>> previous_secrets;
    std::optional<std::string> created_by, changed_by, last_rotated_at, last_gap_at, created_at, updated_at;

    static constexpr std::string_view schema_name = "Webhook";
    static Fields fields();
};

struct NewWebhookShape {
    WebhookShape webhook;
    std::optional<std::string> secret;

    static constexpr std::string_view schema_name = "WebhookWithSecret";
    static Fields fields();
};

/// What requests may say of a webhook, new or not.
struct WebhookMembers {
    std::optional<std::string_view> description;
    std::optional<std::string_view> database;
    std::optional<std::string_view> collection;
    std::optional<Raw<AnyObject>> filter;
    std::optional<webhooks::PayloadKind> payload;
    std::optional<webhooks::PayloadFormat> format;
    std::optional<Raw<AnyObject>> headers;
    std::optional<bool> enabled;
    std::optional<std::int64_t> max_per_second;
    std::optional<std::int64_t> max_concurrency;

    static Fields fields();
    /// Fails with INVALID_PARAMETER where a header's value is no string.
    Result<webhooks::WebhookWish> wish() const;
};
Rules webhook_url_rules();
Rules webhook_events_rules();

struct AttemptShape {
    std::string at;
    std::optional<std::int64_t> status;
    std::optional<std::string> error;
    double duration_ms = 0;
    std::optional<std::string> response;

    static constexpr std::string_view schema_name = "DeliveryAttempt";
    static Fields fields();
};

struct DeliveryShape {
    std::optional<std::string> id, webhook, event, type, subject;
    std::optional<std::int64_t> sequence;
    std::optional<std::string> occurred_at, status;
    std::optional<std::int64_t> attempt_count;
    std::optional<std::vector<AttemptShape>> attempts;
    std::optional<std::string> next_attempt_at;
    std::optional<bool> test;
    std::optional<Raw<AnyObject>> payload;

    static constexpr std::string_view schema_name = "Delivery";
    static Fields fields();
};

struct WebhookPath {
    std::string_view webhook;

    static Fields fields() {
        return {path(&WebhookPath::webhook, "webhook",
                     {.description = "The webhook's id.", .example = "wh_4f7Qd2", .max_length = 64})};
    }
};

struct DeliveryPath {
    WebhookPath of;
    std::string_view delivery;

    static Fields fields() {
        return {include(&DeliveryPath::of), path(&DeliveryPath::delivery, "delivery",
                                                 {.description = "The delivery's id.",
                                                  .example = "dlv_01JBV3M6Q4Z0X8T5D2N7K9W1RA",
                                                  .max_length = 64})};
    }
};

inline std::string webhook_url(std::string_view id) { return "/v1/webhooks/" + std::string(id); }

}  // namespace credvault::api
