#include "webhooks/wish.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "outgoing/header_text.h"
#include "outgoing/url.h"
#include "webhooks/event_types.h"

namespace credvault::webhooks {
namespace {

constexpr std::size_t max_name = 64;
constexpr std::size_t max_value_bytes = 1024;
constexpr std::size_t max_filter_bytes = 64 * 1024;

Error wrong(std::string message, std::string field) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), std::move(field));
}

bool is_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !name.empty() && name.size() <= max_name && letter(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; });
}

std::string lowered(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

/// Fields that the delivery or its connection sets itself.
bool is_reserved(std::string_view name) {
    constexpr auto names = std::to_array<std::string_view>(
        {"host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "te",
         "trailer", "upgrade", "keep-alive", "proxy-connection", "user-agent", "accept-encoding"});
    return std::find(names.begin(), names.end(), name) != names.end() || name.starts_with("webhook-") ||
           name.starts_with("x-credvault-") || name.starts_with("proxy-");
}

Status set_headers(const Headers& wanted, Webhook& webhook) {
    if (wanted.size() > max_headers) return wrong("A webhook has at most 20 headers of its own", "headers");
    Headers headers;
    for (const auto& [name, value] : wanted) {
        const std::string place = "headers." + name.substr(0, max_name);
        if (!outgoing::is_header_name(name) || name.size() > max_name)
            return wrong("A header's name has letters, digits and hyphens, 64 at most", place);
        if (is_reserved(lowered(name))) return wrong("This header is set by the delivery itself", place);
        const auto same = [&, key = lowered(name)](const auto& other) { return lowered(other.first) == key; };
        if (std::any_of(headers.begin(), headers.end(), same))
            return wrong("The header is given twice", place);
        if (!outgoing::is_header_value(value) || value.size() > max_value_bytes)
            return wrong("A header's value is visible ASCII, 1 KiB at most", place);
        const auto kept = std::find_if(webhook.headers.begin(), webhook.headers.end(), same);
        const bool keeps = value == hidden_value && kept != webhook.headers.end();
        headers.emplace_back(name, keeps ? kept->second : value);
    }
    webhook.headers = std::move(headers);
    return {};
}

Status set_filter(const std::string& text, Webhook& webhook) {
    webhook.filter.clear();
    if (text == "{}") return {};
    if (text.size() > max_filter_bytes) return wrong("A filter has at most 64 KiB", "filter");
    query::FilterLimits limits;
    limits.no_search = "Webhooks look at one record at a time";
    Result<query::Filter> filter = query::parse_filter(json::View(text), limits);
    if (!filter.ok()) {
        Error error = std::move(filter).error();
        error.field = error.field.empty() ? "filter" : "filter." + error.field;
        return error;
    }
    webhook.filter = text;
    return {};
}

/// Whether the pattern names something that who asks may hear of. With a wildcard the rest is left out.
Status check_pattern(const std::string& pattern, const Maker& maker, const std::string& place) {
    bool known = false;
    const EventType* refused = nullptr;
    for (const EventType& type : event_types()) {
        if (!covers(pattern, type.name)) continue;
        known = true;
        if (maker.has(type.scope) && (type.of_places || !maker.restricted())) return {};
        refused = &type;
    }
    if (!known)
        return wrong(
            "There are no events of this type: see GET /v1/webhooks/events, or write '*' or 'document.*'",
            place);
    if (!maker.has(refused->scope)) {
        return Error(ErrorCode::FORBIDDEN,
                     "Your credential does not have the scope " + std::string(refused->scope) + ", which '" +
                         std::string(refused->name) + "' needs",
                     place);
    }
    return Error(
        ErrorCode::FORBIDDEN,
        "Your credential sees only a part of the data: it can't ask for '" + std::string(refused->name) + "'",
        place);
}

Status check_events(const Webhook& webhook, const Maker& maker) {
    if (webhook.events.empty()) return wrong("Name at least one type of events", "events");
    if (webhook.events.size() > max_events)
        return wrong("A webhook names at most 50 types of events", "events");
    for (std::size_t i = 0; i < webhook.events.size(); ++i)
        TRY_VOID(check_pattern(webhook.events[i], maker, "events." + std::to_string(i)));
    return {};
}

Status check_sight(const Webhook& webhook, const Maker& maker, const Rights& rights) {
    if (webhook.database.empty()) return {};
    Result<storage::NarrowingRef> sight = rights.sight(maker, webhook.database);
    if (!sight.ok()) {
        Error error = std::move(sight).error();
        error.field = "database";
        return error;
    }
    if (*sight == nullptr || webhook.collection.empty()) return {};
    Status seen = (*sight)->check(webhook.collection);
    if (seen.ok()) return {};
    Error error = std::move(seen).error();
    error.field = "collection";
    return error;
}

Status set_numbers(const WebhookWish& wish, Webhook& webhook) {
    if (wish.max_per_second) {
        if (*wish.max_per_second < 0 || *wish.max_per_second > most_per_second)
            return wrong("It is a number from 1 to 10000; 0 is no cap", "max_per_second");
        webhook.max_per_second = *wish.max_per_second;
    }
    if (wish.max_concurrency) {
        if (*wish.max_concurrency < 1 || *wish.max_concurrency > most_concurrent)
            return wrong("It is a number from 1 to 100", "max_concurrency");
        webhook.max_concurrency = *wish.max_concurrency;
    }
    return {};
}

}  // namespace

Status check_place(const std::string& database, const std::string& collection) {
    constexpr auto form =
        "A name has 1 to 64 characters (letters, digits, '_' and '-') and starts with a letter";
    if (!database.empty() && !is_name(database)) return wrong(form, "database");
    if (!collection.empty() && !is_name(collection)) return wrong(form, "collection");
    if (!collection.empty() && database.empty())
        return wrong("A collection is one of a database: name that, too", "collection");
    return {};
}

Status apply_wish(const WebhookWish& wish, const Maker& maker, const Rights& rights,
                  const outgoing::AddressGuard& guard, Webhook& webhook) {
    if (wish.description) webhook.description = *wish.description;
    if (wish.url) {
        TRY(outgoing::Url url, outgoing::checked_url(*wish.url, guard));
        webhook.url = std::move(url.text);
    }
    if (wish.events) webhook.events = *wish.events;
    if (wish.database) webhook.database = *wish.database;
    if (wish.collection) webhook.collection = *wish.collection;
    TRY_VOID(check_place(webhook.database, webhook.collection));
    if (wish.filter) TRY_VOID(set_filter(*wish.filter, webhook));
    if (wish.payload) webhook.payload = *wish.payload;
    if (wish.format) webhook.format = *wish.format;
    if (wish.headers) TRY_VOID(set_headers(*wish.headers, webhook));
    TRY_VOID(set_numbers(wish, webhook));
    TRY_VOID(check_events(webhook, maker));
    TRY_VOID(check_sight(webhook, maker, rights));
    webhook.changed_by = maker.id;
    webhook.scopes = maker.scopes;
    webhook.restrictions = maker.restrictions;
    if (wish.enabled && !*wish.enabled) webhook.state = State::Disabled;
    if (wish.enabled && *wish.enabled && webhook.state == State::Disabled) {
        webhook.state = State::Active;
        webhook.started_ms = now_ms();
    }
    if (webhook.state == State::Disabled) webhook.paused_reason.clear();
    return {};
}

}  // namespace credvault::webhooks
