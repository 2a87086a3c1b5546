// What a webhook is asked to be, and the checks on it. Value types and pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "outgoing/address_guard.h"
#include "webhooks/webhook.h"

namespace credvault::webhooks {

constexpr std::size_t max_events = 50;
constexpr std::size_t max_headers = 20;
constexpr std::int64_t most_per_second = 10'000;
constexpr std::int64_t most_concurrent = 100;

/// What is not given stays as it is, or as it is by default.
struct WebhookWish {
    std::optional<std::string> description;
    std::optional<std::string> url;
    std::optional<std::vector<std::string>> events;
    std::optional<std::string> database;    ///< Empty: all.
    std::optional<std::string> collection;  ///< Empty: all.
    std::optional<std::string> filter;      ///< Canonical document; "{}": none.
    std::optional<PayloadKind> payload;
    std::optional<PayloadFormat> format;
    std::optional<Headers> headers;          ///< All of them; hidden_value keeps the value that was there.
    std::optional<SignatureKind> signature;  ///< Of new ones.
    std::optional<bool> enabled;
    std::optional<std::int64_t> max_per_second;  ///< 0: any number.
    std::optional<std::int64_t> max_concurrency;
};

/// Puts the wish into the webhook and checks what comes of it, for who asks. Fails with INVALID_PARAMETER,
/// ADDRESS_NOT_ALLOWED, the errors of filters, and FORBIDDEN where his credential could not see what it would tell.
Status apply_wish(const WebhookWish& wish, const Maker& maker, const Rights& rights,
                  const outgoing::AddressGuard& guard, Webhook& webhook);

/// Whether the database and the collection can be named so. Fails with INVALID_PARAMETER.
Status check_place(const std::string& database, const std::string& collection);

}  // namespace credvault::webhooks
