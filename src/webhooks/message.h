// What a webhook is to be sent: one event in the form that it asked for. Value types and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "webhooks/webhook.h"

namespace credvault::webhooks {

/// Where an event is in the log that it comes from. The sequence of events that come from no log is 0.
struct Origin {
    std::string log;  ///< The engine's id of the database; "system" for what is not of users' databases.
    std::uint64_t sequence = 0;
};

struct Message {
    /// The same for every attempt, also after a restart: made from webhook and origin. "msg_" or "dlv_" in front
    /// make the ids that users see.
    std::string id;
    std::string type;
    std::string body;  ///< Canonical JSON.
    Origin origin;
    std::uint64_t lane = 0;  ///< Events of one thing have the same, and are sent in order. 0: in no order.
    std::int64_t time_ms = 0;
    std::string subject;  ///< For people: "shop/users/ada", "job_…".

    std::size_t bytes() const { return sizeof *this + body.size() + subject.size(); }
};

constexpr std::string_view message_prefix = "msg_";
constexpr std::string_view delivery_prefix = "dlv_";

/// 26 characters that rise with the time, and differ for different webhooks, origins and types.
std::string message_id(std::string_view webhook, const Origin& origin, std::string_view type,
                       std::int64_t time_ms);
/// The least one of a time.
std::string least_message_id(std::int64_t time_ms);
/// Of two things that differ, with all but certainty different.
std::uint64_t lane_of(std::string_view thing, std::string_view within);

/// What an event says, before it is put into a webhook's form.
struct Event {
    std::string type;
    std::string data;  ///< Canonical object.
    std::string
        source;  ///< Of CloudEvents: where in the API it happened, "/v1/databases/shop/collections/users".
    std::string subject;  ///< The same: which thing there, "ada".
    std::int64_t time_ms = 0;
    std::uint64_t sequence = 0;
    std::string part;  ///< Of several events of one type that one change makes: which it is.
};

/// The body of an event for a webhook. `id` is Message::id.
std::string body_of(const Event& event, PayloadFormat format, std::string_view id);
std::string_view content_type_of(PayloadFormat format);

}  // namespace credvault::webhooks
