#include "webhooks/deliveries.h"

#include <sodium.h>

#include <utility>

#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "webhooks/event_types.h"

namespace credvault::webhooks {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::uint64_t renewed_at_once = 500;

Error delivery_not_found(std::string_view id) {
    return Error(ErrorCode::DELIVERY_NOT_FOUND,
                 "There is no delivery with the id '" + std::string(id.substr(0, 64)) + "'", "delivery");
}

Result<const EventType*> type_named(std::string_view name) {
    const EventType* const type = find_event_type(name);
    if (type != nullptr) return type;
    return Error(ErrorCode::INVALID_PARAMETER,
                 "There are no events of this type: see GET /v1/webhooks/events", "type");
}

/// An example as the webhook's payload has it.
std::string example_data(const EventType& type, const Webhook& webhook) {
    json::Value data{json::View(type.example)};
    if (webhook.payload != PayloadKind::Record && type.name.starts_with("document.")) {
        const json::Value* const record = data.find("record");
        json::Value::Object changed;
        if (record != nullptr && record->is_object()) {
            if (const json::Value* const name = record->find("name")) changed.emplace_back("name", *name);
        }
        data.remove("record");
        data.remove("record_state");
        if (webhook.payload == PayloadKind::Changed) {
            data.set("changed", json::Value(std::move(changed)));
            data.set("removed", json::Value(json::Value::Array()));
            data.set("record_state", json::Value(type.name == "document.deleted" ? "deleted" : "exact"));
        }
    }
    if (!webhook.database.empty() && data.find("database") != nullptr) data.set("database", webhook.database);
    if (!webhook.collection.empty() && data.find("collection") != nullptr)
        data.set("collection", webhook.collection);
    return data.text();
}

Message example_message(const EventType& type, const Webhook& webhook) {
    Event event;
    event.type = type.name;
    event.data = example_data(type, webhook);
    event.time_ms = now_ms();
    event.source = "/v1/webhooks/" + webhook.id;
    Message message;
    message.origin = {"test", (std::uint64_t{randombytes_random()} << 20U) ^ randombytes_random()};
    message.id = message_id(webhook.id, message.origin, event.type, event.time_ms);
    message.body = body_of(event, webhook.format, message.id);
    message.origin.sequence = 0;
    message.type = event.type;
    message.time_ms = event.time_ms;
    return message;
}

void put_counts(json::Writer& out, const HourCounts& counts) {
    out.key("succeeded").number(counts.succeeded).key("failed").number(counts.failed);
    out.key("p50_ms").number(counts.quantile(0.5)).key("p95_ms").number(counts.quantile(0.95));
}

void put_time(json::Writer& out, std::string_view name, std::int64_t ms) {
    if (ms != 0) out.key(name).string(format_time(ms));
}

std::string replay_filter(const ReplayWish& wish) {
    std::string filter;
    json::Writer out(filter);
    out.begin_object().key("status").begin_object().key("$in").begin_array().string("failed");
    if (!wish.failed_only) out.string("delivered");
    out.end_array().end_object();
    if (wish.from_ms || wish.to_ms) {
        out.key("occurred_at").begin_object();
        if (wish.from_ms) out.key("$gte").string(format_time(*wish.from_ms));
        if (wish.to_ms) out.key("$lte").string(format_time(*wish.to_ms));
        out.end_object();
    }
    out.end_object();
    return filter;
}

}  // namespace

Reply<storage::Listing> Deliveries::list(const Maker& holder, std::string webhook, storage::ListQuery query) {
    CO_TRY_VOID(parts_.webhooks.find(holder, webhook));
    co_return co_await parts_.store.list(webhook, std::move(query));
}

Reply<std::string> Deliveries::get(const Maker& holder, std::string webhook, std::string id) {
    CO_TRY_VOID(parts_.webhooks.find(holder, webhook));
    CO_TRY(const std::optional<Delivery> found, co_await parts_.store.find(webhook, id));
    if (!found) co_return delivery_not_found(id);
    const EventType* const type = find_event_type(found->message.type);
    const bool readable = type != nullptr && holder.has(type->scope);
    co_return found->public_text(readable);
}

