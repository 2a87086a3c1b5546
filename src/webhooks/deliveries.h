// What users do with what was sent to their webhooks: look, have it sent again, try a webhook out. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/reply.h"
#include "storage/listing.h"
#include "webhooks/dispatch_thread.h"
#include "webhooks/webhooks.h"

namespace credvault::webhooks {

struct ReplayWish {
    std::optional<std::int64_t> from_ms;  ///< Of the events' times.
    std::optional<std::int64_t> to_ms;
    bool failed_only = false;
};

/// At most so many at one call.
constexpr std::uint64_t max_replayed = 100'000;

class Deliveries {
public:
    struct Parts {
        Webhooks& webhooks;
        DeliveryStore& store;
        Dispatcher& dispatcher;
        DispatchThread& thread;
        outgoing::Sender& sender;
    };
    /// All of them outlive the service.
    explicit Deliveries(const Parts& parts) : parts_(parts) {}

    // Of a webhook that the holder may know of; all fail with WEBHOOK_NOT_FOUND. The holder must outlive the reply.

    Reply<storage::Listing> list(const Maker& holder, std::string webhook, storage::ListQuery query);
    /// With what was sent, where the holder might read that otherwise. Fails with DELIVERY_NOT_FOUND.
    Reply<std::string> get(const Maker& holder, std::string webhook, std::string id);
    /// Tries it again at once, from the schedule's beginning. Fails with DELIVERY_NOT_FOUND.
    Reply<std::string> redeliver(const Maker& holder, std::string webhook, std::string id);
    /// The same with all that are settled and match. How many.
    Reply<std::uint64_t> replay(const Maker& holder, std::string webhook, ReplayWish wish);
    /// Sends an example event of the type and waits for the answer; it is kept as a delivery, and never repeated. Fails
    /// with INVALID_PARAMETER where there is no such type.
    Reply<std::string> test(const Maker& holder, std::string webhook, std::string type);
    /// Attempts and their durations by the hour, of so many hours up to now.
    Reply<std::string> statistics(const Maker& holder, std::string webhook, std::int64_t hours);
    /// What a webhook of these settings would be sent for an example event: headers and body.
    Result<std::string> preview(const Maker& holder, const WebhookWish& wish, std::string_view type) const;

private:
    const Parts parts_;
};

}  // namespace credvault::webhooks
