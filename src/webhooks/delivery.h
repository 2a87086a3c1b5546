// What became of a message: a record of the database of events, one for each message that was tried. A value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/view.h"
#include "outgoing/client.h"
#include "webhooks/message.h"

namespace credvault::webhooks {

enum class DeliveryStatus : std::uint8_t {
    Delivered,
    Retrying,  ///< It failed and is tried again at due_ms.
    Waiting,   ///< Behind an earlier event of the same thing.
    Failed,    ///< It is tried no more.
};
std::string_view delivery_status_name(DeliveryStatus status);

struct Attempt {
    std::int64_t at_ms = 0;
    int status = 0;       ///< Of the answer; 0: there was none.
    std::string failure;  ///< Why; empty where it succeeded.
    std::int64_t duration_us = 0;
    std::string response;  ///< The beginning of the answer's body, as UTF-8.
};

/// Kept of them: the newest.
constexpr std::size_t max_kept_attempts = 20;

struct Delivery {
    std::string webhook;
    std::string workspace;
    Message message;
    DeliveryStatus status = DeliveryStatus::Retrying;
    std::vector<Attempt> attempts;
    std::int64_t attempt_count = 0;
    int tries = 0;            ///< In the present run through the schedule.
    std::int64_t due_ms = 0;  ///< When it is tried again; 0: not by the clock.
    bool held = false;        ///< Later events of the same thing wait for it, or it waits itself.
    bool test = false;

    std::string id() const { return std::string(delivery_prefix) + message.id; }
    /// The record's canonical text.
    std::string text() const;
    /// Nothing where the record is none.
    static std::optional<Delivery> parse(const json::View& record);
    /// What users see; with what was sent where `body` is set.
    std::string public_text(bool body) const;

    /// Notes an attempt that has ended. Whether it succeeded: 2xx alone does.
    bool add(std::int64_t at_ms, const outgoing::Answer& answer);
};

/// The value of a record's `due`, by which those of a webhook are found that are to be tried; and one that is greater
/// than all of it.
std::string due_key(std::string_view webhook, std::int64_t due_ms);

/// Members of a delivery's record that users don't see.
constexpr std::string_view hidden_delivery_members[] = {
    "workspace", "tries", "held", "lane", "log", "due", "body", "_version", "created_at", "updated_at"};

}  // namespace credvault::webhooks
