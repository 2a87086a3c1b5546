// The records of deliveries in the database of events, and how far each webhook is in each log. Written in batches
// in which results and positions go together, so that a crash repeats deliveries but never loses one. No state but the
// engine; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "storage/engine.h"
#include "storage/listing.h"
#include "webhooks/delivery.h"

namespace credvault::webhooks {

/// How far a webhook has come in a log: all at or before `position` is settled, and so are these later ones.
struct Progress {
    std::uint64_t position = 0;
    std::vector<std::uint64_t> done;
};

/// What is counted of a webhook within an hour.
struct HourCounts {
    static constexpr std::int64_t bounds_ms[] = {1,   2,   5,     10,    20,    50,    100,
                                                 200, 500, 1'000, 2'000, 5'000, 10'000};
    static constexpr std::size_t buckets = std::size(bounds_ms) + 1;

    std::int64_t succeeded = 0;
    std::int64_t failed = 0;  ///< Attempts.
    std::int64_t latency[buckets] = {};

    void add(bool success, std::int64_t duration_us);
    HourCounts& operator+=(const HourCounts& other);
    /// Milliseconds below which that part of the attempts took: the bound of its bucket.
    std::int64_t quantile(double part) const;
};

/// What a webhook is in besides its record.
struct Standing {
    std::int64_t failing_since_ms = 0;  ///< 0: the last attempt succeeded, or there was none.
    std::int64_t last_success_ms = 0;
    std::int64_t last_failure_ms = 0;
};

/// One write: everything that has come of a webhook's deliveries since the last one.
struct Settlement {
    std::vector<std::pair<std::string, std::string>> rows;       ///< Ids and records.
    std::vector<std::pair<std::string, std::string>> progress;   ///< The same, of progress_text().
    std::vector<std::pair<std::string, std::string>> standings;  ///< The same, of standing_text().
    std::vector<std::pair<std::string, std::string>> hours;      ///< The same, of hour_text().

    bool empty() const { return rows.empty() && progress.empty() && standings.empty() && hours.empty(); }
};

std::string progress_id(std::string_view webhook, std::string_view log);
std::string progress_text(std::string_view webhook, std::string_view log, const Progress& progress);
std::string standing_text(std::string_view webhook, const Standing& standing);
std::string hour_id(std::string_view webhook, std::int64_t hour);
std::string hour_text(std::string_view webhook, std::int64_t hour, const HourCounts& counts);

class DeliveryStore {
public:
    explicit DeliveryStore(storage::Engine& engine) : engine_(engine) {}

    /// Makes what is missing of the collections and their indexes.
    Reply<void> open();
    /// What it refers to lives until the reply is ready.
    Reply<void> settle(const Settlement& settlement);

    // What is known of a webhook, at a start.
    Reply<std::map<std::string, Progress>> progress(std::string webhook);
    Reply<Standing> standing(std::string webhook);
    Reply<HourCounts> hour(std::string webhook, std::int64_t hour);
    /// Those that are held, without their bodies, in the order of their sequences.
    Reply<std::vector<Delivery>> held(std::string webhook);
    /// Some that are to be tried by then, the earliest first. Held ones are not among them.
    Reply<std::vector<Delivery>> due(std::string webhook, std::int64_t by_ms, std::uint64_t limit);

    /// Nothing where the webhook has no such delivery.
    Reply<std::optional<Delivery>> find(std::string webhook, std::string id);
    Reply<storage::Listing> list(std::string webhook, storage::ListQuery query);
    /// Has one tried again at once, from the schedule's beginning; one that is held keeps its place. Fails with
    /// DELIVERY_NOT_FOUND.
    Reply<Delivery> renew(std::string webhook, std::string id, std::int64_t now_ms);
    /// The same of many. Returns how many of them there were.
    Reply<std::uint64_t> renew_all(std::vector<std::string> ids, std::int64_t now_ms);
    /// The ids of some that match the filter, a canonical document, behind that id.
    Reply<std::vector<std::string>> matching(std::string webhook, std::string filter, std::string behind,
                                             std::uint64_t limit);
    /// Counts of the hours from then on, by hour.
    Reply<std::map<std::int64_t, HourCounts>> hours(std::string webhook, std::int64_t from_hour);

    /// Removes what was settled before the time, some at once. Returns how many.
    Reply<std::size_t> remove_before(std::int64_t at_ms);
    /// Removes some of what there is of a webhook. Returns how many.
    Reply<std::size_t> remove_webhook(std::string webhook);
    /// Forgets how far a webhook was in a log.
    Reply<void> forget(std::string webhook, std::string log);

private:
    Reply<void> make(std::string_view collection, std::string_view field, bool sparse);
    Reply<std::vector<std::string>> ids(std::string_view collection, std::string filter, std::uint64_t limit);
    Reply<std::size_t> remove_some(std::string_view collection, std::string filter);

    storage::Engine& engine_;
};

}  // namespace credvault::webhooks
