// One webhook at work, in memory: what was read and not sent yet, what is under way, what is held behind an earlier
// event of the same thing, and what is to be written down. Decides what is sent next; sends, reads and writes nothing
// itself. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "outgoing/client.h"
#include "webhooks/delivery.h"
#include "webhooks/delivery_store.h"
#include "webhooks/log_cursor.h"
#include "webhooks/webhook.h"
#include "webhooks/webhooks.h"

namespace credvault::webhooks {

struct EndpointLimits {
    std::size_t window_messages = 512;           ///< Read ahead of what is sent.
    std::size_t window_bytes = 4 * 1024 * 1024;  ///< The same in bytes.
    std::size_t max_held = 10'000;               ///< Held back in the store; beyond it nothing more is read.
    std::size_t max_ahead = 2'000;               ///< Settled beyond one that is not.
    std::size_t max_unwritten = 5'000;    ///< Results that wait to be written; beyond it nothing is sent.
    std::int64_t retry_permille = 1'000;  ///< Of the schedule's waits: less for tests.
};

using DeliveryRef = std::shared_ptr<Delivery>;

class Endpoint {
public:
    Endpoint(WebhookRef webhook, EndpointLimits limits);

    const Webhook& webhook() const { return *webhook_; }
    const WebhookRef& webhook_ref() const { return webhook_; }
    /// Its settings have changed.
    void set_webhook(WebhookRef webhook);
    const std::vector<SigningKey>& keys(std::int64_t now_ms);

    // What is read.
    LogCursor& cursor(const std::string& log);
    void drop_cursor(const std::string& log) { cursors_.erase(log); }
    std::map<std::string, LogCursor>& cursors() { return cursors_; }
    bool has_room() const;
    void add(Message message);

    // What was there at a start.
    void restore(const std::vector<Delivery>& held, const Standing& standing, std::int64_t hour,
                 const HourCounts& counts);

    /// What is to be done next: a delivery to be sent, or one to be loaded first.
    struct Next {
        DeliveryRef send;
        std::string load;
    };
    /// Nothing: nothing now. It counts as under way until ended() or loaded().
    std::optional<Next> next(std::int64_t now_ms);
    /// A held delivery as it is kept; nothing where it is gone.
    DeliveryRef loaded(const std::string& id, std::optional<Delivery> delivery);
    /// It could not be read: again at that time.
    void postpone(const std::string& id, std::int64_t at_ms);
    /// The next ones by their times, as DeliveryStore::due gives them; those under way are left out.
    void add_due(std::vector<Delivery> found, std::int64_t now_ms);
    /// Whether to look for those now.
    bool wants_due(std::int64_t now_ms) const;
    void looking_for_due() { looking_ = true; }
    /// One was renewed (DeliveryStore::renew), at this time.
    void renewed(const std::string& id, std::int64_t now_ms);

    /// An attempt is over. Returns whether it succeeded.
    bool ended(const DeliveryRef& delivery, std::int64_t at_ms, const outgoing::Answer& answer,
               std::int64_t now_ms, double random);
    /// It came to nothing, since the server stops.
    void abandoned(const DeliveryRef& delivery);

    /// When next() or wants_due() may have something again, without anything else happening; 0: not by the clock.
    std::int64_t wakes_at(std::int64_t now_ms) const;

    // What is to be written down.
    bool has_results() const { return !rows_.empty(); }
    std::size_t unwritten() const { return rows_.size(); }
    bool has_news() const;
    Settlement take(std::int64_t now_ms);
    void written();
    void give_back(Settlement settlement);

    const Standing& standing() const { return standing_; }
    std::size_t under_way() const { return under_way_.size(); }
    std::size_t waiting() const { return ready_.size() + blocked_ + held_.size(); }

private:
    /// One that waits in a lane behind the first: in memory, or in the store.
    struct Queued {
        std::string id;
        std::optional<Message> message;
    };
    using Lane = std::deque<Queued>;
    struct Held {
        std::uint64_t lane = 0;
        std::int64_t due_ms = 0;  ///< 0: waits behind another one.
    };

    std::optional<Next> next_held(std::int64_t now_ms);
    std::optional<Next> next_due();
    std::optional<Next> next_ready();
    DeliveryRef begin(Message message);
    DeliveryRef delivery_of(Message message) const;
    void enter_lane(Message message);
    void store_waiting(Lane& lane);
    /// The first of the lane is settled: the next one's turn.
    void leave_lane(std::uint64_t lane);
    void write(const Delivery& delivery);
    void settle_source(const Message& message);
    void succeeded(Delivery& delivery, std::int64_t now_ms);
    void failed(Delivery& delivery, const outgoing::Answer& answer, std::int64_t now_ms, double random);
    bool may_send(std::int64_t now_ms) const;
    void count(const Delivery& delivery, bool success, std::int64_t now_ms);

    WebhookRef webhook_;
    const EndpointLimits limits_;
    std::vector<SigningKey> keys_;
    std::int64_t keys_until_ms_ = 0;
    std::map<std::string, LogCursor> cursors_;

    std::deque<Message> ready_;
    std::size_t ready_bytes_ = 0;
    std::size_t blocked_ = 0;  ///< In lanes, in memory.
    std::size_t blocked_bytes_ = 0;
    std::deque<Message> released_;  ///< Their turn has come; their lanes are theirs.
    std::unordered_map<std::uint64_t, Lane> lanes_;
    std::unordered_map<std::string, Held> held_;
    std::multimap<std::int64_t, std::string> held_due_;
    std::deque<Delivery> due_;
    std::int64_t look_at_ms_ = 1;  ///< When to look for due ones; 0: when one was written.
    bool looking_ = false;
    bool left_out_ = false;  ///< Some were found that are under way or not written yet.

    struct Flight {
        bool retry = false;
        bool first = false;  ///< Of its log: not in the store yet.
    };
    std::unordered_map<std::string, Flight> under_way_;
    std::size_t retries_under_way_ = 0;
    std::unordered_set<std::string> unwritten_ids_;
    std::int64_t allowed_ = 1;  ///< At once: falls with failures, rises with successes.
    double next_slot_ms_ = 0;   ///< Of the rate cap.

    std::vector<std::pair<std::string, std::string>> rows_;
    Standing standing_;
    bool standing_changed_ = false;
    std::map<std::int64_t, HourCounts> hours_;
    std::unordered_set<std::int64_t> changed_hours_;
};

}  // namespace credvault::webhooks