Reply<std::string> Deliveries::redeliver(const Maker& holder, std::string webhook, std::string id) {
    CO_TRY_VOID(parts_.webhooks.find(holder, webhook));
    CO_TRY(const Delivery renewed, co_await parts_.store.renew(webhook, id, now_ms()));
    parts_.thread.post([&dispatcher = parts_.dispatcher, webhook, id] { dispatcher.renewed(webhook, id); });
    co_return renewed.public_text(false);
}

Reply<std::uint64_t> Deliveries::replay(const Maker& holder, std::string webhook, ReplayWish wish) {
    CO_TRY_VOID(parts_.webhooks.find(holder, webhook));
    const std::string filter = replay_filter(wish);
    std::string behind;
    std::uint64_t replayed = 0;
    while (replayed < max_replayed) {
        CO_TRY(std::vector<std::string> ids,
               co_await parts_.store.matching(webhook, filter, behind, renewed_at_once));
        if (ids.empty()) break;
        behind = ids.back();
        const bool last = ids.size() < renewed_at_once;
        CO_TRY(const std::uint64_t some, co_await parts_.store.renew_all(std::move(ids), now_ms()));
        replayed += some;
        parts_.thread.post(
            [&dispatcher = parts_.dispatcher, webhook, behind] { dispatcher.renewed(webhook, behind); });
        if (last) break;
    }
    co_return replayed;
}

Reply<std::string> Deliveries::test(const Maker& holder, std::string webhook, std::string type) {
    CO_TRY(const WebhookRef found, parts_.webhooks.find(holder, webhook));
    CO_TRY(const EventType* const known, type_named(type));
    Delivery delivery;
    delivery.webhook = found->id;
    delivery.workspace = found->workspace;
    delivery.message = example_message(*known, *found);
    delivery.test = true;
    const std::int64_t at = now_ms();
    outgoing::Request request =
        parts_.dispatcher.request_of(*found, found->signing_keys(at), delivery.message);
    CO_TRY(const outgoing::Answer answer, co_await parts_.sender.send(std::move(request)));
    const bool success = delivery.add(at, answer);
    delivery.status = success ? DeliveryStatus::Delivered : DeliveryStatus::Failed;
    Settlement settlement;
    settlement.rows.emplace_back(delivery.id(), delivery.text());
    CO_TRY_VOID(co_await parts_.store.settle(settlement));
    co_return delivery.public_text(true);
}

Reply<std::string> Deliveries::statistics(const Maker& holder, std::string webhook, std::int64_t hours) {
    CO_TRY_VOID(parts_.webhooks.find(holder, webhook));
    const std::int64_t last = now_ms() / hour_ms;
    const std::int64_t first = last - hours + 1;
    CO_TRY(const auto counts, co_await parts_.store.hours(webhook, first));
    CO_TRY(const Standing standing, co_await parts_.store.standing(webhook));
    HourCounts all;
    for (const auto& [hour, of_hour] : counts) all += of_hour;
    std::string text;
    json::Writer out(text);
    out.begin_object().key("from").string(format_time(first * hour_ms));
    put_counts(out, all);
    put_time(out, "last_success_at", standing.last_success_ms);
    put_time(out, "last_failure_at", standing.last_failure_ms);
    put_time(out, "failing_since", standing.failing_since_ms);
    out.key("hours").begin_array();
    for (std::int64_t hour = first; hour <= last; ++hour) {
        const auto found = counts.find(hour);
        out.begin_object().key("hour").string(format_time(hour * hour_ms));
        put_counts(out, found == counts.end() ? HourCounts() : found->second);
        out.end_object();
    }
    out.end_array().end_object();
    co_return text;
}

Result<std::string> Deliveries::preview(const Maker& holder, const WebhookWish& wish,
                                        std::string_view type) const {
    TRY(const EventType* const known, type_named(type));
    TRY(const Webhook webhook, parts_.webhooks.draft(holder, wish));
    const Message message = example_message(*known, webhook);
    const outgoing::Request request =
        parts_.dispatcher.request_of(webhook, webhook.signing_keys(now_ms()), message);
    std::string text;
    json::Writer out(text);
    out.begin_object().key("headers").begin_object();
    for (const auto& [name, value] : request.headers) out.key(name).string(value);
    out.end_object().key("body").raw(message.body).end_object();
    return text;
}

}  // namespace credvault::webhooks
